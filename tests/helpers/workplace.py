"""The work of one signed-in person over real services: the window without its door, driven by keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QSettings, QSize, Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from helpers.desk import Desk
from helpers.gui_thread import off_gui
from helpers.rest import at_rest, until
from travellr_desktop.domain.permissions import Actor
from travellr_desktop.ui.background import Background
from travellr_desktop.ui.bridge import Bridge
from travellr_desktop.ui.screen import ScreenEntry
from travellr_desktop.ui.screens import SCREENS, SEARCHES
from travellr_desktop.ui.shell.workspace import Program, Workspace
from travellr_desktop.ui.station import Station
from travellr_desktop.ui.theme import Mode, Theme

T = TypeVar("T")


@dataclass
class Workplace:
    """An open workspace. `off` does what the test itself asks of the services, on a thread of its own."""

    qtbot: QtBot
    desk: Desk
    work: Workspace
    background: Background
    memory: QSettings

    def off(self, work: Callable[[], T]) -> T:
        return off_gui(work)

    def focus(self) -> QWidget:
        focus = QApplication.focusWidget()
        assert focus is not None
        return focus

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key where the focus is, as a person does."""
        self.qtbot.keyClick(QApplication.focusWidget() or self.work, key, modifier)

    def ctrl(self, key: Qt.Key) -> None:
        self.key(key, Qt.KeyboardModifier.ControlModifier)

    def type(self, text: str) -> None:
        self.qtbot.keyClicks(self.focus(), text)

    def quiet(self) -> None:
        """Until nothing runs in the background."""
        at_rest(self.qtbot, lambda: self.background.running)

    def come_back(self) -> None:
        """After a dialog has closed: without a display there is nobody who makes the window active again."""
        self.until(lambda: QApplication.activeModalWidget() is None)
        self.work.activateWindow()
        self.until(self.work.isActiveWindow)

    def until(self, holds: Callable[[], object]) -> None:
        until(self.qtbot, holds)


@contextmanager
def work_at(
    qtbot: QtBot,
    desk: Desk,
    folder: Path,
    *,
    actor: Actor | None = None,
    screens: Sequence[ScreenEntry] = SCREENS,
    size: QSize | None = None,
    mode: Mode = Mode.LIGHT,
) -> Iterator[Workplace]:
    """A shown, active workspace over the desk's services; closed down to the last thread at the end."""
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    theme = Theme(mode=mode, reduced_motion=True)
    theme.apply(application)
    background, bridge = Background(), Bridge(desk.services.bus)
    memory = QSettings(str(folder / "window.ini"), QSettings.Format.IniFormat)
    program = Program(desk.services, background, bridge, theme, memory, desk.clock, tuple(screens), SEARCHES)
    where = Station("Kotor Riva", "Desk 1", sandbox=True)
    work = Workspace(program, actor or desk.agent, where)
    work.resize(size or QSize(1440, 900))
    try:
        with qtbot.waitActive(work):
            work.show()
            work.activateWindow()
        yield Workplace(qtbot, desk, work, background, memory)
    finally:
        work.close_down()
        work.close()
        assert background.shutdown(5)
        bridge.close()
        work.deleteLater()
