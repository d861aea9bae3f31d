"""Trips: what is sold, at which prices, on which terms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from itertools import pairwise
from typing import Any
from uuid import UUID

from travellr_desktop.domain.cancellation import Policy
from travellr_desktop.domain.money import check_bps, decimals
from travellr_desktop.domain.party import TAKES_SEAT, TravellerType
from travellr_desktop.domain.periods import zone as zone_of
from travellr_desktop.domain.permissions import Actor, Permission, require
from travellr_desktop.domain.text import clean_line
from travellr_desktop.errors import ChangedMeanwhile, InvalidInput
from travellr_desktop.events import Change
from travellr_desktop.services.catalogue import DEAREST, InUse, Use, clean_code, difference, paragraphs, told
from travellr_desktop.services.vendors import Deactivated, refuse_sold, search_of
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.models import SeasonPrice, Trip, TripPrice, TripSeason
from travellr_desktop.storage.repositories.catalogue import use_of_trip
from travellr_desktop.storage.uow import Database, UnitOfWork

LONGEST_TRIP_MIN = 60 * 24 * 60
LONGEST_MEETING_MIN = 60 * 24
MOST_SEASONS = 60


@dataclass(frozen=True, slots=True)
class SeasonDraft:
    """Local days of departure, both included, with prices of their own in minor units; a type that is left out
    pays the trip's own price."""

    name: str
    first_day: date
    last_day: date
    prices: Mapping[TravellerType, int]


@dataclass(frozen=True, slots=True)
class TripDraft:
    """`prices` in minor units of `currency`; `included` a line each; `duration_min` and `meet_before_min` in minutes;
    `tax_bps` is within the prices, `deposit_bps` of them is the deposit; `code` the agency's own short name, or ""."""

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
    deposit_bps: int = 3000
    code: str = ""
    seasons: tuple[SeasonDraft, ...] = ()


@dataclass(frozen=True, slots=True)
class TripDetail:
    """A trip as it stands. `frozen` bookings keep price, tax, deposit, commission and policy of when they were sold,
    whatever is changed here; departures that are there keep their times."""

    id: UUID
    draft: TripDraft
    vendor_name: str
    active: bool
    use: Use
    pictures: int

    @property
    def frozen(self) -> int:
        return self.use.bookings


