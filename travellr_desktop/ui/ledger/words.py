"""What accounts and events of the ledger are called."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from travellr_desktop.domain.ledger import Account, LedgerEvent

_A, _E = Account, LedgerEvent

ACCOUNTS: Mapping[Account, tuple[str, str]] = MappingProxyType(
    {
        _A.STRIPE: ("Stripe", "money at Stripe"),
        _A.STRIPE_IN_TRANSIT: ("Stripe, in transit", "on its way to the bank"),
        _A.TILL: ("Tills", "cash at the desks"),
        _A.SAFE: ("Safe", "cash in the safe"),
        _A.BANK: ("Bank", "money at the bank"),
        _A.PAYOUTS_IN_TRANSIT: ("Payouts in transit", "on its way to vendors"),
        _A.DISPUTED_FUNDS: ("Disputed funds", "held until a dispute ends"),
        _A.EXCHANGE: ("Exchange", "between two currencies"),
        _A.TRAVELLER_FUNDS: ("Traveller funds", "paid for trips to come"),
        _A.TRAVELLER_RECEIVABLE: ("Traveller receivable", "owed by travellers"),
        _A.OVERPAYMENT: ("Overpayment", "paid too much"),
        _A.AGENCY_CREDIT: ("Agency credit", "owed as credit"),
        _A.REFUNDS_PAYABLE: ("Refunds payable", "owed to travellers"),
        _A.VENDOR_PAYABLE: ("Vendor payable", "owed to vendors"),
        _A.COMMISSION: ("Commission", "earned by selling"),
        _A.CANCELLATION_REVENUE: ("Cancellation revenue", "earned on cancelling"),
        _A.PROCESSOR_FEES: ("Processor fees", "spent on payments"),
        _A.GOODWILL: ("Goodwill expense", "given beyond the policy"),
        _A.BAD_DEBTS: ("Bad debts", "owed, and written off"),
        _A.CASH_OVER_SHORT: ("Cash over/short", "counts that differ"),
        _A.OFFICE_EXPENSES: ("Office expenses", "paid out of a till"),
        _A.VENDOR_ADJUSTMENTS: ("Vendor adjustments", "agreed with vendors"),
        _A.OWN_FUNDS: ("Own funds", "put in by the agency"),
    }
)
"""The name of an account, and what it holds."""

EVENTS: Mapping[LedgerEvent, str] = MappingProxyType(
    {
        _E.PAYMENT: "Payment",
        _E.OVERPAID: "Paid too much",
        _E.PROCESSOR_FEE: "Processor fee",
        _E.TRIP_DONE: "Trip done",
        _E.NO_SHOW: "No-show",
        _E.RECEIVABLE_COLLECTED: "Debt collected",
        _E.RECEIVABLE_WRITTEN_OFF: "Debt written off",
        _E.REFUND_APPROVED: "Refund approved",
        _E.KEPT: "Kept on cancelling",
        _E.REFUND_APPROVED_AFTER_TRIP: "Refund after the trip",
        _E.OVERPAID_BACK: "Overpayment to go back",
        _E.REFUND_ACCEPTED: "Refund accepted",
        _E.REFUND_FAILED_LATE: "Refund came back",
        _E.REVERSAL: "Reversal",
        _E.GOODWILL: "Goodwill",
        _E.CREDIT_GIVEN: "Credit given",
        _E.CREDIT_SPENT: "Credit spent",
        _E.DISPUTE_OPENED: "Dispute opened",
        _E.DISPUTE_FEE: "Dispute fee",
        _E.DISPUTE_WON: "Dispute won",
        _E.DISPUTE_FEE_BACK: "Dispute fee given back",
        _E.DISPUTE_LOST: "Dispute lost",
        _E.VENDOR_ADJUSTED: "Adjusted by hand",
        _E.PAYOUT_ROUNDED: "Payout rounded",
        _E.PAYOUT_SENDING: "Payout being sent",
        _E.PAYOUT_SENT: "Payout sent",
        _E.PAYOUT_FAILED: "Payout failed",
        _E.TRANSFER_REVERSED: "Transfer reversed",
        _E.PAYOUT_RETURNED: "Payout returned",
        _E.PROVIDER_PAYOUT: "Stripe pays out",
        _E.PROVIDER_PAYOUT_ARRIVED: "Stripe's payout arrived",
        _E.PROVIDER_PAYOUT_FAILED: "Stripe's payout failed",
        _E.TILL_FLOAT: "Float",
        _E.PAID_IN: "Paid in",
        _E.PAID_OUT: "Paid out",
        _E.DROPPED: "Dropped to the safe",
        _E.BANKED: "Taken to the bank",
        _E.COUNT_DIFFERS: "Count differs",
        _E.OWN_FUNDS_IN: "Own funds put in",
        _E.OWN_FUNDS_OUT: "Own funds taken out",
        _E.EXCHANGED: "Exchanged",
    }
)


def account_name(account: Account) -> str:
    return ACCOUNTS[account][0]


def short_hash(full: str) -> str:
    """The first eight signs of a hash, in two halves: `7c1e 90ab`."""
    return f"{full[:4]} {full[4:8]}"
