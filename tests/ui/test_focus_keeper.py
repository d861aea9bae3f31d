"""Where the focus goes when the control that has it goes off or away: nowhere else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from helpers.window import Desk, open_desk


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path) -> Iterator[Desk]:
    with open_desk(qtbot, tmp_path) as opened:
        opened.sign_in()
        yield opened


def off(button: QPushButton) -> None:
    button.setEnabled(False)


def away(button: QPushButton) -> None:
    button.hide()


def off_with_all_around(button: QPushButton) -> None:
    around = button.parentWidget()
    assert around is not None
    around.setEnabled(False)


@pytest.mark.parametrize("lose", [off, away])
def test_the_focus_stays_in_the_pane_of_what_went_off(
    desk: Desk, lose: Callable[[QPushButton], None]
) -> None:
    screen = desk.sample
    screen.button.setFocus()
    lose(screen.button)
    assert QApplication.focusWidget() is screen.right
    desk.key(Qt.Key.Key_Backtab)
    desk.until(lambda: QApplication.focusWidget() is screen.list)


def test_tab_goes_on_from_what_went_off(desk: Desk) -> None:
    screen = desk.sample
    screen.list.setFocus()
    screen.list.setEnabled(False)
    desk.key(Qt.Key.Key_Tab)
    desk.until(lambda: QApplication.focusWidget() is screen.button)


def test_tab_comes_back_to_what_is_on_again(desk: Desk) -> None:
    screen = desk.sample
    screen.button.setFocus()
    off(screen.button)
    screen.button.setEnabled(True)
    assert QApplication.focusWidget() is screen.right
    desk.key(Qt.Key.Key_Tab)
    desk.until(lambda: QApplication.focusWidget() is screen.button)


def test_where_the_whole_pane_goes_off_the_screen_keeps_the_focus(desk: Desk) -> None:
    desk.sample.button.setFocus()
    off_with_all_around(desk.sample.button)
    assert QApplication.focusWidget() is desk.sample
    desk.key(Qt.Key.Key_F6)
    desk.until(lambda: QApplication.focusWidget() is desk.sample.field)


def test_a_button_that_ran_a_command_has_the_focus_again(desk: Desk) -> None:
    screen, go_on = desk.sample, Event()
    screen.button.setFocus()
    desk.background.run(screen, lambda _: go_on.wait(5), words="Selling", button=screen.button)
    assert QApplication.focusWidget() is screen.right
    go_on.set()
    desk.quiet()
    desk.until(lambda: QApplication.focusWidget() is screen.button)


def test_a_focus_moved_meanwhile_is_left_where_it_is(desk: Desk) -> None:
    screen, go_on = desk.sample, Event()
    screen.button.setFocus()
    desk.background.run(screen, lambda _: go_on.wait(5), words="Selling", button=screen.button)
    screen.list.setFocus()
    go_on.set()
    desk.quiet()
    desk.until(lambda: QApplication.focusWidget() is screen.list)


def test_f6_comes_back_to_a_control_not_to_the_pane(desk: Desk) -> None:
    screen = desk.sample
    screen.button.setFocus()
    off(screen.button)
    desk.key(Qt.Key.Key_F6)
    desk.until(lambda: QApplication.focusWidget() is screen.field)
    desk.key(Qt.Key.Key_F6)
    desk.until(lambda: QApplication.focusWidget() is screen.list)


def test_another_screen_takes_the_focus_as_before(desk: Desk) -> None:
    desk.sample.button.setFocus()
    desk.work.go("bookings")
    assert desk.sample.focus_within()
    assert desk.work.screen_key == "bookings"
