"""The states of things, and one table a kind of how they move. Every change goes through `advance`."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any, TypeVar

from travellr_desktop.errors import WrongState


class HoldState(StrEnum):
    ACTIVE = "active"
    CONSUMED = "consumed"
    RELEASED = "released"
    EXPIRED = "expired"


class HoldKind(StrEnum):
    """What a hold is for."""

    HOLD = "hold"  # a basket's, for minutes
    OPTION = "option"  # kept for a traveller until a date
    OFFER = "offer"  # offered to somebody who waited
    CHANGE = "change"  # for a change of a booking whose payment is under way


class WaitingState(StrEnum):
    WAITING = "waiting"
    OFFERED = "offered"
    TAKEN = "taken"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"  # the offer, or the departure, went by


class AmendmentState(StrEnum):
    PENDING = "pending"
    DONE = "done"
    ABANDONED = "abandoned"


class BookingState(StrEnum):
    PENDING = "pending"
    CONFIRMED = "confirmed"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"


class PaymentState(StrEnum):
    """UNKNOWN: the provider may or may not have charged; it is shown neither as paid nor as failed."""

    CREATED = "created"
    PROCESSING = "processing"
    REQUIRES_ACTION = "requires_action"
    COMPLETED = "completed"
    FAILED = "failed"
    ABANDONED = "abandoned"
    UNKNOWN = "unknown"


class RefundState(StrEnum):
    """PENDING: the provider has accepted it and the money is on its way."""

    REQUESTED = "requested"
    APPROVED = "approved"
    PENDING = "pending"
    COMPLETED = "completed"
    FAILED = "failed"
    UNKNOWN = "unknown"


class RefundOrderState(StrEnum):
    """What somebody wants to be given back. REQUESTED: it waits for a second person, and nothing has moved. REJECTED by
    somebody else, WITHDRAWN by who asked."""

    REQUESTED = "requested"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class DisputeState(StrEnum):
    """INQUIRY: the traveller's bank asks, and has taken nothing. OPEN: it has taken the money and not decided yet.
    CLOSED: an inquiry that came to nothing."""

    INQUIRY = "inquiry"
    OPEN = "open"
    WON = "won"
    LOST = "lost"
    CLOSED = "closed"


class BatchState(StrEnum):
    """DRAFT: nothing has been fixed, its figures are those of now. PAUSED: between two payouts, until somebody goes on.
    A run that is stopped is APPROVED again, with what is left of it."""

    DRAFT = "draft"
    APPROVED = "approved"
    SENDING = "sending"
    PAUSED = "paused"
    DONE = "done"
    DISCARDED = "discarded"


class PayoutState(StrEnum):
    """SENDING: the lines it pays are out of what is payable. UNKNOWN: the money may or may not have gone. REVERSED: all
    of a transfer was taken back; RETURNED: the bank sent it back."""

    APPROVED = "approved"
    SENDING = "sending"
    PAID = "paid"
    FAILED = "failed"
    UNKNOWN = "unknown"
    REVERSED = "reversed"
    RETURNED = "returned"


class TakeBackState(StrEnum):
    """Money that is taken back out of a vendor's account with the provider."""

    SENDING = "sending"
    DONE = "done"
    FAILED = "failed"
    UNKNOWN = "unknown"


class DepartureState(StrEnum):
    """STOPPED: not sold for now; it may be opened again."""

    OPEN = "open"
    STOPPED = "stopped"
    CANCELLED = "cancelled"
    DONE = "done"


State = TypeVar(
    "State",
    HoldState,
    BookingState,
    PaymentState,
    RefundState,
    RefundOrderState,
    DisputeState,
    DepartureState,
    WaitingState,
    AmendmentState,
    BatchState,
    PayoutState,
    TakeBackState,
)
AnyState = (
    HoldState
    | BookingState
    | PaymentState
    | RefundState
    | RefundOrderState
    | DisputeState
    | DepartureState
    | WaitingState
    | AmendmentState
    | BatchState
    | PayoutState
    | TakeBackState
)


class IllegalTransition(WrongState):
    """The state table has no such step."""


def _table(steps: dict[State, set[State]]) -> Mapping[State, frozenset[State]]:
    return MappingProxyType({state: frozenset(after) for state, after in steps.items()})


HOLD_TRANSITIONS = _table(
    {
        HoldState.ACTIVE: {HoldState.CONSUMED, HoldState.RELEASED, HoldState.EXPIRED},
        HoldState.CONSUMED: set(),
        HoldState.RELEASED: set(),
        HoldState.EXPIRED: set(),
    }
)

