"""Statements: what goes onto them, what was issued.

Issuing writes by hand: a batch has thousands of them, with every booking of its days.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from travellr_desktop.domain.ledger import LedgerEvent
from travellr_desktop.domain.payouts.statement import Share
from travellr_desktop.domain.payouts.words import LineKind
from travellr_desktop.storage.base import utc_moment
from travellr_desktop.storage.models import Payout, PayoutBatch, Statement, Vendor
from travellr_desktop.storage.repositories.base import Repository
from travellr_desktop.storage.rows import Insert


@dataclass(frozen=True, slots=True)
class SharedLine:
    """A vendor's line of the ledger, and what is told of it. `pax` is who goes, of a cancelled booking who would have;
    `reason` is of an adjustment, `statement` and `root_id` of the payout that came back with it."""

    vendor_id: UUID
    currency: str
    share: Share
    at: datetime
    reference: str
    title: str
    departs_at: datetime | None
    zone: str
    pax: int
    commission_bps: int | None
    reason: str
    statement: str
    root_id: UUID | None


@dataclass(frozen=True, slots=True)
class NewStatement:
    id: UUID
    number: str
    batch_id: UUID
    vendor_id: UUID
    payout_id: UUID | None
    currency: str
    first: date
    last: date
    cutoff_at: datetime
    zone: str
    issued_at: datetime
    locale: str
    charges: int
    refunds: int
    adjustments: int
    commission: int
    carried_in: int
    total: int
    carried_out: int
    carried_from: str
    left_out: str
    minimum: int | None
    bookings: int
    seller: dict[str, Any]
    vendor_data: dict[str, Any]
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class NewStatementLine:
    id: UUID
    statement_id: UUID
    position: int
    kind: LineKind
    booking_id: UUID | None
    reference: str
    title: str
    departs_at: datetime | None
    zone: str
    pax: int
    retail: int
    commission: int
    net: int


@dataclass(frozen=True, slots=True)
class NewStatementEntry:
    id: UUID
    statement_id: UUID
    ledger_id: UUID


_STATEMENTS = Insert("statements", NewStatement)
_LINES = Insert("statement_lines", NewStatementLine)
_ENTRIES = Insert("statement_entries", NewStatementEntry)

_PAX = (
    "(SELECT CASE WHEN sum(l.ended_at IS NULL) > 0 THEN sum(l.ended_at IS NULL) ELSE count(*) END "
    "FROM booking_lines l WHERE l.booking_id = b.id)"
)
_SHARED = f"""
SELECT v.vendor_id, v.currency, v.ledger_id, v.event, v.booking_id, v.amount, v.commission, v.statement_id IS NOT NULL,
  v.at, b.reference, t.title, d.starts_at, d.zone, {_PAX}, b.commission_bps, a.reason, s.number, p.root_id
FROM json_each(?) j CROSS JOIN vendor_lines v ON v.ledger_id = j.value
LEFT JOIN bookings b ON b.id = v.booking_id LEFT JOIN trips t ON t.id = b.trip_id
LEFT JOIN departures d ON d.id = b.departure_id LEFT JOIN vendor_adjustments a ON a.ledger_id = v.ledger_id
LEFT JOIN payout_entries e ON e.ledger_id = v.ledger_id LEFT JOIN payouts p ON p.id = e.payout_id
LEFT JOIN statements s ON s.payout_id = p.root_id
ORDER BY v.at, v.ledger_id
"""
_NEWEST = """
SELECT vendor_id, currency, number, carried_out, max(id) FROM statements
WHERE vendor_id IN (SELECT value FROM json_each(?)) GROUP BY vendor_id, currency
"""


class StatementRepository(Repository[Statement]):
    """Whole: with its lines."""

    model = Statement
    word = "statement"
    whole = (selectinload(Statement.lines),)

    def shared(self, ledger_ids: Iterable[UUID]) -> list[SharedLine]:
        """These vendors' lines of the ledger, oldest first."""
        rows = self.session.connection().exec_driver_sql(_SHARED, (_hexes(ledger_ids),))
        return [_shared(row) for row in rows]

    def newest(self, vendor_ids: Iterable[UUID]) -> dict[tuple[UUID, str], tuple[str, int]]:
        """Number and what was carried out of the last statement of each vendor and currency."""
        rows = self.session.connection().exec_driver_sql(_NEWEST, (_hexes(vendor_ids),))
        return {(UUID(row[0]), row[1]): (row[2], row[3]) for row in rows}

    def add(
        self,
        statements: Sequence[NewStatement],
        lines: Sequence[NewStatementLine],
        entries: Sequence[NewStatementEntry],
    ) -> None:
        connection = self.session.connection()
        _STATEMENTS.write(connection, *statements)
        _LINES.write(connection, *lines)
        _ENTRIES.write(connection, *entries)

    def vendors(self, vendor_ids: Iterable[UUID]) -> dict[UUID, Vendor]:
        """The vendors themselves, by id."""
        rows = self.session.scalars(select(Vendor).where(Vendor.id.in_(list(vendor_ids))))
        return {row.id: row for row in rows}

    def of_batch(self, batch_id: UUID) -> Sequence[Statement]:
        """Those of a batch, without their lines."""
        return self.session.scalars(select(Statement).where(Statement.batch_id == batch_id)).all()

    def find_by_number(self, number: str) -> Statement | None:
        """Whole."""
        query = select(Statement).where(Statement.number == number).options(*self.whole)
        return self.session.scalar(query)

    def last_payout(self, statement: Statement) -> Payout | None:
        """The payout of a statement, as it was tried last."""
        return self.session.scalar(
            select(Payout)
            .where(
                Payout.vendor_id == statement.vendor_id,  # this is in an index
                Payout.currency == statement.currency,
                Payout.root_id == statement.payout_id,
            )
            .order_by(Payout.number.desc())
            .limit(1)
        )

    def years(self, vendor_id: UUID | None = None) -> Sequence[int]:
        """The years in which the days of some statement ended, newest first; of one vendor, or of all."""
        query = select(Statement.last).where(Statement.vendor_id == vendor_id).distinct()
        if vendor_id is None:  # there are few batches, and very many statements
            told = select(Statement.id).where(Statement.batch_id == PayoutBatch.id).exists()
            query = select(PayoutBatch.last).where(told).distinct()
        return sorted({day.year for day in self.session.scalars(query)}, reverse=True)

    def told(self) -> Sequence[tuple[UUID, str]]:
        """The vendors who have a statement, by name."""
        having = select(Statement.vendor_id).distinct()
        query = select(Vendor.id, Vendor.name).where(Vendor.id.in_(having)).order_by(Vendor.name, Vendor.id)
        return [(row.id, row.name) for row in self.session.execute(query)]


def _shared(row: Any) -> SharedLine:
    share = Share(
        entry_id=UUID(row[2]),
        event=LedgerEvent(row[3]),
        booking_id=UUID(row[4]) if row[4] else None,
        amount=row[5],
        commission=row[6],
        carried=bool(row[7]),
    )
    return SharedLine(
        vendor_id=UUID(row[0]),
        currency=row[1],
        share=share,
        at=utc_moment(row[8]),
        reference=row[9] or "",
        title=row[10] or "",
        departs_at=utc_moment(row[11]) if row[11] else None,
        zone=row[12] or "",
        pax=row[13] or 0,
        commission_bps=row[14],
        reason=row[15] or "",
        statement=row[16] or "",
        root_id=UUID(row[17]) if row[17] else None,
    )


def _hexes(ids: Iterable[UUID]) -> str:
    return json.dumps([each.hex for each in ids])
