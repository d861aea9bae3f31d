"""A day of departures: how their seats stand over all desks, and who has come. A fixed number of statements each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import Select, and_, case, func, select
from sqlalchemy.orm import Session, selectinload

from travellr_desktop.domain.states import BookingState, DepartureState, HoldState
from travellr_desktop.storage.models import (
    Allowance,
    AuditRow,
    Booking,
    BookingLine,
    Departure,
    Desk,
    Grant,
    Hold,
    SeatPlan,
    Series,
    Trip,
)
from travellr_desktop.storage.repositories.free_seats import free, taken_of_all

ON_BOARD = (BookingState.CONFIRMED, BookingState.COMPLETED, BookingState.NO_SHOW)
"""Bookings whose travellers are on the manifest."""

_EITHER_SIDE = timedelta(hours=26)
"""No zone's day begins further from that of UTC than this: bounds an index by moments for days."""


@dataclass(frozen=True, slots=True)
class BoardSeats:
    """One departure with trip and vendor. `taken` is sold and held over all desks; `free` is what this desk
    can have; `allowed` what may be sold beyond capacity. `pax`, `here` and `absent` count travellers of
    bookings on the manifest, `unclosed` those of the bookings that still expect their end."""

    departure: Departure
    allowed: int
    taken: int
    held: int
    yours: int
    free: int
    pax: int
    here: int
    absent: int
    bookings: int
    unclosed: int


