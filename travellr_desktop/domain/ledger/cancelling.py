"""A booking, or a traveller of it, cancelled before the trip."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from travellr_desktop.domain.cancellation import Quote
from travellr_desktop.domain.commission import Kept, Split, kept_split
from travellr_desktop.domain.ledger.accounts import Account
from travellr_desktop.domain.ledger.entry import Entry, LedgerEvent, vendor_line
from travellr_desktop.domain.money import Money


def kept_entries(
    parts: Split, *, currency: str, booking_id: UUID, vendor_id: UUID, available_at: datetime
) -> tuple[Entry, ...]:
    """What is kept of what was paid leaves the traveller's funds; the vendor's part may be paid out from
    `available_at` on."""
    moves = ((Account.VENDOR_PAYABLE, parts.net), (Account.CANCELLATION_REVENUE, parts.commission))
    return tuple(
        vendor_line(
            LedgerEvent.KEPT,
            Account.TRAVELLER_FUNDS,
            account,
            Money(minor, currency),
            booking_id,
            vendor_id,
            available_at,
        )
        for account, minor in moves
        if minor
    )


def promised_back_entries(amount: Money, *, booking_id: UUID) -> tuple[Entry, ...]:
    """Money of a booking that has not travelled is promised back; none for nothing."""
    if not amount:
        return ()
    return (
        Entry(
            LedgerEvent.REFUND_APPROVED, Account.TRAVELLER_FUNDS, Account.REFUNDS_PAYABLE, amount, booking_id
        ),
    )


def cancellation_entries(
    quote: Quote,
    *,
    commission_bps: int,
    booking_id: UUID,
    vendor_id: UUID,
    available_at: datetime,
    price: int | None = None,
    own: int = 0,
    before: Sequence[Kept] = (),
    already: int = 0,
) -> tuple[Entry, ...]:
    """A booking, or a traveller of it, cancelled before the trip: what is promised back, and what is kept.

    The fixed fee is wholly the agency's; the rest of what is kept is divided by the booking's own commission
    rate. `own` of `price` (needed with it) is the discount that the agency alone bears; `before` is what was kept
    of the booking earlier, of which the vendor has `already`.
    """
    now = Kept(quote.kept, quote.kept if price is None else price, quote.fixed_fee, own)
    return promised_back_entries(Money(quote.back, quote.currency), booking_id=booking_id) + kept_entries(
        kept_split(now, before, already, commission_bps),
        currency=quote.currency,
        booking_id=booking_id,
        vendor_id=vendor_id,
        available_at=available_at,
    )
