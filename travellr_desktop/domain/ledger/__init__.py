"""The rules of the books: which accounts an event moves money between, and how rows are chained.

Every row is one entry: an amount above zero from one account to another, so the books balance by construction.
Nothing is ever edited; a wrong entry is followed by its reversal.

`accounts`, `entry` and `chain` are what everything stands on. What an event writes is in a module a subject:
`payments`, `credit`, `trips`, `debts`, `cancelling`, `refunds`, `disputes`, `adjusting`, `payouts`, `till`,
`exchange`. What entries say is read by `balances`, `booking` (a booking's amounts) and `earnings` (what vendor and
agency have of it).
"""

from travellr_desktop.domain.ledger.accounts import DEBIT_GROWS, MONEY_ACCOUNTS, Account, standing
from travellr_desktop.domain.ledger.adjusting import vendor_adjusted_entry
from travellr_desktop.domain.ledger.balances import (
    VENDOR_ACCOUNTS,
    Place,
    Posted,
    Sums,
    TrialBalance,
    TrialRow,
    as_at,
    balances,
    posted_before,
    standing_entries,
    sums,
    trial_balance,
)
from travellr_desktop.domain.ledger.booking import BookingAmounts, booking_amounts
from travellr_desktop.domain.ledger.cancelling import (
    cancellation_entries,
    kept_entries,
    promised_back_entries,
)
from travellr_desktop.domain.ledger.chain import CHAIN_START, chain_hash
from travellr_desktop.domain.ledger.credit import credit_given_entry, credit_spent_entries
from travellr_desktop.domain.ledger.debts import Used, used_for, written_off_entry
from travellr_desktop.domain.ledger.disputes import (
    Earned,
    KeptOnCancelling,
    dispute_fee_entries,
    dispute_lost_entries,
    dispute_opened_entries,
    dispute_won_entries,
)
from travellr_desktop.domain.ledger.earnings import earnings
from travellr_desktop.domain.ledger.entry import Entry, LedgerEvent, reversal
from travellr_desktop.domain.ledger.exchange import EXCHANGED_AT, exchange_entries
from travellr_desktop.domain.ledger.payments import (
    overpaid_entry,
    payment_entries,
    processor_fee_entries,
    processor_fee_entry,
    receivable_collected_entry,
)
from travellr_desktop.domain.ledger.payouts import (
    PAYOUT_PLACES,
    payout_failed_entry,
    payout_returned_entry,
    payout_rounded_entries,
    payout_sending_entry,
    payout_sent_entry,
    provider_payout_arrived_entry,
    provider_payout_entry,
    provider_payout_failed_entry,
    transfer_reversed_entry,
)
from travellr_desktop.domain.ledger.refunds import (
    Bearer,
    RefundedSoFar,
    given_up,
    goodwill_entries,
    overpayment_back_entry,
    refund_accepted_entry,
    refund_after_trip_entries,
    refund_failed_entry,
)
from travellr_desktop.domain.ledger.till import (
    CASH_PLACES,
    PAID_IN_FROM,
    PAID_OUT_TO,
    banked_entry,
    count_entries,
    drop_entry,
    float_entry,
    own_funds_in_entry,
    own_funds_out_entry,
    paid_in_entry,
    paid_out_entry,
    till_day,
)
from travellr_desktop.domain.ledger.trips import done_entries

__all__ = [
    "CASH_PLACES",
    "CHAIN_START",
    "DEBIT_GROWS",
    "EXCHANGED_AT",
    "MONEY_ACCOUNTS",
    "PAID_IN_FROM",
    "PAID_OUT_TO",
    "PAYOUT_PLACES",
    "VENDOR_ACCOUNTS",
    "Account",
    "Bearer",
    "BookingAmounts",
    "Earned",
    "Entry",
    "KeptOnCancelling",
    "LedgerEvent",
    "Place",
    "Posted",
    "RefundedSoFar",
    "Sums",
    "TrialBalance",
    "TrialRow",
    "Used",
    "as_at",
    "balances",
    "banked_entry",
    "booking_amounts",
    "cancellation_entries",
    "chain_hash",
    "count_entries",
    "credit_given_entry",
    "credit_spent_entries",
    "dispute_fee_entries",
    "dispute_lost_entries",
    "dispute_opened_entries",
    "dispute_won_entries",
    "done_entries",
    "drop_entry",
    "earnings",
    "exchange_entries",
    "float_entry",
    "given_up",
    "goodwill_entries",
    "kept_entries",
    "overpaid_entry",
    "overpayment_back_entry",
    "own_funds_in_entry",
    "own_funds_out_entry",
    "paid_in_entry",
    "paid_out_entry",
    "payment_entries",
    "payout_failed_entry",
    "payout_returned_entry",
    "payout_rounded_entries",
    "payout_sending_entry",
    "payout_sent_entry",
    "posted_before",
    "processor_fee_entries",
    "processor_fee_entry",
    "promised_back_entries",
    "provider_payout_arrived_entry",
    "provider_payout_entry",
    "provider_payout_failed_entry",
    "receivable_collected_entry",
    "refund_accepted_entry",
    "refund_after_trip_entries",
    "refund_failed_entry",
    "reversal",
    "standing",
    "standing_entries",
    "sums",
    "till_day",
    "transfer_reversed_entry",
    "trial_balance",
    "used_for",
    "vendor_adjusted_entry",
    "written_off_entry",
]
