"""Faults that pass, that follow each other, and that are settled by reading. Each of every call: test_every_call."""

from __future__ import annotations

import pytest

from helpers.provider import NO_FUNDS, Provider
from travellr_desktop.domain.ids import new_id
from travellr_desktop.domain.money import Money
from travellr_desktop.payments.gateway import (
    GatewayBusy,
    OutcomeUnknown,
    ProviderPaymentState,
)
from travellr_desktop.payments.retries import RATE_LIMIT_WAITS
from travellr_desktop.payments.sandbox.control import SandboxControl
from travellr_desktop.payments.sandbox.faults import FaultKind
from travellr_desktop.payments.sandbox.operations import Operation

AMOUNT = Money(1_000, "EUR")


@pytest.mark.parametrize(
    "kind",
    [
        FaultKind.UNREACHABLE,
        FaultKind.REPLY_LOST_BEFORE,
        FaultKind.REPLY_LOST_AFTER,
        FaultKind.LATE,
        FaultKind.KEY_IN_USE,
        FaultKind.TOO_MANY_REQUESTS,
        FaultKind.SERVER_ERROR_BEFORE,
    ],
)
def test_a_fault_that_passes_is_not_heard_at_all(
    provider: Provider, control: SandboxControl, kind: FaultKind
) -> None:
    payment_id = new_id()
    ref = provider.prepare(payment_id=payment_id)
    control.arm(Operation.INTENT_CONFIRM, kind, times=kind.requests_until_felt - 1)
    assert provider.pay(ref).state is ProviderPaymentState.SUCCEEDED
    assert control.succeeded_intents(payment_id) == 1
    assert control.faults() == ()


def test_a_lost_reply_is_settled_by_reading(provider: Provider, control: SandboxControl) -> None:
    for kind, state in [
        (FaultKind.REPLY_LOST_BEFORE, ProviderPaymentState.WAITING),
        (FaultKind.REPLY_LOST_AFTER, ProviderPaymentState.SUCCEEDED),
        (FaultKind.SERVER_ERROR_AFTER, ProviderPaymentState.SUCCEEDED),
    ]:
        ref = provider.prepare()
        control.arm(Operation.INTENT_CONFIRM, kind)
        with pytest.raises(OutcomeUnknown):
            provider.pay(ref)
        assert provider.gateway.get_payment_status(ref).state is state


@pytest.mark.parametrize("then", [FaultKind.TOO_MANY_REQUESTS, FaultKind.KEY_IN_USE, FaultKind.UNREACHABLE])
def test_a_wait_or_a_dead_network_after_an_unanswered_try_is_unknown(
    provider: Provider, control: SandboxControl, then: FaultKind
) -> None:
    ref = provider.prepare()
    control.arm(Operation.INTENT_CONFIRM, FaultKind.REPLY_LOST_BEFORE, times=1)
    control.arm(Operation.INTENT_CONFIRM, then, until_disarmed=True)
    with pytest.raises(OutcomeUnknown):
        provider.pay(ref)


def test_a_decline_whose_reply_is_lost_is_read_as_not_paid(
    provider: Provider, control: SandboxControl
) -> None:
    ref = provider.prepare()
    control.arm(Operation.INTENT_CONFIRM, FaultKind.REPLY_LOST_AFTER)
    with pytest.raises(OutcomeUnknown):
        provider.pay(ref, NO_FUNDS)
    status = provider.gateway.get_payment_status(ref)
    assert (status.state, status.decline_code) == (ProviderPaymentState.WAITING, "INSUFFICIENT_FUNDS")


def test_a_lost_refund_is_found_by_our_id(provider: Provider, control: SandboxControl) -> None:
    ref, before, after = provider.paid(AMOUNT), new_id(), new_id()
    control.arm(Operation.REFUND_CREATE, FaultKind.REPLY_LOST_BEFORE)
    with pytest.raises(OutcomeUnknown):
        provider.refund(ref, Money(100, "EUR"), refund_id=before)
    control.arm(Operation.REFUND_CREATE, FaultKind.REPLY_LOST_AFTER)
    with pytest.raises(OutcomeUnknown):
        provider.refund(ref, Money(100, "EUR"), refund_id=after)
    assert provider.gateway.find_refund(ref, before) is None
    assert provider.gateway.find_refund(ref, after) is not None


def test_a_rate_limit_is_waited_out_longer_each_time_and_no_further(
    provider: Provider, control: SandboxControl, waits: list[float]
) -> None:
    ref = provider.prepare()
    control.arm(Operation.INTENT_CONFIRM, FaultKind.TOO_MANY_REQUESTS, until_disarmed=True)
    with pytest.raises(GatewayBusy):
        provider.pay(ref)
    assert waits == list(RATE_LIMIT_WAITS) == sorted(waits)
    assert control.disarm() == 1
    assert provider.pay(ref).state is ProviderPaymentState.SUCCEEDED


def test_latency_is_waited_for_and_beyond_the_time_out_it_is_unknown(
    provider: Provider, control: SandboxControl, waits: list[float]
) -> None:
    control.set_latency(1_500)
    ref = provider.prepare()
    assert waits == [1.5]
    control.set_latency(25_000)
    with pytest.raises(OutcomeUnknown):
        provider.pay(ref)
    assert waits == [1.5]
    control.set_latency(0)
    assert provider.gateway.get_payment_status(ref).state is ProviderPaymentState.SUCCEEDED
