"""Payments, their attempts, refunds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import SQLColumnExpression, case, func, select
from sqlalchemy.orm import selectinload

from travellr_desktop.domain.states import PaymentState, RefundState, open_states
from travellr_desktop.domain.ways import Way
from travellr_desktop.storage.models import Attempt, Booking, Desk, Payment, PaymentShare, Refund, Sale
from travellr_desktop.storage.repositories.base import Repository
from travellr_desktop.storage.repositories.here import here, payments_here, refunds_here

_TO_BE_SETTLED = tuple(state for state in open_states(RefundState) if state is not RefundState.REQUESTED)


class PaymentRepository(Repository[Payment]):
    """Whole: with shares, and the sale with its traveller."""

    model = Payment
    word = "payment"
    whole = (selectinload(Payment.shares), selectinload(Payment.sale).selectinload(Sale.traveller))

    def find_by_sale_id(self, sale_id: UUID) -> Sequence[Payment]:
        """The payments of a sale, oldest first, with their shares."""
        return self.session.scalars(
            select(Payment)
            .where(Payment.sale_id == sale_id)
            .options(selectinload(Payment.shares))
            .order_by(Payment.id)
        ).all()

    def find_by_booking_id(self, booking_id: UUID) -> Sequence[Payment]:
        """The payments that were taken, or tried, for a booking, oldest first, with their shares."""
        return self.session.scalars(
            select(Payment)
            .join(PaymentShare, PaymentShare.payment_id == Payment.id)
            .where(PaymentShare.booking_id == booking_id)
            .options(selectinload(Payment.shares))
            .order_by(Payment.id)
        ).all()

    def sum_by_status(self) -> dict[PaymentState, dict[str, int]]:
        """What the payments in each state add up to, in minor units by currency."""
        sums: dict[PaymentState, dict[str, int]] = {state: {} for state in PaymentState}
        query = select(Payment.state, Payment.currency, func.sum(Payment.amount)).group_by(
            Payment.state, Payment.currency
        )
        for state, currency, amount in self.session.execute(query):
            sums[state][currency] = amount
        return sums

    def count_by_status(self) -> dict[PaymentState, int]:
        rows = self.session.execute(select(Payment.state, func.count()).group_by(Payment.state))
        found = {row[0]: row[1] for row in rows}
        return {state: found.get(state, 0) for state in PaymentState}

    def in_flight(self, sale_id: UUID | None = None) -> Sequence[Payment]:
        """Payments whose outcome is not known yet, oldest first: those that this desk takes, or any of one sale."""
        query = select(Payment).where(Payment.state.in_(open_states(PaymentState))).order_by(Payment.id)
        query = query.where(payments_here() if sale_id is None else Payment.sale_id == sale_id)
        return self.session.scalars(query).all()

    def open_links(self) -> Sequence[Payment]:
        """Payments of this desk whose link waits for its traveller, or for their bank, read whole, oldest first."""
        waits = (PaymentState.REQUIRES_ACTION, PaymentState.PROCESSING)
        return self.session.scalars(
            select(Payment)
            .where(Payment.state.in_(waits), Payment.way == Way.LINK, Payment.link_ref.is_not(None))
            .where(payments_here())
            .options(*self.whole)
            .order_by(Payment.id)
        ).all()

    def at_readers(self) -> Sequence[Payment]:
        """Payments of this desk that a card reader asks for, or a bank still decides on, oldest first."""
        waits = (PaymentState.REQUIRES_ACTION, PaymentState.PROCESSING)
        return self.session.scalars(
            select(Payment)
            .where(Payment.state.in_(waits), Payment.way == Way.READER, payments_here())
            .options(*self.whole)
            .order_by(Payment.id)
        ).all()

    def elsewhere(self, payment_id: UUID) -> str:
        """The name of the desk that takes a payment, where that is not this one; else empty."""
        query = (
            select(Desk.name)
            .select_from(Payment)
            .join(Sale, Sale.id == Payment.sale_id)
            .join(Desk, Desk.id == func.coalesce(Payment.desk_id, Sale.desk_id))
            .where(Payment.id == payment_id, Desk.id != here())
        )
        return self.session.scalar(query) or ""

    def is_asking(self, reader_ref: str) -> bool:
        """Whether a payment of this file waits at that reader."""
        query = select(Payment.id).where(
            Payment.state.in_(open_states(PaymentState)), Payment.reader_ref == reader_ref
        )
        return self.session.scalar(query.limit(1)) is not None

    def paid(self, booking_ids: Sequence[UUID]) -> dict[UUID, int]:
        """What has come in for the price of each booking before its trip, in minor units; nothing is 0. What was owed
        after it, or paid too much, is no part of it."""
        return self._completed(booking_ids, PaymentShare.amount - PaymentShare.owed - PaymentShare.excess)

    def settled(self, booking_ids: Sequence[UUID]) -> dict[UUID, int]:
        """What has come in for each booking and was due, before its trip or after it."""
        return self._completed(booking_ids, PaymentShare.amount - PaymentShare.excess)

    def came_in(self, booking_ids: Sequence[UUID]) -> dict[UUID, int]:
        """All that has come in for each booking."""
        return self._completed(booking_ids, PaymentShare.amount)

    def _completed(self, booking_ids: Sequence[UUID], amount: SQLColumnExpression[int]) -> dict[UUID, int]:
        # the state is no condition: SQLite would go through every completed payment for a few bookings
        came_in = case((Payment.state == PaymentState.COMPLETED, amount), else_=0)
        query = (
            select(PaymentShare.booking_id, func.sum(came_in))
            .join(Payment, PaymentShare.payment_id == Payment.id)
            .where(PaymentShare.booking_id.in_(booking_ids))
            .group_by(PaymentShare.booking_id)
        )
        found = {row[0]: row[1] for row in self.session.execute(query)}
        return {booking_id: found.get(booking_id, 0) for booking_id in booking_ids}

    def add_attempt(self, attempt: Attempt) -> Attempt:
        self.session.add(attempt)
        return attempt

    def attempts(self, *, payment_id: UUID | None = None, refund_id: UUID | None = None) -> Sequence[Attempt]:
        """What was tried, oldest first."""
        query = select(Attempt).order_by(Attempt.id)
        if payment_id is not None:
            query = query.where(Attempt.payment_id == payment_id)
        if refund_id is not None:
            query = query.where(Attempt.refund_id == refund_id)
        return self.session.scalars(query).all()


class RefundRepository(Repository[Refund]):
    """Whole: with payment, and the booking with its sale."""

    model = Refund
    word = "refund"
    whole = (selectinload(Refund.payment), selectinload(Refund.booking).selectinload(Booking.sale))

    def find_by_booking_id(self, booking_id: UUID) -> Sequence[Refund]:
        return self.session.scalars(
            select(Refund)
            .where(Refund.booking_id == booking_id)
            .options(selectinload(Refund.payment))
            .order_by(Refund.id)
        ).all()

    def find_by_payment_id(self, payment_id: UUID) -> Sequence[Refund]:
        return self.session.scalars(
            select(Refund)
            .where(Refund.payment_id == payment_id)
            .options(selectinload(Refund.booking))
            .order_by(Refund.id)
        ).all()

    def newest(
        self, limit: int, *, before: UUID | None = None, state: RefundState | None = None
    ) -> Sequence[Refund]:
        """The newest, of one state where that is asked, made before the one with the id `before`; with payment and
        booking, its sale and traveller."""
        sale = selectinload(Refund.booking).selectinload(Booking.sale).selectinload(Sale.traveller)
        query = select(Refund).options(selectinload(Refund.payment), sale)
        if before is not None:
            query = query.where(Refund.id < before)
        if state is not None:
            query = query.where(Refund.state == state)
        return self.session.scalars(query.order_by(Refund.id.desc()).limit(limit)).all()

    def in_flight(self, due: datetime | None = None) -> Sequence[Refund]:
        """Refunds of this desk that are approved and not settled; with `due`, those to be sent or read again by
        then."""
        query = select(Refund).where(Refund.state.in_(_TO_BE_SETTLED), refunds_here()).order_by(Refund.id)
        if due is not None:
            query = query.where(Refund.next_read_at.is_(None) | (Refund.next_read_at <= due))
        return self.session.scalars(query).all()

    def is_ours(self, refund_id: UUID) -> bool:
        """Whether this desk sends a refund."""
        return (
            self.session.scalar(select(Refund.id).where(Refund.id == refund_id, refunds_here())) is not None
        )

    def says(self, refund_id: UUID) -> str | None:
        """Why a refund waits, where that is the last that was noted of it."""
        last = self.session.scalar(
            select(Attempt).where(Attempt.refund_id == refund_id).order_by(Attempt.id.desc()).limit(1)
        )
        return None if last is None or last.outcome != "waits" else last.detail

    def in_doubt(self) -> Sequence[Refund]:
        """Refunds of this desk of which it is not known that the provider has taken them."""
        doubtful = (RefundState.APPROVED, RefundState.UNKNOWN)
        return self.session.scalars(
            select(Refund).where(Refund.state.in_(doubtful), refunds_here()).order_by(Refund.id)
        ).all()

    def approved(self, booking_ids: Sequence[UUID]) -> dict[UUID, int]:
        """What was ever promised back of each booking out of what was there for it, in minor units: a refund that
        failed is still owed, and one that stands for it promises nothing more."""
        query = (
            select(Refund.booking_id, func.sum(Refund.amount - Refund.beyond))
            .where(Refund.booking_id.in_(booking_ids), Refund.retry_of.is_(None))
            .group_by(Refund.booking_id)
        )
        found = {row[0]: row[1] for row in self.session.execute(query)}
        return {booking_id: found.get(booking_id, 0) for booking_id in booking_ids}

    def promised(self, booking_ids: Sequence[UUID]) -> dict[UUID, int]:
        """What has gone back, or is on its way, for each booking: failed ones do not count."""
        query = (
            select(Refund.booking_id, func.sum(Refund.amount))
            .where(Refund.booking_id.in_(booking_ids), Refund.state != RefundState.FAILED)
            .group_by(Refund.booking_id)
        )
        found = {row[0]: row[1] for row in self.session.execute(query)}
        return {booking_id: found.get(booking_id, 0) for booking_id in booking_ids}
