"""What happened to a booking, newest first, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from babel.dates import format_datetime

from travellr_desktop.domain.money import Money
from travellr_desktop.domain.periods import zone as zone_of
from travellr_desktop.domain.refund_quote import RefundTo
from travellr_desktop.domain.states import AmendmentState, BookingState, PaymentState, RefundState
from travellr_desktop.domain.ways import Way
from travellr_desktop.services.amendments import ChangeKind, plan_of
from travellr_desktop.storage.models import Amendment, Booking, Payment, Refund, WriteOff
from travellr_desktop.storage.uow import Reading


@dataclass(frozen=True, slots=True)
class TimelineItem:
    """One thing that happened. `kind` names its icon: booked, paid, waiting, processing, declined, unknown, abandoned,
    cancelled, changed, change_undone, changing, refunding, refunded, refund_failed, completed, no_show, printed,
    written_off, owed_again.
    `amount` is put into words by the window."""

    at: datetime
    kind: str
    title: str
    second: str
    amount: Money | None = None


def timeline(
    view: Reading, booking: Booking, payments: Sequence[Payment], refunds: Sequence[Refund]
) -> tuple[TimelineItem, ...]:
    """The story of one booking, from its rows and the audit trail."""
    changes = view.amendments.of_booking(booking.id)
    debts = view.debts.of_booking(booking.id)
    prints = [row for row in view.journal.audit_of("booking", booking.id) if row.action == "voucher.print"]
    names = view.users.names(
        (
            booking.sale.created_by,
            *(payment.created_by for payment in payments),
            *(row.actor_id for row in prints),
            *(who for debt in debts for who in (debt.created_by, debt.undone_by)),
            *(change.created_by for change in changes),
        )
    )
    later = {
        line.position
        for change in changes
        if change.state is AmendmentState.DONE
        for line in plan_of(change).lines
        if str(line.position) not in plan_of(change).reckoned_on
    }
    pax = sum(line.position not in later for line in booking.lines)
    items = [
        TimelineItem(
            booking.created_at,
            "booked",
            f"Booked, {pax} pax",
            names[booking.sale.created_by],
        )
    ]
    for payment in payments:
        amount = Money(sum(s.amount for s in payment.shares if s.booking_id == booking.id), payment.currency)
        items.append(_payment(payment, amount, names[payment.created_by]))
    items.extend(_refund(refund) for refund in refunds)
    for debt in debts:
        items.extend(_debt(debt, names))
    items.extend(_change(view, change, names[change.created_by]) for change in changes)
    if (
        booking.state in (BookingState.CANCELLED, BookingState.COMPLETED, BookingState.NO_SHOW)
        and booking.ended_at
    ):
        kind = booking.state.value
        title = {"cancelled": "Cancelled", "completed": "Trip done", "no_show": "Did not come"}[kind]
        items.append(TimelineItem(booking.ended_at, kind, title, booking.end_reason))
    items.extend(TimelineItem(row.at, "printed", "Voucher made", names[row.actor_id]) for row in prints)
    return tuple(sorted(items, key=lambda item: item.at, reverse=True))


_PAID = {
    Way.CARD: "Paid by card",
    Way.CASH: "Paid in cash",
    Way.LINK: "Paid by link",
    Way.READER: "Paid at the card reader",
    Way.SAVED: "Paid by saved card",
    Way.CREDIT: "Paid with credit",
    Way.BANK: "Paid by bank transfer",
}


def _payment(payment: Payment, amount: Money, who: str) -> TimelineItem:
    at = payment.ended_at or payment.created_at
    match payment.state:
        case PaymentState.COMPLETED:
            return TimelineItem(at, "paid", _PAID[payment.way], f"{payment.label} · {who}", amount)
        case PaymentState.FAILED:
            return TimelineItem(at, "declined", "Not charged", payment.decline_message or "", amount)
        case PaymentState.ABANDONED:
            return TimelineItem(
                at, "abandoned", "Given up, not charged", payment.decline_message or "", amount
            )
        case PaymentState.UNKNOWN:
            return TimelineItem(at, "unknown", "Outcome not known yet", "It is read again by itself", amount)
        case PaymentState.REQUIRES_ACTION:
            asks = payment.way is Way.READER
            title = "The card reader asks for a card" if asks else "Payment link sent, not paid yet"
            return TimelineItem(at, "waiting", title, who, amount)
        case _:
            return TimelineItem(at, "processing", "Charging", who, amount)


def _change(view: Reading, change: Amendment, who: str) -> TimelineItem:
    plan = plan_of(change)
    at = change.ended_at or change.created_at
    if change.state is AmendmentState.PENDING:
        return TimelineItem(at, "changing", "A change waits for its payment", who)
    if change.state is AmendmentState.ABANDONED:
        return TimelineItem(at, "change_undone", "A change was not made", who)
    if plan.kind is ChangeKind.REBOOK:
        was = view.departures.get(plan.from_departure_id)
        moment = format_datetime(was.starts_at, "EEE d MMM, HH:mm", tzinfo=zone_of(was.zone), locale="en_GB")
        return TimelineItem(at, "changed", "Rebooked", f"It was {moment} · {who}")
    if plan.kind is ChangeKind.REMOVE:
        gone = len(plan.ended)
        title = "1 traveller cancelled" if gone == 1 else f"{gone} travellers cancelled"
        return TimelineItem(at, "changed", title, f"{plan.reason} · {who}")
    if plan.kind is ChangeKind.ADD:
        new = len(plan.lines)
        return TimelineItem(
            at, "changed", "1 traveller joined" if new == 1 else f"{new} travellers joined", who
        )
    return TimelineItem(at, "changed", "A traveller was changed", who)


def _debt(debt: WriteOff, names: Mapping[UUID | None, str]) -> Iterator[TimelineItem]:
    amount = Money(debt.amount, debt.currency)
    why = f"{debt.reason} · {names[debt.created_by]}"
    yield TimelineItem(debt.created_at, "written_off", "Written off", why, amount)
    if debt.undone_at is not None:
        again = "It is paid after all" if debt.payment_id is not None else names[debt.undone_by]
        yield TimelineItem(debt.undone_at, "owed_again", "Owed again", again, amount)


def _refund(refund: Refund) -> TimelineItem:
    at = refund.ended_at or refund.created_at
    amount = Money(refund.amount, refund.currency)
    match refund.state:
        case RefundState.COMPLETED if refund.destination is RefundTo.CREDIT:
            return TimelineItem(at, "refunded", "Given as credit", "With the agency", amount)
        case RefundState.COMPLETED:
            return TimelineItem(at, "refunded", "Given back", refund.payment.label, amount)
        case RefundState.FAILED:
            return TimelineItem(at, "refund_failed", "Could not be given back", refund.failure or "", amount)
        case RefundState.UNKNOWN:
            return TimelineItem(at, "unknown", "Refund: outcome not known yet", refund.payment.label, amount)
        case _:
            return TimelineItem(at, "refunding", "On its way back", refund.payment.label, amount)
