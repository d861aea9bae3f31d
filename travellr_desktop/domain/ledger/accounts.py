"""The accounts of the books: where money can be, and whose it is."""

from __future__ import annotations

from enum import StrEnum

from travellr_desktop.errors import InvalidInput


class Account(StrEnum):
    """Where money can be. Which side makes a balance grow: see `DEBIT_GROWS`."""

    # where the money itself is
    STRIPE = "stripe"
    STRIPE_IN_TRANSIT = "stripe_in_transit"  # on its way from the provider to the bank
    TILL = "till"
    SAFE = "safe"
    BANK = "bank"
    PAYOUTS_IN_TRANSIT = "payouts_in_transit"
    DISPUTED_FUNDS = "disputed_funds"
    EXCHANGE = "exchange"
    # what travellers have with the agency, or owe it
    TRAVELLER_FUNDS = "traveller_funds"
    TRAVELLER_RECEIVABLE = "traveller_receivable"
    OVERPAYMENT = "overpayment"
    AGENCY_CREDIT = "agency_credit"
    REFUNDS_PAYABLE = "refunds_payable"
    # what is the vendors'
    VENDOR_PAYABLE = "vendor_payable"
    # what the agency earns and spends
    COMMISSION = "commission"
    CANCELLATION_REVENUE = "cancellation_revenue"
    PROCESSOR_FEES = "processor_fees"
    GOODWILL = "goodwill"
    BAD_DEBTS = "bad_debts"  # what travellers owed and will not pay
    CASH_OVER_SHORT = "cash_over_short"
    OFFICE_EXPENSES = "office_expenses"  # small things paid out of the till
    VENDOR_ADJUSTMENTS = "vendor_adjustments"  # what vendors get, or give up, by agreement
    # what the agency put in or took out of its own
    OWN_FUNDS = "own_funds"


MONEY_ACCOUNTS = frozenset({Account.STRIPE, Account.TILL, Account.BANK})
"""The accounts that a payment can come into, and go back out of."""

DEBIT_GROWS = frozenset(
    {
        Account.STRIPE,
        Account.STRIPE_IN_TRANSIT,
        Account.TILL,
        Account.SAFE,
        Account.BANK,
        Account.DISPUTED_FUNDS,
        Account.TRAVELLER_RECEIVABLE,
        Account.PROCESSOR_FEES,
        Account.GOODWILL,
        Account.BAD_DEBTS,
        Account.CASH_OVER_SHORT,
        Account.OFFICE_EXPENSES,
        Account.VENDOR_ADJUSTMENTS,
    }
)
"""What the agency has and what it spends: a debit makes these grow. A credit makes the others grow."""


def standing(account: Account, balance: int) -> int:
    """A balance (debits less credits) as people read it: above zero is what the account is for."""
    return balance if account in DEBIT_GROWS else -balance


def money_account(account: Account) -> Account:
    """The account itself if a payment can come into it; raises `InvalidInput` otherwise."""
    if account not in MONEY_ACCOUNTS:
        raise InvalidInput(f"Money is not paid into or out of {account.value!r}.", field="account")
    return account
