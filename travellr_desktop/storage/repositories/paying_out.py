"""Payouts on their way, what is taken back of them, and the batches that they are of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import selectinload

from travellr_desktop.domain.ledger import LedgerEvent
from travellr_desktop.domain.payouts.words import PayoutWay
from travellr_desktop.domain.states import BatchState, PayoutState, TakeBackState, open_states
from travellr_desktop.errors import NotFound
from travellr_desktop.storage.models import (
    LedgerRow,
    Payout,
    PayoutAttempt,
    PayoutBatch,
    PayoutEntry,
    PayoutLine,
    Statement,
    TakeBack,
    VendorLine,
)
from travellr_desktop.storage.repositories.base import Repository
from travellr_desktop.storage.repositories.here import sent_here

_ON_ITS_WAY = (PayoutState.SENDING, PayoutState.UNKNOWN)


class PayoutRepository(Repository[Payout]):
    """Whole: with batch and vendor."""

    model = Payout
    word = "payout"
    whole = (selectinload(Payout.batch), selectinload(Payout.vendor))

    # batches

    def batch(self, batch_id: UUID) -> PayoutBatch:
        """Raises `NotFound`."""
        batch = self.session.get(PayoutBatch, batch_id)
        if batch is None:
            raise NotFound("There is no such batch of payouts.")
        return batch

    def states(self, batch_id: UUID) -> Counter[tuple[PayoutState, PayoutWay]]:
        """How many payouts of a batch are in each state, by their way. One that failed and that another stands for is
        left out."""
        again = select(Payout.retry_of).where(Payout.retry_of.is_not(None))
        rows = self.session.execute(
            select(Payout.state, Payout.way, func.count())
            .where(
                Payout.batch_id == batch_id,
                ~and_(Payout.state == PayoutState.FAILED, Payout.id.in_(again)),
            )
            .group_by(Payout.state, Payout.way)
        )
        return Counter({(state, way): count for state, way, count in rows})

    def is_settled(self, batch_id: UUID) -> bool:
        """Whether nothing of a batch is to be sent, or waited for."""
        query = select(Payout.id).where(
            Payout.batch_id == batch_id, Payout.state.in_(open_states(PayoutState))
        )
        return self.session.scalar(query.limit(1)) is None

    def only_bank_is_open(self, batch_id: UUID) -> bool:
        """Whether all transfers of a batch are settled, and something waits for a bank."""
        query = select(Payout.way).where(
            Payout.batch_id == batch_id, Payout.state.in_(open_states(PayoutState))
        )
        return set(self.session.scalars(query.distinct())) == {PayoutWay.BANK}

    def next_to_send(self, batch_id: UUID, after: UUID | None = None) -> Payout | None:
        """The first transfer of a batch, after that one, that nobody has begun: with its vendor."""
        query = select(Payout).where(
            Payout.batch_id == batch_id,
            Payout.state == PayoutState.APPROVED,
            Payout.way == PayoutWay.TRANSFER,
        )
        if after is not None:
            query = query.where(Payout.id > after)
        return self.session.scalar(query.options(selectinload(Payout.vendor)).order_by(Payout.id).limit(1))

    def batches_to_run(self) -> Sequence[UUID]:
        """Batches that may go on by themselves: approved or being sent, not stopped by anybody, with transfers to be
        begun, and none of which is waited for."""
        begun = select(Payout.batch_id).where(
            Payout.state == PayoutState.APPROVED, Payout.way == PayoutWay.TRANSFER
        )
        waits = select(Payout.batch_id).where(Payout.state.in_(_ON_ITS_WAY), Payout.way == PayoutWay.TRANSFER)
        return self.session.scalars(
            select(PayoutBatch.id)
            .where(
                PayoutBatch.state.in_((BatchState.APPROVED, BatchState.SENDING)),
                PayoutBatch.stopped_at.is_(None),
                PayoutBatch.id.in_(begun),
                PayoutBatch.id.not_in(waits),
            )
            .order_by(PayoutBatch.cutoff_at, PayoutBatch.id)
        ).all()

    # payouts

    def in_flight(self, due: datetime | None = None) -> Sequence[Payout]:
        """Transfers that were begun and are not settled, and retries that somebody asked for; with `due`, those to be
        looked at by then. Of other desks none."""
        asked_for = and_(Payout.state == PayoutState.APPROVED, Payout.retry_of.is_not(None))
        query = (
            select(Payout)
            .where(or_(Payout.state.in_(_ON_ITS_WAY), asked_for), Payout.way == PayoutWay.TRANSFER)
            .where(sent_here(Payout))
            .order_by(Payout.id)
        )
        if due is not None:
            query = query.where(Payout.next_read_at.is_(None) | (Payout.next_read_at <= due))
        return self.session.scalars(query).all()

    def count_on_their_way(self, *, at_this_desk: bool = False) -> int:
        """Transfers of which it is not known that they have arrived, or have not."""
        query = (
            select(func.count())
            .select_from(Payout)
            .where(Payout.state.in_(_ON_ITS_WAY), Payout.way == PayoutWay.TRANSFER)
        )
        return self.session.scalar(query.where(sent_here(Payout)) if at_this_desk else query) or 0

    def by_ref(self, ref: str) -> Payout | None:
        """The payout of that transfer."""
        return self.session.scalar(select(Payout).where(Payout.provider_ref == ref))

    def retried_by(self, payout_id: UUID) -> Payout | None:
        """The one that stands for a payout that failed."""
        return self.session.scalar(select(Payout).where(Payout.retry_of == payout_id))

    def paid_transfers(self, since: datetime) -> Sequence[UUID]:
        """Transfers that were paid from `since` on, and not taken back whole."""
        return self.session.scalars(
            select(Payout.id)
            .where(
                Payout.state == PayoutState.PAID,
                Payout.way == PayoutWay.TRANSFER,
                Payout.ended_at >= since,
            )
            .order_by(Payout.id)
        ).all()

    def of_batch(self, batch_id: UUID) -> Sequence[Payout]:
        """The payouts of a batch with their vendors, oldest first."""
        return self.session.scalars(
            select(Payout)
            .where(Payout.batch_id == batch_id)
            .options(selectinload(Payout.vendor))
            .order_by(Payout.id)
        ).all()

    def failed_line(self, payout_id: UUID) -> VendorLine | None:
        """The line that a payout gave back when it failed."""
        return self.session.scalar(
            select(VendorLine)
            .join(PayoutEntry, PayoutEntry.ledger_id == VendorLine.ledger_id)
            .join(LedgerRow, LedgerRow.id == VendorLine.ledger_id)
            .where(PayoutEntry.payout_id == payout_id, LedgerRow.event == LedgerEvent.PAYOUT_FAILED)
        )

    def statement(self, payout_id: UUID) -> Statement | None:
        """The statement that says it is paid by this payout."""
        return self.session.scalar(select(Statement).where(Statement.payout_id == payout_id))

    # what is only ever added

    def add_lines(self, payout_id: UUID, ledger_ids: Sequence[UUID]) -> None:
        """The lines that it pays, before it is sent."""
        self.session.add_all(PayoutLine(payout_id=payout_id, ledger_id=each) for each in ledger_ids)
        self.session.flush()

    def add_entries(self, payout_id: UUID, ledger_ids: Sequence[UUID]) -> None:
        """Entries of the ledger that were written about it."""
        self.session.add_all(PayoutEntry(payout_id=payout_id, ledger_id=each) for each in ledger_ids)
        self.session.flush()

    def add_attempt(self, attempt: PayoutAttempt) -> PayoutAttempt:
        self.session.add(attempt)
        return attempt

    def attempts(self, payout_id: UUID) -> Sequence[PayoutAttempt]:
        """What was tried, oldest first."""
        return self.session.scalars(
            select(PayoutAttempt).where(PayoutAttempt.payout_id == payout_id).order_by(PayoutAttempt.id)
        ).all()


class TakeBackRepository(Repository[TakeBack]):
    """Whole: with the payout, its batch and its vendor."""

    model = TakeBack
    word = "reversal of a payout"
    whole = (
        selectinload(TakeBack.payout).selectinload(Payout.batch),
        selectinload(TakeBack.payout).selectinload(Payout.vendor),
    )

    def of(self, payout_id: UUID) -> Sequence[TakeBack]:
        """All of one payout, oldest first."""
        return self.session.scalars(
            select(TakeBack).where(TakeBack.payout_id == payout_id).order_by(TakeBack.id)
        ).all()

    def taken_of_batch(self, batch_id: UUID) -> dict[UUID, int]:
        """What is back of each payout of a batch, in minor units; those of which nothing is are left out."""
        rows = self.session.execute(
            select(TakeBack.payout_id, func.sum(TakeBack.amount))
            .join(Payout, Payout.id == TakeBack.payout_id)
            .where(Payout.batch_id == batch_id, TakeBack.state == TakeBackState.DONE)
            .group_by(TakeBack.payout_id)
        )
        return {row[0]: row[1] for row in rows}

    def in_flight(self, due: datetime | None = None) -> Sequence[TakeBack]:
        """Those of this desk that are not settled; with `due`, those to be looked at by then."""
        open_ = TakeBack.state.in_(open_states(TakeBackState))
        query = select(TakeBack).where(open_, sent_here(TakeBack)).order_by(TakeBack.id)
        if due is not None:
            query = query.where(TakeBack.next_read_at.is_(None) | (TakeBack.next_read_at <= due))
        return self.session.scalars(query).all()
