"""Money taken back out of a vendor's account with the provider: asked for here, or found there."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from helpers.clock import HandClock
from helpers.cut_off import cut_off
from helpers.desk import Desk
from helpers.paying_out import (
    approved,
    arm,
    at,
    open_lines,
    owed,
    paid_to,
    payouts,
    plenty,
    runs,
)
from travellr_desktop.domain.ids import new_id
from travellr_desktop.domain.ledger import Account
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.states import PayoutState, TakeBackState
from travellr_desktop.errors import InvalidInput, KeyReused, NotFound, WrongState
from travellr_desktop.payments.gateway import ReversalRequest
from travellr_desktop.payments.sandbox.faults import FaultKind
from travellr_desktop.payments.sandbox.operations import Operation
from travellr_desktop.services.payouts.paying import group_of
from travellr_desktop.services.payouts.run_views import TakeBackView
from travellr_desktop.services.payouts.taking_back import FOUND, TakingBack
from travellr_desktop.storage.commits import Commit, Moment
from travellr_desktop.storage.models import TakeBack

REVERSE, REVERSALS = Operation.REVERSAL_CREATE, Operation.REVERSAL_LIST
ALL = 7650


def eur(minor: int) -> Money:
    return Money(minor, "EUR")


def paid(desk: Desk) -> UUID:
    """A payout of 76.50 that has arrived."""
    plenty(desk)
    owed(desk, "Perast Boats")
    runs(desk).run(desk.admin, approved(desk))
    (payout,) = payouts(desk)
    assert (payout.state, payout.amount) == (PayoutState.PAID, ALL)
    return payout.id


def ask(desk: Desk, payout: UUID, minor: int, *, key: UUID | None = None) -> TakeBackView:
    return runs(desk).take_back(desk.admin, payout, eur(minor), "Paid twice", key=key or uuid4())


def worker(desk: Desk) -> TakingBack:
    return TakingBack(desk.database, desk.program.gateway)


def elsewhere(desk: Desk, minor: int) -> None:
    """Somebody takes it back at the provider."""
    ref = payouts(desk)[0].provider_ref
    assert ref is not None
    desk.program.gateway.reverse_transfer(ReversalRequest(new_id(), ref, eur(minor)), key=str(new_id()))


def rows(desk: Desk) -> list[TakeBack]:
    with desk.database.read() as view:
        return list(view.take_backs.find_all()[0])


def stands(desk: Desk, *, back: int, state: PayoutState = PayoutState.PAID) -> None:
    """So much is back with the provider and the vendor's again, counted on both sides."""
    row = payouts(desk)[0]
    assert row.state is state
    assert open_lines(desk, row.vendor_id) == back == -at(desk, Account.VENDOR_PAYABLE, row.vendor_id)
    with desk.sandbox() as sandbox:
        assert sandbox.counts().transferred == {"eur": row.amount - back}


# asked for here


def test_a_part_is_taken_back_and_is_payable_again(desk: Desk) -> None:
    """Worked: of 76.50 that arrived 20.00 come back. The next batch pays 20.00."""
    payout = paid(desk)
    told = ask(desk, payout, 2000)
    assert (told.state, told.payout_state, told.ok) == (TakeBackState.DONE, PayoutState.PAID, True)
    stands(desk, back=2000)
    runs(desk).run(desk.admin, approved(desk))
    assert [row.amount for row in payouts(desk)] == [7650, 2000]


def test_taken_back_whole_in_parts_the_payout_is_reversed(desk: Desk) -> None:
    payout = paid(desk)
    ask(desk, payout, 2000)
    assert ask(desk, payout, 5650).payout_state is PayoutState.REVERSED
    stands(desk, back=ALL, state=PayoutState.REVERSED)
    with pytest.raises(WrongState, match="Only a transfer that was paid"):
        ask(desk, payout, 1)


@pytest.mark.parametrize("minor", [0, -1, ALL + 1])
def test_no_more_is_taken_back_than_is_left(desk: Desk, minor: int) -> None:
    payout = paid(desk)
    with pytest.raises(InvalidInput) as caught:
        ask(desk, payout, minor)
    assert caught.value.field == "amount"
    ask(desk, payout, 7000)
    with pytest.raises(InvalidInput):
        ask(desk, payout, 651)
    stands(desk, back=7000)


