"""One booking: everything about it on one page, and how it ends when the trip has been."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from travellr_desktop.domain import ledger
from travellr_desktop.domain.commission import Split, split
from travellr_desktop.domain.ledger import Account, LedgerEvent
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.party import TravellerType
from travellr_desktop.domain.permissions import Actor, Permission, require, require_own
from travellr_desktop.domain.refund_quote import RefundTo
from travellr_desktop.domain.states import (
    BookingState,
    DepartureState,
    PaymentState,
    RefundState,
    advance,
    booking_status,
    is_open,
)
from travellr_desktop.domain.ways import Way
from travellr_desktop.errors import WrongState
from travellr_desktop.events import BookingCompleted, DepartureChanged
from travellr_desktop.services import disputed, giving_back, owing, posting
from travellr_desktop.services.back_in_steps import step_for
from travellr_desktop.services.disputed import DisputeMark
from travellr_desktop.services.instalments import is_overdue, last_day
from travellr_desktop.services.seating import labels_of
from travellr_desktop.services.timeline import TimelineItem, timeline
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.models import Booking, Discount
from travellr_desktop.storage.uow import Database, Reading, UnitOfWork


@dataclass(frozen=True, slots=True)
class LineRow:
    """One traveller on a booking. `discount` was taken off before `price`. Who was cancelled has `ended_at`, and
    `kept` of the price was kept. `seat` is the numbered one, "" where there is none."""

    name: str
    type: TravellerType
    age: int | None
    price: Money
    id: UUID
    discount: Money
    ended_at: datetime | None
    kept: Money
    seat: str


@dataclass(frozen=True, slots=True)
class DiscountRow:
    """What was taken off the price of those who go, and why. `bps` is 0 for an amount."""

    bps: int
    amount: Money
    own: bool
    reason: str


@dataclass(frozen=True, slots=True)
class PaidRow:
    """What one payment brought for this booking."""

    payment_id: UUID
    way: Way
    label: str
    at: datetime
    amount: Money


@dataclass(frozen=True, slots=True)
class BackRow:
    """What went back, or is on its way. `again`: it failed, and another refund stands for it. `to` CREDIT: it became
    credit of the traveller, and nothing was refunded."""

    refund_id: UUID
    label: str
    at: datetime
    amount: Money
    state: RefundState
    again: bool = False
    to: RefundTo = RefundTo.PAYMENT


@dataclass(frozen=True, slots=True)
class AskedBack:
    """A refund of the booking that waits for a second person. `mine`: whoever looks at it asked, and may take it
    back."""

    order_id: UUID
    amount: Money
    by: str
    at: datetime
    mine: bool


@dataclass(frozen=True, slots=True)
class BookingDetail:
    """One booking. `status` as in the list. `commission` and `vendor_share` are the frozen shares of the price, or,
    of a cancelled booking, of what was kept; `kept` is what was kept of travellers who were cancelled alone.
    `due` is what is to be paid, before the trip or after it; `owed` what of it is owed after the trip, `written_off`
    what was and nobody waits for, `excess` what was paid too much: all three for staff. `back_today` is what would go
    back if it were cancelled now, None where it cannot be. `voucher_old`: it was changed since its voucher was printed;
    `changing` is the change that waits for its payment; `dispute` the newest dispute of what was paid and `asked_back`
    the refund that waits for a second person, for staff."""

    id: UUID
    reference: str
    voucher_code: str
    sale_id: UUID
    sale_reference: str
    departure_id: UUID
    state: BookingState
    status: str
    traveller_id: UUID
    traveller_name: str
    traveller_phone: str
    traveller_email: str
    title: str
    vendor_name: str
    meeting_point: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    lines: tuple[LineRow, ...]
    discounts: tuple[DiscountRow, ...]
    price: Money
    tax: Money
    tax_bps: int
    paid: tuple[PaidRow, ...]
    back: tuple[BackRow, ...]
    due: Money
    deposit: Money
    balance_due_at: datetime | None
    balance_day: date | None
    overdue: bool
    owed: Money
    written_off: Money
    excess: Money
    kept: Money
    commission_bps: int
    commission: Money
    vendor_share: Money
    policy_name: str
    back_today: Money | None
    end_reason: str
    timeline: tuple[TimelineItem, ...]
    voucher_old: bool
    changing: UUID | None
    dispute: DisputeMark | None
    asked_back: AskedBack | None
    can_pay: bool
    can_cancel: bool
    can_refund: bool
    can_change: bool
    can_print: bool


class BookingService:
    def __init__(self, database: Database) -> None:
        self._db = database

    def detail(self, actor: Actor, booking_id: UUID) -> BookingDetail:
        """Raises `NotFound`, also for another vendor's booking."""
        require(actor, Permission.BOOKING_READ)
        with self._db.read() as view:
            booking = view.bookings.get_full(booking_id)
            require_own(actor, booking.vendor_id, "booking")
            return _detail(view, booking, actor)

    def count_by_status(self, actor: Actor) -> dict[BookingState, int]:
        require(actor, Permission.ADMIN_BOOKINGS)
        with self._db.read() as view:
            return view.bookings.count_by_status()

    def complete(self, actor: Actor, departure_id: UUID) -> int:
        """The departure has been: its confirmed bookings are completed and earned. Returns how many.

        Once done it can be completed again for a booking that was paid since. Raises `WrongState` before it has
        ended, or when nothing is left to do; `NotFound`."""
        require(actor, Permission.DEPARTURE_COMPLETE)
        with self._db.write(Commit.BOOKING_COMPLETE, actor) as work:
            departure = work.departures.get(departure_id)
            if departure.ends_at > work.now:
                raise WrongState("The trip is not over yet.", hint="Complete it when it has ended.")
            bookings = work.bookings.confirmed_on(departure_id)
            if departure.state is not DepartureState.DONE:
                departure.state = advance(departure.state, DepartureState.DONE)
            elif not bookings:
                raise WrongState("The departure is done, and nobody on it is left to complete.")
            paid = giving_back.left(work, bookings)
            for booking in bookings:
                end(work, booking, paid[booking.id], BookingState.COMPLETED)
            work.departures.update(departure)
            trip = work.trips.get(departure.trip_id)
            work.audit("departure.complete", "departure", departure_id, bookings=len(bookings))
            work.publish(
                DepartureChanged(
                    aggregate_id=departure_id,
                    timestamp=work.now,
                    trip_id=trip.id,
                    vendor_id=trip.vendor_id,
                    state=departure.state,
                )
            )
            work.commit()
        return len(bookings)

    def no_show(self, actor: Actor, booking_id: UUID) -> None:
        """The traveller did not come: the price is earned all the same. Raises `WrongState` before the departure
        has left, or where the booking is not confirmed; `NotFound`."""
        require(actor, Permission.DEPARTURE_COMPLETE)
        with self._db.write(Commit.BOOKING_NO_SHOW, actor) as work:
            booking = work.bookings.get_full(booking_id)
            if booking.departure.starts_at > work.now:
                raise WrongState("It has not left yet.", hint="Nobody is late before the departure.")
            if booking.state is not BookingState.CONFIRMED:
                raise WrongState(f"{booking.reference} is not confirmed: nobody is expected.")
            paid = giving_back.left(work, (booking,))[booking.id]
            end(work, booking, paid, BookingState.NO_SHOW)
            work.audit("booking.no_show", "booking", booking.id)
            work.commit()


