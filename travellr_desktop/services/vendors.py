"""Vendors: who runs the trips that are sold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from travellr_desktop.domain import lengths
from travellr_desktop.domain.commission import DEFAULT_BPS
from travellr_desktop.domain.faults import Faults
from travellr_desktop.domain.money import check_bps
from travellr_desktop.domain.permissions import Actor, Permission, require
from travellr_desktop.domain.text import clean_email, clean_line, clean_phone, fold
from travellr_desktop.errors import ChangedMeanwhile, InvalidInput, NotFound
from travellr_desktop.events import Change
from travellr_desktop.services.catalogue import InUse, Use, clean_code, counted, difference, there, told
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.models import Trip, Vendor
from travellr_desktop.storage.repositories.catalogue import use_of_vendor
from travellr_desktop.storage.uow import Database, UnitOfWork

LONGEST_HOLDBACK = 365


@dataclass(frozen=True, slots=True)
class VendorDraft:
    """`commission_bps` is the agency's share in 1/100 of a per cent; money is payable `holdback_days` after the
    trip. `code` is the agency's own short name, or ""."""

    name: str
    legal: str = ""
    email: str = ""
    phone: str = ""
    commission_bps: int = DEFAULT_BPS
    holdback_days: int = 2
    code: str = ""


@dataclass(frozen=True, slots=True)
class VendorDetail:
    """A vendor as it stands. `frozen` bookings keep the rate and the holdback of when they were sold."""

    id: UUID
    draft: VendorDraft
    active: bool
    use: Use

    @property
    def frozen(self) -> int:
        return self.use.bookings


@dataclass(frozen=True, slots=True)
class VendorName:
    id: UUID
    name: str
    code: str


@dataclass(frozen=True, slots=True)
class Deactivated:
    """A vendor or trip is not offered any more, with the `trips` that went along; `use` is what was sold and
    stays."""

    id: UUID
    trips: tuple[UUID, ...]
    use: Use


class VendorService:
    def __init__(self, database: Database) -> None:
        self._db = database

    def names(self, actor: Actor) -> tuple[VendorName, ...]:
        """The vendors that are active, by name: for choosing one."""
        require(actor, Permission.CATALOGUE_WRITE)
        with self._db.read() as view:
            return tuple(VendorName(vendor.id, vendor.name, vendor.code) for vendor in view.vendors.names())

    def detail(self, actor: Actor, vendor_id: UUID) -> VendorDetail:
        """Raises `NotFound`."""
        require(actor, Permission.CATALOGUE_WRITE)
        with self._db.read() as view:
            vendor = view.vendors.get(vendor_id)
            use = use_of_vendor(view.session, vendor_id, view.clock.now())
            return VendorDetail(vendor.id, draft_of(vendor), vendor.active, use)

    def create(self, actor: Actor, draft: VendorDraft) -> UUID:
        """Raises `InvalidInput` naming the field."""
        require(actor, Permission.CATALOGUE_WRITE)
        fresh = checked(draft)
        with self._db.write(Commit.CATALOGUE_SAVE, actor) as work:
            _code_is_free(work, fresh["code"], None)
            vendor = make(work, fresh)
            work.audit("vendor.create", "vendor", vendor.id, name=vendor.name)
            told(work, "vendor", vendor.id, Change.CREATED)
            work.commit()
        return vendor.id

    def update(
        self, actor: Actor, vendor_id: UUID, draft: VendorDraft, *, before: VendorDraft | None = None
    ) -> VendorDetail:
        """Change a vendor. Bookings already made keep the rate and holdback that were frozen onto them.

        `before` is what the form began with: `ChangedMeanwhile` where it is not so any more. Raises `InvalidInput`
        naming the field, `NotFound`."""
        require(actor, Permission.CATALOGUE_WRITE)
        fresh = checked(draft)
        with self._db.write(Commit.CATALOGUE_SAVE, actor) as work:
            vendor = work.vendors.get(vendor_id)
            if before is not None and draft_of(vendor) != before:
                raise ChangedMeanwhile("Somebody else changed this vendor in the meantime.")
            _code_is_free(work, fresh["code"], vendor_id)
            apply(work, vendor, fresh)
            use = use_of_vendor(work.session, vendor_id, work.now)
            work.commit()
        return VendorDetail(vendor.id, draft_of(vendor), vendor.active, use)

    def deactivate(self, actor: Actor, vendor_id: UUID, *, sold_stays: bool = False) -> Deactivated:
        """Offer nothing of a vendor any more: their trips are deactivated too.

        While departures to come are sold or held it is refused with `InUse`, which says how many, unless the person
        has read that and says that what is sold stays (`sold_stays`). Raises `NotFound`."""
        require(actor, Permission.CATALOGUE_WRITE)
        with self._db.write(Commit.CATALOGUE_SAVE, actor) as work:
            vendor = work.vendors.get(vendor_id)
            use = use_of_vendor(work.session, vendor_id, work.now)
            if not sold_stays:
                refuse_sold(use, f"{vendor.name} cannot be deactivated without a word")
            trips = [trip for trip in work.trips.of_vendor(vendor_id) if trip.active]
            for trip in trips:
                trip.active = False
                told(work, "trip", trip.id, Change.UPDATED)
            vendor.active = False
            ids = [str(trip.id) for trip in trips]
            work.audit("vendor.deactivate", "vendor", vendor.id, trips=ids, bookings=use.live)
            told(work, "vendor", vendor.id, Change.UPDATED)
            work.commit()
        return Deactivated(vendor.id, tuple(trip.id for trip in trips), use)

    def activate(self, actor: Actor, vendor_id: UUID, trips: Sequence[UUID] = ()) -> None:
        """Take a vendor back, with those of their trips. Raises `NotFound`, also for a trip of another vendor."""
        require(actor, Permission.CATALOGUE_WRITE)
        with self._db.write(Commit.CATALOGUE_SAVE, actor) as work:
            vendor = work.vendors.get(vendor_id)
            vendor.active = True
            theirs = {trip.id: trip for trip in work.trips.of_vendor(vendor_id)}
            for trip_id in trips:
                trip = theirs.get(trip_id)
                if trip is None:
                    raise NotFound("There is no such trip of this vendor.")
                trip.active = True
                told(work, "trip", trip.id, Change.UPDATED)
            work.audit("vendor.activate", "vendor", vendor.id, trips=[str(trip_id) for trip_id in trips])
            told(work, "vendor", vendor.id, Change.UPDATED)
            work.commit()


