from __future__ import annotations

import gc
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from helpers.clock import HandClock
from helpers.people import LittleAgency, sample_entries
from helpers.window import EMAIL, PASSWORD
from travellr_desktop.events import EventBus
from travellr_desktop.paths import Profile
from travellr_desktop.ui.main import Opened, run
from travellr_desktop.ui.station import Station
from travellr_desktop.ui.theme import Mode


@dataclass
class Services:
    users: LittleAgency
    bus: EventBus = field(default_factory=EventBus)

    def station(self) -> Station:
        return self.users.station()


@dataclass(frozen=True)
class Wanted:
    theme: str = "dark"
    locale: str = "en_GB"


def services() -> Services:
    agency = LittleAgency(HandClock())
    agency.add("Ana Vuković", EMAIL, PASSWORD)
    return Services(agency)


def test_the_first_picture_comes_before_anything_is_asked(qtbot: QtBot, tmp_path: Path) -> None:
    asked: list[list[str]] = []
    these = services()
    opened = Opened(these, Wanted(), Profile.at(tmp_path), screens=sample_entries())
    try:
        opened.window.painted.connect(lambda: asked.append(list(these.users.calls)))
        assert opened.theme.mode is Mode.DARK
        opened.window.show()
        qtbot.waitUntil(opened.window.door.sign_in.isVisible)
        assert asked in ([[]], [["needs_first_admin"]])
    finally:
        opened.close()


def test_what_can_wait_is_done_in_the_background_after_the_first_picture(
    qtbot: QtBot, tmp_path: Path
) -> None:
    done: list[threading.Thread] = []
    opened = Opened(
        services(),
        Wanted(),
        Profile.at(tmp_path),
        screens=sample_entries(),
        later=[lambda: done.append(threading.current_thread())],
    )
    try:
        assert done == []
        opened.window.show()
        qtbot.waitUntil(lambda: len(done) == 1)
        assert done[0] is not threading.main_thread()
    finally:
        opened.close()


def test_run_ends_with_the_window_and_leaves_everything_as_it_was(qtbot: QtBot, tmp_path: Path) -> None:
    hook, these = sys.excepthook, services()
    seen: list[bool] = []

    def close() -> None:
        from PySide6.QtWidgets import QApplication

        window = next(w for w in QApplication.topLevelWidgets() if w.windowTitle() == "Travellr")
        seen.append(window.isVisible())
        window.close()

    QTimer.singleShot(50, close)
    assert run(these, Wanted(), Profile.at(tmp_path), screens=sample_entries()) == 0
    assert seen == [True]
    assert sys.excepthook is hook
    assert gc.isenabled()
    assert these.bus.count() == 0


def test_an_error_in_the_window_itself_is_shown_and_the_window_lives_on(qtbot: QtBot, tmp_path: Path) -> None:
    opened = Opened(services(), Wanted(), Profile.at(tmp_path), screens=sample_entries())
    try:
        opened.window.show()
        qtbot.waitUntil(opened.window.door.sign_in.isVisible)
        error = ZeroDivisionError("in a paint event")
        sys.excepthook(type(error), error, None)
        dialog = opened.window.bug
        assert dialog is not None
        assert "in a paint event" in dialog.details.toPlainText()
        dialog.keep.click()
        assert opened.window.isVisible()
    finally:
        opened.close()


def test_the_mode_that_was_chosen_last_goes_before_the_setting(qtbot: QtBot, tmp_path: Path) -> None:
    opened = Opened(services(), Wanted(), Profile.at(tmp_path))
    opened.theme.set_mode(Mode.SYSTEM)
    opened.close()
    again = Opened(services(), Wanted(), Profile.at(tmp_path))
    assert again.theme.mode is Mode.SYSTEM
    again.close()
