"""Sending one payout: exactly once, whatever the provider answers; where it fails, the vendor has the money again."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from helpers.clock import HandClock
from helpers.cut_off import cut_off
from helpers.desk import CASH, Desk, desk_at
from helpers.paying_out import (
    SHARE,
    approved,
    arm,
    at,
    batch_state,
    disarm,
    not_once,
    open_lines,
    owed,
    paid_to,
    payout_of,
    payouts,
    plenty,
    send_naively,
)
from travellr_desktop.domain.ledger import Account
from travellr_desktop.domain.permissions import SYSTEM
from travellr_desktop.domain.states import BatchState, PayoutState
from travellr_desktop.events import VendorPayout
from travellr_desktop.payments.gateway import OutcomeUnknown
from travellr_desktop.payments.sandbox.faults import FaultKind
from travellr_desktop.payments.sandbox.operations import Operation
from travellr_desktop.services.payouts.paying import Paying, Went
from travellr_desktop.storage.commits import Commit, Moment

SEND, FIND, ACCOUNT = Operation.TRANSFER_CREATE, Operation.TRANSFER_LIST, Operation.ACCOUNT_RETRIEVE


def paying(desk: Desk) -> Paying:
    return Paying(desk.database, desk.program.gateway)


def one(desk: Desk) -> UUID:
    """A payout of a vendor's share, approved."""
    owed(desk, "Perast Boats")
    approved(desk)
    (payout,) = payouts(desk)
    assert payout.amount == SHARE
    return payout.id


def statement_of(desk: Desk, payout_id: UUID) -> str:
    with desk.database.read() as view:
        statement = view.payouts.statement(payout_id)
        assert statement is not None
        return statement.outcome


# the control


def test_who_sends_before_the_row_under_a_new_key_pays_twice_and_is_seen(tmp_path: Path) -> None:
    with desk_at(tmp_path / "naive", HandClock()) as desk:
        plenty(desk)
        payout = one(desk)
        assert not_once(desk) == []
        arm(desk, SEND, FaultKind.REPLY_LOST_AFTER)
        with pytest.raises(OutcomeUnknown):
            send_naively(desk, payout)
        assert not_once(desk) == [f"approved, and sent [('{payouts(desk)[0].account_ref}', {SHARE})]"]
        send_naively(desk, payout)
        assert not_once(desk) != []
        assert [problem.kind for problem in desk.services.check.run().problems] == ["provider.transfer"]
        with desk.sandbox() as sandbox:
            assert sandbox.counted("transfer", "payout_id") == {str(payout): 2}


# as it should go


def test_a_payout_is_sent_once_and_is_in_the_books(desk: Desk) -> None:
    told: list[VendorPayout] = []
    subscription = desk.services.bus.subscribe(VendorPayout, told.append)
    payout = one(desk)
    assert paying(desk).send(desk.admin, payout).went is Went.PAID
    row = payouts(desk)[0]
    assert (row.state, row.worker, row.next_read_at) == (PayoutState.PAID, None, None)
    assert row.provider_ref is not None and row.ended_at == desk.clock.now()
    assert not_once(desk) == []
    assert at(desk, Account.VENDOR_PAYABLE, row.vendor_id) == 0
    assert open_lines(desk, row.vendor_id) == 0
    assert statement_of(desk, payout) == "paid"
    assert batch_state(desk, row.batch_id) is BatchState.DONE
    assert [event.state for event in told] == [PayoutState.SENDING, PayoutState.PAID]
    subscription.cancel()
    with desk.database.read() as view:
        assert [(each.action, each.outcome) for each in view.payouts.attempts(payout)] == [
            ("send", "sent"),
            ("send", "paid"),
        ]


def test_sent_again_it_is_left_as_it_is(desk: Desk) -> None:
    payout = one(desk)
    paying(desk).send(desk.admin, payout)
    assert paying(desk).send(desk.admin, payout).went is Went.LEFT
    assert not_once(desk) == []


def test_in_a_run_nothing_is_begun_while_the_batch_is_not_being_sent(desk: Desk) -> None:
    payout = one(desk)
    assert paying(desk).send(desk.admin, payout, in_run=True).went is Went.LEFT
    assert payouts(desk)[0].state is PayoutState.APPROVED


# no, for good


def failed(desk: Desk, payout: UUID, words: str) -> None:
    """It failed with these words, nothing was sent, and the vendor has the money as a new line."""
    row = payouts(desk)[0]
    assert row.state is PayoutState.FAILED
    assert row.failure is not None and words in row.failure
    assert not_once(desk) == []
    assert open_lines(desk, row.vendor_id) == SHARE == -at(desk, Account.VENDOR_PAYABLE, row.vendor_id)
    assert statement_of(desk, payout) == "failed"
    assert batch_state(desk, row.batch_id) is BatchState.DONE


