"""What a change of a booking would do, as it is shown before anything is done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from travellr_desktop.domain.commission import split
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.party import TravellerType
from travellr_desktop.domain.refund_quote import LineQuote, RefundQuote
from travellr_desktop.domain.ways import Way
from travellr_desktop.services import giving_back, posting, what_if
from travellr_desktop.services.amendments import ChangeKind, Plan, PlannedLine, money_entries
from travellr_desktop.services.giving_back import standing
from travellr_desktop.services.what_if import BackWay, BalanceChange, EntryPreview
from travellr_desktop.storage.models import Booking, BookingLine, Departure
from travellr_desktop.storage.uow import Reading


@dataclass(frozen=True, slots=True)
class LineChange:
    """One traveller before and after. `before` None is one who joins, `after` None one who leaves; of that one `kept`
    and `back` say what becomes of the price, and `why`. `discount` is what is taken off after the change."""

    position: int
    name: str
    old_name: str
    type: TravellerType
    old_type: TravellerType
    age: int | None
    before: Money | None
    after: Money | None
    discount: Money
    kept: Money | None = None
    back: Money | None = None
    why: str = ""

    @property
    def changed(self) -> bool:
        return self.before != self.after or (self.name, self.type) != (self.old_name, self.old_type)


@dataclass(frozen=True, slots=True)
class Going:
    """The departure that a booking is on."""

    departure_id: UUID
    title: str
    starts_at: datetime
    zone: str


@dataclass(frozen=True, slots=True)
class ChangePreview:
    """What a change would do. Nothing has moved. `difference` is what would be paid (above zero) or go back (below);
    it must be handed to `apply`, which refuses if it has become another. `balances` are those of the ledger,
    `earnings` what vendor and agency will earn by the booking when the trip is done. `policy_why` and `next_change`
    are about travellers who leave: until then nothing changes, after it `next_back` would go back. `needs_second`: more
    goes back than one person may give, the agency's `limit`; it is asked for as a refund
    (`refund_asks.ask_of_change`)."""

    booking_id: UUID
    reference: str
    kind: ChangeKind
    traveller_name: str
    lines: tuple[LineChange, ...]
    old: Going
    new: Going
    old_price: Money
    price: Money
    paid: Money
    kept: Money
    difference: Money
    ways: tuple[BackWay, ...]
    balances: tuple[BalanceChange, ...]
    earnings: tuple[BalanceChange, ...]
    entries: tuple[EntryPreview, ...]
    policy_name: str
    policy_why: str
    next_change: datetime | None
    next_back: Money | None
    needs_second: bool = False
    limit: Money | None = None

    @property
    def to_pay(self) -> Money:
        return self.difference if self.difference.minor > 0 else Money.zero(self.difference.currency)

    @property
    def back(self) -> Money:
        return -self.difference if self.difference.minor < 0 else Money.zero(self.difference.currency)


def difference(plan: Plan, currency: str) -> Money:
    """What is to be paid for a plan, or goes back."""
    return Money(plan.to_pay - plan.back, currency)


def build(view: Reading, booking: Booking, plan: Plan, quote: RefundQuote | None, way: Way) -> ChangePreview:
    """What a plan would do if the difference were paid in `way`."""
    currency = booking.currency
    ways: what_if.Ways = {}
    what_if.add_ways(ways, giving_back.back_ways(view, booking.id, plan.back + plan.goodwill))
    entries = what_if.entry_previews(money_entries(view, booking, plan))
    if plan.to_pay:
        paid = {booking.id: Money(plan.to_pay, currency)}
        entries += what_if.entry_previews(posting.came_in(paid, way))
    entries += what_if.accepted(ways.values())
    departure = view.departures.get(plan.departure_id)
    title = booking.trip.title if plan.trip_id == booking.trip_id else view.trips.get(plan.trip_id).title
    waits = quote is not None and not quote.goodwill  # beyond the policy no day changes it
    later = None if quote is None or quote.next_kept is None or not waits else quote.paid - quote.next_kept
    return ChangePreview(
        booking_id=booking.id,
        reference=booking.reference,
        kind=plan.kind,
        traveller_name=booking.traveller.name,
        lines=_lines(booking, plan, quote),
        old=going(booking.departure, booking.trip.title),
        new=going(departure, title),
        old_price=Money(booking.price, currency),
        price=Money(plan.price, currency),
        paid=Money(giving_back.left(view, (booking,))[booking.id], currency),
        kept=Money(sum(end.kept for end in plan.ended), currency),
        difference=difference(plan, currency),
        ways=tuple(ways.values()),
        balances=what_if.balances(view, (booking,), entries, booking.traveller.name),
        earnings=_earnings(booking, plan),
        entries=tuple(entries),
        policy_name=str(booking.policy.get("name", "")),
        policy_why="" if quote is None else what_if.why_kept(booking, quote),
        next_change=quote.next_change if quote is not None and waits else None,
        next_back=None if later is None else Money(later, currency),
    )


def going(departure: Departure, title: str) -> Going:
    return Going(departure.id, title, departure.starts_at, departure.zone)


def _lines(booking: Booking, plan: Plan, quote: RefundQuote | None) -> tuple[LineChange, ...]:
    planned = {line.position: line for line in plan.lines}
    there = standing(booking)
    ended = {} if quote is None else {there[each.index].position: each for each in quote.lines}
    why = "" if quote is None else what_if.why_kept(booking, quote)
    found = [
        _line(booking, line, planned.pop(line.position, None), ended.get(line.position), why)
        for line in booking.lines
        if line.ended_at is None
    ]
    return tuple(found) + tuple(_joining(booking, line) for line in planned.values())


def _joining(booking: Booking, line: PlannedLine) -> LineChange:
    return LineChange(
        position=line.position,
        name=line.name,
        old_name=line.name,
        type=line.type,
        old_type=line.type,
        age=line.age,
        before=None,
        after=Money(line.price, booking.currency),
        discount=Money(line.discount, booking.currency),
    )


def _line(
    booking: Booking, line: BookingLine, planned: PlannedLine | None, quote: LineQuote | None, why: str
) -> LineChange:
    def money(minor: int) -> Money:
        return Money(minor, booking.currency)

    after = line.price if planned is None else planned.price
    return LineChange(
        position=line.position,
        name=line.name if planned is None else planned.name,
        old_name=line.name,
        type=line.traveller_type if planned is None else planned.type,
        old_type=line.traveller_type,
        age=line.age if planned is None else planned.age,
        before=money(line.price),
        after=None if quote is not None else money(after),
        discount=money(line.discount if planned is None else planned.discount),
        kept=None if quote is None else money(quote.kept - quote.goodwill),
        back=None if quote is None else money(quote.back),
        why="" if quote is None else why,
    )


def _earnings(booking: Booking, plan: Plan) -> tuple[BalanceChange, ...]:
    had = split(booking.price, booking.commission_bps, giving_back.own_discount(booking))
    gets = split(plan.price, booking.commission_bps, _own_after(booking, plan))
    note = "When the trip is done"
    return (
        what_if.row(booking.vendor.name, note, had.net, gets.net - had.net, booking.currency),
        what_if.row("Agency", note, had.commission, gets.commission - had.commission, booking.currency),
    )


def _own_after(booking: Booking, plan: Plan) -> int:
    own = {line.position: line.own_discount for line in booking.lines if line.ended_at is None}
    own |= {line.position: line.own_discount for line in plan.lines}
    return sum(own.values()) - sum(own[end.position] for end in plan.ended)
