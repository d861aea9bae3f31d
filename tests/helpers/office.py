"""The program's window over a real profile, with somebody signed in: for tests of whole screens, driven by keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSettings, QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from helpers.clock import HandClock
from helpers.desk import PASSWORD, Desk, desk_at
from helpers.gui_thread import may_block
from travellr_desktop.domain.permissions import Role
from travellr_desktop.jobs.runner import JobRun, Runner
from travellr_desktop.services.users import NewUser
from travellr_desktop.ui.background import Background
from travellr_desktop.ui.bridge import Bridge
from travellr_desktop.ui.screen import Screen, ScreenEntry
from travellr_desktop.ui.screens import SCREENS
from travellr_desktop.ui.shell.window import Window
from travellr_desktop.ui.shell.workspace import Program
from travellr_desktop.ui.station import Station
from travellr_desktop.ui.theme import Mode, Theme

EMAILS = {Role.ADMIN: "mira@travellr.example", Role.AGENT: "ana@travellr.example"}


class OpenServices:
    """The services of an open profile as the window gets them; the schedule is there and not started."""

    def __init__(self, desk: Desk) -> None:
        self._services = desk.services
        self._runner = Runner(desk.services)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._services, name)

    def job_runs(self) -> Sequence[JobRun]:
        return self._runner.runs()

    def run_job(self, name: str) -> JobRun:
        return self._runner.run_now(name)


@dataclass
class Office:
    qtbot: QtBot
    window: Window
    desk: Desk
    background: Background
    memory: QSettings

    def go(self, key: str) -> Screen:
        assert self.window.workspace is not None
        screen = self.window.workspace.go(key)
        assert screen is not None
        self.quiet()
        return screen

    def focus(self) -> QWidget:
        focus = QApplication.focusWidget()
        assert focus is not None
        return focus

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key where the focus is, as a person does."""
        self.qtbot.keyClick(QApplication.focusWidget() or self.window, key, modifier)

    def ctrl(self, key: Qt.Key) -> None:
        self.key(key, Qt.KeyboardModifier.ControlModifier)

    def type(self, text: str) -> None:
        """Type in place of what the field says."""
        self.ctrl(Qt.Key.Key_A)
        self.qtbot.keyClicks(self.focus(), text)

    def tab_to(self, widget: QWidget) -> None:
        """Press Tab until `widget` has the focus: what no key reaches fails."""
        for _ in range(120):
            focus = QApplication.focusWidget()
            if focus is widget or focus is widget.focusProxy():
                return
            self.key(Qt.Key.Key_Tab)
        raise AssertionError(f"Tab never reaches {widget!r}")

    def quiet(self) -> None:
        """Until nothing runs in the background."""
        self.qtbot.waitUntil(lambda: not self.background.running)

    def until(self, done: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(done()))

    def clipboard(self) -> str:
        return QGuiApplication.clipboard().text()


@contextmanager
def office_at(
    qtbot: QtBot,
    folder: Path,
    *,
    role: Role = Role.ADMIN,
    screens: Sequence[ScreenEntry] = SCREENS,
    prepare: Callable[[Desk], object] = lambda _: None,
    mode: Mode = Mode.LIGHT,
    size: QSize = QSize(1440, 900),  # noqa: B008 - a value
    clock: HandClock | None = None,
) -> Iterator[Office]:
    """Fill a new profile with `prepare`, open the window on it and sign a person of that role in."""
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    theme = Theme(mode=mode, reduced_motion=True)
    theme.apply(application)
    clock = clock or HandClock()
    with may_block():
        opened = desk_at(folder / "profile", clock)
        desk = opened.__enter__()
    try:
        with may_block():
            email = _person(desk, role)
            prepare(desk)
        background, bridge = Background(), Bridge(desk.services.bus)
        memory = QSettings(str(desk.profile.window), QSettings.Format.IniFormat)
        program = Program(OpenServices(desk), background, bridge, theme, memory, clock, tuple(screens))
        window = Window(program, station=lambda: Station("Kotor Riva", "Desk 2", sandbox=True))
        window.resize(size)
        office = Office(qtbot, window, desk, background, memory)
        try:
            with qtbot.waitActive(window):
                window.show()
                window.activateWindow()
            window.door.open()
            office.quiet()
            window.door.sign_in.email.edit.setFocus()
            office.type(email)
            office.key(Qt.Key.Key_Return)
            office.type(PASSWORD)
            office.key(Qt.Key.Key_Return)
            qtbot.waitUntil(lambda: window.workspace is not None)
            office.quiet()
            yield office
        finally:
            window.close()
            assert background.shutdown(5)
            bridge.close()
            window.deleteLater()
    finally:
        with may_block():
            opened.__exit__(None, None, None)


def _person(desk: Desk, role: Role) -> str:
    if role in EMAILS:
        return EMAILS[role]
    email = f"{role.value}@travellr.example"
    vendor = desk.vendor_id if role is Role.VENDOR else None
    desk.services.users.register(desk.admin, NewUser("Petar Ilić", email, PASSWORD, role, vendor))
    return email
