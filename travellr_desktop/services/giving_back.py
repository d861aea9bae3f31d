"""Money that goes back: what a policy gives, ending a booking, its seats free again, a refund row for each payment.

Within the caller's transaction; what goes through a provider is sent after the commit (`services.refunding`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from travellr_desktop.domain import cancellation, ledger
from travellr_desktop.domain.cancellation import Quote
from travellr_desktop.domain.commission import Kept
from travellr_desktop.domain.ledger import Account, Bearer, LedgerEvent
from travellr_desktop.domain.money import Money, spread
from travellr_desktop.domain.refund_quote import Booked, RefundTo, refund_quote
from travellr_desktop.domain.states import (
    BookingState,
    HoldState,
    PaymentState,
    RefundState,
    advance,
    is_open,
)
from travellr_desktop.domain.ways import Way
from travellr_desktop.services import credit, freeing
from travellr_desktop.services.back_in_steps import in_steps
from travellr_desktop.services.posting import (
    available_at,
    cancelled,
    post,
    publish_refund,
    went_back,
)
from travellr_desktop.storage.models import Booking, BookingLine, Payment, Refund
from travellr_desktop.storage.uow import Reading, UnitOfWork


def quote(booking: Booking, paid: int, now: datetime, *, step: int = 1) -> Quote:
    """What the policy frozen on a booking keeps and gives back of `paid` (minor units) at `now`, in `step`s."""
    return refund_quote(booked(booking, paid), now=now, step=step).to_post()


def booked(booking: Booking, paid: int) -> Booked:
    """A booking, read whole, as its refund sees it: `paid` minor units are there for the travellers who stand on it."""
    return Booked(
        policy=cancellation.Policy.from_json(booking.policy),
        prices=[line.price for line in standing(booking)],
        deposit=booking.deposit,
        paid=paid,
        currency=booking.currency,
        departs_at=booking.departure.starts_at,
        zone=booking.departure.zone,
        booked_at=booking.created_at,
    )


def standing(booking: Booking) -> list[BookingLine]:
    """The travellers who go, in their order."""
    return [line for line in booking.lines if line.ended_at is None]


def left(reading: Reading, bookings: Sequence[Booking]) -> dict[UUID, int]:
    """What has come in for each booking, read whole, and is there for its price still: not promised back, and not
    kept of travellers who were cancelled. Minor units. What was promised and failed stays owed, and is not left."""
    ids = [booking.id for booking in bookings]
    if reading.of_vendor:  # what there is of it is in the books alone, and nothing is to be given back here
        return reading.ledger.funds(ids)
    paid, promised = reading.payments.paid(ids), reading.refunds.approved(ids)
    lost = reading.disputes.lost_funds(ids)
    return {
        each.id: paid[each.id] - promised[each.id] - kept_of_lines(each) - lost[each.id] for each in bookings
    }


def kept_of_lines(booking: Booking) -> int:
    """What the policy kept of travellers who were taken off a booking, in minor units."""
    return sum(line.kept for line in booking.lines if line.ended_at is not None)


def own_discount(booking: Booking) -> int:
    """The part of a booking's discounts that the agency alone bears, on the lines that stand."""
    return sum(line.own_discount for line in booking.lines if line.ended_at is None)


def kept_before(reading: Reading, booking: Booking) -> tuple[list[Kept], int]:
    """What was kept of travellers cancelled earlier, in that order, and what the vendor has of it."""
    fee = cancellation.Policy.from_json(booking.policy).fixed_fee
    ended = [(line.ended_at, line.position, line) for line in booking.lines if line.ended_at is not None]
    parts = [
        Kept(line.kept, line.price, min(fee, line.kept), line.own_discount)
        for _at, _position, line in sorted(ended, key=lambda each: each[:2])
    ]
    if not any(part.kept for part in parts):
        return parts, 0
    rows = reading.ledger.of_booking(booking.id)
    kept = (r for r in rows if r.event is LedgerEvent.KEPT and r.credit is Account.VENDOR_PAYABLE)
    return parts, sum(row.amount for row in kept)


def cancel_entries(reading: Reading, booking: Booking, quote: Quote) -> tuple[ledger.Entry, ...]:
    """What cancelling a booking writes into the ledger."""
    before, already = kept_before(reading, booking)
    return ledger.cancellation_entries(
        quote,
        commission_bps=booking.commission_bps,
        booking_id=booking.id,
        vendor_id=booking.vendor_id,
        available_at=available_at(booking),
        price=max(booking.price, quote.kept),
        own=own_discount(booking),
        before=before,
        already=already,
    )


