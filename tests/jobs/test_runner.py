"""What runs by itself: at start-up, again and again, and on demand."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from helpers.clock import HandClock
from helpers.cut_off import cut_off
from helpers.desk import CASH, Desk, desk_at
from travellr_desktop.domain.states import HoldState, PaymentState
from travellr_desktop.events import PaymentProcessed
from travellr_desktop.jobs import runner
from travellr_desktop.jobs.runner import JOBS, Job, Runner
from travellr_desktop.payments.sandbox.faults import FaultKind
from travellr_desktop.payments.sandbox.operations import Operation
from travellr_desktop.services.outcomes import OutcomeState
from travellr_desktop.services.registry import Services
from travellr_desktop.storage.commits import Commit, Moment


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def desk(tmp_path: Path, clock: HandClock) -> Iterator[Desk]:
    with desk_at(tmp_path, clock) as desk:
        desk.add_departure()
        yield desk


def _unknown_sale(desk: Desk) -> Any:
    departure = desk.add_departure(capacity=4)
    with desk.sandbox() as sandbox:
        sandbox.arm(Operation.INTENT_CONFIRM, FaultKind.REPLY_LOST_AFTER)
    outcome = desk.sold(departure, adult=1)
    assert outcome.state is OutcomeState.UNKNOWN
    return outcome


def test_the_started_runner_recovers_what_was_left_and_leaves_no_thread(desk: Desk) -> None:
    sale = _unknown_sale(desk)
    recovered = threading.Event()

    def told(event: PaymentProcessed) -> None:
        if event.state is PaymentState.COMPLETED:
            recovered.set()

    with desk.services.bus.subscribe(PaymentProcessed, told):
        started = Runner(desk.services)
        started.start()
        try:
            assert recovered.wait(20)
        finally:
            started.stop()
    assert desk.services.sales.outcome(desk.agent, sale.sale_id).state is OutcomeState.PAID


def test_cash_that_was_cut_off_is_completed_as_the_program_starts(desk: Desk) -> None:
    hold = desk.hold(desk.add_departure(), adult=1)
    with cut_off(Commit.SALE_PLACE, Moment.AFTER):
        desk.sell(hold, pay=CASH)
    assert runner.start_up(desk.services).endswith("0 holds lapsed, 1 payments recovered")
    assert runner.start_up(desk.services).endswith("0 payments recovered")


def test_a_payment_is_read_when_its_time_has_come_and_not_before(desk: Desk, clock: HandClock) -> None:
    _unknown_sale(desk)
    jobs = Runner(desk.services)
    assert jobs.run_now("Read open payments").said == "0 paid, 0 refunded, 0 paid out, 1 still open"
    clock.forward(timedelta(seconds=5))
    assert jobs.run_now("Read open payments").said == "1 paid, 0 refunded, 0 paid out, 0 still open"


def test_lapsed_holds_go_back(desk: Desk, clock: HandClock) -> None:
    hold = desk.hold(desk.add_departure(capacity=2))
    jobs = Runner(desk.services)
    assert jobs.run_now("Let go of lapsed holds").said == "0 lapsed"
    clock.forward(timedelta(minutes=15))
    assert jobs.run_now("Let go of lapsed holds").said == "1 lapsed"
    with desk.database.read() as view:
        assert view.holds.get(hold.id).state is HoldState.EXPIRED


def test_it_is_noted_which_events_were_told(desk: Desk) -> None:
    desk.sold(desk.add_departure(), adult=1)
    jobs = Runner(desk.services)
    assert jobs.run_now("Note which events were told").said != "0 events"
    with desk.database.read() as view:
        assert view.journal.unpublished() == []
    assert jobs.run_now("Note which events were told").said == "0 events"


def test_many_events_are_noted_with_another_write(desk: Desk) -> None:
    for number in range(70):
        desk.traveller(f"Traveller {number}")
    with desk.database.read() as view:
        assert 0 < len(view.journal.unpublished()) <= 64


def test_old_command_keys_are_forgotten_after_a_day(desk: Desk, clock: HandClock) -> None:
    desk.traveller()
    clock.forward(timedelta(hours=25))
    run = Runner(desk.services).run_now("Forget old command keys")
    assert (run.said, run.failed) == ("done", None)
    with desk.database.read() as view:
        assert view.commands.forget_before(clock.now()) == 0


def test_a_job_that_fails_says_so_and_can_run_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    answers: Iterator[Exception | str] = iter([ZeroDivisionError("nothing to share"), "mended"])

    def work(_services: Services) -> str:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(runner, "JOBS", (*JOBS, Job("Share", timedelta(hours=1), work)))
    jobs = Runner(desk.services)
    assert jobs.run_now("Share").failed == "ZeroDivisionError: nothing to share"
    assert replace(jobs.run_now("Share"), began=None, took=None).said == "mended"
    assert [run.failed for run in jobs.runs() if run.name == "Share"] == [None]


def test_a_name_that_is_no_job_is_a_key_error(desk: Desk) -> None:
    with pytest.raises(KeyError):
        Runner(desk.services).run_now("Nothing of the kind")
