"""What narrows a search of departures, one by one: plain functions, no widgets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from enum import Enum, auto
from types import MappingProxyType
from typing import Any

from travellr_desktop.services.departure_views import DepartureQuery


class Narrow(Enum):
    TEXT = auto()
    TIME = auto()
    PLACE = auto()
    PRICE = auto()
    SEATS = auto()


_WIDE: Mapping[Narrow, Mapping[str, Any]] = MappingProxyType(
    {
        Narrow.TEXT: {"text": ""},
        Narrow.TIME: {"starts_from": None, "starts_before": None},
        Narrow.PLACE: {"place": None},
        Narrow.PRICE: {"max_price": None},
        Narrow.SEATS: {"free_only": False},
    }
)


def narrowing(query: DepartureQuery) -> tuple[Narrow, ...]:
    """What is set of it."""
    query = replace(query, text=query.text.strip())
    return tuple(each for each in Narrow if widened(query, (each,)) != query)


def widened(query: DepartureQuery, without: Iterable[Narrow]) -> DepartureQuery:
    """The same search without these."""
    fields: dict[str, Any] = {}
    for each in without:
        fields |= _WIDE[each]
    return replace(query, **fields)
