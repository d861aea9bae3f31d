"""How a sale stands, as a frozen result: what the desk shows after each step, and what a command key gives back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from travellr_desktop.domain.money import Money
from travellr_desktop.domain.states import BookingState, HoldState, PaymentState, is_open
from travellr_desktop.domain.ways import Way
from travellr_desktop.services import owing
from travellr_desktop.services.instalments import due_at_once, last_day
from travellr_desktop.services.owing import Owing
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
    deposit: Money | None = None
    """What confirms it, where the rest is due later."""
    balance_day: date | None = None
    """The last day for the rest."""
    excess: Money | None = None
    """What was paid too much at it, and is still there."""


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
class LinkView:
    """A payment link that waits for its traveller. `used`: they have paid, and their bank has not decided yet; there
    is nothing to be shown to them any more. `url` is the address, its QR code says the same."""

    ref: str
    url: str
    made_at: datetime
    expires_at: datetime
    used: bool


@dataclass(frozen=True, slots=True)
class ReaderView:
    """A payment that a card reader asks for, or whose card is being charged. `asks_until` is when it is given up."""

    ref: str
    label: str
    asked_at: datetime
    asks_until: datetime


@dataclass(frozen=True, slots=True)
class SaleOutcome:
    """`total` is the price of all bookings, `paid` what has come in, `due` what is left to pay, before the trips and
    after them, `excess` what was paid too much and is still there, `written_off` what nobody waits for; None for
    nothing. `hold_expires_at` is when the first held seats go
    back; `next_read_at` when recovery looks again; `link` is the link that the traveller may pay by now, `reader` the
    card reader that asks for their card."""

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
    link: LinkView | None = None
    reader: ReaderView | None = None
    excess: Money | None = None
    written_off: Money | None = None


# what a sale's outcome is told by, whether it was read or has just been written


@dataclass(frozen=True, slots=True)
class BookingFacts:
    """`price`, `paid` (all that came in), `back` (given or promised back), `due`, `excess` and `written_off`
    in minor units; `held_until` while seats are held for it."""

    id: UUID
    reference: str
    departure_id: UUID
    title: str
    vendor_name: str
    starts_at: datetime
    zone: str
    pax: int
    price: int
    state: BookingState
    paid: int
    back: int
    end_reason: str
    held_until: datetime | None
    deposit: int = 0
    balance_due_at: datetime | None = None
    due: int = 0
    excess: int = 0
    written_off: int = 0


@dataclass(frozen=True, slots=True)
class PaymentFacts:
    """The last payment of a sale."""

    id: UUID
    way: Way
    state: PaymentState
    label: str
    created_at: datetime
    ended_at: datetime | None
    decline_code: str | None = None
    decline_message: str | None = None
    next_read_at: datetime | None = None
    link: LinkView | None = None
    reader: ReaderView | None = None


@dataclass(frozen=True, slots=True)
class SaleFacts:
    sale_id: UUID
    reference: str
    currency: str
    traveller_name: str
    created_at: datetime
    bookings: tuple[BookingFacts, ...]
    last: PaymentFacts | None
    reads: tuple[ReadRow, ...] = ()


def read_outcome(view: Reading, sale_id: UUID) -> SaleOutcome:
    """How a sale stands now. Raises `NotFound`."""
    sale = view.sales.get_full(sale_id)
    payments = view.payments.find_by_sale_id(sale_id)
    ids = [booking.id for booking in sale.bookings]
    paid, back = view.payments.came_in(ids), view.refunds.promised(ids)
    amounts = owing.owing(view, sale.bookings)
    last = payments[-1] if payments else None
    attempts = view.payments.attempts(payment_id=last.id) if last else ()
    return outcome_of(
        SaleFacts(
            sale_id=sale.id,
            reference=sale.reference,
            currency=sale.currency,
            traveller_name=sale.traveller.name,
            created_at=sale.created_at,
            bookings=tuple(_facts(b, paid[b.id], back[b.id], amounts[b.id]) for b in sale.bookings),
            last=_last(last) if last else None,
            reads=tuple(ReadRow(each.at, each.outcome) for each in attempts if each.action == "read"),
        )
    )


def _facts(booking: Booking, paid: int, back: int, amounts: Owing) -> BookingFacts:
    hold = booking.hold
    held = booking.state is not BookingState.CANCELLED and hold is not None and hold.state is HoldState.ACTIVE
    return BookingFacts(
        id=booking.id,
        reference=booking.reference,
        departure_id=booking.departure_id,
        title=booking.trip.title,
        vendor_name=booking.vendor.name,
        starts_at=booking.departure.starts_at,
        zone=booking.departure.zone,
        pax=sum(line.ended_at is None for line in booking.lines),
        price=booking.price,
        state=booking.state,
        paid=paid,
        back=back,
        end_reason=booking.end_reason,
        held_until=hold.expires_at if held and hold is not None else None,
        deposit=booking.deposit,
        balance_due_at=booking.balance_due_at,
        due=amounts.due,
        excess=amounts.excess,
        written_off=amounts.written_off,
    )


def _last(payment: Payment) -> PaymentFacts:
    return PaymentFacts(
        id=payment.id,
        way=payment.way,
        state=payment.state,
        label=payment.label,
        created_at=payment.created_at,
        ended_at=payment.ended_at,
        decline_code=payment.decline_code,
        decline_message=payment.decline_message,
        next_read_at=payment.next_read_at,
        link=link_of(payment),
        reader=reader_of(payment),
    )


def link_of(payment: Payment) -> LinkView | None:
    """The link of a payment, while the traveller may use it or has just done so."""
    waits = payment.state in (PaymentState.REQUIRES_ACTION, PaymentState.PROCESSING)
    if not waits or payment.link_ref is None or payment.link_expires_at is None:
        return None
    return LinkView(
        ref=payment.link_ref,
        url=payment.link_url or "",
        made_at=payment.created_at,
        expires_at=payment.link_expires_at,
        used=payment.state is PaymentState.PROCESSING,
    )


def reader_of(payment: Payment) -> ReaderView | None:
    """The card reader that asks for a payment now."""
    if payment.state is not PaymentState.REQUIRES_ACTION or payment.reader_ref is None:
        return None
    until = payment.next_read_at or payment.created_at
    return ReaderView(payment.reader_ref, payment.label, payment.created_at, until)


def outcome_of(sale: SaleFacts) -> SaleOutcome:
    """What is shown of a sale that stands so."""
    last = sale.last
    standing = [b for b in sale.bookings if b.state is not BookingState.CANCELLED]

    def money(minor: int) -> Money:
        return Money(minor, sale.currency)

    return SaleOutcome(
        sale_id=sale.sale_id,
        reference=sale.reference,
        state=_state(sale.bookings, last),
        traveller_name=sale.traveller_name,
        total=money(sum(b.price for b in sale.bookings)),
        paid=money(sum(b.paid for b in sale.bookings)),
        due=money(sum(b.due for b in sale.bookings)),
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
                title=b.title,
                vendor_name=b.vendor_name,
                starts_at=b.starts_at,
                zone=b.zone,
                pax=b.pax,
                price=money(b.price),
                state=b.state,
                refunded=money(b.back),
                deposit=_deposit(b, sale.currency),
                balance_day=None if b.balance_due_at is None else last_day(b.balance_due_at, b.zone),
                excess=money(b.excess) if b.excess else None,
            )
            for b in sale.bookings
        ),
        reads=sale.reads,
        next_read_at=last.next_read_at if last else None,
        hold_expires_at=min((b.held_until for b in standing if b.held_until), default=None),
        link=last.link if last else None,
        reader=last.reader if last else None,
        excess=money(excess) if (excess := sum(b.excess for b in sale.bookings)) else None,
        written_off=money(lost) if (lost := sum(b.written_off for b in sale.bookings)) else None,
    )


def _deposit(booking: BookingFacts, currency: str) -> Money | None:
    part = due_at_once(booking.price, booking.deposit, booking.balance_due_at)
    return Money(part, currency) if part < booking.price else None


def _state(bookings: Sequence[BookingFacts], last: PaymentFacts | None) -> OutcomeState:
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
    lost = [b for b in bookings if b.end_reason == SEATS_GONE and b.back]
    if not lost:
        return OutcomeState.PAID
    return OutcomeState.SEATS_GONE if len(lost) == len(bookings) else OutcomeState.PARTLY


SEATS_GONE = "The hold had lapsed before the payment arrived, and the seats were gone."
"""Why a booking that was paid for is cancelled by itself."""


def refusal_of(last: Payment | PaymentFacts | None) -> RefusalView | None:
    """Why a payment did not go through, None where it did or is not known to have."""
    if last is None or last.state not in (PaymentState.FAILED, PaymentState.ABANDONED):
        return None
    code = last.decline_code or "NOT_CHARGED"
    hint = "Ask for another card or another way to pay."
    if code == NO_CONNECTION:
        hint = "Take cash, or try again when the connection is back."
    return RefusalView(last.decline_message or "The payment did not go through.", code, hint)


WANTS_TRAVELLER = "AUTHENTICATION_REQUIRED"
"""The code of a card whose bank wants its traveller's own approval, which a payment link asks for."""

NO_CONNECTION = "NO_CONNECTION"
"""The code of a payment for which the provider could not be reached before anything was charged."""
