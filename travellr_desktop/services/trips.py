"""Trips: what is sold, at which prices, on which terms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any
from uuid import UUID

from travellr_desktop.domain.permissions import Actor, Permission, require
from travellr_desktop.domain.text import clean_line
from travellr_desktop.errors import ChangedMeanwhile, InvalidInput
from travellr_desktop.events import Change
from travellr_desktop.services.catalogue import InUse, Use, difference, told
from travellr_desktop.services.trip_drafts import SeasonDraft, TripDraft, checked, draft_of
from travellr_desktop.services.vendors import Deactivated, refuse_sold, search_of
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.models import SeasonPrice, Trip, TripPrice, TripSeason
from travellr_desktop.storage.repositories.catalogue import use_of_trip
from travellr_desktop.storage.uow import Database, UnitOfWork

__all__ = ["SeasonDraft", "TripDetail", "TripDraft", "TripService"]


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
