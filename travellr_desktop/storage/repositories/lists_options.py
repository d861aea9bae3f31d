"""How the lists of options and of the waiting list are read, for the paged tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from travellr_desktop.domain.text import fold
from travellr_desktop.storage.base import utc_moment
from travellr_desktop.storage.conditions import Condition, between, contains, equals, one_of
from travellr_desktop.storage.list_spec import Join, ListSpec


@dataclass(frozen=True, slots=True)
class OptionListRow:
    """Seats kept for a traveller. `status` is the hold's state, or while it stands `option` or `offer`. `remind` is
    None for an offer. `kept_by` is empty for an offer."""

    id: UUID
    status: str
    traveller: str
    phone: str
    trip: str
    departs: datetime
    zone: str
    seats: int
    until: datetime
    remind: datetime | None
    kept_by: str
    note: str
    kept_at: datetime
    departure_id: UUID


@dataclass(frozen=True, slots=True)
class WaitingListRow:
    """Somebody who waits, or waited. `place` is how many wait for the departure up to them, 0 where they do not wait;
    `until` is when their offer ends."""

    id: UUID
    status: str
    traveller: str
    phone: str
    trip: str
    departs: datetime
    zone: str
    seats: int
    place: int
    joined: datetime
    until: datetime | None
    note: str
    departure_id: UUID


_KEPT_STATUS = "CASE WHEN h.state = 'active' THEN h.kind ELSE h.state END"

KEPT_FOR_SOMEBODY = Condition("h.traveller_id > '' AND h.kind IN ('option', 'offer')")
"""Holds that the list of options is of. The first half is what an index finds: most holds are of a basket."""


def _option(row: Sequence[Any]) -> OptionListRow:
    return OptionListRow(
        id=UUID(row[0]),
        status=row[1],
        traveller=row[2],
        phone=row[3],
        trip=row[4],
        departs=utc_moment(row[5]),
        zone=row[6],
        seats=row[7],
        until=utc_moment(row[8]),
        remind=None if row[9] is None else utc_moment(row[9]),
        kept_by=row[10] or "",
        note=row[11],
        kept_at=utc_moment(row[12]),
        departure_id=UUID(row[13]),
    )


def _who_and_where(row: str) -> tuple[Join, ...]:
    """The traveller, the departure and the trip of a hold or an entry that names them. The trip comes with a departure
    of its own: a join may be taken without the others."""
    return (
        Join("t", f"JOIN travellers t ON t.id = {row}.traveller_id"),
        Join("d", f"JOIN departures d ON d.id = {row}.departure_id"),
        Join("r", f"JOIN departures dr ON dr.id = {row}.departure_id JOIN trips r ON r.id = dr.trip_id"),
    )


OPTIONS: ListSpec[OptionListRow] = ListSpec(
    table="holds h",
    key="h.rowid",
    id="h.id",
    columns=(
        "h.id",
        _KEPT_STATUS,
        "t.name",
        "t.phone",
        "r.title",
        "d.starts_at",
        "d.zone",
        "h.seats",
        "h.expires_at",
        "h.remind_at",
        "u.name",
        "h.note",
        "h.created_at",
        "h.departure_id",
    ),
    make=_option,
    joins=(
        *_who_and_where("h"),
        Join("u", "LEFT JOIN users u ON u.id = h.created_by"),
    ),
    sortable={
        "traveller": "t.search",
        "trip": "r.search",
        "departs": "d.starts_at",
        "seats": "h.seats",
        "until": "h.expires_at",
        "remind": "h.remind_at",
        "status": _KEPT_STATUS,
        "kept": "h.created_at",
    },
    order="until",
    filters={
        "status": one_of(_KEPT_STATUS),
        "until": between("h.expires_at"),
        "remind": between("h.remind_at"),
        "departs": between("d.starts_at"),
        "departure": equals("h.departure_id"),
        "traveller": equals("h.traveller_id"),
    },
    search=contains("t.search", "r.search", fold=fold),
)


_PLACE = (
    "CASE WHEN w.state = 'waiting' THEN (SELECT count(*) FROM waiting_list b WHERE b.state = 'waiting' "
    "AND b.departure_id = w.departure_id AND (b.created_at, b.id) <= (w.created_at, w.id)) ELSE 0 END"
)


def _waiting(row: Sequence[Any]) -> WaitingListRow:
    return WaitingListRow(
        id=UUID(row[0]),
        status=row[1],
        traveller=row[2],
        phone=row[3],
        trip=row[4],
        departs=utc_moment(row[5]),
        zone=row[6],
        seats=row[7],
        place=row[8],
        joined=utc_moment(row[9]),
        until=None if row[10] is None else utc_moment(row[10]),
        note=row[11],
        departure_id=UUID(row[12]),
    )


WAITING: ListSpec[WaitingListRow] = ListSpec(
    table="waiting_list w",
    key="w.rowid",
    id="w.id",
    columns=(
        "w.id",
        "w.state",
        "t.name",
        "t.phone",
        "r.title",
        "d.starts_at",
        "d.zone",
        "w.seats",
        _PLACE,
        "w.created_at",
        "(SELECT h.expires_at FROM holds h WHERE h.id = w.hold_id AND h.state = 'active')",
        "w.note",
        "w.departure_id",
    ),
    make=_waiting,
    joins=(*_who_and_where("w"),),
    sortable={
        "traveller": "t.search",
        "trip": "r.search",
        "departs": "d.starts_at",
        "seats": "w.seats",
        "joined": "w.created_at",
        "status": "w.state",
        "place": ("d.starts_at", "w.departure_id", "w.created_at"),
    },
    order="place",
    filters={
        "status": one_of("w.state"),
        "departs": between("d.starts_at"),
        "joined": between("w.created_at"),
        "departure": equals("w.departure_id"),
        "traveller": equals("w.traveller_id"),
    },
    search=contains("t.search", "r.search", fold=fold),
)
