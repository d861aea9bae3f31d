"""Disputes with their parts, and what the ledger says of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from travellr_desktop.storage.repositories.proofs.reading import Reader


@dataclass(frozen=True, slots=True)
class DisputeAsKept:
    """A dispute beside its payment and the sum of its parts."""

    id: str
    ref: str
    state: str
    amount: int
    currency: str
    fee: int
    taken_at: str | None
    ended_at: str | None
    payment_ref: str | None
    payment_state: str | None
    payment_currency: str | None
    shared: int
    reference: str | None


@dataclass(frozen=True, slots=True)
class PartOfPayment:
    """What disputes of one payment are about one booking: what the banks took, gave back and kept."""

    payment_id: str
    booking_id: str
    taken: int
    won: int
    lost: int
    reference: str | None


@dataclass(frozen=True, slots=True)
class FeeOfPayment:
    """What the disputes of one payment have cost."""

    payment_id: str
    fee: int


@dataclass(frozen=True, slots=True)
class DisputeEntries:
    """What the ledger says of one event of disputes, for one payment and booking, between two accounts."""

    payment_id: str | None
    booking_id: str | None
    event: str
    debit: str
    credit: str
    vendor_id: str | None
    booking_vendor_id: str | None
    amount: int


EVENTS = ("dispute_opened", "dispute_fee", "dispute_won", "dispute_fee_back", "dispute_lost")

_DISPUTES = """
SELECT d.id, d.ref, d.state, d.amount, d.currency, d.fee, d.taken_at, d.ended_at, p.provider_ref, p.state, p.currency,
       (SELECT coalesce(sum(amount), 0) FROM dispute_parts x WHERE x.dispute_id = d.id), s.reference
FROM disputes d LEFT JOIN payments p ON p.id = d.payment_id LEFT JOIN sales s ON s.id = p.sale_id
"""

_PARTS = """
SELECT d.payment_id, x.booking_id, sum(x.amount), sum(CASE WHEN d.state = 'won' THEN x.amount ELSE 0 END),
       sum(CASE WHEN d.state = 'lost' THEN x.amount ELSE 0 END), b.reference
FROM dispute_parts x JOIN disputes d ON d.id = x.dispute_id LEFT JOIN bookings b ON b.id = x.booking_id
WHERE d.taken_at IS NOT NULL GROUP BY d.payment_id, x.booking_id
"""

_FEES = "SELECT payment_id, sum(fee) FROM disputes GROUP BY payment_id HAVING sum(fee) > 0"

_ENTRIES = f"""
SELECT l.payment_id, l.booking_id, l.event, l.debit, l.credit, l.vendor_id, b.vendor_id, sum(l.amount)
FROM ledger l LEFT JOIN bookings b ON b.id = l.booking_id
WHERE l.event IN ({", ".join(f"'{event}'" for event in EVENTS)})
GROUP BY l.payment_id, l.booking_id, l.event, l.debit, l.credit, l.vendor_id
"""

_OURS = "SELECT 1 FROM payments WHERE provider_ref = ?"
_ANY = "SELECT 1 FROM payments WHERE provider_ref IS NOT NULL AND state = 'completed' LIMIT 1"


class DisputeProofs(Reader):
    def disputes(self) -> Iterator[DisputeAsKept]:
        """Every dispute, in the order in which they were heard of."""
        return self._each(DisputeAsKept, f"{_DISPUTES} ORDER BY d.id")

    def dispute(self, ref: str) -> DisputeAsKept | None:
        """The one of that id at the provider."""
        return next(self._each(DisputeAsKept, f"{_DISPUTES} WHERE d.ref = ?", ref), None)

    def parts(self) -> Iterator[PartOfPayment]:
        """What was taken of each payment for each booking."""
        return self._each(PartOfPayment, _PARTS)

    def fees(self) -> Iterator[FeeOfPayment]:
        """What the disputes of each payment have cost."""
        return self._each(FeeOfPayment, _FEES)

    def entries(self) -> Iterator[DisputeEntries]:
        """What the ledger says of disputes, added up."""
        return self._each(DisputeEntries, _ENTRIES)

    def is_ours(self, payment_ref: str) -> bool:
        """Whether the file has that payment."""
        return self._value(_OURS, payment_ref) is not None

    def any_paid(self) -> bool:
        """Whether anything was ever paid through the provider."""
        return self._value(_ANY) is not None
