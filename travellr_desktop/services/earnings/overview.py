"""A vendor's earnings: by currency, by month of travel, by trip; and what the agency has on file of them.

A vendor's person asks about their own vendor; of any other they are told what is told of one that is not there.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from uuid import UUID

from travellr_desktop.domain.ledger import LedgerEvent
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.payouts.earning import HELD, Standing, Whereabouts, fates
from travellr_desktop.domain.payouts.figures import PartSum, figures
from travellr_desktop.domain.payouts.minimums import minimum_of
from travellr_desktop.domain.payouts.periods import period_of
from travellr_desktop.domain.periods import Period, day_bounds, month_of
from travellr_desktop.domain.permissions import Actor, Permission, require, require_own
from travellr_desktop.domain.states import PayoutState
from travellr_desktop.services.earnings.views import (
    Available,
    ByTravel,
    CurrencyEarnings,
    EarningsOverview,
    HeldPart,
    MonthRow,
    PayoutRow,
    Places,
    ProfileRate,
    Span,
    TripRow,
    VendorProfile,
)
from travellr_desktop.services.rates import RateStanding, vendor_rates
from travellr_desktop.services.today import today
from travellr_desktop.storage.models import Vendor
from travellr_desktop.storage.repositories.earnings import (
    EarningsRepository,
    HeldSum,
    OpenSum,
    PayoutLook,
    PayoutSum,
)
from travellr_desktop.storage.uow import Database, Reading

NEWEST = 3
"""How many payouts the overview has."""

_PLACE = {
    Whereabouts.PAID: "paid",
    Whereabouts.IN_TRANSIT: "in_transit",
    Whereabouts.APPROVED: "available",
    Whereabouts.AVAILABLE: "available",
    **dict.fromkeys(HELD, "held"),
}


class EarningsService:
    def __init__(self, database: Database) -> None:
        self._db = database

    def overview(self, actor: Actor, vendor_id: UUID) -> EarningsOverview:
        """Raises `NotFound`, also for another vendor than one's own."""
        require(actor, Permission.EARNINGS_READ)
        with self._db.read() as view:
            vendor = _vendor(view, actor, vendor_id)
            return _overview(view, vendor)

    def by_travel(self, actor: Actor, vendor_id: UUID, currency: str, span: Span) -> ByTravel:
        """By month of travel and by trip. Raises as `overview`."""
        require(actor, Permission.EARNINGS_READ)
        with self._db.read() as view:
            vendor = _vendor(view, actor, vendor_id)
            return _by_travel(view, vendor.id, currency, _months(today(view), span))

    def payouts(self, actor: Actor, vendor_id: UUID, currency: str | None = None) -> tuple[PayoutRow, ...]:
        """Every payout that was not replaced by another try, newest first. Raises as `overview`."""
        require(actor, Permission.EARNINGS_READ)
        with self._db.read() as view:
            vendor = _vendor(view, actor, vendor_id)
            found = EarningsRepository(view.connection).payouts(vendor.id, currency)
            return tuple(_payout(row) for row in found if not row.retried)

    def profile(self, actor: Actor, vendor_id: UUID) -> VendorProfile:
        """Raises as `overview`."""
        require(actor, Permission.EARNINGS_READ)
        with self._db.read() as view:
            vendor = _vendor(view, actor, vendor_id)
            rates, agency = vendor_rates(view, vendor.id), view.agency.get()
            return VendorProfile(
                vendor_id=vendor.id,
                name=vendor.name,
                legal=vendor.legal,
                email=vendor.email,
                phone=vendor.phone,
                address=vendor.address,
                country=vendor.country,
                tax_number=vendor.tax_number,
                commission_bps=rates.now_bps,
                holdback_days=vendor.holdback_days,
                rates=tuple(
                    ProfileRate(row.title, row.bps, row.from_day)
                    for row in rates.rows
                    if row.standing is not RateStanding.OVER
                ),
                agency=agency.name,
                agency_contact=agency.contact,
            )