class TripService:
    def __init__(self, database: Database) -> None:
        self._db = database

    def detail(self, actor: Actor, trip_id: UUID) -> TripDetail:
        """Raises `NotFound`."""
        require(actor, Permission.CATALOGUE_WRITE)
        with self._db.read() as view:
            trip = view.trips.get_full(trip_id)
            use = use_of_trip(view.session, trip_id, view.clock.now())
            pictures = len(view.trips.pictures(trip_id))
            return TripDetail(trip.id, draft_of(trip), trip.vendor.name, trip.active, use, pictures)

    def create(self, actor: Actor, draft: TripDraft) -> UUID:
        """Raises `InvalidInput` naming the field, `NotFound` for the vendor."""
        require(actor, Permission.CATALOGUE_WRITE)
        fresh = checked(draft)
        with self._db.write(Commit.CATALOGUE_SAVE, actor) as work:
            trip = make(work, draft, fresh)
            work.audit("trip.create", "trip", trip.id, title=trip.title)
            told(work, "trip", trip.id, Change.CREATED)
            work.commit()
        return trip.id

    def update(
        self, actor: Actor, trip_id: UUID, draft: TripDraft, *, before: TripDraft | None = None
    ) -> TripDetail:
        """Change a trip, prices and seasons with it. Nothing changes for bookings already made.

        `before` is what the form began with: `ChangedMeanwhile` where it is not so any more. Raises `InvalidInput`
        naming the field, `NotFound`, `InUse` for another vendor or currency once something was sold."""
        require(actor, Permission.CATALOGUE_WRITE)
        fresh = checked(draft)
        with self._db.write(Commit.CATALOGUE_SAVE, actor) as work:
            trip = work.trips.get_full(trip_id)
            if before is not None and draft_of(trip) != before:
                raise ChangedMeanwhile("Somebody else changed this trip in the meantime.")
            apply(work, trip, draft, fresh)
            use = use_of_trip(work.session, trip_id, work.now)
            pictures = len(work.trips.pictures(trip_id))
            work.session.expire(trip)
            trip = work.trips.get_full(trip_id)
            detail = TripDetail(trip.id, draft_of(trip), trip.vendor.name, trip.active, use, pictures)
            work.commit()
        return detail

    def deactivate(self, actor: Actor, trip_id: UUID, *, sold_stays: bool = False) -> Deactivated:
        """Offer a trip no more. While departures to come are sold or held it is refused with `InUse`, which says how
        many, unless the person has read that and says that what is sold stays. Raises `NotFound`."""
        require(actor, Permission.CATALOGUE_WRITE)
        with self._db.write(Commit.CATALOGUE_SAVE, actor) as work:
            trip = work.trips.get(trip_id)
            use = use_of_trip(work.session, trip_id, work.now)
            if not sold_stays:
                refuse_sold(use, f"“{trip.title}” cannot be deactivated without a word")
            trip.active = False
            work.audit("trip.deactivate", "trip", trip.id, bookings=use.live)
            told(work, "trip", trip.id, Change.UPDATED)
            work.commit()
        return Deactivated(trip.id, (), use)

    def activate(self, actor: Actor, trip_id: UUID) -> None:
        """Offer a trip again. Raises `InUse` while its vendor is deactivated, `NotFound`."""
        require(actor, Permission.CATALOGUE_WRITE)
        with self._db.write(Commit.CATALOGUE_SAVE, actor) as work:
            trip = work.trips.get_full(trip_id)
            if not trip.vendor.active:
                raise InUse(f"{trip.vendor.name} is deactivated.", hint="Activate the vendor first.")
            trip.active = True
            work.audit("trip.activate", "trip", trip.id)
            told(work, "trip", trip.id, Change.UPDATED)
            work.commit()


# within a transaction: the import does the same


def checked(draft: TripDraft) -> dict[str, Any]:
    """The columns of a trip but vendor and search, cleaned; prices and seasons are checked too.

    Raises `InvalidInput` naming the field: `prices`, or `prices.adult` for one of them, `seasons`, `seasons.1` for
    the second."""
    zone_of(draft.zone)
    decimals(draft.currency)
    if not 0 < draft.duration_min <= LONGEST_TRIP_MIN:
        raise InvalidInput("A trip lasts a minute to sixty days.", field="duration_min")
    if not 0 <= draft.meet_before_min <= LONGEST_MEETING_MIN:
        raise InvalidInput("People meet at the departure, or up to a day before.", field="meet_before_min")
    _check_prices(draft.prices)
    _check_seasons(draft)
    return {
        "title": clean_line(draft.title, "title", 200),
        "place": clean_line(draft.place, "place", 120),
        "country": clean_line(draft.country, "country", 80, required=False),
        "description": paragraphs(draft.description),
        "meeting_point": clean_line(draft.meeting_point, "meeting_point", 200, required=False),
        "meet_before_min": draft.meet_before_min,
        "included": "\n".join(clean_line(line, "included", 200) for line in draft.included),
        "languages": clean_line(draft.languages, "languages", 120, required=False),
        "zone": draft.zone,
        "duration_min": draft.duration_min,
        "currency": draft.currency,
        "tax_bps": check_bps(draft.tax_bps, "tax_bps"),
        "deposit_bps": check_bps(draft.deposit_bps, "deposit_bps"),
        "policy": draft.policy.to_json(),
        "code": clean_code(draft.code),
    }


