"""Keeps a button off while what it started is under way."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from shiboken6 import isValid


@runtime_checkable
class ShowsWork(Protocol):
    """A button that can show that its command runs: its icon turns and its words say what."""

    def set_busy(self, words: str | None) -> None: ...


class ButtonGuard:
    """Off from construction until `release`, which gives back what it found: being enabled, and the focus."""

    def __init__(self, button: QAbstractButton, words: str) -> None:
        self._button = button
        self._was_enabled = button.isEnabled()
        self._had_focus = button.hasFocus()
        if isinstance(button, ShowsWork):
            button.set_busy(words)
        button.setEnabled(False)
        self._moved_to: QWidget | None = QApplication.focusWidget()

    def release(self) -> None:
        button = self._button
        if not isValid(button):
            return
        if isinstance(button, ShowsWork):
            button.set_busy(None)
        button.setEnabled(self._was_enabled)
        # Qt hands the focus on when a button goes off; it comes back unless the person has moved it since
        if self._had_focus and self._was_enabled and QApplication.focusWidget() is self._moved_to:
            button.setFocus()
