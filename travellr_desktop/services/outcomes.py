"""How a sale stands, as a frozen result: what the desk shows after each step, and what a command key gives back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from travellr_desktop.domain.money import Money
from travellr_desktop.domain.states import BookingState, HoldState, PaymentState, is_open
from travellr_desktop.domain.ways import Way
from travellr_desktop.storage.models import Booking, Payment
from travellr_desktop.storage.uow import Reading


class OutcomeState(StrEnum):
    """How a sale stands for the person at the desk. `UNKNOWN` is neither paid nor failed."""

    PENDING = "pending"  # placed, no payment under way; the seats are still held
    PAID = "paid"
    PARTLY = "partly"  # paid, but the seats of some bookings were gone: that money goes back by itself
    SEATS_GONE = "seats_gone"  # paid, but no seats were left: all the money goes back by itself
    DECLINED = "declined"  # a definite no; the seats are still held
    WAITING = "waiting"  # the provider is still working on it
    UNKNOWN = "unknown"
    LAPSED = "lapsed"  # ended without money


@dataclass(frozen=True, slots=True)
class SoldBooking:
    id: UUID
    reference: str
    departure_id: UUID
    title: str
    vendor_name: str
    starts_at: datetime
    zone: str
    pax: int
    price: Money
    state: BookingState
    refunded: Money


@dataclass(frozen=True, slots=True)
class RefusalView:
    """Why the last payment failed: a sentence, the stable word after it, and what to do."""

    sentence: str
    code: str
    hint: str


@dataclass(frozen=True, slots=True)
class ReadRow:
    """One look at a payment whose outcome was not known, and what came of it."""

    at: datetime
    result: str


@dataclass(frozen=True, slots=True)
class SaleOutcome:
    """`total` is the price of all bookings, `paid` what has come in, `due` what is left to pay on those that
    stand. `hold_expires_at` is when the first held seats go back; `next_read_at` when recovery looks again."""

    sale_id: UUID
    reference: str
    state: OutcomeState
    traveller_name: str
    total: Money
    paid: Money
    due: Money
    way: Way | None
    payment_id: UUID | None
    payment_label: str
    since: datetime
    refusal: RefusalView | None
    bookings: tuple[SoldBooking, ...]
    reads: tuple[ReadRow, ...]
    next_read_at: datetime | None
    hold_expires_at: datetime | None


def read_outcome(view: Reading, sale_id: UUID) -> SaleOutcome:
    """How a sale stands now. Raises `NotFound`."""
    sale = view.sales.get_full(sale_id)
    payments = view.payments.find_by_sale_id(sale_id)
    ids = [booking.id for booking in sale.bookings]
    paid, back = view.payments.paid(ids), view.refunds.promised(ids)
    last = payments[-1] if payments else None
    state = _state(sale.bookings, last, back)
    standing = [b for b in sale.bookings if b.state is not BookingState.CANCELLED]
    active = [b.hold.expires_at for b in standing if b.hold is not None and b.hold.state is HoldState.ACTIVE]
    attempts = view.payments.attempts(payment_id=last.id) if last else ()
    reads = tuple(ReadRow(each.at, each.outcome) for each in attempts if each.action == "read")

    def money(minor: int) -> Money:
        return Money(minor, sale.currency)

    return SaleOutcome(
        sale_id=sale.id,
        reference=sale.reference,
        state=state,
        traveller_name=sale.traveller.name,
        total=money(sum(b.price for b in sale.bookings)),
        paid=money(sum(paid.values())),
        due=money(sum(max(b.price - paid[b.id], 0) for b in standing)),
        way=last.way if last else None,
        payment_id=last.id if last else None,
        payment_label=last.label if last else "",
        since=(last.ended_at or last.created_at) if last else sale.created_at,
        refusal=refusal_of(last),
        bookings=tuple(
            SoldBooking(
                id=b.id,
                reference=b.reference,
                departure_id=b.departure_id,
                title=b.trip.title,
                vendor_name=b.vendor.name,
                starts_at=b.departure.starts_at,
                zone=b.departure.zone,
                pax=sum(line.ended_at is None for line in b.lines),
                price=money(b.price),
                state=b.state,
                refunded=money(back[b.id]),
            )
            for b in sale.bookings
        ),
        reads=reads,
        next_read_at=last.next_read_at if last else None,
        hold_expires_at=min(active) if active else None,
    )


def _state(bookings: Sequence[Booking], last: Payment | None, back: dict[UUID, int]) -> OutcomeState:
    states = {booking.state for booking in bookings}
    pending = BookingState.PENDING in states
    if last is not None and last.state is PaymentState.UNKNOWN:
        return OutcomeState.UNKNOWN
    if last is not None and is_open(last.state):
        return OutcomeState.WAITING
    if last is None or last.state is not PaymentState.COMPLETED:
        if pending:
            return OutcomeState.DECLINED if last is not None else OutcomeState.PENDING
        return OutcomeState.LAPSED if states == {BookingState.CANCELLED} else OutcomeState.PAID
    lost = [b for b in bookings if b.end_reason == SEATS_GONE and back[b.id]]
    if not lost:
        return OutcomeState.PAID
    return OutcomeState.SEATS_GONE if len(lost) == len(bookings) else OutcomeState.PARTLY


SEATS_GONE = "The hold had lapsed before the payment arrived, and the seats were gone."
"""Why a booking that was paid for is cancelled by itself."""


def refusal_of(last: Payment | None) -> RefusalView | None:
    """Why a payment did not go through, None where it did or is not known to have."""
    if last is None or last.state not in (PaymentState.FAILED, PaymentState.ABANDONED):
        return None
    code = last.decline_code or "NOT_CHARGED"
    hint = "Ask for another card or another way to pay."
    if code == NO_CONNECTION:
        hint = "Take cash, or try again when the connection is back."
    return RefusalView(last.decline_message or "The payment did not go through.", code, hint)


NO_CONNECTION = "NO_CONNECTION"
"""The code of a payment for which the provider could not be reached before anything was charged."""
