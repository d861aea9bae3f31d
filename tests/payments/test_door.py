"""The door: every call gets its answer from one gateway, and each gateway is closed once, after its last call."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from helpers.canned import canned, stripe_error
from helpers.provider import VISA, Provider
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.ways import PaymentsKind
from travellr_desktop.errors import NotFound, Refusal
from travellr_desktop.payments.door import GatewayDoor
from travellr_desktop.payments.factory import SANDBOX_KEY
from travellr_desktop.payments.gateway import (
    GatewayUnreachable,
    KeyAwaited,
    KeyRefused,
    OutcomeUnknown,
    ProviderPaymentState,
)
from travellr_desktop.payments.sandbox.control import SandboxControl
from travellr_desktop.payments.sandbox.faults import FaultKind
from travellr_desktop.payments.sandbox.operations import Operation
from travellr_desktop.payments.sandbox.server import Sandbox
from travellr_desktop.payments.sandbox.transport import Transport
from travellr_desktop.payments.stripe_gateway import StripeGateway
from travellr_desktop.payments.stripe_gateway_http import SandboxClient

PATIENCE = 20


class Counted(StripeGateway):
    """The gateway over a sandbox of its own; counts how often it is closed."""

    def __init__(
        self,
        file: Path,
        kind: PaymentsKind = PaymentsKind.SANDBOX,
        wait: Callable[[float], None] = lambda _: None,
    ) -> None:
        client = SandboxClient(Transport(Sandbox(file), wait=wait))
        super().__init__(SANDBOX_KEY, kind=kind, http_client=client, sleep=lambda _: None)
        self.closed = 0

    def close(self) -> None:
        self.closed += 1
        super().close()


class Slow:
    """Spends the latency of a sandbox until it is let go."""

    def __init__(self) -> None:
        self.reached, self.let_go = threading.Event(), threading.Event()

    def __call__(self, _seconds: float) -> None:
        self.reached.set()
        assert self.let_go.wait(PATIENCE)


def test_calls_go_to_the_gateway_behind_it(tmp_path: Path) -> None:
    behind = Counted(tmp_path / "a.db")
    door = GatewayDoor(behind)
    hand = Provider(door)
    ref = hand.paid(Money(5000, "EUR"))
    refund = hand.refund(ref, Money(2000, "EUR"))
    assert door.get_refund_status(refund.ref) == refund
    assert refund.refund_id is not None
    assert door.find_refund(ref, refund.refund_id) == refund
    assert door.get_payment_status(ref).refunded == Money(2000, "EUR")
    assert hand.cancel(hand.prepare()).state is ProviderPaymentState.CANCELLED
    assert (door.kind, door.is_sandbox, door.test_cards()) == (PaymentsKind.SANDBOX, True, ())
    door.close()
    assert behind.closed == 1


def test_a_change_takes_effect_at_once_and_closes_the_old_gateway(tmp_path: Path) -> None:
    old, new = Counted(tmp_path / "old.db"), Counted(tmp_path / "new.db", PaymentsKind.TEST)
    door = GatewayDoor(old)
    ref = Provider(door).paid()
    door.change(new)
    assert old.closed == 1
    assert (door.kind, door.is_sandbox) == (PaymentsKind.TEST, False)
    with pytest.raises(NotFound):
        door.get_payment_status(ref)
    door.close()
    assert (old.closed, new.closed) == (1, 1)


def test_a_charge_in_flight_ends_where_it_began(tmp_path: Path) -> None:
    slow = Slow()
    old, new = Counted(tmp_path / "old.db", wait=slow), Counted(tmp_path / "new.db")
    door = GatewayDoor(old)
    ref = Provider(door).prepare()
    with SandboxControl(tmp_path / "old.db") as control:
        control.set_latency(1000)
    with ThreadPoolExecutor(1) as pool:
        charge = pool.submit(door.process_payment, ref, payment_method=VISA, key="charge")
        assert slow.reached.wait(PATIENCE)
        door.change(new)
        assert old.closed == 0
        other = Provider(door).paid()
        slow.let_go.set()
        assert charge.result(PATIENCE).state is ProviderPaymentState.SUCCEEDED
    assert old.closed == 1
    assert door.get_payment_status(other).state is ProviderPaymentState.SUCCEEDED
    door.close()


def test_a_charge_whose_answer_is_late_is_unknown_and_still_lets_its_gateway_close(tmp_path: Path) -> None:
    slow = Slow()
    old, new = Counted(tmp_path / "old.db", wait=slow), Counted(tmp_path / "new.db")
    door = GatewayDoor(old)
    ref = Provider(door).prepare()
    with SandboxControl(tmp_path / "old.db") as control:
        control.arm(Operation.INTENT_CONFIRM, FaultKind.LATE, until_disarmed=True)
        control.set_latency(1000)
    with ThreadPoolExecutor(2) as pool:
        reading = pool.submit(door.get_payment_status, ref)
        assert slow.reached.wait(PATIENCE)
        with pytest.raises(OutcomeUnknown):
            door.process_payment(ref, payment_method=VISA, key="charge")
        door.change(new)
        assert old.closed == 0
        slow.let_go.set()
        assert reading.result(PATIENCE).ref == ref
    assert old.closed == 1
    door.close()


def test_a_closed_door_sends_nothing_and_takes_no_other_gateway(tmp_path: Path) -> None:
    old, new = Counted(tmp_path / "old.db"), Counted(tmp_path / "new.db")
    door = GatewayDoor(old)
    ref = Provider(door).prepare()
    door.close()
    door.close()
    assert old.closed == 1
    with pytest.raises(GatewayUnreachable):
        door.process_payment(ref, payment_method=VISA, key="charge")
    with pytest.raises(GatewayUnreachable):
        door.change(new)
    assert new.closed == 0
    new.close()


def test_closing_waits_for_nobody_and_cuts_nobody_off(tmp_path: Path) -> None:
    slow = Slow()
    behind = Counted(tmp_path / "a.db", wait=slow)
    door = GatewayDoor(behind)
    ref = Provider(door).prepare()
    with SandboxControl(tmp_path / "a.db") as control:
        control.set_latency(1000)
    with ThreadPoolExecutor(1) as pool:
        reading = pool.submit(door.get_payment_status, ref)
        assert slow.reached.wait(PATIENCE)
        door.close()
        assert behind.closed == 0
        slow.let_go.set()
        assert reading.result(PATIENCE).ref == ref
    assert behind.closed == 1


def test_while_it_is_changed_all_the_time_every_call_is_answered(tmp_path: Path) -> None:
    file = tmp_path / "all.db"
    gateways = [Counted(file)]
    door = GatewayDoor(gateways[0])
    ref = Provider(door).paid()

    def read_often(_: int) -> set[ProviderPaymentState]:
        return {door.get_payment_status(ref).state for _ in range(25)}

    with ThreadPoolExecutor(4) as pool:
        readers = pool.map(read_often, range(4))
        for _ in range(25):
            gateways.append(Counted(file))
            door.change(gateways[-1])
        assert set().union(*readers) == {ProviderPaymentState.SUCCEEDED}
    door.close()
    assert [gateway.closed for gateway in gateways] == [1] * len(gateways)


# the key


def test_a_key_that_is_refused_is_told_once_and_told_again_when_it_is_taken(tmp_path: Path) -> None:
    door = GatewayDoor(canned(401, stripe_error("api_key_expired")))
    told: list[bool] = []
    door.watch_key(told.append)
    for _ in range(2):
        with pytest.raises(KeyRefused):
            door.get_payment_status("pi_1")
    with pytest.raises(KeyAwaited):
        Provider(door).refund("pi_1", Money(100, "EUR"))
    assert (told, door.key_taken) == ([False], False)
    door.change(Counted(tmp_path / "new.db"))
    assert door.key_taken
    Provider(door).prepare()
    assert told == [False]
    door.close()


def test_a_key_that_is_taken_again_is_told(tmp_path: Path) -> None:
    told: list[bool] = []
    door = GatewayDoor(Counted(tmp_path / "a.db"))
    door.watch_key(told.append)
    with closing(door):
        with pytest.raises(KeyRefused), door.opened():
            raise KeyRefused("rolled")
        Provider(door).prepare()
        assert door.key_taken
    assert told == [False, True]


def test_other_refusals_say_nothing_of_the_key() -> None:
    for reply in ((403, stripe_error()), (404, stripe_error("resource_missing", param="intent"))):
        door = GatewayDoor(canned(*reply))
        with closing(door), pytest.raises(Refusal):
            door.get_payment_status("pi_1")
        assert door.key_taken