class BoardRepository:
    """Reads. `vendor_id` and `trip_id` narrow down where they are given."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def day(
        self,
        day: date,
        *,
        desk_id: UUID,
        user_id: UUID | None,
        vendor_id: UUID | None = None,
        trip_id: UUID | None = None,
        asks: bool = False,
    ) -> Sequence[BoardSeats]:
        """The departures of a local day by the times on their own clocks, as a list of them shows it, then by title."""
        ids = _of(vendor_id, trip_id).where(Departure.local_day == day)
        return self._seats(ids, desk_id, user_id, asks)

    def one(
        self, departure_id: UUID, *, desk_id: UUID, user_id: UUID | None, asks: bool = False
    ) -> BoardSeats | None:
        found = self._seats(select(Departure.id).where(Departure.id == departure_id), desk_id, user_id, asks)
        return found[0] if found else None

    def _seats(
        self, ids: Select[UUID], desk_id: UUID, user_id: UUID | None, asks: bool
    ) -> Sequence[BoardSeats]:
        departures = self.session.scalars(
            select(Departure)
            .join(Trip, Trip.id == Departure.trip_id)
            .where(Departure.id.in_(ids))
            .options(selectinload(Departure.trip).selectinload(Trip.vendor))
            .order_by(Departure.local_time, Trip.title, Departure.starts_at, Departure.id)
        ).all()
        if not departures:
            return []
        grants = self._sums(
            select(
                Grant.departure_id,
                func.sum(Grant.taken),
                func.sum(case((Grant.desk_id == desk_id, Grant.seats - Grant.taken), else_=0)),
                func.sum(Grant.seats),
            ).where(Grant.departure_id.in_(ids))
        )
        holds = self._sums(
            select(
                Hold.departure_id,
                func.sum(Hold.seats),
                func.sum(case((Hold.created_by == user_id, Hold.seats), else_=0)),
            ).where(Hold.departure_id.in_(ids), Hold.state == HoldState.ACTIVE)
        )
        allowed = self._sums(
            select(Allowance.departure_id, func.sum(Allowance.seats)).where(Allowance.departure_id.in_(ids))
        )
        people = self._sums(
            select(
                Booking.departure_id,
                func.count(),
                func.count(BookingLine.checked_in_at),
                func.sum(case((BookingLine.absent, 1), else_=0)),
                func.count(Booking.id.distinct()),
                func.sum(case((Booking.state == BookingState.CONFIRMED, 1), else_=0)),
            )
            .join(BookingLine, BookingLine.booking_id == Booking.id)
            .where(Booking.departure_id.in_(ids), Booking.state.in_(ON_BOARD))
            .where(BookingLine.ended_at.is_(None))
        )
        rows = []
        for departure in departures:
            taken, left, granted = grants.get(departure.id, (0, 0, 0))
            beyond = allowed.get(departure.id, (0,))[0]
            nobodys = max(departure.capacity + beyond - granted, 0) if asks else 0
            held, yours = holds.get(departure.id, (0, 0))
            pax, here, absent, bookings, unclosed = people.get(departure.id, (0,) * 5)
            rows.append(
                BoardSeats(
                    departure=departure,
                    allowed=beyond,
                    taken=taken,
                    held=held,
                    yours=yours,
                    free=max(left, 0) + nobodys,
                    pax=pax,
                    here=here,
                    absent=absent,
                    bookings=bookings,
                    unclosed=unclosed,
                )
            )
        return rows

    def _sums(self, query: Select[UUID, *tuple[int, ...]]) -> dict[UUID, tuple[int, ...]]:
        """What the query sums up, by the first of its columns."""
        grouped = query.group_by(query.selected_columns[0])
        return {row[0]: tuple(row[1:]) for row in self.session.execute(grouped)}

    def month(
        self,
        first: date,
        last: date,
        *,
        desk_id: UUID,
        now: datetime,
        vendor_id: UUID | None = None,
        trip_id: UUID | None = None,
        asks: bool = False,
    ) -> dict[date, tuple[int, int, int, int]]:
        """For each local day: departures that are not cancelled, how many of them are sold now, seats this desk can
        have, and seats sold or held beyond capacity."""
        offered = (
            select(Trip.active).where(Trip.id == Departure.trip_id).correlate(Departure).scalar_subquery()
        )
        open_now = and_(Departure.state == DepartureState.OPEN, Departure.cutoff_at > now, offered)
        left = case((open_now, free(asks=asks)), else_=0)
        over = taken_of_all() - Departure.capacity
        query = (
            _of(vendor_id, trip_id)
            .with_only_columns(
                Departure.local_day,
                func.count(),
                func.sum(case((open_now, 1), else_=0)),
                func.sum(left),
                func.sum(case((over > 0, over), else_=0)),
            )
            .outerjoin(Grant, and_(Grant.departure_id == Departure.id, Grant.desk_id == desk_id))
            .where(Departure.local_day.between(first, last), Departure.state != DepartureState.CANCELLED)
            .group_by(Departure.local_day)
        )
        if trip_id is not None:
            start, end = (datetime.combine(day, time(), tzinfo=UTC) for day in (first, last))
            query = query.where(
                Departure.starts_at.between(start - _EITHER_SIDE, end + timedelta(days=1) + _EITHER_SIDE)
            )
        return {row[0]: (row[1], row[2], row[3], row[4]) for row in self.session.execute(query)}

    def stopped_since(self, departure_ids: Sequence[UUID]) -> dict[UUID, datetime]:
        """When each of these departures was last stopped, as the audit trail has it."""
        query = (
            select(AuditRow.entity_id, func.max(AuditRow.at))
            .where(AuditRow.entity == "departure", AuditRow.entity_id.in_(departure_ids))
            .where(AuditRow.action == "departure.stop")
            .group_by(AuditRow.entity_id)
        )
        return {row[0]: row[1] for row in self.session.execute(query)}

    def next_day(
        self, after: date, *, vendor_id: UUID | None = None, trip_id: UUID | None = None
    ) -> date | None:
        """The next local day that has departures."""
        query = _of(vendor_id, trip_id).where(
            Departure.local_day > after, Departure.state != DepartureState.CANCELLED
        )
        return self.session.scalar(
            query.with_only_columns(Departure.local_day).order_by(Departure.local_day).limit(1)
        )

    def any(self, *, vendor_id: UUID | None = None) -> bool:
        """Whether there is any departure at all."""
        return self.session.scalar(_of(vendor_id, None).limit(1)) is not None

    def trips(self, *, vendor_id: UUID | None = None) -> Sequence[Trip]:
        """The trips that are sold, by title, with their vendor."""
        query = select(Trip).where(Trip.active).options(selectinload(Trip.vendor))
        if vendor_id is not None:
            query = query.where(Trip.vendor_id == vendor_id)
        return self.session.scalars(query.order_by(Trip.title, Trip.id)).all()

    def series(self, trip_id: UUID, day: date) -> Sequence[Series]:
        """The series of a trip that still make departures on or after a day, in the order of their times."""
        return self.session.scalars(
            select(Series)
            .where(Series.trip_id == trip_id, Series.last_day >= day)
            .order_by(Series.local_time, Series.first_day)
        ).all()

    def of_trip(self, trip_id: UUID, day: date) -> Sequence[Departure]:
        """A trip's departures of a local day, in their order."""
        start = datetime.combine(day, time(), tzinfo=UTC)
        return self.session.scalars(
            select(Departure)
            .where(Departure.trip_id == trip_id, Departure.local_day == day)
            .where(Departure.starts_at.between(start - _EITHER_SIDE, start + 2 * _EITHER_SIDE))
            .order_by(Departure.starts_at)
        ).all()

    def other_grants(self, departure_ids: Sequence[UUID], desk_id: UUID) -> Sequence[tuple[str, int]]:
        """What other desks may sell of these departures: the desk's name and seats, one row a grant."""
        query = (
            select(Desk.name, Grant.seats)
            .join(Desk, Desk.id == Grant.desk_id)
            .where(Grant.departure_id.in_(departure_ids), Grant.desk_id != desk_id, Grant.seats > 0)
        )
        return [(row[0], row[1]) for row in self.session.execute(query)]

    def plan_name(self, plan_id: UUID) -> str:
        plan = self.session.get(SeatPlan, plan_id)
        return plan.name if plan is not None else ""


def _of(vendor_id: UUID | None, trip_id: UUID | None) -> Select[UUID]:
    """The ids of departures, of one vendor or trip where one is named."""
    query = select(Departure.id)
    if vendor_id is not None:
        query = query.join(Trip, Trip.id == Departure.trip_id).where(Trip.vendor_id == vendor_id)
    if trip_id is not None:
        query = query.where(Departure.trip_id == trip_id)
    return query
