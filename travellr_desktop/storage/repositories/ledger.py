"""The ledger: appended to, read, never changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from travellr_desktop.domain.ids import new_id
from travellr_desktop.domain.ledger import CHAIN_START, Account, Entry, chain_hash
from travellr_desktop.storage.models import LedgerRow

CHAINED = (
    "id",
    "desk_id",
    "seq",
    "event",
    "debit",
    "credit",
    "amount",
    "currency",
    "booking_id",
    "vendor_id",
    "payment_id",
    "refund_id",
    "at",
    "available_at",
)
"""What a row's hash covers, beside the hash before it: everything but the hash itself."""


def row_hash(row: LedgerRow) -> str:
    """The hash that `row` must carry."""
    return chain_hash(row.prev_hash, {name: getattr(row, name) for name in CHAINED})


class LedgerRepository:
    def __init__(self, session: Session) -> None:
        self.session = session

    def append(
        self,
        entries: Sequence[Entry],
        *,
        desk_id: UUID,
        at: datetime,
        payment_id: UUID | None = None,
        refund_id: UUID | None = None,
    ) -> Sequence[LedgerRow]:
        """Add entries at the end of the desk's chain, in their order."""
        last = self.session.execute(
            select(LedgerRow.seq, LedgerRow.hash)
            .where(LedgerRow.desk_id == desk_id)
            .order_by(LedgerRow.seq.desc())
            .limit(1)
        ).one_or_none()
        seq, prev = (last.seq, last.hash) if last else (0, CHAIN_START)
        rows = []
        for entry in entries:
            seq += 1
            row = LedgerRow(
                id=new_id(),
                desk_id=desk_id,
                seq=seq,
                event=entry.event,
                debit=entry.debit,
                credit=entry.credit,
                amount=entry.amount.minor,
                currency=entry.amount.currency,
                booking_id=entry.booking_id,
                vendor_id=entry.vendor_id,
                payment_id=payment_id,
                refund_id=refund_id,
                at=at,
                available_at=entry.available_at,
                prev_hash=prev,
            )
            row.hash = prev = row_hash(row)
            self.session.add(row)
            self.session.flush()  # one at a time: the database checks each link
            rows.append(row)
        return rows

    def of_booking(self, booking_id: UUID) -> Sequence[LedgerRow]:
        """The entries of a booking, oldest first."""
        return self.session.scalars(
            select(LedgerRow).where(LedgerRow.booking_id == booking_id).order_by(LedgerRow.id)
        ).all()

    def balance(self, account: Account, currency: str, **of: Any) -> int:
        """Debits less credits of an account in one currency, in minor units; `of` narrows it down
        (`vendor_id=…`, `booking_id=…`)."""
        total = 0
        for side, sign in ((LedgerRow.debit, 1), (LedgerRow.credit, -1)):
            query = select(func.coalesce(func.sum(LedgerRow.amount), 0)).where(
                side == account, LedgerRow.currency == currency
            )
            for name, value in of.items():
                query = query.where(getattr(LedgerRow, name) == value)
            total += sign * (self.session.scalar(query) or 0)
        return total

    def balances(self) -> dict[tuple[Account, str], int]:
        """Debits less credits of every account in every currency."""
        found: dict[tuple[Account, str], int] = {}
        for side, sign in ((LedgerRow.debit, 1), (LedgerRow.credit, -1)):
            query = select(side, LedgerRow.currency, func.sum(LedgerRow.amount)).group_by(
                side, LedgerRow.currency
            )
            for account, currency, amount in self.session.execute(query):
                found[account, currency] = found.get((account, currency), 0) + sign * amount
        return found

    def count(self) -> int:
        return self.session.scalar(select(func.count()).select_from(LedgerRow)) or 0

    def chain(self, desk_id: UUID) -> Iterator[LedgerRow]:
        """Every entry of a desk in the order of its chain, a batch at a time."""
        query = select(LedgerRow).where(LedgerRow.desk_id == desk_id).order_by(LedgerRow.seq)
        yield from self.session.scalars(query.execution_options(yield_per=1000))