def end(work: UnitOfWork, booking: Booking, paid: int, state: BookingState) -> None:
    """The trip of a confirmed booking has been, or left without its travellers (`state` COMPLETED or NO_SHOW): it is
    earned either way. `paid` as `giving_back.left` has it. Within the caller's transaction."""
    event = LedgerEvent.NO_SHOW if state is BookingState.NO_SHOW else LedgerEvent.TRIP_DONE
    booking.state = advance(booking.state, state)
    booking.ended_at = work.now
    work.bookings.update(booking)
    posting.post(
        work,
        ledger.done_entries(
            event,
            price=Money(booking.price, booking.currency),
            paid=Money(min(paid, booking.price), booking.currency),
            commission_bps=booking.commission_bps,
            booking_id=booking.id,
            vendor_id=booking.vendor_id,
            available_at=posting.available_at(booking),
            own=giving_back.own_discount(booking),
        ),
    )
    work.publish(
        BookingCompleted(
            aggregate_id=booking.id,
            timestamp=work.now,
            reference=booking.reference,
            departure_id=booking.departure_id,
            vendor_id=booking.vendor_id,
            no_show=state is BookingState.NO_SHOW,
        )
    )


def _detail(view: Reading, booking: Booking, actor: Actor) -> BookingDetail:
    def money(minor: int) -> Money:
        return Money(minor, booking.currency)

    payments = view.payments.find_by_booking_id(booking.id)
    refunds = view.refunds.find_by_booking_id(booking.id)
    stood_for = {refund.retry_of for refund in refunds}
    paid = [
        PaidRow(
            payment.id,
            payment.way,
            payment.label,
            payment.ended_at or payment.created_at,
            money(sum(share.amount for share in payment.shares if share.booking_id == booking.id)),
        )
        for payment in payments
        if payment.state is PaymentState.COMPLETED
    ]
    back = [
        BackRow(
            refund.id,
            refund.payment.label,
            refund.ended_at or refund.created_at,
            money(refund.amount),
            refund.state,
            refund.id in stood_for,
            refund.destination,
        )
        for refund in refunds
    ]
    came_in = sum(row.amount.minor for row in paid)
    gone = sum(row.amount.minor for row in back if row.state is not RefundState.FAILED)
    left = giving_back.left(view, (booking,))[booking.id]
    open_now = is_open(booking.state)
    last = payments[-1].state if payments else None
    shares = _shares(view, booking)
    staff = actor.vendor_id is None
    happened = timeline(view, booking, payments, refunds) if staff else ()
    step = step_for(view, booking)
    quote = giving_back.quote(booking, left, view.clock.now(), step=step) if open_now else None
    changing = view.amendments.pending(booking.id)
    in_flight = bool(view.payments.in_flight(booking.sale_id))
    kept = giving_back.kept_of_lines(booking)
    amounts = owing.owing(view, (booking,))[booking.id]
    due = amounts.due
    return BookingDetail(
        id=booking.id,
        reference=booking.reference,
        voucher_code=booking.voucher_code,
        sale_id=booking.sale_id,
        sale_reference=booking.sale.reference,
        departure_id=booking.departure_id,
        state=booking.state,
        status=booking_status(booking.state, last),
        traveller_id=booking.traveller_id,
        traveller_name=booking.traveller.name,
        traveller_phone=booking.traveller.phone,
        traveller_email=booking.traveller.email,
        title=booking.trip.title,
        vendor_name=booking.vendor.name,
        meeting_point=booking.trip.meeting_point,
        starts_at=booking.departure.starts_at,
        ends_at=booking.departure.ends_at,
        zone=booking.departure.zone,
        lines=_lines(view, booking, staff=staff),
        discounts=tuple(
            DiscountRow(row.bps, money(_off(row, booking)), row.own, row.reason)
            for row in view.discounts.of_booking(booking.id)
            if staff or not row.own  # what the agency bears alone is no vendor's business
        ),
        price=money(booking.price),
        tax=money(booking.tax),
        tax_bps=booking.tax_bps,
        paid=tuple(paid),
        back=tuple(back),
        due=money(due),
        deposit=money(booking.deposit),
        balance_due_at=booking.balance_due_at,
        balance_day=None
        if booking.balance_due_at is None
        else last_day(booking.balance_due_at, booking.departure.zone),
        overdue=is_overdue(amounts.unpaid, booking.balance_due_at, view.clock.now()),
        owed=money(amounts.owed if staff else 0),
        written_off=money(amounts.written_off if staff else 0),
        excess=money(amounts.excess if staff else 0),
        kept=money(kept),
        commission_bps=booking.commission_bps,
        commission=money(shares.commission),
        vendor_share=money(shares.net),
        policy_name=str(booking.policy.get("name", "")),
        back_today=None if quote is None else money(quote.back),
        end_reason=booking.end_reason,
        timeline=happened,
        voucher_old=_out_of_date(happened),
        changing=None if changing is None else changing.id,
        dispute=disputed.marks_of_bookings(view, (booking.id,)).get(booking.id) if staff else None,
        asked_back=_asked_back(view, booking, actor) if staff else None,
        can_pay=staff and not in_flight and (booking.state is BookingState.PENDING or due > 0),
        can_cancel=staff and open_now and not in_flight,
        can_refund=staff and not open_now and not in_flight and came_in - amounts.excess > gone,
        can_change=staff and booking.state is BookingState.CONFIRMED and not in_flight,
        can_print=staff and booking.state in (BookingState.CONFIRMED, BookingState.COMPLETED),
    )


