"""Replies of Stripe that the sandbox does not give by itself, told in the port's words."""

from __future__ import annotations

from contextlib import closing

import pytest

from helpers.canned import canned, stripe_error
from helpers.provider import Provider
from travellr_desktop.domain.money import Money
from travellr_desktop.errors import NotFound, Refusal
from travellr_desktop.payments.gateway import (
    AmountNotPossible,
    AuthenticationRequired,
    CardDeclined,
    ExpiredCard,
    GatewayBusy,
    GatewayRefused,
    InsufficientFunds,
    KeyAwaited,
    KeyNotAllowed,
    KeyRefused,
    OutcomeUnknown,
    PaymentDisputed,
    RefundBeyondPaid,
    RefundRefused,
)

INTENT = {
    "id": "pi_1",
    "object": "payment_intent",
    "amount": 100,
    "amount_received": 0,
    "created": 1,
    "currency": "eur",
    "last_payment_error": None,
    "latest_charge": None,
    "status": "requires_payment_method",
}


def provider(status: int, body: object) -> Provider:
    return Provider(canned(status, body))


@pytest.mark.parametrize(
    ("status", "body", "heard"),
    [
        (200, "<html>Sign in to this network</html>", OutcomeUnknown),
        (200, '{"id": "pi_1", "obj', OutcomeUnknown),
        (403, "<html>Blocked by the proxy</html>", OutcomeUnknown),
        (502, "", OutcomeUnknown),
        (503, stripe_error(kind="api_error"), OutcomeUnknown),
        (200, INTENT | {"status": "requires_something_new"}, OutcomeUnknown),
        (400, stripe_error("rate_limit"), GatewayBusy),
        (429, stripe_error("lock_timeout"), GatewayBusy),
        (409, stripe_error("lock_timeout"), GatewayBusy),
        (401, stripe_error(), KeyRefused),
        (403, stripe_error(), KeyNotAllowed),
        (400, stripe_error("parameter_unknown", param="amout"), GatewayRefused),
        (400, stripe_error("idempotency", kind="idempotency_error"), GatewayRefused),
        (400, stripe_error("amount_too_small", param="amount"), AmountNotPossible),
        (404, stripe_error("resource_missing", param="intent"), NotFound),
        (400, stripe_error("resource_missing", param="payment_method"), GatewayRefused),
        (
            402,
            stripe_error("card_declined", kind="card_error", decline_code="insufficient_funds"),
            InsufficientFunds,
        ),
        (402, stripe_error("card_declined", kind="card_error", decline_code="fraudulent"), CardDeclined),
        (402, stripe_error("card_declined", kind="card_error", decline_code="stolen_card"), CardDeclined),
        (402, stripe_error("incorrect_cvc", kind="card_error"), CardDeclined),
        (402, stripe_error("expired_card", kind="card_error"), ExpiredCard),
        (402, stripe_error("card_declined", kind="card_error", decline_code="expired_card"), ExpiredCard),
        (402, stripe_error("authentication_required", kind="card_error"), AuthenticationRequired),
    ],
)
def test_a_reply_to_a_payment_is_told_for_what_it_is(status: int, body: object, heard: type[Refusal]) -> None:
    hand = provider(status, body)
    with closing(hand.gateway), pytest.raises(heard) as caught:
        hand.pay("pi_1")
    assert type(caught.value) is heard
    assert "No." not in str(caught.value)
    assert str(caught.value).endswith(".") and caught.value.hint


@pytest.mark.parametrize("word", ["fraudulent", "stolen_card", "lost_card", "pickup_card"])
def test_a_reason_that_the_cardholder_must_not_hear_is_not_told(word: str) -> None:
    hand = provider(402, stripe_error("card_declined", kind="card_error", decline_code=word))
    with closing(hand.gateway), pytest.raises(CardDeclined) as caught:
        hand.pay("pi_1")
    assert str(caught.value) == "The card was declined."
    assert caught.value.decline_code == "CARD_DECLINED"


@pytest.mark.parametrize(
    ("status", "body", "heard"),
    [
        (400, stripe_error("charge_already_refunded"), RefundBeyondPaid),
        (400, stripe_error(param="amount"), RefundBeyondPaid),
        (400, stripe_error("charge_disputed"), PaymentDisputed),
        (400, stripe_error(), RefundRefused),
        (400, stripe_error("parameter_invalid_integer", param="amount"), GatewayRefused),
        (401, stripe_error("api_key_expired"), KeyAwaited),
        (500, stripe_error(kind="api_error"), OutcomeUnknown),
        (429, stripe_error(), GatewayBusy),
    ],
)
def test_a_reply_to_a_refund_is_told_for_what_it_is(status: int, body: object, heard: type[Refusal]) -> None:
    hand = provider(status, body)
    with closing(hand.gateway), pytest.raises(heard) as caught:
        hand.refund("pi_1", Money(100, "EUR"))
    assert type(caught.value) is heard


def test_an_odd_charge_has_no_label() -> None:
    charge = {"id": "ch_1", "object": "charge", "paid": False, "payment_method_details": {"type": "klarna"}}
    hand = provider(200, INTENT | {"latest_charge": charge})
    with closing(hand.gateway):
        assert hand.gateway.get_payment_status("pi_1").card_label is None


def test_a_refund_made_elsewhere_has_none_of_our_ids() -> None:
    for metadata in ({}, {"refund_id": "by hand"}, None):
        refund = {
            "id": "re_1",
            "object": "refund",
            "amount": 100,
            "currency": "eur",
            "metadata": metadata,
            "payment_intent": "pi_1",
            "status": "succeeded",
        }
        hand = provider(200, refund)
        with closing(hand.gateway):
            assert hand.gateway.get_refund_status("re_1").refund_id is None
