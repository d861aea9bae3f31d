"""Invoices: their lines, their numbers, and what was credited of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from travellr_desktop.storage.repositories.proofs.blocks import SERIES, given_out
from travellr_desktop.storage.repositories.proofs.reading import Reader


@dataclass(frozen=True, slots=True)
class Issued:
    """A document with the sums of its lines. `sale_currency` is that of its sale; `strange` counts lines of another
    sale, `off_rate` those that state another tax than their rate gives, by more than rounding together may come to."""

    id: str
    number: str
    kind: str
    currency: str
    sale_currency: str | None
    net: int
    tax: int
    gross: int
    lines: int
    lines_net: int
    lines_tax: int
    lines_gross: int
    strange: int
    off_rate: int


@dataclass(frozen=True, slots=True)
class Credited:
    """An invoice and its credit notes, in all or of one booking at one rate: gross and tax of either."""

    id: str
    number: str
    gross: int
    tax: int
    back: int
    tax_back: int


@dataclass(frozen=True, slots=True)
class Series:
    """A block of a number series: how many numbers it has given out, and how many documents have one of them."""

    id: str
    kind: str
    year: int
    first: int
    next: int
    there: int


@dataclass(frozen=True, slots=True)
class Stray:
    """A document whose number was not given out by its desk's series."""

    id: str
    number: str


_ISSUED = """
SELECT i.id, i.number, i.kind, i.currency, s.currency, i.net, i.tax, i.gross, count(l.id), coalesce(sum(l.net), 0),
       coalesce(sum(l.tax), 0), coalesce(sum(l.gross), 0), coalesce(sum(b.sale_id IS NOT i.sale_id), 0),
       coalesce(sum(abs(l.tax * (10000 + l.tax_bps) - l.gross * l.tax_bps) > 3 * (10000 + l.tax_bps)), 0)
FROM invoices i LEFT JOIN sales s ON s.id = i.sale_id LEFT JOIN invoice_lines l ON l.invoice_id = i.id
LEFT JOIN bookings b ON b.id = l.booking_id GROUP BY i.id ORDER BY i.id
"""

_WHOLE = """
SELECT i.id, i.number, i.gross, i.tax, sum(c.gross), sum(c.tax) FROM invoices c JOIN invoices i ON i.id = c.of_id
GROUP BY i.id HAVING sum(c.gross) > i.gross OR sum(c.tax) > i.tax
"""

_PARTS = """
WITH was AS (SELECT invoice_id, booking_id, tax_bps, sum(gross) AS gross, sum(tax) AS tax FROM invoice_lines
             GROUP BY 1, 2, 3),
     back AS (SELECT c.of_id, l.booking_id, l.tax_bps, sum(l.gross) AS gross, sum(l.tax) AS tax FROM invoice_lines l
              JOIN invoices c ON c.id = l.invoice_id WHERE c.of_id IS NOT NULL GROUP BY 1, 2, 3)
SELECT i.id, i.number, coalesce(w.gross, 0), coalesce(w.tax, 0), b.gross, b.tax FROM back b
JOIN invoices i ON i.id = b.of_id LEFT JOIN was w
  ON w.invoice_id = b.of_id AND w.booking_id = b.booking_id AND w.tax_bps = b.tax_bps
WHERE b.gross > coalesce(w.gross, 0) OR b.tax > coalesce(w.tax, 0)
"""

_SERIES = f"""
SELECT n.id, n.kind, n.year, n.first, n.next,
  (SELECT count(*) FROM invoices i WHERE i.desk_id = n.desk_id AND {given_out("i.number")})
FROM number_series n WHERE {SERIES} IN ('IV', 'CN')
"""

_STRAY = f"""
SELECT i.id, i.number FROM invoices i WHERE NOT EXISTS (
    SELECT 1 FROM number_series n WHERE n.desk_id = i.desk_id
    AND {SERIES} = CASE i.kind WHEN 'invoice' THEN 'IV' ELSE 'CN' END AND n.year = substr(i.issued_on, 1, 4)
    AND {given_out("i.number")})
"""


class InvoiceProofs(Reader):
    def issued(self) -> Iterator[Issued]:
        return self._each(Issued, _ISSUED)

    def credited_too_much(self) -> Iterator[Credited]:
        """Invoices of which more was credited than they have, in all or of a booking at a rate."""
        yield from self._each(Credited, _WHOLE)
        yield from self._each(Credited, _PARTS)

    def series(self) -> Iterator[Series]:
        return self._each(Series, _SERIES)

    def stray(self) -> Iterator[Stray]:
        return self._each(Stray, _STRAY)
