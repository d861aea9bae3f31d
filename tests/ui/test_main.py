from __future__ import annotations

import builtins
import gc
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, QTimer
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from helpers.clock import HandClock
from helpers.gui_thread import off_gui
from helpers.people import LittleAgency, sample_entries
from helpers.window import EMAIL, PASSWORD
from travellr_desktop.domain.clock import SystemClock
from travellr_desktop.events import EventBus
from travellr_desktop.paths import Profile
from travellr_desktop.services.agency import AgencyService
from travellr_desktop.services.users import UserService
from travellr_desktop.storage import startup
from travellr_desktop.storage.uow import Database
from travellr_desktop.ui.main import Opened
from travellr_desktop.ui.shell.window import Window
from travellr_desktop.ui.start import make_application, run
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


def test_no_thread_beside_the_window_collects_garbage_from_its_first_question_on(
    qtbot: QtBot, tmp_path: Path
) -> None:
    """Widgets in a cycle must not be freed there, also while the program begins."""
    collecting: list[bool] = []

    class Watched(Services):
        def station(self) -> Station:
            collecting.append(gc.isenabled())
            return super().station()

    was = gc.isenabled()
    gc.enable()  # as where a program begins
    opened = Opened(
        Watched(services().users),
        Wanted(),
        Profile.at(tmp_path),
        screens=sample_entries(),
        later=[lambda: collecting.append(gc.isenabled())],
    )
    try:
        opened.window.show()
        qtbot.waitUntil(lambda: len(collecting) >= 3)
        assert not any(collecting)
    finally:
        opened.close()
        assert gc.isenabled()
        if not was:
            gc.disable()


def test_run_ends_with_the_window_and_leaves_everything_as_it_was(qtbot: QtBot, tmp_path: Path) -> None:
    hook, these = sys.excepthook, services()
    seen: list[bool] = []

    def close() -> None:
        from PySide6.QtWidgets import QApplication

        window = next(w for w in QApplication.topLevelWidgets() if w.windowTitle() == "Travellr")
        seen.append(window.isVisible())
        window.close()

    QTimer.singleShot(50, close)
    assert run(lambda: these, Wanted(), Profile.at(tmp_path), screens=sample_entries()) == 0
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


# with the real services


class Late:
    """The database opened at the first question, as the application does it."""

    def __init__(self, profile: Profile) -> None:
        self.bus = EventBus()
        self._profile = profile
        self._lock = threading.Lock()
        self.database: Database | None = None

    def _open(self) -> Database:
        with self._lock:
            if self.database is None:
                profile = self._profile.make()
                startup.prepare(profile.database, profile.backups)
                self.database = Database(
                    profile.database, clock=SystemClock(), bus=self.bus, locks=profile.locks
                )
            return self.database

    @property
    def users(self) -> UserService:
        return UserService(self._open())

    def station(self) -> Station:
        agency = AgencyService(self._open()).view()
        return Station() if agency is None else Station(agency.name, agency.desk_name)

    def close(self) -> None:
        if self.database is not None:
            self.database.close()


def test_first_start_lock_and_sign_out_with_the_real_service_of_people(qtbot: QtBot, tmp_path: Path) -> None:
    late = Late(Profile.at(tmp_path))
    opened = Opened(late, Wanted(), Profile.at(tmp_path), screens=sample_entries())
    door, window = opened.window.door, opened.window
    try:
        assert late.database is None
        window.show()
        qtbot.waitUntil(door.first.isVisible)
        card = door.first
        for entry, text in (
            (card.agency_name, "Kotor Riva"),
            (card.zone, "Europe/Podgorica"),
            (card.name, "Ana Vuković"),
            (card.email, EMAIL),
            (card.password, "password123"),
        ):
            entry.set_text(text)
        card.submit()
        qtbot.waitUntil(lambda: bool(card.password.error))
        card.password.set_text(PASSWORD)
        card.submit()
        qtbot.waitUntil(lambda: window.workspace is not None)
        assert window.workspace is not None
        place = window.workspace.status.place
        qtbot.waitUntil(lambda: place.text() == "Kotor Riva · Desk 1")
        window.lock()
        door.lock.password.set_text("not this one")
        door.lock.submit()
        qtbot.waitUntil(lambda: bool(door.lock.password.error))
        door.lock.password.set_text(PASSWORD)
        door.lock.submit()
        qtbot.waitUntil(lambda: not window.locked)
        window.sign_out()
        door.sign_in.fill(EMAIL, PASSWORD)
        door.sign_in.submit()
        qtbot.waitUntil(lambda: window.workspace is not None)
    finally:
        opened.close()
        off_gui(late.close)


def test_the_window_is_painted_before_anything_else_of_the_program_is_made(
    qtbot: QtBot, tmp_path: Path
) -> None:
    """What the first picture waits for, seen from outside: a process that ends as soon as the window is painted."""
    done = subprocess.run(
        [sys.executable, "-c", _FIRST_PICTURE, str(tmp_path)],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=60,
    )
    loaded = set(done.stdout.split())
    assert "ui.shell.window" in loaded
    assert {name for name in loaded if name.split(".")[0] != "ui"} <= {"paths", "errors", "unset"}
    assert {name for name in loaded if name.startswith("ui.")} <= {"ui.start", "ui.shell", "ui.shell.window"}


_FIRST_PICTURE = """
import os, sys
from pathlib import Path
from travellr_desktop.paths import Profile
from travellr_desktop.ui import start
from travellr_desktop.unset import Unset

def painted():
    print(*(name.partition(".")[2] for name in sys.modules if name.startswith("travellr_desktop.")), flush=True)
    os._exit(0)

front = start.Window.front

def watched(*given):
    window = front(*given)
    window.painted.connect(painted)
    return window

start.Window.front = watched
start.run(lambda: None, Unset(), Profile.at(Path(sys.argv[1])))
"""


def test_what_fails_while_the_window_is_furnished_ends_the_program_with_it(
    qtbot: QtBot, tmp_path: Path
) -> None:
    def services() -> Services:
        raise ZeroDivisionError("no services today")

    with pytest.raises(ZeroDivisionError, match="no services today"):
        run(services, Wanted(), Profile.at(tmp_path), screens=sample_entries())


def test_a_window_closed_before_it_was_furnished_asks_nothing(qtbot: QtBot, tmp_path: Path) -> None:
    window = Window.front(
        QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat), QColor("#123456")
    )
    with qtbot.waitSignal(window.painted):
        window.show()
    assert window.grab().toImage().pixelColor(10, 10) == QColor("#123456")
    with qtbot.waitSignal(window.closing):
        window.close()
    window.deleteLater()


def test_modules_are_imported_as_python_does(qtbot: QtBot) -> None:
    """PySide's own step before an import reads what is half made by another thread."""
    make_application()
    assert "feature" not in builtins.__import__.__name__
