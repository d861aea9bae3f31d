"""How long a window does not answer."""

from __future__ import annotations

import time

from PySide6.QtCore import QObject, Qt, QTimer


class FreezeWatch(QObject):
    """The longest time between two turns of the event loop since `reset`, in milliseconds. `busy` is the most that the
    thread of the window itself computed between two: on a machine with other work the first figure holds that too.

    It looks every `interval` milliseconds, or as often as it can, which takes time from all that runs beside."""

    def __init__(self, interval: int = 0) -> None:
        super().__init__()
        self.longest = self.busy = 0.0
        self._turns: list[tuple[float, float]] = []
        self._last, self._computed = time.perf_counter(), time.thread_time()
        self._timer = QTimer(self)
        self._timer.setInterval(interval)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._timer.start()

    def reset(self) -> None:
        self.longest = self.busy = 0.0
        self._turns.clear()
        self._last, self._computed = time.perf_counter(), time.thread_time()

    def most(self, share: float) -> tuple[float, float]:
        """Within how many milliseconds this share of the turns was over, and was computed."""
        if not self._turns:
            return 0.0, 0.0
        last = len(self._turns) - 1
        whole, computed = (sorted(each) for each in zip(*self._turns, strict=True))
        at = min(int(share * len(self._turns)), last)
        return whole[at], computed[at]

    def _tick(self) -> None:
        now, computed = time.perf_counter(), time.thread_time()
        turn = (now - self._last) * 1000, (computed - self._computed) * 1000
        self._turns.append(turn)
        self.longest, self.busy = max(self.longest, turn[0]), max(self.busy, turn[1])
        self._last, self._computed = now, computed
