"""Vendors and trips, and what stands on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, func, select
from sqlalchemy.orm import Session, selectinload

from travellr_desktop.domain.states import BookingState, DepartureState, HoldState, WaitingState
from travellr_desktop.storage.models import (
    Booking,
    Departure,
    Hold,
    PromoCode,
    SeasonPrice,
    Series,
    Trip,
    TripPicture,
    TripPrice,
    TripSeason,
    User,
    Vendor,
    WaitingEntry,
)
from travellr_desktop.storage.repositories.base import Repository


class VendorRepository(Repository[Vendor]):
    model = Vendor
    word = "vendor"

    def find_by_code(self, code: str) -> Vendor | None:
        """The vendor whom the agency calls so; nobody is called ""."""
        return self.session.scalar(select(Vendor).where(Vendor.code == code)) if code else None

    def names(self) -> Sequence[Vendor]:
        """Those whose trips are sold, by name."""
        query = select(Vendor).where(Vendor.active).order_by(func.lower(Vendor.name), Vendor.id)
        return self.session.scalars(query).all()


class TripRepository(Repository[Trip]):
    """Whole: with prices, seasons with theirs, and vendor."""

    model = Trip
    word = "trip"
    whole = (
        selectinload(Trip.prices),
        selectinload(Trip.seasons).selectinload(TripSeason.prices),
        selectinload(Trip.vendor),
    )

    def find_by_code(self, code: str) -> Trip | None:
        """The trip that the agency calls so; none is called ""."""
        return self.session.scalar(select(Trip).where(Trip.code == code)) if code else None

    def of_vendor(self, vendor_id: UUID) -> Sequence[Trip]:
        """All trips of a vendor, in the order in which they were made."""
        return self.session.scalars(select(Trip).where(Trip.vendor_id == vendor_id).order_by(Trip.id)).all()

    def pictures(self, trip_id: UUID) -> Sequence[TripPicture]:
        """The pictures of a trip in their order."""
        query = select(TripPicture).where(TripPicture.trip_id == trip_id)
        return self.session.scalars(query.order_by(TripPicture.position, TripPicture.id)).all()

    def drop_seasons(self, trip_id: UUID) -> None:
        """Remove the seasons of a trip with their prices."""
        theirs = select(TripSeason.id).where(TripSeason.trip_id == trip_id)
        self.session.execute(delete(SeasonPrice).where(SeasonPrice.season_id.in_(theirs)))
        self.session.execute(delete(TripSeason).where(TripSeason.trip_id == trip_id))

    def drop_price(self, price_id: UUID) -> None:
        """Remove the price of a type of traveller."""
        self.session.execute(delete(TripPrice).where(TripPrice.id == price_id))

    def places(self, vendor_id: UUID | None = None) -> Sequence[str]:
        """Where trips that are sold take place, in alphabetical order; those of one vendor where one is named."""
        query = select(Trip.place).where(Trip.active).distinct().order_by(Trip.place)
        if vendor_id is not None:
            query = query.where(Trip.vendor_id == vendor_id)
        return self.session.scalars(query).all()


@dataclass(frozen=True, slots=True)
class Use:
    """What stands on a vendor or a trip. `to_come` are departures that have not left and are not cancelled;
    `live` are bookings of those, paid or waiting to be; `bookings` and `holds` are all that ever were, `waiting`
    all who ever waited; `others` are accounts and promo codes that name it."""

    trips: int = 0
    departures: int = 0
    series: int = 0
    to_come: int = 0
    bookings: int = 0
    live: int = 0
    holds: int = 0
    held: int = 0
    waiting: int = 0
    waits: int = 0
    others: int = 0


LIVE = (BookingState.PENDING, BookingState.CONFIRMED)


def use_of_vendor(session: Session, vendor_id: UUID, now: datetime) -> Use:
    """What stands on a vendor."""
    return _use(session, Trip.vendor_id == vendor_id, now, vendor_id=vendor_id)


def use_of_trip(session: Session, trip_id: UUID, now: datetime) -> Use:
    """What stands on a trip."""
    return _use(session, Trip.id == trip_id, now, trip_id=trip_id)


def _use(
    session: Session,
    whose: ColumnElement[bool],
    now: datetime,
    *,
    vendor_id: UUID | None = None,
    trip_id: UUID | None = None,
) -> Use:
    trips = select(Trip.id).where(whose)
    departures = select(Departure.id).where(Departure.trip_id.in_(trips))
    coming = and_(
        Departure.starts_at > now, Departure.state.in_((DepartureState.OPEN, DepartureState.STOPPED))
    )
    to_come = departures.where(coming)

    def count(*conditions: ColumnElement[bool]) -> int:
        return session.scalar(select(func.count()).where(*conditions)) or 0

    named = PromoCode.vendor_id == vendor_id if vendor_id is not None else PromoCode.trip_id == trip_id
    return Use(
        trips=count(whose, Trip.id.is_not(None)),
        departures=count(Departure.trip_id.in_(trips)),
        series=count(Series.trip_id.in_(trips)),
        to_come=count(Departure.trip_id.in_(trips), coming),
        bookings=count(Booking.trip_id.in_(trips)),
        live=count(Booking.departure_id.in_(to_come), Booking.state.in_(LIVE)),
        holds=count(Hold.departure_id.in_(departures)),
        held=count(Hold.departure_id.in_(to_come), Hold.state == HoldState.ACTIVE),
        waiting=count(WaitingEntry.departure_id.in_(departures)),
        waits=count(WaitingEntry.departure_id.in_(to_come), WaitingEntry.state == WaitingState.WAITING),
        others=count(named) + (0 if vendor_id is None else count(User.vendor_id == vendor_id)),
    )
