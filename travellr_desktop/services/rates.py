"""The agency's share as it was agreed with a vendor, for one trip or for all, from a day on.

A booking keeps the share at which it was sold, whatever is agreed later: a rate whose first day lies behind us is for
what is sold from now on, and the answer says how many bookings keep theirs.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from travellr_desktop.domain import lengths
from travellr_desktop.domain.agreed_rates import AgreedRate, rate_on
from travellr_desktop.domain.faults import Faults
from travellr_desktop.domain.money import check_bps
from travellr_desktop.domain.periods import day_bounds
from travellr_desktop.domain.permissions import Actor, Permission, require
from travellr_desktop.domain.text import clean_line
from travellr_desktop.errors import InvalidInput, NotFound, WrongState
from travellr_desktop.events import EarningsChanged
from travellr_desktop.services.today import today
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.models import CommissionRate
from travellr_desktop.storage.repositories.agreed import RateRepository
from travellr_desktop.storage.uow import Database, Reading, UnitOfWork

FIRST, FARTHEST = 2000, 3
"""No rate begins before that year, or more than so many years from now: beyond it somebody's finger slipped."""


class RateStanding(StrEnum):
    COMING = "coming"  # begins on a later day, and can be taken back
    IN_FORCE = "in_force"
    OVER = "over"  # a later one has begun in its place


@dataclass(frozen=True, slots=True)
class RateDraft:
    """`bps` is the agency's share in 1/100 of a per cent; `from_day` in the agency's zone. Without `trip_id` for all
    trips of the vendor that have no rate of their own."""

    vendor_id: UUID
    bps: int
    from_day: date
    trip_id: UUID | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class RateRow:
    """`title` of its trip, "" where it is for all; `by` who wrote it down."""

    id: UUID
    trip_id: UUID | None
    title: str
    bps: int
    from_day: date
    note: str
    standing: RateStanding
    by: str


@dataclass(frozen=True, slots=True)
class VendorRates:
    """`own_bps` is the vendor's share of the agency where nothing was agreed, `now_bps` what a sale has today where its
    trip has no rate of its own. The rows are newest first."""

    own_bps: int
    now_bps: int
    rows: tuple[RateRow, ...]


@dataclass(frozen=True, slots=True)
class RateAgreed:
    """`kept` bookings were sold from its first day on, and keep the share that they were sold at."""

    id: UUID
    kept: int


class RateService:
    def __init__(self, database: Database) -> None:
        self._db = database

    def of_vendor(self, actor: Actor, vendor_id: UUID) -> VendorRates:
        """Raises `NotFound`."""
        require(actor, Permission.VENDOR_MONEY)
        with self._db.read() as view:
            return vendor_rates(view, vendor_id)

    def kept(self, actor: Actor, draft: RateDraft) -> int:
        """How many bookings would keep what they were sold at, if this were agreed now. Raises as `agree`."""
        require(actor, Permission.VENDOR_MONEY)
        with self._db.read() as view:
            _checked(view, draft)
            return _kept(view, draft)

    def agree(self, actor: Actor, draft: RateDraft) -> RateAgreed:
        """Have a rate from a day on. The same again changes nothing. Raises `InvalidInput` naming every field at fault,
        `NotFound` for a vendor or a trip of theirs that is not there."""
        require(actor, Permission.VENDOR_MONEY)
        with self._db.write(Commit.RATE_SAVE, actor) as work:
            note = _checked(work, draft)
            rates = RateRepository(work.session)
            alike = rates.alike(draft.vendor_id, draft.trip_id)
            same_day = [row for row in alike if row.from_day == draft.from_day]
            if same_day and (same_day[-1].bps, same_day[-1].note) == (draft.bps, note):
                row = same_day[-1]
            else:
                row = rates.save(
                    CommissionRate(
                        vendor_id=draft.vendor_id,
                        trip_id=draft.trip_id,
                        bps=draft.bps,
                        from_day=draft.from_day,
                        note=note,
                        created_at=work.now,
                        created_by=actor.user_id,
                    )
                )
                _tell(work, row, "rate.agree")
            agreed = RateAgreed(row.id, _kept(work, draft))
            work.commit()
        return agreed

    def take_back(self, actor: Actor, rate_id: UUID) -> None:
        """A rate that has not begun is not agreed after all. Raises `WrongState` for one that has, `NotFound`."""
        require(actor, Permission.VENDOR_MONEY)
        with self._db.write(Commit.RATE_SAVE, actor) as work:
            row = RateRepository(work.session).get(rate_id)
            if row.ended_at is not None:
                return
            if row.from_day <= today(work):
                raise WrongState(
                    "This rate holds already: what was sold at it keeps it.",
                    hint="Agree another one from today or a later day on.",
                )
            row.ended_at = work.now
            _tell(work, row, "rate.take_back")
            work.commit()


def vendor_rates(view: Reading, vendor_id: UUID) -> VendorRates:
    """What is agreed with a vendor, as of today in the agency's zone. Raises `NotFound`."""
    vendor, now = view.vendors.get(vendor_id), today(view)
    found = RateRepository(view.session).standing(vendor_id)
    holding: dict[UUID | None, CommissionRate] = {}
    for row, _title, _by in found:
        held = holding.get(row.trip_id)
        if row.from_day <= now and (held is None or held.from_day <= row.from_day):
            holding[row.trip_id] = row
    rows = [
        RateRow(
            id=row.id,
            trip_id=row.trip_id,
            title=title or "",
            bps=row.bps,
            from_day=row.from_day,
            note=row.note,
            standing=RateStanding.COMING
            if row.from_day > now
            else RateStanding.IN_FORCE
            if holding[row.trip_id] is row
            else RateStanding.OVER,
            by=by or "",
        )
        for row, title, by in found
    ]
    general = [AgreedRate(row.from_day, row.bps) for row, _title, _by in found if row.trip_id is None]
    return VendorRates(
        own_bps=vendor.commission_bps,
        now_bps=rate_on(now, general, vendor.commission_bps),
        rows=tuple(sorted(rows, key=lambda row: (row.from_day, row.id), reverse=True)),
    )


def _checked(view: Reading, draft: RateDraft) -> str:
    """The note, cleaned. Raises `InvalidInput` naming every field at fault, `NotFound`."""
    view.vendors.get(draft.vendor_id)
    if draft.trip_id is not None:
        trip = view.trips.find_by_id(draft.trip_id)
        if trip is None or trip.vendor_id != draft.vendor_id:
            raise NotFound("There is no such trip of this vendor.")
    faults = Faults()
    faults.read(0, check_bps, draft.bps, "bps")
    note = faults.read("", clean_line, draft.note, "note", lengths.REASON, required=False)
    last = today(view).year + FARTHEST
    if not FIRST <= draft.from_day.year <= last:
        faults.add(InvalidInput(f"A rate begins between {FIRST} and {last}.", field="from_day"))
    faults.end()
    return note


def _kept(view: Reading, draft: RateDraft) -> int:
    if draft.from_day > today(view):
        return 0
    since, _ = day_bounds(draft.from_day, view.agency.get().zone)
    return RateRepository(view.session).sold_since(draft.vendor_id, draft.trip_id, since)


def _tell(work: UnitOfWork, row: CommissionRate, action: str) -> None:
    work.audit(
        action,
        "vendor",
        row.vendor_id,
        bps=row.bps,
        from_day=row.from_day.isoformat(),
        trip=None if row.trip_id is None else str(row.trip_id),
    )
    work.publish(EarningsChanged(aggregate_id=row.vendor_id, timestamp=work.now))
