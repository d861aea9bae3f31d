"""How long nobody has touched the program: the lock after a quarter of an hour, the end of the session after
one.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from PySide6.QtCore import QEvent, QObject, QTimer, Signal, Slot

from travellr_desktop.domain.clock import Clock
from travellr_desktop.ui.event_watch import unwatch, watch

LOCK_AFTER = timedelta(minutes=15)
SIGN_OUT_AFTER = timedelta(hours=1)
LOOK_EVERY_MS = 5_000

_TOUCHES = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseButtonDblClick,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TabletPress,
    }
)


class IdleWatch(QObject):
    """Watches the whole application for keys and the mouse, from `start` to `stop`.

    Time is the wall clock's, so that a machine which slept counts as idle: the first touch after it wakes is
    swallowed if the lock was due by then. Nothing else keeps the session alive, neither timers nor what runs.
    """

    lock_due = Signal()
    """Nobody touched the program for `LOCK_AFTER`; once until `touch`."""
    sign_out_due = Signal()
    """Nobody touched it for `SIGN_OUT_AFTER`; once until `start`. The lock's own keys do not count as
    touches.
    """

    def __init__(self, clock: Clock, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._clock = clock
        self._last: datetime | None = None
        self._locked = False
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_EVERY_MS)
        self._timer.timeout.connect(self.look)

    def start(self) -> None:
        """A person signed in or unlocked: count from now."""
        if self._last is None:
            watch(self, _TOUCHES)
        self._last = self._clock.now()
        self._locked = False
        self._timer.start()

    def locked(self) -> None:
        """The window was locked, by the watch or by the person: only the end of the session is counted
        now.
        """
        self._locked = True

    def stop(self) -> None:
        """Nobody is signed in."""
        unwatch(self)
        self._last = None
        self._timer.stop()

    @property
    def idle(self) -> timedelta:
        """Since the last touch; nothing if nobody is signed in, or the clock was set back."""
        if self._last is None:
            return timedelta(0)
        return max(self._clock.now() - self._last, timedelta(0))

    @Slot()
    def look(self) -> None:
        """Ask the clock, and say what is due."""
        if self._last is None:
            return
        if self.idle >= SIGN_OUT_AFTER:
            self.stop()
            self.sign_out_due.emit()
        elif self.idle >= LOCK_AFTER and not self._locked:
            self._locked = True
            self.lock_due.emit()

    def _counting(self) -> bool:
        return self._last is not None and not self._locked

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() not in _TOUCHES or not self._counting():
            return False
        self.look()
        if not self._counting():
            return True  # meant for what stood there before the lock came down
        self._last = self._clock.now()
        return False
