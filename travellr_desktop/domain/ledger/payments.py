"""Money that comes in, and what the provider takes for it."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from travellr_desktop.domain.fees import spread_over
from travellr_desktop.domain.ledger.accounts import Account, money_account
from travellr_desktop.domain.ledger.entry import Entry, LedgerEvent
from travellr_desktop.domain.money import Money


def payment_entries(
    parts: Mapping[UUID, Money], *, into: Account, overpaid: Money | None = None
) -> tuple[Entry, ...]:
    """Money that came in: for each booking its part of the payment, and what was paid beyond all that was due."""
    money_account(into)
    entries = [
        Entry(LedgerEvent.PAYMENT, into, Account.TRAVELLER_FUNDS, part, booking_id)
        for booking_id, part in parts.items()
        if part
    ]
    if overpaid:
        entries.append(overpaid_entry(overpaid, into=into))
    return tuple(entries)


def overpaid_entry(amount: Money, *, into: Account, booking_id: UUID | None = None) -> Entry:
    """What came in beyond all that was due, for the booking that it was meant for, if any. Credit is paid too much
    with, too: then `into` is where it was."""
    source = into if into is Account.AGENCY_CREDIT else money_account(into)
    return Entry(LedgerEvent.OVERPAID, source, Account.OVERPAYMENT, amount, booking_id)


def processor_fee_entry(fee: Money, *, booking_id: UUID | None = None) -> Entry:
    """The provider's fee as it actually took it."""
    return Entry(LedgerEvent.PROCESSOR_FEE, Account.PROCESSOR_FEES, Account.STRIPE, fee, booking_id)


def processor_fee_entries(fee: Money, parts: Mapping[UUID, Money]) -> tuple[Entry, ...]:
    """The fee of one payment, on each booking in proportion to its part of the payment; none for nothing."""
    return tuple(
        processor_fee_entry(part, booking_id=booking_id) for booking_id, part in fee_parts(fee, parts)
    )


def fee_parts(fee: Money, parts: Mapping[UUID, Money]) -> list[tuple[UUID | None, Money]]:
    """What of a fee stands on which booking, by its part of the payment; on none where no booking has one, because
    all of it was paid too much."""
    if not any(parts.values()):
        return [(None, fee)] if fee else []
    return [(booking_id, part) for booking_id, part in spread_over(fee, parts).items() if part]


def receivable_collected_entry(amount: Money, *, into: Account, booking_id: UUID) -> Entry:
    """The traveller paid what was owed after the trip."""
    return Entry(
        LedgerEvent.RECEIVABLE_COLLECTED,
        money_account(into),
        Account.TRAVELLER_RECEIVABLE,
        amount,
        booking_id,
    )
