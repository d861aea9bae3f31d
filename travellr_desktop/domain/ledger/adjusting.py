"""What a vendor gets, or gives up, by agreement: outside of any booking, written by hand."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from travellr_desktop.domain.ledger.accounts import Account
from travellr_desktop.domain.ledger.entry import Entry, LedgerEvent
from travellr_desktop.domain.money import Money


def vendor_adjusted_entry(amount: Money, *, vendor_id: UUID, available_at: datetime) -> Entry:
    """Above zero the vendor has it from `available_at` on, at the agency's cost; below zero the vendor gives it up.

    Raises `InvalidInput` for nothing."""
    gives = amount.minor < 0
    return Entry(
        LedgerEvent.VENDOR_ADJUSTED,
        Account.VENDOR_PAYABLE if gives else Account.VENDOR_ADJUSTMENTS,
        Account.VENDOR_ADJUSTMENTS if gives else Account.VENDOR_PAYABLE,
        Money(abs(amount.minor), amount.currency),
        vendor_id=vendor_id,
        available_at=available_at,
    )
