"""Stands in for Stripe on a profile that has taken payments through it and has no key now.

Nothing is charged. What is under way waits, and is not called failed: with a key again it can be read, and sent.
"""

# ruff: noqa: ARG002 - the signatures are the port's

from __future__ import annotations

from uuid import UUID

from travellr_desktop.domain.ways import PaymentsKind
from travellr_desktop.payments.gateway import (
    GatewayBusy,
    GatewayRefused,
    PaymentRequest,
    PaymentStatus,
    PreparedPayment,
    RefundRequest,
    RefundStatus,
    TestCard,
)

_WORDS = "No payment key is set. Nothing was sent to Stripe."
_HINT = "Enter the Stripe key in Settings."


class KeyMissing(GatewayBusy):
    """There is no key to ask with: with one, the same call can be made again."""

    hint = _HINT


class KeylessGateway:
    """A `PaymentGateway` that sends nothing."""

    def __init__(self, kind: PaymentsKind) -> None:
        self._kind = kind

    @property
    def kind(self) -> PaymentsKind:
        return self._kind

    @property
    def is_sandbox(self) -> bool:
        return False

    def test_cards(self) -> tuple[TestCard, ...]:
        return ()

    def prepare_payment(self, request: PaymentRequest, *, key: str) -> PreparedPayment:
        raise GatewayRefused(_WORDS, hint=_HINT)

    def process_payment(self, ref: str, *, payment_method: str, key: str) -> PaymentStatus:
        raise KeyMissing(_WORDS)

    def cancel_payment(self, ref: str, *, key: str) -> PaymentStatus:
        raise KeyMissing(_WORDS)

    def get_payment_status(self, ref: str) -> PaymentStatus:
        raise KeyMissing(_WORDS)

    def refund_payment(self, request: RefundRequest, *, key: str) -> RefundStatus:
        raise KeyMissing(_WORDS)

    def get_refund_status(self, ref: str) -> RefundStatus:
        raise KeyMissing(_WORDS)

    def find_refund(self, payment_ref: str, refund_id: UUID) -> RefundStatus | None:
        raise KeyMissing(_WORDS)

    def close(self) -> None:
        pass
