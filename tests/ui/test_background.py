from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from travellr_desktop.errors import Cancelled, Refusal, SeatsGone
from travellr_desktop.ui.background import Background, InlineExecutor, Operation, Progress, State, Task
from travellr_desktop.ui.bug_report import BugReport


@pytest.fixture
def background(qtbot: QtBot) -> Iterator[Background]:
    background = Background()
    yield background
    assert background.shutdown(5)
    assert not [t for t in threading.enumerate() if t.name.startswith("operation")]


class Gate:
    """Work that waits until the test lets it go on."""

    def __init__(self) -> None:
        self.entered = threading.Event()
        self.leave = threading.Event()

    def __call__(self, task: Task) -> str:
        self.entered.set()
        assert self.leave.wait(5)
        return "through"


def ended(qtbot: QtBot, operation: Operation[str] | None) -> None:
    assert operation is not None
    qtbot.waitUntil(lambda: not operation.running)


def test_the_work_runs_elsewhere_and_its_result_comes_back_here(qtbot: QtBot, background: Background) -> None:
    owner, threads, got = QObject(), [], []

    def work(task: Task) -> int:
        threads.append(threading.current_thread())
        return 42

    def done(result: int) -> None:
        threads.append(threading.current_thread())
        got.append(result)

    operation = background.run(owner, work, done=done)
    qtbot.waitUntil(lambda: got == [42])
    assert threads[0] is not threading.main_thread()
    assert threads[1] is threading.main_thread()
    assert operation is not None
    assert operation.state is State.DONE


def test_a_refusal_is_shown_beside_the_work(qtbot: QtBot, background: Background) -> None:
    owner: QObject = QObject()
    shown: list[Refusal] = []
    elsewhere: list[Refusal] = []
    background.refused.connect(elsewhere.append)

    def work(task: Task) -> None:
        raise SeatsGone("3 seats were asked for, 2 are free.")

    background.run(owner, work, refused=shown.append)
    qtbot.waitUntil(lambda: bool(shown))
    assert isinstance(shown[0], SeatsGone)
    assert elsewhere == []


def test_a_refusal_that_nobody_takes_goes_to_the_window(qtbot: QtBot, background: Background) -> None:
    owner = QObject()

    def work(task: Task) -> None:
        raise SeatsGone("3 seats were asked for, 2 are free.")

    with qtbot.waitSignal(background.refused) as caught:
        background.run(owner, work)
    assert isinstance(caught.args[0], SeatsGone)


def test_a_bug_is_logged_and_can_be_reported(
    qtbot: QtBot, background: Background, caplog: pytest.LogCaptureFixture
) -> None:
    owner = QObject()

    def work(task: Task) -> None:
        secret = "sk_live_do_not_tell"
        raise ZeroDivisionError(f"{len(secret)} by nothing")

    with caplog.at_level(logging.ERROR), qtbot.waitSignal(background.bug) as caught:
        background.run(owner, work, words="Dividing")
    report = caught.args[0]
    assert isinstance(report, BugReport)
    assert report.error == "ZeroDivisionError: 19 by nothing"
    assert "Dividing" in report.details()
    assert "test_background.py" in report.details()
    assert "sk_live" not in report.details().replace('secret = "sk_live_do_not_tell"', "")
    assert "ZeroDivisionError" in caplog.text


def test_what_the_user_stopped_is_silent(qtbot: QtBot, background: Background) -> None:
    owner = QObject()
    heard: list[object] = []
    entered = threading.Event()
    go_on = threading.Event()

    def work(task: Task) -> str:
        entered.set()
        assert go_on.wait(5)
        task.check()
        return "never"

    operation = background.run(
        owner,
        work,
        done=heard.append,
        refused=heard.append,
        failed=heard.append,
        ended=lambda: heard.append("ended"),
    )
    assert operation is not None
    assert entered.wait(5)
    operation.cancel()
    go_on.set()
    ended(qtbot, operation)
    assert operation.state is State.CANCELLED
    assert heard == ["ended"]


def test_a_stop_that_comes_too_late_does_not_hide_the_result(qtbot: QtBot, background: Background) -> None:
    owner, gate = QObject(), Gate()
    heard: list[str] = []
    operation = background.run(owner, gate, done=heard.append)
    assert operation is not None
    assert gate.entered.wait(5)
    operation.cancel()
    gate.leave.set()
    qtbot.waitUntil(lambda: heard == ["through"])


def test_stopping_interrupts_what_waits_in_a_library(qtbot: QtBot, background: Background) -> None:
    owner = QObject()
    entered = threading.Event()

    def work(task: Task) -> None:
        interrupted = threading.Event()
        task.on_cancel(interrupted.set)
        entered.set()
        assert interrupted.wait(5)
        raise Cancelled

    operation = background.run(owner, work)
    assert operation is not None
    assert entered.wait(5)
    operation.cancel()
    qtbot.waitUntil(lambda: operation.state is State.CANCELLED)


def test_one_button_starts_one_operation_at_a_time(qtbot: QtBot, background: Background) -> None:
    button = QPushButton("Hold 3 seats")
    qtbot.addWidget(button)
    gate = Gate()
    first = background.run(button, gate, button=button)
    assert first is not None
    assert not button.isEnabled()
    assert background.run(button, gate, button=button) is None
    gate.leave.set()
    ended(qtbot, first)
    assert button.isEnabled()
    again = background.run(button, gate, button=button)
    ended(qtbot, again)


