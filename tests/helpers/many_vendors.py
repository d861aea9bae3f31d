"""Vendors who are owed money by agreement and have accounts with the provider: as many as fill more than a screen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event as Flag
from threading import Lock

from helpers.batches import approved_by, given, prepared, vendor
from helpers.desk import Desk
from helpers.paying_out import paid_to, plenty
from helpers.payouts_shown import WEEK, forward
from helpers.refunding import colleague
from travellr_desktop.domain.payouts.words import BatchKind
from travellr_desktop.services.payouts.accounts import AccountKnown
from travellr_desktop.services.vendor_drafts import TermsDraft

MANY = 28
OWED = 6_000
WAIT = 20


def many_owed(desk: Desk) -> None:
    """A colleague's draft pays all of them; the provider was never asked of them."""
    plenty(desk)
    for number in range(MANY):
        vendor_id = vendor(desk, f"Vendor {number:02}", TermsDraft())
        with desk.sandbox() as sandbox:
            paid_to(desk, vendor_id, sandbox.open_account(f"Vendor {number:02}"))
        given(desk, vendor_id, OWED)
    forward(desk, WEEK)
    prepared(desk, BatchKind.WEEKLY, by=colleague(desk))


def many_approved(desk: Desk) -> None:
    """The same, approved."""
    many_owed(desk)
    approved_by(desk, desk.admin, desk.services.payouts.batches(desk.admin)[0].id)


class Asked:
    """The accounts that were asked of, in order; those after the first few are answered when `go` is set."""

    def __init__(self, ask: Callable[[str], AccountKnown], at_once: int) -> None:
        self._ask, self._at_once = ask, at_once
        self._lock = Lock()
        self.refs: list[str] = []
        self.go = Flag()

    def __call__(self, ref: str) -> AccountKnown:
        with self._lock:
            self.refs.append(ref)
            waits = len(self.refs) > self._at_once
        assert not waits or self.go.wait(WAIT)
        return self._ask(ref)


@contextmanager
def slow_provider(desk: Desk, at_once: int) -> Iterator[Asked]:
    """It answers for so many accounts, and for the others when it is told to."""
    accounts = desk.services.vendor_terms.accounts
    asked = Asked(accounts.ask, at_once)
    accounts.ask = asked  # type: ignore[method-assign]
    try:
        yield asked
    finally:
        asked.go.set()
        del accounts.ask
