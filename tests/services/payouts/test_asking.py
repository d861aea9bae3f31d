"""The provider asked of many vendors' accounts: how far it is, what ends it, and what is not asked of twice."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from helpers.batches import looked_at, prepared
from helpers.clock import HandClock
from helpers.desk import Desk
from helpers.paying_out import arm, disarm, owed
from helpers.refunding import colleague
from travellr_desktop.errors import Cancelled
from travellr_desktop.payments.sandbox.faults import FaultKind
from travellr_desktop.payments.sandbox.operations import Operation
from travellr_desktop.services.payouts.accounts import (
    JUST_SAID,
    KEPT_READY,
    AccountKnown,
    AccountState,
    VendorAccounts,
)
from travellr_desktop.services.payouts.asking import AT_ONCE, SILENT, ask_each
from travellr_desktop.services.payouts.balances import ProviderWord

MANY = 4 * SILENT


class Listened(VendorAccounts):
    """The real thing, which writes down what it is asked of."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.program.gateway, desk.clock)
        self.asked: list[str] = []
        self.threads: set[int] = set()

    def ask(self, ref: str) -> AccountKnown:
        self.asked.append(ref)
        self.threads.add(threading.get_ident())
        return super().ask(ref)


@pytest.fixture
def accounts(desk: Desk) -> Listened:
    return Listened(desk)


def opened(desk: Desk, number: int) -> list[str]:
    with desk.sandbox() as sandbox:
        return [sandbox.open_account(f"Vendor {each}") for each in range(number)]


def word(desk: Desk, accounts: VendorAccounts) -> ProviderWord:
    return ProviderWord(desk.program.gateway, accounts, desk.clock)


def test_each_is_asked_once_and_it_is_told_how_far_it_is(desk: Desk, accounts: Listened) -> None:
    refs, told = opened(desk, MANY), list[tuple[int, int]]()
    found = ask_each(accounts, refs, lambda done, total: told.append((done, total)))
    assert sorted(accounts.asked) == sorted(refs)
    assert {known.state for known in found.values()} == {AccountState.READY}
    assert set(found) == set(refs)
    assert (told[0], told[-1]) == ((0, MANY), (MANY, MANY))
    assert told == sorted(told)
    assert len(accounts.threads) <= AT_ONCE


def test_who_stops_it_goes_on_from_there(desk: Desk, accounts: Listened) -> None:
    refs = opened(desk, MANY)

    def enough(done: int, _total: int) -> None:
        if done >= 10:
            raise Cancelled

    with pytest.raises(Cancelled):
        word(desk, accounts).of(refs, told=enough)
    first = len(accounts.asked)
    assert 10 <= first <= 10 + 2 * AT_ONCE, "what was on its way, and no more"
    told: list[tuple[int, int]] = []
    said = word(desk, accounts).of(refs, told=lambda done, total: told.append((done, total)))
    assert len(said.accounts) == MANY
    assert sorted(accounts.asked) == sorted(refs), "nobody is asked of twice"
    assert told[-1] == (MANY - first, MANY - first)


def test_where_nobody_answers_the_others_are_not_asked_of(desk: Desk, accounts: Listened) -> None:
    refs = opened(desk, MANY)
    arm(desk, Operation.ACCOUNT_RETRIEVE, FaultKind.UNREACHABLE, for_good=True)
    said = word(desk, accounts).of(refs)
    assert len(accounts.asked) < SILENT + AT_ONCE
    assert set(said.accounts) == set(refs)
    assert {known.state for known in said.accounts.values()} == {AccountState.NOT_KNOWN}
    assert said.silent
    disarm(desk)
    assert {known.state for known in word(desk, accounts).of(refs).accounts.values()} == {AccountState.READY}


def test_run_again_asks_of_all_but_those_of_a_moment_ago(
    desk: Desk, accounts: Listened, clock: HandClock
) -> None:
    good, bad = opened(desk, 2)
    with desk.sandbox() as sandbox:
        sandbox.change_account(bad, transfers="inactive")
    provider = word(desk, accounts)
    provider.of([good, bad])
    accounts.asked.clear()
    provider.of([good, bad])
    assert accounts.asked == [], "what is remembered is good enough"
    provider.of([good, bad], fresh=True)
    assert accounts.asked == [bad], "somebody may have put it right a moment ago"
    clock.forward(JUST_SAID)
    accounts.asked.clear()
    provider.of([good, bad], fresh=True)
    assert sorted(accounts.asked) == sorted([good, bad])


def test_an_old_answer_is_asked_for_again(desk: Desk, accounts: Listened, clock: HandClock) -> None:
    refs, provider = opened(desk, 3), word(desk, accounts)
    provider.of(refs)
    clock.forward(KEPT_READY)
    provider.of(refs)
    assert len(accounts.asked) == 6


def test_an_approval_that_is_stopped_while_it_asks_approves_nothing(desk: Desk, clock: HandClock) -> None:
    owed(desk, "Adria", "Boka")
    clock.forward(timedelta(days=7))
    batch, petar = prepared(desk), colleague(desk)
    seen = looked_at(desk, batch).digest
    clock.forward(KEPT_READY)

    def stop(_done: int, _total: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        desk.services.payouts.approve(petar, batch, seen=seen, told=stop)
    assert desk.services.payouts.find(petar, looked_at(desk, batch).batch.reference).state == "draft"
    told: list[int] = []
    desk.services.payouts.dry_run(petar, batch, fresh=True, told=lambda done, _total: told.append(done))
    assert told == [], "what was asked of a moment ago"
    assert desk.services.payouts.approve(petar, batch, seen=seen).payouts == 2
