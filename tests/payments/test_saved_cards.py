"""Customers, and cards that are kept for them and charged while they are away."""

from __future__ import annotations

from contextlib import closing

import pytest

from helpers.canned import canned, stripe_error
from helpers.gateway_hand import AMOUNT, Hand, link_request, new_key
from helpers.provider import NO_FUNDS, VISA
from travellr_desktop.domain.ids import new_id
from travellr_desktop.errors import NotFound, Refusal
from travellr_desktop.payments.gateway import (
    AuthenticationRequired,
    CardDeclined,
    CardNotKept,
    CustomerRequest,
    GatewayRefused,
    InsufficientFunds,
    LinkState,
    PaymentCancelled,
    PaymentRefused,
    PaymentRequest,
    ProviderPaymentState,
    SavedCard,
)

ASKS = "pm_card_authenticationRequired"
FAILS_LATER = "pm_card_chargeCustomerFail"


def test_a_customer_is_made_read_and_changed(hand: Hand) -> None:
    traveller_id = new_id()
    request = CustomerRequest(traveller_id, "Mara Kovač", "mara@example.org", "+38269123456")
    made = hand.gateway.create_customer(request, key=new_key())
    assert (made.traveller_id, made.name, made.email) == (traveller_id, "Mara Kovač", "mara@example.org")
    assert hand.gateway.get_customer(made.ref) == made
    changed = hand.gateway.update_customer(
        made.ref, CustomerRequest(traveller_id, "Mara Novak"), key=new_key()
    )
    assert (changed.name, changed.email, changed.phone) == ("Mara Novak", None, None)
    assert hand.gateway.get_customer(made.ref) == changed


def test_a_customer_that_is_not_there_or_was_removed_is_not_found(hand: Hand) -> None:
    for call in (
        lambda: hand.gateway.get_customer("cus_none"),
        lambda: hand.gateway.update_customer("cus_none", CustomerRequest(new_id(), "A"), key=new_key()),
        lambda: hand.gateway.saved_cards("cus_none"),
    ):
        with pytest.raises(NotFound):
            call()
    removed = {"id": "cus_1", "object": "customer", "deleted": True}
    with closing(canned(200, removed)) as gateway, pytest.raises(NotFound):
        gateway.get_customer("cus_1")


def test_a_card_is_kept_listed_and_taken_away(hand: Hand) -> None:
    customer = hand.customer()
    kept = hand.gateway.attach_card(VISA, customer, key=new_key())
    assert kept == SavedCard(kept.ref, customer, "Visa ending 4242", 2034, 12)
    other = hand.gateway.attach_card("pm_card_mastercard", customer, key=new_key())
    assert hand.gateway.saved_cards(customer) == (other, kept)
    gone = hand.gateway.detach_card(kept.ref, key=new_key())
    assert (gone.ref, gone.customer_ref) == (kept.ref, None)
    assert hand.gateway.detach_card(kept.ref, key=new_key()) == gone
    assert hand.gateway.saved_cards(customer) == (other,)


def test_a_saved_card_is_charged_while_its_owner_is_away(hand: Hand) -> None:
    customer, payment_id = hand.customer(), new_id()
    card = hand.saved(customer)
    request = PaymentRequest(payment_id, AMOUNT, "Lagoon by kayak", customer_ref=customer)
    ref = hand.gateway.prepare_payment(request, key=new_key()).ref
    status = hand.gateway.charge_saved(ref, card_ref=card, key=new_key())
    assert (status.state, status.received) == (ProviderPaymentState.SUCCEEDED, AMOUNT)
    assert hand.gateway.charge_saved(ref, card_ref=card, key=new_key()) == status
    assert hand.control.succeeded_intents(payment_id) == 1


