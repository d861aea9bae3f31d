"""Cash that moves between till, safe and bank, what the office pays out of it, and counts that differ."""

from __future__ import annotations

from collections.abc import Iterable

from travellr_desktop.domain.cash_count import TillDay
from travellr_desktop.domain.ledger.accounts import Account
from travellr_desktop.domain.ledger.balances import standing_entries
from travellr_desktop.domain.ledger.entry import Entry, LedgerEvent
from travellr_desktop.domain.money import Money
from travellr_desktop.errors import InvalidInput

CASH_PLACES = frozenset({Account.TILL, Account.SAFE})
"""Where cash is counted."""

PAID_IN_FROM = frozenset({Account.SAFE, Account.BANK, Account.OWN_FUNDS, Account.OFFICE_EXPENSES})
"""Where money that is added to a till comes from; from office expenses it is change that came back."""

PAID_OUT_TO = frozenset({Account.BANK, Account.OWN_FUNDS, Account.OFFICE_EXPENSES})
"""What money is paid out of a till for. To the safe it is dropped."""

_SALES = frozenset({LedgerEvent.PAYMENT, LedgerEvent.OVERPAID, LedgerEvent.RECEIVABLE_COLLECTED})
_OUT = {LedgerEvent.REFUND_ACCEPTED: "refunds", LedgerEvent.DROPPED: "dropped"}
_OWN_FUNDS_AT = CASH_PLACES | {Account.BANK}


def float_entry(amount: Money) -> Entry:
    """The change that a till opens with, from the safe."""
    return Entry(LedgerEvent.TILL_FLOAT, Account.TILL, Account.SAFE, amount)


def paid_in_entry(amount: Money, *, source: Account) -> Entry:
    """Money added to a till during the day. Raises `InvalidInput` for a source that is not in `PAID_IN_FROM`."""
    return Entry(LedgerEvent.PAID_IN, Account.TILL, _one_of(PAID_IN_FROM, source), amount)


def paid_out_entry(amount: Money, *, to: Account) -> Entry:
    """Money paid out of a till. Raises `InvalidInput` for a purpose that is not in `PAID_OUT_TO`."""
    return Entry(LedgerEvent.PAID_OUT, _one_of(PAID_OUT_TO, to), Account.TILL, amount)


def drop_entry(amount: Money) -> Entry:
    """Cash goes from a till to the safe: during the day, or when it is closed."""
    return Entry(LedgerEvent.DROPPED, Account.SAFE, Account.TILL, amount)


def banked_entry(amount: Money) -> Entry:
    """Cash is taken from the safe to the bank."""
    return Entry(LedgerEvent.BANKED, Account.BANK, Account.SAFE, amount)


def count_entries(expected: Money, counted: Money, *, place: Account = Account.TILL) -> tuple[Entry, ...]:
    """What was counted differs from the books: over, short, or (no entry) not at all.

    Raises `InvalidInput` for a place where no cash is.
    """
    _one_of(CASH_PLACES, place)
    over = counted - expected
    if not over:
        return ()
    debit, credit = (place, Account.CASH_OVER_SHORT) if over.minor > 0 else (Account.CASH_OVER_SHORT, place)
    return (Entry(LedgerEvent.COUNT_DIFFERS, debit, credit, abs(over)),)


def till_day(entries: Iterable[Entry], *, opened_with: Money) -> TillDay:
    """What a till has seen since it opened with `opened_with`, from its entries in their order.

    What was reversed in them does not count. Sales are all payments in cash; what came in or went out by anything
    that has no word of its own is added or paid out, so that what is expected is always what the books say.
    """
    totals: dict[str, int] = dict.fromkeys(("sales", "refunds", "out", "dropped", "added"), 0)
    for entry in standing_entries(entries):
        if entry.amount.currency != opened_with.currency:
            continue
        if entry.debit is Account.TILL:
            totals["sales" if entry.event in _SALES else "added"] += entry.amount.minor
        elif entry.credit is Account.TILL:
            totals[_OUT.get(entry.event, "out")] += entry.amount.minor
    amounts = {name: Money(minor, opened_with.currency) for name, minor in totals.items()}
    return TillDay(
        opened_with=opened_with,
        cash_sales=amounts["sales"],
        cash_refunds=amounts["refunds"],
        paid_out=amounts["out"],
        dropped=amounts["dropped"],
        added=amounts["added"],
    )


def own_funds_in_entry(amount: Money, *, into: Account) -> Entry:
    """The agency puts in money of its own, as what is in the safe or the bank when its books begin."""
    return Entry(LedgerEvent.OWN_FUNDS_IN, _one_of(_OWN_FUNDS_AT, into), Account.OWN_FUNDS, amount)


def own_funds_out_entry(amount: Money, *, out_of: Account) -> Entry:
    """The agency takes out what it has earned, or had put in."""
    return Entry(LedgerEvent.OWN_FUNDS_OUT, Account.OWN_FUNDS, _one_of(_OWN_FUNDS_AT, out_of), amount)


def _one_of(allowed: frozenset[Account], account: Account) -> Account:
    if account not in allowed:
        raise InvalidInput(f"Money does not move to or from {account.value!r} like this.", field="account")
    return account
