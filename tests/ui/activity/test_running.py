"""What runs: jobs, run by hand and by themselves, and work of the window."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from helpers.activity_page import FORMATS, Key, activity
from helpers.clock import START
from helpers.office import Office
from travellr_desktop.jobs.runner import JOBS, JobRun
from travellr_desktop.ui.activity.schedule import every, took
from travellr_desktop.ui.background import Task


def test_each_job_says_what_it_does_before_it_has_run(office: Office) -> None:
    screen = activity(office)
    office.until(lambda: len(screen.running.schedule.rows) == len(JOBS))
    row = screen.running.schedule.rows["Read open payments"]
    assert row.every.text() == "5 s"
    assert row.last.text() == "–"
    assert row.said.text() == "Has not run since the program was opened"


def test_run_now_runs_a_job_and_says_how_it_went(office: Office) -> None:
    screen = activity(office)
    office.until(lambda: screen.running.schedule.rows)
    office.clock.forward(timedelta(minutes=6))
    row = screen.running.schedule.rows["Let go of lapsed holds"]
    office.tab_to(row.button)
    office.key(Key.Key_Space)
    office.until(lambda: row.said.text() == "2 lapsed")
    assert row.last.text() == "10:58:00"
    assert row.said.tone == "text_secondary"


def test_a_job_that_failed_says_so_in_red_and_why(office: Office) -> None:
    screen = activity(office)
    office.until(lambda: screen.running.schedule.rows)
    failed = JobRun(
        "Read open payments", timedelta(seconds=5), START, timedelta(seconds=3.2), "", "The disk is full."
    )
    screen.running.schedule.show_runs([failed], FORMATS)
    row = screen.running.schedule.rows["Read open payments"]
    assert row.said.text() == "Failed: The disk is full."
    assert row.said.tone == "bad"
    assert row.took.text() == "3.2 s"


def test_work_of_the_window_shows_while_it_runs_and_can_be_stopped(office: Office) -> None:
    screen = activity(office)
    stopped = threading.Event()

    def work(task: Task) -> None:
        task.on_cancel(stopped.set)
        task.report(14, 41)
        stopped.wait(5)
        task.check()

    office.background.run(office.window, work, words="Writing vouchers", stoppable=True)
    assert screen.running.now.lines == ("Writing vouchers",)
    (line,) = screen.running.now._lines.values()
    office.until(line.stop.isVisible)
    office.tab_to(line.stop)
    office.key(Key.Key_Space)
    office.quiet()
    assert stopped.is_set()
    assert screen.running.now.lines == ()


def test_what_is_read_for_the_screen_itself_is_not_told_as_work(office: Office) -> None:
    screen = activity(office)
    screen.refresh()
    assert office.background.running
    assert screen.running.now.lines == ()
    office.quiet()


@pytest.mark.parametrize(
    ("span", "says"),
    [
        (timedelta(seconds=5), "5 s"),
        (timedelta(seconds=90), "90 s"),
        (timedelta(minutes=10), "10 min"),
        (timedelta(hours=6), "6 h"),
        (timedelta(days=1), "1 d"),
    ],
)
def test_an_interval_is_told_in_the_largest_unit_that_comes_out_even(span: timedelta, says: str) -> None:
    assert every(span) == says


def test_how_long_a_run_took() -> None:
    assert took(timedelta(milliseconds=40)) == "40 ms"
    assert took(timedelta(seconds=1.24)) == "1.2 s"
    assert took(timedelta(seconds=125)) == "2 min 05"