def test_it_needs_a_reason_and_a_payout_that_is_there_and_was_paid(desk: Desk) -> None:
    payout = paid(desk)
    with pytest.raises(InvalidInput) as caught:
        runs(desk).take_back(desk.admin, payout, eur(1), "  ", key=uuid4())
    assert caught.value.field == "reason"
    with pytest.raises(InvalidInput):
        runs(desk).take_back(desk.admin, payout, Money(1, "USD"), "Paid twice", key=uuid4())
    with pytest.raises(NotFound):
        ask(desk, UUID(int=7), 1)
    owed(desk, "Kotor Kayaks")
    approved(desk)
    with pytest.raises(WrongState):
        ask(desk, payouts(desk)[-1].id, 1)
    assert rows(desk) == []


def test_the_same_form_again_takes_back_once(desk: Desk) -> None:
    payout, key = paid(desk), uuid4()
    first = ask(desk, payout, 2000, key=key)
    assert ask(desk, payout, 2000, key=key).id == first.id
    with pytest.raises(KeyReused):
        ask(desk, payout, 2001, key=key)
    stands(desk, back=2000)


def test_what_the_provider_refuses_moves_nothing(desk: Desk) -> None:
    payout = paid(desk)
    elsewhere(desk, 7000)  # nobody here knows
    told = ask(desk, payout, 2000)
    assert told.state is TakeBackState.FAILED and told.failure is not None
    assert open_lines(desk, payouts(desk)[0].vendor_id) == 0
    worker(desk).read(desk.admin, payout)
    stands(desk, back=7000)


def test_a_vendor_who_has_spent_it_gives_nothing_back_and_another_form_may_ask_again(desk: Desk) -> None:
    payout = paid(desk)
    arm(desk, REVERSE, FaultKind.BALANCE_INSUFFICIENT)
    told = ask(desk, payout, 2000)
    assert told.failure is not None and "not enough on the vendor's account" in told.failure
    stands(desk, back=0)
    assert ask(desk, payout, ALL).ok
    stands(desk, back=ALL, state=PayoutState.REVERSED)


@pytest.mark.parametrize(
    "kind",
    [
        FaultKind.REPLY_LOST_AFTER,
        FaultKind.REPLY_LOST_BEFORE,
        FaultKind.SERVER_ERROR_AFTER,
        FaultKind.UNREACHABLE,
        FaultKind.TOO_MANY_REQUESTS,
    ],
)
def test_without_an_answer_it_is_looked_up_and_taken_back_once(
    desk: Desk, clock: HandClock, kind: FaultKind
) -> None:
    payout = paid(desk)
    arm(desk, REVERSE, kind)
    assert ask(desk, payout, 2000).state in (TakeBackState.UNKNOWN, TakeBackState.SENDING)
    assert worker(desk).recover(start_up=False) == 0  # its time has not come
    with desk.sandbox() as sandbox:
        sandbox.disarm()
    clock.forward(timedelta(minutes=1))
    assert worker(desk).recover(start_up=False) == 1
    stands(desk, back=2000)


def test_a_day_later_what_is_not_among_the_reversals_never_was(desk: Desk, clock: HandClock) -> None:
    payout = paid(desk)
    arm(desk, REVERSE, FaultKind.REPLY_LOST_BEFORE)
    ask(desk, payout, 2000)
    clock.forward(timedelta(hours=22, minutes=30))
    assert worker(desk).recover(start_up=True) == 0
    clock.forward(timedelta(days=1))
    assert worker(desk).recover(start_up=True) == 1
    assert rows(desk)[0].state is TakeBackState.FAILED
    stands(desk, back=0)
    assert ask(desk, payout, ALL).ok  # nothing of it is spoken for


@pytest.mark.parametrize("moment", Moment)
@pytest.mark.parametrize("name", [Commit.TAKE_BACK_SEND, Commit.TAKE_BACK_RECORD, Commit.TAKE_BACK_UNSETTLED])
def test_cut_off_at_a_commit_it_is_taken_back_once_all_the_same(
    desk: Desk, clock: HandClock, name: Commit, moment: Moment
) -> None:
    payout, key = paid(desk), uuid4()
    if name is Commit.TAKE_BACK_UNSETTLED:
        arm(desk, REVERSE, FaultKind.REPLY_LOST_AFTER)
    with cut_off(name, moment):
        ask(desk, payout, 2000, key=key)
    clock.forward(timedelta(minutes=1))
    worker(desk).recover(start_up=True)
    ask(desk, payout, 2000, key=key)  # the form is sent again
    stands(desk, back=2000)


