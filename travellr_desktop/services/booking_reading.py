"""Reading everything about one booking, for staff or for its vendor."""

from __future__ import annotations

from collections.abc import Sequence

from travellr_desktop.domain.commission import Split, split
from travellr_desktop.domain.ledger import Account, LedgerEvent
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.permissions import Actor
from travellr_desktop.domain.states import BookingState, PaymentState, RefundState, booking_status, is_open
from travellr_desktop.services import disputed, giving_back, owing
from travellr_desktop.services.back_in_steps import step_for
from travellr_desktop.services.booking_views import (
    AskedBack,
    BackRow,
    BookingDetail,
    DiscountRow,
    LineRow,
    PaidRow,
)
from travellr_desktop.services.instalments import is_overdue, last_day
from travellr_desktop.services.seating import labels_of
from travellr_desktop.services.timeline import TimelineItem, timeline
from travellr_desktop.storage.models import Booking, Discount
from travellr_desktop.storage.uow import Reading


def booking_detail(view: Reading, booking: Booking, actor: Actor) -> BookingDetail:
    """All of it that `actor` may know."""

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
    due = amounts.due if staff else amounts.unpaid  # what is owed later is between agency and traveller
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
