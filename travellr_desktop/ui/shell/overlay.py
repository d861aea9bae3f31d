"""What opens over the work without asking for a decision: one panel in the top third."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from shiboken6 import isValid

from travellr_desktop.ui.parts import paint
from travellr_desktop.ui.parts.shade import paint_shade
from travellr_desktop.ui.theme import Theme


class Panel(QWidget):
    """A raised box with a line around it."""

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = Theme.current()
        painter = QPainter(self)
        paint.box(
            painter,
            self.rect(),
            fill=theme.colour("raised"),
            line=theme.colour("border"),
            radius=theme.radius("dialog"),
        )
        painter.end()


class Overlay(QWidget):
    """Covers its parent while open. It closes on Esc, on a click beside the panel and when the focus goes
    elsewhere; the focus then returns to where it was. The panel stands in the top third; one that `rises` goes up
    where it is too high for that."""

    closed = Signal()

    def __init__(self, parent: QWidget, *, width: int, rises: bool = False) -> None:
        super().__init__(parent)
        self._width, self._rises = width, rises
        self._came_from: QWidget | None = None
        self.panel = Panel(self)
        self.body = QVBoxLayout(self.panel)
        self.body.setContentsMargins(1, 1, 1, 1)
        self.body.setSpacing(0)
        self.hide()
        parent.installEventFilter(self)
        Theme.current().changed.connect(self._rethemed)

    def open(self) -> None:
        if self.isVisible():
            return
        self._came_from = QApplication.focusWidget()
        self._place()
        self.raise_()
        self.show()
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._focus_moved)

    def close_over(self, *, give_back: bool = True) -> None:
        """Close; `give_back` the focus to where it was before."""
        if not self.isVisible():
            return
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.disconnect(self._focus_moved)
        self.hide()
        came_from, self._came_from = self._came_from, None
        if give_back and came_from is not None and isValid(came_from) and came_from.isVisible():
            came_from.setFocus(Qt.FocusReason.PopupFocusReason)
        self.closed.emit()

    def panel_height(self) -> int:
        return self.panel.sizeHint().height()

    def fit_panel(self, width: int) -> None:
        """The panel is about to be so wide: before its height is asked for."""

    def _place(self) -> None:
        parent = self.parentWidget()
        if parent is None:
            return
        self.setGeometry(parent.rect())
        wide = min(Theme.current().px(self._width), self.width() - 32)
        top = min(self.height() // 6, Theme.current().px(120))
        self.fit_panel(wide)
        high = self.panel_height()
        if self._rises:
            top = max(min(top, self.height() - 16 - high), 16)
        high = min(high, self.height() - top - 16)
        self.panel.setGeometry(QRect((self.width() - wide) // 2, top, wide, high))
        self.update()

    def _rethemed(self) -> None:
        if self.isVisible():
            self._place()

    def _focus_moved(self, old: QWidget | None, new: QWidget | None) -> None:
        if new is not None and new is not self and not self.isAncestorOf(new):
            self.close_over(give_back=False)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return False

    def event(self, event: QEvent) -> bool:
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_over()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self.panel.geometry().contains(event.position().toPoint()):
            self.close_over()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_shade(painter, self.panel.geometry(), Theme.current().radius("dialog"))
        painter.end()
