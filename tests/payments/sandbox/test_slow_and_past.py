"""Payments whose bank decides later, and payments of long ago."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import stripe

from helpers.clock import START
from helpers.stripe_side import kinds_of_events, paid, refusal
from travellr_desktop.errors import InvalidInput, NotFound, WrongState
from travellr_desktop.payments.sandbox.cards import SLOW_METHOD
from travellr_desktop.payments.sandbox.control import SandboxControl
from travellr_desktop.payments.sandbox.outside import PastPayment


@pytest.fixture
def waiting(api: stripe.V1Services) -> str:
    return paid(api, 1_000, payment_method=SLOW_METHOD).id


def test_a_slow_payment_is_neither_paid_nor_open(
    api: stripe.V1Services, outside: SandboxControl, waiting: str
) -> None:
    read = api.payment_intents.retrieve(waiting)
    assert (read.status, read.amount_received, read.latest_charge) == ("processing", 0, None)
    again = refusal(lambda: api.payment_intents.confirm(waiting, {"payment_method": "pm_card_visa"}))
    assert again[1] == "payment_intent_unexpected_state"
    assert refusal(lambda: api.refunds.create({"payment_intent": waiting}))[0] == 400
    assert outside.balances() == {}


def test_its_bank_lets_it_through(api: stripe.V1Services, outside: SandboxControl, waiting: str) -> None:
    outside.settle_payment(waiting)
    assert api.payment_intents.retrieve(waiting).status == "succeeded"
    assert outside.balances() == {"eur": 960}
    assert kinds_of_events(api)[1:] == [
        "payment_intent.processing",
        "charge.succeeded",
        "payment_intent.succeeded",
    ]


def test_its_bank_declines_it_and_another_card_is_taken(
    api: stripe.V1Services, outside: SandboxControl, waiting: str
) -> None:
    outside.settle_payment(waiting, declined=True)
    read = api.payment_intents.retrieve(waiting)
    assert read.status == "requires_payment_method" and read.last_payment_error is not None
    assert read.last_payment_error.decline_code == "insufficient_funds"
    assert api.payment_intents.confirm(waiting, {"payment_method": "pm_card_visa"}).status == "succeeded"
    assert outside.counts().charges == 1


def test_only_what_waits_is_decided(api: stripe.V1Services, outside: SandboxControl) -> None:
    with pytest.raises(NotFound):
        outside.settle_payment("pi_none")
    with pytest.raises(WrongState):
        outside.settle_payment(paid(api).id)


def test_a_history_is_as_if_it_had_been_paid_then(
    connect: Callable[..., stripe.V1Services], outside: SandboxControl
) -> None:
    api = connect()
    days = [START - timedelta(days=day) for day in range(300, 0, -1)]
    refs = outside.write_history(
        PastPayment(at, 1_000 + number, "EUR", {"payment_id": f"p{number}"}) for number, at in enumerate(days)
    )
    assert len(set(refs)) == 300 and api.events.list().data == []
    intent = api.payment_intents.retrieve(refs[7], {"expand": ["latest_charge.balance_transaction"]})
    assert (intent.status, intent.amount, intent.created) == ("succeeded", 1_007, int(days[7].timestamp()))
    charge = intent.latest_charge
    assert isinstance(charge, stripe.Charge)
    move = charge.balance_transaction
    assert isinstance(move, stripe.BalanceTransaction) and move.created == intent.created
    assert outside.succeeded_by_payment() == {f"p{number}": 1 for number in range(300)}
    assert api.refunds.create({"payment_intent": refs[0]}).amount == 1_000


def test_a_history_is_of_cards_that_succeed(outside: SandboxControl) -> None:
    with pytest.raises(InvalidInput):
        outside.write_history([PastPayment(START, 5, "eur", card="pm_none")])
    with pytest.raises(WrongState):
        outside.write_history([PastPayment(START, 5, "eur", card="pm_card_visa_chargeDeclined")])
    assert outside.counts().intents == {}
