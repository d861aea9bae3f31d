"""What follows from a payment's outcome, within one transaction: ledger, bookings confirmed, seats, refunds, events.

Both the sale and recovery come through here, so that a payment found later ends as one that answered at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from travellr_desktop.domain.money import Money
from travellr_desktop.domain.states import BookingState, HoldState, PaymentState, advance
from travellr_desktop.domain.ways import Way
from travellr_desktop.errors import SeatsGone
from travellr_desktop.services import amendments, freeing, owing, seating, waitlist
from travellr_desktop.services.giving_back import give_back_all
from travellr_desktop.services.outcomes import SEATS_GONE
from travellr_desktop.services.posting import (
    came_in,
    confirmed,
    entries_of_payment,
    hold_changed,
    post,
    processed,
)
from travellr_desktop.storage.models import Booking, Payment
from travellr_desktop.storage.repositories.on_sale import Held
from travellr_desktop.storage.repositories.selling import NewBooking, NewLine, NewPayment, NewShare
from travellr_desktop.storage.uow import UnitOfWork

LABELS: Mapping[Way, str] = {
    Way.CASH: "Cash",
    Way.CREDIT: "Agency credit",
    Way.BANK: "Bank transfer",
}
"""What stands for the card on payments that are at hand; of a transfer its reference follows."""


def complete(work: UnitOfWork, payment: Payment, *, label: str) -> list[UUID]:
    """The money is there: post it by what it is used for, confirm the bookings it was taken for. Returns the refunds
    that are to be sent after the commit: of bookings whose seats were gone, or that had been cancelled."""
    bookings = work.bookings.find_many([share.booking_id for share in payment.shares])
    goes = owing.used(work, payment, bookings)
    payment.state = advance(payment.state, PaymentState.COMPLETED)
    payment.label = label
    payment.ended_at, payment.next_read_at, payment.worker = work.now, None, None
    work.payments.update(payment)
    owing.write_down(work, payment, goes)
    post(work, entries_of_payment(payment), payment_id=payment.id)
    work.publish(processed(work, payment))
    refunds: list[UUID] = []
    for booking in bookings:
        if booking.state is BookingState.PENDING and confirm(work, booking):
            continue
        if booking.state is BookingState.CONFIRMED or work.amendments.waiting_for(payment.id):
            refunds += amendments.paid(work, payment, booking)
        elif booking.state is BookingState.PENDING or owing.came_too_late(payment, booking):
            refunds += give_back_all(work, booking, SEATS_GONE)
    return refunds


def settle(
    work: UnitOfWork,
    payment: NewPayment | None,
    shares: Sequence[NewShare],
    bookings: Sequence[tuple[NewBooking, Held]],
    lines: Sequence[NewLine],
) -> None:
    """The same, by as few statements as tables, for a sale that was just placed: on seats that are held for it still,
    and as `payment` and `bookings` say. Without a payment nothing was to be paid.

    Raises `ChangedMeanwhile` and `SeatsGone`: the caller's transaction must not be committed then."""
    if payment is not None:
        work.selling.complete(payment)
        parts = {share.booking_id: Money(share.amount, payment.currency) for share in shares}
        post(work, came_in(parts, payment.way), payment_id=payment.id)
        work.publish(processed(work, payment))
    work.selling.confirm([booking for booking, _ in bookings], lines)
    for booking, held in bookings:
        if held.traveller_id is not None:
            waitlist.hold_ended(work, work.holds.get(held.id))
        work.publish(hold_changed(replace(held, state=HoldState.CONSUMED), work.now))
        if held.offer.numbered:
            whole = work.bookings.get_full(booking.id)
            if not seating.seat_lines(work, whole, whole.departure):
                raise SeatsGone("Fewer numbered seats are free than that.")
        work.publish(confirmed(work, booking))


def fail(work: UnitOfWork, payment: Payment, *, code: str, message: str, abandoned: bool = False) -> None:
    """A definite no. The bookings stay pending while their holds live, so that another way can be tried."""
    state = PaymentState.ABANDONED if abandoned else PaymentState.FAILED
    payment.state = advance(payment.state, state)
    payment.decline_code, payment.decline_message = code, message
    payment.ended_at, payment.next_read_at, payment.worker = work.now, None, None
    work.payments.update(payment)
    work.publish(processed(work, payment))
    amendments.unpaid(work, payment)


def confirm(work: UnitOfWork, booking: Booking) -> bool:
    """Turn the hold into sold seats. Where the hold has lapsed its seats are claimed again; False if they are
    gone, with nothing changed."""
    hold = booking.hold
    if hold is not None and hold.state is HoldState.ACTIVE:
        freeing.consume(work, hold)
    if not work.bookings.sit_down(booking):
        return False
    if not seating.seat_lines(work, booking, booking.departure):
        freeing.get_up(work, booking.lines)
        return False
    booking.state = advance(booking.state, BookingState.CONFIRMED)
    booking.confirmed_at = work.now
    work.bookings.update(booking)
    work.publish(confirmed(work, booking))
    return True
