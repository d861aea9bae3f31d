"""How each kind of thing moves from state to state: one table a kind."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from travellr_desktop.domain.states.kinds import (
    AmendmentState,
    BatchState,
    BookingState,
    DepartureState,
    DisputeState,
    HoldState,
    PaymentState,
    PayoutState,
    RefundOrderState,
    RefundState,
    State,
    TakeBackState,
    WaitingState,
)


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

OPEN: Mapping[type[StrEnum], frozenset[Any]] = MappingProxyType(
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

NAMES: Mapping[type[StrEnum], str] = MappingProxyType(
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
