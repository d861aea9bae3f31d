"""Keeps the focus where the work is.

When the control with the focus goes off or away, Qt hands the focus to whatever comes next in the order of Tab:
from the button that took the payment to the name at the foot of the rail. Here it stays in the pane instead, on the
pane itself: no key then presses what nobody chose, and Tab goes on from where it was.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from travellr_desktop.ui.focus_chain import next_stop, takes_tab
from travellr_desktop.ui.screen import Screen


class FocusKeeper(QObject):
    """Watches the focus from `start` to `stop`; `current` gives the screen that is shown."""

    def __init__(self, current: Callable[[], Screen | None], parent: QObject) -> None:
        super().__init__(parent)
        self._current = current
        self._watching = False
        self._pane: QWidget | None = None
        self._lost: QWidget | None = None

    def start(self) -> None:
        self._watch(True)

    def stop(self) -> None:
        self._watch(False)

    def _watch(self, on: bool) -> None:
        application = QApplication.instance()
        if on is self._watching or not isinstance(application, QApplication):
            return
        self._watching = on
        if on:
            application.focusChanged.connect(self._moved)
        else:
            application.focusChanged.disconnect(self._moved)

    def _moved(self, old: QWidget | None, new: QWidget | None) -> None:
        if self._pane is not None and new is not self._pane:
            self._pane.removeEventFilter(self)
            self._pane = self._lost = None
        screen = self._current()
        if screen is None or old is None or not isValid(old) or not screen.isVisible():
            return
        if not screen.isAncestorOf(old) or not screen.isActiveWindow():
            return
        if old.isVisible() and old.isEnabled():
            return  # moved by the person, or by the program with a purpose
        self._keep(pane_of(screen, old), old)

    def _keep(self, pane: QWidget, lost: QWidget) -> None:
        pane.setFocus(Qt.FocusReason.OtherFocusReason)
        if pane.hasFocus():
            self._pane, self._lost = pane, lost
            pane.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Tab goes on from the control that was lost."""
        if watched is self._pane and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            key, lost = event.key(), self._lost
            if key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab) and lost is not None and isValid(lost):
                back = key == Qt.Key.Key_Backtab
                target = lost if takes_tab(lost) else next_stop(lost, back=back)
                if target is not None:
                    target.setFocus(Qt.FocusReason.TabFocusReason)
                    return True
        return False


def pane_of(screen: Screen, widget: QWidget) -> QWidget:
    """The pane of F6 that holds the widget; the screen where none does."""
    around: QWidget | None = widget
    panes = [pane for pane in screen.panes() if pane.isVisible() and pane.isEnabled()]
    while around is not None and around is not screen:
        if around in panes:
            return around
        around = around.parentWidget()
    return screen
