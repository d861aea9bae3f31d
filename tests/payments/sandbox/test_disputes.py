"""What a traveller's bank asks back, and what that does to the balance and to refunds."""

from __future__ import annotations

import pytest
import stripe

from helpers.stripe_side import kinds_of_events, paid, refusal
from travellr_desktop.errors import InvalidInput, NotFound, WrongState
from travellr_desktop.payments.sandbox.control import SandboxControl

START = 10_000 - 175
"""What the payment brought in."""


@pytest.fixture
def payment(api: stripe.V1Services) -> str:
    return paid(api, 10_000).id


def test_a_dispute_takes_the_money_and_a_fee_at_once(
    api: stripe.V1Services, outside: SandboxControl, payment: str
) -> None:
    ref = outside.open_dispute(payment, reason="product_not_received")
    told = api.disputes.retrieve(ref, {"expand": ["charge", "payment_intent"]})
    assert (told.status, told.amount, told.reason) == ("needs_response", 10_000, "product_not_received")
    assert told.is_charge_refundable is False
    assert isinstance(told.charge, stripe.Charge) and told.charge.disputed is True
    assert isinstance(told.payment_intent, stripe.PaymentIntent) and told.payment_intent.id == payment
    (move,) = told.balance_transactions
    assert (move.type, move.reporting_category) == ("adjustment", "dispute")
    assert (move.amount, move.fee, move.net) == (-10_000, 1_500, -11_500)
    assert outside.balances() == {"eur": START - 11_500}
    assert kinds_of_events(api)[-2:] == ["charge.dispute.created", "charge.dispute.funds_withdrawn"]


def test_one_that_is_won_gives_the_money_back_without_the_fee(
    api: stripe.V1Services, outside: SandboxControl, payment: str
) -> None:
    ref = outside.open_dispute(payment)
    outside.answer_dispute(ref)
    assert api.disputes.retrieve(ref).status == "under_review"
    outside.close_dispute(ref, won=True)
    told = api.disputes.retrieve(ref)
    assert told.status == "won"
    assert [(move.reporting_category, move.net) for move in told.balance_transactions] == [
        ("dispute", -11_500),
        ("dispute_reversal", 10_000),
    ]
    assert outside.balances() == {"eur": START - 1_500}
    assert kinds_of_events(api)[-3:] == [
        "charge.dispute.updated",
        "charge.dispute.closed",
        "charge.dispute.funds_reinstated",
    ]
    assert api.refunds.create({"payment_intent": payment}).status == "succeeded"


def test_one_that_is_lost_keeps_the_money_and_no_refund_is_possible(
    api: stripe.V1Services, outside: SandboxControl, payment: str
) -> None:
    ref = outside.open_dispute(payment)
    for lost in (False, True):
        if lost:
            outside.close_dispute(ref, won=False)
        refund = refusal(lambda: api.refunds.create({"payment_intent": payment}))
        assert refund[:2] == (400, "charge_disputed")
    assert api.disputes.retrieve(ref).status == "lost"
    assert outside.balances() == {"eur": START - 11_500}


def test_an_inquiry_moves_no_money_and_a_full_refund_closes_it(
    api: stripe.V1Services, outside: SandboxControl, payment: str
) -> None:
    ref = outside.open_dispute(payment, inquiry=True)
    told = api.disputes.retrieve(ref)
    assert (told.status, told.balance_transactions) == ("warning_needs_response", [])
    assert told.is_charge_refundable is True
    api.refunds.create({"payment_intent": payment, "amount": 4_000})
    outside.answer_dispute(ref)
    assert api.disputes.retrieve(ref).status == "warning_under_review"
    api.refunds.create({"payment_intent": payment})
    assert api.disputes.retrieve(ref).status == "warning_closed"
    assert outside.balances() == {"eur": START - 10_000}
    assert kinds_of_events(api)[-1] == "charge.dispute.closed"


def test_an_inquiry_can_become_a_dispute_of_what_is_left(
    api: stripe.V1Services, outside: SandboxControl, payment: str
) -> None:
    ref = outside.open_dispute(payment, inquiry=True)
    api.refunds.create({"payment_intent": payment, "amount": 4_000})
    outside.escalate_dispute(ref)
    told = api.disputes.retrieve(ref)
    assert (told.status, told.amount) == ("needs_response", 6_000)
    assert outside.balances() == {"eur": START - 4_000 - 6_000 - 1_500}


def test_an_inquiry_is_closed_without_a_winner(
    api: stripe.V1Services, outside: SandboxControl, payment: str
) -> None:
    ref = outside.open_dispute(payment, inquiry=True)
    outside.close_dispute(ref, won=False)
    assert api.disputes.retrieve(ref).status == "warning_closed"
    assert outside.balances() == {"eur": START}


def test_disputes_are_listed_by_payment_and_charge(
    api: stripe.V1Services, outside: SandboxControl, payment: str
) -> None:
    other = paid(api, 500)
    mine = outside.open_dispute(payment, amount=3_000)
    theirs = outside.open_dispute(str(other.latest_charge))
    assert [one.id for one in api.disputes.list().data] == [theirs, mine]
    assert [one.id for one in api.disputes.list({"payment_intent": payment}).data] == [mine]
    assert [one.id for one in api.disputes.list({"charge": str(other.latest_charge)}).data] == [theirs]
    assert api.disputes.retrieve(mine).amount == 3_000
    assert outside.counts().disputes == {"needs_response": 2}


def test_what_cannot_be_disputed_is_refused(
    api: stripe.V1Services, outside: SandboxControl, payment: str
) -> None:
    unpaid = api.payment_intents.create({"amount": 5, "currency": "eur"}).id
    for ref in ("pi_none", "ch_none", unpaid):
        with pytest.raises(NotFound):
            outside.open_dispute(ref)
    with pytest.raises(WrongState):
        outside.open_dispute(payment, amount=10_001)
    with pytest.raises(InvalidInput):
        outside.open_dispute(payment, reason="because")
    ref = outside.open_dispute(payment)
    with pytest.raises(WrongState):
        outside.open_dispute(payment)
    with pytest.raises(WrongState):
        outside.escalate_dispute(ref)
    outside.close_dispute(ref, won=False)
    for act in (outside.answer_dispute, outside.escalate_dispute):
        with pytest.raises(WrongState):
            act(ref)
    with pytest.raises(WrongState):
        outside.close_dispute(ref, won=True)
    with pytest.raises(NotFound):
        outside.close_dispute("du_none", won=True)
    assert refusal(lambda: api.disputes.retrieve("du_none"))[:2] == (404, "resource_missing")
