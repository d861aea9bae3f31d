"""Requests for refunds, what of each refund is whose, and travellers' credit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import selectinload

from travellr_desktop.domain.states import RefundOrderState
from travellr_desktop.storage.models import (
    Booking,
    CreditMove,
    Payment,
    Refund,
    RefundLine,
    RefundOrder,
    Sale,
)
from travellr_desktop.storage.repositories.base import Repository


class RefundOrderRepository(Repository[RefundOrder]):
    """Whole: with the sale and its traveller."""

    model = RefundOrder
    word = "request for a refund"
    whole = (selectinload(RefundOrder.sale).selectinload(Sale.traveller),)

    def waiting(self, sale_id: UUID | None = None) -> Sequence[RefundOrder]:
        """Those that wait for a second person, read whole, the oldest first."""
        query = (
            select(RefundOrder)
            .where(RefundOrder.state == RefundOrderState.REQUESTED)
            .options(*self.whole)
            .order_by(RefundOrder.requested_at, RefundOrder.id)
        )
        if sale_id is not None:
            query = query.where(RefundOrder.sale_id == sale_id)
        return self.session.scalars(query).all()

    def count_waiting(self, not_of: UUID | None = None) -> int:
        """How many wait; with `not_of` without those that this person asked for."""
        query = (
            select(func.count())
            .select_from(RefundOrder)
            .where(RefundOrder.state == RefundOrderState.REQUESTED)
        )
        if not_of is not None:
            query = query.where(RefundOrder.requested_by != not_of)
        return self.session.scalar(query) or 0

    def newest(self, limit: int) -> Sequence[RefundOrder]:
        """Read whole, the newest first."""
        query = (
            select(RefundOrder).options(*self.whole).order_by(RefundOrder.requested_at.desc()).limit(limit)
        )
        return self.session.scalars(query).all()

    def not_done(self) -> Sequence[RefundOrder]:
        """Those of which there is no refund, as they were not approved: read whole, the oldest first."""
        query = (
            select(RefundOrder)
            .where(RefundOrder.state != RefundOrderState.APPROVED)
            .options(*self.whole)
            .order_by(RefundOrder.id)
        )
        return self.session.scalars(query).all()

    def deciders(self, order_ids: Iterable[UUID]) -> dict[UUID, UUID]:
        """Who approved each of these; what one person did alone is left out."""
        query = select(RefundOrder.id, RefundOrder.decided_by).where(
            RefundOrder.id.in_(list(order_ids)), RefundOrder.decided_by.is_not(None)
        )
        return {row.id: row.decided_by for row in self.session.execute(query)}

    def alone(self, booking_ids: Sequence[UUID]) -> int:
        """What was promised back of these bookings without a second person, in minor units. A refund that stands for
        one that failed promises nothing more."""
        return (
            self.session.scalar(
                select(func.coalesce(func.sum(Refund.amount), 0))
                .join(RefundOrder, RefundOrder.id == Refund.order_id, isouter=True)
                .where(
                    Refund.booking_id.in_(booking_ids),
                    Refund.retry_of.is_(None),
                    RefundOrder.decided_by.is_(None),
                )
            )
            or 0
        )

    def add_lines(self, refund_id: UUID, parts: Mapping[UUID, int]) -> None:
        """What of a refund is whose, by the id of the booking's line, in minor units; nothing is left out."""
        self.session.add_all(
            RefundLine(refund_id=refund_id, line_id=line_id, amount=amount)
            for line_id, amount in parts.items()
            if amount
        )
        self.session.flush()

    def lines(self, refund_ids: Sequence[UUID]) -> dict[UUID, dict[UUID, int]]:
        """What of each refund is whose: minor units by the id of the line."""
        found: dict[UUID, dict[UUID, int]] = {refund_id: {} for refund_id in refund_ids}
        rows = self.session.execute(
            select(RefundLine.refund_id, RefundLine.line_id, RefundLine.amount)
            .where(RefundLine.refund_id.in_(refund_ids))
            .order_by(RefundLine.id)
        )
        for refund_id, line_id, amount in rows:
            found[refund_id][line_id] = amount
        return found

    def retried(self, refund_ids: Sequence[UUID]) -> set[UUID]:
        """Which of these refunds another one stands for."""
        query = select(Refund.retry_of).where(Refund.retry_of.in_(refund_ids))
        return {row for row in self.session.scalars(query) if row is not None}


@dataclass(frozen=True, slots=True)
class MoveRow:
    """A move of credit in minor units, above zero where it was given, and the booking or the sale that it is about."""

    id: UUID
    at: datetime
    amount: int
    currency: str
    booking_id: UUID | None
    reference: str
    reason: str


class CreditRepository(Repository[CreditMove]):
    model = CreditMove
    word = "move of credit"

    def of(self, traveller_id: UUID) -> dict[str, int]:
        """What a traveller has with the agency: minor units by currency, none that is nothing."""
        rows = self.session.execute(
            select(CreditMove.currency, func.sum(CreditMove.amount))
            .where(CreditMove.traveller_id == traveller_id)
            .group_by(CreditMove.currency)
            .order_by(CreditMove.currency)
        )
        return {currency: amount for currency, amount in rows if amount}

    def moves(self, traveller_id: UUID) -> tuple[MoveRow, ...]:
        """Their history, the newest first."""
        rows = self.session.execute(
            select(
                CreditMove.id,
                CreditMove.created_at,
                CreditMove.amount,
                CreditMove.currency,
                Refund.booking_id,
                func.coalesce(Booking.reference, Sale.reference),
                func.coalesce(Refund.reason, ""),
            )
            .join(Refund, Refund.id == CreditMove.refund_id, isouter=True)
            .join(Booking, Booking.id == Refund.booking_id, isouter=True)
            .join(Payment, Payment.id == CreditMove.payment_id, isouter=True)
            .join(
                Sale, or_(Sale.id == Payment.sale_id, and_(Payment.id.is_(None), Sale.id == Booking.sale_id))
            )
            .where(CreditMove.traveller_id == traveller_id)
            .order_by(CreditMove.id.desc())
        )
        return tuple(MoveRow(*row) for row in rows)
