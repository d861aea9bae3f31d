"""Files for the agency's bank, and the payouts that stand in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from travellr_desktop.domain.payouts.words import PayoutWay
from travellr_desktop.domain.states import PayoutState
from travellr_desktop.errors import NotFound
from travellr_desktop.storage.models import BankFile, Payout, Statement

_WHOLE = (selectinload(Payout.batch), selectinload(Payout.vendor))


class BankFileRepository:
    def __init__(self, session: Session) -> None:
        self.session = session

    def get(self, file_id: UUID) -> BankFile:
        """Raises `NotFound`."""
        found = self.session.get(BankFile, file_id)
        if found is None:
            raise NotFound("There is no such file for the bank.")
        return found

    def of_message(self, message_id: str) -> BankFile:
        """By what the bank knows it by. Raises `NotFound`."""
        found = self.session.scalar(select(BankFile).where(BankFile.message_id == message_id))
        if found is None:
            raise NotFound("There is no such file for the bank.")
        return found

    def of_batch(self, batch_id: UUID) -> Sequence[BankFile]:
        """Oldest first."""
        query = select(BankFile).where(BankFile.batch_id == batch_id).order_by(BankFile.id)
        return self.session.scalars(query).all()

    def count(self, batch_id: UUID, currency: str) -> int:
        query = select(func.count()).where(BankFile.batch_id == batch_id, BankFile.currency == currency)
        return self.session.scalar(query) or 0

    def add(self, file: BankFile) -> BankFile:
        self.session.add(file)
        self.session.flush()
        return file

    def payouts(self, file_id: UUID) -> Sequence[Payout]:
        """The payouts in a file, whole, in the order in which they stand there."""
        query = select(Payout).where(Payout.file_id == file_id).options(*_WHOLE).order_by(Payout.id)
        return self.session.scalars(query).all()

    def to_make(self, batch_id: UUID, currency: str) -> Sequence[Payout]:
        """Payouts of a batch and currency by the bank that stand in no file yet, whole."""
        query = (
            select(Payout)
            .where(
                Payout.batch_id == batch_id,
                Payout.currency == currency,
                Payout.way == PayoutWay.BANK,
                Payout.state == PayoutState.APPROVED,
            )
            .options(*_WHOLE)
            .order_by(Payout.id)
        )
        return self.session.scalars(query).all()

    def failed(self, batch_id: UUID, currency: str = "") -> Sequence[Payout]:
        """Payouts of a batch by the bank that failed, whole; of one currency, or of all."""
        query = (
            select(Payout)
            .where(
                Payout.batch_id == batch_id,
                Payout.way == PayoutWay.BANK,
                Payout.state == PayoutState.FAILED,
            )
            .options(*_WHOLE)
            .order_by(Payout.id)
        )
        if currency:
            query = query.where(Payout.currency == currency)
        return self.session.scalars(query).all()

    def sums_to_make(self, batch_id: UUID) -> Sequence[tuple[str, int, int]]:
        """Of what stands in no file yet: currency, how many, minor units."""
        query = (
            select(Payout.currency, func.count(), func.sum(Payout.amount))
            .where(
                Payout.batch_id == batch_id,
                Payout.way == PayoutWay.BANK,
                Payout.state == PayoutState.APPROVED,
            )
            .group_by(Payout.currency)
            .order_by(Payout.currency)
        )
        return [(row[0], row[1], row[2]) for row in self.session.execute(query)]

    def statement_numbers(self, payout_ids: Iterable[UUID]) -> dict[UUID, str]:
        """By payout. A retry has none: its statement is that of the first."""
        query = select(Statement.payout_id, Statement.number).where(Statement.payout_id.in_(list(payout_ids)))
        return {row.payout_id: row.number for row in self.session.execute(query)}
