"""Disputes, and what they mean for bookings and payments."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from travellr_desktop.domain.ledger import Account
from travellr_desktop.domain.states import DisputeState, open_states
from travellr_desktop.storage.models import Booking, Dispute, DisputePart, LedgerRow, Payment, Sale
from travellr_desktop.storage.repositories.base import Repository


class DisputeRepository(Repository[Dispute]):
    """Whole: with its parts and their bookings, and the payment with its sale and shares."""

    model = Dispute
    word = "dispute"
    whole = (
        selectinload(Dispute.parts).selectinload(DisputePart.booking).options(selectinload(Booking.trip)),
        selectinload(Dispute.payment).options(
            selectinload(Payment.shares), selectinload(Payment.sale).selectinload(Sale.traveller)
        ),
    )

    def find_by_ref(self, ref: str) -> Dispute | None:
        """By the provider's id, whole."""
        return self.session.scalar(select(Dispute).where(Dispute.ref == ref).options(*self.whole))

    def find_by_payment_id(self, payment_id: UUID) -> Sequence[Dispute]:
        """Oldest first, with their parts."""
        return self.session.scalars(
            select(Dispute)
            .where(Dispute.payment_id == payment_id)
            .options(selectinload(Dispute.parts))
            .order_by(Dispute.id)
        ).all()

    def find_by_booking_ids(self, booking_ids: Sequence[UUID]) -> Sequence[DisputePart]:
        """What of any dispute is about these bookings, oldest first, each with its dispute."""
        return self.session.scalars(
            select(DisputePart)
            .where(DisputePart.booking_id.in_(booking_ids))
            .options(selectinload(DisputePart.dispute))
            .order_by(DisputePart.id)
        ).all()

    def entries(self, payment_id: UUID) -> Sequence[LedgerRow]:
        """The entries of a payment, oldest first."""
        return self.session.scalars(
            select(LedgerRow).where(LedgerRow.payment_id == payment_id).order_by(LedgerRow.id)
        ).all()

    def undecided(self) -> Sequence[Dispute]:
        """Inquiries and disputes that are open, oldest first."""
        return self.session.scalars(
            select(Dispute).where(Dispute.state.in_(open_states(DisputeState))).order_by(Dispute.id)
        ).all()

    def open_parts(self, booking_ids: Sequence[UUID]) -> dict[UUID, int]:
        """What of each booking the bank has and has not decided on, in minor units; those with nothing are left out."""
        query = (
            select(DisputePart.booking_id, func.sum(DisputePart.amount))
            .join(Dispute, DisputePart.dispute_id == Dispute.id)
            .where(DisputePart.booking_id.in_(booking_ids), Dispute.state == DisputeState.OPEN)
            .group_by(DisputePart.booking_id)
        )
        return {row[0]: row[1] for row in self.session.execute(query) if row[1]}

    def lost_funds(self, booking_ids: Sequence[UUID]) -> dict[UUID, int]:
        """What disputes that were lost have taken of the traveller's funds of each booking, minor units; nothing is
        0."""
        return self._lost_out_of(Account.TRAVELLER_FUNDS, booking_ids)

    def lost_excess(self, booking_ids: Sequence[UUID]) -> dict[UUID, int]:
        """The same of what was paid too much."""
        return self._lost_out_of(Account.OVERPAYMENT, booking_ids)

    def _lost_out_of(self, account: Account, booking_ids: Sequence[UUID]) -> dict[UUID, int]:
        query = (
            select(LedgerRow.booking_id, func.sum(LedgerRow.amount))
            .where(
                LedgerRow.booking_id.in_(booking_ids),
                LedgerRow.debit == account,
                LedgerRow.credit == Account.DISPUTED_FUNDS,
            )
            .group_by(LedgerRow.booking_id)
        )
        found = {row[0]: row[1] for row in self.session.execute(query)}
        return {booking_id: found.get(booking_id, 0) for booking_id in booking_ids}

    def lost_of(self, payment_id: UUID, booking_id: UUID) -> int:
        """What of a payment's share for a booking the bank has kept for good, in minor units."""
        query = (
            select(func.coalesce(func.sum(DisputePart.amount), 0))
            .join(Dispute, DisputePart.dispute_id == Dispute.id)
            .where(
                Dispute.payment_id == payment_id,
                Dispute.state == DisputeState.LOST,
                DisputePart.booking_id == booking_id,
            )
        )
        return self.session.scalar(query) or 0

    def open_of_vendor(self, vendor_id: UUID) -> dict[UUID, int]:
        """Bookings of a vendor of which a bank has money and has not decided, with how much, in minor units."""
        query = (
            select(DisputePart.booking_id, func.sum(DisputePart.amount))
            .join(Dispute, DisputePart.dispute_id == Dispute.id)
            .join(Booking, DisputePart.booking_id == Booking.id)
            .where(Booking.vendor_id == vendor_id, Dispute.state == DisputeState.OPEN)
            .group_by(DisputePart.booking_id)
        )
        return {row[0]: row[1] for row in self.session.execute(query) if row[1]}
