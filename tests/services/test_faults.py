"""Whatever the provider's side does to a call, the sale ends as what is true: paid, not paid, or not known yet."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from helpers.books import (
    balances,
    booking_state,
    charged,
    entries,
    hold_state,
    payment_state,
    refund_states,
    seats,
)
from helpers.clock import HandClock
from helpers.desk import CARD, CASH, Desk, desk_again
from travellr_desktop.domain.permissions import SYSTEM
from travellr_desktop.domain.states import BookingState, HoldState, PaymentState, RefundState, advance
from travellr_desktop.domain.ways import Way
from travellr_desktop.errors import WrongState
from travellr_desktop.payments.sandbox.faults import FaultKind, possible
from travellr_desktop.payments.sandbox.operations import Operation
from travellr_desktop.services.outcomes import OutcomeState
from travellr_desktop.services.sales import PayChoice
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.models import Refund

CREATE, CONFIRM, CANCEL = Operation.INTENT_CREATE, Operation.INTENT_CONFIRM, Operation.INTENT_CANCEL
READ, REFUND = Operation.INTENT_RETRIEVE, Operation.REFUND_CREATE
DECLINED = PayChoice(Way.CARD, "pm_card_visa_chargeDeclined")


def kinds(operation: Operation) -> list[FaultKind]:
    return [kind for kind in FaultKind if possible(operation, kind)]


def arm(desk: Desk, operation: Operation, kind: FaultKind, *, for_good: bool = False) -> None:
    with desk.sandbox() as sandbox:
        sandbox.arm(operation, kind, until_disarmed=for_good)


def disarm(desk: Desk) -> None:
    with desk.sandbox() as sandbox:
        sandbox.disarm()


@pytest.mark.parametrize("kind", kinds(CREATE))
def test_what_goes_wrong_before_the_charge_charges_nothing(kind: FaultKind, desk: Desk) -> None:
    departure = desk.add_departure(capacity=4)
    arm(desk, CREATE, kind)
    outcome = desk.sold(departure, adult=2)
    assert outcome.state is OutcomeState.DECLINED
    assert outcome.refusal is not None
    assert outcome.refusal.code == "NO_CONNECTION"
    assert seats(desk, departure) == (4, 2)
    assert charged(desk) == (0, 0)


NOT_CHARGED = {
    FaultKind.UNREACHABLE: "NO_CONNECTION",
    FaultKind.INSUFFICIENT_FUNDS: "INSUFFICIENT_FUNDS",
    FaultKind.CARD_DECLINED: "CARD_DECLINED",
    FaultKind.EXPIRED_CARD: "EXPIRED_CARD",
    FaultKind.AUTHENTICATION_REQUIRED: "AUTHENTICATION_REQUIRED",
    FaultKind.KEY_IN_USE: "GatewayBusy",
    FaultKind.TOO_MANY_REQUESTS: "GatewayBusy",
}
UNKNOWN_AND_CHARGED = {
    FaultKind.REPLY_LOST_AFTER,
    FaultKind.LATE,
    FaultKind.TRUNCATED,
    FaultKind.SERVER_ERROR_AFTER,
}
UNKNOWN_AND_NOT_CHARGED = {FaultKind.REPLY_LOST_BEFORE, FaultKind.SERVER_ERROR_BEFORE}


def test_every_fault_of_the_charge_is_told_here() -> None:
    assert set(kinds(CONFIRM)) == set(NOT_CHARGED) | UNKNOWN_AND_CHARGED | UNKNOWN_AND_NOT_CHARGED


@pytest.mark.parametrize(("kind", "code"), NOT_CHARGED.items())
def test_a_definite_no_is_said_at_once(kind: FaultKind, code: str, desk: Desk) -> None:
    arm(desk, CONFIRM, kind)
    outcome = desk.sold(desk.add_departure(), adult=2)
    assert outcome.state is OutcomeState.DECLINED
    assert outcome.refusal is not None
    assert outcome.refusal.code == code
    assert charged(desk) == (0, 0)
    disarm(desk)
    paid = desk.services.sales.pay(desk.agent, outcome.sale_id, CARD, key=outcome.sale_id)
    assert paid.state is OutcomeState.PAID
    assert charged(desk) == (9000, 0)


@pytest.mark.parametrize("kind", sorted(UNKNOWN_AND_CHARGED | UNKNOWN_AND_NOT_CHARGED))
def test_an_answer_that_never_came_is_neither_paid_nor_failed(
    kind: FaultKind, desk: Desk, clock: HandClock
) -> None:
    departure = desk.add_departure(capacity=4)
    hold = desk.hold(departure, adult=2)
    arm(desk, CONFIRM, kind)
    outcome = desk.sell(hold)
    assert outcome.state is OutcomeState.UNKNOWN
    assert payment_state(desk, outcome.payment_id) is PaymentState.UNKNOWN
    assert outcome.next_read_at == clock.now() + timedelta(seconds=5)
    assert balances(desk) == {}
    with pytest.raises(WrongState):
        desk.services.sales.pay(desk.agent, outcome.sale_id, CASH, key=outcome.sale_id)
    with pytest.raises(WrongState):
        desk.services.sales.release(desk.agent, outcome.sale_id)
    with pytest.raises(WrongState):
        desk.services.cancellations.preview(desk.agent, [outcome.bookings[0].id])
    clock.forward(timedelta(days=2))
    assert desk.services.upkeep.expire_holds() == 0
    assert hold_state(desk, hold.id) is HoldState.ACTIVE

    disarm(desk)
    found = desk.services.payments.recover()
    now = desk.services.sales.outcome(desk.agent, outcome.sale_id)
    assert found.still_unknown == 0
    if kind in UNKNOWN_AND_CHARGED:
        assert found.payments == 1
        assert now.state is OutcomeState.PAID
        assert charged(desk) == (9000, 0)
        assert balances(desk) == {"stripe": 9000, "traveller_funds": 9000}
    else:
        assert found.payments == 0
        assert now.state is OutcomeState.DECLINED
        assert charged(desk) == (0, 0)
        with desk.sandbox() as sandbox:
            assert sandbox.counts().intents == {"canceled": 1}


@pytest.mark.parametrize("kind", kinds(CANCEL))
def test_what_goes_wrong_after_a_decline_is_not_the_sales_trouble(kind: FaultKind, desk: Desk) -> None:
    arm(desk, CANCEL, kind)
    outcome = desk.sold(desk.add_departure(), pay=DECLINED)
    assert outcome.state is OutcomeState.DECLINED
    assert charged(desk) == (0, 0)


@pytest.mark.parametrize("kind", kinds(READ))
def test_a_reading_that_fails_is_tried_again(kind: FaultKind, desk: Desk, clock: HandClock) -> None:
    arm(desk, CONFIRM, FaultKind.REPLY_LOST_AFTER)
    outcome = desk.sold(desk.add_departure())
    arm(desk, READ, kind)
    clock.forward(timedelta(seconds=5))
    assert desk.services.payments.recover().still_unknown == 1
    assert payment_state(desk, outcome.payment_id) is PaymentState.UNKNOWN
    disarm(desk)
    clock.forward(timedelta(minutes=1))
    assert desk.services.payments.recover().payments == 1


@pytest.mark.parametrize("kind", kinds(CANCEL))
def test_what_was_not_charged_is_given_up_only_once_it_never_can_be(
    kind: FaultKind, desk: Desk, clock: HandClock
) -> None:
    arm(desk, CONFIRM, FaultKind.REPLY_LOST_BEFORE)
    outcome = desk.sold(desk.add_departure())
    arm(desk, CANCEL, kind, for_good=True)
    waits = []
    for _ in range(6):
        waits.append(_next_read(desk, outcome.payment_id) - clock.now())
        clock.at(_next_read(desk, outcome.payment_id))
        desk.services.payments.recover()
        if payment_state(desk, outcome.payment_id) is not PaymentState.UNKNOWN:
            break
    done = kind in UNKNOWN_AND_CHARGED  # the cancellation stands, only its reply did not come
    assert waits == (SCHEDULE[:2] if done else SCHEDULE)
    disarm(desk)
    clock.forward(timedelta(days=1))
    desk.services.payments.recover()
    assert payment_state(desk, outcome.payment_id) is PaymentState.ABANDONED


SCHEDULE = [
    timedelta(seconds=5),
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(hours=1),
    timedelta(days=1),
    timedelta(days=1),
]


def _next_read(desk: Desk, payment_id: object) -> datetime:
    with desk.database.read() as view:
        found = next(each for each in view.payments.in_flight() if each.id == payment_id)
    assert found.next_read_at is not None
    return found.next_read_at


def test_an_unknown_payment_is_read_on_its_schedule_and_not_before(desk: Desk, clock: HandClock) -> None:
    arm(desk, CONFIRM, FaultKind.REPLY_LOST_AFTER)
    outcome = desk.sold(desk.add_departure())
    arm(desk, READ, FaultKind.UNREACHABLE, for_good=True)
    waits = []
    for number in range(6):
        due = _next_read(desk, outcome.payment_id)
        waits.append(due - clock.now())
        clock.at(due - timedelta(microseconds=1))
        desk.services.payments.recover()
        assert len(desk.services.sales.outcome(desk.agent, outcome.sale_id).reads) == number
        clock.at(due)
        desk.services.payments.recover()
        assert len(desk.services.sales.outcome(desk.agent, outcome.sale_id).reads) == number + 1
    assert waits == SCHEDULE
    disarm(desk)
    assert desk.services.sales.read_now(desk.agent, outcome.sale_id).state is OutcomeState.PAID


def test_a_card_that_is_declined_while_nobody_hears_it_is_named_later(desk: Desk, clock: HandClock) -> None:
    arm(desk, CONFIRM, FaultKind.REPLY_LOST_AFTER)
    outcome = desk.sold(desk.add_departure(), pay=DECLINED)
    assert outcome.state is OutcomeState.UNKNOWN
    now = desk.services.sales.read_now(desk.agent, outcome.sale_id)
    assert now.state is OutcomeState.DECLINED
    assert now.refusal is not None
    assert now.refusal.code == "CARD_DECLINED"


# refunds

WAITS = {FaultKind.UNREACHABLE, FaultKind.KEY_IN_USE, FaultKind.TOO_MANY_REQUESTS}


@pytest.mark.parametrize("kind", kinds(REFUND))
def test_a_refund_that_is_not_answered_goes_back_once(kind: FaultKind, desk: Desk, clock: HandClock) -> None:
    outcome = desk.sold(desk.add_departure(), adult=2)
    arm(desk, REFUND, kind)
    cancelled = desk.cancel(outcome.bookings[0].id)
    expected = RefundState.APPROVED if kind in WAITS else RefundState.UNKNOWN
    assert [refund.state for refund in cancelled.refunds] == [expected.value]
    assert balances(desk) == {"stripe": 9000, "refunds_payable": 9000}
    disarm(desk)
    clock.forward(timedelta(seconds=5))
    assert desk.services.payments.recover().refunds == 1
    assert refund_states(desk, outcome.bookings[0].id) == [(RefundState.COMPLETED, 9000)]
    assert charged(desk) == (9000, 9000)
    assert balances(desk) == {}


@pytest.mark.parametrize("sent", [True, False])
def test_after_the_key_is_forgotten_the_refunds_are_listed_first(
    sent: bool, desk: Desk, clock: HandClock
) -> None:
    """A provider remembers a key for a day; sent again after that it would be a second refund."""
    outcome = desk.sold(desk.add_departure(), adult=2)
    arm(desk, REFUND, FaultKind.REPLY_LOST_AFTER if sent else FaultKind.REPLY_LOST_BEFORE)
    desk.cancel(outcome.bookings[0].id)
    disarm(desk)
    _forget_keys(desk)
    clock.forward(timedelta(hours=25))
    assert desk.services.payments.recover().refunds == 1
    assert charged(desk) == (9000, 9000)
    with desk.sandbox() as sandbox:
        assert list(sandbox.refunds_by_id().values()) == [1]


def _forget_keys(desk: Desk) -> None:
    with closing(sqlite3.connect(desk.profile.sandbox)) as connection, connection:
        connection.execute("DELETE FROM keys")


def test_a_refund_whose_listing_fails_is_not_sent(desk: Desk, clock: HandClock) -> None:
    outcome = desk.sold(desk.add_departure(), adult=2)
    arm(desk, REFUND, FaultKind.REPLY_LOST_AFTER)
    desk.cancel(outcome.bookings[0].id)
    disarm(desk)
    _forget_keys(desk)
    arm(desk, Operation.REFUND_LIST, FaultKind.UNREACHABLE, for_good=True)
    clock.forward(timedelta(hours=25))
    assert desk.services.payments.recover().refunds == 0
    with desk.sandbox() as sandbox:
        assert sandbox.counts().refunds == 1
    disarm(desk)
    clock.forward(timedelta(days=1))
    assert desk.services.payments.recover().refunds == 1
    assert charged(desk) == (9000, 9000)


def test_a_refund_that_makes_no_sense_does_not_keep_others_waiting(
    agency: Path, tmp_path: Path, clock: HandClock, caplog: pytest.LogCaptureFixture
) -> None:
    """A row that only a hand in the file can have made: cash that is to go back through the provider."""
    shutil.copytree(agency, tmp_path / "profile")
    with desk_again(tmp_path / "profile", clock) as desk:
        cash = desk.sold(desk.add_departure(), pay=CASH)
        card = desk.sold(desk.add_departure(), adult=2)
        with desk.database.write(Commit.BOOKING_CANCEL, SYSTEM) as work:
            assert cash.payment_id is not None
            work.refunds.save(
                Refund(
                    booking_id=cash.bookings[0].id,
                    payment_id=cash.payment_id,
                    amount=1,
                    currency="EUR",
                    state=RefundState.APPROVED,
                    created_at=work.now,
                )
            )
            work.commit()
        arm(desk, REFUND, FaultKind.REPLY_LOST_BEFORE)
        desk.cancel(card.bookings[0].id)
        disarm(desk)
        clock.forward(timedelta(seconds=5))
        assert desk.services.payments.recover().refunds == 1
        assert charged(desk) == (9000, 9000)
    assert "could not be sent or followed" in caplog.text


def test_a_slow_refund_is_followed_until_it_arrives(desk: Desk, clock: HandClock) -> None:
    outcome = desk.sold(desk.add_departure(), pay=PayChoice(Way.CARD, "pm_card_pendingRefund"), adult=2)
    desk.cancel(outcome.bookings[0].id)
    assert refund_states(desk, outcome.bookings[0].id) == [(RefundState.PENDING, 9000)]
    assert balances(desk) == {}, "the provider has taken it on"
    clock.forward(timedelta(hours=1))
    assert desk.services.payments.recover().refunds == 0
    _settle(desk, outcome.bookings[0].id)
    clock.forward(timedelta(days=1))
    assert desk.services.payments.recover().refunds == 1
    assert refund_states(desk, outcome.bookings[0].id) == [(RefundState.COMPLETED, 9000)]


def test_a_slow_refund_that_fails_is_still_owed(desk: Desk, clock: HandClock) -> None:
    outcome = desk.sold(desk.add_departure(), pay=PayChoice(Way.CARD, "pm_card_pendingRefund"), adult=2)
    desk.cancel(outcome.bookings[0].id)
    _settle(desk, outcome.bookings[0].id, failure="expired_or_canceled_card")
    clock.forward(timedelta(hours=1))
    desk.services.payments.recover()
    assert refund_states(desk, outcome.bookings[0].id) == [(RefundState.FAILED, 9000)]
    assert balances(desk) == {"stripe": 9000, "refunds_payable": 9000}
    assert entries(desk, outcome.bookings[0].id)[-1] == (
        "refund_failed_late",
        "stripe",
        "refunds_payable",
        9000,
    )


def _settle(desk: Desk, booking_id: object, failure: str | None = None) -> None:
    with desk.database.read() as view:
        (refund,) = [each for each in view.refunds.find_all()[0] if each.booking_id == booking_id]
    assert refund.provider_ref is not None
    with desk.sandbox() as sandbox:
        sandbox.settle_refund(refund.provider_ref, failure=failure)


# paid after the hold has lapsed


def _written_off(desk: Desk) -> None:
    """The holds end although a payment is under way, as only an office can decide."""
    with desk.database.write(Commit.HOLD_EXPIRE, SYSTEM) as work:
        for hold in work.holds.find_all()[0]:
            if hold.state is HoldState.ACTIVE:
                hold.state = advance(hold.state, HoldState.EXPIRED)
        work.commit()


def test_seats_that_are_still_free_are_claimed_again(desk: Desk) -> None:
    departure = desk.add_departure(capacity=2)
    arm(desk, CONFIRM, FaultKind.REPLY_LOST_AFTER)
    outcome = desk.sold(departure, adult=2)
    _written_off(desk)
    assert seats(desk, departure) == (2, 0)
    now = desk.services.sales.read_now(desk.agent, outcome.sale_id)
    assert now.state is OutcomeState.PAID
    assert seats(desk, departure) == (2, 2)
    assert charged(desk) == (9000, 0)


def test_seats_that_are_gone_give_their_money_back_and_the_rest_stands(desk: Desk) -> None:
    gone, there = desk.add_departure(capacity=2), desk.add_departure(day=date(2026, 7, 5), capacity=2)
    holds = desk.hold(gone, adult=2), desk.hold(there, adult=1)
    arm(desk, CONFIRM, FaultKind.REPLY_LOST_AFTER)
    outcome = desk.sell(*holds)
    _written_off(desk)
    desk.sold(gone, pay=CASH, adult=1)
    now = desk.services.sales.read_now(desk.agent, outcome.sale_id)
    assert now.state is OutcomeState.PARTLY
    lost, kept = now.bookings
    assert (lost.state, lost.refunded.minor) == (BookingState.CANCELLED, 9000)
    assert (kept.state, kept.refunded.minor) == (BookingState.CONFIRMED, 0)
    assert refund_states(desk, lost.id) == [(RefundState.COMPLETED, 9000)]
    assert charged(desk) == (13500, 9000)
    assert seats(desk, gone) == (2, 1)
    assert seats(desk, there) == (2, 1)


def test_a_booking_that_was_given_up_meanwhile_gets_all_its_money_back(desk: Desk) -> None:
    departure = desk.add_departure(capacity=2)
    arm(desk, CONFIRM, FaultKind.REPLY_LOST_AFTER)
    outcome = desk.sold(departure, adult=2)
    _written_off(desk)
    with desk.database.write(Commit.BOOKING_CANCEL, SYSTEM) as work:
        booking = work.bookings.get(outcome.bookings[0].id)
        booking.state = advance(booking.state, BookingState.CANCELLED)
        booking.ended_at = work.now
        work.commit()
    desk.services.sales.read_now(desk.agent, outcome.sale_id)
    assert booking_state(desk, outcome.bookings[0].id) is BookingState.CANCELLED
    assert charged(desk) == (9000, 9000)
    assert balances(desk) == {}
    assert seats(desk, departure) == (2, 0)
