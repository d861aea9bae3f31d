"""Running a batch: with progress, paused, stopped, gone on with, by two at once, by itself; what failed is retried."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from helpers.clock import START, HandClock
from helpers.desk import Desk, desk_again, desk_at, open_at
from helpers.disputed import over_http
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
    runs,
    states,
)
from helpers.raw import raw
from travellr_desktop.domain.ledger import Account
from travellr_desktop.domain.states import BatchState, PayoutState
from travellr_desktop.domain.ways import PaymentsKind
from travellr_desktop.errors import (
    Cancelled,
    NotFound,
    OtherPaymentsKind,
    Refusal,
    RequestInProgress,
    WrongState,
)
from travellr_desktop.events import PayoutBatchChanged
from travellr_desktop.jobs.runner import Runner
from travellr_desktop.payments.door import GatewayDoor
from travellr_desktop.payments.keyless import KeylessGateway
from travellr_desktop.payments.sandbox.faults import FaultKind
from travellr_desktop.payments.sandbox.operations import Operation
from travellr_desktop.services.payouts.run_views import RunFigures
from travellr_desktop.services.payouts.running import PayoutRunService
from travellr_desktop.storage.commits import Commit

SEND, ACCOUNT = Operation.TRANSFER_CREATE, Operation.ACCOUNT_RETRIEVE
LATER = START + timedelta(days=31)
FOUR = ("Arsenal Boats", "Bay Kayaks", "Cattaro Walks", "Dobrota Diving")


def four(desk: Desk) -> UUID:
    plenty(desk)
    owed(desk, *FOUR)
    return approved(desk)


def switch_on(desk: Desk) -> None:
    """Batches run by themselves from now on."""
    with desk.database.write(Commit.SETTINGS_SAVE, desk.admin) as work:
        work.agency.get().payouts_run = True
        work.commit()


# a run


def test_a_run_pays_everybody_and_says_how_far_it_is(desk: Desk) -> None:
    changed: list[PayoutBatchChanged] = []
    subscription = desk.services.bus.subscribe(PayoutBatchChanged, changed.append)
    batch, told = four(desk), list[RunFigures]()
    report = runs(desk).run(desk.admin, batch, told.append)
    assert report.ok and (report.figures.paid, report.figures.total) == (4, 4)
    assert [(each.vendor, each.paid, each.left) for each in told] == [
        ("Arsenal Boats", 0, 4),
        ("Bay Kayaks", 1, 3),
        ("Cattaro Walks", 2, 2),
        ("Dobrota Diving", 3, 1),
        ("", 4, 0),
    ]
    assert [event.state for event in changed] == [BatchState.SENDING, BatchState.DONE]
    assert batch_state(desk, batch) is BatchState.DONE
    assert not_once(desk) == []
    assert at(desk, Account.VENDOR_PAYABLE) == 0
    subscription.cancel()


def test_a_batch_that_is_done_a_draft_or_none_is_not_run(desk: Desk) -> None:
    batch = four(desk)
    runs(desk).run(desk.admin, batch)
    with pytest.raises(WrongState, match="settled"):
        runs(desk).run(desk.admin, batch)
    with pytest.raises(NotFound):
        runs(desk).run(desk.admin, UUID(int=7))
    with pytest.raises(WrongState, match="not being sent"):
        runs(desk).pause(desk.admin, batch)
    with pytest.raises(WrongState, match="not being sent"):
        runs(desk).stop(desk.admin, batch)
    assert not_once(desk) == []


def test_in_one_program_a_batch_is_run_once_at_a_time(desk: Desk) -> None:
    batch = four(desk)
    with desk.database.workers.at(batch), pytest.raises(RequestInProgress):
        runs(desk).run(desk.admin, batch)
    assert states(desk) == {PayoutState.APPROVED: 4}


def test_those_that_cannot_be_paid_keep_nobody_waiting(desk: Desk) -> None:
    batch = four(desk)
    first, second, *_ = payouts(desk)
    desk.services.vendors.deactivate(desk.admin, first.vendor_id)
    assert second.account_ref is not None
    with desk.sandbox() as sandbox:
        sandbox.change_account(second.account_ref, transfers="inactive")
    report = runs(desk).run(desk.admin, batch)
    assert (report.figures.paid, report.figures.failed, report.why) == (2, 2, "")
    assert not report.ok
    assert [failure.vendor_name for failure in report.failures] == ["Arsenal Boats", "Bay Kayaks"]
    assert batch_state(desk, batch) is BatchState.DONE
    assert not_once(desk) == []
    assert open_lines(desk, first.vendor_id) == open_lines(desk, second.vendor_id) == SHARE


# paused and stopped


def test_paused_by_another_program_nothing_more_is_begun_until_somebody_goes_on(desk: Desk) -> None:
    batch = four(desk)
    with raw(desk.profile.database) as connection:  # as another window has it
        other = open_at(desk.profile.folder, desk.clock)

        def look(figures: RunFigures) -> None:
            if figures.paid == 2 and figures.vendor:
                other.services.payout_runs.pause(desk.admin, batch)

        report = runs(desk).run(desk.admin, batch, look)
        other.close()
        assert (report.figures.paid, report.figures.left) == (2, 2)
        assert connection.execute("SELECT state FROM payout_batches").fetchone() == ("paused",)
    with pytest.raises(WrongState, match="paused"):
        runs(desk).run(desk.admin, batch)
    assert runs(desk).resume(desk.admin, batch).ok
    assert not_once(desk) == []


def test_stopped_after_the_current_one_the_rest_is_approved_and_waits(desk: Desk) -> None:
    batch = four(desk)

    def look(figures: RunFigures) -> None:
        if figures.paid == 1 and figures.vendor:
            runs(desk).stop(desk.admin, batch)

    report = runs(desk).run(desk.admin, batch, look)
    assert (report.figures.paid, report.figures.left, report.figures.state) == (1, 3, BatchState.APPROVED)
    switch_on(desk)
    assert runs(desk).run_due() == 0  # somebody has stopped it
    with pytest.raises(WrongState, match="not paused"):
        runs(desk).resume(desk.admin, batch)
    assert runs(desk).run(desk.admin, batch).ok
    assert not_once(desk) == []


def test_a_paused_batch_is_stopped_too(desk: Desk) -> None:
    batch = four(desk)

    def look(figures: RunFigures) -> None:
        if figures.paid == 1 and figures.vendor:
            runs(desk).pause(desk.admin, batch)

    runs(desk).run(desk.admin, batch, look)
    assert runs(desk).stop(desk.admin, batch).state is BatchState.APPROVED
    assert states(desk) == {PayoutState.PAID: 1, PayoutState.APPROVED: 3}


def test_a_run_that_is_broken_off_is_paused(desk: Desk) -> None:
    batch = four(desk)

    def break_off(figures: RunFigures) -> None:
        if figures.paid == 3:
            raise Cancelled

    with pytest.raises(Cancelled):
        runs(desk).run(desk.admin, batch, break_off)
    assert batch_state(desk, batch) is BatchState.PAUSED
    assert runs(desk).resume(desk.admin, batch).ok
    assert not_once(desk) == []


# silence


def test_one_without_an_answer_keeps_nobody_waiting_and_ends_the_batch_when_it_is_found(
    desk: Desk, clock: HandClock
) -> None:
    batch = four(desk)
    arm(desk, SEND, FaultKind.REPLY_LOST_AFTER)
    report = runs(desk).run(desk.admin, batch)
    assert (report.figures.paid, report.figures.unknown, report.why) == (3, 1, "")
    assert batch_state(desk, batch) is BatchState.SENDING
    clock.forward(timedelta(minutes=1))
    desk.services.payments.recover()
    assert batch_state(desk, batch) is BatchState.DONE
    assert not_once(desk) == []


def test_one_that_nobody_knows_of_is_looked_up_when_somebody_asks(desk: Desk) -> None:
    batch = four(desk)
    arm(desk, SEND, FaultKind.REPLY_LOST_AFTER)
    runs(desk).run(desk.admin, batch)
    (unknown,) = (row.id for row in payouts(desk) if row.state is PayoutState.UNKNOWN)
    assert runs(desk).read_now(desk.admin, unknown).state is PayoutState.PAID
    assert batch_state(desk, batch) is BatchState.DONE
    assert not_once(desk) == []


def test_where_nobody_answers_at_all_the_run_is_paused(desk: Desk, clock: HandClock) -> None:
    batch = four(desk)
    arm(desk, ACCOUNT, FaultKind.UNREACHABLE, for_good=True)
    report = runs(desk).run(desk.admin, batch)
    assert (report.figures.unknown, report.figures.left) == (3, 1)
    assert (report.figures.state, bool(report.why)) == (BatchState.PAUSED, True)
    disarm(desk)
    clock.forward(timedelta(minutes=1))
    assert desk.services.payments.recover().payouts == 3
    assert runs(desk).resume(desk.admin, batch).ok
    assert not_once(desk) == []


# two managers


def test_two_managers_in_two_programs_pay_everybody_once(desk: Desk) -> None:
    batch = four(desk)
    other = open_at(desk.profile.folder, desk.clock)
    together = threading.Barrier(2)
    trouble: list[Exception] = []

    def manage(service: PayoutRunService) -> None:
        together.wait()
        try:
            service.run(desk.admin, batch)
        except WrongState:
            pass  # the other was done before this one began
        except Exception as error:
            trouble.append(error)

    both = (runs(desk), other.services.payout_runs)
    threads = [threading.Thread(target=manage, args=(each,)) for each in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    other.close()
    assert trouble == []
    assert states(desk) == {PayoutState.PAID: 4}
    assert batch_state(desk, batch) is BatchState.DONE
    assert not_once(desk) == []


# by itself


def test_nothing_runs_by_itself_unless_it_is_switched_on(desk: Desk) -> None:
    batch = four(desk)
    assert runs(desk).run_due() == 0
    assert states(desk) == {PayoutState.APPROVED: 4}
    switch_on(desk)
    jobs = Runner(desk.services)
    assert jobs.run_now("Run approved payouts").said == "4 begun"
    assert batch_state(desk, batch) is BatchState.DONE
    assert jobs.run_now("Run approved payouts").said == "0 begun"
    assert not_once(desk) == []


def test_by_itself_nothing_more_is_begun_while_one_is_waited_for(desk: Desk, clock: HandClock) -> None:
    batch = four(desk)
    switch_on(desk)
    arm(desk, ACCOUNT, FaultKind.UNREACHABLE, for_good=True)
    assert runs(desk).run_due() == 1
    assert runs(desk).run_due() == 0
    assert batch_state(desk, batch) is BatchState.SENDING
    disarm(desk)
    clock.forward(timedelta(minutes=1))
    desk.services.payments.recover()
    assert runs(desk).run_due() == 3
    assert batch_state(desk, batch) is BatchState.DONE
    assert not_once(desk) == []


# tried again


def one_failed(desk: Desk) -> UUID:
    plenty(desk)
    owed(desk, "Perast Boats")
    batch = approved(desk)
    arm(desk, SEND, FaultKind.BALANCE_INSUFFICIENT)
    runs(desk).run(desk.admin, batch)
    (payout,) = payouts(desk)
    assert payout.state is PayoutState.FAILED
    return payout.id


def test_a_failed_one_is_sent_again_by_itself_as_a_payout_of_its_own(desk: Desk) -> None:
    """Worked: 90.00 less 15 % is 76.50. It fails, and is a line again; the retry pays that line: nothing is left."""
    failed = one_failed(desk)
    vendor = payouts(desk)[0].vendor_id
    assert open_lines(desk, vendor) == 7650
    again = runs(desk).retry(desk.admin, failed)
    assert again.ok and again.number == 2 and again.amount.minor == 7650
    first, second = payouts(desk)
    assert (second.retry_of, second.root_id, second.batch_id) == (first.id, first.id, first.batch_id)
    assert (first.state, second.state) == (PayoutState.FAILED, PayoutState.PAID)
    assert open_lines(desk, vendor) == 0 == at(desk, Account.VENDOR_PAYABLE, vendor)
    assert not_once(desk) == []
    figures = runs(desk).figures(desk.admin, first.batch_id)
    assert (figures.total, figures.paid, figures.failed) == (1, 1, 0)


def test_tried_again_twice_it_is_one_payout(desk: Desk) -> None:
    failed = one_failed(desk)
    first = runs(desk).retry(desk.admin, failed)
    assert runs(desk).retry(desk.admin, failed).id == first.id
    assert len(payouts(desk)) == 2
    assert not_once(desk) == []


def test_what_was_paid_is_not_tried_again(desk: Desk) -> None:
    failed = one_failed(desk)
    second = runs(desk).retry(desk.admin, failed).id
    with pytest.raises(WrongState, match="has not failed"):
        runs(desk).retry(desk.admin, second)


def test_what_another_batch_pays_is_not_tried_again(desk: Desk) -> None:
    failed = one_failed(desk)
    runs(desk).run(desk.admin, approved(desk))
    with pytest.raises(WrongState, match="paid by another batch"):
        runs(desk).retry(desk.admin, failed)
    assert not_once(desk) == []


def test_to_another_account_it_is_paid_by_the_next_batch_only(desk: Desk) -> None:
    failed = one_failed(desk)
    vendor = payouts(desk)[0].vendor_id
    with desk.sandbox() as sandbox:
        paid_to(desk, vendor, sandbox.open_account("Another"))
    with pytest.raises(WrongState, match="changed after"):
        runs(desk).retry(desk.admin, failed)
    runs(desk).run(desk.admin, approved(desk))
    assert payout_of(desk, vendor).state is PayoutState.PAID
    assert not_once(desk) == []


def test_a_retry_that_fails_is_tried_again_in_its_turn(desk: Desk) -> None:
    failed = one_failed(desk)
    arm(desk, SEND, FaultKind.BALANCE_INSUFFICIENT)
    second = runs(desk).retry(desk.admin, failed)
    assert (second.state, second.ok) == (PayoutState.FAILED, False)
    third = runs(desk).retry(desk.admin, second.id)
    assert third.ok and third.number == 3
    assert not_once(desk) == []


def test_a_retry_without_an_answer_is_looked_up_like_any(desk: Desk, clock: HandClock) -> None:
    failed = one_failed(desk)
    arm(desk, SEND, FaultKind.REPLY_LOST_AFTER)
    assert runs(desk).retry(desk.admin, failed).state is PayoutState.UNKNOWN
    clock.forward(timedelta(minutes=1))
    assert desk.services.payments.recover().payouts == 1
    assert not_once(desk) == []


# another key, another wire


def put(desk: Desk, kind: PaymentsKind) -> None:
    """From now on there is no key, on a profile of that kind."""
    assert isinstance(desk.program.gateway, GatewayDoor)
    desk.program.gateway.change(KeylessGateway(kind))


@pytest.mark.parametrize(
    ("kind", "refusal"), [(PaymentsKind.TEST, OtherPaymentsKind), (PaymentsKind.SANDBOX, WrongState)]
)
def test_without_the_right_key_nothing_is_begun_and_what_was_begun_waits(
    tmp_path: Path, kind: PaymentsKind, refusal: type[Refusal]
) -> None:
    with desk_at(tmp_path / "profile", HandClock()) as desk:
        batch = four(desk)
        switch_on(desk)
        put(desk, kind)
        with pytest.raises(refusal):
            runs(desk).run(desk.admin, batch)
        assert runs(desk).run_due() == 0
        assert states(desk) == {PayoutState.APPROVED: 4}
    with desk_again(tmp_path / "profile", HandClock(LATER)) as desk:  # with its key
        arm(desk, SEND, FaultKind.REPLY_LOST_AFTER)
        assert runs(desk).run(desk.admin, batch).figures.unknown == 1
        put(desk, kind)
        assert desk.services.payments.recover(start_up=True).still_unknown == 1
    with desk_again(tmp_path / "profile", HandClock(LATER)) as desk:
        assert desk.services.payments.recover(start_up=True).payouts == 1
        assert batch_state(desk, batch) is BatchState.DONE
        assert not_once(desk) == []


def test_over_a_socket_everybody_is_paid_once_whatever_becomes_of_replies(
    desk: Desk, clock: HandClock
) -> None:
    batch = four(desk)
    with over_http(desk):
        arm(desk, SEND, FaultKind.REPLY_LOST_AFTER)
        arm(desk, SEND, FaultKind.SERVER_ERROR_AFTER)
        arm(desk, ACCOUNT, FaultKind.TOO_MANY_REQUESTS)
        report = runs(desk).run(desk.admin, batch)
        assert report.figures.paid + report.figures.unknown + report.figures.left == 4
        disarm(desk)
        clock.forward(timedelta(minutes=1))
        desk.services.payments.recover()
        if batch_state(desk, batch) is BatchState.PAUSED:
            runs(desk).resume(desk.admin, batch)
    assert states(desk) == {PayoutState.PAID: 4}
    assert not_once(desk) == []
