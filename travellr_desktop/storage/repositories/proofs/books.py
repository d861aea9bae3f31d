"""Bookings with all that was written about their money, and payments."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from travellr_desktop.storage.repositories.proofs.reading import BATCH, POSTED_IDS, Reader, marks, moment
from travellr_desktop.storage.repositories.proofs.rows import (
    AmendmentAsKept,
    BookingAsKept,
    BookingFolder,
    DiscountAsKept,
    EntryAsKept,
    GivenBack,
    LineAsKept,
    PaymentAsKept,
    RefundAsKept,
    ShareAsKept,
    StrayEntry,
    WriteOffAsKept,
)

_BOOKINGS = """
SELECT b.id, b.reference, b.state, b.currency, b.price, b.tax, b.tax_bps, b.deposit, b.balance_due_at, b.commission_bps,
       b.holdback_days, b.policy, b.sale_id, b.traveller_id, b.departure_id, b.trip_id, b.vendor_id, b.grant_id,
       b.confirmed_at, b.ended_at, s.currency, s.traveller_id, s.desk_id, d.trip_id, d.ends_at, t.vendor_id,
       g.departure_id, g.desk_id, b.hold_id, h.state, h.seats, h.departure_id, h.grant_id
FROM bookings b
LEFT JOIN sales s ON s.id = b.sale_id
LEFT JOIN departures d ON d.id = b.departure_id
LEFT JOIN trips t ON t.id = b.trip_id
LEFT JOIN grants g ON g.id = b.grant_id
LEFT JOIN holds h ON h.id = b.hold_id
WHERE b.id > ? ORDER BY b.id LIMIT ?
"""

_SHARES = """
SELECT x.id, x.booking_id, x.payment_id, x.amount, p.state, p.way, p.currency, p.sale_id, x.owed, x.excess
FROM payment_shares x JOIN payments p ON p.id = x.payment_id
WHERE x.booking_id IN ({0}) ORDER BY x.id
"""

_REFUNDS = """
SELECT r.id, r.booking_id, r.payment_id, r.amount, r.currency, r.state, p.way, r.destination, r.beyond, r.retry_of,
       o.borne_by, r.excess
FROM refunds r JOIN payments p ON p.id = r.payment_id LEFT JOIN refund_orders o ON o.id = r.order_id
WHERE r.booking_id IN ({0}) ORDER BY r.id
"""

_LINES = """
SELECT l.id, l.booking_id, l.position, l.price, l.takes_seat, l.occupies, l.discount, l.own_discount, l.kept,
       l.ended_at
FROM booking_lines l WHERE l.booking_id IN ({0}) ORDER BY l.position, l.id
"""

_DISCOUNTS = """
SELECT id, booking_id, sale_id, amount, parts, own FROM discounts WHERE booking_id IN ({0}) ORDER BY id
"""

_CHANGES = """
SELECT a.id, a.booking_id, a.kind, a.state, a.plan, a.difference, a.ended_at, p.state, h.state,
       CASE WHEN json_valid(a.plan) THEN (SELECT ends_at FROM departures d
            WHERE d.id = replace(json_extract(a.plan, '$.from_departure_id'), '-', '')) END
FROM amendments a LEFT JOIN payments p ON p.id = a.payment_id LEFT JOIN holds h ON h.id = a.hold_id
WHERE a.booking_id IN ({0}) ORDER BY a.id
"""

_WRITE_OFFS = """
SELECT id, booking_id, amount, currency, undone_at FROM write_offs WHERE booking_id IN ({0}) ORDER BY id
"""

_ENTRIES = """
SELECT id, booking_id, event, debit, credit, amount, currency, vendor_id, payment_id, refund_id, available_at
FROM ledger WHERE booking_id IN ({0}) ORDER BY id
"""

_PAYMENTS = """
SELECT p.id, p.way, p.amount, p.currency, p.state, p.provider_ref, p.link_ref, p.reader_ref, p.card_ref, p.ended_at,
       s.reference, s.currency,
       (SELECT coalesce(sum(amount), 0) FROM payment_shares x WHERE x.payment_id = p.id),
       (SELECT group_concat(id, ' ') FROM payment_shares x WHERE x.payment_id = p.id)
