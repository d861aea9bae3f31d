"""Money that goes back through the provider goes in the steps that it takes; what is less than a step of what goes back
to a payment becomes credit with the agency, so that nothing is asked of the provider which it must refuse."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from travellr_desktop.domain.money import spread
from travellr_desktop.domain.refund_quote import RefundTo
from travellr_desktop.domain.states import PaymentState
from travellr_desktop.domain.ways import THROUGH_PROVIDER, Way
from travellr_desktop.payments.steps import step_of
from travellr_desktop.storage.models import Booking, Payment
from travellr_desktop.storage.uow import Reading


@dataclass(frozen=True, slots=True)
class GoesBack:
    """What goes back to one payment, in minor units, or becomes credit out of it."""

    payment: Payment
    amount: int
    to: RefundTo


def step_for(reading: Reading, booking: Booking, to: RefundTo = RefundTo.PAYMENT) -> int:
    """In which steps what a policy gives of a booking is reckoned, in minor units: those of the provider, where any of
    it was paid through the provider and goes back there; else each unit counts."""
    step = step_of(booking.currency)
    if step == 1 or to is RefundTo.CREDIT:
        return 1
    there = reading.payments.find_by_booking_id(booking.id)
    through = (p for p in there if p.state is PaymentState.COMPLETED and p.way in THROUGH_PROVIDER)
    return step if any(through) else 1


def in_steps(ways: Iterable[tuple[Payment, int]], to: RefundTo) -> list[GoesBack]:
    """What goes back to each payment, as it is sent, handed over or kept as credit. What was paid with credit is credit
    again."""
    found: list[GoesBack] = []
    for payment, amount in ways:
        if payment.way is Way.CREDIT or to is RefundTo.CREDIT:
            found.append(GoesBack(payment, amount, RefundTo.CREDIT))
            continue
        rest = amount % step_of(payment.currency) if payment.way in THROUGH_PROVIDER else 0
        if amount - rest:
            found.append(GoesBack(payment, amount - rest, RefundTo.PAYMENT))
        if rest:
            found.append(GoesBack(payment, rest, RefundTo.CREDIT))
    return found


def spread_in_steps(amount: int, room: Sequence[int], step: int) -> list[int]:
    """`amount` over what there is `room` for, in whole steps each where that is possible."""
    if step == 1 or amount == sum(room):
        return spread(amount, list(room))
    parts = [each * step for each in spread(amount // step, [each // step for each in room])]
    fits = sum(parts) == amount and all(part <= most for part, most in zip(parts, room, strict=True))
    return parts if fits else spread(amount, list(room))
