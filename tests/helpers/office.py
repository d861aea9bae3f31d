"""The program's window over a real profile, with somebody signed in: for tests of whole screens, driven by keys."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSettings, QSize, Qt
from PySide6.QtGui import QGuiApplication, QInputMethodEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from helpers.clock import HandClock
from helpers.desk import PASSWORD, Desk, desk_at, open_at
from helpers.gui_thread import may_block
from helpers.rest import at_rest, until
from travellr_desktop.domain.permissions import Actor, Role
from travellr_desktop.jobs.runner import JobRun, Runner
from travellr_desktop.services.users import NewUser, SignedIn
from travellr_desktop.ui.background import Background
from travellr_desktop.ui.bridge import Bridge
from travellr_desktop.ui.parts.button import Button
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.screen import Screen, ScreenEntry
from travellr_desktop.ui.screens import SCREENS, SEARCHES
from travellr_desktop.ui.shell.window import Window
from travellr_desktop.ui.shell.workspace import SCREEN, Program
from travellr_desktop.ui.station import Station
from travellr_desktop.ui.theme import Mode, Theme


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

    @property
    def clock(self) -> HandClock:
        """Forward by 15 minutes or more locks the window."""
        assert isinstance(self.desk.clock, HandClock)
        return self.desk.clock

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
        self.key(Qt.Key.Key_Delete)
        if text.isascii():
            self.qtbot.keyClicks(self.focus(), text)
            return
        composed = QInputMethodEvent()  # other letters come as from an input method
        composed.setCommitString(text)
        QApplication.sendEvent(self.focus(), composed)

    def tab_to(self, widget: QWidget) -> None:
        """Press Tab until `widget` has the focus: what no key reaches fails."""
        self.until(widget.isVisible)
        seen = []
        for _ in range(120):
            focus = QApplication.focusWidget()
            if focus is not None and focus in (widget, widget.focusProxy()):
                return
            self.key(Qt.Key.Key_Tab)
            seen.append(focus)
        names = [f"{type(stop).__name__} {stop.accessibleName()}" for stop in seen if stop is not None]
        raise AssertionError(f"Tab never reaches {widget!r}, it goes to {names}")

    def quiet(self) -> None:
        """Until nothing runs in the background."""
        at_rest(self.qtbot, lambda: self.background.running)

    def until(self, done: Callable[[], object]) -> None:
        until(self.qtbot, done)

    def clipboard(self) -> str:
        return QGuiApplication.clipboard().text()


def untouched(desk: Desk) -> None:
    """The agency as `desk_at` makes it."""


@contextmanager
def office_at(
    qtbot: QtBot,
    folder: Path,
    *,
    role: Role = Role.ADMIN,
    screens: Sequence[ScreenEntry] = SCREENS,
    prepare: Callable[[Desk], object] = untouched,
    mode: Mode = Mode.LIGHT,
    size: QSize | None = None,
    at: str = "",
) -> Iterator[Office]:
    """Open the window on a copy of what `prepare` has made, with a person of that role signed in. `at` is the screen
    they left last, and begin with."""
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    theme = Theme(mode=mode, reduced_motion=True)
    theme.apply(application)
    with may_block():
        desk, signed_in = _open(folder, prepare, role)
    background, bridge = Background(), Bridge(desk.services.bus)
    memory = QSettings(str(desk.profile.window), QSettings.Format.IniFormat)
    if at:
        memory.setValue(SCREEN, at)
    program = Program(
        OpenServices(desk), background, bridge, theme, memory, desk.clock, tuple(screens), SEARCHES
    )
    window = Window(program, station=lambda: Station("Kotor Riva", "Desk 2", sandbox=True))
    window.resize(size or QSize(1440, 900))
    office = Office(qtbot, window, desk, background, memory)
    try:
        with qtbot.waitActive(window):
            window.show()
            window.activateWindow()
        window.door.signed_in.emit(signed_in)
        office.quiet()
        yield office
    finally:
        window.close()
        assert background.shutdown(5)
        bridge.close()
        window.deleteLater()
        with may_block():
            desk.program.close()


People = dict[Role, SignedIn]
_staffed: dict[Path, tuple[Desk, People]] = {}
_made: dict[Path, tuple[Desk, HandClock, People]] = {}


def _open(folder: Path, prepare: Callable[[Desk], object], role: Role) -> tuple[Desk, SignedIn]:
    """A copy of the prepared profile; it is prepared once in a run of the tests."""
    template = folder.parent / f"office-{prepare.__module__}-{prepare.__qualname__}"
    if template not in _made:
        staffed = folder.parent / "office"
        desk, people = _with_people(staffed)
        shutil.copytree(staffed, template)
        clock = HandClock()
        with closing(open_at(template, clock)) as program:
            desk = replace(desk, program=program, clock=clock, trips=dict(desk.trips))
            prepare(desk)
        _made[template] = (desk, clock, people)
    made, clock, people = _made[template]
    shutil.copytree(template, folder / "profile")
    now = HandClock(clock.now())
    return replace(made, program=open_at(folder / "profile", now), clock=now), people[role]


def _with_people(folder: Path) -> tuple[Desk, People]:
    """The agency with a person of each role, closed; made once, for a hash of a password takes its time."""
    if folder not in _staffed:
        with desk_at(folder) as desk:
            _staffed[folder] = (desk, {role: _person(desk, role) for role in Role})
    return _staffed[folder]


def _person(desk: Desk, role: Role) -> SignedIn:
    if role is Role.ADMIN:
        return SignedIn(desk.admin, "mira@travellr.example", None)
    if role is Role.AGENT:
        return SignedIn(desk.agent, "ana@travellr.example", None)
    vendor = desk.vendor_id if role is Role.VENDOR else None
    draft = NewUser("Petar Ilić", f"{role.value}@travellr.example", PASSWORD, role, vendor)
    row = desk.services.users.register(desk.admin, draft)
    return SignedIn(Actor(row.id, row.name, row.role, vendor), draft.email, None)


def cut(screen: QWidget) -> list[str]:
    """Words on a screen that a person cannot read whole: cut off, or beyond the edge of what holds them."""
    found = []
    for label in screen.findChildren(Label):
        if not label.isVisible() or not label.text():
            continue
        if label.elided() or label.height() < label.heightForWidth(label.width()):
            found.append(f"cut: {label.text()}")
        holder = label.parentWidget()
        if holder is not None and not holder.rect().contains(label.geometry()):
            found.append(f"beyond its place: {label.text()}")
    found.extend(
        f"narrow: {button.accessibleName()}"
        for button in screen.findChildren(Button)
        if button.isVisible() and button.width() < button.minimumSizeHint().width()
    )
    return found
