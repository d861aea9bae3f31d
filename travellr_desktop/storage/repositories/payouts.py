"""Batches of payouts: drafts and what became of them, who is kept out, what their payouts come to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, selectinload

from travellr_desktop.domain.payouts.figures import Figures
from travellr_desktop.domain.payouts.words import BatchKind, PayoutWay
from travellr_desktop.domain.states import BatchState, PayoutState, open_states
from travellr_desktop.storage.models import (
    BatchExclusion,
    BatchLeftOut,
    Payout,
    PayoutBatch,
    Statement,
)
from travellr_desktop.storage.repositories.base import Repository
from travellr_desktop.storage.rows import Insert


@dataclass(frozen=True, slots=True)
class PaidSum:
    """Payouts of a batch in one currency and state: how many, and what they come to."""

    currency: str
    way: PayoutWay
    state: PayoutState
    count: int
    amount: int


@dataclass(frozen=True, slots=True)
class ToldSum:
    """What the statements of a batch's payouts say, added up, and the figures that any of them has."""

    figures: Figures
    parts: frozenset[str]


_TOLD: dict[str, InstrumentedAttribute[int]] = {
    "bookings": Statement.bookings,
    "gross": Statement.charges,
    "commission": Statement.commission,
    "refunds": Statement.refunds,
    "adjustments": Statement.adjustments,
    "carried_in": Statement.carried_in,
}
"""Figures by their names, and the columns that they stand in."""


@dataclass(frozen=True, slots=True)
class _NewPayoutLine:
    id: UUID
    payout_id: UUID
    ledger_id: UUID


_PAYOUT_LINES = Insert("payout_lines", _NewPayoutLine)


class BatchRepository(Repository[PayoutBatch]):
    """Whole: with its payouts and who was left out, each with their vendor."""

    model = PayoutBatch
    word = "batch of payouts"
    whole = (
        selectinload(PayoutBatch.payouts).selectinload(Payout.vendor),
        selectinload(PayoutBatch.left_out).selectinload(BatchLeftOut.vendor),
    )

    # batches

    def find_by_reference(self, reference: str) -> PayoutBatch | None:
        return self.session.scalar(select(PayoutBatch).where(PayoutBatch.reference == reference))

    def newest(self, limit: int) -> Sequence[PayoutBatch]:
        """By the end of their days, the last first."""
        query = select(PayoutBatch).order_by(PayoutBatch.cutoff_at.desc(), PayoutBatch.id.desc())
        return self.session.scalars(query.limit(limit)).all()

    def of_days(self, kind: BatchKind, first: date, last: date) -> Sequence[PayoutBatch]:
        """Those of a kind for these very days, discarded ones too."""
        query = select(PayoutBatch).where(
            PayoutBatch.kind == kind, PayoutBatch.first == first, PayoutBatch.last == last
        )
        return self.session.scalars(query.order_by(PayoutBatch.id)).all()

    def drafts_within(self, kind: BatchKind, first: date, last: date) -> Sequence[PayoutBatch]:
        """Drafts that share a day, and whose vendors may have the same schedule."""
        query = select(PayoutBatch).where(
            PayoutBatch.state == BatchState.DRAFT, PayoutBatch.first <= last, PayoutBatch.last >= first
        )
        if kind is not BatchKind.EXTRA:
            query = query.where(or_(PayoutBatch.kind == kind, PayoutBatch.kind == BatchKind.EXTRA))
        return self.session.scalars(query.order_by(PayoutBatch.id)).all()

    def drafts_before(self, moment: datetime) -> Sequence[PayoutBatch]:
        """Drafts that were made before a moment, oldest first."""
        query = select(PayoutBatch).where(
            PayoutBatch.state == BatchState.DRAFT, PayoutBatch.created_at <= moment
        )
        return self.session.scalars(query.order_by(PayoutBatch.created_at, PayoutBatch.id)).all()

    def paid_sums(self, batch_ids: Iterable[UUID]) -> dict[UUID, list[PaidSum]]:
        """What payouts of batches come to. One that failed and that another stands for is left out."""
        again = select(Payout.retry_of).where(Payout.retry_of.is_not(None))
        query = (
            select(
                Payout.batch_id,
                Payout.currency,
                Payout.way,
                Payout.state,
                func.count(),
                func.sum(Payout.amount),
            )
            .where(Payout.batch_id.in_(list(batch_ids)))
            .where(or_(Payout.state != PayoutState.FAILED, Payout.id.not_in(again)))
            .group_by(Payout.batch_id, Payout.currency, Payout.way, Payout.state)
            .order_by(Payout.currency, Payout.way, Payout.state)
        )
        found: dict[UUID, list[PaidSum]] = defaultdict(list)
        for batch_id, currency, way, state, count, amount in self.session.execute(query):
            found[batch_id].append(PaidSum(currency, way, state, count, amount))
        return found

    def told_sums(self, batch_id: UUID) -> dict[str, ToldSum]:
        """By currency. Of statements that pay nothing none is among them."""
        sums = [func.sum(column) for column in _TOLD.values()]
        some = [func.max(column != 0) for column in _TOLD.values()]
        query = (
            select(Statement.currency, *sums, *some)
            .where(Statement.batch_id == batch_id, Statement.payout_id.is_not(None))
            .group_by(Statement.currency)
        )
        found = {}
        for currency, *values in self.session.execute(query):
            figures = Figures(**dict(zip(_TOLD, values, strict=False)))
            parts = zip(_TOLD, values[len(_TOLD) :], strict=True)
            found[currency] = ToldSum(figures, frozenset(name for name, has in parts if has))
        return found

    def left_sums(self, batch_id: UUID) -> dict[str, tuple[int, int]]:
        """How many were left out, and what with, by currency."""
        query = (
            select(BatchLeftOut.currency, func.count(), func.sum(BatchLeftOut.amount))
            .where(BatchLeftOut.batch_id == batch_id)
            .group_by(BatchLeftOut.currency)
        )
        return {currency: (count, minor) for currency, count, minor in self.session.execute(query)}

    def exclusions(self, batch_id: UUID) -> dict[UUID, BatchExclusion]:
        """Who was ever kept out of a draft, by vendor; taken in again too."""
        query = select(BatchExclusion).where(BatchExclusion.batch_id == batch_id)
        return {row.vendor_id: row for row in self.session.scalars(query)}

    def not_left_yet(self) -> dict[str, int]:
        """Transfers that were approved and may still have to leave, by currency."""
        query = (
            select(Payout.currency, func.sum(Payout.amount))
            .where(Payout.way == PayoutWay.TRANSFER, Payout.state.in_(open_states(PayoutState)))
            .group_by(Payout.currency)
        )
        return {currency: minor for currency, minor in self.session.execute(query)}  # noqa: C416

    def unknown_since(self, moment: datetime) -> Sequence[Payout]:
        """Payouts that were sent before a moment and whose end is not known; with vendor and batch."""
        query = (
            select(Payout)
            .where(Payout.state == PayoutState.UNKNOWN, Payout.first_sent_at <= moment)
            .options(selectinload(Payout.vendor), selectinload(Payout.batch))
        )
        return self.session.scalars(query.order_by(Payout.first_sent_at, Payout.id)).all()

    # writing

    def add_payout_lines(self, lines: Iterable[tuple[UUID, UUID, UUID]]) -> None:
        """What payouts pay: new ids, payouts and rows of the ledger."""
        _PAYOUT_LINES.write(self.session.connection(), *(_NewPayoutLine(*line) for line in lines))
