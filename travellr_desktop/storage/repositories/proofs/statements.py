"""Statements: their lines, the entries behind them, the payouts that they told of, and their numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from travellr_desktop.storage.repositories.proofs.blocks import SERIES, given_out
from travellr_desktop.storage.repositories.proofs.invoices import Series, Stray
from travellr_desktop.storage.repositories.proofs.reading import Reader


@dataclass(frozen=True, slots=True)
class Told:
    """A statement with the sums of its lines, by their kind, and of the vendor's lines of the ledger that are new on
    it. `paid` is its payout's amount and `paid_before` what of that stood on earlier statements; None where nothing
    is paid."""

    id: str
    number: str
    charges: int
    refunds: int
    adjustments: int
    commission: int
    carried_in: int
    total: int
    lines_charges: int
    lines_refunds: int
    lines_adjustments: int
    lines_commission: int
    entries: int
    strange: int
    paid: int | None
    paid_before: int | None


_LINES = "(SELECT coalesce(sum({0}), 0) FROM statement_lines l WHERE l.statement_id = s.id{1})"
_ENTRIES = (
    "(SELECT coalesce(sum({0}), 0) FROM statement_entries e JOIN vendor_lines v ON v.ledger_id = e.ledger_id "
    "WHERE e.statement_id = s.id)"
)
_TOLD = f"""
SELECT s.id, s.number, s.charges, s.refunds, s.adjustments, s.commission, s.carried_in, s.total,
  {_LINES.format("l.retail", " AND l.kind = 'normal'")}, {_LINES.format("l.retail", " AND l.kind = 'reversed'")},
  {_LINES.format("l.retail", " AND l.kind NOT IN ('normal', 'reversed')")}, {_LINES.format("l.commission", "")},
  {_ENTRIES.format("v.amount")}, {_ENTRIES.format("v.vendor_id <> s.vendor_id OR v.currency <> s.currency")},
  (SELECT p.amount FROM payouts p WHERE p.id = s.payout_id),
  CASE WHEN s.payout_id IS NOT NULL THEN
    (SELECT coalesce(sum(v.amount), 0) FROM payout_lines y JOIN vendor_lines v ON v.ledger_id = y.ledger_id
     WHERE y.payout_id = s.payout_id AND v.statement_id IS NOT s.id) END
FROM statements s ORDER BY s.id
"""
_UNTOLD = """
SELECT p.id FROM payouts p WHERE p.retry_of IS NULL
AND NOT EXISTS (SELECT 1 FROM statements s WHERE s.payout_id = p.id)
"""
_SERIES = f"""
SELECT n.id, n.kind, n.year, n.first, n.next, (SELECT count(*) FROM statements s WHERE {given_out("s.number")})
FROM number_series n WHERE {SERIES} = 'ST'
"""
_STRAY = f"""
SELECT s.id, s.number FROM statements s WHERE NOT EXISTS (
  SELECT 1 FROM number_series n WHERE {SERIES} = 'ST' AND {given_out("s.number")})
"""


class StatementProofs(Reader):
    def told(self) -> Iterator[Told]:
        return self._each(Told, _TOLD)

    def untold(self) -> Iterator[str]:
        """Payouts of which no statement told."""
        return (str(row[0]) for row in self._rows(_UNTOLD))

    def series(self) -> Iterator[Series]:
        return self._each(Series, _SERIES)

    def stray(self) -> Iterator[Stray]:
        return self._each(Stray, _STRAY)
