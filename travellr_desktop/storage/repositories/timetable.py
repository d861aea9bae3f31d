"""Series and departures as the timetable needs them: what stands on each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Select, and_, case, func, select
from sqlalchemy.orm import Session

from travellr_desktop.domain.states import DepartureState, HoldState, WaitingState
from travellr_desktop.errors import NotFound
from travellr_desktop.storage.models import (
    Allowance,
    Booking,
    BookingLine,
    Departure,
    Grant,
    Hold,
    SeatPlan,
    Series,
    Trip,
    WaitingEntry,
)
from travellr_desktop.storage.repositories.catalogue import LIVE

T = TypeVar("T")

AT_ONCE = 400
"""How many ids one statement names."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands on one departure. Seats: of this desk `granted`, of which `taken` are sold or held, `held` of
    them under active holds of anybody; `elsewhere` is granted to other desks; `allowed` is the sum of its
    allowances. `live` bookings are paid or wait to be, with so many `travellers`; `bookings`, `holds`, `waiting`
    and `allowances` count all that ever were; `waits` who wait now."""

    granted: int = 0
    taken: int = 0
    held: int = 0
    elsewhere: int = 0
    allowed: int = 0
    live: int = 0
    travellers: int = 0
    waits: int = 0
    bookings: int = 0
    holds: int = 0
    waiting: int = 0
    allowances: int = 0

    @property
    def untouched(self) -> bool:
        """Whether nobody has ever bought, held or waited for it: it may change or go without a word."""
        return not (self.bookings or self.holds or self.waiting or self.allowances or self.elsewhere)

    @property
    def sold(self) -> int:
        """Seats of this desk that are sold."""
        return max(self.taken - self.held, 0)

    @property
    def least(self) -> int:
        """The lowest capacity that there may be."""
        return max(self.taken + self.elsewhere - self.allowed, 1)


class TimetableRepository:
    def __init__(self, session: Session) -> None:
        self.session = session

    def series(self, series_id: UUID) -> Series:
        """Raises `NotFound`."""
        found = self.session.get(Series, series_id)
        if found is None:
            raise NotFound("There is no such series.")
        return found

    def series_of(self, trip_id: UUID) -> Sequence[Series]:
        """The series of a trip, those that begin first before others."""
        query = select(Series).where(Series.trip_id == trip_id)
        return self.session.scalars(query.order_by(Series.first_day, Series.id)).all()

    def plan(self, plan_id: UUID) -> SeatPlan:
        """Raises `NotFound`."""
        found = self.session.get(SeatPlan, plan_id)
        if found is None:
            raise NotFound("There is no such seat plan.")
        return found

    def departures(self, ids: Iterable[UUID]) -> list[Departure]:
        """In the order of their times. Raises `NotFound` where one is not there."""
        wanted = list(dict.fromkeys(ids))
        found: list[Departure] = []
        for some in chunks(wanted):
            found += self.session.scalars(select(Departure).where(Departure.id.in_(some))).all()
        if len(found) < len(wanted):
            raise NotFound("There is no such departure.")
        return sorted(found, key=lambda departure: (departure.starts_at, departure.id))

    def departures_of_series(self, series_id: UUID, since: datetime | None = None) -> Sequence[Departure]:
        """The departures that a series made; with `since` those that leave after it."""
        query = select(Departure).where(Departure.series_id == series_id)
        if since is not None:
            query = query.where(Departure.starts_at > since)
        return self.session.scalars(query.order_by(Departure.starts_at, Departure.id)).all()

    def departures_of_trip(self, trip_id: UUID) -> Sequence[Departure]:
        return self.session.scalars(select(Departure).where(Departure.trip_id == trip_id)).all()

    def taken_times(self, trip_id: UUID, first: date, last: date) -> dict[tuple[date, str], UUID | None]:
        """Local day and time of the trip's departures that are not cancelled, with the series of each."""
        query = select(Departure.local_day, Departure.local_time, Departure.series_id).where(
            Departure.trip_id == trip_id,
            Departure.local_day.between(first, last),
            Departure.state != DepartureState.CANCELLED,
        )
        return {(row[0], row[1]): row[2] for row in self.session.execute(query)}

    def trips_of(self, departures: Iterable[Departure]) -> dict[UUID, Trip]:
        """The trips of departures, by id."""
        ids = list({departure.trip_id for departure in departures})
        return {trip.id: trip for trip in self.session.scalars(select(Trip).where(Trip.id.in_(ids)))}

    def grants(self, ids: Sequence[UUID]) -> list[Grant]:
        """All grants of departures, of every desk."""
        found: list[Grant] = []
        for some in chunks(ids):
            found += self.session.scalars(select(Grant).where(Grant.departure_id.in_(some))).all()
        return found

    def standing(self, ids: Sequence[UUID], desk_id: UUID) -> dict[UUID, Standing]:
        """What stands on each of the departures."""
        found: dict[UUID, dict[str, int]] = {departure_id: {} for departure_id in ids}
        for some in chunks(ids):
            for query in _counts(some, desk_id):
                for row in self.session.execute(query):
                    counted = dict(row._mapping)
                    found[counted.pop("departure_id")].update(counted)
        return {departure_id: Standing(**counted) for departure_id, counted in found.items()}


def chunks(many: Sequence[T]) -> Iterator[Sequence[T]]:
    """`AT_ONCE` of them at a time."""
    for start in range(0, len(many), AT_ONCE):
        yield many[start : start + AT_ONCE]


def _counts(ids: Sequence[UUID], desk_id: UUID) -> list[Select[Any]]:
    def total(value: Any, label: str) -> Any:
        return func.coalesce(func.sum(value), 0).label(label)

    own, active = Grant.desk_id == desk_id, Hold.state == HoldState.ACTIVE
    live, waits = Booking.state.in_(LIVE), WaitingEntry.state == WaitingState.WAITING
    lines = (
        select(func.count())
        .where(BookingLine.booking_id == Booking.id, BookingLine.ended_at.is_(None))
        .correlate(Booking)
        .scalar_subquery()
    )
    return [
        select(
            Grant.departure_id,
            total(case((own, Grant.seats), else_=0), "granted"),
            total(case((own, Grant.taken), else_=0), "taken"),
            total(case((own, 0), else_=Grant.seats), "elsewhere"),
        )
        .where(Grant.departure_id.in_(ids))
        .group_by(Grant.departure_id),
        select(
            Hold.departure_id,
            func.count().label("holds"),
            total(case((and_(active), Hold.seats), else_=0), "held"),
        )
        .where(Hold.departure_id.in_(ids))
        .group_by(Hold.departure_id),
        select(
            Booking.departure_id,
            func.count().label("bookings"),
            total(case((live, 1), else_=0), "live"),
            total(case((live, lines), else_=0), "travellers"),
        )
        .where(Booking.departure_id.in_(ids))
        .group_by(Booking.departure_id),
        select(
            WaitingEntry.departure_id,
            func.count().label("waiting"),
            total(case((waits, 1), else_=0), "waits"),
        )
        .where(WaitingEntry.departure_id.in_(ids))
        .group_by(WaitingEntry.departure_id),
        select(
            Allowance.departure_id,
            func.count().label("allowances"),
            total(Allowance.seats, "allowed"),
        )
        .where(Allowance.departure_id.in_(ids))
        .group_by(Allowance.departure_id),
    ]