def _asked_back(view: Reading, booking: Booking, actor: Actor) -> AskedBack | None:
    for order in view.refund_orders.waiting(booking.sale_id):
        if str(booking.id) in order.asked["booking_ids"]:
            return AskedBack(
                order_id=order.id,
                amount=Money(order.amount, order.currency),
                by=view.users.names((order.requested_by,)).get(order.requested_by, ""),
                at=order.requested_at,
                mine=order.requested_by == actor.user_id,
            )
    return None


def _out_of_date(happened: Sequence[TimelineItem]) -> bool:
    printed = [item.at for item in happened if item.kind == "printed"]
    changed = [item.at for item in happened if item.kind == "changed"]
    return bool(printed and changed) and max(changed) > max(printed)


def _off(row: Discount, booking: Booking) -> int:
    """What a discount takes off those who go."""
    return sum(row.parts.get(str(line.position), 0) for line in booking.lines if line.ended_at is None)


def _lines(view: Reading, booking: Booking, *, staff: bool) -> tuple[LineRow, ...]:
    def money(minor: int) -> Money:
        return Money(minor, booking.currency)

    seats = {} if booking.departure.plan_id is None else labels_of(view, [line.id for line in booking.lines])
    return tuple(
        LineRow(
            name=line.name,
            type=line.traveller_type,
            age=line.age,
            price=money(line.price),
            id=line.id,
            discount=money(line.discount - (0 if staff else line.own_discount)),
            ended_at=line.ended_at,
            kept=money(line.kept),
            seat=seats.get(line.id, ""),
        )
        for line in booking.lines
    )


def _shares(view: Reading, booking: Booking) -> Split:
    """Who has what of the price; of a cancelled booking, of what was kept."""
    if booking.state is not BookingState.CANCELLED:
        return split(booking.price, booking.commission_bps, giving_back.own_discount(booking))
    kept = [row for row in view.ledger.of_booking(booking.id) if row.event is LedgerEvent.KEPT]
    return Split(
        commission=sum(row.amount for row in kept if row.credit is Account.CANCELLATION_REVENUE),
        net=sum(row.amount for row in kept if row.credit is Account.VENDOR_PAYABLE),
    )
