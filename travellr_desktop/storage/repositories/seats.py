"""Numbered seats that are taken, and the plans they are on.

Rows of `seats` are written here and never read as objects, so that nothing read is ever older than what is written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import CursorResult, Delete, Table, delete, func, insert, or_, select, update

from travellr_desktop.domain.ids import new_id
from travellr_desktop.domain.party import TravellerType
from travellr_desktop.domain.states import DepartureState, HoldKind
from travellr_desktop.storage.models import (
    Booking,
    BookingLine,
    Departure,
    Desk,
    Hold,
    Seat,
    SeatGrant,
    SeatPlan,
    ThisDesk,
    Traveller,
    TripPrice,
    User,
)
from travellr_desktop.storage.repositories.base import Repository
from travellr_desktop.storage.repositories.timetable import chunks

_seats = cast(Table, Seat.__table__)
_grants = cast(Table, SeatGrant.__table__)


@dataclass(frozen=True, slots=True)
class TakenSeat:
    """A seat that somebody has: a hold (by whom, what for, for whom) or a line (whose it is)."""

    label: str
    position: int
    hold_id: UUID | None
    kind: HoldKind | None
    holder_id: UUID | None
    holder: str
    keeps_for: str
    traveller: str
    booking: str


class SeatRepository(Repository[SeatPlan]):
    """Seats, and their plans as rows."""

    model = SeatPlan
    word = "seat plan"

    # plans

    def plans(self, owner: UUID | None, *, all_owners: bool = False) -> Sequence[SeatPlan]:
        """Plans of a vendor and of the agency, or of everybody, by name."""
        query = select(SeatPlan).order_by(func.lower(SeatPlan.name), SeatPlan.id)
        if not all_owners:
            query = query.where(or_(SeatPlan.vendor_id == owner, SeatPlan.vendor_id.is_(None)))
        return self.session.scalars(query).all()

    def uses(self, now: datetime) -> Mapping[UUID, int]:
        """How many departures to come are on each plan."""
        query = (
            select(Departure.plan_id, func.count())
            .where(Departure.plan_id.is_not(None), Departure.starts_at > now)
            .where(Departure.state.in_((DepartureState.OPEN, DepartureState.STOPPED)))
            .group_by(Departure.plan_id)
        )
        return {row[0]: row[1] for row in self.session.execute(query) if row[0] is not None}

    def largest_on(self, plan_id: UUID, now: datetime) -> int:
        """The greatest capacity of a departure to come that is on a plan; 0 where there is none."""
        query = select(func.max(Departure.capacity)).where(
            Departure.plan_id == plan_id,
            Departure.starts_at > now,
            Departure.state.in_((DepartureState.OPEN, DepartureState.STOPPED)),
        )
        return self.session.scalar(query) or 0

    def labels_on(self, plan_id: UUID) -> set[str]:
        """The seats of a plan that anybody has, on whatever departure."""
        query = (
            select(Seat.label)
            .join(Departure, Departure.id == Seat.departure_id)
            .where(Departure.plan_id == plan_id)
        )
        return set(self.session.scalars(query))

    # who sits where

    def taken(self, departure_id: UUID) -> set[str]:
        return set(self.session.scalars(select(Seat.label).where(Seat.departure_id == departure_id)))

    def taken_by(self, departure_id: UUID) -> Sequence[TakenSeat]:
        """The seats of a departure that are taken, with who has them."""
        keeps_for, seller = Traveller, User
        query = (
            select(
                Seat.label,
                Seat.position,
                Seat.hold_id,
                Hold.kind,
                Hold.created_by,
                seller.name,
                keeps_for.name,
                BookingLine.name,
                Booking.reference,
            )
            .outerjoin(Hold, Hold.id == Seat.hold_id)
            .outerjoin(seller, seller.id == Hold.created_by)
            .outerjoin(keeps_for, keeps_for.id == Hold.traveller_id)
            .outerjoin(BookingLine, BookingLine.id == Seat.line_id)
            .outerjoin(Booking, Booking.id == BookingLine.booking_id)
            .where(Seat.departure_id == departure_id)
        )
        return [TakenSeat(*row[:5], *(word or "" for word in row[5:])) for row in self.session.execute(query)]

    def of_hold(self, hold_id: UUID) -> list[tuple[str, int]]:
        """Label and position of a hold's seats, by position."""
        query = select(Seat.label, Seat.position).where(Seat.hold_id == hold_id).order_by(Seat.position)
        return [(row[0], row[1]) for row in self.session.execute(query)]

    def of_lines(self, line_ids: Sequence[UUID]) -> dict[UUID, str]:
        """The seat of each line that has one."""
        query = select(Seat.line_id, Seat.label).where(Seat.line_id.in_(line_ids))
        return {row[0]: row[1] for row in self.session.execute(query) if row[0] is not None}

    def on_laps(self, trip_id: UUID) -> set[TravellerType]:
        """The types of travellers that take no seat on a trip."""
        query = select(TripPrice.traveller_type).where(
            TripPrice.trip_id == trip_id, TripPrice.takes_seat.is_(False)
        )
        return set(self.session.scalars(query))

    # whose they are, where several desks sell

    def ours(self, departure_id: UUID) -> frozenset[str] | None:
        """The seats that this desk may sell; None in a file that belongs to no hub: all of the plan."""
        here = self.session.execute(select(ThisDesk.desk_id, ThisDesk.hub_id)).first()
        if here is None or here.hub_id is None:
            return None
        query = select(SeatGrant.label).where(
            SeatGrant.departure_id == departure_id, SeatGrant.desk_id == here.desk_id
        )
        return frozenset(self.session.scalars(query))

    def owners(self, departure_id: UUID) -> dict[str, str]:
        """The name of the desk that each seat is granted to."""
        query = (
            select(SeatGrant.label, Desk.name)
            .join(Desk, Desk.id == SeatGrant.desk_id)
            .where(SeatGrant.departure_id == departure_id)
        )
        return {row[0]: row[1] for row in self.session.execute(query)}

    def granted(self, departure_ids: Sequence[UUID]) -> Sequence[SeatGrant]:
        """The grants of seats of some departures."""
        found: list[SeatGrant] = []
        for some in chunks(departure_ids):
            found += self.session.scalars(select(SeatGrant).where(SeatGrant.departure_id.in_(some)))
        return found

    def numbered_to_come(self, now: datetime) -> Sequence[tuple[UUID, UUID]]:
        """Departures on a plan that are not over, each with that plan."""
        query = select(Departure.id, Departure.plan_id).where(
            Departure.plan_id.is_not(None), Departure.ends_at > now
        )
        return [(row[0], row[1]) for row in self.session.execute(query) if row[1] is not None]

    def grant(self, departure_id: UUID, desk_id: UUID, labels: Sequence[str]) -> None:
        """Seats that nobody was granted are a desk's."""
        rows = [
            {"id": new_id(), "version": 1, "departure_id": departure_id, "desk_id": desk_id, "label": label}
            for label in labels
        ]
        if rows:
            self.session.execute(insert(SeatGrant), rows)

    def let_grants_go(self, departure_id: UUID, desk_id: UUID, count: int) -> None:
        """So many of a desk's that nobody has taken are nobody's: the last ones by their labels."""
        taken = select(Seat.label).where(Seat.departure_id == departure_id)
        own = (_grants.c.departure_id == departure_id) & (_grants.c.desk_id == desk_id)
        last = select(_grants.c.id).where(own, _grants.c.label.not_in(taken)).order_by(_grants.c.label.desc())
        self._delete(delete(_grants).where(_grants.c.id.in_(last.limit(count))))

    def take_grants_away(self, departure_id: UUID) -> None:
        """No seat of a departure is granted to any desk. The file refuses it of one that is taken."""
        self._delete(delete(_grants).where(_grants.c.departure_id == departure_id))

    # taking and giving up

    def take_for_hold(self, departure_id: UUID, hold_id: UUID, places: Sequence[tuple[str, int]]) -> None:
        """Take seats, label and position, for a hold. The database refuses one that is taken."""
        self._insert(
            [
                {"departure_id": departure_id, "label": label, "hold_id": hold_id, "position": position}
                for label, position in places
            ]
        )

    def take_for_lines(self, departure_id: UUID, places: Sequence[tuple[str, UUID, int]]) -> None:
        """The same for lines: label, line and its position."""
        self._insert(
            [
                {"departure_id": departure_id, "label": label, "line_id": line, "position": position}
                for label, line, position in places
            ]
        )

    def hand_over(self, hold_id: UUID, places: Sequence[tuple[str, UUID, int]]) -> None:
        """Give seats of a hold to lines: label, line and its position."""
        self.session.flush()
        for label, line_id, position in places:
            self.session.execute(
                update(_seats)
                .where(_seats.c.hold_id == hold_id, _seats.c.label == label)
                .values(hold_id=None, line_id=line_id, position=position, version=_seats.c.version + 1)
            )

    def free_hold(self, hold_id: UUID, labels: Sequence[str] | None = None) -> int:
        """Give up the seats of a hold, or those of them with these labels; how many they were."""
        query = delete(_seats).where(_seats.c.hold_id == hold_id)
        if labels is not None:
            query = query.where(_seats.c.label.in_(labels))
        return self._delete(query)

    def free_lines(self, line_ids: Sequence[UUID]) -> int:
        return self._delete(delete(_seats).where(_seats.c.line_id.in_(line_ids)))

    def _insert(self, rows: list[dict[str, object]]) -> None:
        self.session.flush()
        if rows:
            both = {"hold_id": None, "line_id": None}
            whole = [{"id": new_id(), "version": 1, **both, **row} for row in rows]
            self.session.execute(insert(_seats), whole)

    def _delete(self, query: Delete) -> int:
        self.session.flush()
        done = self.session.execute(query)
        assert isinstance(done, CursorResult)
        return done.rowcount
