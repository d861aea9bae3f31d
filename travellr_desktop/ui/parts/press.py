"""What chips, segments and tiles share: a painted button that knows hover and a ring from the keyboard."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QEnterEvent, QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QWidget

from travellr_desktop.ui.theme import Theme


def is_enter(event: QKeyEvent) -> bool:
    """Enter of either block, alone: with Ctrl it is the screen's."""
    enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
    return enter and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier


class Pressable(QAbstractButton):
    """Base of painted buttons. `clicked` and `toggled` as inherited; `Enter` presses as `Space` does."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.over = False
        self._by_key = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.toggled.connect(self._stop_here)
        Theme.current().changed.connect(self.retheme)

    @property
    def ring(self) -> bool:
        """Whether the focus is here and came by keyboard or program."""
        return self.hasFocus() and self._by_key

    def retheme(self) -> None:
        self.updateGeometry()
        self.update()

    def _stop_here(self, on: bool) -> None:
        # Qt does this too, but only once one of them has had the focus: the first Tab would find the first of them
        group = cast("QButtonGroup | None", self.group())  # the stubs leave the None out
        if on and group is not None and group.exclusive():
            for each in group.buttons():
                each.setFocusPolicy(Qt.FocusPolicy.StrongFocus if each is self else Qt.FocusPolicy.ClickFocus)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # which keys press is the desktop's own affair in Qt, and on most of them Enter does not
        if not is_enter(event):
            super().keyPressEvent(event)
        elif not event.isAutoRepeat():
            self.click()

    def enterEvent(self, event: QEnterEvent) -> None:
        self.over = True
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self.over = False
        super().leaveEvent(event)
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._by_key = event.reason() is not Qt.FocusReason.MouseFocusReason
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()
