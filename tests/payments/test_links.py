"""Payment links: paid only when link and payment say so, and cancelled for good or told that it was too late."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from helpers.canned import canned, stripe_error
from helpers.gateway_hand import AMOUNT, Hand, link_request, new_key
from helpers.provider import NO_FUNDS, VISA
from travellr_desktop.domain.ids import new_id
from travellr_desktop.domain.money import Money
from travellr_desktop.errors import NotFound, Refusal
from travellr_desktop.payments.gateway import (
    AmountNotPossible,
    GatewayRefused,
    LinkRefused,
    LinkState,
    OutcomeUnknown,
    ProviderPaymentState,
)
from travellr_desktop.payments.sandbox.faults import FaultKind
from travellr_desktop.payments.sandbox.operations import Operation

SESSION = {
    "id": "cs_1",
    "object": "checkout.session",
    "amount_total": 10_000,
    "currency": "eur",
    "expires_at": 1_800_000_000,
    "metadata": {},
    "payment_intent": None,
    "payment_status": "unpaid",
    "status": "open",
    "url": "https://checkout.stripe.com/c/pay/cs_1",
}


def test_a_link_is_open_until_it_is_paid_and_carries_our_payment(hand: Hand) -> None:
    payment_id = new_id()
    ends = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=3)
    made = hand.gateway.create_link(link_request(payment_id=payment_id, expires_at=ends), key=new_key())
    assert (made.state, made.payment_ref, made.payment_id) == (LinkState.OPEN, None, payment_id)
    assert (made.amount, made.expires_at) == (AMOUNT, ends)
    assert made.url is not None and made.url.startswith("https://")

    tried = hand.control.pay_link(made.ref, VISA)
    paid = hand.gateway.get_link(made.ref)
    assert (paid.state, paid.payment_ref, paid.url) == (LinkState.PAID, tried.intent, None)
    status = hand.gateway.get_payment_status(tried.intent)
    assert (status.state, status.received) == (ProviderPaymentState.SUCCEEDED, AMOUNT)
    assert hand.control.succeeded_intents(payment_id) == 1


def test_our_own_metadata_travels_to_the_payment_but_never_hides_its_id(hand: Hand) -> None:
    payment_id = new_id()
    request = link_request(payment_id=payment_id, metadata={"sale": "SA-2026-000001", "payment_id": "other"})
    link = hand.gateway.create_link(request, key=new_key())
    assert link.payment_id == payment_id
    hand.control.pay_link(link.ref, VISA)
    assert hand.control.succeeded_by_payment() == {str(payment_id): 1}
    assert hand.control.counted("payment_intent", "sale") == {"SA-2026-000001": 1}


def test_the_payment_of_a_link_is_not_charged_or_cancelled_past_it(hand: Hand) -> None:
    ref = hand.link()
    intent = hand.control.pay_link(ref, NO_FUNDS).intent
    charged = hand.gateway.process_payment(intent, payment_method=VISA, key=new_key())
    assert charged.state is ProviderPaymentState.WAITING
    assert hand.gateway.cancel_payment(intent, key=new_key()).state is ProviderPaymentState.WAITING
    assert hand.gateway.get_link(ref).state is LinkState.OPEN
    assert hand.control.counts().charges == 0


def test_a_declined_card_leaves_the_link_open_to_another(hand: Hand) -> None:
    ref = hand.link()
    hand.control.pay_link(ref, NO_FUNDS)
    declined = hand.gateway.get_link(ref)
    assert declined.state is LinkState.OPEN and declined.payment_ref is not None
    assert hand.gateway.get_payment_status(declined.payment_ref).decline_code == "INSUFFICIENT_FUNDS"
    hand.control.pay_link(ref, VISA)
    assert hand.gateway.get_link(ref).payment_ref == declined.payment_ref
    assert hand.control.counts().charges == 1


def test_an_expired_link_can_never_be_paid(hand: Hand) -> None:
    ref = hand.link()
    hand.control.pay_link(ref, NO_FUNDS)
    expired = hand.gateway.expire_link(ref, key=new_key())
    assert (expired.state, expired.url) == (LinkState.EXPIRED, None)
    assert expired.payment_ref is not None
    assert hand.gateway.get_payment_status(expired.payment_ref).state is ProviderPaymentState.CANCELLED
    assert hand.gateway.expire_link(ref, key=new_key()) == expired
    assert hand.control.counts().charges == 0


def test_a_link_that_was_paid_while_it_was_cancelled_is_told_as_paid(hand: Hand) -> None:
    ref = hand.link()
    hand.control.pay_link(ref, VISA)
    assert hand.gateway.expire_link(ref, key=new_key()).state is LinkState.PAID
    assert hand.control.link(ref).status == "complete"


def test_a_link_that_is_paid_between_two_tries_to_cancel_it_is_told_as_paid(hand: Hand) -> None:
    ref, key = hand.link(), new_key()
    hand.control.arm(Operation.SESSION_EXPIRE, FaultKind.REPLY_LOST_BEFORE)
    with pytest.raises(OutcomeUnknown):
        hand.gateway.expire_link(ref, key=key)
    hand.control.pay_link(ref, VISA)
    assert hand.gateway.expire_link(ref, key=key).state is LinkState.PAID


def test_a_link_whose_bank_decides_later_is_neither_paid_nor_over_until_then(hand: Hand) -> None:
    for declined, state in ((False, LinkState.PAID), (True, LinkState.EXPIRED)):
        ref = hand.link()
        intent = hand.control.pay_link(ref, "pm_card_slow").intent
        assert hand.gateway.get_link(ref).state is LinkState.PROCESSING
        assert hand.gateway.expire_link(ref, key=new_key()).state is LinkState.PROCESSING
        hand.control.settle_payment(intent, declined=declined)
        assert hand.gateway.get_link(ref).state is state
        assert hand.gateway.expire_link(ref, key=new_key()).state is state
    assert hand.control.counts().charges == 1


def test_a_link_runs_out_by_itself(hand: Hand) -> None:
    ref = hand.link()
    hand.control.shift_clock(timedelta(hours=2, minutes=1))
    assert hand.gateway.get_link(ref).state is LinkState.EXPIRED


@pytest.mark.parametrize("ahead", [timedelta(minutes=20), timedelta(hours=25)])
def test_a_link_for_too_short_or_too_long_is_refused_with_the_bounds(hand: Hand, ahead: timedelta) -> None:
    with pytest.raises(LinkRefused, match="half an hour at least and for a day at most"):
        hand.gateway.create_link(link_request(expires_at=datetime.now(UTC) + ahead), key=new_key())
    assert hand.control.counts().links == {}


def test_what_a_link_cannot_be_made_of_is_refused(hand: Hand) -> None:
    with pytest.raises(AmountNotPossible):
        hand.gateway.create_link(link_request(amount=Money(15, "KWD")), key=new_key())
    with pytest.raises(LinkRefused, match="customer"):
        hand.gateway.create_link(link_request(customer_ref="cus_none"), key=new_key())
    with pytest.raises(LinkRefused, match="kept for a customer"):
        hand.gateway.create_link(link_request(saves_card=True), key=new_key())
    with pytest.raises(NotFound):
        hand.gateway.get_link("cs_none")
    with pytest.raises(NotFound):
        hand.gateway.expire_link("cs_none", key=new_key())
    assert hand.control.counts().links == {}


def test_a_card_paid_by_a_link_is_kept_where_that_was_asked_for(hand: Hand) -> None:
    customer = hand.customer()
    for saves in (False, True):
        request = link_request(customer_ref=customer, saves_card=saves)
        hand.control.pay_link(hand.gateway.create_link(request, key=new_key()).ref, VISA)
        assert len(hand.gateway.saved_cards(customer)) == saves


@pytest.mark.parametrize(
    ("change", "state"),
    [
        ({}, LinkState.OPEN),
        ({"status": "complete"}, LinkState.PROCESSING),
        ({"status": "complete", "payment_status": "paid"}, LinkState.PROCESSING),
        ({"status": "complete", "payment_status": "paid", "intent": "processing"}, LinkState.PROCESSING),
        ({"status": "complete", "payment_status": "unpaid", "intent": "succeeded"}, LinkState.PROCESSING),
        ({"status": "complete", "payment_status": "paid", "intent": "succeeded"}, LinkState.PAID),
        ({"status": "complete", "intent": "requires_payment_method"}, LinkState.EXPIRED),
        ({"status": "complete", "intent": "canceled"}, LinkState.EXPIRED),
        ({"status": "complete", "intent": "requires_action"}, LinkState.PROCESSING),
        ({"status": "expired", "intent": "succeeded"}, LinkState.PROCESSING),
        ({"status": "expired", "intent": "canceled"}, LinkState.EXPIRED),
        ({"status": "open", "intent": "requires_payment_method"}, LinkState.OPEN),
        ({"status": "open", "intent": "processing"}, LinkState.PROCESSING),
    ],
)
def test_a_link_is_paid_only_where_both_say_so(change: dict[str, str], state: LinkState) -> None:
    body = {**SESSION, **change}
    if "intent" in change:
        body["payment_intent"] = {"id": "pi_1", "object": "payment_intent", "status": body.pop("intent")}
    with closing(canned(200, body)) as gateway:
        assert gateway.get_link("cs_1").state is state


def test_a_link_made_elsewhere_has_none_of_our_ids_and_a_strange_state_is_unknown() -> None:
    with closing(canned(200, SESSION | {"metadata": {"payment_id": "by hand"}})) as gateway:
        assert gateway.get_link("cs_1").payment_id is None
    with closing(canned(200, SESSION | {"status": "snoozed"})) as gateway, pytest.raises(OutcomeUnknown):
        gateway.get_link("cs_1")
    ours = str(UUID(int=7))
    with closing(canned(200, SESSION | {"metadata": {"payment_id": ours}})) as gateway:
        assert gateway.get_link("cs_1").payment_id == UUID(int=7)


@pytest.mark.parametrize(
    ("status", "body", "heard"),
    [
        (400, stripe_error("amount_too_small", param="line_items[0][price_data]"), AmountNotPossible),
        (400, stripe_error(param="line_items"), AmountNotPossible),
        (400, stripe_error("url_invalid", param="success_url"), GatewayRefused),
        (400, stripe_error("parameter_unknown", param="line_items"), GatewayRefused),
    ],
)
def test_a_refusal_of_a_link_is_told_for_what_it_is(status: int, body: object, heard: type[Refusal]) -> None:
    with closing(canned(status, body)) as gateway, pytest.raises(heard) as caught:
        gateway.create_link(link_request(), key=new_key())
    assert type(caught.value) is heard
