"""The wait after failed sign-ins, counted down beside the button."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

from PySide6.QtCore import QObject, QTimer, Signal

from travellr_desktop.domain.clock import Clock

LOOK_EVERY_MS = 250


class Countdown(QObject):
    """Whole seconds until a moment, by the wall clock: a machine that slept has waited too."""

    changed = Signal(int)
    """The seconds left changed; 0 is the end."""

    def __init__(self, clock: Clock, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._clock = clock
        self._until: datetime | None = None
        self._said = 0
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_EVERY_MS)
        self._timer.timeout.connect(self.look)

    def start(self, seconds: int) -> None:
        self._until = self._clock.now() + timedelta(seconds=seconds)
        self._timer.start()
        self.look()

    def stop(self) -> None:
        self._until = None
        self._said = 0
        self._timer.stop()

    @property
    def left(self) -> int:
        """Seconds, rounded up; 0 when nothing is waited for."""
        if self._until is None:
            return 0
        return max(math.ceil((self._until - self._clock.now()).total_seconds()), 0)

    def look(self) -> None:
        left = self.left
        if left == 0:
            self._timer.stop()
            self._until = None
        if left != self._said:
            self._said = left
            self.changed.emit(left)


def in_words(seconds: int) -> str:
    """`42 s`, or `3:05` from a minute on."""
    return f"{seconds} s" if seconds < 60 else f"{seconds // 60}:{seconds % 60:02}"
