"""Overbooking: more seats than there are, with a permission and a reason that stays in the books.

What is allowed is a row of its own, and every rule counts it as capacity; what nobody used is taken back by a row
below zero. Freed or allowed, seats go to those who wait first.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from travellr_desktop.domain.permissions import Actor, Permission, require
from travellr_desktop.domain.text import clean_line
from travellr_desktop.errors import InvalidInput, SeatsGone, WrongState
from travellr_desktop.events import DepartureChanged
from travellr_desktop.services import freeing, keys
from travellr_desktop.services.holds import open_for_more
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.models import Allowance, Departure, Grant
from travellr_desktop.storage.uow import Database, Reading, UnitOfWork

MOST_AT_ONCE = 500
REASON_LENGTH = 500


@dataclass(frozen=True, slots=True)
class AllowanceRow:
    """What was allowed once, or, below zero, taken back."""

    seats: int
    reason: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Overbooked:
    """A departure's seats beyond capacity at this desk: `allowed` in all, of which `unused` are still free; `free` is
    everything that is left to sell. `rows` say who allowed what, the first first."""

    departure_id: UUID
    allowed: int
    unused: int
    free: int
    rows: tuple[AllowanceRow, ...]


@dataclass(frozen=True, slots=True)
class _Asked:
    departure_id: UUID
    seats: int
    reason: str


class OverbookingService:
    def __init__(self, database: Database) -> None:
        self._db = database

    def allow(self, actor: Actor, departure_id: UUID, seats: int, reason: str, *, key: UUID) -> Overbooked:
        """Let this desk sell so many seats more than there are.

        Raises `InvalidInput` naming `seats` or `reason`, `NotFound`, `SalesClosed` past the cut-off, and `WrongState`
        where seats are numbered."""
        require(actor, Permission.BOOKING_OVERBOOK)
        if not 1 <= seats <= MOST_AT_ONCE:
            raise InvalidInput(f"Allow 1 to {MOST_AT_ONCE} seats.", field="seats")
        asked = _Asked(departure_id, seats, _reason(reason))
        with self._db.write(Commit.OVERBOOK, actor) as work:
            earlier = keys.begin(work, self._db.workers, key, "departure.overbook", asked, departure_id)
            if earlier is not None:
                return _read(work, departure_id)
            departure = work.departures.get(departure_id)
            open_for_more(work, departure)
            if departure.plan_id is not None:
                raise WrongState(
                    "Seats of this departure are numbered: there is no seat to sit on.",
                    hint="Use the waiting list, or another departure.",
                )
            grant = _grant(work, departure_id)
            self._write(work, departure, asked)  # first: nothing may be granted that there is not
            grant.seats += seats
            work.session.flush()
            work.audit("departure.overbook", "departure", departure_id, seats=seats, reason=asked.reason)
            freeing.offer(work, {departure_id})
            done = self._done(work, key, departure)
            work.commit()
        return done

    def take_back(
        self, actor: Actor, departure_id: UUID, seats: int, reason: str, *, key: UUID
    ) -> Overbooked:
        """Take back what was allowed and is not used. Raises as `allow`, and `SeatsGone` for more than that."""
        require(actor, Permission.BOOKING_OVERBOOK)
        if seats < 1:
            raise InvalidInput("Take back one seat or more.", field="seats")
        asked = _Asked(departure_id, -seats, _reason(reason))
        with self._db.write(Commit.OVERBOOK, actor) as work:
            earlier = keys.begin(work, self._db.workers, key, "departure.overbook_less", asked, departure_id)
            if earlier is not None:
                return _read(work, departure_id)
            departure = work.departures.get(departure_id)
            unused = _read(work, departure_id).unused
            if seats > unused:
                raise SeatsGone(
                    f"{unused} of the seats beyond capacity are not in use.",
                    hint="Take back no more than those.",
                )
            grant = _grant(work, departure_id)
            grant.seats -= seats
            work.session.flush()  # the grant first: an allowance that is in use stays
            self._write(work, departure, asked)
            work.audit("departure.overbook_less", "departure", departure_id, seats=seats, reason=asked.reason)
            done = self._done(work, key, departure)
            work.commit()
        return done

    def read(self, actor: Actor, departure_id: UUID) -> Overbooked:
        """What is allowed beyond capacity, and why. Raises `NotFound`."""
        require(actor, Permission.HOLD_CREATE)
        with self._db.read() as reading:
            reading.departures.get(departure_id)
            return _read(reading, departure_id)

    @staticmethod
    def _write(work: UnitOfWork, departure: Departure, asked: _Asked) -> None:
        work.session.add(
            Allowance(
                departure_id=departure.id,
                desk_id=work.agency.this_desk().id,
                seats=asked.seats,
                reason=asked.reason,
                created_at=work.now,
                created_by=work.actor.user_id,
            )
        )
        work.session.flush()

    @staticmethod
    def _done(work: UnitOfWork, key: UUID, departure: Departure) -> Overbooked:
        keys.finish(work, key, {"departure": str(departure.id)}, departure.id)
        trip = work.trips.get(departure.trip_id)
        work.publish(
            DepartureChanged(
                aggregate_id=departure.id,
                timestamp=work.now,
                trip_id=departure.trip_id,
                vendor_id=trip.vendor_id,
                state=departure.state,
            )
        )
        return _read(work, departure.id)


def _grant(work: UnitOfWork, departure_id: UUID) -> Grant:
    grant = work.departures.grant(departure_id, work.agency.this_desk().id)
    if grant is None:
        raise SeatsGone("This desk has no seats of this departure to sell.")
    return grant


def _reason(text: str) -> str:
    return clean_line(text, "reason", REASON_LENGTH)


def _read(reading: Reading, departure_id: UUID) -> Overbooked:
    desk = reading.agency.this_desk()
    rows = reading.departures.allowances(departure_id, desk.id)
    allowed = sum(row.seats for row, _ in rows)
    free = reading.departures.free(departure_id, desk.id)
    return Overbooked(
        departure_id=departure_id,
        allowed=allowed,
        unused=max(min(allowed, free), 0),
        free=free,
        rows=tuple(AllowanceRow(row.seats, row.reason, row.created_at, name or "") for row, name in rows),
    )
