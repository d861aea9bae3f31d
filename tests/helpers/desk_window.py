"""The desk's screen in its frame over real services, for tests that drive it by keys."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from helpers.clock import HandClock
from helpers.desk import Desk, desk_at, open_at
from helpers.gui_thread import may_block
from helpers.rest import at_rest, until
from travellr_desktop.domain.permissions import Permission
from travellr_desktop.ui.background import Background
from travellr_desktop.ui.bridge import Bridge
from travellr_desktop.ui.desk.page import Page
from travellr_desktop.ui.desk.screen import DeskScreen
from travellr_desktop.ui.screen import Context, ScreenEntry
from travellr_desktop.ui.shell.workspace import Program, Workspace
from travellr_desktop.ui.station import Station
from travellr_desktop.ui.theme import Mode, Theme

NONE = Qt.KeyboardModifier.NoModifier
CTRL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier


@dataclass
class AtDesk:
    """An agent before the screen. `opened` are the files that the desktop was asked to open."""

    qtbot: QtBot
    desk: Desk
    clock: HandClock
    work: Workspace
    background: Background
    opened: list[Path] = field(default_factory=list)

    @property
    def screen(self) -> DeskScreen:
        screen = self.work.current
        assert isinstance(screen, DeskScreen)
        return screen

    @property
    def page(self) -> Page:
        """The outcome that is shown."""
        page = self.screen.outcome.page
        assert page is not None
        assert self.screen.outcome.isVisible()
        return page

    def quiet(self) -> None:
        """Until nothing runs and nothing that was typed is still to be searched for."""

        def busy() -> bool:
            basket = self.screen.basket
            typing = self.screen.filters._typing.isActive() or basket.traveller.finder._typing.isActive()
            return typing or bool(self.background.running)

        at_rest(self.qtbot, busy)

    def until(self, holds: Callable[[], object]) -> None:
        until(self.qtbot, holds)

    def focus(self) -> QWidget:
        focus = QApplication.focusWidget()
        assert focus is not None
        return focus

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = NONE) -> None:
        """Press a key where the focus is, then wait for what it started."""
        self.qtbot.keyClick(QApplication.focusWidget() or self.work, key, modifier)
        self.quiet()

    def ctrl_enter(self) -> None:
        self.key(Qt.Key.Key_Return, CTRL)

    def type(self, text: str) -> None:
        """Type into what has the focus; what has no key of its own comes as from an input method."""
        if text.isascii():
            self.qtbot.keyClicks(self.focus(), text)
        else:
            event = QInputMethodEvent()
            event.setCommitString(text)
            QApplication.sendEvent(self.focus(), event)
        self.quiet()

    def pass_time(self, **by: float) -> None:
        self.clock.forward(timedelta(**by))

    # what tests do all the time, by keys

    def search(self, text: str) -> None:
        self.key(Qt.Key.Key_Slash)
        self.type(text)

    def hold(self, text: str) -> None:
        """Find a departure by words, and hold it."""
        self.search(text)
        self.key(Qt.Key.Key_Return)
        self.key(Qt.Key.Key_Return)

    def buyer(self, text: str = "Henrik") -> None:
        """Choose the traveller that a search finds first."""
        self.key(Qt.Key.Key_F4)
        self.type(text)
        self.key(Qt.Key.Key_Return)

    def card(self, name: str) -> None:
        """Pick a card by its name, in the basket or after a refusal."""
        outcome = self.screen.outcome
        page = outcome.page if outcome.isVisible() else None
        ways = getattr(page, "ways", self.screen.basket.ways)
        ways.card.setFocus()
        self.qtbot.keyClick(ways.card, Qt.Key.Key_Home)
        for _ in range(ways.card.count()):
            if ways.card.currentText() == name:
                return
            self.qtbot.keyClick(ways.card, Qt.Key.Key_Down)
        raise AssertionError(f"no card {name!r}")


_templates: dict[Path, Desk] = {}
"""Prepared agencies by their folder; each is closed, and is there to be copied."""


def _prepared(folder: Path, prepare: Callable[[Desk], object], clock: HandClock) -> Desk:
    """An agency as `prepare` leaves it, in `folder`. It is prepared once in a run of the tests, then copied."""
    template = folder.parent / f"agency-{prepare.__module__}-{prepare.__qualname__}"
    if template not in _templates:
        with desk_at(template, HandClock()) as desk:
            prepare(desk)
        _templates[template] = desk
    shutil.copytree(template, folder / "profile")
    program = open_at(folder / "profile", clock)
    return replace(_templates[template], program=program, clock=clock)


@contextmanager
def at_desk(
    qtbot: QtBot,
    folder: Path,
    prepare: Callable[[Desk], object],
    *,
    size: tuple[int, int] = (1440, 900),
    clock: HandClock | None = None,
) -> Iterator[AtDesk]:
    """A prepared agency with the desk open; closed down to the last thread at the end."""
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    theme = Theme(mode=Mode.LIGHT, reduced_motion=True)
    theme.apply(application)
    clock = clock or HandClock()
    opened: list[Path] = []

    def opener(path: Path) -> bool:
        opened.append(path)
        return True

    def make(context: Context) -> DeskScreen:
        return DeskScreen(context, opener=opener)

    with ExitStack() as stack:
        with may_block():
            desk = _prepared(folder, prepare, clock)
            stack.callback(desk.program.close)
        background = Background()
        bridge = Bridge(desk.services.bus)
        memory = QSettings(str(folder / "window.ini"), QSettings.Format.IniFormat)
        entry = ScreenEntry("desk", "Desk", "compass", Permission.HOLD_CREATE, lambda: make)
        program = Program(desk.services, background, bridge, theme, memory, clock, (entry,))
        work = Workspace(program, desk.agent, Station("Kotor Riva", "Desk 2", sandbox=True))
        at = AtDesk(qtbot, desk, clock, work, background, opened)
        try:
            work.resize(*size)
            with qtbot.waitActive(work):
                work.show()
                work.activateWindow()
            work.start()
            at.quiet()
            yield at
        finally:
            work.close_down()
            work.close()
            assert background.shutdown(5)
            bridge.close()
            work.deleteLater()
            with may_block():
                stack.close()
