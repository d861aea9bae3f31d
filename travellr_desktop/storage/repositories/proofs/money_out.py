"""What is compared with the provider: payments and refunds that it knows, and what was left half done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from travellr_desktop.storage.base import utc_text
from travellr_desktop.storage.repositories.proofs.reading import Reader, marks

PAGE = 100
"""How many are read at a time: the file is not kept in view while the provider is asked."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class CardPayment:
    """A payment that the provider knows. `back` is what the provider took on to give back, `on_its_way` what may
    have been sent besides; minor units."""

    id: str
    provider_ref: str
    amount: int
    currency: str
    state: str
    worker: str | None
    sale_reference: str | None
    back: int
    on_its_way: int


@dataclass(frozen=True, slots=True)
class PaymentByLink:
    """A payment whose link the provider knows. `provider_ref` is there once it was paid."""

    id: str
    link_ref: str
    provider_ref: str | None
    amount: int
    currency: str
    state: str
    worker: str | None
    sale_reference: str | None


@dataclass(frozen=True, slots=True)
class PaymentAtReader:
    """A payment that a card reader was asked for."""

    id: str
    reader_ref: str
    provider_ref: str
    state: str
    worker: str | None
    sale_reference: str | None


@dataclass(frozen=True, slots=True)
class CardRefund:
    """A refund that the provider knows, or may know. `provider_ref` None: its answer never came."""

    id: str
    provider_ref: str | None
    payment_ref: str
    amount: int
    currency: str
    state: str
    worker: str | None
    booking_reference: str | None


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A payment, refund or payout that has not come to its end. `next_read_at` is when it is looked at again."""

    table: str
    id: str
    state: str
    worker: str | None
    next_read_at: str | None
    reference: str | None


_BACK = (
    "coalesce((SELECT sum(amount) FROM refunds r WHERE r.payment_id = p.id AND r.destination = 'payment' "
    "AND r.state IN ({0})), 0)"
)

_OPEN_PAYMENTS = ("created", "processing", "requires_action", "unknown")
_OPEN_REFUNDS = ("requested", "approved", "pending", "unknown")

_HERE = "(SELECT desk_id FROM this_desk)"
"""What another desk is at is looked after there."""

_OURS_IF_OPEN = (
    f"""(p.state NOT IN ('{"', '".join(_OPEN_PAYMENTS)}') OR coalesce(p.desk_id, s.desk_id) IS {_HERE})"""
)

_PAYMENTS = f"""
SELECT p.id, p.provider_ref, p.amount, p.currency, p.state, p.worker, s.reference,
       {_BACK.format("'pending', 'completed'")}, {_BACK.format("'approved', 'unknown'")}
FROM payments p LEFT JOIN sales s ON s.id = p.sale_id
WHERE p.provider_ref IS NOT NULL
  AND {_OURS_IF_OPEN}
"""

_LINKS = f"""
SELECT p.id, p.link_ref, p.provider_ref, p.amount, p.currency, p.state, p.worker, s.reference
FROM payments p LEFT JOIN sales s ON s.id = p.sale_id
WHERE p.link_ref IS NOT NULL
  AND {_OURS_IF_OPEN}
"""

_READERS = f"""
SELECT p.id, p.reader_ref, p.provider_ref, p.state, p.worker, s.reference
FROM payments p LEFT JOIN sales s ON s.id = p.sale_id
WHERE p.reader_ref IS NOT NULL AND p.provider_ref IS NOT NULL
  AND {_OURS_IF_OPEN}
"""

_REFUNDS = f"""
SELECT r.id, r.provider_ref, p.provider_ref, r.amount, r.currency, r.state, r.worker, b.reference
FROM refunds r JOIN payments p ON p.id = r.payment_id LEFT JOIN bookings b ON b.id = r.booking_id
LEFT JOIN sales s ON s.id = b.sale_id
WHERE p.provider_ref IS NOT NULL AND (r.provider_ref IS NOT NULL OR r.first_sent_at IS NOT NULL)
  AND (r.state NOT IN ('{"', '".join(_OPEN_REFUNDS)}') OR coalesce(r.desk_id, s.desk_id) IS {_HERE})