def give_back_all(work: UnitOfWork, booking: Booking, reason: str) -> list[UUID]:
    """All that was paid for a booking goes back: the compensation of a payment that came too late."""
    paid = left(work, (booking,))[booking.id]
    return cancel(work, booking, _all_back(paid, booking.currency), reason)


def _all_back(paid: int, currency: str) -> Quote:
    return Quote(
        kept=0,
        fixed_fee=0,
        back=paid,
        currency=currency,
        tier=None,
        in_grace=False,
        next_change=None,
        next_back=None,
    )


@dataclass(frozen=True, slots=True)
class Terms:
    """How money of a booking goes back: by which request, to what, whose it is (minor units by the id of a line; in
    proportion to the prices where nothing is said), and how much of it goes beyond the policy at one party's cost.
    `excess`: it was paid too much, and all of it is `beyond`."""

    order_id: UUID | None = None
    to: RefundTo = RefundTo.PAYMENT
    parts: Mapping[UUID, int] | None = None
    beyond: int = 0
    borne_by: Bearer = Bearer.AGENCY
    excess: bool = False


PLAIN = Terms()


def cancel(work: UnitOfWork, booking: Booking, quote: Quote, reason: str, terms: Terms = PLAIN) -> list[UUID]:
    """End a booking that has not travelled: seats back, ledger, refund rows. Returns the refunds to be sent. What
    `terms` say goes beyond the policy comes on top of the quote's.

    A booking that is cancelled already only has its money given back."""
    if is_open(booking.state):
        booking.state = advance(booking.state, BookingState.CANCELLED)
        booking.ended_at, booking.end_reason = work.now, reason
        release_seats(work, booking, HoldState.RELEASED)
        work.bookings.update(booking)
    back = quote.back + terms.beyond
    post(work, (*cancel_entries(work, booking, quote), *beyond_entries(booking, terms)))
    work.publish(cancelled(work, booking, quote.kept, back, reason))
    return refund_rows(work, booking, back, reason, terms)


def beyond_entries(booking: Booking, terms: Terms) -> tuple[ledger.Entry, ...]:
    """What one party alone gives beyond the policy."""
    return ledger.goodwill_entries(
        Money(terms.beyond, booking.currency),
        borne_by=terms.borne_by,
        booking_id=booking.id,
        vendor_id=booking.vendor_id,
    )


def promise_back(work: UnitOfWork, booking: Booking, amount: int, reason: str) -> list[UUID]:
    """An amount goes back of a booking that stands: ledger and refund rows, the newest payment first. Returns the
    refunds to be sent."""
    post(work, ledger.promised_back_entries(Money(amount, booking.currency), booking_id=booking.id))
    return refund_rows(work, booking, amount, reason)


def release_seats(work: UnitOfWork, booking: Booking, to: HoldState) -> None:
    """The seats of a booking go back: its lines get up, its hold ends as `to` if it is still active."""
    freeing.end_bookings(work, [booking], to)


def refund_rows(
    work: UnitOfWork, booking: Booking, back: int, reason: str, terms: Terms = PLAIN
) -> list[UUID]:
    """A row for each payment that gets something back, the newest first, with what of it is whose, and one for what of
    it is less than the provider's step. Cash is handed over at once, and so is credit; what goes through the provider
    is sent after the commit."""
    to_send: list[UUID] = []
    ways = in_steps(back_ways(work, booking.id, back, excess=terms.excess), terms.to)
    whose = list((_whose(booking, back) if terms.parts is None else terms.parts).items())
    within = back - terms.beyond
    for way in ways:
        plain = min(way.amount, within)
        within -= plain
        refund = Refund(
            booking_id=booking.id,
            payment_id=way.payment.id,
            amount=way.amount,
            currency=booking.currency,
            state=RefundState.APPROVED,
            reason=reason,
            created_at=work.now,
            created_by=work.actor.user_id,
            worker=work.worker,
            desk_id=work.desk_id,
            order_id=terms.order_id,
            destination=way.to,
            beyond=way.amount - plain,
            excess=terms.excess,
        )
        work.refunds.save(refund)
        work.refund_orders.add_lines(refund.id, _take(whose, way.amount))
        if hand_over(work, refund, way.payment, booking.traveller_id):
            continue
        to_send.append(refund.id)
    return to_send


def hand_over(work: UnitOfWork, refund: Refund, payment: Payment, traveller_id: UUID) -> bool:
    """What is done in the caller's transaction: cash over the counter, credit with the agency. False where it has to be
    sent."""
    if refund.destination is RefundTo.CREDIT:
        accept_refund(work, refund, payment, RefundState.COMPLETED, ref=None)
        credit.give(work, refund, traveller_id)
        return True
    if payment.way in (Way.CASH, Way.BANK):  # handed over, or transferred by hand
        accept_refund(work, refund, payment, RefundState.COMPLETED, ref=None)
        return True
    return False


