"""A door to the payment provider, behind which the provider can be changed while the program runs."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from travellr_desktop.domain.ways import PaymentsKind
from travellr_desktop.payments.gateway import (
    GatewayUnreachable,
    PaymentGateway,
    PaymentRequest,
    PaymentStatus,
    PreparedPayment,
    RefundRequest,
    RefundStatus,
    TestCard,
)


class _Behind:
    """A gateway, how many calls it is at, and whether it is to be closed after the last of them."""

    def __init__(self, gateway: PaymentGateway) -> None:
        self.gateway = gateway
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
    def _through(self) -> Iterator[PaymentGateway]:
        with self._lock:
            behind = self._behind
            if behind.leaving:
                raise _closed()
            behind.calls += 1
        try:
            yield behind.gateway
        finally:
            with self._lock:
                behind.calls -= 1
                last = behind.leaving and behind.calls == 0
            if last:
                behind.gateway.close()

    # as a gateway

    @property
    def kind(self) -> PaymentsKind:
        return self._behind.gateway.kind

    @property
    def is_sandbox(self) -> bool:
        return self._behind.gateway.is_sandbox

    def test_cards(self) -> tuple[TestCard, ...]:
        return self._behind.gateway.test_cards()

    def prepare_payment(self, request: PaymentRequest, *, key: str) -> PreparedPayment:
        with self._through() as gateway:
            return gateway.prepare_payment(request, key=key)

    def process_payment(self, ref: str, *, payment_method: str, key: str) -> PaymentStatus:
        with self._through() as gateway:
            return gateway.process_payment(ref, payment_method=payment_method, key=key)

    def cancel_payment(self, ref: str, *, key: str) -> PaymentStatus:
        with self._through() as gateway:
            return gateway.cancel_payment(ref, key=key)

    def get_payment_status(self, ref: str) -> PaymentStatus:
        with self._through() as gateway:
            return gateway.get_payment_status(ref)

    def refund_payment(self, request: RefundRequest, *, key: str) -> RefundStatus:
        with self._through() as gateway:
            return gateway.refund_payment(request, key=key)

    def get_refund_status(self, ref: str) -> RefundStatus:
        with self._through() as gateway:
            return gateway.get_refund_status(ref)

    def find_refund(self, payment_ref: str, refund_id: UUID) -> RefundStatus | None:
        with self._through() as gateway:
            return gateway.find_refund(payment_ref, refund_id)


def _closed() -> GatewayUnreachable:
    return GatewayUnreachable("The program is closing: nothing was sent to the payment provider.")
