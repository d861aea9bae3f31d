"""Disputes at Stripe."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from travellr_desktop.payments.gateway import DisputeStatus, ProviderDisputeState
from travellr_desktop.payments.stripe_amounts import from_stripe
from travellr_desktop.payments.stripe_gateway.calling import PAGE, Calling, part_of
from travellr_desktop.payments.stripe_gateway.reading import moment, reads, ref_of, seconds, state_of

if TYPE_CHECKING:
    import stripe
    from stripe.params import DisputeListParams

_STATES = {
    "warning_needs_response": ProviderDisputeState.INQUIRY,
    "warning_under_review": ProviderDisputeState.INQUIRY,
    "warning_closed": ProviderDisputeState.INQUIRY_CLOSED,
    "prevented": ProviderDisputeState.INQUIRY_CLOSED,  # settled before it became one
    "needs_response": ProviderDisputeState.NEEDS_RESPONSE,
    "under_review": ProviderDisputeState.UNDER_REVIEW,
    "appeal_needs_response": ProviderDisputeState.NEEDS_RESPONSE,
    "appeal_under_review": ProviderDisputeState.UNDER_REVIEW,
    "won": ProviderDisputeState.WON,
    "lost": ProviderDisputeState.LOST,
}


class DisputePart(Calling):
    def disputes(self, *, since: datetime | None = None) -> tuple[DisputeStatus, ...]:
        params: DisputeListParams = {"limit": PAGE}
        if since is not None:
            params["created"] = {"gte": seconds(since)}
        listed = self._each(lambda turn: self._client.v1.disputes.list({**params, **turn}))
        return tuple(_dispute(dispute) for dispute in listed)

    def get_dispute(self, ref: str) -> DisputeStatus:
        return _dispute(self._call(lambda: self._client.v1.disputes.retrieve(ref)))

    def dispute_of(self, payment_ref: str) -> DisputeStatus | None:
        found, _ = part_of(
            self._call(lambda: self._client.v1.disputes.list({"payment_intent": payment_ref, "limit": 1}))
        )
        return _dispute(found[0]) if found else None


@reads
def _dispute(dispute: stripe.Dispute) -> DisputeStatus:
    moves = dispute.balance_transactions or []
    currency = moves[0].currency if moves else ""
    due = dispute.evidence_details.due_by
    return DisputeStatus(
        ref=dispute.id,
        payment_ref=ref_of(dispute.payment_intent) or "",
        state=state_of(_STATES, dispute.status),
        amount=from_stripe(dispute.amount, dispute.currency),
        taken=from_stripe(-sum(move.amount for move in moves), currency) if moves else None,
        fee=from_stripe(sum(move.fee for move in moves), currency) if moves else None,
        reason=dispute.reason,
        respond_by=moment(due) if due else None,
        created_at=moment(dispute.created),
    )
