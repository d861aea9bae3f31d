"""What vendors took in and were paid between two moments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from travellr_desktop.storage.base import utc_moment, utc_text

_GROSS = """
SELECT b.vendor_id, p.currency, sum(s.amount), count(DISTINCT p.id)
FROM payments p JOIN payment_shares s ON s.payment_id = p.id JOIN bookings b ON b.id = s.booking_id
WHERE p.state = 'completed' AND p.ended_at >= ? AND p.ended_at < ? GROUP BY b.vendor_id, p.currency
"""
_SENT = """
SELECT l.vendor_id, l.currency, coalesce(sum(l.amount) FILTER (WHERE l.event = 'payout_sent'), 0),
  coalesce(sum(l.amount) FILTER (WHERE l.event IN ('transfer_reversed', 'payout_returned')), 0)
FROM payout_entries e JOIN ledger l ON l.id = e.ledger_id
WHERE l.at >= ? AND l.at < ? AND l.event IN ('payout_sent', 'transfer_reversed', 'payout_returned')
GROUP BY l.vendor_id, l.currency
"""
_VENDORS = "SELECT id, code, name, legal, tax_number, country, email FROM vendors"
_FIRST = "SELECT min(ended_at) FROM payments WHERE state = 'completed'"


@dataclass(frozen=True, slots=True)
class TaxVendor:
    id: UUID
    code: str
    name: str
    legal: str
    tax_number: str
    country: str
    email: str


class TaxRepository:
    """Each row of the sums is vendor, currency, and two figures."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def gross(self, since: datetime, until: datetime) -> Sequence[tuple[UUID, str, int, int]]:
        """What travellers paid, and in how many payments; a payment for two bookings of a vendor is one."""
        return self._sums(_GROSS, since, until)

    def sent(self, since: datetime, until: datetime) -> Sequence[tuple[UUID, str, int, int]]:
        """What was paid out, and what came back."""
        return self._sums(_SENT, since, until)

    def vendors(self) -> dict[UUID, TaxVendor]:
        rows = self._connection.exec_driver_sql(_VENDORS)
        return {UUID(row[0]): TaxVendor(UUID(row[0]), *row[1:]) for row in rows}

    def first_payment(self) -> datetime | None:
        found = self._connection.exec_driver_sql(_FIRST).scalar()
        return None if found is None else utc_moment(found)

    def _sums(self, query: str, since: datetime, until: datetime) -> Sequence[tuple[UUID, str, int, int]]:
        rows = self._connection.exec_driver_sql(query, (utc_text(since), utc_text(until)))
        return [(UUID(row[0]), row[1], row[2], row[3]) for row in rows]
