"""What is sold: vendors, trips with their prices, departures with this desk's grant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from uuid import UUID

from travellr_desktop.domain.cancellation import Policy
from travellr_desktop.domain.commission import DEFAULT_BPS
from travellr_desktop.domain.money import check_bps, decimals
from travellr_desktop.domain.party import TAKES_SEAT, TravellerType
from travellr_desktop.domain.periods import local_datetime, to_utc
from travellr_desktop.domain.periods import zone as zone_of
from travellr_desktop.domain.permissions import Actor, Permission, require
from travellr_desktop.domain.states import DepartureState
from travellr_desktop.domain.text import clean_email, clean_line, clean_phone, fold
from travellr_desktop.errors import InvalidInput
from travellr_desktop.events import DepartureChanged
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.models import Departure, Grant, Trip, TripPrice, Vendor
from travellr_desktop.storage.uow import Database, UnitOfWork

MOST_SEATS = 10_000
LONGEST_TRIP_MIN = 60 * 24 * 60


@dataclass(frozen=True, slots=True)
class VendorDraft:
    name: str
    legal: str = ""
    email: str = ""
    phone: str = ""
    commission_bps: int = DEFAULT_BPS
    holdback_days: int = 2


@dataclass(frozen=True, slots=True)
class TripDraft:
    """`prices` in minor units of `currency`; `included` a line each; `duration_min` in minutes."""

    vendor_id: UUID
    title: str
    place: str
    zone: str
    currency: str
    duration_min: int
    policy: Policy
    prices: Mapping[TravellerType, int]
    takes_seat: Mapping[TravellerType, bool] = field(default_factory=lambda: dict(TAKES_SEAT))
    country: str = ""
    description: str = ""
    meeting_point: str = ""
    meet_before_min: int = 15
    included: tuple[str, ...] = ()
    languages: str = ""
    tax_bps: int = 0


@dataclass(frozen=True, slots=True)
class DepartureDraft:
    """A day and a time on the clock of the place; `zone` None takes the trip's own. Sales close `cutoff` before."""

    day: date
    at: time
    capacity: int
    cutoff: timedelta = timedelta(minutes=30)
    zone: str | None = None


class CatalogueService:
    def __init__(self, database: Database) -> None:
        self._db = database

    def add_vendor(self, actor: Actor, draft: VendorDraft) -> UUID:
        """Raises `InvalidInput` naming the field."""
        require(actor, Permission.CATALOGUE_WRITE)
        if not 0 <= draft.holdback_days <= 365:
            raise InvalidInput("The holdback is 0 to 365 days.", field="holdback_days")
        with self._db.write(Commit.CATALOGUE_SAVE, actor) as work:
            vendor = work.vendors.save(
                Vendor(
                    name=clean_line(draft.name, "name", 200),
                    legal=clean_line(draft.legal, "legal", 200, required=False),
                    email=clean_email(draft.email, required=False),
                    phone=clean_phone(draft.phone, required=False),
                    commission_bps=check_bps(draft.commission_bps, "commission_bps"),
                    holdback_days=draft.holdback_days,
                    active=True,
                )
            )
            work.audit("vendor.create", "vendor", vendor.id, name=vendor.name)
            work.commit()
        return vendor.id

    def add_trip(self, actor: Actor, draft: TripDraft) -> UUID:
        """Raises `InvalidInput` naming the field, `NotFound` for the vendor."""
        require(actor, Permission.CATALOGUE_WRITE)
        zone_of(draft.zone)
        decimals(draft.currency)
        if not 0 < draft.duration_min <= LONGEST_TRIP_MIN:
            raise InvalidInput("A trip lasts a minute to sixty days.", field="duration_min")
        if not draft.prices or any(amount < 0 for amount in draft.prices.values()):
            raise InvalidInput("A trip needs a price, and none is negative.", field="prices")
        with self._db.write(Commit.CATALOGUE_SAVE, actor) as work:
            vendor = work.vendors.get(draft.vendor_id)
            title = clean_line(draft.title, "title", 200)
            place = clean_line(draft.place, "place", 120)
            trip = work.trips.save(
                Trip(
                    vendor_id=vendor.id,
                    title=title,
                    place=place,
                    country=clean_line(draft.country, "country", 80, required=False),
                    description=draft.description.strip()[:4000],
                    meeting_point=clean_line(draft.meeting_point, "meeting_point", 200, required=False),
                    meet_before_min=draft.meet_before_min,
                    included="\n".join(clean_line(line, "included", 200) for line in draft.included),
                    languages=clean_line(draft.languages, "languages", 120, required=False),
                    zone=draft.zone,
                    duration_min=draft.duration_min,
                    currency=draft.currency,
                    tax_bps=check_bps(draft.tax_bps, "tax_bps"),
                    policy=draft.policy.to_json(),
                    search=fold(f"{title} {place} {draft.country} {vendor.name}"),
                    active=True,
                )
            )
            for kind, amount in draft.prices.items():
                seat = draft.takes_seat.get(kind, True)
                work.session.add(
                    TripPrice(trip_id=trip.id, traveller_type=kind, amount=amount, takes_seat=seat)
                )
            work.audit("trip.create", "trip", trip.id, title=title)
            work.commit()
        return trip.id

    def add_departures(
        self, actor: Actor, trip_id: UUID, drafts: Sequence[DepartureDraft]
    ) -> tuple[UUID, ...]:
        """Make departures, each with this desk's grant of all its seats: all of them, or none.

        Raises `InvalidInput` for a time that daylight saving skips, a day that is past, or a capacity outside 1 to
        10,000; `NotFound` for the trip."""
        require(actor, Permission.CATALOGUE_WRITE)
        with self._db.write(Commit.CATALOGUE_SAVE, actor) as work:
            trip = work.trips.get(trip_id)
            desk_id = work.agency.this_desk().id
            made = tuple(self._departure(work, trip, desk_id, draft) for draft in drafts)
            work.audit("departures.create", "trip", trip.id, count=len(made))
            work.commit()
        return made

    @staticmethod
    def _departure(work: UnitOfWork, trip: Trip, desk_id: UUID, draft: DepartureDraft) -> UUID:
        if not 0 < draft.capacity <= MOST_SEATS:
            raise InvalidInput(f"A departure has 1 to {MOST_SEATS:,} seats.", field="capacity")
        if draft.cutoff < timedelta(0):
            raise InvalidInput("Sales close before the departure, not after it.", field="cutoff")
        zone = draft.zone or trip.zone
        starts_at = to_utc(local_datetime(draft.day, draft.at, zone))
        if starts_at <= work.now:
            raise InvalidInput(f"{draft.day} is past.", field="day", hint="Choose a day to come.")
        departure = Departure(
            trip_id=trip.id,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=trip.duration_min),
            cutoff_at=starts_at - draft.cutoff,
            zone=zone,
            local_day=draft.day,
            local_time=f"{draft.at:%H:%M}",
            capacity=draft.capacity,
            state=DepartureState.OPEN,
        )
        work.departures.save(departure)
        work.session.add(Grant(departure_id=departure.id, desk_id=desk_id, seats=draft.capacity))
        work.session.flush()
        work.publish(
            DepartureChanged(
                aggregate_id=departure.id,
                timestamp=work.now,
                trip_id=trip.id,
                vendor_id=trip.vendor_id,
                state=departure.state,
            )
        )
        return departure.id