def _vendor(view: Reading, actor: Actor, vendor_id: UUID) -> Vendor:
    require_own(actor, vendor_id, "vendor")
    return view.vendors.get(vendor_id)


def _overview(view: Reading, vendor: Vendor) -> EarningsOverview:
    agency, now, day = view.agency.get(), view.clock.now(), today(view)
    repository = EarningsRepository(view.connection)
    year, _ = day_bounds(day.replace(month=1, day=1), agency.zone)
    opened = repository.open_sums(vendor.id, now)
    held = [*repository.open_bookings(vendor.id, now), *repository.to_come(vendor.id)]
    moved = repository.payout_sums(vendor.id, year)
    newest = repository.payouts(vendor.id)
    known = {each.currency for some in (opened, held, moved, newest) for each in some}
    weight = {code: sum(each.bookings for each in held if each.currency == code) for code in known}
    currencies = []
    for code in sorted(known):
        minimum = minimum_of(code, vendor.payout_minimums, agency.payout_minimums)
        currencies.append(
            _currency(
                repository,
                vendor.id,
                code,
                now,
                [each for each in opened if each.currency == code],
                [each for each in held if each.currency == code],
                [each for each in moved if each.currency == code],
                [each for each in newest if each.currency == code and not each.retried],
                None if minimum is None else Money(minimum, code),
            )
        )
    week = period_of(vendor.schedule, Period(day, day), agency.payout_weekday)
    return EarningsOverview(
        vendor_id=vendor.id,
        name=vendor.name,
        now=now,
        zone=agency.zone,
        year=day.year,
        schedule=vendor.schedule,
        goes_out=week.last + timedelta(days=1),
        currencies=tuple(currencies),
        main=max(sorted(known), key=lambda code: weight[code], default=""),
    )


def _currency(
    repository: EarningsRepository,
    vendor_id: UUID,
    code: str,
    now: datetime,
    opened: list[OpenSum],
    held: list[HeldSum],
    moved: list[PayoutSum],
    payouts: list[PayoutLook],
    minimum: Money | None,
) -> CurrencyEarnings:
    def money(minor: int) -> Money:
        return Money(minor, code)

    at, since = _moved(moved, since=False), _moved(moved, since=True)
    sums = defaultdict(int, {each.place: 0 for each in held})
    for each in held:
        sums[each.place] += each.amount
    standing = Standing(
        not_travelled=sums[Whereabouts.NOT_TRAVELLED],
        holdback=sums[Whereabouts.HOLDBACK],
        disputed=sums[Whereabouts.DISPUTED],
        available=sums[Whereabouts.AVAILABLE],
        approved=sum(row.amount for row in payouts if row.state is PayoutState.APPROVED),
        in_transit=at[LedgerEvent.PAYOUT_SENDING]
        - at[LedgerEvent.PAYOUT_SENT]
        - at[LedgerEvent.PAYOUT_FAILED],
        paid=_paid(at),
    )
    free_next = repository.free_next(vendor_id, code, now)
    return CurrencyEarnings(
        currency=code,
        earned=money(standing.earned),
        available=_available(code, standing, opened, held),
        held=money(standing.held),
        parts=tuple(_held_parts(code, held)),
        next_free=None if free_next is None else money(free_next[0]),
        next_at=None if free_next is None else free_next[1],
        disputed=tuple(reference for reference, _due in repository.disputed(vendor_id, code)),
        in_transit=money(standing.in_transit),
        paid=money(standing.paid),
        paid_in_year=money(_paid(since)),
        payouts=tuple(_payout(row) for row in payouts[:NEWEST]),
        minimum=minimum,
    )


def _moved(moved: Iterable[PayoutSum], *, since: bool) -> Mapping[LedgerEvent, int]:
    found: defaultdict[LedgerEvent, int] = defaultdict(int)
    for each in moved:
        found[each.event] += each.since if since else each.amount
    return found


def _paid(at: Mapping[LedgerEvent, int]) -> int:
    """What has left, less what was taken back or returned."""
    return at[LedgerEvent.PAYOUT_SENT] - at[LedgerEvent.TRANSFER_REVERSED] - at[LedgerEvent.PAYOUT_RETURNED]