def test_a_vendor_deactivated_since_the_approval_is_not_paid(desk: Desk) -> None:
    payout = one(desk)
    desk.services.vendors.deactivate(desk.admin, payouts(desk)[0].vendor_id)
    assert paying(desk).send(desk.admin, payout).went is Went.FAILED
    failed(desk, payout, "deactivated after the payout was approved")
    assert payouts(desk)[0].first_sent_at is None


@pytest.mark.parametrize("account", ["acct_other", None])
def test_a_vendor_whose_account_was_changed_since_is_not_paid(desk: Desk, account: str | None) -> None:
    payout = one(desk)
    paid_to(desk, payouts(desk)[0].vendor_id, account)
    assert paying(desk).send(desk.admin, payout).went is Went.FAILED
    failed(desk, payout, "changed after the payout was approved")


def test_an_account_that_the_provider_does_not_know_is_not_paid(desk: Desk) -> None:
    vendor = owed(desk, "Perast Boats")[0].vendor_id
    paid_to(desk, vendor, "acct_closed")
    approved(desk)
    payout = payouts(desk)[0].id
    assert paying(desk).send(desk.admin, payout).went is Went.FAILED
    failed(desk, payout, "does not know the vendor's account")


def test_an_account_that_is_not_ready_is_not_paid_and_it_says_what_is_missing(desk: Desk) -> None:
    payout = one(desk)
    account = payouts(desk)[0].account_ref
    assert account is not None
    with desk.sandbox() as sandbox:
        sandbox.change_account(account, past_due=("external_account",))
    assert paying(desk).send(desk.admin, payout).went is Went.FAILED
    failed(desk, payout, "still wants: a bank account")


def test_a_balance_that_does_not_suffice_is_a_definite_no(desk: Desk) -> None:
    payout = one(desk)
    arm(desk, SEND, FaultKind.BALANCE_INSUFFICIENT)
    tried = paying(desk).send(desk.admin, payout)
    assert (tried.went, tried.ours) == (Went.FAILED, False)
    failed(desk, payout, "not enough available")


def test_what_was_paid_in_cash_is_not_with_the_provider(desk: Desk) -> None:
    owed(desk, "Perast Boats", pay=CASH)
    approved(desk)
    payout = payouts(desk)[0].id
    assert paying(desk).send(desk.admin, payout).went is Went.FAILED
    failed(desk, payout, "not enough available")


# nobody knows


@pytest.mark.parametrize(
    ("kind", "gone"),
    [
        (FaultKind.REPLY_LOST_AFTER, 1),
        (FaultKind.REPLY_LOST_BEFORE, 0),
        (FaultKind.SERVER_ERROR_AFTER, 1),
        (FaultKind.SERVER_ERROR_BEFORE, 0),
        (FaultKind.LATE, 1),
        (FaultKind.TRUNCATED, 1),
    ],
)
def test_without_an_answer_it_is_unknown_until_it_is_looked_up(
    desk: Desk, clock: HandClock, kind: FaultKind, gone: int
) -> None:
    payout = one(desk)
    arm(desk, SEND, kind)
    assert paying(desk).send(desk.admin, payout).went is Went.UNKNOWN
    row = payouts(desk)[0]
    assert row.state is PayoutState.UNKNOWN and row.next_read_at is not None
    assert -at(desk, Account.PAYOUTS_IN_TRANSIT) == SHARE
    with desk.sandbox() as sandbox:
        assert sandbox.counted("transfer", "payout_id").total() == gone
    disarm(desk)
    assert paying(desk).recover(start_up=False) == 0  # its time has not come
    clock.forward(timedelta(seconds=6))
    assert paying(desk).recover(start_up=False) == 1
    assert payouts(desk)[0].state is PayoutState.PAID
    assert not_once(desk) == []


def test_what_is_among_the_transfers_is_not_sent_again_after_the_key_is_forgotten(
    desk: Desk, clock: HandClock
) -> None:
    payout = one(desk)
    arm(desk, SEND, FaultKind.REPLY_LOST_AFTER)
    paying(desk).send(desk.admin, payout)
    clock.forward(timedelta(days=3))
    assert paying(desk).recover(start_up=True) == 1
    assert payouts(desk)[0].state is PayoutState.PAID
    assert not_once(desk) == []


