"""Payments and refunds made with few words, each with a key of its own unless one is given."""

from __future__ import annotations

from uuid import UUID, uuid4

from travellr_desktop.domain.ids import new_id
from travellr_desktop.domain.money import Money
from travellr_desktop.payments.gateway import (
    PaymentGateway,
    PaymentRequest,
    PaymentStatus,
    RefundRequest,
    RefundStatus,
)

VISA = "pm_card_visa"
NO_FUNDS = "pm_card_visa_chargeDeclinedInsufficientFunds"
SLOW_REFUNDS = "pm_card_pendingRefund"


class Provider:
    """A hand on a gateway."""

    def __init__(self, gateway: PaymentGateway) -> None:
        self.gateway = gateway

    def prepare(
        self, amount: Money | None = None, *, payment_id: UUID | None = None, key: str | None = None
    ) -> str:
        request = PaymentRequest(payment_id or new_id(), amount or Money(10_000, "EUR"), "Lagoon by kayak")
        return self.gateway.prepare_payment(request, key=key or uuid4().hex).ref

    def pay(self, ref: str, card: str = VISA, *, key: str | None = None) -> PaymentStatus:
        return self.gateway.process_payment(ref, payment_method=card, key=key or uuid4().hex)

    def paid(self, amount: Money | None = None, card: str = VISA, *, payment_id: UUID | None = None) -> str:
        ref = self.prepare(amount, payment_id=payment_id)
        self.pay(ref, card)
        return ref

    def cancel(self, ref: str, *, key: str | None = None) -> PaymentStatus:
        return self.gateway.cancel_payment(ref, key=key or uuid4().hex)

    def refund(
        self, ref: str, amount: Money, *, refund_id: UUID | None = None, key: str | None = None
    ) -> RefundStatus:
        request = RefundRequest(refund_id or new_id(), ref, amount)
        return self.gateway.refund_payment(request, key=key or uuid4().hex)
