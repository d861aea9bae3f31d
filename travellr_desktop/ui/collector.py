"""Python's garbage is collected on the GUI thread only.

A cycle that holds widgets may come up for collection on whatever thread happens to allocate; Qt's objects must not be
deleted there. So the automatic collection is off while the window runs, and a timer does it here, in small steps.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

EVERY_MS = 1_000
FULL_EVERY = 60


class Collector(QObject):
    """From when it is made to `stop` no other thread collects: make it before the first of them begins. It collects
    from `start` on. What is there at the start is taken out of the counting: it stays to the end. Where somebody has
    taken things out before, that is left as it is: what is given back is given back whole."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        self._turn = 0
        self._froze = False
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self.collect)

    def start(self) -> None:
        gc.collect()
        if not gc.get_freeze_count():
            gc.freeze()
            self._froze = True
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()
        if self._froze:
            gc.unfreeze()
            self._froze = False
        gc.enable()

    def collect(self) -> None:
        """The young generations when they have grown past Python's own thresholds, all of it once a minute."""
        self._turn += 1
        young, middle, _ = gc.get_threshold()
        counts = gc.get_count()
        if self._turn % FULL_EVERY == 0:
            gc.collect()
        elif counts[1] > middle:
            gc.collect(1)
        elif counts[0] > young:
            gc.collect(0)
