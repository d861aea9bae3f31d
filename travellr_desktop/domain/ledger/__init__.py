"""The rules of the books: which accounts an event moves money between, and how rows are chained.

Every row is one entry: an amount above zero from one account to another, so the books balance by construction.
Nothing is ever edited; a wrong entry is followed by its reversal.
"""

from travellr_desktop.domain.ledger.accounts import DEBIT_GROWS, MONEY_ACCOUNTS, Account, standing
from travellr_desktop.domain.ledger.balances import balances
from travellr_desktop.domain.ledger.cancelling import (
    cancellation_entries,
    kept_entries,
    promised_back_entries,
)
from travellr_desktop.domain.ledger.chain import CHAIN_START, chain_hash
from travellr_desktop.domain.ledger.entry import Entry, LedgerEvent, reversal
from travellr_desktop.domain.ledger.payments import (
    payment_entries,
    processor_fee_entry,
    receivable_collected_entry,
)
from travellr_desktop.domain.ledger.refunds import (
    RefundedSoFar,
    overpayment_back_entry,
    refund_accepted_entry,
    refund_after_trip_entries,
    refund_failed_entry,
)
from travellr_desktop.domain.ledger.trips import done_entries

__all__ = [
    "CHAIN_START",
    "DEBIT_GROWS",
    "MONEY_ACCOUNTS",
    "Account",
    "Entry",
    "LedgerEvent",
    "RefundedSoFar",
    "balances",
    "cancellation_entries",
    "chain_hash",
    "done_entries",
    "kept_entries",
    "overpayment_back_entry",
    "payment_entries",
    "processor_fee_entry",
    "promised_back_entries",
    "receivable_collected_entry",
    "refund_accepted_entry",
    "refund_after_trip_entries",
    "refund_failed_entry",
    "reversal",
    "standing",
]