def _whose(booking: Booking, back: int) -> dict[UUID, int]:
    """What goes back of a whole booking, on its travellers in proportion to their prices."""
    lines = standing(booking) or list(booking.lines)
    return in_proportion(back, {line.id: line.price for line in lines})


def in_proportion(amount: int, weights: Mapping[UUID, int]) -> dict[UUID, int]:
    """An amount on lines by their weights; on all alike where none has any."""
    parts = spread(amount, list(weights.values()) if any(weights.values()) else [1] * len(weights))
    return dict(zip(weights, parts, strict=True))


def _take(whose: list[tuple[UUID, int]], amount: int) -> dict[UUID, int]:
    """The first `amount` of what goes back to travellers, taken out of the list."""
    found: dict[UUID, int] = {}
    while amount and whose:
        line_id, part = whose.pop(0)
        taken = min(part, amount)
        amount -= taken
        found[line_id] = found.get(line_id, 0) + taken
        if taken < part:
            whose.insert(0, (line_id, part - taken))
    return found


ALL = 2**62
"""More than any payment has: asks `back_ways` for all that is left."""


def back_ways(
    reading: Reading, booking_id: UUID, back: int, *, excess: bool = False
) -> list[tuple[Payment, int]]:
    """To which payments an amount goes back: the newest first, none more than came in by it for this booking. What
    failed and is still owed is not there for anything else; what was paid too much goes back as `excess` only."""
    ways: list[tuple[Payment, int]] = []
    refunds = reading.refunds.find_by_booking_id(booking_id)
    again = {refund.retry_of for refund in refunds}
    failed = [each for each in refunds if each.state is RefundState.FAILED and each.id not in again]
    came_in = [
        each
        for each in reading.payments.find_by_booking_id(booking_id)
        if each.state is PaymentState.COMPLETED
    ]
    lost = {each.id: reading.disputes.lost_of(each.id, booking_id) for each in came_in}
    # what a bank has given is owed no more
    owed = max(sum(each.amount for each in failed) - sum(lost.values()), 0)
    too_much = _too_much(reading, booking_id, came_in, refunds)
    for payment in reversed(came_in):
        share = sum(each.amount for each in payment.shares if each.booking_id == booking_id)
        own = [each for each in refunds if each.payment_id == payment.id]
        gone = sum(each.amount for each in own if each.state is not RefundState.FAILED)
        waits = min(owed, sum(each.amount for each in failed if each.payment_id == payment.id))
        owed -= waits
        room = share - gone - waits - lost[payment.id]
        promised = sum(each.amount for each in own if each.excess and each.retry_of is None)
        reserved = max(min(_excess_of(payment, booking_id) - promised, too_much, room), 0)
        too_much -= reserved
        amount = min(back, reserved if excess else room - reserved)
        if amount > 0:
            ways.append((payment, amount))
            back -= amount
    return ways


def _too_much(
    reading: Reading, booking_id: UUID, came_in: Sequence[Payment], refunds: Sequence[Refund]
) -> int:
    """What of a booking was paid too much, and was neither promised back nor taken by a bank."""
    whole = sum(_excess_of(payment, booking_id) for payment in came_in)
    if not whole:
        return 0
    promised = sum(each.amount for each in refunds if each.excess and each.retry_of is None)
    return whole - promised - reading.disputes.lost_excess([booking_id])[booking_id]


def _excess_of(payment: Payment, booking_id: UUID) -> int:
    return sum(each.excess for each in payment.shares if each.booking_id == booking_id)


def accept_refund(
    work: UnitOfWork, refund: Refund, payment: Payment, state: RefundState, *, ref: str | None
) -> None:
    """The provider took the refund, or the cash went over the counter: the promise leaves the books."""
    first = refund.state in (RefundState.APPROVED, RefundState.UNKNOWN)
    refund.state = advance(refund.state, state)
    refund.provider_ref = ref or refund.provider_ref
    refund.worker = None
    if state is RefundState.COMPLETED:
        refund.ended_at, refund.next_read_at = work.now, None
    work.refunds.update(refund)
    if first:
        amount = Money(refund.amount, refund.currency)
        entry = went_back(amount, way=payment.way, to=refund.destination, booking_id=refund.booking_id)
        post(work, (entry,), payment_id=payment.id, refund_id=refund.id)
    publish_refund(work, refund)
