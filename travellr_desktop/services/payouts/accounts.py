"""Whether the provider would pay vendors, as it last said. Asked outside transactions, remembered for minutes."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from travellr_desktop.domain.clock import Clock
from travellr_desktop.errors import NotFound, Refusal
from travellr_desktop.payments.gateway import PaymentGateway

KEPT = timedelta(minutes=5)
"""How long what the provider said of an account is good enough to reckon with."""


class AccountState(StrEnum):
    READY = "ready"
    NOT_READY = "not_ready"  # it is there, and the provider pays nothing to it now
    NOT_THERE = "not_there"
    NOT_KNOWN = "not_known"  # the provider has never answered


@dataclass(frozen=True, slots=True)
class AccountKnown:
    """What the provider said of a vendor's account at `asked_at`. `past_due` is what it still wants, in its own words;
    `silent` is why there is no newer answer, "" where this one is new."""

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
        """What was said within `KEPT`, else what is said now."""
        with self._lock:
            known = self._said.get(ref)
        if known is not None and self._clock.now() - known.asked_at < KEPT:
            return known
        return self.ask(ref)

    def ask(self, ref: str) -> AccountKnown:
        """Ask now. Where there is no answer, the last one with why it is not newer. Raises nothing for what the
        provider says, or does not say."""
        now = self._clock.now()
        try:
            status = self._gateway.account(ref)
        except NotFound:
            known = AccountKnown(ref, AccountState.NOT_THERE, "", (), now)
        except Refusal as refusal:
            return self._silent(ref, str(refusal), now)
        else:
            state = AccountState.READY if status.is_ready else AccountState.NOT_READY
            known = AccountKnown(ref, state, status.name or "", status.past_due, now)
        with self._lock:
            self._said[ref] = known
        return known

    def _silent(self, ref: str, why: str, now: datetime) -> AccountKnown:
        with self._lock:
            known = self._said.get(ref)
        if known is None:
            return AccountKnown(ref, AccountState.NOT_KNOWN, "", (), now, why)
        return replace(known, silent=why)
