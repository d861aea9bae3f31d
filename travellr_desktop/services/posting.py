"""Writing to the ledger, and telling what became of bookings, payments and refunds: what every service that moves money
does in its own transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from travellr_desktop.domain import ledger
from travellr_desktop.domain.ledger import Account
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.refund_quote import RefundTo
from travellr_desktop.domain.ways import Way
from travellr_desktop.events import (
    BookingCancelled,
    BookingConfirmed,
    HoldChanged,
    PaymentProcessed,
    RefundProcessed,
)
from travellr_desktop.storage.models import Booking, Hold, Payment, PaymentShare, Refund
from travellr_desktop.storage.repositories.on_sale import Held
from travellr_desktop.storage.repositories.selling import NewBooking, NewHold, NewPayment
from travellr_desktop.storage.uow import Reading, UnitOfWork

MONEY_OF: dict[Way, Account] = {
    Way.CARD: Account.STRIPE,
    Way.CASH: Account.TILL,
    Way.LINK: Account.STRIPE,
    Way.READER: Account.STRIPE,
    Way.SAVED: Account.STRIPE,
    Way.BANK: Account.BANK,
}
"""Where the money of each way to pay is. What is paid with credit is with the agency already."""


def came_in(parts: Mapping[UUID, Money], way: Way) -> tuple[ledger.Entry, ...]:
    """What a payment writes into the ledger: for each booking its part of the price."""
    if way is Way.CREDIT:
        return ledger.credit_spent_entries(parts)
    return ledger.payment_entries(parts, into=MONEY_OF[way])


def collected(parts: Mapping[UUID, Money], way: Way) -> tuple[ledger.Entry, ...]:
    """What it writes for each booking that was owed for after the trip."""
    if way is Way.CREDIT:
        return ledger.credit_spent_entries(parts, after_trip=True)
    return tuple(
        ledger.receivable_collected_entry(part, into=MONEY_OF[way], booking_id=booking_id)
        for booking_id, part in parts.items()
        if part
    )


def too_much(parts: Mapping[UUID, Money], way: Way) -> tuple[ledger.Entry, ...]:
    """What it writes for each booking that it was more than due on."""
    into = Account.AGENCY_CREDIT if way is Way.CREDIT else MONEY_OF[way]
    return tuple(
        ledger.overpaid_entry(part, into=into, booking_id=booking_id)
        for booking_id, part in parts.items()
        if part
    )


def entries_of_payment(payment: Payment) -> tuple[ledger.Entry, ...]:
    """All that a completed payment writes, by what its shares were used for."""

    def parts(of: Callable[[PaymentShare], int]) -> dict[UUID, Money]:
        return {share.booking_id: Money(of(share), payment.currency) for share in payment.shares}

    return (
        *came_in(parts(lambda share: share.for_price), payment.way),
        *collected(parts(lambda share: share.owed), payment.way),
        *too_much(parts(lambda share: share.excess), payment.way),
    )


def went_back(amount: Money, *, way: Way, to: RefundTo, booking_id: UUID | None) -> ledger.Entry:
    """What a refund to a payment of that way writes once the money has gone, or has become credit."""
    if to is RefundTo.CREDIT:
        return ledger.credit_given_entry(amount, booking_id=booking_id)
    return ledger.refund_accepted_entry(amount, out_of=MONEY_OF[way], booking_id=booking_id)


def available_at(booking: Booking) -> datetime:
    """When the vendor's part may be paid out: the trip's end and the holdback."""
    return booking.departure.ends_at + timedelta(days=booking.holdback_days)


def post(
    work: UnitOfWork,
    entries: Sequence[ledger.Entry],
    *,
    payment_id: UUID | None = None,
    refund_id: UUID | None = None,
) -> list[UUID]:
    """Add entries to this desk's ledger, and give the ids of their rows."""
    work.flush()  # what the entries speak of
    return work.chain.append(entries, at=work.now, payment_id=payment_id, refund_id=refund_id)


def entries_of(view: Reading, booking_id: UUID) -> tuple[ledger.Entry, ...]:
    """The entries of a booking, in their order."""
    return tuple(
        ledger.Entry(
            row.event,
            row.debit,
            row.credit,
            Money(row.amount, row.currency),
            row.booking_id,
            row.vendor_id,
            row.available_at,
        )
        for row in view.ledger.of_booking(booking_id)
    )


def confirmed(work: UnitOfWork, booking: Booking | NewBooking) -> BookingConfirmed:
    return BookingConfirmed(
        aggregate_id=booking.id,
        timestamp=work.now,
        reference=booking.reference,
        sale_id=booking.sale_id,
        departure_id=booking.departure_id,
        vendor_id=booking.vendor_id,
    )


def cancelled(work: UnitOfWork, booking: Booking, kept: int, back: int, reason: str) -> BookingCancelled:
    return BookingCancelled(
        aggregate_id=booking.id,
        timestamp=work.now,
        reference=booking.reference,
        sale_id=booking.sale_id,
        departure_id=booking.departure_id,
        vendor_id=booking.vendor_id,
        reason=reason,
        kept=Money(kept, booking.currency),
        back=Money(back, booking.currency),
    )


def processed(work: UnitOfWork, payment: Payment | NewPayment) -> PaymentProcessed:
    return PaymentProcessed(
        aggregate_id=payment.id,
        timestamp=work.now,
        sale_id=payment.sale_id,
        state=payment.state,
        amount=Money(payment.amount, payment.currency),
        way=payment.way,
        decline_code=payment.decline_code,
    )


def publish_refund(work: UnitOfWork, refund: Refund) -> None:
    work.publish(
        RefundProcessed(
            aggregate_id=refund.id,
            timestamp=work.now,
            payment_id=refund.payment_id,
            booking_id=refund.booking_id,
            state=refund.state,
            amount=Money(refund.amount, refund.currency),
            to=refund.destination,
        )
    )


def hold_changed(hold: Hold | Held | NewHold, now: datetime) -> HoldChanged:
    return HoldChanged(
        aggregate_id=hold.id,
        timestamp=now,
        departure_id=hold.departure_id,
        seats=hold.seats,
        state=hold.state,
        expires_at=hold.expires_at,
    )
