from __future__ import annotations

from enum import StrEnum
from typing import Any

import pytest

from travellr_desktop.domain.states import (
    TRANSITIONS,
    AmendmentState,
    BatchState,
    BookingState,
    DepartureState,
    DisputeState,
    HoldState,
    IllegalTransition,
    PaymentState,
    PayoutState,
    RefundOrderState,
    RefundState,
    TakeBackState,
    WaitingState,
    advance,
    booking_status,
    can_advance,
    is_open,
    open_states,
    travellr_status,
)
from travellr_desktop.errors import WrongState

ALLOWED: dict[type[StrEnum], str] = {
    HoldState: "active>consumed active>released active>expired",
    BookingState: """
        pending>confirmed pending>cancelled
        confirmed>completed confirmed>cancelled confirmed>no_show
    """,
    PaymentState: """
        created>processing created>requires_action created>completed created>failed created>abandoned
        processing>requires_action processing>completed processing>failed processing>abandoned processing>unknown
        requires_action>processing requires_action>completed requires_action>failed requires_action>abandoned
        requires_action>unknown
        unknown>completed unknown>failed unknown>abandoned
    """,
    RefundState: """
        requested>approved
        approved>pending approved>completed approved>failed approved>unknown
        unknown>pending unknown>completed unknown>failed
        pending>completed pending>failed
        completed>failed
    """,
    RefundOrderState: "requested>approved requested>rejected requested>withdrawn",
    DisputeState: """
        inquiry>open inquiry>won inquiry>lost inquiry>closed
        open>won open>lost
        closed>open closed>won closed>lost
    """,
    DepartureState: "open>stopped open>cancelled open>done stopped>open stopped>cancelled stopped>done",
    WaitingState: """
        waiting>offered waiting>withdrawn waiting>lapsed
        offered>taken offered>withdrawn offered>lapsed
    """,
    AmendmentState: "pending>done pending>abandoned",
    BatchState: """
        draft>approved draft>discarded
        approved>sending approved>done
        sending>paused sending>approved sending>done
        paused>sending paused>approved paused>done
    """,
    PayoutState: """
        approved>sending approved>failed
        sending>paid sending>failed sending>unknown
        unknown>paid unknown>failed
        paid>reversed paid>returned
    """,
    TakeBackState: "sending>done sending>failed sending>unknown unknown>done unknown>failed",
}

PAIRS = [(kind, current, to) for kind in ALLOWED for current in kind for to in kind]


@pytest.mark.parametrize(("kind", "current", "to"), PAIRS, ids=lambda value: str(value)[-12:])
def test_every_step_is_allowed_or_refused_as_agreed(kind: type[StrEnum], current: Any, to: Any) -> None:
    if f"{current.value}>{to.value}" in ALLOWED[kind].split():
        assert advance(current, to) is to
        assert can_advance(current, to)
    else:
        assert not can_advance(current, to)
        with pytest.raises(IllegalTransition):
            advance(current, to)


def test_every_state_stands_in_its_table() -> None:
    assert set(TRANSITIONS) == set(ALLOWED)
    for kind, table in TRANSITIONS.items():
        assert set(table) == set(kind)


def test_a_refusal_names_both_states_and_is_one_of_wrong_state() -> None:
    with pytest.raises(WrongState, match="The booking is no show; it cannot become confirmed"):
        advance(BookingState.NO_SHOW, BookingState.CONFIRMED)


def test_a_state_of_another_kind_is_refused_even_with_the_same_word() -> None:
    another: Any = BookingState.COMPLETED
    assert another == PaymentState.COMPLETED  # the trap
    with pytest.raises(IllegalTransition):
        advance(PaymentState.PROCESSING, another)


@pytest.mark.parametrize(
    ("kind", "still_open"),
    [
        (HoldState, {"active"}),
        (BookingState, {"pending", "confirmed"}),
        (PaymentState, {"created", "processing", "requires_action", "unknown"}),
        (RefundState, {"requested", "approved", "pending", "unknown"}),
        (DisputeState, {"inquiry", "open"}),
        (DepartureState, {"open", "stopped"}),
        (BatchState, {"draft", "approved", "sending", "paused"}),
        (PayoutState, {"approved", "sending", "unknown"}),
        (TakeBackState, {"sending", "unknown"}),
    ],
)
def test_open_is_what_something_is_still_expected_of(kind: Any, still_open: set[str]) -> None:
    assert {state.value for state in kind if is_open(state)} == still_open
    assert {state.value for state in open_states(kind)} == still_open


@pytest.mark.parametrize(
    ("state", "refunded_all", "name"),
    [
        (PaymentState.CREATED, False, "pending"),
        (PaymentState.PROCESSING, False, "pending"),
        (PaymentState.REQUIRES_ACTION, False, "pending"),
        (PaymentState.UNKNOWN, False, "pending"),
        (PaymentState.COMPLETED, False, "completed"),
        (PaymentState.COMPLETED, True, "refunded"),
        (PaymentState.FAILED, False, "failed"),
        (PaymentState.FAILED, True, "failed"),
        (PaymentState.ABANDONED, False, "failed"),
    ],
)
def test_older_names_cover_every_state(state: PaymentState, refunded_all: bool, name: str) -> None:
    assert travellr_status(state, refunded_all) == name


@pytest.mark.parametrize(
    ("state", "last", "word"),
    [
        (BookingState.PENDING, None, "pending"),
        (BookingState.PENDING, PaymentState.CREATED, "pending"),
        (BookingState.PENDING, PaymentState.PROCESSING, "processing"),
        (BookingState.PENDING, PaymentState.FAILED, "pay_failed"),
        (BookingState.PENDING, PaymentState.UNKNOWN, "pay_unknown"),
        (BookingState.CONFIRMED, PaymentState.UNKNOWN, "confirmed"),
        (BookingState.NO_SHOW, None, "no_show"),
    ],
)
def test_a_pending_booking_is_shown_by_its_last_payment(
    state: BookingState, last: PaymentState | None, word: str
) -> None:
    assert booking_status(state, last) == word
