from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from helpers.clock import HandClock
from travellr_desktop.ui.idle import LOCK_AFTER, SIGN_OUT_AFTER, IdleWatch

SECOND = timedelta(seconds=1)


class Due:
    def __init__(self, watch: IdleWatch) -> None:
        self.locks = 0
        self.ends = 0
        watch.lock_due.connect(self._lock)
        watch.sign_out_due.connect(self._end)

    def _lock(self) -> None:
        self.locks += 1

    def _end(self) -> None:
        self.ends += 1


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def watch(qtbot: QtBot, clock: HandClock) -> Iterator[IdleWatch]:
    watch = IdleWatch(clock)
    watch.start()
    yield watch
    watch.stop()


@pytest.fixture
def edit(qtbot: QtBot) -> QLineEdit:
    edit = QLineEdit()
    qtbot.addWidget(edit)
    edit.show()
    return edit


def test_the_lock_is_due_after_a_quarter_of_an_hour_and_once(watch: IdleWatch, clock: HandClock) -> None:
    due = Due(watch)
    clock.forward(LOCK_AFTER - SECOND)
    watch.look()
    assert due.locks == 0
    clock.forward(SECOND)
    watch.look()
    watch.look()
    assert (due.locks, due.ends) == (1, 0)


def test_a_key_or_the_mouse_starts_the_count_again(
    qtbot: QtBot, watch: IdleWatch, clock: HandClock, edit: QLineEdit
) -> None:
    due = Due(watch)
    clock.forward(LOCK_AFTER - SECOND)
    qtbot.keyClick(edit, Qt.Key.Key_A)
    assert watch.idle == timedelta(0)
    clock.forward(LOCK_AFTER - SECOND)
    qtbot.mouseClick(edit, Qt.MouseButton.LeftButton)
    assert watch.idle == timedelta(0)
    clock.forward(LOCK_AFTER - SECOND)
    qtbot.mouseMove(edit)
    assert watch.idle == timedelta(0)
    watch.look()
    assert due.locks == 0


def test_the_session_ends_after_an_hour_although_it_was_locked(
    qtbot: QtBot, watch: IdleWatch, clock: HandClock, edit: QLineEdit
) -> None:
    due = Due(watch)
    clock.forward(LOCK_AFTER)
    watch.look()
    qtbot.keyClick(edit, Qt.Key.Key_A)  # on the lock: no touch of the work
    clock.forward(SIGN_OUT_AFTER - LOCK_AFTER)
    watch.look()
    watch.look()
    assert (due.locks, due.ends) == (1, 1)


def test_the_first_key_after_the_machine_slept_goes_nowhere(
    qtbot: QtBot, watch: IdleWatch, clock: HandClock, edit: QLineEdit
) -> None:
    due = Due(watch)
    clock.forward(timedelta(minutes=40))
    qtbot.keyClick(edit, Qt.Key.Key_A)
    assert due.locks == 1
    assert edit.text() == ""


def test_locking_by_hand_still_ends_the_session(watch: IdleWatch, clock: HandClock) -> None:
    due = Due(watch)
    watch.locked()
    clock.forward(SIGN_OUT_AFTER)
    watch.look()
    assert (due.locks, due.ends) == (0, 1)


def test_unlocking_counts_from_then(watch: IdleWatch, clock: HandClock) -> None:
    due = Due(watch)
    clock.forward(LOCK_AFTER)
    watch.look()
    watch.start()
    clock.forward(LOCK_AFTER - SECOND)
    watch.look()
    assert due.locks == 1


def test_a_clock_that_is_set_back_locks_nobody_out(watch: IdleWatch, clock: HandClock) -> None:
    due = Due(watch)
    clock.forward(timedelta(hours=-5))
    watch.look()
    assert (due.locks, due.ends, watch.idle) == (0, 0, timedelta(0))


def test_nothing_is_watched_while_nobody_is_signed_in(
    qtbot: QtBot, watch: IdleWatch, clock: HandClock, edit: QLineEdit
) -> None:
    due = Due(watch)
    watch.stop()
    clock.forward(SIGN_OUT_AFTER)
    watch.look()
    qtbot.keyClick(edit, Qt.Key.Key_A)
    assert (due.locks, due.ends) == (0, 0)
    assert edit.text() == "a"
