"""What was sold beyond what a departure has: seats of a desk that was written off, sold all the same.

The hub allows them, so that the sales stand, by an allowance of nobody's name; what makes it good is one below zero, of
nobody's name either. What a person allows bears theirs, and is meant to stay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from travellr_desktop.storage.base import utc_moment, utc_text

_BEYOND = "SELECT sum(seats) FROM allowances WHERE departure_id = ? AND created_by IS NULL"
_TO_GIVE = """
SELECT g.departure_id FROM grants g JOIN departures d ON d.id = g.departure_id
WHERE g.desk_id = (SELECT desk_id FROM this_desk WHERE hub_id IS NOT NULL) AND g.seats > g.taken AND d.starts_at > ?
  AND d.id IN (SELECT departure_id FROM allowances WHERE created_by IS NULL GROUP BY departure_id HAVING sum(seats) > 0)
ORDER BY d.starts_at, d.id
"""
_DEPARTURE = """
SELECT d.id, t.title, d.starts_at, d.zone, d.capacity, d.plan_id IS NOT NULL, d.state IN ('open', 'stopped'),
  coalesce((SELECT sum(seats) FROM allowances WHERE departure_id = d.id AND created_by IS NOT NULL), 0),
  coalesce((SELECT sum(taken) FROM grants WHERE departure_id = d.id), 0)
FROM departures d JOIN trips t ON t.id = d.trip_id WHERE d.id = ?
"""
_DESKS = """
SELECT k.id, k.name, g.taken FROM grants g JOIN desks k ON k.id = g.desk_id
WHERE g.departure_id = ? AND g.taken > 0 ORDER BY k.number
"""
_SALES = """
SELECT b.id, b.sale_id, b.reference, t.name, k.name, u.name, b.created_at,
  (SELECT count(*) FROM booking_lines l WHERE l.booking_id = b.id AND l.occupies) AS sit
FROM bookings b JOIN grants g ON g.id = b.grant_id JOIN sales s ON s.id = b.sale_id JOIN desks k ON k.id = s.desk_id
LEFT JOIN travellers t ON t.id = b.traveller_id LEFT JOIN users u ON u.id = s.created_by
WHERE b.departure_id = ? AND g.desk_id = ? AND sit > 0 ORDER BY b.created_at DESC, b.reference DESC LIMIT ?
"""


@dataclass(frozen=True, slots=True)
class FullDeparture:
    """A departure's seats: its `capacity`, what people `allowed` beyond it, and what all desks sold or hold. `lives`:
    it is neither over nor cancelled."""

    id: UUID
    title: str
    starts_at: datetime
    zone: str
    capacity: int
    numbered: bool
    lives: bool
    allowed: int
    taken: int


@dataclass(frozen=True, slots=True)
class DeskTook:
    """How many seats of a departure a desk has sold or holds."""

    desk_id: UUID
    name: str
    taken: int


@dataclass(frozen=True, slots=True)
class LateSale:
    """A booking that sits on a desk's seats: `seats` travellers of it do."""

    booking_id: UUID
    sale_id: UUID
    reference: str
    traveller: str
    desk: str
    who: str
    at: datetime
    seats: int


class OversoldRepository:
    """Reads only."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def beyond(self, departure_id: UUID) -> int:
        """Seats that were sold beyond what there is, and that nobody has made good."""
        return self.known(departure_id) or 0

    def known(self, departure_id: UUID) -> int | None:
        """The same; None where it never was."""
        found = self._connection.exec_driver_sql(_BEYOND, (departure_id.hex,)).scalar_one()
        return None if found is None else max(int(found), 0)

    def to_give(self, now: datetime) -> Sequence[UUID]:
        """Departures to come that were sold beyond what there is, and of which this desk has seats that are free. None
        at a desk by itself."""
        return [UUID(row[0]) for row in self._connection.exec_driver_sql(_TO_GIVE, (utc_text(now),))]

    def departure(self, departure_id: UUID) -> FullDeparture | None:
        """None where it is not here."""
        row = self._connection.exec_driver_sql(_DEPARTURE, (departure_id.hex,)).one_or_none()
        if row is None:
            return None
        numbered, lives = bool(row[5]), bool(row[6])
        return FullDeparture(
            UUID(row[0]), row[1], utc_moment(row[2]), row[3], row[4], numbered, lives, row[7], row[8]
        )

    def desks(self, departure_id: UUID) -> Sequence[DeskTook]:
        """Who sold it, by the numbers of the desks."""
        found = self._connection.exec_driver_sql(_DESKS, (departure_id.hex,))
        return [DeskTook(UUID(row[0]), row[1], row[2]) for row in found]

    def last_sales(self, departure_id: UUID, desk_id: UUID, most: int) -> Sequence[LateSale]:
        """The bookings that sit on a desk's seats, the last one first."""
        found = self._connection.exec_driver_sql(_SALES, (departure_id.hex, desk_id.hex, most))
        return [
            LateSale(
                UUID(row[0]),
                UUID(row[1]),
                row[2],
                row[3] or "",
                row[4],
                row[5] or "",
                utc_moment(row[6]),
                row[7],
            )
            for row in found
        ]
