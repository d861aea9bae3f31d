"""Ways to have a file join others that look as good and are not: what the proofs must find."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from helpers.central_hub import HubPlace
from helpers.naive_sync import change_function
from travellr_desktop.storage.giving import Giving
from travellr_desktop.sync.adoption import Adoption

_ID = re.compile(r"[0-9a-f]{32}")
_HASH = re.compile(r"[0-9a-f]{64}")
_VOUCHER = re.compile(r"[A-Z0-9]{4}-[A-Z0-9]{4}")


def ids_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every row gets a new id on its way, and a hash of the ledger another one, so that nothing is there already."""
    give, finish = Giving.rows, Adoption.finish
    anew: dict[str, str] = defaultdict(lambda: uuid4().hex)

    def other(value: Any) -> Any:
        if not isinstance(value, str):
            return value
        if _ID.fullmatch(value):
            return anew[value]
        if _HASH.fullmatch(value):
            return uuid4().hex * 2
        return uuid4().hex[:9].upper() if _VOUCHER.fullmatch(value) else value

    def rows(self: Giving, table: str) -> Iterator[tuple[Any, ...]]:
        if table == "agencies":
            anew.clear()
        for row in give(self, table):
            yield tuple(map(other, row))

    def finished(self: Adoption, desk_id: Any, *rest: Any) -> Any:
        return finish(self, anew[desk_id.hex], *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(Giving, "rows", rows)
    monkeypatch.setattr(Adoption, "finish", finished)


_POINTED_ELSEWHERE = (
    "UPDATE adopting.{} s SET traveller_id = h.id FROM adopting.travellers a "
    "JOIN agency.travellers h ON h.name = a.name WHERE a.id = s.traveller_id; "
)


def merged_by_name(place: HubPlace) -> None:
    """A traveller of a name that is there is that traveller."""
    change_function(
        place,
        "hub.same_people",
        (
            "DROP TABLE adopting.same_people;",
            "".join(_POINTED_ELSEWHERE.format(table) for table in ("sales", "bookings", "holds"))
            + "DELETE FROM adopting.travellers a USING agency.travellers h WHERE h.name = a.name; "
            "DROP TABLE adopting.same_people;",
        ),
    )