"""

_UNFINISHED = f"""
SELECT 'payments', p.id, p.state, p.worker, p.next_read_at, s.reference
FROM payments p LEFT JOIN sales s ON s.id = p.sale_id
WHERE p.state IN ({marks(len(_OPEN_PAYMENTS))}) AND coalesce(p.desk_id, s.desk_id) IS {_HERE}
UNION ALL
SELECT 'refunds', r.id, r.state, r.worker, r.next_read_at, b.reference
FROM refunds r LEFT JOIN bookings b ON b.id = r.booking_id LEFT JOIN sales s ON s.id = b.sale_id
WHERE r.state IN ({marks(len(_OPEN_REFUNDS))}) AND coalesce(r.desk_id, s.desk_id) IS {_HERE}
UNION ALL
SELECT 'payouts', p.id, p.state, p.worker, p.next_read_at, b.reference
FROM payouts p LEFT JOIN payout_batches b ON b.id = p.batch_id
WHERE p.way = 'transfer' AND (p.state IN ('sending', 'unknown') OR (p.state = 'approved' AND p.retry_of IS NOT NULL))
  AND coalesce(p.desk_id, {_HERE}) IS {_HERE}
UNION ALL
SELECT 'take_backs', t.id, t.state, t.worker, t.next_read_at, b.reference
FROM take_backs t LEFT JOIN payouts p ON p.id = t.payout_id LEFT JOIN payout_batches b ON b.id = p.batch_id
WHERE t.state IN ('sending', 'unknown') AND coalesce(t.desk_id, {_HERE}) IS {_HERE}
"""


class ProviderProofs(Reader):
    def unfinished(self) -> Iterator[Unfinished]:
        """Payments, refunds, payouts by transfer and what is taken back of them that are under way."""
        return self._each(Unfinished, _UNFINISHED, *_OPEN_PAYMENTS, *_OPEN_REFUNDS)

    def payments(self, after: str, since: datetime | None) -> Sequence[CardPayment]:
        """The next payments after the one of id `after`, oldest first; none where there are no more. With `since`
        those that are not settled, and those made after it."""
        return list(self._page(CardPayment, _PAYMENTS, "p", _OPEN_PAYMENTS, after, since))

    def payment(self, payment_id: str) -> CardPayment | None:
        """One of them, as it is now."""
        return next(self._each(CardPayment, f"{_PAYMENTS} AND p.id = ?", payment_id), None)

    def links(self, after: str, since: datetime | None) -> Sequence[PaymentByLink]:
        """The next payments by link, as `payments`."""
        return list(self._page(PaymentByLink, _LINKS, "p", _OPEN_PAYMENTS, after, since))

    def link(self, payment_id: str) -> PaymentByLink | None:
        """One of them, as it is now."""
        return next(self._each(PaymentByLink, f"{_LINKS} AND p.id = ?", payment_id), None)

    def readers(self, after: str, since: datetime | None) -> Sequence[PaymentAtReader]:
        """The next payments at card readers, as `payments`."""
        return list(self._page(PaymentAtReader, _READERS, "p", _OPEN_PAYMENTS, after, since))

    def reader(self, payment_id: str) -> PaymentAtReader | None:
        """One of them, as it is now."""
        return next(self._each(PaymentAtReader, f"{_READERS} AND p.id = ?", payment_id), None)

    def refunds(self, after: str, since: datetime | None) -> Sequence[CardRefund]:
        """The next refunds, as `payments`."""
        return list(self._page(CardRefund, _REFUNDS, "r", _OPEN_REFUNDS, after, since))

    def refund(self, refund_id: str) -> CardRefund | None:
        """One of them, as it is now."""
        return next(self._each(CardRefund, f"{_REFUNDS} AND r.id = ?", refund_id), None)

    def _page(
        self,
        kind: type[T],
        sql: str,
        table: str,
        unsettled: Sequence[str],
        after: str,
        since: datetime | None,
    ) -> Iterator[T]:
        values: list[object] = [after]
        sql = f"{sql} AND {table}.id > ?"
        if since is not None:
            sql = f"{sql} AND ({table}.state IN ({marks(len(unsettled))}) OR {table}.created_at > ?)"
            values += [*unsettled, utc_text(since)]
        return self._each(kind, f"{sql} ORDER BY {table}.id LIMIT {PAGE}", *values)
