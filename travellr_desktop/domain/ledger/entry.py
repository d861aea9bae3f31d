"""One row of the books: an amount from one account to another, and the event that it stands for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from travellr_desktop.domain.ledger.accounts import Account
from travellr_desktop.domain.money import Money
from travellr_desktop.errors import InvalidInput


class LedgerEvent(StrEnum):
    PAYMENT = "payment"
    OVERPAID = "overpaid"
    PROCESSOR_FEE = "processor_fee"
    TRIP_DONE = "trip_done"
    NO_SHOW = "no_show"
    RECEIVABLE_COLLECTED = "receivable_collected"
    RECEIVABLE_WRITTEN_OFF = "receivable_written_off"
    REFUND_APPROVED = "refund_approved"
    KEPT = "kept"
    REFUND_APPROVED_AFTER_TRIP = "refund_approved_after_trip"
    OVERPAID_BACK = "overpaid_back"
    REFUND_ACCEPTED = "refund_accepted"
    REFUND_FAILED_LATE = "refund_failed_late"
    REVERSAL = "reversal"
    GOODWILL = "goodwill"
    CREDIT_GIVEN = "credit_given"
    CREDIT_SPENT = "credit_spent"
    DISPUTE_OPENED = "dispute_opened"
    DISPUTE_FEE = "dispute_fee"
    DISPUTE_WON = "dispute_won"
    DISPUTE_FEE_BACK = "dispute_fee_back"
    DISPUTE_LOST = "dispute_lost"
    VENDOR_ADJUSTED = "vendor_adjusted"
    PAYOUT_ROUNDED = "payout_rounded"
    PAYOUT_SENDING = "payout_sending"
    PAYOUT_SENT = "payout_sent"
    PAYOUT_FAILED = "payout_failed"
    TRANSFER_REVERSED = "transfer_reversed"
    PAYOUT_RETURNED = "payout_returned"
    PROVIDER_PAYOUT = "provider_payout"
    PROVIDER_PAYOUT_ARRIVED = "provider_payout_arrived"
    PROVIDER_PAYOUT_FAILED = "provider_payout_failed"
    TILL_FLOAT = "till_float"
    PAID_IN = "paid_in"
    PAID_OUT = "paid_out"
    DROPPED = "dropped"
    BANKED = "banked"
    COUNT_DIFFERS = "count_differs"
    OWN_FUNDS_IN = "own_funds_in"
    OWN_FUNDS_OUT = "own_funds_out"
    EXCHANGED = "exchanged"


@dataclass(frozen=True, slots=True)
class Entry:
    """`amount` leaves `credit` and comes into `debit`. `available_at`: when a vendor's line may be paid out.

    Raises `InvalidInput` for an amount that is not above zero, or for twice the same account.
    """

    event: LedgerEvent
    debit: Account
    credit: Account
    amount: Money
    booking_id: UUID | None = None
    vendor_id: UUID | None = None
    available_at: datetime | None = None

    def __post_init__(self) -> None:
        if self.amount.minor <= 0:
            raise InvalidInput("An entry moves more than nothing.", field="amount")
        if self.debit is self.credit:
            raise InvalidInput("An entry needs two accounts.", field="account")


def reversal(entry: Entry) -> Entry:
    """The entry that undoes another: the same amount the other way."""
    return replace(entry, event=LedgerEvent.REVERSAL, debit=entry.credit, credit=entry.debit)


def vendor_line(
    event: LedgerEvent,
    debit: Account,
    credit: Account,
    amount: Money,
    booking_id: UUID,
    vendor_id: UUID,
    available_at: datetime,
) -> Entry:
    """An entry of a booking; the vendor and the date stand on it only where it credits the vendor."""
    if credit is Account.VENDOR_PAYABLE:
        return Entry(event, debit, credit, amount, booking_id, vendor_id, available_at)
    return Entry(event, debit, credit, amount, booking_id)
