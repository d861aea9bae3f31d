"""Whether the provider would pay vendors, as it last said. Asked outside transactions, and remembered for a while.

A good answer is remembered for longer than a bad one: the account is read again before anything is sent to it, so that
an old one costs a payout that fails at worst; who is left out for a bad one waits for a whole batch.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from travellr_desktop.domain.clock import Clock
from travellr_desktop.errors import NotFound, Refusal
from travellr_desktop.payments.gateway import PaymentGateway

KEPT = timedelta(minutes=5)
"""How long it is good enough to reckon with that the provider would not pay to an account."""

KEPT_READY = timedelta(hours=1)
"""The same where it would."""

JUST_SAID = timedelta(minutes=1)
"""Of an account of which it said so as lately as this, it is not asked again even by who wants to know anew."""


class AccountState(StrEnum):
    READY = "ready"
    NOT_READY = "not_ready"  # it is there, and the provider pays nothing to it now
    NOT_THERE = "not_there"
    NOT_KNOWN = "not_known"  # the provider has never answered


@dataclass(frozen=True, slots=True)
class AccountKnown:
    """What the provider said of a vendor's account at `asked_at`. `past_due` is what it still wants, by its own
    names of fields; `silent` is why there is no newer answer, "" where this one is new."""

    ref: str
    state: AccountState
    name: str
    past_due: tuple[str, ...]
    asked_at: datetime
    silent: str = ""

    @property
    def is_ready(self) -> bool:
        return self.state is AccountState.READY


class VendorAccounts:
    """Safe to use from several threads."""

    def __init__(self, gateway: PaymentGateway, clock: Clock) -> None:
        self._gateway = gateway
        self._clock = clock
        self._said: dict[str, AccountKnown] = {}
        self._lock = threading.Lock()

    def of(self, ref: str) -> AccountKnown:
        """What is remembered, else what is said now."""
        return self.remembered(ref) or self.ask(ref)

    def remembered(self, ref: str, *, anew: bool = False) -> AccountKnown | None:
        """What was said lately enough; with `anew` only a good answer of a moment ago."""
        with self._lock:
            known = self._said.get(ref)
        if known is None:
            return None
        if anew:
            kept = JUST_SAID if known.is_ready else timedelta(0)
        else:
            kept = KEPT_READY if known.is_ready else KEPT
        return known if self._clock.now() - known.asked_at < kept else None

    def ask(self, ref: str) -> AccountKnown:
        """Ask now. Where there is no answer, the last one with why it is not newer. Raises nothing for what the
        provider says, or does not say."""
        now = self._clock.now()
        try:
            status = self._gateway.account(ref)
        except NotFound:
            known = AccountKnown(ref, AccountState.NOT_THERE, "", (), now)
        except Refusal as refusal:
            return self.unanswered(ref, str(refusal))
        else:
            state = AccountState.READY if status.is_ready else AccountState.NOT_READY
            known = AccountKnown(ref, state, status.name or "", status.past_due, now)
        with self._lock:
            self._said[ref] = known
        return known

    def unanswered(self, ref: str, why: str) -> AccountKnown:
        """What is known of an account while the provider does not answer: its last word, however old."""
        with self._lock:
            known = self._said.get(ref)
        if known is None:
            return AccountKnown(ref, AccountState.NOT_KNOWN, "", (), self._clock.now(), why)
        return replace(known, silent=why)
