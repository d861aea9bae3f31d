"""One currency for another: two entries, each in its own currency, through the exchange account.

The exchange account has a balance in each currency that was ever changed; what they are worth against each other
is the gain or the loss, which the books do not guess at.
"""

from __future__ import annotations

from uuid import UUID

from travellr_desktop.domain.ledger.accounts import MONEY_ACCOUNTS, Account
from travellr_desktop.domain.ledger.entry import Entry, LedgerEvent
from travellr_desktop.domain.money import Money
from travellr_desktop.errors import InvalidInput

EXCHANGED_AT = MONEY_ACCOUNTS | {Account.SAFE}
"""Where there is money that can be changed."""


def exchange_entries(
    gave: Money, got: Money, *, at: Account, into: Account | None = None, booking_id: UUID | None = None
) -> tuple[Entry, Entry]:
    """`gave` left the account `at`, and `got` came into it, or into `into`.

    Both as they actually were: nothing is reckoned here. Raises `InvalidInput` for one currency, or for an account
    without money.
    """
    if gave.currency == got.currency:
        raise InvalidInput("An exchange is between two currencies.", field="currency")
    for account in (at, into or at):
        if account not in EXCHANGED_AT:
            raise InvalidInput(f"There is no money to change in {account.value!r}.", field="account")
    return (
        Entry(LedgerEvent.EXCHANGED, Account.EXCHANGE, at, gave, booking_id),
        Entry(LedgerEvent.EXCHANGED, into or at, Account.EXCHANGE, got, booking_id),
    )
