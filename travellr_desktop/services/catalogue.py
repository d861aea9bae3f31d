"""What is sold: vendors, trips with their prices, departures with this desk's grant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
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
LONGEST_MEETING_MIN = 60 * 24
LONGEST_CUTOFF = timedelta(days=365)
FURTHEST = timedelta(days=3660)
"""No departure is further ahead: ten years."""
DEAREST = 10**12
"""No price is above this, in minor units: beyond it somebody's finger slipped."""


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
        if not draft.prices or not all(_is_price(amount) for amount in draft.prices.values()):
            raise InvalidInput(
                "A trip needs a price, and each is a whole number of the currency's smallest units.",
                hint="Write prices from nothing up.",
                field="prices",
            )
        if not 0 <= draft.meet_before_min <= LONGEST_MEETING_MIN:
            raise InvalidInput(
                "People meet at the departure, or up to a day before.", field="meet_before_min"
            )
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
                    description=_paragraphs(draft.description),
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
        if not timedelta(0) <= draft.cutoff <= LONGEST_CUTOFF:
            raise InvalidInput("Sales close up to a year before the departure, not after it.", field="cutoff")
        zone = draft.zone or trip.zone
        starts_at, ends_at = _times(draft, zone, timedelta(minutes=trip.duration_min))
        if starts_at <= work.now:
            raise InvalidInput(f"{draft.day} is past.", field="day", hint="Choose a day to come.")
        if starts_at - work.now > FURTHEST:
            raise InvalidInput(f"{draft.day} is too far ahead.", field="day", hint="Look at the year.")
        departure = Departure(
            trip_id=trip.id,
            starts_at=starts_at,
            ends_at=ends_at,
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


def _is_price(amount: object) -> bool:
    return type(amount) is int and 0 <= amount <= DEAREST


def _paragraphs(text: str) -> str:
    """Text of several lines, each cleaned. Raises `InvalidInput` over 4000 characters."""
    lines = [clean_line(line, "description", 4000, required=False) for line in text.strip().splitlines()]
    cleaned = "\n".join(lines)
    if len(cleaned) > 4000:
        raise InvalidInput(
            "This is too long: 4000 characters at most.", hint="Shorten it.", field="description"
        )
    return cleaned


def _times(draft: DepartureDraft, zone: str, lasts: timedelta) -> tuple[datetime, datetime]:
    """When it leaves and when it ends, in UTC. Raises `InvalidInput` also where the calendar has no such day."""
    try:
        starts_at = to_utc(local_datetime(draft.day, draft.at, zone))
        return starts_at, starts_at + lasts
    except OverflowError:
        raise InvalidInput("There is no such day.", field="day") from None