BOOKING_TRANSITIONS = _table(
    {
        BookingState.PENDING: {BookingState.CONFIRMED, BookingState.CANCELLED},
        BookingState.CONFIRMED: {BookingState.COMPLETED, BookingState.CANCELLED, BookingState.NO_SHOW},
        BookingState.COMPLETED: set(),
        BookingState.CANCELLED: set(),
        BookingState.NO_SHOW: set(),
    }
)

_PAYMENT_ENDS = {PaymentState.COMPLETED, PaymentState.FAILED, PaymentState.ABANDONED}

PAYMENT_TRANSITIONS = _table(
    {
        # straight to completed: cash; to requires_action: a link, which waits for its traveller
        PaymentState.CREATED: {PaymentState.PROCESSING, PaymentState.REQUIRES_ACTION} | _PAYMENT_ENDS,
        PaymentState.PROCESSING: {PaymentState.REQUIRES_ACTION, PaymentState.UNKNOWN} | _PAYMENT_ENDS,
        PaymentState.REQUIRES_ACTION: {PaymentState.PROCESSING, PaymentState.UNKNOWN} | _PAYMENT_ENDS,
        PaymentState.UNKNOWN: _PAYMENT_ENDS,
        PaymentState.COMPLETED: set(),
        PaymentState.FAILED: set(),
        PaymentState.ABANDONED: set(),
    }
)

REFUND_TRANSITIONS = _table(
    {
        RefundState.REQUESTED: {RefundState.APPROVED},
        RefundState.APPROVED: {
            RefundState.PENDING,
            RefundState.COMPLETED,
            RefundState.FAILED,
            RefundState.UNKNOWN,
        },
        RefundState.UNKNOWN: {RefundState.PENDING, RefundState.COMPLETED, RefundState.FAILED},
        RefundState.PENDING: {RefundState.COMPLETED, RefundState.FAILED},
        # a bank may send money back days after it was said to have arrived
        RefundState.COMPLETED: {RefundState.FAILED},
        RefundState.FAILED: set(),
    }
)

REFUND_ORDER_TRANSITIONS = _table(
    {
        RefundOrderState.REQUESTED: {
            RefundOrderState.APPROVED,
            RefundOrderState.REJECTED,
            RefundOrderState.WITHDRAWN,
        },
        RefundOrderState.APPROVED: set(),
        RefundOrderState.REJECTED: set(),
        RefundOrderState.WITHDRAWN: set(),
    }
)

DISPUTE_TRANSITIONS = _table(
    {
        # nobody may have looked while it was open
        DisputeState.INQUIRY: {
            DisputeState.OPEN,
            DisputeState.WON,
            DisputeState.LOST,
            DisputeState.CLOSED,
        },
        DisputeState.OPEN: {DisputeState.WON, DisputeState.LOST},
        DisputeState.WON: set(),
        DisputeState.LOST: set(),
        # the bank may go on after all
        DisputeState.CLOSED: {DisputeState.OPEN, DisputeState.WON, DisputeState.LOST},
    }
)

DEPARTURE_TRANSITIONS = _table(
    {
        DepartureState.OPEN: {DepartureState.STOPPED, DepartureState.CANCELLED, DepartureState.DONE},
        DepartureState.STOPPED: {DepartureState.OPEN, DepartureState.CANCELLED, DepartureState.DONE},
        DepartureState.CANCELLED: set(),
        DepartureState.DONE: set(),
    }
)

WAITING_TRANSITIONS = _table(
    {
        WaitingState.WAITING: {WaitingState.OFFERED, WaitingState.WITHDRAWN, WaitingState.LAPSED},
        WaitingState.OFFERED: {WaitingState.TAKEN, WaitingState.WITHDRAWN, WaitingState.LAPSED},
        WaitingState.TAKEN: set(),
        WaitingState.WITHDRAWN: set(),
        WaitingState.LAPSED: set(),
    }
)

AMENDMENT_TRANSITIONS = _table(
    {
        AmendmentState.PENDING: {AmendmentState.DONE, AmendmentState.ABANDONED},
        AmendmentState.DONE: set(),
        AmendmentState.ABANDONED: set(),
    }
)

BATCH_TRANSITIONS = _table(
    {
        BatchState.DRAFT: {BatchState.APPROVED, BatchState.DISCARDED},
        # straight to done: whatever was in it failed, or nobody is paid
        BatchState.APPROVED: {BatchState.SENDING, BatchState.DONE},
        BatchState.SENDING: {BatchState.PAUSED, BatchState.APPROVED, BatchState.DONE},
        BatchState.PAUSED: {BatchState.SENDING, BatchState.APPROVED, BatchState.DONE},
        BatchState.DONE: set(),
        BatchState.DISCARDED: set(),
    }
)

