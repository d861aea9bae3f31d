"""Writing to the ledger, and telling what became of bookings, payments and refunds: what every service that moves money
does in its own transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from travellr_desktop.domain import ledger
from travellr_desktop.domain.ledger import Account
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.ways import Way
from travellr_desktop.events import (
    BookingCancelled,
    BookingConfirmed,
    HoldChanged,
    PaymentProcessed,
    RefundProcessed,
)
from travellr_desktop.storage.models import Booking, Hold, Payment, Refund
from travellr_desktop.storage.repositories.on_sale import Held
from travellr_desktop.storage.repositories.selling import NewBooking, NewHold, NewPayment
from travellr_desktop.storage.uow import UnitOfWork

MONEY_OF: dict[Way, Account] = {
    Way.CARD: Account.STRIPE,
    Way.CASH: Account.TILL,
    Way.LINK: Account.STRIPE,
}
"""Where the money of each way to pay is."""


def available_at(booking: Booking) -> datetime:
    """When the vendor's part may be paid out: the trip's end and the holdback."""
    return booking.departure.ends_at + timedelta(days=booking.holdback_days)


def post(
    work: UnitOfWork,
    entries: Sequence[ledger.Entry],
    *,
    payment_id: UUID | None = None,
    refund_id: UUID | None = None,
) -> None:
    """Add entries to this desk's ledger."""
    work.flush()  # what the entries speak of
    work.chain.append(entries, at=work.now, payment_id=payment_id, refund_id=refund_id)


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
