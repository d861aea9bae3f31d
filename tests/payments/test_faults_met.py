"""What the gateway's caller hears of every fault of every call, and what had happened by then."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

import pytest

from helpers.provider import NO_FUNDS, Provider
from travellr_desktop.domain.ids import new_id
from travellr_desktop.domain.money import Money
from travellr_desktop.errors import Refusal
from travellr_desktop.payments.gateway import (
    AuthenticationRequired,
    CardDeclined,
    ExpiredCard,
    GatewayBusy,
    GatewayUnreachable,
    InsufficientFunds,
    OutcomeUnknown,
    ProviderPaymentState,
)
from travellr_desktop.payments.retries import RATE_LIMIT_WAITS
from travellr_desktop.payments.sandbox.control import SandboxControl
from travellr_desktop.payments.sandbox.faults import FaultKind, possible
from travellr_desktop.payments.sandbox.operations import Operation

AMOUNT = Money(1_000, "EUR")

HEARD: dict[FaultKind, type[Refusal]] = {
    FaultKind.INSUFFICIENT_FUNDS: InsufficientFunds,
    FaultKind.CARD_DECLINED: CardDeclined,
    FaultKind.EXPIRED_CARD: ExpiredCard,
    FaultKind.AUTHENTICATION_REQUIRED: AuthenticationRequired,
    FaultKind.UNREACHABLE: GatewayUnreachable,
    FaultKind.REPLY_LOST_BEFORE: OutcomeUnknown,
    FaultKind.REPLY_LOST_AFTER: OutcomeUnknown,
    FaultKind.LATE: OutcomeUnknown,
    FaultKind.TRUNCATED: OutcomeUnknown,
    FaultKind.KEY_IN_USE: GatewayBusy,
    FaultKind.TOO_MANY_REQUESTS: GatewayBusy,
    FaultKind.SERVER_ERROR_BEFORE: OutcomeUnknown,
    FaultKind.SERVER_ERROR_AFTER: OutcomeUnknown,
}
HAPPENED = {
    FaultKind.REPLY_LOST_AFTER,
    FaultKind.LATE,
    FaultKind.TRUNCATED,
    FaultKind.SERVER_ERROR_AFTER,
}


@dataclass(frozen=True)
class Staged:
    """A call that is ready to be made, the same each time, and a count of its effects in the sandbox's file."""

    call: Callable[[], object]
    effects: Callable[[], int]


Stage = Callable[[Provider, SandboxControl], Staged]


def _preparing(provider: Provider, control: SandboxControl) -> Staged:
    payment_id = new_id()
    return Staged(
        lambda: provider.prepare(AMOUNT, payment_id=payment_id, key="k"),
        lambda: sum(control.counts().intents.values()),
    )


def _paying(provider: Provider, control: SandboxControl) -> Staged:
    payment_id = new_id()
    ref = provider.prepare(AMOUNT, payment_id=payment_id)
    return Staged(lambda: provider.pay(ref, key="k"), lambda: control.succeeded_intents(payment_id))


def _cancelling(provider: Provider, control: SandboxControl) -> Staged:
    ref = provider.prepare(AMOUNT)
    return Staged(lambda: provider.cancel(ref, key="k"), lambda: control.counts().intents.get("canceled", 0))


def _refunding(provider: Provider, control: SandboxControl) -> Staged:
    ref, refund_id = provider.paid(AMOUNT), new_id()
    return Staged(
        lambda: provider.refund(ref, AMOUNT, refund_id=refund_id, key="k"), lambda: control.counts().refunds
    )


def _reading_a_payment(provider: Provider, control: SandboxControl) -> Staged:
    ref = provider.paid(AMOUNT)
    return Staged(lambda: provider.gateway.get_payment_status(ref), lambda: 0)


def _reading_a_refund(provider: Provider, control: SandboxControl) -> Staged:
    ref = provider.refund(provider.paid(AMOUNT), AMOUNT).ref
    return Staged(lambda: provider.gateway.get_refund_status(ref), lambda: 0)


def _finding_a_refund(provider: Provider, control: SandboxControl) -> Staged:
    ref = provider.paid(AMOUNT)
    return Staged(lambda: provider.gateway.find_refund(ref, UUID(int=1)), lambda: 0)


STAGES: dict[Operation, Stage] = {
    Operation.INTENT_CREATE: _preparing,
    Operation.INTENT_CONFIRM: _paying,
    Operation.INTENT_CANCEL: _cancelling,
    Operation.REFUND_CREATE: _refunding,
    Operation.INTENT_RETRIEVE: _reading_a_payment,
    Operation.REFUND_RETRIEVE: _reading_a_refund,
    Operation.REFUND_LIST: _finding_a_refund,
}

PAIRS = [(operation, kind) for operation in STAGES for kind in FaultKind if possible(operation, kind)]


@pytest.mark.parametrize(("operation", "kind"), PAIRS)
def test_a_fault_is_heard_for_what_it_is_and_the_same_key_heals_it(
    provider: Provider, control: SandboxControl, operation: Operation, kind: FaultKind
) -> None:
    staged = STAGES[operation](provider, control)
    control.arm(operation, kind)

    with pytest.raises(HEARD[kind]) as caught:
        staged.call()

    assert type(caught.value) is HEARD[kind]
    assert caught.value.hint
    writes = operation.writes
    assert staged.effects() == (1 if writes and kind in HAPPENED else 0)
    assert control.faults() == ()

    if kind in {
        FaultKind.SERVER_ERROR_AFTER,
        FaultKind.INSUFFICIENT_FUNDS,
        FaultKind.CARD_DECLINED,
        FaultKind.EXPIRED_CARD,
        FaultKind.AUTHENTICATION_REQUIRED,
    }:  # the provider keeps that very answer under the key
        with pytest.raises(HEARD[kind]):
            staged.call()
    else:
        staged.call()
        assert staged.effects() == (1 if writes else 0)


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
