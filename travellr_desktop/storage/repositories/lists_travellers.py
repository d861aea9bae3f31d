"""How the list of all travellers is read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from travellr_desktop.domain.text import fold
from travellr_desktop.storage.base import utc_moment
from travellr_desktop.storage.conditions import Condition, contains
from travellr_desktop.storage.list_spec import ListSpec


@dataclass(frozen=True, slots=True)
class TravellerListRow:
    """A traveller, with how many bookings are theirs. `language` and `country` are codes of two letters."""

    id: UUID
    name: str
    phone: str
    email: str
    born: date | None
    language: str
    address: str
    country: str
    bookings: int
    created: datetime


NOT_MERGED = Condition("+t.merged_into IS NULL")
"""Records that lead to no other. The plus: there are few that do, and their index would not help."""


def _traveller(row: Sequence[Any]) -> TravellerListRow:
    return TravellerListRow(
        id=UUID(row[0]),
        name=row[1],
        phone=row[2],
        email=row[3],
        born=date.fromisoformat(row[4]) if row[4] else None,
        language=row[5],
        address=row[6],
        country=row[7],
        bookings=row[8],
        created=utc_moment(row[9]),
    )


TRAVELLERS: ListSpec[TravellerListRow] = ListSpec(
    table="travellers t",
    key="t.rowid",
    id="t.id",
    columns=(
        "t.id",
        "t.name",
        "t.phone",
        "t.email",
        "t.born",
        "t.language",
        "t.address",
        "t.country",
        "(SELECT count(*) FROM bookings b WHERE b.traveller_id = t.id)",
        "t.created_at",
    ),
    make=_traveller,
    sortable={"name": "t.search", "added": "t.id"},
    order="added",
    order_descending=True,
    filters={},
    search=contains("t.search", fold=fold),
)