FROM payments p LEFT JOIN sales s ON s.id = p.sale_id ORDER BY p.id
"""

_GIVEN_BACK = """
SELECT max(r.id), (SELECT reference FROM bookings b WHERE b.id = r.booking_id),
       (SELECT state FROM payments p WHERE p.id = r.payment_id),
       sum(CASE WHEN r.state <> 'failed' THEN r.amount ELSE 0 END),
       (SELECT coalesce(sum(amount), 0) FROM payment_shares x
        WHERE x.payment_id = r.payment_id AND x.booking_id = r.booking_id)
FROM refunds r GROUP BY r.payment_id, r.booking_id
"""

_STRAYS = f"""
SELECT id, event, payment_id FROM ledger
WHERE booking_id IS NULL AND event NOT IN ('processor_fee', 'reversal', 'till_float', 'paid_in', 'paid_out',
  'dropped', 'banked', 'count_differs', 'vendor_adjusted')
  AND id NOT IN ({POSTED_IDS}) AND id NOT IN (SELECT ledger_id FROM payout_entries)
ORDER BY id
"""


class _OfBooking(Protocol):
    @property
    def booking_id(self) -> str: ...


T = TypeVar("T", bound=_OfBooking)


class BookProofs(Reader):
    def folders(self) -> Iterator[BookingFolder]:
        """Every booking, in the order in which they were made."""
        after = ""
        while True:
            bookings = list(self._each(BookingAsKept, _BOOKINGS, after, BATCH))
            if not bookings:
                return
            yield from self._filled(bookings)
            after = bookings[-1].id

    def _filled(self, bookings: Sequence[BookingAsKept]) -> Iterator[BookingFolder]:
        ids = [booking.id for booking in bookings]
        among = marks(len(ids))
        lines = _by_booking(self._each(LineAsKept, _LINES.format(among), *ids))
        shares = _by_booking(self._each(ShareAsKept, _SHARES.format(among), *ids))
        refunds = _by_booking(self._each(RefundAsKept, _REFUNDS.format(among), *ids))
        entries = _by_booking(self._each(EntryAsKept, _ENTRIES.format(among), *ids))
        discounts = _by_booking(self._each(DiscountAsKept, _DISCOUNTS.format(among), *ids))
        changes = _by_booking(self._each(AmendmentAsKept, _CHANGES.format(among), *ids))
        write_offs = _by_booking(self._each(WriteOffAsKept, _WRITE_OFFS.format(among), *ids))
        for booking in bookings:
            yield BookingFolder(
                booking,
                _available_at(booking, booking.departure_ends_at),
                tuple(filter(None, (_available_at(booking, c.from_ends_at) for c in changes[booking.id]))),
                tuple(lines[booking.id]),
                tuple(shares[booking.id]),
                tuple(refunds[booking.id]),
                tuple(entries[booking.id]),
                tuple(discounts[booking.id]),
                tuple(changes[booking.id]),
                tuple(write_offs[booking.id]),
            )

    def payments(self) -> Iterator[PaymentAsKept]:
        """Every payment, in the order in which they were made."""
        return self._each(PaymentAsKept, _PAYMENTS)

    def given_back(self) -> Iterator[GivenBack]:
        """For each payment and booking with a refund what goes back of what."""
        return self._each(GivenBack, _GIVEN_BACK)

    def strays(self) -> Iterator[StrayEntry]:
        """Entries about no booking, of events that are always about one."""
        return self._each(StrayEntry, _STRAYS)


def _by_booking(rows: Iterable[T]) -> defaultdict[str, list[T]]:
    found: defaultdict[str, list[T]] = defaultdict(list)
    for row in rows:
        found[row.booking_id].append(row)
    return found


def _available_at(booking: BookingAsKept, ends_at: str | None) -> datetime | None:
    try:
        return moment(ends_at) + timedelta(days=booking.holdback_days)
    except (ValueError, TypeError, OverflowError):
        return None
