"""What entries come to."""

from __future__ import annotations

from collections.abc import Iterable

from travellr_desktop.domain.ledger.accounts import Account
from travellr_desktop.domain.ledger.entry import Entry
from travellr_desktop.domain.money import CurrencyMismatch


def balances(entries: Iterable[Entry]) -> dict[Account, int]:
    """Debits less credits of each account touched, in minor units; their sum is always zero.

    Raises `CurrencyMismatch` if the entries are not all of one currency.
    """
    found: dict[Account, int] = {}
    currency: str | None = None
    for entry in entries:
        currency = currency or entry.amount.currency
        if entry.amount.currency != currency:
            raise CurrencyMismatch(f"{currency} and {entry.amount.currency} have no common balance.")
        found[entry.debit] = found.get(entry.debit, 0) + entry.amount.minor
        found[entry.credit] = found.get(entry.credit, 0) - entry.amount.minor
    return found
