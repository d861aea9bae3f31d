"""When a window in a test has come to rest."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

PATIENCE_MS = 20_000
"""Of a machine that has other things to do; one that is idle needs a few milliseconds."""


def at_rest(qtbot: QtBot, busy: Callable[[], object]) -> None:
    """Until nothing is busy, and what that led to has come through the loop and made nothing busy again.

    The keyboard may come later still, after a dialog has closed above all: focus, and what goes by it, is waited for by
    itself.
    """

    def rests() -> bool:
        if busy():
            return False
        QApplication.processEvents()
        return not busy()

    qtbot.waitUntil(rests, timeout=PATIENCE_MS)


def until(qtbot: QtBot, holds: Callable[[], object]) -> None:
    qtbot.waitUntil(lambda: bool(holds()), timeout=PATIENCE_MS)
