"""The program's window over the little agency, for tests that drive it by keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from helpers.clock import HandClock
from helpers.people import LittleAgency, SampleScreen, sample_entries
from helpers.rest import at_rest, until
from travellr_desktop.domain.permissions import Actor, Role
from travellr_desktop.events import EventBus
from travellr_desktop.ui.background import Background, Task
from travellr_desktop.ui.bridge import Bridge
from travellr_desktop.ui.screen import ScreenEntry, SearchEntry
from travellr_desktop.ui.shell.window import Window
from travellr_desktop.ui.shell.workspace import Program, Workspace
from travellr_desktop.ui.signin.first_start import DemoReady
from travellr_desktop.ui.theme import Mode, Theme

EMAIL = "ana.vukovic@travellr.example"
PASSWORD = "seven lamps by the quay"


@dataclass
class Desk:
    """A window that is open, and what stands around it."""

    qtbot: QtBot
    window: Window
    agency: LittleAgency
    clock: HandClock
    bus: EventBus
    background: Background
    memory: QSettings
    actor: Actor | None

    @property
    def work(self) -> Workspace:
        assert self.window.workspace is not None
        return self.window.workspace

    @property
    def sample(self) -> SampleScreen:
        screen = self.work.current
        assert isinstance(screen, SampleScreen)
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
        self.qtbot.keyClicks(self.focus(), text)

    def quiet(self) -> None:
        """Until nothing runs in the background."""
        at_rest(self.qtbot, lambda: self.background.running)

    def until(self, holds: Callable[[], object]) -> None:
        until(self.qtbot, holds)

    def sign_in(self, email: str = EMAIL, password: str = PASSWORD) -> None:
        self.window.door.sign_in.email.edit.setFocus()
        self.window.door.sign_in.email.edit.selectAll()
        self.type(email)
        self.key(Qt.Key.Key_Return)
        self.type(password)
        self.key(Qt.Key.Key_Return)
        self.quiet()


@contextmanager
def open_desk(
    qtbot: QtBot,
    folder: Path,
    *,
    people: bool = True,
    role: Role = Role.AGENT,
    entries: Sequence[ScreenEntry] | None = None,
    searches: Sequence[SearchEntry] = (),
    open_demo: Callable[[Task], DemoReady] | None = None,
) -> Iterator[Desk]:
    """A shown, active window at the door; closed down to the last thread at the end."""
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    theme = Theme(mode=Mode.LIGHT, reduced_motion=True)
    theme.apply(application)
    clock = HandClock()
    agency = LittleAgency(clock)
    actor = agency.add("Ana Vuković", EMAIL, PASSWORD, role) if people else None
    bus, background = EventBus(), Background()
    bridge = Bridge(bus)
    memory = QSettings(str(folder / "window.ini"), QSettings.Format.IniFormat)
    services = SimpleNamespace(users=agency)
    screens = sample_entries() if entries is None else tuple(entries)
    window = Window(
        Program(services, background, bridge, theme, memory, clock, screens, searches),
        station=agency.station,
        open_demo=open_demo,
    )
    desk = Desk(qtbot, window, agency, clock, bus, background, memory, actor)
    try:
        with qtbot.waitActive(window):
            window.show()
            window.activateWindow()
        window.door.open()
        desk.quiet()
        yield desk
    finally:
        window.close()
        assert background.shutdown(5)
        bridge.close()
        window.deleteLater()
