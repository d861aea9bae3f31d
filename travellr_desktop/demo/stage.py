"""The window that a tour is played in: by day, of one size, with nothing in it that moves or opens by itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QObject, QSize, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication

from travellr_desktop.demo.desk import DemoDesk
from travellr_desktop.domain.clock import Clock
from travellr_desktop.paths import Profile
from travellr_desktop.ui.main import Opened
from travellr_desktop.ui.signin.first_start import OpenDemo
from travellr_desktop.ui.theme import Mode

SIZE = QSize(1440, 900)


class _Viewer(QObject):
    """In place of whatever the machine opens a PDF with: the tour opens nothing beside its window."""

    @Slot(QUrl)
    def view(self, address: QUrl) -> None:
        pass


@contextmanager
def at_window(
    desk: DemoDesk, profile: Profile, clock: Clock, *, open_demo: OpenDemo | None = None
) -> Iterator[Opened]:
    """The window over an open desk, by day and with nothing as it was left; nothing in it moves by itself."""
    profile.window.unlink(missing_ok=True)
    settings = desk.settings.model_copy(update={"theme": Mode.LIGHT.value})
    opened = Opened(desk, settings, profile, clock=clock, open_demo=open_demo)
    viewer = _Viewer()
    blink = QApplication.cursorFlashTime()
    try:
        QDesktopServices.setUrlHandler("file", viewer, "view")  # type: ignore[arg-type]  # it takes no bytes
        QApplication.setCursorFlashTime(0)
        opened.theme.reduced_motion = True
        opened.window.resize(SIZE)
        opened.window.show()
        opened.window.activateWindow()
        yield opened
    finally:
        QApplication.setCursorFlashTime(blink)
        QDesktopServices.unsetUrlHandler("file")
        opened.close()
        QApplication.processEvents()
