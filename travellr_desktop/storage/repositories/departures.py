"""Departures, and how full they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Row, Select, and_, case, func, select
from sqlalchemy.orm import selectinload

from travellr_desktop.domain.party import TravellerType
from travellr_desktop.domain.states import DepartureState, HoldState
from travellr_desktop.domain.text import fold
from travellr_desktop.storage.models import Departure, Grant, Hold, Trip, TripPrice
from travellr_desktop.storage.repositories.base import MOST, Repository


@dataclass(frozen=True, slots=True)
class DepartureFilter:
    """Which departures. `first` and `last` are local days; `seats` is how many must be free; `max_price` is in
    minor units for one adult; `starts_from` and `starts_before` are local times `HH:MM`."""

    first: date
    last: date
    text: str = ""
    place: str | None = None
    seats: int = 0
    max_price: int | None = None
    starts_from: str | None = None
    starts_before: str | None = None


@dataclass(frozen=True, slots=True)
class DepartureSeats:
    """How the seats of one departure stand. `taken` is sold and held together, on this desk's grant."""

    departure: Departure
    granted: int
    taken: int
    held: int  # under active holds of anybody
    yours: int  # under active holds of the person who asks


class DepartureRepository(Repository[Departure]):
    model = Departure
    word = "departure"

    def _filtered(
        self, wanted: DepartureFilter, desk_id: UUID, now: datetime
    ) -> Select[Departure, Grant | None]:
        query = (
            select(Departure, Grant)
            .join(Trip, Departure.trip_id == Trip.id)
            .outerjoin(Grant, and_(Grant.departure_id == Departure.id, Grant.desk_id == desk_id))
            .where(Departure.local_day.between(wanted.first, wanted.last), Trip.active)
            .where(Departure.state.in_((DepartureState.OPEN, DepartureState.STOPPED)))
        )
        for word in fold(wanted.text).split():
            query = query.where(Trip.search.contains(word, autoescape=True))
        if wanted.place is not None:
            query = query.where(Trip.place == wanted.place)
        if wanted.starts_from is not None:
            query = query.where(Departure.local_time >= wanted.starts_from)
        if wanted.starts_before is not None:
            query = query.where(Departure.local_time < wanted.starts_before)
        if wanted.seats:
            query = query.where(Departure.state == DepartureState.OPEN, Departure.cutoff_at > now)
            query = query.where(Grant.seats - Grant.taken >= wanted.seats)
        if wanted.max_price is not None:
            adult = and_(TripPrice.trip_id == Trip.id, TripPrice.traveller_type == TravellerType.ADULT)
            query = query.join(TripPrice, adult).where(TripPrice.amount <= wanted.max_price)
        return query

    def search(
        self, wanted: DepartureFilter, *, desk_id: UUID, user_id: UUID | None, now: datetime, limit: int = 200
    ) -> Sequence[DepartureSeats]:
        """Departures by the day and time on their own clocks, as a list of them shows it, with trip, prices, vendor
        and seats."""
        query = self._filtered(wanted, desk_id, now).options(
            selectinload(Departure.trip).selectinload(Trip.prices),
            selectinload(Departure.trip).selectinload(Trip.vendor),
        )
        order = (Departure.local_day, Departure.local_time, Departure.starts_at, Departure.id)
        query = query.order_by(*order).limit(min(limit, MOST))
        return self._with_seats(self.session.execute(query).all(), user_id)

    def seats(self, departure_id: UUID, *, desk_id: UUID, user_id: UUID | None) -> DepartureSeats | None:
        """One departure with trip, prices, vendor and seats."""
        query = (
            select(Departure, Grant)
            .outerjoin(Grant, and_(Grant.departure_id == Departure.id, Grant.desk_id == desk_id))
            .where(Departure.id == departure_id)
            .options(
                selectinload(Departure.trip).selectinload(Trip.prices),
                selectinload(Departure.trip).selectinload(Trip.vendor),
            )
        )
        found = self._with_seats(self.session.execute(query).all(), user_id)
        return found[0] if found else None

    def _with_seats(
        self, rows: Sequence[Row[Departure, Grant | None]], user_id: UUID | None
    ) -> Sequence[DepartureSeats]:
        mine = case((Hold.created_by == user_id, Hold.seats), else_=0)
        held = {
            row[0]: (row[1], row[2])
            for row in self.session.execute(
                select(Hold.departure_id, func.sum(Hold.seats), func.sum(mine))
                .where(Hold.departure_id.in_([row[0].id for row in rows]), Hold.state == HoldState.ACTIVE)
                .group_by(Hold.departure_id)
            )
        }
        return [
            DepartureSeats(
                departure=departure,
                granted=grant.seats if grant is not None else 0,
                taken=grant.taken if grant is not None else 0,
                held=held.get(departure.id, (0, 0))[0],
                yours=held.get(departure.id, (0, 0))[1],
            )
            for departure, grant in rows
        ]

    def calendar(
        self, wanted: DepartureFilter, *, desk_id: UUID, now: datetime
    ) -> dict[date, tuple[int, int]]:
        """For each local day: how many departures fit, and how many seats are free on those still sold."""
        free = case(
            (
                and_(Departure.state == DepartureState.OPEN, Departure.cutoff_at > now),
                Grant.seats - Grant.taken,
            ),
            else_=0,
        )
        query = (
            self._filtered(wanted, desk_id, now)
            .with_only_columns(Departure.local_day, func.count(), func.coalesce(func.sum(free), 0))
            .group_by(Departure.local_day)
        )
        return {row[0]: (row[1], row[2]) for row in self.session.execute(query)}

    def other_days(
        self, departure: Departure, *, desk_id: UUID, now: datetime, limit: int
    ) -> Sequence[tuple[Departure, int]]:
        """The next departures of the same trip that are still sold, with their free seats: near ones first."""
        near = func.abs(func.julianday(Departure.starts_at) - func.julianday(departure.starts_at))
        query = (
            select(Departure, Grant.seats - Grant.taken)
            .join(Grant, and_(Grant.departure_id == Departure.id, Grant.desk_id == desk_id))
            .where(Departure.trip_id == departure.trip_id, Departure.id != departure.id)
            .where(
                Departure.state == DepartureState.OPEN, Departure.cutoff_at > now, Grant.taken < Grant.seats
            )
            .order_by(near)
            .limit(limit)
        )
        rows = [(row[0], row[1]) for row in self.session.execute(query)]
        return sorted(rows, key=lambda row: row[0].starts_at)

    def grant(self, departure_id: UUID, desk_id: UUID) -> Grant | None:
        """What this desk may sell of a departure."""
        return self.session.scalar(
            select(Grant).where(Grant.departure_id == departure_id, Grant.desk_id == desk_id)
        )
