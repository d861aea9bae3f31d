"""The gateway, through the stripe library itself, against the sandbox."""

from __future__ import annotations

import pytest

from helpers.provider import NO_FUNDS, SLOW_REFUNDS, VISA, Provider
from travellr_desktop.domain.ids import new_id
from travellr_desktop.domain.money import Money
from travellr_desktop.errors import NotFound
from travellr_desktop.payments.gateway import (
    AuthenticationRequired,
    CardDeclined,
    ExpiredCard,
    GatewayRefused,
    InsufficientFunds,
    PaymentCancelled,
    PaymentRequest,
    ProviderPaymentState,
    ProviderRefundState,
    RefundBeyondPaid,
    RefundRefused,
)
from travellr_desktop.payments.sandbox.control import SandboxControl


def eur(minor: int) -> Money:
    return Money(minor, "EUR")


def test_preparing_moves_no_money(provider: Provider, control: SandboxControl) -> None:
    ref = provider.prepare(eur(4_500))
    status = provider.gateway.get_payment_status(ref)
    assert (status.state, status.amount, status.received) == (
        ProviderPaymentState.WAITING,
        eur(4_500),
        eur(0),
    )
    assert status.card_label is None
    assert control.counts().charges == 0


def test_a_payment_is_charged_once_and_read_back(provider: Provider, control: SandboxControl) -> None:
    payment_id = new_id()
    ref = provider.prepare(eur(4_500), payment_id=payment_id)
    status = provider.pay(ref, VISA)
    assert status == provider.gateway.get_payment_status(ref)
    assert (status.state, status.received) == (ProviderPaymentState.SUCCEEDED, eur(4_500))
    assert (status.card_label, status.decline_code) == ("Visa ending 4242", None)
    assert status.created_at.tzinfo is not None
    assert control.succeeded_intents(payment_id) == 1


def test_our_own_metadata_travels_along_but_never_hides_the_payment_id(
    provider: Provider, control: SandboxControl
) -> None:
    payment_id = new_id()
    request = PaymentRequest(payment_id, eur(100), "Trip", {"sale": "SA-2026-000001", "payment_id": "other"})
    ref = provider.gateway.prepare_payment(request, key="a").ref
    provider.pay(ref)
    assert control.succeeded_by_payment() == {str(payment_id): 1}


@pytest.mark.parametrize(
    ("card", "refusal"),
    [
        (NO_FUNDS, InsufficientFunds),
        ("pm_card_visa_chargeDeclined", CardDeclined),
        ("pm_card_visa_chargeDeclinedLostCard", CardDeclined),
        ("pm_card_chargeDeclinedProcessingError", CardDeclined),
        ("pm_card_chargeDeclinedExpiredCard", ExpiredCard),
        ("pm_card_authenticationRequired", AuthenticationRequired),
    ],
)
def test_each_declined_card_has_its_own_refusal(
    provider: Provider, control: SandboxControl, card: str, refusal: type[Exception]
) -> None:
    ref = provider.prepare()
    with pytest.raises(refusal) as caught:
        provider.pay(ref, card)
    assert type(caught.value) is refusal
    status = provider.gateway.get_payment_status(ref)
    assert status.state is ProviderPaymentState.WAITING
    assert status.decline_code == refusal.decline_code  # type: ignore[attr-defined]
    assert control.counts().charges == 0


def test_after_a_decline_another_card_pays_the_same_payment(
    provider: Provider, control: SandboxControl
) -> None:
    payment_id = new_id()
    ref = provider.prepare(payment_id=payment_id)
    with pytest.raises(InsufficientFunds):
        provider.pay(ref, NO_FUNDS)
    status = provider.pay(ref, "pm_card_amex")
    assert status.state is ProviderPaymentState.SUCCEEDED
    assert (status.card_label, status.decline_code) == ("American Express ending 8431", None)
    assert control.succeeded_intents(payment_id) == 1


def test_a_declined_key_stays_declined(provider: Provider) -> None:
    ref = provider.prepare()
    for _ in range(2):
        with pytest.raises(InsufficientFunds):
            provider.pay(ref, NO_FUNDS, key="first")
    with pytest.raises(GatewayRefused, match="other content"):
        provider.pay(ref, VISA, key="first")
    assert provider.pay(ref, VISA, key="second").state is ProviderPaymentState.SUCCEEDED


def test_paying_what_is_paid_reads_it_and_charges_nothing(
    provider: Provider, control: SandboxControl
) -> None:
    ref = provider.paid()
    status = provider.pay(ref, "pm_card_mastercard")
    assert (status.state, status.card_label) == (ProviderPaymentState.SUCCEEDED, "Visa ending 4242")
    assert control.counts().charges == 1


def test_a_cancelled_payment_can_never_be_charged(provider: Provider, control: SandboxControl) -> None:
    ref = provider.prepare()
    assert provider.cancel(ref).state is ProviderPaymentState.CANCELLED
    with pytest.raises(PaymentCancelled):
        provider.pay(ref)
    assert control.counts().charges == 0


