"""The till of a desk: sessions, and the stretches of the ledger that they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import case, distinct, func, or_, select
from sqlalchemy.orm import Session, aliased

from travellr_desktop.domain.ledger import Account, Entry, LedgerEvent
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.till import TillState
from travellr_desktop.domain.ways import Way
from travellr_desktop.errors import NotFound
from travellr_desktop.storage.models import (
    Booking,
    LedgerRow,
    Payment,
    Refund,
    Sale,
    TillCount,
    TillMove,
    TillRead,
    TillSession,
    User,
)

_TAKEN = (LedgerEvent.PAYMENT, LedgerEvent.OVERPAID, LedgerEvent.RECEIVABLE_COLLECTED)


@dataclass(frozen=True, slots=True)
class TillEntry:
    """An entry of a till. `who` and `reference` (of the sale or booking) are "" where it has none."""

    seq: int
    at: datetime
    entry: Entry
    payment_id: UUID | None
    refund_id: UUID | None
    reference: str
    who: str


@dataclass(frozen=True, slots=True)
class WaySum:
    """What was paid and given back by a way to pay, in minor units, and by how many payments and refunds."""

    way: Way
    currency: str
    payments: int
    taken: int
    refunds: int
    refunded: int


class TillRepository:
    def __init__(self, session: Session) -> None:
        self.session = session

    def find_open(self, desk_id: UUID) -> TillSession | None:
        query = select(TillSession).where(TillSession.desk_id == desk_id, TillSession.state == TillState.OPEN)
        return self.session.scalar(query)

    def find(self, session_id: UUID) -> TillSession | None:
        return self.session.get(TillSession, session_id)

    def get(self, session_id: UUID) -> TillSession:
        """Raises `NotFound`."""
        found = self.find(session_id)
        if found is None:
            raise NotFound("There is no such till session.")
        return found

    def before(self, desk_id: UUID, number: int | None = None) -> TillSession | None:
        """The last session of a desk, or the last one below a number."""
        query = select(TillSession).where(TillSession.desk_id == desk_id).order_by(TillSession.number.desc())
        if number is not None:
            query = query.where(TillSession.number < number)
        return self.session.scalar(query.limit(1))

    def closed(self, desk_id: UUID, most: int, below: int | None = None) -> Sequence[TillSession]:
        """Sessions that were closed, newest first; with `below`, those of smaller numbers."""
        query = (
            select(TillSession)
            .where(TillSession.desk_id == desk_id, TillSession.state == TillState.CLOSED)
            .order_by(TillSession.number.desc())
            .limit(most)
        )
        if below is not None:
            query = query.where(TillSession.number < below)
        return self.session.scalars(query).all()

    def moved_between(self, since: datetime, until: datetime) -> Sequence[TillSession]:
        """Sessions of any desk that were opened or closed from `since` to `until`."""
        opened = TillSession.opened_at.between(since, until)
        closed = TillSession.closed_at.between(since, until)
        return self.session.scalars(select(TillSession).where(or_(opened, closed))).all()

    def counts(self, session_ids: Sequence[UUID]) -> Sequence[TillCount]:
        """All counts of some sessions, by currency."""
        query = select(TillCount).where(TillCount.session_id.in_(session_ids)).order_by(TillCount.currency)
        return self.session.scalars(query).all()

    def moves(self, session_id: UUID) -> Sequence[TillMove]:
        query = select(TillMove).where(TillMove.session_id == session_id).order_by(TillMove.seq)
        return self.session.scalars(query).all()

    def find_move(self, move_id: UUID) -> TillMove | None:
        return self.session.get(TillMove, move_id)

    def reads(self, session_id: UUID) -> Sequence[TillRead]:
        """The X reads of a session, in their order."""
        query = select(TillRead).where(TillRead.session_id == session_id).order_by(TillRead.number)
        return self.session.scalars(query).all()

    def newest_reads(self, desk_id: UUID, most: int) -> list[tuple[TillRead, TillSession]]:
        """The X reads of a desk with their sessions, newest first."""
        query = (
            select(TillRead, TillSession)
            .join(TillSession, TillSession.id == TillRead.session_id)
            .where(TillSession.desk_id == desk_id)
            .order_by(TillSession.number.desc(), TillRead.number.desc())
            .limit(most)
        )
        return [(read, session) for read, session in self.session.execute(query)]

    def find_read(self, read_id: UUID) -> TillRead | None:
        return self.session.get(TillRead, read_id)

    def get_read(self, read_id: UUID) -> TillRead:
        """Raises `NotFound`."""
        found = self.find_read(read_id)
        if found is None:
            raise NotFound("There is no such X read.")
        return found

    def names(self, user_ids: Sequence[UUID | None]) -> dict[UUID | None, str]:
        """The names of people; of nobody it is the program's own."""
        query = select(User.id, User.name).where(User.id.in_([each for each in user_ids if each is not None]))
        found: dict[UUID | None, str] = {row.id: row.name for row in self.session.execute(query)}
        return {**found, None: "Travellr"}

    def add(self, *rows: TillSession | TillCount | TillMove | TillRead) -> None:
        """Write new rows, so that the database can refuse them here."""
        for row in rows:
            self.session.add(row)
            self.session.flush()

    def entries(self, desk_id: UUID, after: int, upto: int | None = None) -> list[TillEntry]:
        """The entries of the till in a stretch of the desk's ledger, in their order."""
        payer, giver = aliased(User), aliased(User)
        query = (
            select(LedgerRow, Sale.reference, Booking.reference, payer.name, giver.name)
            .join(Payment, Payment.id == LedgerRow.payment_id, isouter=True)
            .join(Sale, Sale.id == Payment.sale_id, isouter=True)
            .join(Refund, Refund.id == LedgerRow.refund_id, isouter=True)
            .join(Booking, Booking.id == Refund.booking_id, isouter=True)
            .join(payer, payer.id == Payment.created_by, isouter=True)
            .join(giver, giver.id == Refund.created_by, isouter=True)
            .where(LedgerRow.desk_id == desk_id, LedgerRow.seq > after)
            .where(or_(LedgerRow.debit == Account.TILL, LedgerRow.credit == Account.TILL))
            .order_by(LedgerRow.seq)
        )
        if upto is not None:
            query = query.where(LedgerRow.seq <= upto)
        return [
            TillEntry(
                seq=row.seq,
                at=row.at,
                entry=Entry(
                    row.event,
                    row.debit,
                    row.credit,
                    Money(row.amount, row.currency),
                    row.booking_id,
                    row.vendor_id,
                ),
                payment_id=row.payment_id,
                refund_id=row.refund_id,
                reference=booking if row.refund_id is not None else sale or "",
                who=(refunder if row.refund_id is not None else taker) or "",
            )
            for row, sale, booking, taker, refunder in self.session.execute(query)
        ]

    def balances(self, desk_id: UUID, after: int = 0, upto: int | None = None) -> dict[str, int]:
        """What the till of a desk has by a stretch of its ledger, by currency, in minor units."""
        signed = case((LedgerRow.debit == Account.TILL, LedgerRow.amount), else_=-LedgerRow.amount)
        query = (
            select(LedgerRow.currency, func.sum(signed))
            .where(LedgerRow.desk_id == desk_id, LedgerRow.seq > after)
            .where(or_(LedgerRow.debit == Account.TILL, LedgerRow.credit == Account.TILL))
            .group_by(LedgerRow.currency)
        )
        if upto is not None:
            query = query.where(LedgerRow.seq <= upto)
        return {row[0]: row[1] for row in self.session.execute(query)}

    def from_the_start(self, desk_id: UUID, upto: int) -> dict[str, int]:
        """The same of a whole ledger up to an entry: found by the indexes of both sides of the account, not by going
        through all entries."""
        found: dict[str, int] = {}
        for side, sign in ((LedgerRow.debit, 1), (LedgerRow.credit, -1)):
            # written so that SQLite does not look for the desk first, of which nearly all entries are
            desk = func.coalesce(LedgerRow.desk_id, LedgerRow.desk_id)
            query = (
                select(LedgerRow.currency, func.sum(LedgerRow.amount))
                .where(side == Account.TILL, desk == desk_id, LedgerRow.seq + 0 <= upto)
                .group_by(LedgerRow.currency)
            )
            for currency, minor in self.session.execute(query):
                found[currency] = found.get(currency, 0) + sign * minor
        return found

    def ways(self, desk_id: UUID, after: int, upto: int | None = None) -> list[WaySum]:
        """What was paid and given back by each way in a stretch of a desk's ledger."""
        taken = LedgerRow.event.in_(_TAKEN)
        back = LedgerRow.event == LedgerEvent.REFUND_ACCEPTED
        query = (
            select(
                Payment.way,
                LedgerRow.currency,
                func.count(distinct(case((taken, LedgerRow.payment_id)))),
                func.coalesce(func.sum(case((taken, LedgerRow.amount))), 0),
                func.count(distinct(case((back, LedgerRow.refund_id)))),
                func.coalesce(func.sum(case((back, LedgerRow.amount))), 0),
            )
            .join(Payment, Payment.id == LedgerRow.payment_id)
            .where(LedgerRow.desk_id == desk_id, LedgerRow.seq > after, or_(taken, back))
            .group_by(Payment.way, LedgerRow.currency)
        )
        if upto is not None:
            query = query.where(LedgerRow.seq <= upto)
        return [WaySum(*row) for row in self.session.execute(query)]

    def end(self, desk_id: UUID) -> int:
        """The number of the newest entry of a desk, 0 where there is none."""
        query = select(func.coalesce(func.max(LedgerRow.seq), 0)).where(LedgerRow.desk_id == desk_id)
        return self.session.scalar(query) or 0