# found there


def test_what_was_taken_back_at_the_provider_is_written_down_once(desk: Desk) -> None:
    payout = paid(desk)
    elsewhere(desk, 3000)
    for _ in range(2):
        assert worker(desk).read(desk.admin, payout)
    (row,) = rows(desk)
    assert (row.amount, row.reason, row.created_by, row.state) == (3000, FOUND, None, TakeBackState.DONE)
    stands(desk, back=3000)
    elsewhere(desk, 4650)
    worker(desk).read(desk.admin, payout)
    stands(desk, back=ALL, state=PayoutState.REVERSED)


def test_one_asked_for_here_and_one_found_there_are_told_apart(desk: Desk) -> None:
    payout = paid(desk)
    elsewhere(desk, 3000)
    arm(desk, REVERSE, FaultKind.REPLY_LOST_AFTER)
    assert ask(desk, payout, 2000).state is TakeBackState.UNKNOWN
    assert worker(desk).read(desk.admin, payout)  # finds ours first, then the other
    assert sorted((row.amount, row.reason) for row in rows(desk)) == [(2000, "Paid twice"), (3000, FOUND)]
    stands(desk, back=5000)


def test_while_ours_is_not_known_what_was_found_waits(desk: Desk, clock: HandClock) -> None:
    payout = paid(desk)
    elsewhere(desk, 3000)
    arm(desk, REVERSE, FaultKind.REPLY_LOST_BEFORE)
    ask(desk, payout, 2000)
    arm(desk, REVERSE, FaultKind.REPLY_LOST_BEFORE)
    assert not worker(desk).read(desk.admin, payout)
    assert open_lines(desk, payouts(desk)[0].vendor_id) == 0
    clock.forward(timedelta(hours=1))
    assert worker(desk).read(desk.admin, payout)
    stands(desk, back=5000)


def test_it_is_heard_of_at_the_provider(desk: Desk) -> None:
    paid(desk)
    desk.services.listening.poll()
    elsewhere(desk, 3000)
    desk.services.listening.poll()
    stands(desk, back=3000)
    assert desk.services.listening.poll().left == 0


def test_who_did_not_listen_for_a_month_looks_through_what_was_paid(desk: Desk, clock: HandClock) -> None:
    paid(desk)
    desk.services.listening.poll()
    elsewhere(desk, 3000)
    clock.forward(timedelta(days=31))
    assert desk.services.listening.poll().in_full
    stands(desk, back=3000)


def test_of_a_payout_whose_answer_was_lost_it_is_heard_once_that_is_found(
    desk: Desk, clock: HandClock
) -> None:
    plenty(desk)
    owed(desk, "Perast Boats")
    desk.services.listening.poll()
    arm(desk, Operation.TRANSFER_CREATE, FaultKind.REPLY_LOST_AFTER)
    runs(desk).run(desk.admin, approved(desk))
    (payout,) = payouts(desk)
    assert payout.state is PayoutState.UNKNOWN
    (sent,) = desk.program.gateway.find_transfers(group_of(payout.id))
    desk.program.gateway.reverse_transfer(ReversalRequest(new_id(), sent.ref, eur(3000)), key=str(new_id()))
    assert desk.services.listening.poll().left > 0
    clock.forward(timedelta(minutes=1))
    desk.services.payments.recover()
    desk.services.listening.poll()
    stands(desk, back=3000)


# what follows


def test_an_account_that_is_gone_is_not_paid_what_was_taken_back(desk: Desk) -> None:
    payout = paid(desk)
    paid_to(desk, payouts(desk)[0].vendor_id, "acct_gone")
    ask(desk, payout, 2000)
    report = runs(desk).run(desk.admin, approved(desk))
    assert (report.figures.failed, report.figures.paid) == (1, 0)
    stands(desk, back=2000)