def test_cancelling_twice_is_harmless(provider: Provider) -> None:
    ref = provider.prepare()
    provider.cancel(ref)
    assert provider.cancel(ref).state is ProviderPaymentState.CANCELLED


def test_cancelling_too_late_says_that_it_was_paid(provider: Provider) -> None:
    ref = provider.paid(eur(700))
    status = provider.cancel(ref)
    assert (status.state, status.received) == (ProviderPaymentState.SUCCEEDED, eur(700))


def test_what_the_provider_does_not_have_is_not_found(provider: Provider) -> None:
    gateway = provider.gateway
    with pytest.raises(NotFound):
        gateway.get_payment_status("pi_none")
    with pytest.raises(NotFound):
        provider.pay("pi_none")
    with pytest.raises(NotFound):
        provider.cancel("pi_none")
    with pytest.raises(NotFound):
        gateway.get_refund_status("re_none")


def test_a_card_that_does_not_exist_is_refused(provider: Provider) -> None:
    with pytest.raises(GatewayRefused, match="does not know this card"):
        provider.pay(provider.prepare(), "pm_card_made_up")


# refunds


def test_refunds_in_parts_add_up_and_stop_at_what_was_paid(
    provider: Provider, control: SandboxControl
) -> None:
    ref = provider.paid(eur(1_000))
    assert provider.refund(ref, eur(400)).state is ProviderRefundState.SUCCEEDED
    provider.refund(ref, eur(400))  # the same part twice, on purpose: two keys are two refunds
    with pytest.raises(RefundBeyondPaid):
        provider.refund(ref, eur(201))
    provider.refund(ref, eur(200))
    with pytest.raises(RefundBeyondPaid):
        provider.refund(ref, eur(1))
    assert provider.gateway.get_payment_status(ref).refunded == eur(1_000)
    assert control.counts().refunded == {"eur": 1_000}


def test_the_same_refund_with_the_same_key_goes_back_once(
    provider: Provider, control: SandboxControl
) -> None:
    ref, refund_id = provider.paid(eur(1_000)), new_id()
    first = provider.refund(ref, eur(300), refund_id=refund_id, key="refund-1")
    assert provider.refund(ref, eur(300), refund_id=refund_id, key="refund-1") == first
    assert control.counts().refunds == 1


def test_a_refund_is_read_by_its_number_and_found_by_ours(provider: Provider) -> None:
    ref, refund_id = provider.paid(eur(1_000)), new_id()
    made = provider.refund(ref, eur(250), refund_id=refund_id)
    assert (made.payment_ref, made.amount, made.refund_id) == (ref, eur(250), refund_id)
    assert provider.gateway.get_refund_status(made.ref) == made
    assert provider.gateway.find_refund(ref, refund_id) == made
    assert provider.gateway.find_refund(ref, new_id()) is None
    assert provider.gateway.find_refund(provider.paid(), refund_id) is None


def test_a_refund_is_found_beyond_the_first_page(provider: Provider) -> None:
    ref, first = provider.paid(eur(1_000)), new_id()
    provider.refund(ref, eur(1), refund_id=first)
    for _ in range(100):
        provider.refund(ref, eur(1))
    found = provider.gateway.find_refund(ref, first)
    assert found is not None and found.refund_id == first


def test_a_slow_refund_is_pending_until_it_goes_through(provider: Provider, control: SandboxControl) -> None:
    made = provider.refund(provider.paid(eur(1_000), SLOW_REFUNDS), eur(1_000))
    assert made.state is ProviderRefundState.PENDING
    control.settle_refund(made.ref)
    assert provider.gateway.get_refund_status(made.ref).state is ProviderRefundState.SUCCEEDED


def test_a_refund_that_fails_later_frees_its_amount(provider: Provider, control: SandboxControl) -> None:
    ref = provider.paid(eur(1_000))
    made = provider.refund(ref, eur(1_000))
    control.settle_refund(made.ref, failure="expired_or_canceled_card")
    status = provider.gateway.get_refund_status(made.ref)
    assert (status.state, status.failure_code) == (ProviderRefundState.FAILED, "expired_or_canceled_card")
    assert provider.gateway.get_payment_status(ref).refunded == eur(0)
    assert provider.refund(ref, eur(1_000)).state is ProviderRefundState.SUCCEEDED


def test_what_was_never_paid_cannot_be_refunded(provider: Provider) -> None:
    with pytest.raises(RefundRefused):
        provider.refund(provider.prepare(), eur(1))
    with pytest.raises(RefundRefused, match="no such payment"):
        provider.refund("pi_none", eur(1))


def test_the_sandbox_says_that_it_is_one_and_offers_its_cards(
    provider: Provider, control: SandboxControl
) -> None:
    assert provider.gateway.is_sandbox
    assert provider.gateway.test_cards() == control.cards()
    assert provider.gateway.test_cards()[0].payment_method == VISA
