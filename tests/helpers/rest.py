"""When a window in a test has come to rest."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.exceptions import TimeoutError as QtTimeout
from pytestqt.qtbot import QtBot

PATIENCE_MS = 20_000
"""Of a machine that has other things to do; one that is idle needs a few milliseconds."""
SETTLES_MS = 6_000
"""Within this a layout has settled, on such a machine too; what is wrong after it is wrong. A walk that finds many
things wrong waits as often."""
_STEPS_MS = (1, 1, 1, 1, 2, 2, 4, 4, 8)
_STEP_MS = 10
"""Most of what is waited for comes within a few milliseconds, and is looked for more often then."""


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

    _wait(rests)


def until(qtbot: QtBot, holds: Callable[[], object]) -> None:
    """Until it holds; what is asserted on the way there may still be wrong."""
    _wait(holds)


def _wait(holds: Callable[[], object]) -> None:
    __tracebackhide__ = True
    end = time.monotonic() + PATIENCE_MS / 1000
    steps = iter(_STEPS_MS)
    while True:
        wrong: AssertionError | None = None
        try:
            if holds():
                return
        except AssertionError as error:
            wrong = error
        if time.monotonic() > end:
            raise QtTimeout(f"It was waited for {PATIENCE_MS} ms.") from wrong
        loop = QEventLoop()
        QTimer.singleShot(next(steps, _STEP_MS), loop.quit)
        loop.exec()
