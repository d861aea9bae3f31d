"""Batches and payouts as they are kept, beside their lines and the entries that were written about them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from travellr_desktop.storage.repositories.proofs.reading import Reader


@dataclass(frozen=True, slots=True)
class PayoutAsKept:
    """A payout, what its lines come to (`strange` of them are another vendor's or in another currency), and what was
    posted about it by event; `others` are entries that are none of these, or not its vendor's and currency's. `taken`
    is what take-backs that are done come to; `rounded` what was taken off its lines because less than a step is not
    paid, and `carried` what the vendor was given for that. Minor units."""

    id: str
    reference: str | None
    batch_state: str | None
    state: str
    amount: int
    lines: int
    strange: int
    sending: int
    sent: int
    failed: int
    reversed: int
    returned: int
    others: int
    taken: int
    rounded: int
    carried: int


@dataclass(frozen=True, slots=True)
class BatchProblem:
    id: str
    reference: str
    says: str


@dataclass(frozen=True, slots=True)
class TransitProblem:
    """What the ledger has on its way to a vendor in a currency less what payouts say. Minor units."""

    vendor_id: str | None
    currency: str
    difference: int


_EVENTS = ("payout_sending", "payout_sent", "payout_failed", "transfer_reversed", "payout_returned")
_ROUNDED = "payout_rounded"
_OURS = f"({', '.join(repr(event) for event in (*_EVENTS, _ROUNDED))})"


def _posted(event: str, which: str = "1") -> str:
    return (
        "coalesce((SELECT sum(l.amount) FROM payout_entries e JOIN ledger l ON l.id = e.ledger_id "
        f"WHERE e.payout_id = p.id AND l.event = '{event}' AND {which}), 0)"
    )


_TAKEN_OFF = (
    "l.debit = 'vendor_payable' AND EXISTS (SELECT 1 FROM payout_lines o WHERE o.ledger_id = l.id "
    "AND o.payout_id = p.id)"
)


_PAYOUTS = f"""
SELECT p.id, b.reference, b.state, p.state, p.amount,
  coalesce((SELECT sum(v.amount) FROM payout_lines o JOIN vendor_lines v ON v.ledger_id = o.ledger_id
    WHERE o.payout_id = p.id), 0),
  (SELECT count(*) FROM payout_lines o LEFT JOIN ledger l ON l.id = o.ledger_id
    WHERE o.payout_id = p.id AND (l.vendor_id IS NOT p.vendor_id OR l.currency IS NOT p.currency)),
  {", ".join(_posted(event) for event in _EVENTS)},
  (SELECT count(*) FROM payout_entries e LEFT JOIN ledger l ON l.id = e.ledger_id WHERE e.payout_id = p.id
    AND (l.vendor_id IS NOT p.vendor_id OR l.currency IS NOT p.currency OR l.event NOT IN {_OURS})),
  coalesce((SELECT sum(t.amount) FROM take_backs t WHERE t.payout_id = p.id AND t.state = 'done'), 0),
  {_posted(_ROUNDED, _TAKEN_OFF)}, {_posted(_ROUNDED, "l.credit = 'vendor_payable'")}
FROM payouts p LEFT JOIN payout_batches b ON b.id = p.batch_id ORDER BY p.id
"""

_UNTOLD = f"""
SELECT l.id FROM ledger l WHERE l.event IN {_OURS} AND l.id NOT IN (SELECT ledger_id FROM payout_entries)
"""

_TWICE = "SELECT ledger_id FROM payout_lines GROUP BY ledger_id HAVING count(*) > 1"

_TRANSIT = """
SELECT vendor_id, currency, sum(minor) FROM (
  SELECT vendor_id, currency, amount AS minor FROM ledger WHERE credit = 'payouts_in_transit'
  UNION ALL SELECT vendor_id, currency, -amount FROM ledger WHERE debit = 'payouts_in_transit'
  UNION ALL SELECT vendor_id, currency, -amount FROM payouts WHERE state IN ('sending', 'unknown'))
GROUP BY vendor_id, currency HAVING sum(minor) <> 0
"""

_BATCHES = """
SELECT id, reference, 'it was approved by nobody' FROM payout_batches
WHERE state NOT IN ('draft', 'discarded') AND (approved_by IS NULL OR approved_at IS NULL)
UNION ALL SELECT id, reference, 'the one who prepared it approved it, and it does not say so' FROM payout_batches
WHERE state NOT IN ('draft', 'discarded') AND NOT alone AND approved_by IS prepared_by
UNION ALL SELECT id, reference,
  'it is ' || state || ', and ' || CASE WHEN ended_at IS NULL THEN 'has not' ELSE 'has' END || ' ended'
  FROM payout_batches WHERE (state IN ('done', 'discarded')) <> (ended_at IS NOT NULL)
UNION ALL SELECT b.id, b.reference, 'it is ' || b.state || ', and a payout of it is ' || p.state
FROM payout_batches b JOIN payouts p ON p.batch_id = b.id
WHERE b.state IN ('draft', 'discarded')
  OR (b.state = 'done' AND p.retry_of IS NULL AND p.state IN ('approved', 'sending', 'unknown'))
UNION ALL SELECT b.id, b.reference, 'somebody is left out of it and paid by it in ' || o.currency
FROM payout_batches b JOIN batch_left_out o ON o.batch_id = b.id
JOIN payouts p ON p.batch_id = b.id AND p.vendor_id = o.vendor_id AND p.currency = o.currency
UNION ALL SELECT b.id, b.reference, 'it pays somebody twice in ' || p.currency
FROM payout_batches b JOIN payouts p ON p.batch_id = b.id WHERE p.retry_of IS NULL
GROUP BY b.id, p.vendor_id, p.currency HAVING count(*) > 1
"""


class BatchProofs(Reader):
    def payouts(self) -> Iterator[PayoutAsKept]:
        return self._each(PayoutAsKept, _PAYOUTS)

    def wrong(self) -> Iterator[BatchProblem]:
        """Batches that nobody may have approved so, or whose payouts do not fit."""
        return self._each(BatchProblem, _BATCHES)

    def paid_twice(self) -> Iterator[str]:
        """Lines of the ledger that more than one payout pays."""
        return (row[0] for row in self._rows(_TWICE))

    def untold(self) -> Iterator[str]:
        """Entries of payouts that are about none."""
        return (row[0] for row in self._rows(_UNTOLD))

    def in_transit(self) -> Iterator[TransitProblem]:
        """Where the ledger and the payouts do not have the same on its way."""
        return self._each(TransitProblem, _TRANSIT)
