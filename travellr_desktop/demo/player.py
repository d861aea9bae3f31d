"""Plays on the window as a person would: keys go to whatever has the focus, and every step waits for what it started.

Nothing of a screen is called here; what it shows is only looked at, to know when to go on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import TypeVar

from PySide6.QtCore import QEventLoop, QPoint, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QPainter, QPixmap, QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QMenu, QWidget

from travellr_desktop.ui.background import Background

T = TypeVar("T")

LONGEST_SECONDS = 30.0
_LOOK_EVERY_MS = 15
_MOST_TABS = 120

NONE = Qt.KeyboardModifier.NoModifier
CTRL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


class TourStuck(RuntimeError):
    """What the tour waited for did not come: a fault of the window, or of the tour."""


@dataclass
class Player:
    """At one window. Pictures are numbered in the order in which they are taken, into `folder`."""

    window: QWidget
    background: Background
    folder: Path
    pictures: list[Path] = field(default_factory=list)

    # waiting

    def until(self, true: Callable[[], object], what: str) -> None:
        """Let the window work until `true()`. Raises `TourStuck`, saying what did not come."""
        ends = monotonic() + LONGEST_SECONDS
        wake = QTimer()  # so that waiting for events looks again even where none comes
        wake.setInterval(_LOOK_EVERY_MS)
        wake.start()
        try:
            while not true():
                if monotonic() > ends:
                    self._save(self.window, self.folder / "stuck.png")
                    raise TourStuck(f"The tour waited for {what}, and it did not come.")
                QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
        finally:
            wake.stop()

    def quiet(self) -> None:
        """Until nothing runs in the background, for long enough that what it brought has been shown."""
        for _ in range(3):
            self.until(lambda: not self.background.running, "the background to be done")
            QApplication.processEvents()

    # keys

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
        """Press and let go of a key, where the person would: in the window that has the keyboard."""
        QTest.keyClick(self._with_the_keyboard(), key, modifiers)
        self.quiet()

    def write(self, text: str) -> None:
        """Type a text of ASCII, a key after the other."""
        window = self._with_the_keyboard()
        for character in text:
            QTest.keyClick(window, ord(character))
        self.quiet()

    def _with_the_keyboard(self) -> QWindow:
        """The window that has it. Where nobody manages windows, none has it after a dialog has closed."""
        if QGuiApplication.focusWindow() is None:
            self.window.activateWindow()
            self.until(lambda: QGuiApplication.focusWindow() is not None, "the keyboard")
        return QGuiApplication.focusWindow()

    def tab_to(self, words: str, kind: type[QWidget] = QWidget) -> None:
        """Press Tab until what has the focus is called so. Raises `TourStuck` where nothing is."""
        for _ in range(_MOST_TABS):
            focus = QApplication.focusWidget()
            if focus is not None and isinstance(focus, kind) and words in name_of(focus):
                return
            self.key(Qt.Key.Key_Tab)
        raise TourStuck(f"No key leads to {words!r}.")

    def choose(self, words: str) -> None:
        """Go down the menu that is open to what begins so, and take it. Raises `TourStuck` where nothing does."""
        self.until(lambda: isinstance(QApplication.activePopupWidget(), QMenu), "a menu")
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        wanted = [action for action in menu.actions() if action.text().startswith(words)]
        for _ in range(len(menu.actions()) + 1):  # a menu may open on no line
            if menu.activeAction() in wanted:
                self.key(Qt.Key.Key_Return)
                return
            self.key(Qt.Key.Key_Down)
        raise TourStuck(f"No line of the menu begins with {words!r}.")

    # what a person has no key for

    def away(self, work: Callable[[], T], words: str) -> T:
        """Do `work` on a thread of the window's own, and wait for it while the window lives on."""
        came: list[T] = []
        failed: list[object] = []
        self.background.run(
            self.background,
            lambda _task: work(),
            words=words,
            key=object(),
            done=came.append,
            refused=failed.append,
            failed=failed.append,
        )
        self.until(lambda: came or failed, words)
        if failed:
            raise TourStuck(f"{words}: {failed[0]}")
        return came[0]

    # pictures

    def picture(self, name: str) -> Path:
        """Save what stands on the screen as the next picture."""
        self.quiet()
        path = self.folder / f"{len(self.pictures) + 1:02}-{name}.png"
        self._save(self.window, path)
        self.pictures.append(path)
        return path

    def add_picture(self, name: str, picture: bytes) -> Path:
        """Keep a picture that is not of the window, a PNG, as the next one."""
        path = self.folder / f"{len(self.pictures) + 1:02}-{name}.png"
        path.write_bytes(picture)
        self.pictures.append(path)
        return path

    @staticmethod
    def _save(window: QWidget, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not paint(window).save(str(path)):
            raise OSError(f"The picture cannot be written: {path}")


def paint(window: QWidget) -> QPixmap:
    """A window with the dialogs and menus that stand over it."""
    picture = window.grab()
    corner = window.mapToGlobal(QPoint(0, 0))
    with QPainter(picture) as painter:
        for other in QApplication.topLevelWidgets():
            if (
                other is not window
                and other.isVisible()
                and other.windowOpacity() > 0
                and _above(other, window)
            ):
                painter.drawPixmap(other.mapToGlobal(QPoint(0, 0)) - corner, other.grab())
    return picture


def _above(other: QWidget, window: QWidget) -> bool:
    parent = other.parentWidget()
    while parent is not None and parent is not window:
        parent = parent.parentWidget()
    return parent is window


def name_of(widget: QWidget) -> str:
    """What a person would call it."""
    if name := widget.accessibleName():
        return name
    if isinstance(widget, QAbstractButton):
        return widget.text()
    return widget.placeholderText() if isinstance(widget, QLineEdit) else ""
