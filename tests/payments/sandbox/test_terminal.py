"""Card readers: told to take a payment, given a card, cancelled, and out of reach."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import stripe

from helpers.stripe_side import NO_FUNDS, VISA, kinds_of_events, reader, refusal, to_be_held
from travellr_desktop.errors import WrongState
from travellr_desktop.payments.sandbox.control import SandboxControl
from travellr_desktop.payments.sandbox.faults import FaultKind
from travellr_desktop.payments.sandbox.operations import Operation

DECLINED_NUMBER = "4000000000009995"


@pytest.fixture
def riva(api: stripe.V1Services) -> str:
    return str(reader(api).id)


def asking(api: stripe.V1Services, at: str, amount: int = 10_000) -> str:
    """A payment intent that the reader asks a card for."""
    intent = to_be_held(api, amount).id
    api.terminal.readers.process_payment_intent(at, {"payment_intent": intent})
    return intent


def present(api: stripe.V1Services, at: str, number: str | None = None) -> Any:
    held: Any = {} if number is None else {"card_present": {"number": number}, "type": "card_present"}
    return api.test_helpers.terminal.readers.present_payment_method(at, held)


def action_of(api: stripe.V1Services, at: str) -> Any:
    return api.terminal.readers.retrieve(at).action


def test_readers_stand_at_locations(api: stripe.V1Services) -> None:
    quay = api.terminal.locations.create(
        {"display_name": "Riva", "address": {"country": "ME", "city": "Kotor"}}
    )
    assert quay.address.city == "Kotor"
    made = api.terminal.readers.create(
        {"registration_code": "simulated-s700", "label": "Riva 1", "location": quay.id}
    )
    other = reader(api)
    assert (made.object, made.status, made.device_type, made.action) == (
        "terminal.reader",
        "online",
        "simulated_stripe_s700",
        None,
    )
    assert [one.id for one in api.terminal.readers.list().data] == [other.id, made.id]
    there = api.terminal.readers.list({"location": quay.id, "expand": ["data.location"]}).data
    assert [one.id for one in there] == [made.id]
    assert isinstance(there[0].location, stripe.terminal.Location)
    assert [one.id for one in api.terminal.locations.list().data] == [quay.id]
    assert api.terminal.locations.retrieve(quay.id).display_name == "Riva"


def test_what_is_no_reader_is_refused(api: stripe.V1Services) -> None:
    readers = api.terminal.readers
    assert (
        refusal(lambda: readers.create({"registration_code": "puppies-plug-could"}))[2] == "registration_code"
    )
    assert (
        refusal(lambda: readers.create({"registration_code": "simulated-wpe", "location": "tml_none"}))[2]
        == "location"
    )
    assert refusal(lambda: api.terminal.locations.create({"display_name": "x"}))[2] == "address"
    assert refusal(lambda: readers.retrieve("tmr_none"))[:2] == (404, "resource_missing")


def test_a_card_held_to_the_reader_pays(api: stripe.V1Services, riva: str, outside: SandboxControl) -> None:
    intent = to_be_held(api).id
    begun = api.terminal.readers.process_payment_intent(riva, {"payment_intent": intent})
    assert begun.action is not None and begun.action.status == "in_progress"
    assert api.payment_intents.retrieve(intent).status == "requires_payment_method"
    done = present(api, riva)
    assert (done.action.status, done.action.failure_code) == ("succeeded", None)
    paid = api.payment_intents.retrieve(intent, {"expand": ["latest_charge"]})
    assert (paid.status, paid.amount_received) == ("succeeded", 10_000)
    charge = paid.latest_charge
    assert isinstance(charge, stripe.Charge) and charge.payment_method_details is not None
    held = charge.payment_method_details.card_present
    assert held is not None and (held.brand, held.last4, held.read_method) == (
        "visa",
        "4242",
        "contactless_emv",
    )
    assert kinds_of_events(api)[-1] == "terminal.reader.action_succeeded"
    assert refusal(lambda: present(api, riva))[0] == 400  # it asks no more


def test_a_decline_is_the_actions_and_the_payment_stays_open(
    api: stripe.V1Services, riva: str, outside: SandboxControl
) -> None:
    intent = asking(api, riva)
    action = present(api, riva, DECLINED_NUMBER).action
    assert (action.status, action.failure_code) == ("failed", "card_declined")
    assert (action.api_error.code, action.api_error.decline_code) == ("card_declined", "insufficient_funds")
    assert api.payment_intents.retrieve(intent).status == "requires_payment_method"
    assert kinds_of_events(api)[-1] == "terminal.reader.action_failed"
    api.terminal.readers.process_payment_intent(riva, {"payment_intent": intent})
    assert present(api, riva).action.status == "succeeded"
    assert outside.counts().charges == 1


def test_a_decline_can_be_armed_for_the_next_card(
    api: stripe.V1Services, riva: str, outside: SandboxControl
) -> None:
    asking(api, riva)
    outside.arm(Operation.READER_PRESENT, FaultKind.EXPIRED_CARD)
    assert present(api, riva).action.failure_code == "expired_card"


def test_a_cancelled_action_charges_nothing(
    api: stripe.V1Services, riva: str, outside: SandboxControl
) -> None:
    intent = asking(api, riva)
    assert api.terminal.readers.cancel_action(riva).action is None
    assert refusal(lambda: present(api, riva))[0] == 400
    assert api.payment_intents.cancel(intent).status == "canceled"


def test_an_action_nobody_has_answered_is_replaced(
    api: stripe.V1Services, riva: str, outside: SandboxControl
) -> None:
    first, second = asking(api, riva), asking(api, riva)
    present(api, riva)
    assert api.payment_intents.retrieve(second).status == "succeeded"
    assert api.payment_intents.retrieve(first).status == "requires_payment_method"


def test_the_intent_can_be_read_through_the_reader(api: stripe.V1Services, riva: str) -> None:
    intent = asking(api, riva)
    path = "action.process_payment_intent.payment_intent"
    seen = api.terminal.readers.retrieve(riva, {"expand": [path]})
    told = seen.action.process_payment_intent.payment_intent  # type: ignore[union-attr]
    assert isinstance(told, stripe.PaymentIntent) and told.id == intent


def test_a_payment_cancelled_meanwhile_is_not_charged(
    api: stripe.V1Services, riva: str, outside: SandboxControl
) -> None:
    intent = asking(api, riva)
    api.payment_intents.cancel(intent)
    assert present(api, riva).action.failure_code == "intent_invalid_state"
    assert outside.counts().charges == 0


def test_only_open_payments_for_readers_are_processed(api: stripe.V1Services, riva: str) -> None:
    process = api.terminal.readers.process_payment_intent
    given = api.payment_intents.create({"amount": 5, "currency": "eur"}).id
    assert refusal(lambda: process(riva, {"payment_intent": given}))[2] == "payment_intent"
    gone = to_be_held(api).id
    api.payment_intents.cancel(gone)
    assert refusal(lambda: process(riva, {"payment_intent": gone}))[1] == "intent_invalid_state"
    assert refusal(lambda: process(riva, {"payment_intent": "pi_none"}))[1] == "resource_missing"
    held = to_be_held(api).id
    assert refusal(lambda: api.payment_intents.confirm(held, {"payment_method": VISA}))[2] == "payment_method"
    assert refusal(lambda: present(api, riva, "4111111111111112"))[2] == "card_present[number]"


# troubles of a reader


@pytest.mark.parametrize(
    ("kind", "code", "begun"),
    [
        (FaultKind.READER_OFFLINE, "terminal_reader_offline", False),
        (FaultKind.READER_BUSY, "terminal_reader_busy", False),
        (FaultKind.READER_TIMEOUT, "terminal_reader_timeout", True),
    ],
)
def test_a_reader_in_trouble_says_so_and_one_that_timed_out_may_have_begun(
    api: stripe.V1Services, riva: str, outside: SandboxControl, kind: FaultKind, code: str, begun: bool
) -> None:
    intent = to_be_held(api).id
    outside.arm(Operation.READER_PROCESS, kind)
    process = api.terminal.readers.process_payment_intent
    assert refusal(lambda: process(riva, {"payment_intent": intent}))[:2] == (400, code)
    assert (action_of(api, riva) is not None) is begun
    process(riva, {"payment_intent": intent})
    assert present(api, riva).action.status == "succeeded"
    assert outside.counts().charges == 1


def test_cancelling_can_time_out_and_have_happened(
    api: stripe.V1Services, riva: str, outside: SandboxControl
) -> None:
    asking(api, riva)
    outside.arm(Operation.READER_CANCEL, FaultKind.READER_TIMEOUT)
    assert refusal(lambda: api.terminal.readers.cancel_action(riva))[1] == "terminal_reader_timeout"
    assert action_of(api, riva) is None


def test_a_reader_that_is_switched_off_is_offline_until_it_is_on(
    api: stripe.V1Services, riva: str, outside: SandboxControl
) -> None:
    intent = to_be_held(api).id
    outside.set_reader_online(riva, False)
    assert [one.id for one in api.terminal.readers.list({"status": "offline"}).data] == [riva]
    process = api.terminal.readers.process_payment_intent
    assert refusal(lambda: process(riva, {"payment_intent": intent}))[1] == "terminal_reader_offline"
    outside.set_reader_online(riva, True)
    assert process(riva, {"payment_intent": intent}).action is not None


def test_who_plays_the_traveller_holds_a_card_or_walks_away(
    api: stripe.V1Services, riva: str, outside: SandboxControl
) -> None:
    with pytest.raises(WrongState):
        outside.hold_card(riva, VISA)
    asking(api, riva)
    assert outside.hold_card(riva, NO_FUNDS) is False
    asking(api, riva)
    outside.leave_reader(riva)
    assert action_of(api, riva).failure_code == "customer_canceled"
    asking(api, riva)
    assert outside.hold_card(riva, VISA) is True


def test_no_card_number_is_written_down(
    api: stripe.V1Services, riva: str, outside: SandboxControl, sandbox_file: Path
) -> None:
    for number in ("4242424242424242", DECLINED_NUMBER):
        asking(api, riva)
        present(api, riva, number)
    files = [file for file in sandbox_file.parent.iterdir() if file.name.startswith(sandbox_file.name)]
    written = b"".join(file.read_bytes() for file in files)
    assert b"insufficient_funds" in written
    assert b"4242424242424242" not in written and DECLINED_NUMBER.encode() not in written
