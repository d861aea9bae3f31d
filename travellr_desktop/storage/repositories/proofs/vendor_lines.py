"""Vendors' lines beside the ledger, payouts and statements that they are kept from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from travellr_desktop.storage.repositories.proofs.reading import Reader


@dataclass(frozen=True, slots=True)
class LineProblem:
    """A line (or the entry that has none) and what is wrong with it. Both are as text; None: it is not there."""

    id: str
    has: str | None
    wants: str | None


_IS_LINE = (
    "'vendor_payable' IN (l.debit, l.credit) AND l.event <> 'payout_sending' AND l.vendor_id IS NOT NULL"
)
_SIGNED = "CASE WHEN l.credit = 'vendor_payable' THEN l.amount ELSE -l.amount END"
_AGENCYS = "('commission', 'cancellation_revenue')"
_PART = (
    "CASE WHEN l.booking_id IS NOT NULL THEN CASE WHEN l.credit = 'vendor_payable' THEN 'charge' ELSE 'refund' END "
    "WHEN l.event IN ('payout_failed', 'transfer_reversed', 'payout_returned') THEN 'returned' ELSE 'adjustment' END"
)
_FREE = (
    "CASE WHEN l.available_at IS NOT NULL THEN v.free_at = l.available_at ELSE v.free_at = l.at OR EXISTS "
    "(SELECT 1 FROM ledger g WHERE g.booking_id = l.booking_id AND g.vendor_id = l.vendor_id "
    "AND g.available_at = v.free_at) END"
)
_WANTS = f"{_SIGNED} || ' ' || l.currency || ' as ' || {_PART} || ' of ' || l.event"

_ENTRIES = f"""
SELECT l.id, CASE WHEN v.ledger_id IS NOT NULL THEN
  v.amount || ' ' || v.currency || ' as ' || v.part || ' of ' || v.event END, {_WANTS}
FROM ledger l LEFT JOIN vendor_lines v ON v.ledger_id = l.id
WHERE {_IS_LINE} AND (v.ledger_id IS NULL OR v.vendor_id <> l.vendor_id OR v.currency <> l.currency
  OR v.booking_id IS NOT l.booking_id OR v.event <> l.event OR v.at <> l.at OR v.amount <> {_SIGNED}
  OR CASE WHEN v.part IN ('more', 'again') THEN 'charge' ELSE v.part END <> {_PART} OR NOT ({_FREE}))
"""

_STRAY = f"""
SELECT v.ledger_id, v.amount || ' ' || v.currency, NULL
FROM vendor_lines v LEFT JOIN ledger l ON l.id = v.ledger_id WHERE l.id IS NULL OR NOT ({_IS_LINE})
"""

_COMMISSION = f"""
SELECT id, had, wanted FROM (
  SELECT min(v.ledger_id) AS id, sum(v.commission) AS had, coalesce((
    SELECT sum(CASE WHEN l.credit IN {_AGENCYS} THEN l.amount ELSE -l.amount END) FROM ledger l
    WHERE l.booking_id = v.booking_id AND l.event = v.event AND l.at = v.at
      AND (l.credit IN {_AGENCYS} OR l.debit IN {_AGENCYS})), 0) AS wanted
  FROM vendor_lines v WHERE v.booking_id IS NOT NULL GROUP BY v.booking_id, v.event, v.at)
WHERE had <> wanted
"""

_FIRST = """
SELECT min(ledger_id), sum(part = 'charge'), 1 FROM vendor_lines WHERE part IN ('charge', 'more', 'again')
GROUP BY booking_id, vendor_id HAVING sum(part = 'charge') <> 1
"""

_ON = """
SELECT v.ledger_id, v.{column}, o.{column} FROM vendor_lines v LEFT JOIN {table} o ON o.ledger_id = v.ledger_id
WHERE v.{column} IS NOT o.{column}
UNION ALL SELECT o.ledger_id, NULL, o.{column} FROM {table} o
WHERE NOT EXISTS (SELECT 1 FROM vendor_lines v WHERE v.ledger_id = o.ledger_id)
"""


class VendorLineProofs(Reader):
    def not_as_the_ledger(self) -> Iterator[LineProblem]:
        """Entries whose line says something else or is not there, and lines of no entry."""
        yield from self._each(LineProblem, _ENTRIES)
        yield from self._each(LineProblem, _STRAY)

    def other_commission(self) -> Iterator[LineProblem]:
        """Lines of one moment of a booking that come to another commission than the ledger has for it."""
        return self._each(LineProblem, _COMMISSION)

    def not_one_first(self) -> Iterator[LineProblem]:
        """Bookings of which none of the lines is the first, or several are."""
        return self._each(LineProblem, _FIRST)

    def not_as_paid(self) -> Iterator[LineProblem]:
        """Lines that say another payout than the one that pays them."""
        return self._each(LineProblem, _ON.format(table="payout_lines", column="payout_id"))

    def not_as_told(self) -> Iterator[LineProblem]:
        """Lines that say another statement than the one they stand on."""
        return self._each(LineProblem, _ON.format(table="statement_entries", column="statement_id"))