def checked(draft: VendorDraft) -> dict[str, Any]:
    """The columns of a vendor, cleaned. Raises `InvalidInput` naming every field at fault."""
    faults = Faults()
    fresh = {
        "name": faults.read("", clean_line, draft.name, "name", lengths.TITLE),
        "commission_bps": faults.read(0, check_bps, draft.commission_bps, "commission_bps"),
        "holdback_days": faults.read(0, _holdback, draft.holdback_days),
        "email": faults.read("", clean_email, draft.email, required=False),
        "phone": faults.read("", clean_phone, draft.phone, required=False),
        "legal": faults.read("", clean_line, draft.legal, "legal", lengths.LEGAL, required=False),
        "code": faults.read("", clean_code, draft.code),
    }
    faults.end()
    return fresh


def _holdback(days: int) -> int:
    if type(days) is not int or not 0 <= days <= LONGEST_HOLDBACK:
        raise InvalidInput("The holdback is 0 to 365 days.", field="holdback_days")
    return days


def make(work: UnitOfWork, fresh: dict[str, Any]) -> Vendor:
    """Write a new vendor of checked columns."""
    return work.vendors.save(Vendor(**fresh, search=found_by(fresh), active=True))


def apply(work: UnitOfWork, vendor: Vendor, fresh: dict[str, Any]) -> bool:
    """Write what differs onto a vendor, with audit and event; trips are found by their vendor's name, so theirs
    follows. Whether anything differed."""
    before = {name: getattr(vendor, name) for name in fresh}
    if before == fresh:
        return False
    for name, value in fresh.items():
        setattr(vendor, name, value)
    vendor.search = found_by(fresh)
    if before["name"] != fresh["name"]:
        for trip in work.trips.of_vendor(vendor.id):
            trip.search = search_of(trip, vendor.name)
    work.vendors.update(vendor)
    work.audit("vendor.update", "vendor", vendor.id, **difference(before, fresh))
    told(work, "vendor", vendor.id, Change.UPDATED)
    return True


def found_by(fresh: Mapping[str, Any]) -> str:
    """What a vendor of these columns is found by."""
    return fold(" ".join(fresh[name] for name in ("name", "legal", "code", "email")))


def search_of(trip: Trip, vendor_name: str) -> str:
    """What a trip is found by."""
    return fold(f"{trip.title} {trip.place} {trip.country} {vendor_name} {trip.code}")


def draft_of(vendor: Vendor) -> VendorDraft:
    """A vendor as the form that would save it so."""
    return VendorDraft(
        name=vendor.name,
        legal=vendor.legal,
        email=vendor.email,
        phone=vendor.phone,
        commission_bps=vendor.commission_bps,
        holdback_days=vendor.holdback_days,
        code=vendor.code,
    )


def refuse_sold(use: Use, what: str) -> None:
    """Raises `InUse` where departures to come are sold, held or waited for."""
    parts = [
        counted(count, one, many)
        for count, one, many in (
            (use.live, "booking", ""),
            (use.held, "hold", ""),
            (use.waits, "person who waits", "people who wait"),
        )
        if count
    ]
    if parts:
        raise InUse(
            f"{what}: {there(parts)} of departures to come.",
            hint="They stay as they were sold, and the trips still run; nothing new is sold. Confirm that, or "
            "cancel or rebook them first.",
        )


def _code_is_free(work: UnitOfWork, code: str, own: UUID | None) -> None:
    other = work.vendors.find_by_code(code)
    if other is not None and other.id != own:
        raise InvalidInput(f"{other.name} has this code already.", hint="Choose another.", field="code")
