"""Requests for refunds: whether they wait, what was asked, who decides; within the caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence

from travellr_desktop.domain.money import Money
from travellr_desktop.domain.permissions import Actor
from travellr_desktop.domain.states import RefundOrderState, advance
from travellr_desktop.errors import WrongState
from travellr_desktop.events import RefundOrderChanged
from travellr_desktop.services import keys
from travellr_desktop.services.change_preview import Going, going
from travellr_desktop.services.planning import Rebook
from travellr_desktop.services.refund_asks import OrderView, RefundAsk
from travellr_desktop.services.refund_kinds import Part
from travellr_desktop.storage.models import Booking, RefundOrder
from travellr_desktop.storage.uow import Reading, UnitOfWork

WAITS = RefundOrderState.REQUESTED


def against_limit(view: Reading, parts: Sequence[Part]) -> tuple[int | None, int]:
    """The agency's limit of what one person may give back alone, None for no limit; and what is held against it: what
    goes back of these bookings, and what went back of them before without a second person. Minor units."""
    currency = parts[0].booking.currency
    before = view.refund_orders.alone([part.booking.id for part in parts])
    return view.agency.get().refund_limits.get(currency), before + sum(part.back for part in parts)


def refuse_alone(view: Reading, booking: Booking, back: int) -> None:
    """A change does not give back what one person may not: raises `WrongState` above the agency's limit."""
    if limit_of(view, booking, back)[1]:
        raise WrongState(
            "So much goes back with a second person only.",
            hint="Look at it again: it is asked for, and made when a colleague approves it.",
        )


def limit_of(view: Reading, booking: Booking, back: int) -> tuple[Money | None, bool]:
    """The agency's limit of what one person may give back alone, and whether so much (minor units) is above it."""
    limit = view.agency.get().refund_limits.get(booking.currency)
    if limit is None:
        return None, False
    above = bool(back) and view.refund_orders.alone([booking.id]) + back > limit
    return Money(limit, booking.currency), above


def decide(work: UnitOfWork, order: RefundOrder, state: RefundOrderState, words: str) -> None:
    """Approved or turned down, by who acts."""
    order.state = advance(order.state, state)
    order.decided_at, order.decided_by, order.decision = work.now, work.actor.user_id, words
    work.refund_orders.update(order)
    work.audit(f"refund.{state.value}", "refund_order", order.id, amount=order.amount, reason=words)
    work.publish(changed(work, order))


def waiting(order: RefundOrder) -> RefundOrder:
    """The request, if it waits; raises `WrongState`."""
    if order.state is not WAITS:
        raise WrongState("This refund was decided already.", hint="See how it stands.")
    return order


def ask_of(order: RefundOrder) -> RefundAsk:
    """What was asked, as it was asked."""
    return keys.from_json(RefundAsk, order.asked)


def changed(work: UnitOfWork, order: RefundOrder) -> RefundOrderChanged:
    return RefundOrderChanged(
        aggregate_id=order.id,
        timestamp=work.now,
        sale_id=order.sale_id,
        state=order.state,
        amount=Money(order.amount, order.currency),
    )


def view_of(view: Reading, order: RefundOrder, actor: Actor) -> OrderView:
    ask = ask_of(order)
    names = view.users.names((order.requested_by, order.decided_by))
    limit = order.approval_above
    return OrderView(
        id=order.id,
        state=order.state,
        sale_id=order.sale_id,
        sale_reference=order.sale.reference,
        traveller_name=order.sale.traveller.name,
        ask=ask,
        references=tuple(each.reference for each in view.bookings.find_many(ask.booking_ids)),
        amount=Money(order.amount, order.currency),
        policy_amount=Money(order.policy_amount, order.currency),
        limit=None if limit is None else Money(limit, order.currency),
        requested_at=order.requested_at,
        requested_by=names.get(order.requested_by, ""),
        mine=order.requested_by == actor.user_id,
        decided_at=order.decided_at,
        decided_by=names.get(order.decided_by, "") if order.decided_by is not None else "",
        decision=order.decision,
        rebooked=_rebooked(view, ask),
    )


def _rebooked(view: Reading, ask: RefundAsk) -> Going | None:
    if not isinstance(ask.change, Rebook):
        return None
    departure = view.departures.get(ask.change.departure_id)
    return going(departure, view.trips.get(departure.trip_id).title)
