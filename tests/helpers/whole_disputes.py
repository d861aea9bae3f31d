"""A dispute with its part, for `helpers.whole`."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from helpers.desk import Desk
from travellr_desktop.domain.permissions import SYSTEM
from travellr_desktop.domain.states import DisputeState, PaymentState
from travellr_desktop.storage import models as m
from travellr_desktop.storage.commits import Commit


def an_inquiry(desk: Desk, booking_id: UUID) -> None:
    """A bank asks about a payment by card, as the provider has it; where there is none by card, about the one of the
    booking, of which the provider knows nothing."""
    with desk.database.read() as view:
        paid = [each for each in view.payments.find_all()[0] if each.state is PaymentState.COMPLETED]
        ref = next((each.provider_ref for each in paid if each.provider_ref is not None), None)
    status = None
    if ref is not None:
        with desk.sandbox() as sandbox:
            status = desk.program.gateway.get_dispute(sandbox.open_dispute(ref, inquiry=True))
    with desk.database.write(Commit.DISPUTE_RECORD, SYSTEM) as work:
        found = None if ref is None else work.heard.payment(ref)
        payment = found or work.payments.find_by_booking_id(booking_id)[0]
        whole = work.payments.get_full(payment.id)
        amount = 100 if status is None else status.amount.minor
        dispute = m.Dispute(
            ref="du_inquiry" if status is None else status.ref,
            payment_id=payment.id,
            amount=amount,
            currency=payment.currency,
            fee_currency=payment.currency,
            reason="fraudulent" if status is None else status.reason,
            state=DisputeState.INQUIRY,
            due_by=work.now + timedelta(days=7) if status is None else status.respond_by,
            opened_at=work.now if status is None else status.created_at,
        )
        work.disputes.save(dispute)
        share = whole.shares[0]
        work.session.add(m.DisputePart(dispute_id=dispute.id, booking_id=share.booking_id, amount=amount))
        work.flush()
        work.commit()
