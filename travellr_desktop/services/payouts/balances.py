"""What the provider says that payouts are reckoned with: which accounts are ready, and what there is to pay out.

Everything is asked outside transactions and remembered for a while; what comes of a stale answer is refused by the
provider itself, without anything having moved.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from travellr_desktop.domain.clock import Clock
from travellr_desktop.domain.payouts.wanted import wanted_words
from travellr_desktop.errors import Refusal
from travellr_desktop.payments.gateway import PaymentGateway
from travellr_desktop.services.payouts.accounts import AccountKnown, AccountState, VendorAccounts
from travellr_desktop.services.payouts.asking import Told, ask_each

KEPT = timedelta(minutes=1)
"""How long a balance is good enough to reckon with."""


@dataclass(frozen=True, slots=True)
class BalanceKnown:
    """What was available by currency at `asked_at`, in minor units: None where the provider has never said. `silent` is
    why there is no newer answer, "" where this one is new."""

    available: Mapping[str, int] | None
    asked_at: datetime
    silent: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """All that the provider said of what a batch would send; `balance` is None where nothing would be."""

    accounts: Mapping[str, AccountKnown]
    balance: BalanceKnown | None = None

    @property
    def asked_at(self) -> datetime | None:
        """When the oldest of the answers came."""
        moments = [each.asked_at for each in self.accounts.values()]
        if self.balance is not None:
            moments.append(self.balance.asked_at)
        return min(moments, default=None)

    @property
    def silent(self) -> str:
        """Why there is no newer answer of something, "" where all are new."""
        first = "" if self.balance is None else self.balance.silent
        return first or next((each.silent for each in self.accounts.values() if each.silent), "")

    def trouble(self, ref: str) -> str | None:
        """What stands against paying to an account, None where nothing does."""
        known = self.accounts.get(ref)
        if known is None:
            return "The provider was not asked yet."
        if known.state is AccountState.NOT_KNOWN:
            return known.silent
        if known.state is AccountState.NOT_THERE:
            return "The provider knows no such account."
        if known.is_ready:
            return None
        return wanted_words(known.past_due) or "The provider pays nothing to this account now."


class ProviderWord:
    """Safe to use from several threads."""

    def __init__(self, gateway: PaymentGateway, accounts: VendorAccounts, clock: Clock) -> None:
        self._gateway = gateway
        self._accounts = accounts
        self._clock = clock
        self._lock = threading.Lock()
        self._balance: BalanceKnown | None = None

    def of(self, refs: Iterable[str], *, fresh: bool = False, told: Told | None = None) -> Said:
        """What is known of these accounts, asked where it is not remembered, or with `fresh` all of them but those of
        which it has just said that it pays; and the balance, if there are any. `told` hears how many of those that are
        asked of have been answered; what it raises ends the asking, and the next one goes on from there. Nothing is
        raised for what the provider says, or does not say."""
        wanted = sorted(set(refs))
        if not wanted:
            return Said({})
        known = {ref: self._accounts.remembered(ref, anew=fresh) for ref in wanted}
        found = {ref: said for ref, said in known.items() if said is not None}
        found |= ask_each(self._accounts, [ref for ref in wanted if ref not in found], told)
        return Said(found, self._available(fresh))

    def _available(self, fresh: bool) -> BalanceKnown:
        now = self._clock.now()
        with self._lock:
            known = self._balance
        if known is not None and not fresh and now - known.asked_at < KEPT:
            return known
        try:
            said = self._gateway.balance()
        except Refusal as refusal:
            return (
                BalanceKnown(None, now, str(refusal))
                if known is None
                else replace(known, silent=str(refusal))
            )
        known = BalanceKnown({each.currency: each.minor for each in said.available}, now)
        with self._lock:
            self._balance = known
        return known
