"""Refunds at Stripe."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from travellr_desktop.payments.gateway import ProviderRefundState, RefundRequest, RefundStatus
from travellr_desktop.payments.stripe_amounts import from_stripe, to_stripe
from travellr_desktop.payments.stripe_gateway.calling import PAGE, Calling
from travellr_desktop.payments.stripe_gateway.reading import our_id, reads, ref_of, state_of

if TYPE_CHECKING:
    import stripe
    from stripe.params import RefundListParams

_STATES = {
    "pending": ProviderRefundState.PENDING,
    "requires_action": ProviderRefundState.PENDING,
    "succeeded": ProviderRefundState.SUCCEEDED,
    "failed": ProviderRefundState.FAILED,
    "canceled": ProviderRefundState.FAILED,
}


class RefundPart(Calling):
    def refund_payment(self, request: RefundRequest, *, key: str) -> RefundStatus:
        from travellr_desktop.payments.stripe_gateway_errors import refund_refusal_of

        amount = to_stripe(request.amount)
        refund = self._call(
            lambda: self._client.v1.refunds.create(
                {
                    "payment_intent": request.payment_ref,
                    "amount": amount,
                    "reason": "requested_by_customer",
                    "metadata": {"refund_id": str(request.refund_id)},
                },
                {"idempotency_key": key},
            ),
            refusal=refund_refusal_of,
        )
        return _refund_status(refund)

    def get_refund_status(self, ref: str) -> RefundStatus:
        return _refund_status(self._call(lambda: self._client.v1.refunds.retrieve(ref)))

    def find_refund(self, payment_ref: str, refund_id: UUID) -> RefundStatus | None:
        params: RefundListParams = {"payment_intent": payment_ref, "limit": PAGE}
        listed = self._each(lambda turn: self._client.v1.refunds.list({**params, **turn}))
        found = (_refund_status(refund) for refund in listed)
        return next((status for status in found if status.refund_id == refund_id), None)


@reads
def _refund_status(refund: stripe.Refund) -> RefundStatus:
    return RefundStatus(
        ref=refund.id,
        payment_ref=ref_of(refund.payment_intent) or "",
        state=state_of(_STATES, refund.status or "pending"),
        amount=from_stripe(refund.amount, refund.currency),
        refund_id=our_id(refund, "refund_id"),
        failure_code=getattr(refund, "failure_reason", None),
    )
