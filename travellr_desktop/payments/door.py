"""A door to the payment provider, behind which the provider can be changed while the program runs."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Concatenate, ParamSpec, TypeVar

from travellr_desktop.domain.ways import PaymentsKind
from travellr_desktop.payments.gateway import (
    GatewayUnreachable,
    KeyAwaited,
    KeyRefused,
    PaymentGateway,
    TestCard,
)

P = ParamSpec("P")
R = TypeVar("R")


def _passed_on(call: Callable[Concatenate[Any, P], R]) -> Callable[Concatenate[GatewayDoor, P], R]:
    """The same call of the port, of the gateway that is behind the door when it begins."""
    name = call.__name__

    def through(door: GatewayDoor, /, *args: P.args, **kwargs: P.kwargs) -> R:
        with door.opened() as gateway:
            result: R = getattr(gateway, name)(*args, **kwargs)
            return result

    return through


class _Behind:
    """A gateway, how many calls it is at, whether it is to be closed after the last of them, and whether the provider
    took its key the last time."""

    def __init__(self, gateway: PaymentGateway) -> None:
        self.gateway = gateway
        self.key_taken = True
        self.calls = 0
        self.leaving = False


class GatewayDoor:
    """A `PaymentGateway` that passes every call on to the one behind it. May be used from several threads.

    Nothing waits for a change: a call that is under way ends at the gateway where it began, which is closed after
    the last of its calls; every later call goes to the new one. Two calls about one payment may so meet two
    gateways: who changes sees to it that none is under way."""

    def __init__(self, gateway: PaymentGateway) -> None:
        """The door owns the gateway, and closes it."""
        self._behind = _Behind(gateway)
        self._lock = threading.Lock()
        self._told: Callable[[bool], object] | None = None

    @property
    def key_taken(self) -> bool:
        """False from a call whose key the provider refused until one that it answers, or until another gateway."""
        return self._behind.key_taken

    def watch_key(self, told: Callable[[bool], object]) -> None:
        """Have `told` called whenever `key_taken` changes by a call, on the thread of that call and before its answer
        is given."""
        self._told = told

    def change(self, gateway: PaymentGateway) -> None:
        """From now on calls go to `gateway`, which the door owns. Raises `GatewayUnreachable` once the door is closed,
        and leaves `gateway` to its owner."""
        with self._lock:
            old = self._behind
            if old.leaving:
                raise _closed()
            self._behind = _Behind(gateway)
            idle = self._leave(old)
        if idle:
            old.gateway.close()

    def close(self) -> None:
        """Close the gateway, after the calls it is at. A later call raises `GatewayUnreachable`."""
        with self._lock:
            last = self._behind
            idle = not last.leaving and self._leave(last)
        if idle:
            last.gateway.close()

    @staticmethod
    def _leave(behind: _Behind) -> bool:
        behind.leaving = True
        return behind.calls == 0

    @contextmanager
    def opened(self) -> Iterator[PaymentGateway]:
        """The gateway behind the door, which stays open for as long as this lasts."""
        with self._lock:
            behind = self._behind
            if behind.leaving:
                raise _closed()
            behind.calls += 1
        try:
            try:
                yield behind.gateway
            except (KeyRefused, KeyAwaited):
                self._heard_of_key(behind, taken=False)
                raise
            self._heard_of_key(behind, taken=True)
        finally:
            with self._lock:
                behind.calls -= 1
                last = behind.leaving and behind.calls == 0
            if last:
                behind.gateway.close()

    def _heard_of_key(self, behind: _Behind, *, taken: bool) -> None:
        """Other refusals say nothing of the key: it may not have come that far."""
        with self._lock:
            changed, behind.key_taken = behind.key_taken is not taken, taken
            told = self._told if changed and behind is self._behind else None
        if told is not None:
            told(taken)

    # as a gateway

    @property
    def kind(self) -> PaymentsKind:
        return self._behind.gateway.kind

    @property
    def is_sandbox(self) -> bool:
        return self._behind.gateway.is_sandbox

    @property
    def begins_payments(self) -> bool:
        return self._behind.gateway.begins_payments

    def test_cards(self) -> tuple[TestCard, ...]:
        return self._behind.gateway.test_cards()

    prepare_payment = _passed_on(PaymentGateway.prepare_payment)
    process_payment = _passed_on(PaymentGateway.process_payment)
    charge_saved = _passed_on(PaymentGateway.charge_saved)
    cancel_payment = _passed_on(PaymentGateway.cancel_payment)
    get_payment_status = _passed_on(PaymentGateway.get_payment_status)

    refund_payment = _passed_on(PaymentGateway.refund_payment)
    get_refund_status = _passed_on(PaymentGateway.get_refund_status)
    find_refund = _passed_on(PaymentGateway.find_refund)

    create_link = _passed_on(PaymentGateway.create_link)
    get_link = _passed_on(PaymentGateway.get_link)
    expire_link = _passed_on(PaymentGateway.expire_link)

    readers = _passed_on(PaymentGateway.readers)
    get_reader = _passed_on(PaymentGateway.get_reader)
    prepare_reader_payment = _passed_on(PaymentGateway.prepare_reader_payment)
    process_on_reader = _passed_on(PaymentGateway.process_on_reader)
    cancel_on_reader = _passed_on(PaymentGateway.cancel_on_reader)
    add_simulated_reader = _passed_on(PaymentGateway.add_simulated_reader)
    present_card = _passed_on(PaymentGateway.present_card)

    create_customer = _passed_on(PaymentGateway.create_customer)
    update_customer = _passed_on(PaymentGateway.update_customer)
    get_customer = _passed_on(PaymentGateway.get_customer)
    saved_cards = _passed_on(PaymentGateway.saved_cards)
    attach_card = _passed_on(PaymentGateway.attach_card)
    detach_card = _passed_on(PaymentGateway.detach_card)

    account = _passed_on(PaymentGateway.account)
    create_transfer = _passed_on(PaymentGateway.create_transfer)
    get_transfer = _passed_on(PaymentGateway.get_transfer)
    find_transfers = _passed_on(PaymentGateway.find_transfers)
    reverse_transfer = _passed_on(PaymentGateway.reverse_transfer)
    find_reversals = _passed_on(PaymentGateway.find_reversals)

    balance = _passed_on(PaymentGateway.balance)
    balance_transactions = _passed_on(PaymentGateway.balance_transactions)
    payment_move = _passed_on(PaymentGateway.payment_move)
    bank_payouts = _passed_on(PaymentGateway.bank_payouts)
    get_bank_payout = _passed_on(PaymentGateway.get_bank_payout)

    disputes = _passed_on(PaymentGateway.disputes)
    get_dispute = _passed_on(PaymentGateway.get_dispute)
    dispute_of = _passed_on(PaymentGateway.dispute_of)

    events = _passed_on(PaymentGateway.events)

    probe_key = _passed_on(PaymentGateway.probe_key)


def _closed() -> GatewayUnreachable:
    return GatewayUnreachable("The program is closing: nothing was sent to the payment provider.")
