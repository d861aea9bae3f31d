"""A dispute with its part, for `helpers.whole`."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from travellr_desktop.domain.states import DisputeState
from travellr_desktop.storage import models as m
from travellr_desktop.storage.uow import UnitOfWork


def an_inquiry(work: UnitOfWork, booking_id: UUID) -> None:
    """A bank asks about what was paid for a booking."""
    (payment,) = work.payments.find_by_booking_id(booking_id)
    dispute = m.Dispute(
        ref="du_inquiry",
        payment_id=payment.id,
        amount=100,
        currency=payment.currency,
        fee_currency=payment.currency,
        reason="fraudulent",
        state=DisputeState.INQUIRY,
        due_by=work.now + timedelta(days=7),
        opened_at=work.now,
    )
    work.disputes.save(dispute)
    work.session.add(m.DisputePart(dispute_id=dispute.id, booking_id=booking_id, amount=100))
    work.flush()