def test_the_button_gets_its_focus_back(qtbot: QtBot, background: Background) -> None:
    window = QWidget()
    layout = QVBoxLayout(window)
    button, other = QPushButton("Hold"), QPushButton("Other")
    layout.addWidget(button)
    layout.addWidget(other)
    qtbot.addWidget(window)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    button.setFocus()
    gate = Gate()
    operation = background.run(window, gate, button=button)
    assert other.hasFocus()
    gate.leave.set()
    ended(qtbot, operation)
    assert button.hasFocus()


def test_focus_that_the_person_moved_stays_where_it_is(qtbot: QtBot, background: Background) -> None:
    window = QWidget()
    layout = QVBoxLayout(window)
    button, other, third = QPushButton("Hold"), QPushButton("Other"), QPushButton("Third")
    for widget in (button, other, third):
        layout.addWidget(widget)
    qtbot.addWidget(window)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    button.setFocus()
    gate = Gate()
    operation = background.run(window, gate, button=button)
    third.setFocus()
    gate.leave.set()
    ended(qtbot, operation)
    assert third.hasFocus()


def test_a_newer_search_drops_the_one_before(qtbot: QtBot, background: Background) -> None:
    owner, slow = QObject(), Gate()
    found: list[str] = []
    first = background.run(owner, slow, key="search", newest=True, done=found.append)
    assert slow.entered.wait(5)
    background.run(owner, lambda _: "newer", key="search", newest=True, done=found.append)
    qtbot.waitUntil(lambda: found == ["newer"])
    slow.leave.set()
    assert first is not None
    assert first.state is State.DROPPED
    assert background.shutdown(5)
    assert found == ["newer"]


def test_nothing_is_called_after_the_owner_died(qtbot: QtBot, background: Background) -> None:
    owner, gate = QWidget(), Gate()
    heard: list[object] = []
    operation = background.run(owner, gate, done=heard.append, ended=lambda: heard.append("ended"))
    assert operation is not None
    assert gate.entered.wait(5)
    delete(owner)
    assert operation.state is State.DROPPED
    assert operation.task.cancelled
    gate.leave.set()
    other = background.run(background, lambda _: "sentinel", done=heard.append)
    ended(qtbot, other)
    assert heard == ["sentinel"]


def test_a_method_handed_in_keeps_nothing_alive(qtbot: QtBot, background: Background) -> None:
    class Pane(QObject):
        def __init__(self) -> None:
            super().__init__()
            self.destroyed.connect(lambda *_: gone.append(True))

        def take(self, result: str) -> None:
            raise AssertionError("it is gone")

    gone: list[bool] = []
    gate, pane = Gate(), Pane()
    operation = background.run(pane, gate, done=pane.take)
    assert gate.entered.wait(5)
    del pane
    assert gone == [True]
    gate.leave.set()
    assert operation is not None
    assert operation.state is State.DROPPED


def test_progress_comes_on_this_thread_and_only_the_newest_counts(
    qtbot: QtBot, background: Background
) -> None:
    owner = QObject()
    seen: list[Progress] = []
    threads: set[threading.Thread] = set()

    def work(task: Task) -> str:
        for number in range(1, 1001):
            task.report(number, 1000, "statements")
        return "all"

    def show(progress: Progress) -> None:
        threads.add(threading.current_thread())
        seen.append(progress)

    operation = background.run(owner, work, progress=show)
    ended(qtbot, operation)
    assert seen[-1] == Progress(1000, 1000, "statements")
    assert threads == {threading.main_thread()}
    assert [p.done for p in seen] == sorted({p.done for p in seen})


def test_what_runs_can_be_listed(qtbot: QtBot, background: Background) -> None:
    owner, gate = QObject(), Gate()
    changes: list[int] = []
    background.changed.connect(lambda: changes.append(len(background.running)))
    operation = background.run(owner, gate, words="Reading departures")
    assert [o.words for o in background.running] == ["Reading departures"]
    gate.leave.set()
    ended(qtbot, operation)
    assert changes[0] == 1
    assert changes[-1] == 0


def test_shutdown_waits_for_work_and_starts_nothing_more(qtbot: QtBot) -> None:
    background, owner, gate = Background(), QObject(), Gate()
    heard: list[str] = []
    background.run(owner, gate, done=heard.append)
    assert gate.entered.wait(5)
    assert background.shutdown(0.01) is False
    gate.leave.set()
    assert background.shutdown(5) is True
    assert background.run(owner, gate) is None
    assert heard == []


def test_results_posted_before_shutdown_are_not_called_after_it(qtbot: QtBot) -> None:
    background, owner = Background(), QObject()
    heard: list[str] = []
    finished = threading.Event()

    def work(task: Task) -> str:
        finished.set()
        return "late"

    background.run(owner, work, done=heard.append)
    assert finished.wait(5)
    assert background.shutdown(5)
    qtbot.waitUntil(lambda: background.running == ())
    assert heard == []


@pytest.mark.parametrize("outcome", [State.DONE, State.REFUSED, State.CANCELLED])
def test_inline_work_ends_before_run_returns(qtbot: QtBot, outcome: State) -> None:
    background, owner = Background(InlineExecutor()), QObject()
    heard: list[str] = []
    errors: dict[State, Callable[[], Exception]] = {
        State.REFUSED: lambda: SeatsGone("gone"),
        State.CANCELLED: Cancelled,
    }

    def work(task: Task) -> None:
        if outcome in errors:
            error = errors[outcome]()
            raise error

    operation = background.run(
        owner,
        work,
        done=lambda _: heard.append("done"),
        refused=lambda _: heard.append("refused"),
        ended=lambda: heard.append("ended"),
    )
    assert operation is not None
    assert operation.state is outcome
    assert heard[-1] == "ended"
    assert len(heard) == (1 if outcome is State.CANCELLED else 2)
