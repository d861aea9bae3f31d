"""Moving from state to state, and what a state is called."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from travellr_desktop.domain.states.kinds import AnyState, BookingState, PaymentState, State
from travellr_desktop.domain.states.tables import NAMES, OPEN, TRANSITIONS
from travellr_desktop.errors import WrongState


class IllegalTransition(WrongState):
    """The state table has no such step."""


def advance(current: State, to: State) -> State:
    """`to`, if the table allows the step; raises `IllegalTransition` otherwise (staying put is no step)."""
    if not can_advance(current, to):
        name = NAMES[type(current)]
        raise IllegalTransition(f"The {name} is {_words(current)}; it cannot become {_words(to)}.")
    return to


def can_advance(current: State, to: State) -> bool:
    """Whether the table allows the step."""
    return type(to) is type(current) and to in TRANSITIONS[type(current)][current]


def is_open(state: AnyState) -> bool:
    """Whether something is still expected of it: seats held, a trip to come, an outcome not known yet.

    A completed refund is not open, although it may still fail late.
    """
    return state in OPEN[type(state)]


def open_states(kind: type[State]) -> tuple[State, ...]:
    """The states of a kind that are open, in the order in which they are declared: for what is asked of many rows."""
    return tuple(state for state in kind if is_open(state))


PENDING_BY_PAYMENT: Mapping[PaymentState, str] = MappingProxyType(
    {
        PaymentState.UNKNOWN: "pay_unknown",
        PaymentState.FAILED: "pay_failed",
        PaymentState.PROCESSING: "processing",
        PaymentState.REQUIRES_ACTION: "waiting",
    }
)
"""How a pending booking is shown while the last payment of its sale is in one of these states."""


def booking_status(state: BookingState, last: PaymentState | None) -> str:
    """The one word for a booking and the last payment of its sale: its state or, while it is pending, what its
    payment says of it."""
    if state is not BookingState.PENDING or last is None:
        return state.value
    return PENDING_BY_PAYMENT.get(last, state.value)


def travellr_status(state: PaymentState, refunded_all: bool) -> str:
    """The older names that queries and imports answer by: pending, completed, failed or refunded.

    `refunded_all`: everything that was taken has gone back. An unknown outcome is pending, an abandoned
    payment failed.
    """
    if state is PaymentState.COMPLETED:
        return "refunded" if refunded_all else "completed"
    return "pending" if is_open(state) else "failed"


def _words(state: AnyState) -> str:
    return state.value.replace("_", " ")
