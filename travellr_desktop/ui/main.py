"""All that lives beside the window while it is open. `ui.start` shows the window before this is imported."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Any, Protocol

from PySide6.QtCore import QSettings

from travellr_desktop.domain.clock import Clock, SystemClock
from travellr_desktop.events import EventBus
from travellr_desktop.paths import Profile
from travellr_desktop.ui.background import Background, Task
from travellr_desktop.ui.bridge import Bridge
from travellr_desktop.ui.bug_report import BugReport
from travellr_desktop.ui.collector import Collector
from travellr_desktop.ui.people import People
from travellr_desktop.ui.screen import ScreenEntry, SearchEntry
from travellr_desktop.ui.screens import SCREENS, SEARCHES
from travellr_desktop.ui.settings.remembered import text_scale
from travellr_desktop.ui.shell.window import MODE, Window
from travellr_desktop.ui.shell.workspace import Program
from travellr_desktop.ui.signin.first_start import OpenDemo
from travellr_desktop.ui.start import Settings, make_application
from travellr_desktop.ui.station import Station
from travellr_desktop.ui.theme import Mode, Theme

log = logging.getLogger(__name__)


class Services(Protocol):
    """What the shell itself needs of the program's services; the screens need more, each its own."""

    @property
    def users(self) -> People: ...

    @property
    def bus(self) -> EventBus: ...

    def station(self) -> Station:
        """Which desk this is. Called in the background."""
        ...


class Opened:
    """The window with all that lives beside it. `close` when it is done; the demo drives one of these."""

    def __init__(
        self,
        services: Services,
        settings: Settings,
        profile: Profile,
        *,
        screens: Sequence[ScreenEntry] = SCREENS,
        searches: Sequence[SearchEntry] = SEARCHES,
        open_demo: OpenDemo | None = None,
        reopen: Callable[[], object] | None = None,
        later: Sequence[Callable[[], object]] = (),
        clock: Clock | None = None,
        window: Window | None = None,
    ) -> None:
        """`window` is one that is on the screen already, with nothing in it; else one is made, which the caller
        shows."""
        self.application = make_application(settings.locale)
        self._collector = Collector()
        memory = QSettings(str(profile.window), QSettings.Format.IniFormat)
        self.theme = Theme(mode=_mode(memory, settings), text_scale=text_scale(memory))
        self.theme.apply(self.application)
        self._services = services
        self.background = Background()
        self.bridge = Bridge(services.bus)
        program = Program(
            services=services,
            background=self.background,
            bridge=self.bridge,
            theme=self.theme,
            memory=memory,
            clock=clock or SystemClock(),
            entries=screens,
            searches=searches,
        )
        self.window = window or Window(memory=memory)
        self.window.begin(program, station=services.station, open_demo=open_demo, reopen=reopen)
        self._later = (*(entry.load for entry in screens), *later)
        self._hook = sys.excepthook
        sys.excepthook = self._fault
        if window is None:
            self.window.painted.connect(self._first_painted)
        else:
            self.window.repaint()  # the door, before what is done in the background takes its share
            self._first_painted()

    def _first_painted(self) -> None:
        self.window.door.open()
        self.background.run(self.window, self._do_later, key="later")
        self._collector.start()

    def _do_later(self, task: Task) -> None:
        """After the services were opened, or could not be: two threads that import the same in another order may meet
        modules half made."""
        with suppress(Exception):
            self._services.station()
        for step in self._later:
            task.check()
            step()

    def _fault(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """An error in the window's own code: logged and shown, and the window lives on."""
        if issubclass(kind, KeyboardInterrupt):
            self.application.quit()
            return
        log.critical("the window failed", exc_info=(kind, error, trace))
        with suppress(RuntimeError):  # the window itself may be what failed
            self.window.show_bug(BugReport.of(error))

    def close(self) -> None:
        """End everything: no thread, no timer and no handler is left. Waits for a payment on its way."""
        sys.excepthook = self._hook
        self.bridge.close()
        self.window.close()
        self.background.shutdown()
        self._collector.stop()
        self.window.deleteLater()


def _mode(memory: QSettings, settings: Settings) -> Mode:
    """What was chosen in the window last, else what the settings say."""
    chosen: Any = memory.value(MODE, settings.theme)
    try:
        return Mode(str(chosen))
    except ValueError:
        return Mode.SYSTEM
