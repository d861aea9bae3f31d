"""What is proved of refunds: whose they are, who allowed them, and what became credit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from travellr_desktop.storage.repositories.proofs.reading import Reader


@dataclass(frozen=True, slots=True)
class RefundByLine:
    """A refund whose lines are not what it is; `lines` is what they add up to, minor units."""

    id: str
    amount: int
    lines: int
    reference: str | None


@dataclass(frozen=True, slots=True)
class OrderAsKept:
    """A request for a refund, with what is promised back by it; minor units."""

    id: str
    state: str
    amount: int
    counted: int
    approval_above: int | None
    requested_by: str
    decided_by: str | None
    refunds: int
    reference: str | None


@dataclass(frozen=True, slots=True)
class CreditAsKept:
    """A move of credit, beside the refund or the payment that it is of; minor units. `due` is what it should be, None
    where its owner is not there or is none of credit."""

    id: str
    amount: int
    currency: str
    due: int | None
    due_currency: str | None
    traveller_id: str
    owner_id: str | None


@dataclass(frozen=True, slots=True)
class CreditMissing:
    """A refund that became credit, or a payment by credit, without a move."""

    table: str
    id: str
    amount: int
    reference: str | None


@dataclass(frozen=True, slots=True)
class CreditSum:
    """What moves, and the ledger, say of one currency or of one traveller."""

    key: str
    currency: str
    moves: int
    ledger: int


_BY_LINE = """
SELECT * FROM (
    SELECT r.id, r.amount, (SELECT coalesce(sum(amount), 0) FROM refund_lines l WHERE l.refund_id = r.id) AS lines,
           (SELECT reference FROM bookings b WHERE b.id = r.booking_id), r.order_id
    FROM refunds r
) WHERE lines <> amount AND (lines <> 0 OR order_id IS NOT NULL) ORDER BY id
"""

_ORDERS = """
SELECT o.id, o.state, o.amount, o.counted, o.approval_above, o.requested_by, o.decided_by,
       (SELECT coalesce(sum(amount), 0) FROM refunds r WHERE r.order_id = o.id AND r.retry_of IS NULL),
       (SELECT reference FROM sales s WHERE s.id = o.sale_id)
FROM refund_orders o ORDER BY o.id
"""

_CREDIT = """
SELECT m.id, m.amount, m.currency,
       coalesce(CASE WHEN r.destination = 'credit' AND r.state = 'completed' THEN r.amount END,
                CASE WHEN p.way = 'credit' AND p.state IN ('created', 'completed') THEN -p.amount END),
       coalesce(r.currency, p.currency), m.traveller_id, coalesce(b.traveller_id, s.traveller_id)
FROM credit_moves m
LEFT JOIN refunds r ON r.id = m.refund_id LEFT JOIN bookings b ON b.id = r.booking_id
LEFT JOIN payments p ON p.id = m.payment_id LEFT JOIN sales s ON s.id = p.sale_id
ORDER BY m.id
"""

_MISSING = """
SELECT 'refunds', r.id, r.amount, (SELECT reference FROM bookings b WHERE b.id = r.booking_id) FROM refunds r
WHERE r.destination = 'credit' AND r.state = 'completed'
  AND r.id NOT IN (SELECT refund_id FROM credit_moves WHERE refund_id IS NOT NULL)
UNION ALL
SELECT 'payments', p.id, p.amount, (SELECT reference FROM sales s WHERE s.id = p.sale_id) FROM payments p
WHERE p.way = 'credit' AND p.state = 'completed'
  AND p.id NOT IN (SELECT payment_id FROM credit_moves WHERE payment_id IS NOT NULL)
ORDER BY 2
"""

_BELOW = """
SELECT traveller_id, currency, sum(amount), 0 FROM credit_moves
GROUP BY traveller_id, currency HAVING sum(amount) < 0 ORDER BY 1
"""

_SUMS = """
SELECT currency, currency, sum(moves), sum(ledger) FROM (
    SELECT m.currency, m.amount AS moves, 0 AS ledger FROM credit_moves m
    LEFT JOIN payments p ON p.id = m.payment_id WHERE p.state IS NOT 'created'
    UNION ALL SELECT currency, 0, amount FROM ledger WHERE credit = 'agency_credit'
    UNION ALL SELECT currency, 0, -amount FROM ledger WHERE debit = 'agency_credit'
) GROUP BY currency ORDER BY currency
"""


class RefundProofs(Reader):
    def by_line(self) -> Iterator[RefundByLine]:
        """Refunds whose lines do not add up to them. Those of before there were lines have none."""
        for row in self._rows(_BY_LINE):
            yield RefundByLine(*row[:4])

    def orders(self) -> Iterator[OrderAsKept]:
        return self._each(OrderAsKept, _ORDERS)

    def credit(self) -> Iterator[CreditAsKept]:
        return self._each(CreditAsKept, _CREDIT)

    def credit_missing(self) -> Iterator[CreditMissing]:
        return self._each(CreditMissing, _MISSING)

    def credit_below(self) -> Iterator[CreditSum]:
        """Travellers who have less than nothing."""
        return self._each(CreditSum, _BELOW)

    def credit_sums(self) -> Iterator[CreditSum]:
        """What all moves of a currency come to, and its account."""
        return self._each(CreditSum, _SUMS)