def test_a_bank_that_wants_the_traveller_is_a_refusal_after_which_a_link_takes_the_money(hand: Hand) -> None:
    customer = hand.customer()
    card, ref = hand.saved(customer, ASKS), hand.prepared(customer)
    with pytest.raises(AuthenticationRequired) as caught:
        hand.gateway.charge_saved(ref, card_ref=card, key=new_key())
    assert "payment link" in caught.value.hint
    assert hand.gateway.cancel_payment(ref, key=new_key()).state is ProviderPaymentState.CANCELLED
    with pytest.raises(PaymentCancelled):
        hand.gateway.charge_saved(ref, card_ref=hand.saved(customer), key=new_key())
    link = hand.gateway.create_link(link_request(customer_ref=customer), key=new_key())
    hand.control.pay_link(link.ref, ASKS)
    assert hand.gateway.get_link(link.ref).state is LinkState.PAID
    assert hand.control.counts().charged == {"eur": AMOUNT.minor}


def test_a_saved_card_that_is_declined_leaves_the_payment_open(hand: Hand) -> None:
    customer = hand.customer()
    ref = hand.prepared(customer)
    with pytest.raises(CardDeclined):
        hand.gateway.charge_saved(ref, card_ref=hand.saved(customer, FAILS_LATER), key=new_key())
    paid = hand.gateway.charge_saved(ref, card_ref=hand.saved(customer), key=new_key())
    assert paid.state is ProviderPaymentState.SUCCEEDED
    assert hand.control.counts().charges == 1


def test_a_card_of_nobody_or_of_somebody_else_is_not_charged(hand: Hand) -> None:
    mara, ana = hand.customer(), hand.customer()
    gone = hand.saved(mara)
    hand.gateway.detach_card(gone, key=new_key())
    for card in (gone, hand.saved(ana), "pm_none"):
        with pytest.raises(CardNotKept) as caught:
            hand.gateway.charge_saved(hand.prepared(mara), card_ref=card, key=new_key())
        assert caught.value.decline_code == "CARD_NOT_KEPT"
    with pytest.raises(NotFound):
        hand.gateway.charge_saved("pi_none", card_ref=gone, key=new_key())
    assert hand.control.counts().charges == 0


def test_a_card_that_its_bank_will_not_have_kept_is_declined(hand: Hand) -> None:
    customer = hand.customer()
    with pytest.raises(InsufficientFunds):
        hand.gateway.attach_card(NO_FUNDS, customer, key=new_key())
    with pytest.raises(NotFound):
        hand.gateway.attach_card("pm_none", customer, key=new_key())
    with pytest.raises(NotFound):
        hand.gateway.detach_card("pm_none", key=new_key())
    with pytest.raises(GatewayRefused, match="does not know this customer"):
        hand.gateway.attach_card(VISA, "cus_none", key=new_key())
    assert hand.gateway.saved_cards(customer) == ()


def test_what_is_kept_and_is_no_card_is_read_all_the_same() -> None:
    method = {"id": "pm_1", "object": "payment_method", "type": "sepa_debit", "customer": "cus_1"}
    with closing(canned(200, method)) as gateway:
        assert gateway.attach_card("pm_1", "cus_1", key="k") == SavedCard("pm_1", "cus_1", "Card", 0, 0)


@pytest.mark.parametrize(
    ("status", "body", "heard"),
    [
        (402, stripe_error("authentication_required", kind="card_error"), AuthenticationRequired),
        (
            402,
            stripe_error("card_declined", kind="card_error", decline_code="authentication_required"),
            AuthenticationRequired,
        ),
        (400, stripe_error(param="payment_method"), CardNotKept),
        (400, stripe_error("parameter_unknown", param="payment_method"), GatewayRefused),
        (404, stripe_error("resource_missing", param="intent"), NotFound),
    ],
)
def test_a_refusal_of_a_saved_card_is_told_for_what_it_is(
    status: int, body: object, heard: type[Refusal]
) -> None:
    with closing(canned(status, body)) as gateway, pytest.raises(heard) as caught:
        gateway.charge_saved("pi_1", card_ref="pm_1", key="k")
    assert type(caught.value) is heard
    assert issubclass(heard, PaymentRefused) == (heard in {AuthenticationRequired, CardNotKept})
