"""Departures, and how full they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, literal, select
from sqlalchemy.orm import InstrumentedAttribute, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from travellr_desktop.domain.party import TravellerType
from travellr_desktop.domain.states import DepartureState, HoldKind, HoldState
from travellr_desktop.domain.text import fold
from travellr_desktop.storage.base import UtcDateTime
from travellr_desktop.storage.models import (
    Agency,
    Allowance,
    Departure,
    Grant,
    Hold,
    SeasonPrice,
    Trip,
    TripPrice,
    TripSeason,
    User,
)
from travellr_desktop.storage.repositories.base import MOST, Repository
from travellr_desktop.storage.repositories.free_seats import free, taken_of_all, within_reach
from travellr_desktop.storage.repositories.here import here


@dataclass(frozen=True, slots=True)
class DepartureFilter:
    """Which departures. `first` and `last` are local days; `seats` is how many must be free; `max_price` is in
    minor units for one adult on that day; `starts_from` and `starts_before` are local times `HH:MM`."""

    first: date
    last: date
    text: str = ""
    place: str | None = None
    seats: int = 0
    max_price: int | None = None
    starts_from: str | None = None
    starts_before: str | None = None
    vendor_id: UUID | None = None
    asks: bool = False
    """Whether the desk can ask for more seats than it was granted."""


@dataclass(frozen=True, slots=True)
class WhollyHere:
    """A departure to come of which this desk was granted every seat there is."""

    departure_id: UUID
    seats: int
    taken: int


@dataclass(frozen=True, slots=True)
class DepartureSeats:
    """How the seats of one departure stand. `granted`, `taken` (sold and held together) and `allowed` (what may be
    sold beyond the capacity) are of all desks; those that begin with `own` of this one."""

    departure: Departure
    granted: int
    taken: int
    allowed: int
    own_granted: int
    own_taken: int
    own_allowed: int
    held: int  # under active holds of anybody
    yours: int  # in the basket of the person who asks


@dataclass(frozen=True, slots=True)
class DayFigures:
    """A local day: how many departures fit, how many of them are still sold, the seats free on those, and those sold
    beyond capacity."""

    departures: int
    selling: int
    free: int
    over: int


_WHOLE: tuple[ORMOption, ...] = (
    selectinload(Departure.trip).selectinload(Trip.prices),
    selectinload(Departure.trip).selectinload(Trip.seasons).selectinload(TripSeason.prices),
    selectinload(Departure.trip).selectinload(Trip.vendor),
)


def adult_price() -> ColumnElement[int]:
    """What an adult pays on a departure's own day, as `services.pricing.price_list` has it: the season's price where
    the day lies in one that names it, else the trip's. Needs `TripPrice` joined for adults."""
    of_season = (
        select(SeasonPrice.amount)
        .join(TripSeason, TripSeason.id == SeasonPrice.season_id)
        .where(TripSeason.trip_id == Departure.trip_id)
        .where(TripSeason.first_day <= Departure.local_day, TripSeason.last_day >= Departure.local_day)
        .where(SeasonPrice.traveller_type == TravellerType.ADULT)
        .correlate(Departure)
        .scalar_subquery()
    )
    return func.coalesce(of_season, TripPrice.amount)


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
        if wanted.vendor_id is not None:
            query = query.where(Trip.vendor_id == wanted.vendor_id)
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
            query = query.where(within_reach(asks=wanted.asks) >= wanted.seats)
        if wanted.max_price is not None:
            adult = and_(TripPrice.trip_id == Trip.id, TripPrice.traveller_type == TravellerType.ADULT)
            query = query.join(TripPrice, adult).where(adult_price() <= wanted.max_price)
        return query

    def search(
        self, wanted: DepartureFilter, *, desk_id: UUID, user_id: UUID | None, now: datetime, limit: int = 200
    ) -> Sequence[DepartureSeats]:
        """Departures by the day and time on their own clocks, as a list of them shows it, with trip, prices, seasons,
        vendor and seats."""
        query = self._filtered(wanted, desk_id, now).options(*_WHOLE)
        order = (Departure.local_day, Departure.local_time, Departure.starts_at, Departure.id)
        query = query.order_by(*order).limit(min(limit, MOST))
        return self._with_seats(self.session.execute(query).all(), desk_id, user_id)

    def seats(self, departure_id: UUID, *, desk_id: UUID, user_id: UUID | None) -> DepartureSeats | None:
        """One departure with trip, prices, seasons, vendor and seats."""
        found = self.seats_of_many((departure_id,), desk_id=desk_id, user_id=user_id)
        return found[0] if found else None

    def seats_of_many(
        self, departure_ids: Sequence[UUID], *, desk_id: UUID, user_id: UUID | None
    ) -> Sequence[DepartureSeats]:
        """These departures as `seats` reads one, in the order in which they are asked for; those that are not there
        are left out."""
        query = (
            select(Departure, Grant)
            .outerjoin(Grant, and_(Grant.departure_id == Departure.id, Grant.desk_id == desk_id))
            .where(Departure.id.in_(departure_ids))
            .options(*_WHOLE)
        )
        found = self._with_seats(self.session.execute(query).all(), desk_id, user_id)
        return sorted(found, key=lambda each: departure_ids.index(each.departure.id))

    def _with_seats(
        self, rows: Sequence[Row[Departure, Grant | None]], desk_id: UUID, user_id: UUID | None
    ) -> Sequence[DepartureSeats]:
        ids = [row[0].id for row in rows]
        mine = case((and_(Hold.created_by == user_id, Hold.kind == HoldKind.HOLD), Hold.seats), else_=0)
        of_these = select(Hold.departure_id, func.sum(Hold.seats), func.sum(mine)).group_by(Hold.departure_id)
        if len(ids) > 1:
            # few holds are active at any time, but a departure that has sold well has had many
            of_these = of_these.where(Hold.state == HoldState.ACTIVE)
        else:
            of_these = of_these.where(Hold.state == HoldState.ACTIVE, Hold.departure_id.in_(ids))
        held = {row[0]: (row[1], row[2]) for row in self.session.execute(of_these)}
        granted = self._sums(Grant.departure_id, ids, Grant.seats, Grant.taken)
        own = case((Allowance.desk_id == desk_id, Allowance.seats), else_=0)
        allowed = self._sums(Allowance.departure_id, ids, Allowance.seats, own)
        return [
            DepartureSeats(
                departure=departure,
                granted=granted.get(departure.id, (0, 0))[0],
                taken=granted.get(departure.id, (0, 0))[1],
                allowed=allowed.get(departure.id, (0, 0))[0],
                own_granted=grant.seats if grant is not None else 0,
                own_taken=grant.taken if grant is not None else 0,
                own_allowed=allowed.get(departure.id, (0, 0))[1],
                held=held.get(departure.id, (0, 0))[0],
                yours=held.get(departure.id, (0, 0))[1],
            )
            for departure, grant in rows
        ]

    def _sums(
        self,
        of: InstrumentedAttribute[UUID],
        ids: Sequence[UUID],
        first: ColumnElement[int] | InstrumentedAttribute[int],
        second: ColumnElement[int] | InstrumentedAttribute[int],
    ) -> dict[UUID, tuple[int, int]]:
        query = select(of, func.sum(first), func.sum(second)).where(of.in_(ids)).group_by(of)
        return {row[0]: (row[1], row[2]) for row in self.session.execute(query)}

    def calendar(self, wanted: DepartureFilter, *, desk_id: UUID, now: datetime) -> dict[date, DayFigures]:
        """The local days that have departures which fit."""
        left = free(asks=wanted.asks)
        on_sale = and_(Departure.state == DepartureState.OPEN, Departure.cutoff_at > now)
        over = taken_of_all() - Departure.capacity
        query = (
            self._filtered(wanted, desk_id, now)
            .with_only_columns(
                Departure.local_day,
                func.count(),
                func.sum(case((on_sale, 1), else_=0)),
                func.coalesce(func.sum(case((on_sale, left), else_=0)), 0),
                func.coalesce(func.sum(case((over > 0, over), else_=0)), 0),
            )
            .group_by(Departure.local_day)
        )
        return {row[0]: DayFigures(row[1], row[2], row[3], row[4]) for row in self.session.execute(query)}

    def wholly_here(self, now: datetime) -> Sequence[WhollyHere]:
        """Departures on sale of which this desk has all seats, some of them free; the first to leave first."""
        allowed = (
            select(func.coalesce(func.sum(Allowance.seats), 0))
            .where(Allowance.departure_id == Departure.id)
            .scalar_subquery()
        )
        query = (
            select(Departure.id, Grant.seats, Grant.taken)
            .join(Grant, and_(Grant.departure_id == Departure.id, Grant.desk_id == here()))
            .where(Departure.state == DepartureState.OPEN, Departure.cutoff_at > now)
            .where(Grant.seats == Departure.capacity + allowed, Grant.taken < Grant.seats)
            .order_by(Departure.starts_at, Departure.id)
        )
        return [WhollyHere(*row) for row in self.session.execute(query)]

    def to_release(self, now: datetime, most: int) -> Sequence[tuple[UUID, int]]:
        """Departures to come whose release date is past, with the seats that this desk still keeps and nobody has
        taken; the first to leave first."""
        days = func.coalesce(Departure.release_days, select(Agency.release_days).scalar_subquery())
        query = (
            select(Departure.id, Grant.seats - Grant.taken)
            .join(Grant, and_(Grant.departure_id == Departure.id, Grant.desk_id == here()))
            .where(Departure.starts_at > now, Grant.taken < Grant.seats)
            .where(func.julianday(Departure.starts_at) - days <= func.julianday(literal(now, UtcDateTime())))
            .order_by(Departure.starts_at, Departure.id)
            .limit(most)
        )
        return [(row[0], row[1]) for row in self.session.execute(query)]

    def grant(self, departure_id: UUID, desk_id: UUID) -> Grant | None:
        """What this desk may sell of a departure."""
        return self.session.scalar(
            select(Grant).where(Grant.departure_id == departure_id, Grant.desk_id == desk_id)
        )

    def free(self, departure_id: UUID, desk_id: UUID) -> int:
        """What this desk's grant has left, as the triggers have counted it by now."""
        left = select(Grant.seats - Grant.taken).where(
            Grant.departure_id == departure_id, Grant.desk_id == desk_id
        )
        return self.session.scalar(left) or 0

    def within_reach(self, departure_id: UUID, *, asks: bool) -> int:
        """What this desk can have of a departure; `asks`: what it was not granted too."""
        query = (
            select(within_reach(asks=asks))
            .select_from(Departure)
            .outerjoin(Grant, and_(Grant.departure_id == Departure.id, Grant.desk_id == here()))
            .where(Departure.id == departure_id)
        )
        return self.session.scalar(query) or 0

    def allowances(self, departure_id: UUID, desk_id: UUID) -> Sequence[tuple[Allowance, str | None]]:
        """What was allowed beyond capacity at a desk, with the names of who did, the first first."""
        query = (
            select(Allowance, User.name)
            .outerjoin(User, User.id == Allowance.created_by)
            .where(Allowance.departure_id == departure_id, Allowance.desk_id == desk_id)
            .order_by(Allowance.id)
        )
        return [(row[0], row[1]) for row in self.session.execute(query)]
