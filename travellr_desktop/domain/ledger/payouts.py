"""Money on its way to a vendor, and the provider's own payouts to the agency's bank.

A payout that fails, is reversed or returned gives the vendor a new line, with the date from which it may be paid
out again; the old lines stay paid. That a vendor's own bank refuses the provider's payout writes nothing: the money
is in the vendor's account with the provider, and only a reversed transfer brings it back.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from travellr_desktop.domain.ledger.accounts import Account
from travellr_desktop.domain.ledger.entry import Entry, LedgerEvent
from travellr_desktop.domain.money import Money
from travellr_desktop.errors import InvalidInput

PAYOUT_PLACES = frozenset({Account.STRIPE, Account.BANK})
"""Where vendors are paid from: by transfers of the provider, or by a file for the bank."""


def payout_rounded_entries(rest: Money, *, vendor_id: UUID, available_at: datetime) -> tuple[Entry, Entry]:
    """What the provider does not pay of a vendor's lines, less than one of its steps: the first is a line below zero
    that goes with the payout, the second the vendor's new line of as much. Raises `InvalidInput` for nothing."""
    off = Entry(
        LedgerEvent.PAYOUT_ROUNDED,
        Account.VENDOR_PAYABLE,
        Account.PAYOUTS_IN_TRANSIT,
        rest,
        vendor_id=vendor_id,
        available_at=available_at,
    )
    again = _new_line(LedgerEvent.PAYOUT_ROUNDED, Account.PAYOUTS_IN_TRANSIT, rest, vendor_id, available_at)
    return off, again


def payout_sending_entry(amount: Money, *, vendor_id: UUID) -> Entry:
    """Written before anything is sent: the lines that it pays are out of what is payable."""
    return Entry(
        LedgerEvent.PAYOUT_SENDING,
        Account.VENDOR_PAYABLE,
        Account.PAYOUTS_IN_TRANSIT,
        amount,
        vendor_id=vendor_id,
    )


def payout_sent_entry(amount: Money, *, out_of: Account, vendor_id: UUID) -> Entry:
    """It has left. Raises `InvalidInput` for a place that vendors are not paid from."""
    if out_of not in PAYOUT_PLACES:
        raise InvalidInput(f"Vendors are not paid from {out_of.value!r}.", field="account")
    return Entry(LedgerEvent.PAYOUT_SENT, Account.PAYOUTS_IN_TRANSIT, out_of, amount, vendor_id=vendor_id)


def payout_failed_entry(amount: Money, *, vendor_id: UUID, available_at: datetime) -> Entry:
    """It has definitely not left: the vendor has a new line."""
    return _new_line(LedgerEvent.PAYOUT_FAILED, Account.PAYOUTS_IN_TRANSIT, amount, vendor_id, available_at)


def transfer_reversed_entry(amount: Money, *, vendor_id: UUID, available_at: datetime) -> Entry:
    """A transfer, or a part of it, was taken back from the vendor's account with the provider."""
    return _new_line(LedgerEvent.TRANSFER_REVERSED, Account.STRIPE, amount, vendor_id, available_at)


def payout_returned_entry(amount: Money, *, vendor_id: UUID, available_at: datetime) -> Entry:
    """What was paid by a file for the bank came back."""
    return _new_line(LedgerEvent.PAYOUT_RETURNED, Account.BANK, amount, vendor_id, available_at)


def provider_payout_entry(amount: Money) -> Entry:
    """The provider has sent money to the agency's bank."""
    return Entry(LedgerEvent.PROVIDER_PAYOUT, Account.STRIPE_IN_TRANSIT, Account.STRIPE, amount)


def provider_payout_arrived_entry(amount: Money) -> Entry:
    """It is in the bank."""
    return Entry(LedgerEvent.PROVIDER_PAYOUT_ARRIVED, Account.BANK, Account.STRIPE_IN_TRANSIT, amount)


def provider_payout_failed_entry(amount: Money) -> Entry:
    """The agency's bank did not take it: it is with the provider again."""
    return Entry(LedgerEvent.PROVIDER_PAYOUT_FAILED, Account.STRIPE, Account.STRIPE_IN_TRANSIT, amount)


def _new_line(
    event: LedgerEvent, back_in: Account, amount: Money, vendor_id: UUID, available_at: datetime
) -> Entry:
    return Entry(
        event,
        back_in,
        Account.VENDOR_PAYABLE,
        amount,
        vendor_id=vendor_id,
        available_at=available_at,
    )
