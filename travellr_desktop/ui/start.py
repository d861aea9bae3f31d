"""Puts the window on the screen, then has it furnished, and stays until it is closed.

Nothing is imported here but Qt: a window of one colour stands where it was left after a third of the time that all of
the program takes to be there.
"""

from __future__ import annotations

import builtins
import json
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QLocale, QSettings, Qt
from PySide6.QtGui import QColor, QGuiApplication
from PySide6.QtWidgets import QApplication

from travellr_desktop import __version__
from travellr_desktop.paths import Profile, resource
from travellr_desktop.ui.shell.window import MODE, Window

if TYPE_CHECKING:
    from travellr_desktop.domain.clock import Clock
    from travellr_desktop.ui.main import Opened, Services
    from travellr_desktop.ui.screen import ScreenEntry, SearchEntry
    from travellr_desktop.ui.signin.first_start import OpenDemo


class Settings(Protocol):
    """What the shell reads of the settings."""

    @property
    def theme(self) -> str: ...

    @property
    def locale(self) -> str: ...


def run(
    services: Callable[[], Services],
    settings: Settings,
    profile: Profile,
    *,
    screens: Sequence[ScreenEntry] | None = None,
    searches: Sequence[SearchEntry] | None = None,
    open_demo: OpenDemo | None = None,
    reopen: Callable[[], object] | None = None,
    later: Sequence[Callable[[], object]] = (),
    clock: Clock | None = None,
) -> int:
    """Open the window; the exit code comes when it is closed and all work has ended.

    `services` is called, and everything else imported, once the window is painted; the screens are imported, and then
    `later` is done, in the background after that. Services may be opened later still. `reopen` closes them and opens
    them on another file.
    """
    application = make_application(settings.locale)
    memory = QSettings(str(profile.window), QSettings.Format.IniFormat)
    window = Window.front(memory, _ground(str(memory.value(MODE, settings.theme))))
    made: list[Opened] = []
    failed: list[Exception] = []

    def furnish() -> None:
        from travellr_desktop.ui.main import Opened
        from travellr_desktop.ui.screens import SCREENS, SEARCHES

        try:
            made.append(
                Opened(
                    services(),
                    settings,
                    profile,
                    screens=SCREENS if screens is None else screens,
                    searches=SEARCHES if searches is None else searches,
                    open_demo=open_demo,
                    reopen=reopen,
                    later=later,
                    clock=clock,
                    window=window,
                )
            )
        except Exception as error:  # noqa: BLE001  Qt would print it, and an empty window would stay
            failed.append(error)
            application.exit(1)

    window.painted.connect(furnish)
    window.show()
    try:
        code = application.exec()
        if failed:
            raise failed[0]
        return code
    finally:
        for opened in made:
            opened.close()
        if not made:
            window.close()
            window.deleteLater()


def make_application(locale: str = "en_GB") -> QApplication:
    """The application, made once for the process."""
    import_plainly()
    QLocale.setDefault(QLocale(locale))
    present = QApplication.instance()
    if isinstance(present, QApplication):
        return present
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    application = QApplication(["travellr"])
    application.setApplicationName("travellr")
    application.setApplicationDisplayName("Travellr")
    application.setApplicationVersion(__version__)
    application.setDesktopFileName("travellr")
    return application


def import_plainly() -> None:
    """Have modules imported as Python does it.

    PySide puts a step before every import that reads the module's source, to see whether it asks for PySide's own
    switches, which nothing here does. With two threads at the imports that step comes upon modules half made, and a
    profile does not open."""
    plain = getattr(builtins, "__orig_import__", None)
    if plain is not None:
        builtins.__import__ = plain


def _ground(mode: str) -> QColor:
    """The colour on which everything stands, in that mode."""
    if mode not in ("light", "dark"):
        dark = QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark
        mode = "dark" if dark else "light"
    tokens: Any = json.loads(resource("style/tokens.json").read_text("utf-8"))
    return QColor(tokens["colour"][mode]["role"]["canvas"])