def _available(
    code: str, standing: Standing, opened: Iterable[OpenSum], held: Iterable[HeldSum]
) -> Available:
    lines = [each for each in opened if each.place is Whereabouts.AVAILABLE]
    found = figures(
        PartSum(each.part, each.amount, each.commission, each.lines, each.carried) for each in lines
    )

    def money(minor: int) -> Money:
        return Money(minor, code)

    return Available(
        total=money(standing.free),
        bookings=sum(each.new for each in held if each.place is Whereabouts.AVAILABLE),
        retail=money(found.gross),
        commission=money(found.commission),
        refunds=money(found.refunds),
        adjustments=money(found.adjustments),
        carried=money(found.carried_in),
        approved=money(standing.approved),
        bps=_round_share(found.gross, -found.commission),
    )


def _round_share(whole: int, part: int) -> int | None:
    """The per cents that a part is of a whole, where they are whole ones to within rounding; else None."""
    if whole <= 0 or part < 0:
        return None
    per_cent = (200 * part + whole) // (2 * whole)
    return per_cent * 100 if abs(part * 100 - per_cent * whole) * 50 <= whole else None


def _held_parts(code: str, held: Iterable[HeldSum]) -> Iterator[HeldPart]:
    """What waits for each reason; those for which nothing does are left out."""
    found = list(held)
    for why in HELD:
        sums = [each for each in found if each.place is why]
        if not sums:
            continue
        waits = why is not Whereabouts.DISPUTED
        yield HeldPart(
            why=why,
            amount=Money(sum(each.amount for each in sums), code),
            bookings=sum(each.bookings for each in sums),
            first=min(each.first for each in sums) if waits else None,
            last=max(each.last for each in sums) if waits else None,
        )


def _payout(row: PayoutLook) -> PayoutRow:
    return PayoutRow(
        id=row.id,
        amount=Money(row.amount, row.currency),
        state=row.state,
        label=row.label,
        at=row.ended_at or row.created_at,
        statement_id=row.statement_id,
        statement=row.statement,
    )


def _months(day: date, span: Span) -> Period:
    this = month_of(day)
    if span is Span.THIS_YEAR:
        return Period(day.replace(month=1, day=1), day.replace(month=12, day=31))
    month = this.first
    for _ in range(11):
        month = month_of(month - timedelta(days=1)).first
    return Period(month, this.last)


def _by_travel(view: Reading, vendor_id: UUID, currency: str, period: Period) -> ByTravel:
    repository = EarningsRepository(view.connection)
    fate = fates(repository.fates(vendor_id))
    months: dict[str, _Sums] = {}
    trips: dict[UUID, _Sums] = {}
    titles: dict[UUID, str] = {}
    for piece in repository.pieces(vendor_id, currency, period.first, period.last, view.clock.now()):
        place = _PLACE[piece.place if piece.payout_id is None else fate[piece.payout_id]]
        months.setdefault(piece.month, Counter())[place] += piece.amount
        trips.setdefault(piece.trip_id, Counter())[place] += piece.amount
        titles[piece.trip_id] = piece.title
    rows = [TripRow(key, titles[key], _places(sums, currency)) for key, sums in trips.items()]
    return ByTravel(
        currency=currency,
        first=period.first,
        last=period.last,
        months=tuple(
            MonthRow(first, _places(months.get(f"{first:%Y-%m}", Counter()), currency))
            for first in _firsts(period)
        ),
        trips=tuple(sorted(rows, key=lambda row: (-row.places.total.minor, row.title))),
    )


_Sums = Counter[str]
"""Minor units by place."""


def _firsts(period: Period) -> Iterator[date]:
    """The first day of each month."""
    first = period.first
    while first <= period.last:
        yield first
        first = month_of(first).last + timedelta(days=1)


def _places(sums: _Sums, currency: str) -> Places:
    return Places(*(Money(sums[name], currency) for name in ("paid", "in_transit", "available", "held")))
