"""A hand scanner is a keyboard that types faster than anybody. What it sends while the field for it is closed must not
be taken for single-letter keys: it is gathered, and told when its Enter comes."""

from __future__ import annotations

from time import monotonic

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

FAST = 0.035
"""Seconds between two keys: people take twice as long, scanners a tenth."""

LEAST = 6
"""Characters; less than this was a person drumming on the keys."""


class ScannerKeys(QObject):
    """Listens on widgets that take no text. The first character of a scan cannot be told from a key that a person
    pressed, and does what that key does; all that follow do nothing."""

    scanned = Signal(str)

    def __init__(self, *widgets: QWidget, parent: QObject) -> None:
        super().__init__(parent)
        self.fast = FAST
        self._text, self._last = "", 0.0
        for widget in widgets:
            widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent):
            return False
        if event.type() == QEvent.Type.ShortcutOverride:
            return self._override(event)
        if event.type() == QEvent.Type.KeyPress:
            return self._press(event)
        return False

    def _override(self, event: QKeyEvent) -> bool:
        """Before a key is looked up among the shortcuts: one of a scan is kept from them."""
        text, now = event.text(), monotonic()
        if event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier):
            return False
        fast = bool(self._text) and now - self._last < self.fast
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if fast and len(self._text) >= LEAST:
                event.accept()
                return True
            self._text = ""
            return False
        if not text or not text.isprintable():
            return False  # Shift by itself, which a scanner presses for capitals
        self._text, self._last = (self._text + text if fast else text), now
        if fast:
            event.accept()
        return fast

    def _press(self, event: QKeyEvent) -> bool:
        """The key itself: gathered already, or the end of a scan."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            text, self._text = self._text, ""
            if len(text) >= LEAST and monotonic() - self._last < self.fast:
                self.scanned.emit(text)
                return True
            return False
        return len(self._text) > 1 and bool(event.text()) and monotonic() - self._last < self.fast