def make(work: UnitOfWork, draft: TripDraft, fresh: dict[str, Any]) -> Trip:
    """Write a new trip with its prices and seasons. Raises `NotFound` for the vendor, `InvalidInput` for the code."""
    vendor = work.vendors.get(draft.vendor_id)
    _code_is_free(work, fresh["code"], None)
    trip = Trip(vendor_id=vendor.id, **fresh, active=True)
    trip.search = search_of(trip, vendor.name)
    work.trips.save(trip)
    for kind, amount in draft.prices.items():
        seat = draft.takes_seat.get(kind, True)
        work.session.add(TripPrice(trip_id=trip.id, traveller_type=kind, amount=amount, takes_seat=seat))
    for season in draft.seasons:
        _add_season(work, trip.id, season)
    return trip


def apply(work: UnitOfWork, trip: Trip, draft: TripDraft, fresh: dict[str, Any]) -> bool:
    """Write what differs onto a trip that was read whole, with audit and event. Whether anything differed."""
    earlier = draft_of(trip)
    before = {each.name: getattr(earlier, each.name) for each in fields(TripDraft)}
    wanted = _as_kept(draft, fresh)
    if before == wanted:
        return False
    _fixed_once_sold(work, trip, draft)
    _code_is_free(work, fresh["code"], trip.id)
    vendor = work.vendors.get(draft.vendor_id)
    trip.vendor_id = vendor.id
    for name, value in fresh.items():
        setattr(trip, name, value)
    trip.search = search_of(trip, vendor.name)
    _set_prices(work, trip, draft)
    if before["seasons"] != wanted["seasons"]:
        _set_seasons(work, trip, draft)
    work.session.flush()
    work.audit("trip.update", "trip", trip.id, **difference(_told(before), _told(wanted)))
    told(work, "trip", trip.id, Change.UPDATED)
    return True


def draft_of(trip: Trip) -> TripDraft:
    """A trip, read whole, as the form that would save it so."""
    return TripDraft(
        vendor_id=trip.vendor_id,
        title=trip.title,
        place=trip.place,
        zone=trip.zone,
        currency=trip.currency,
        duration_min=trip.duration_min,
        policy=Policy.from_json(trip.policy),
        prices={price.traveller_type: price.amount for price in trip.prices},
        takes_seat={price.traveller_type: price.takes_seat for price in trip.prices},
        country=trip.country,
        description=trip.description,
        meeting_point=trip.meeting_point,
        meet_before_min=trip.meet_before_min,
        included=tuple(line for line in trip.included.split("\n") if line),
        languages=trip.languages,
        tax_bps=trip.tax_bps,
        deposit_bps=trip.deposit_bps,
        code=trip.code,
        seasons=tuple(
            SeasonDraft(
                season.name,
                season.first_day,
                season.last_day,
                {price.traveller_type: price.amount for price in season.prices},
            )
            for season in trip.seasons
        ),
    )


def _as_kept(draft: TripDraft, fresh: dict[str, Any]) -> dict[str, Any]:
    """The fields of a draft as `draft_of` would read them back."""
    return {
        **fresh,
        "vendor_id": draft.vendor_id,
        "policy": draft.policy,
        "included": tuple(line for line in fresh["included"].split("\n") if line),
        "prices": dict(draft.prices),
        "takes_seat": {kind: draft.takes_seat.get(kind, True) for kind in draft.prices},
        "seasons": tuple(
            sorted(
                (
                    SeasonDraft(
                        clean_line(each.name, "seasons", 120),
                        each.first_day,
                        each.last_day,
                        dict(each.prices),
                    )
                    for each in draft.seasons
                ),
                key=lambda each: each.first_day,
            )
        ),
    }


def _told(values: Mapping[str, Any]) -> dict[str, Any]:
    """As the audit trail keeps it."""
    return {
        **values,
        "policy": values["policy"].to_json(),
        "seasons": [
            {
                "name": each.name,
                "first_day": each.first_day,
                "last_day": each.last_day,
                "prices": each.prices,
            }
            for each in values["seasons"]
        ],
    }


def _check_prices(prices: Mapping[TravellerType, int]) -> None:
    if not prices or not all(_is_price(amount) for amount in prices.values()):
        raise InvalidInput(
            "A trip needs a price, and each is a whole number of the currency's smallest units.",
            hint="Write prices from nothing up.",
            field="prices",
        )


