"""Why there are keys: the same trouble with and without them, counted in the sandbox's own file."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from pathlib import Path
from subprocess import PIPE, Popen

import pytest
import stripe

from helpers.provider import VISA, Provider
from travellr_desktop.domain.ids import new_id
from travellr_desktop.payments.factory import SANDBOX_KEY, open_sandbox
from travellr_desktop.payments.gateway import GatewayBusy, OutcomeUnknown, ProviderPaymentState
from travellr_desktop.payments.sandbox.control import SandboxControl
from travellr_desktop.payments.sandbox.faults import FaultKind
from travellr_desktop.payments.sandbox.operations import Operation
from travellr_desktop.payments.sandbox.server import Sandbox
from travellr_desktop.payments.sandbox.transport import Transport
from travellr_desktop.payments.stripe_gateway_http import SandboxClient


def test_a_naive_charge_tried_again_after_a_lost_reply_takes_the_money_twice(
    sandbox_file: Path, control: SandboxControl
) -> None:
    """The negative control: made and charged in one call, without a key, sent again when no answer came."""
    payment_id = str(new_id())
    client = SandboxClient(Transport(Sandbox(sandbox_file)))
    naive = stripe.StripeClient(SANDBOX_KEY, http_client=client, max_network_retries=0)

    def charge() -> None:
        naive.v1.payment_intents.create(
            {
                "amount": 5_000,
                "currency": "eur",
                "payment_method": VISA,
                "confirm": True,
                "metadata": {"payment_id": payment_id},
            }
        )

    control.arm(Operation.INTENT_CREATE, FaultKind.REPLY_LOST_AFTER, times=1)
    with pytest.raises(stripe.APIConnectionError):
        charge()
    charge()
    client.close()

    assert control.succeeded_intents(payment_id) == 2
    assert control.counts().charged == {"eur": 10_000}


def test_a_naive_transfer_and_a_naive_refund_tried_again_go_out_twice(
    sandbox_file: Path, control: SandboxControl, provider: Provider
) -> None:
    payment, account = provider.paid(), control.open_account("Perast Boats")
    client = SandboxClient(Transport(Sandbox(sandbox_file)))
    naive = stripe.StripeClient(SANDBOX_KEY, http_client=client, max_network_retries=0)
    calls: dict[Operation, Callable[[], object]] = {
        Operation.TRANSFER_CREATE: lambda: naive.v1.transfers.create(
            {"amount": 500, "currency": "eur", "destination": account}
        ),
        Operation.REFUND_CREATE: lambda: naive.v1.refunds.create({"payment_intent": payment, "amount": 500}),
    }
    for operation, send in calls.items():
        control.arm(operation, FaultKind.REPLY_LOST_AFTER, times=1)
        with pytest.raises(stripe.APIConnectionError):
            send()
        send()
    client.close()

    assert control.counts().transferred == {"eur": 1_000}
    assert control.counts().refunded == {"eur": 1_000}


def test_the_same_trouble_through_the_gateway_takes_it_once(
    provider: Provider, control: SandboxControl
) -> None:
    payment_id = new_id()
    control.arm(Operation.INTENT_CREATE, FaultKind.REPLY_LOST_AFTER)
    with pytest.raises(OutcomeUnknown):
        provider.prepare(payment_id=payment_id, key="prepare")
    ref = provider.prepare(payment_id=payment_id, key="prepare")
    control.arm(Operation.INTENT_CONFIRM, FaultKind.REPLY_LOST_AFTER)
    with pytest.raises(OutcomeUnknown):
        provider.pay(ref, key="pay")
    assert provider.pay(ref, key="pay").state is ProviderPaymentState.SUCCEEDED

    assert control.succeeded_intents(payment_id) == 1
    assert sum(control.counts().intents.values()) == 1


def test_two_threads_with_one_key_have_one_effect(provider: Provider, control: SandboxControl) -> None:
    ref = provider.paid()
    refund_id = new_id()
    amount = provider.gateway.get_payment_status(ref).amount
    together = threading.Barrier(8)
    seen: list[str] = []

    def once() -> None:
        together.wait()
        try:
            seen.append(provider.refund(ref, amount, refund_id=refund_id, key="one").ref)
        except GatewayBusy:
            seen.append("busy")

    _all(once, 8)
    refs = {word for word in seen if word != "busy"}
    assert len(seen) == 8 and len(refs) == 1
    assert control.counts().refunds == 1


def test_many_threads_with_their_own_keys_all_get_through(
    provider: Provider, control: SandboxControl
) -> None:
    together = threading.Barrier(8)
    trouble: list[Exception] = []

    def once() -> None:
        together.wait()
        try:
            for _ in range(5):
                provider.paid()
        except Exception as error:
            trouble.append(error)

    _all(once, 8)
    assert trouble == []
    assert control.counts().succeeded == 40


_CHILD = """
import sys
from pathlib import Path
from uuid import UUID
from travellr_desktop.payments.factory import open_sandbox
from travellr_desktop.payments.gateway import GatewayBusy

gateway = open_sandbox(Path(sys.argv[1]), sleep=lambda seconds: None)
print("ready", flush=True)
sys.stdin.readline()
try:
    print(gateway.process_payment(sys.argv[2], payment_method="pm_card_visa", key="one").state.value)
except GatewayBusy:
    print("busy")
gateway.close()
"""


def test_processes_with_one_key_have_one_effect(sandbox_file: Path, control: SandboxControl) -> None:
    gateway = open_sandbox(sandbox_file)
    ref = Provider(gateway).prepare()
    gateway.close()
    children = [
        Popen([sys.executable, "-c", _CHILD, str(sandbox_file), ref], stdin=PIPE, stdout=PIPE, text=True)
        for _ in range(3)
    ]
    for child in children:
        assert child.stdout is not None and child.stdout.readline() == "ready\n"
    said = []
    for child in children:
        assert child.stdin is not None
        child.stdin.write("go\n")
        child.stdin.flush()
    for child in children:
        out, _ = child.communicate(timeout=30)
        assert child.returncode == 0
        said.append(out.strip())
    assert set(said) <= {"succeeded", "busy"} and "succeeded" in said
    assert control.counts().charges == 1


def _all(work: Callable[[], None], count: int) -> None:
    threads = [threading.Thread(target=work) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
