"""Reading again at a pace: what changes a hundred times a second is not read a hundred times."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

EVERY_MS = 400
"""How often what is shown is read again at most while it keeps changing."""


class Pace(QObject):
    """Calls `begin` for changes that were told of with `ask`: at once after a quiet time, else `every_ms` after the
    last begin, and never while what was begun still runs. However many changes come meanwhile, one more begin follows
    them: what is shown in the end is the last state.

    `begin` says whether anything was begun; whoever begins calls `ended` when that is over.
    """

    def __init__(self, begin: Callable[[], bool], parent: QObject, *, every_ms: int = EVERY_MS) -> None:
        super().__init__(parent)
        self._begin = begin
        self._running = self._more = False
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(every_ms)
        self._rest.timeout.connect(self._go_on)

    def ask(self) -> None:
        """Something has changed."""
        self._more = True
        self._go_on()

    def now(self) -> None:
        """A person asks: begin at once, also beside what runs. That it is dropped is up to whoever begins."""
        self._more = False
        self._running = self._begin()
        self._rest.start()

    def ended(self) -> None:
        """What was begun last is over, however it ended."""
        self._running = False
        self._go_on()

    def _go_on(self) -> None:
        if self._more and not self._running and not self._rest.isActive():
            self.now()
