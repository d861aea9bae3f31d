"""Card readers: told to ask for a card; what came of it is said by the payment."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from helpers.canned import canned, stripe_error
from helpers.gateway_hand import AMOUNT, Hand, new_key
from helpers.provider import NO_FUNDS, VISA
from travellr_desktop.domain.ids import new_id
from travellr_desktop.errors import InvalidInput, NotFound, Refusal
from travellr_desktop.payments.factory import open_gateway
from travellr_desktop.payments.gateway import (
    GatewayRefused,
    OnlyInTests,
    OutcomeUnknown,
    PaymentCancelled,
    PaymentRequest,
    ProviderPaymentState,
    ReaderAction,
    ReaderActionState,
    ReaderBusy,
    ReaderOffline,
    ReaderRefused,
)
from travellr_desktop.payments.sandbox.faults import FaultKind
from travellr_desktop.payments.sandbox.operations import Operation

WAITING, SUCCEEDED, FAILED = ReaderActionState.WAITING, ReaderActionState.SUCCEEDED, ReaderActionState.FAILED

READER = {
    "id": "tmr_1",
    "object": "terminal.reader",
    "action": None,
    "device_type": "stripe_s700",
    "label": "Desk 1",
    "serial_number": "S1",
    "status": "online",
}


def test_a_simulated_reader_is_added_listed_and_read(hand: Hand) -> None:
    assert hand.gateway.readers() == ()
    made = hand.gateway.add_simulated_reader("Desk 1", key=new_key())
    assert (made.label, made.device, made.is_simulated) == ("Desk 1", "WisePOS E", True)
    assert (made.is_online, made.action) == (True, None)
    assert hand.gateway.readers() == (made,)
    assert hand.gateway.get_reader(made.ref) == made
    hand.control.set_reader_online(made.ref, False)
    assert not hand.gateway.get_reader(made.ref).is_online


def test_all_readers_are_listed_however_many(hand: Hand) -> None:
    for _ in range(101):
        hand.reader()
    assert len({reader.ref for reader in hand.gateway.readers()}) == 101


def test_a_card_held_to_a_reader_pays(hand: Hand) -> None:
    reader, payment_id = hand.reader(), new_id()
    request = PaymentRequest(payment_id, AMOUNT, "Lagoon by kayak")
    payment = hand.gateway.prepare_reader_payment(request, key=new_key()).ref
    assert hand.gateway.process_on_reader(reader, payment, key=new_key()) == ReaderAction(WAITING, payment)
    assert hand.gateway.get_payment_status(payment).state is ProviderPaymentState.WAITING

    held = hand.gateway.present_card(reader, VISA, key=new_key())
    assert held.action == ReaderAction(SUCCEEDED, payment)
    status = hand.gateway.get_payment_status(payment)
    assert (status.state, status.received) == (ProviderPaymentState.SUCCEEDED, AMOUNT)
    assert status.card_label == "Visa ending 4242"
    assert hand.control.succeeded_intents(payment_id) == 1


def test_a_declined_card_is_the_readers_word_and_another_one_pays(hand: Hand) -> None:
    reader, payment = hand.asking()
    declined = hand.gateway.present_card(reader, NO_FUNDS, key=new_key())
    assert declined.action == ReaderAction(FAILED, payment, "INSUFFICIENT_FUNDS")
    assert hand.gateway.get_payment_status(payment).state is ProviderPaymentState.WAITING
    hand.gateway.process_on_reader(reader, payment, key=new_key())
    hand.gateway.present_card(reader, VISA, key=new_key())
    assert hand.gateway.get_payment_status(payment).state is ProviderPaymentState.SUCCEEDED
    assert hand.control.counts().charges == 1


def test_a_traveller_who_presses_cancel_is_told_from_a_decline(hand: Hand) -> None:
    reader, payment = hand.asking()
    hand.control.leave_reader(reader)
    assert hand.gateway.get_reader(reader).action == ReaderAction(FAILED, payment, "CANCELLED_ON_READER")
    hand.gateway.process_on_reader(reader, payment, key=new_key())
    hand.control.leave_reader(reader, "connection_error", "The reader lost its network.")
    assert hand.gateway.get_reader(reader).action == ReaderAction(FAILED, payment, "READER_FAILED")


def test_a_reader_that_answers_too_late_is_read_not_given_up(hand: Hand) -> None:
    reader, payment, key = hand.reader(), hand.for_reader(), new_key()
    hand.control.arm(Operation.READER_PROCESS, FaultKind.READER_TIMEOUT)
    assert hand.gateway.process_on_reader(reader, payment, key=key) == ReaderAction(WAITING, payment)
    hand.control.hold_card(reader, VISA)
    # the same again, with the time-out kept under its key: the card has been charged meanwhile
    assert hand.gateway.process_on_reader(reader, payment, key=key) == ReaderAction(SUCCEEDED, payment)
    assert hand.control.counts().charges == 1


def test_a_late_reader_that_has_gone_on_to_another_payment_is_settled_by_the_payment(hand: Hand) -> None:
    reader, payment, key = hand.reader(), hand.for_reader(), new_key()
    hand.control.arm(Operation.READER_PROCESS, FaultKind.READER_TIMEOUT)
    hand.gateway.process_on_reader(reader, payment, key=key)
    hand.control.hold_card(reader, VISA)
    hand.gateway.process_on_reader(reader, hand.for_reader(), key=new_key())
    assert hand.gateway.process_on_reader(reader, payment, key=key) == ReaderAction(SUCCEEDED, payment)


def test_a_late_reader_that_asks_for_nothing_leaves_it_unknown(hand: Hand) -> None:
    reader, payment, key = hand.reader(), hand.for_reader(), new_key()
    hand.control.arm(Operation.READER_PROCESS, FaultKind.READER_TIMEOUT)
    hand.gateway.process_on_reader(reader, payment, key=key)
    hand.gateway.cancel_on_reader(reader, key=new_key())
    with pytest.raises(OutcomeUnknown, match="card reader did not answer"):
        hand.gateway.process_on_reader(reader, payment, key=key)


def test_what_is_paid_or_cancelled_is_not_asked_for_again(hand: Hand) -> None:
    reader, payment = hand.asking()
    hand.gateway.present_card(reader, VISA, key=new_key())
    again = hand.gateway.process_on_reader(hand.reader(), payment, key=new_key())
    assert again == ReaderAction(SUCCEEDED, payment)
    gone = hand.for_reader()
    hand.gateway.cancel_payment(gone, key=new_key())
    with pytest.raises(PaymentCancelled):
        hand.gateway.process_on_reader(reader, gone, key=new_key())
    assert hand.control.counts().charges == 1


def test_a_reader_stops_asking_and_the_payment_stays_open_until_it_is_cancelled(hand: Hand) -> None:
    reader, payment = hand.asking()
    assert hand.gateway.cancel_on_reader(reader, key=new_key()).action is None
    assert hand.gateway.get_payment_status(payment).state is ProviderPaymentState.WAITING
    assert hand.gateway.cancel_payment(payment, key=new_key()).state is ProviderPaymentState.CANCELLED
    with pytest.raises(ReaderRefused):
        hand.gateway.present_card(reader, VISA, key=new_key())


def test_a_card_that_was_held_while_the_reader_was_stopped_is_told_by_the_payment(hand: Hand) -> None:
    reader, payment = hand.asking()
    hand.control.hold_card(reader, VISA)
    hand.gateway.cancel_on_reader(reader, key=new_key())
    assert hand.gateway.cancel_payment(payment, key=new_key()).state is ProviderPaymentState.SUCCEEDED


def test_a_reader_that_is_off_is_said_to_be_off(hand: Hand) -> None:
    reader, payment = hand.reader(), hand.for_reader()
    hand.control.set_reader_online(reader, False)
    with pytest.raises(ReaderOffline):
        hand.gateway.process_on_reader(reader, payment, key=new_key())
    assert hand.gateway.get_reader(reader).action is None


def test_what_is_not_there_or_for_another_way_is_refused(hand: Hand) -> None:
    with pytest.raises(NotFound):
        hand.gateway.get_reader("tmr_none")
    with pytest.raises(NotFound):
        hand.gateway.process_on_reader("tmr_none", hand.for_reader(), key=new_key())
    with pytest.raises(NotFound):
        hand.gateway.cancel_on_reader("tmr_none", key=new_key())
    with pytest.raises(NotFound):
        hand.gateway.process_on_reader(hand.reader(), "pi_none", key=new_key())
    with pytest.raises(ReaderRefused):  # prepared for a card that is typed
        hand.gateway.process_on_reader(hand.reader(), hand.prepared(), key=new_key())
    with pytest.raises(InvalidInput):
        hand.gateway.present_card(hand.asking()[0], "pm_card_random", key=new_key())


def test_every_card_that_stripe_has_can_be_held_to_a_reader_but_those_that_cannot_be(hand: Hand) -> None:
    held = 0
    for card in hand.gateway.test_cards():
        reader, _ = hand.asking()
        try:
            hand.gateway.present_card(reader, card.payment_method, key=new_key())
        except InvalidInput:
            assert card.payment_method in {"pm_card_random", "pm_card_authenticationRequired"}
        else:
            held += 1
    assert held == len(hand.gateway.test_cards()) - 2


def test_no_reader_is_simulated_where_money_is_real(sandbox_file: Path) -> None:
    with closing(open_gateway("rk_live_a1", sandbox_file)) as gateway:
        with pytest.raises(OnlyInTests):
            gateway.add_simulated_reader("Desk 1", key=new_key())
        with pytest.raises(OnlyInTests):
            gateway.present_card("tmr_1", VISA, key=new_key())


@pytest.mark.parametrize(
    ("change", "device", "is_simulated", "action"),
    [
        ({}, "Reader S700", False, None),
        ({"device_type": "bbpos_wisepad3"}, "WisePad 3", False, None),
        ({"device_type": "simulated_stripe_s710"}, "Reader S710", True, None),
        ({"device_type": "verifone_m425"}, "Verifone M425", False, None),
        (
            {
                "action": {
                    "type": "process_payment_intent",
                    "status": "failed",
                    "failure_code": "card_declined",
                }
            },
            "Reader S700",
            False,
            ReaderAction(FAILED, None, "CARD_DECLINED"),
        ),
        (
            {"action": {"type": "set_reader_display", "status": "in_progress"}},
            "Reader S700",
            False,
            ReaderAction(WAITING, None),
        ),
    ],
)
def test_readers_of_other_makes_and_ages_are_read(
    change: dict[str, object], device: str, is_simulated: bool, action: ReaderAction | None
) -> None:
    with closing(canned(200, READER | change)) as gateway:
        reader = gateway.get_reader("tmr_1")
    assert (reader.device, reader.is_simulated, reader.action) == (device, is_simulated, action)


@pytest.mark.parametrize(
    ("status", "body", "heard"),
    [
        (400, stripe_error("terminal_reader_busy"), ReaderBusy),
        (400, stripe_error("terminal_reader_offline"), ReaderOffline),
        (400, stripe_error("terminal_reader_hardware_fault"), ReaderRefused),
        (400, stripe_error("terminal_reader_invalid_location_for_payment"), ReaderRefused),
        (400, stripe_error("parameter_unknown", param="amout"), GatewayRefused),
        (404, stripe_error("resource_missing", param="reader"), NotFound),
        (500, stripe_error(kind="api_error"), OutcomeUnknown),
    ],
)
def test_a_refusal_of_a_reader_is_told_for_what_it_is(
    status: int, body: object, heard: type[Refusal]
) -> None:
    with closing(canned(status, body)) as gateway:
        for call in (
            lambda: gateway.process_on_reader("tmr_1", "pi_1", key="k"),
            lambda: gateway.cancel_on_reader("tmr_1", key="k"),
            lambda: gateway.present_card("tmr_1", VISA, key="k"),
        ):
            with pytest.raises(heard) as caught:
                call()
            assert type(caught.value) is heard
            assert caught.value.hint
