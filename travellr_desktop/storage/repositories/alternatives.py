"""What can be had instead of a departure: the same trip at another time, other trips around that day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, and_, select
from sqlalchemy.orm import Session

from travellr_desktop.domain.party import TravellerType
from travellr_desktop.domain.states import DepartureState
from travellr_desktop.storage.models import Departure, Grant, Trip, TripPrice
from travellr_desktop.storage.repositories.departures import adult_price
from travellr_desktop.storage.repositories.free_seats import free


@dataclass(frozen=True, slots=True)
class Candidate:
    """A departure of another trip. `price` is that of one adult on its day, in minor units."""

    departure_id: UUID
    trip_id: UUID
    day: date
    starts_at: datetime
    place: str
    country: str
    minutes: int
    currency: str
    price: int


class AlternativeRepository:
    def __init__(self, session: Session) -> None:
        self.session = session

    def near(
        self,
        departure: Departure,
        *,
        desk_id: UUID,
        now: datetime,
        seats: int,
        limit: int,
        asks: bool = False,
    ) -> Sequence[tuple[Departure, int]]:
        """The departures of the same trip that are nearest in time, are still sold and have that many seats free,
        with their free seats; in the order of time."""
        found: list[tuple[Departure, int]] = []
        # two walks along the index of trip and start, rather than every departure the trip ever had
        for beyond, order in (
            (Departure.starts_at >= departure.starts_at, Departure.starts_at.asc()),
            (Departure.starts_at < departure.starts_at, Departure.starts_at.desc()),
        ):
            query = (
                _sold(select(Departure, free(asks=asks)), desk_id, now, seats, asks)
                .where(Departure.trip_id == departure.trip_id, Departure.id != departure.id, beyond)
                .where(Departure.starts_at > now)
                .order_by(order)
                .limit(limit)
            )
            found += [(row[0], row[1]) for row in self.session.execute(query)]
        found.sort(key=lambda each: (abs(each[0].starts_at - departure.starts_at), each[0].id))
        return sorted(found[:limit], key=lambda each: each[0].starts_at)

    def around(
        self,
        departure: Departure,
        *,
        desk_id: UUID,
        now: datetime,
        seats: int,
        days: int,
        vendor_id: UUID | None = None,
        asks: bool = False,
    ) -> Sequence[Candidate]:
        """Departures of other trips with that many seats free, at most `days` before or after its own day; of all
        vendors, or of one."""
        adult = and_(TripPrice.trip_id == Trip.id, TripPrice.traveller_type == TravellerType.ADULT)
        query = (
            _sold(
                select(
                    Departure.id,
                    Departure.trip_id,
                    Departure.local_day,
                    Departure.starts_at,
                    Trip.place,
                    Trip.country,
                    Trip.duration_min,
                    Trip.currency,
                    adult_price(),
                ),
                desk_id,
                now,
                seats,
                asks,
            )
            .join(Trip, Trip.id == Departure.trip_id)
            .join(TripPrice, adult)
            .where(Trip.active, Departure.trip_id != departure.trip_id)
            .where(
                Departure.local_day.between(
                    departure.local_day - timedelta(days=days), departure.local_day + timedelta(days=days)
                )
            )
        )
        if vendor_id is not None:
            query = query.where(Trip.vendor_id == vendor_id)
        return [Candidate(*row) for row in self.session.execute(query)]


def _sold(query: Select, desk_id: UUID, now: datetime, seats: int, asks: bool) -> Select:  # type: ignore[type-arg]
    """Only departures that are sold now and of which the desk can have that many seats."""
    return (
        query.select_from(Departure)
        .outerjoin(Grant, and_(Grant.departure_id == Departure.id, Grant.desk_id == desk_id))
        .where(Departure.state == DepartureState.OPEN, Departure.cutoff_at > now)
        .where(free(asks=asks) >= seats)
    )