def _check_seasons(draft: TripDraft) -> None:
    if len(draft.seasons) > MOST_SEASONS:
        raise InvalidInput(f"A trip has {MOST_SEASONS} seasons at most.", field="seasons")
    for number, season in enumerate(draft.seasons):
        where = f"seasons.{number}"
        name = clean_line(season.name, where, 120)
        if season.last_day < season.first_day:
            raise InvalidInput(f"The last day of “{name}” lies before its first.", field=where)
        if not season.prices or not all(_is_price(amount) for amount in season.prices.values()):
            raise InvalidInput(
                f"“{name}” needs a price, from nothing up.",
                hint="A type without a price of its own pays the trip's.",
                field=where,
            )
        for kind in season.prices:
            if kind not in draft.prices:
                raise InvalidInput(
                    f"“{name}” has a price for travellers of type {kind.value}, the trip itself has none.",
                    hint="Give the trip a price for them first.",
                    field=where,
                )
    for number, other, season in _neighbours(draft.seasons):
        if season.first_day <= other.last_day:
            raise InvalidInput(
                f"“{season.name}” begins on {season.first_day:%d %b %Y}, while “{other.name}” lasts until "
                f"{other.last_day:%d %b %Y}.",
                hint="Seasons of a trip do not overlap: end one before the other begins.",
                field=f"seasons.{number}",
            )


def _neighbours(seasons: tuple[SeasonDraft, ...]) -> Iterator[tuple[int, SeasonDraft, SeasonDraft]]:
    """Each season beside the one before it in time, with its place in the form."""
    ordered = sorted(enumerate(seasons), key=lambda each: each[1].first_day)
    for (_, earlier), (number, later) in pairwise(ordered):
        yield number, earlier, later


def _is_price(amount: object) -> bool:
    return type(amount) is int and 0 <= amount <= DEAREST


def _fixed_once_sold(work: UnitOfWork, trip: Trip, draft: TripDraft) -> None:
    if (draft.vendor_id, draft.currency) == (trip.vendor_id, trip.currency):
        return
    use = use_of_trip(work.session, trip.id, work.now)
    if use.bookings or use.holds:
        raise InUse(
            "Vendor and currency stay as they are once something was sold or held.",
            hint="Make another trip for it, and deactivate this one.",
        )


def _code_is_free(work: UnitOfWork, code: str, own: UUID | None) -> None:
    other = work.trips.find_by_code(code)
    if other is not None and other.id != own:
        raise InvalidInput(f"“{other.title}” has this code already.", hint="Choose another.", field="code")


def _set_prices(work: UnitOfWork, trip: Trip, draft: TripDraft) -> None:
    there = {price.traveller_type: price for price in trip.prices}
    for kind, price in there.items():
        if kind not in draft.prices:
            work.trips.drop_price(price.id)
    for kind, amount in draft.prices.items():
        seat = draft.takes_seat.get(kind, True)
        if kind in there:
            there[kind].amount, there[kind].takes_seat = amount, seat
        else:
            work.session.add(TripPrice(trip_id=trip.id, traveller_type=kind, amount=amount, takes_seat=seat))


def _set_seasons(work: UnitOfWork, trip: Trip, draft: TripDraft) -> None:
    """Nothing stands on a season, so they are written anew; the old go first, or they would overlap."""
    work.trips.drop_seasons(trip.id)
    for each in draft.seasons:
        _add_season(work, trip.id, each)


def _add_season(work: UnitOfWork, trip_id: UUID, draft: SeasonDraft) -> None:
    season = TripSeason(
        trip_id=trip_id,
        name=clean_line(draft.name, "seasons", 120),
        first_day=draft.first_day,
        last_day=draft.last_day,
    )
    work.session.add(season)
    work.session.flush()
    for kind, amount in draft.prices.items():
        work.session.add(SeasonPrice(season_id=season.id, traveller_type=kind, amount=amount))