PAYOUT_TRANSITIONS = _table(
    {
        # straight to failed: refused before anything was sent, or taken out of the run
        PayoutState.APPROVED: {PayoutState.SENDING, PayoutState.FAILED},
        PayoutState.SENDING: {PayoutState.PAID, PayoutState.FAILED, PayoutState.UNKNOWN},
        PayoutState.UNKNOWN: {PayoutState.PAID, PayoutState.FAILED},
        PayoutState.PAID: {PayoutState.REVERSED, PayoutState.RETURNED},
        PayoutState.FAILED: set(),
        PayoutState.REVERSED: set(),
        PayoutState.RETURNED: set(),
    }
)

TAKE_BACK_TRANSITIONS = _table(
    {
        TakeBackState.SENDING: {TakeBackState.DONE, TakeBackState.FAILED, TakeBackState.UNKNOWN},
        TakeBackState.UNKNOWN: {TakeBackState.DONE, TakeBackState.FAILED},
        TakeBackState.DONE: set(),
        TakeBackState.FAILED: set(),
    }
)

# By type first: members of two StrEnums with the same word are equal, and would share a key.
TRANSITIONS: Mapping[type[StrEnum], Mapping[Any, frozenset[Any]]] = MappingProxyType(
    {
        HoldState: HOLD_TRANSITIONS,
        BookingState: BOOKING_TRANSITIONS,
        PaymentState: PAYMENT_TRANSITIONS,
        RefundState: REFUND_TRANSITIONS,
        RefundOrderState: REFUND_ORDER_TRANSITIONS,
        DisputeState: DISPUTE_TRANSITIONS,
        DepartureState: DEPARTURE_TRANSITIONS,
        WaitingState: WAITING_TRANSITIONS,
        AmendmentState: AMENDMENT_TRANSITIONS,
        BatchState: BATCH_TRANSITIONS,
        PayoutState: PAYOUT_TRANSITIONS,
        TakeBackState: TAKE_BACK_TRANSITIONS,
    }
)
"""The table of each kind of state."""

_OPEN: Mapping[type[StrEnum], frozenset[Any]] = MappingProxyType(
    {
        HoldState: frozenset({HoldState.ACTIVE}),
        BookingState: frozenset({BookingState.PENDING, BookingState.CONFIRMED}),
        PaymentState: frozenset(PaymentState) - _PAYMENT_ENDS,
        RefundState: frozenset(RefundState) - {RefundState.COMPLETED, RefundState.FAILED},
        RefundOrderState: frozenset({RefundOrderState.REQUESTED}),
        DisputeState: frozenset({DisputeState.INQUIRY, DisputeState.OPEN}),
        DepartureState: frozenset({DepartureState.OPEN, DepartureState.STOPPED}),
        WaitingState: frozenset({WaitingState.WAITING, WaitingState.OFFERED}),
        AmendmentState: frozenset({AmendmentState.PENDING}),
        BatchState: frozenset(BatchState) - {BatchState.DONE, BatchState.DISCARDED},
        PayoutState: frozenset({PayoutState.APPROVED, PayoutState.SENDING, PayoutState.UNKNOWN}),
        TakeBackState: frozenset({TakeBackState.SENDING, TakeBackState.UNKNOWN}),
    }
)

_NAMES: Mapping[type[StrEnum], str] = MappingProxyType(
    {
        HoldState: "hold",
        BookingState: "booking",
        PaymentState: "payment",
        RefundState: "refund",
        RefundOrderState: "request for a refund",
        DisputeState: "dispute",
        DepartureState: "departure",
        WaitingState: "entry on the waiting list",
        AmendmentState: "change",
        BatchState: "batch of payouts",
        PayoutState: "payout",
        TakeBackState: "reversal of a payout",
    }
)


def advance(current: State, to: State) -> State:
    """`to`, if the table allows the step; raises `IllegalTransition` otherwise (staying put is no step)."""
    if not can_advance(current, to):
        name = _NAMES[type(current)]
        raise IllegalTransition(f"The {name} is {_words(current)}; it cannot become {_words(to)}.")
    return to


def can_advance(current: State, to: State) -> bool:
    """Whether the table allows the step."""
    return type(to) is type(current) and to in TRANSITIONS[type(current)][current]


def is_open(state: AnyState) -> bool:
    """Whether something is still expected of it: seats held, a trip to come, an outcome not known yet.

    A completed refund is not open, although it may still fail late.
    """
    return state in _OPEN[type(state)]


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
