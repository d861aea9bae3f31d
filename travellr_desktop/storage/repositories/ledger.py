"""The ledger: appended to, read, never changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, func, select
from sqlalchemy.orm import Session

from travellr_desktop.domain.ids import new_id
from travellr_desktop.domain.ledger import Account, Entry, LedgerEvent, chain_hash
from travellr_desktop.storage.models import LedgerRow
from travellr_desktop.storage.rows import Insert
from travellr_desktop.storage.seal import Ground

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


_values = attrgetter(*CHAINED)


def row_hash(row: LedgerRow | Link) -> str:
    """The hash that `row` must carry."""
    return chain_hash(row.prev_hash, dict(zip(CHAINED, _values(row), strict=True)))


@dataclass(slots=True)
class Link:
    """A row of the ledger that is about to be written."""

    id: UUID
    desk_id: UUID
    seq: int
    event: LedgerEvent
    debit: Account
    credit: Account
    amount: int
    currency: str
    booking_id: UUID | None
    vendor_id: UUID | None
    payment_id: UUID | None
    refund_id: UUID | None
    at: datetime
    available_at: datetime | None
    prev_hash: str
    hash: str = ""


_ADD = Insert("ledger", Link)


class LedgerChain:
    """The end of this desk's chain, within a transaction that holds the write lock: nobody else adds to it."""

    def __init__(self, connection: Connection, ground: Ground) -> None:
        self._connection = connection
        self._desk_id = ground.desk_id
        self._seq, self._hash = ground.ledger_seq, ground.ledger_hash

    @property
    def end(self) -> int:
        """The number of its last row, 0 where there is none."""
        return self._seq

    def append(
        self,
        entries: Sequence[Entry],
        *,
        at: datetime,
        payment_id: UUID | None = None,
        refund_id: UUID | None = None,
    ) -> list[UUID]:
        """Add entries in their order, and give the ids of their rows. The database checks each link."""
        links = [self._link(entry, at, payment_id, refund_id) for entry in entries]
        _ADD.write(self._connection, *links)
        return [link.id for link in links]

    def _link(self, entry: Entry, at: datetime, payment_id: UUID | None, refund_id: UUID | None) -> Link:
        self._seq += 1
        link = Link(
            id=new_id(),
            desk_id=self._desk_id,
            seq=self._seq,
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
            prev_hash=self._hash,
        )
        link.hash = self._hash = row_hash(link)
        return link


class LedgerRepository:
    def __init__(self, session: Session) -> None:
        self.session = session

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

    def funds(self, booking_ids: Sequence[UUID]) -> dict[UUID, int]:
        """What there is for the price of each booking, in minor units."""
        found = dict.fromkeys(booking_ids, 0)
        for side, sign in ((LedgerRow.credit, 1), (LedgerRow.debit, -1)):
            query = (
                select(LedgerRow.booking_id, func.sum(LedgerRow.amount))
                .where(LedgerRow.booking_id.in_(booking_ids), side == Account.TRAVELLER_FUNDS)
                .group_by(LedgerRow.booking_id)
            )
            for booking_id, amount in self.session.execute(query):
                if booking_id is not None:
                    found[booking_id] += sign * amount
        return found

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
