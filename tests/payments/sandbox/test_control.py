from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from helpers.provider import SLOW_REFUNDS, Provider
from travellr_desktop.domain.ids import new_id
from travellr_desktop.domain.money import Money
from travellr_desktop.errors import InvalidInput, NotFound, WrongState
from travellr_desktop.payments.factory import open_sandbox
from travellr_desktop.payments.gateway import PaymentRefused
from travellr_desktop.payments.sandbox.cards import CARDS, RANDOM_METHOD
from travellr_desktop.payments.sandbox.control import SandboxControl, SandboxSettings
from travellr_desktop.payments.sandbox.faults import FaultKind
from travellr_desktop.payments.sandbox.operations import Operation


def test_settings_are_kept_in_the_file(sandbox_file: Path, control: SandboxControl) -> None:
    assert control.settings() == SandboxSettings(success_rate=0.9, latency_ms=0)
    control.set_success_rate(0.25)
    control.set_latency(800)
    with SandboxControl(sandbox_file) as other:
        assert other.settings() == SandboxSettings(success_rate=0.25, latency_ms=800)


@pytest.mark.parametrize("rate", [-0.1, 1.1, float("nan")])
def test_a_rate_that_is_none_is_refused(control: SandboxControl, rate: float) -> None:
    with pytest.raises(InvalidInput):
        control.set_success_rate(rate)


@pytest.mark.parametrize("latency", [-1, 60_001])
def test_a_latency_that_is_none_is_refused(control: SandboxControl, latency: int) -> None:
    with pytest.raises(InvalidInput):
        control.set_latency(latency)


def test_armed_faults_are_seen_by_every_user_of_the_file_and_counted_down(
    sandbox_file: Path, provider: Provider, control: SandboxControl
) -> None:
    fault = control.arm(Operation.INTENT_CREATE, FaultKind.REPLY_LOST_BEFORE, times=2)
    with SandboxControl(sandbox_file) as other:
        assert other.faults() == (fault,)
        provider.prepare()  # the library tries three times
        assert other.faults() == ()


def test_a_fault_stays_until_it_is_disarmed(provider: Provider, control: SandboxControl) -> None:
    decline = control.arm(Operation.INTENT_CONFIRM, FaultKind.EXPIRED_CARD, until_disarmed=True)
    control.arm(Operation.REFUND_LIST, FaultKind.LATE)
    ref = provider.prepare()
    for _ in range(3):
        with pytest.raises(PaymentRefused):
            provider.pay(ref)
    assert control.disarm(decline.id) == 1
    provider.pay(ref)
    assert [fault.kind for fault in control.faults()] == [FaultKind.LATE]
    assert control.disarm() == 1
    assert control.disarm(12_345) == 0


@pytest.mark.parametrize(
    ("operation", "kind", "times"),
    [
        (Operation.REFUND_CREATE, FaultKind.EXPIRED_CARD, 1),
        (Operation.INTENT_RETRIEVE, FaultKind.KEY_IN_USE, 1),
        (Operation.INTENT_RETRIEVE, FaultKind.SERVER_ERROR_AFTER, 1),
        (Operation.INTENT_CONFIRM, FaultKind.LATE, 0),
    ],
)
def test_a_fault_that_cannot_be_is_refused(
    control: SandboxControl, operation: Operation, kind: FaultKind, times: int
) -> None:
    with pytest.raises(InvalidInput):
        control.arm(operation, kind, times=times)
    assert control.faults() == ()


def outcomes(provider: Provider, count: int) -> list[str]:
    said = []
    for _ in range(count):
        ref = provider.prepare(Money(100, "EUR"))
        try:
            provider.pay(ref, RANDOM_METHOD)
            said.append("PAID")
        except PaymentRefused as refusal:
            said.append(refusal.decline_code)
    return said


def test_the_random_card_keeps_to_its_rate_and_its_seed(provider: Provider, control: SandboxControl) -> None:
    control.set_success_rate(0.5)
    control.set_seed(7)
    first = outcomes(provider, 60)
    control.set_seed(7)
    assert outcomes(provider, 60) == first
    assert set(first) == {"PAID", "INSUFFICIENT_FUNDS", "CARD_DECLINED", "EXPIRED_CARD"}
    assert 15 < first.count("PAID") < 45
    control.set_success_rate(1)
    assert set(outcomes(provider, 10)) == {"PAID"}
    control.set_success_rate(0)
    assert "PAID" not in outcomes(provider, 10)


def test_counts_are_read_from_the_file(provider: Provider, control: SandboxControl) -> None:
    payment_id, refund_id = new_id(), new_id()
    ref = provider.paid(Money(1_000, "EUR"), payment_id=payment_id)
    provider.paid(Money(70_000, "JPY"))
    provider.prepare()
    provider.refund(ref, Money(300, "EUR"), refund_id=refund_id)
    failing = provider.refund(provider.paid(Money(500, "EUR"), SLOW_REFUNDS), Money(500, "EUR"))
    control.settle_refund(failing.ref, failure="declined")
    counts = control.counts()
    assert (counts.succeeded, counts.charges, counts.refunds) == (3, 3, 1)
    assert counts.intents == {"requires_payment_method": 1, "succeeded": 3}
    assert (counts.charged, counts.refunded) == ({"eur": 1_500, "jpy": 70_000}, {"eur": 300})
    assert control.succeeded_intents(payment_id) == 1
    assert control.succeeded_intents(new_id()) == 0
    assert control.succeeded_by_payment()[str(payment_id)] == 1
    assert control.refunds_by_id() == {str(refund_id): 1}


def test_a_refund_is_settled_once(provider: Provider, control: SandboxControl) -> None:
    with pytest.raises(NotFound):
        control.settle_refund("re_none")
    refund = provider.refund(provider.paid(Money(500, "EUR")), Money(500, "EUR"))
    with pytest.raises(WrongState):
        control.settle_refund(refund.ref)
    control.settle_refund(refund.ref, failure="declined")
    with pytest.raises(WrongState):
        control.settle_refund(refund.ref, failure="declined")


def test_every_card_does_what_its_name_says(sandbox_file: Path, control: SandboxControl) -> None:
    control.set_success_rate(1)
    with closing(open_sandbox(sandbox_file)) as gateway:
        provider = Provider(gateway)
        for shown in gateway.test_cards():
            card = CARDS[shown.payment_method]
            assert card.last4 in shown.hint
            ref = provider.prepare()
            if card.decline is None:
                label = provider.pay(ref, shown.payment_method).card_label
                assert label is not None and label.endswith(card.last4)
            else:
                with pytest.raises(PaymentRefused):
                    provider.pay(ref, shown.payment_method)


def test_the_file_itself_refuses_a_second_charge_and_a_refund_beyond_it(
    sandbox_file: Path, provider: Provider
) -> None:
    ref = provider.paid(Money(500, "EUR"))
    with closing(sqlite3.connect(sandbox_file)) as connection:
        with pytest.raises(sqlite3.IntegrityError):
            connection.execute(
                "INSERT INTO charges (id, intent, created, status, amount, currency, card)"
                " SELECT 'ch_again', intent, created, status, amount, currency, card FROM charges WHERE intent = ?",
                (ref,),
            )
        with pytest.raises(sqlite3.IntegrityError):
            connection.execute("UPDATE charges SET refunded = 501 WHERE intent = ?", (ref,))
