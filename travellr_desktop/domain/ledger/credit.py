"""Money that a traveller leaves with the agency for another time, and spends later."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from travellr_desktop.domain.ledger.accounts import Account
from travellr_desktop.domain.ledger.entry import Entry, LedgerEvent
from travellr_desktop.domain.money import Money


def credit_given_entry(amount: Money, *, booking_id: UUID | None = None) -> Entry:
    """What was promised back stays with the agency as the traveller's credit: nothing is owed as a refund then."""
    return Entry(LedgerEvent.CREDIT_GIVEN, Account.REFUNDS_PAYABLE, Account.AGENCY_CREDIT, amount, booking_id)


def credit_spent_entries(parts: Mapping[UUID, Money], *, after_trip: bool = False) -> tuple[Entry, ...]:
    """Credit pays for bookings, each its part; `after_trip` for what is owed of a trip that has been."""
    account = Account.TRAVELLER_RECEIVABLE if after_trip else Account.TRAVELLER_FUNDS
    return tuple(
        Entry(LedgerEvent.CREDIT_SPENT, Account.AGENCY_CREDIT, account, part, booking_id)
        for booking_id, part in parts.items()
        if part
    )