def test_what_is_not_among_them_a_day_later_never_was_and_nothing_is_sent_for_it(
    desk: Desk, clock: HandClock
) -> None:
    payout = one(desk)
    arm(desk, SEND, FaultKind.REPLY_LOST_BEFORE)
    paying(desk).send(desk.admin, payout)
    clock.forward(timedelta(hours=22, minutes=30))
    assert paying(desk).recover(start_up=True) == 0  # too late to be sent, too early to be given up
    assert payouts(desk)[0].state is PayoutState.UNKNOWN
    clock.forward(timedelta(days=1))
    assert paying(desk).recover(start_up=False) == 1
    failed(desk, payout, "never reached the provider")
    with desk.sandbox() as sandbox:
        assert sandbox.counted("transfer", "payout_id").total() == 0


def test_while_the_transfers_cannot_be_listed_nothing_is_sent(desk: Desk, clock: HandClock) -> None:
    payout = one(desk)
    arm(desk, SEND, FaultKind.REPLY_LOST_BEFORE)
    paying(desk).send(desk.admin, payout)
    arm(desk, FIND, FaultKind.REPLY_LOST_BEFORE, for_good=True)
    clock.forward(timedelta(hours=1))
    assert paying(desk).recover(start_up=False) == 0
    with desk.sandbox() as sandbox:
        assert sandbox.counted("transfer", "payout_id").total() == 0
    disarm(desk)
    clock.forward(timedelta(hours=1))
    assert paying(desk).recover(start_up=False) == 1
    assert not_once(desk) == []


@pytest.mark.parametrize(
    ("operation", "kind"),
    [
        (ACCOUNT, FaultKind.UNREACHABLE),
        (ACCOUNT, FaultKind.REPLY_LOST_AFTER),
        (SEND, FaultKind.UNREACHABLE),
        (SEND, FaultKind.TOO_MANY_REQUESTS),
    ],
)
def test_where_nothing_was_sent_it_waits_and_goes_on_by_itself(
    desk: Desk, clock: HandClock, operation: Operation, kind: FaultKind
) -> None:
    payout = one(desk)
    arm(desk, operation, kind)
    tried = paying(desk).send(desk.admin, payout)
    assert (tried.went, tried.ours) == (Went.WAITS, False)
    assert payouts(desk)[0].state is PayoutState.SENDING
    disarm(desk)
    clock.forward(timedelta(minutes=1))
    assert paying(desk).recover(start_up=False) == 1
    assert not_once(desk) == []


@pytest.mark.parametrize("moment", Moment)
@pytest.mark.parametrize("name", [Commit.PAYOUT_SEND, Commit.PAYOUT_RECORD, Commit.PAYOUT_UNSETTLED])
def test_cut_off_at_a_commit_it_is_sent_once_all_the_same(
    desk: Desk, clock: HandClock, name: Commit, moment: Moment
) -> None:
    payout = one(desk)
    if name is Commit.PAYOUT_UNSETTLED:
        arm(desk, SEND, FaultKind.REPLY_LOST_AFTER)
    with cut_off(name, moment):
        paying(desk).send(desk.admin, payout)
    disarm(desk)
    clock.forward(timedelta(minutes=1))
    paying(desk).recover(start_up=True)
    paying(desk).send(SYSTEM, payout)  # where nothing had been committed, it is only approved
    assert payouts(desk)[0].state is PayoutState.PAID
    assert not_once(desk) == []


def test_one_that_a_thread_of_this_program_is_at_is_left_to_it(desk: Desk) -> None:
    payout = one(desk)
    with desk.database.workers.at(payout):
        assert paying(desk).send(desk.admin, payout).went is Went.LEFT
        assert paying(desk).recover(start_up=True) == 0
    assert payouts(desk)[0].state is PayoutState.APPROVED


def test_what_the_vendors_own_bank_refuses_is_paid_all_the_same(desk: Desk) -> None:
    """The money is in the vendor's account with the provider, which then asks for another bank: nothing is written, and
    nothing is paid again."""
    payout = one(desk)
    paying(desk).send(desk.admin, payout)
    row = payouts(desk)[0]
    assert row.account_ref is not None
    with desk.database.read() as view:
        before = view.ledger.count()
    with desk.sandbox() as sandbox:
        sandbox.change_account(row.account_ref, past_due=("external_account",))
    desk.services.listening.poll()
    paying(desk).recover(start_up=True)
    with desk.database.read() as view:
        assert view.ledger.count() == before
    assert payout_of(desk, row.vendor_id).state is PayoutState.PAID
    assert open_lines(desk, row.vendor_id) == 0
    assert not_once(desk) == []
