"""From the event bus to the window: one signal, on the GUI thread.

A service publishes on whatever thread it runs; `Bridge.event` is always emitted on the GUI thread. Screens
that are seen refresh what changed; hidden ones are marked stale and refresh when they are shown.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QObject, Qt, QThread, QTimer, Signal, Slot
from shiboken6 import isValid

from travellr_desktop.events import Event


class Bus(Protocol):
    """What the bridge needs of the event bus."""

    def subscribe(self, event_type: type[Event], handler: Callable[[Event], None]) -> object: ...

    def unsubscribe(self, event_type: type[Event], handler: Callable[[Event], None]) -> object: ...


class Refreshes(Protocol):
    """What a screen answers to the bridge."""

    def cares(self, event: Event) -> bool: ...

    def isVisible(self) -> bool: ...

    def mark_stale(self) -> None: ...

    def refresh(self) -> None: ...


class Bridge(QObject):
    """Hears every event of the bus; lives on the GUI thread."""

    event = Signal(object)
    """An `Event`, on the GUI thread, after its commit."""
    _arrived = Signal(object)

    def __init__(self, bus: Bus, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bus = bus
        self._screens: weakref.WeakSet[QObject] = weakref.WeakSet()
        self._due: list[weakref.ref[QObject]] = []
        # several events of one command make one refresh
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(0)
        self._settle.timeout.connect(self._refresh_due)
        self._arrived.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        bus.subscribe(Event, self._heard)

    def watch(self, screen: QObject) -> None:
        """Keep `screen` (which answers `Refreshes`) up to date from now on; it is held weakly."""
        self._screens.add(screen)

    def close(self) -> None:
        """Hear no more."""
        self._bus.unsubscribe(Event, self._heard)
        self._settle.stop()

    def _heard(self, event: Event) -> None:
        if not isValid(self):
            return
        if QThread.currentThread() is self.thread():
            self._deliver(event)
        else:
            self._arrived.emit(event)

    @Slot(object)
    def _deliver(self, event: Event) -> None:
        self.event.emit(event)
        for screen in list(self._screens):
            if not isValid(screen) or not screen.cares(event):  # type: ignore[attr-defined]
                continue
            if screen.isVisible():  # type: ignore[attr-defined]
                if not any(due() is screen for due in self._due):
                    self._due.append(weakref.ref(screen))
                self._settle.start()
            else:
                screen.mark_stale()  # type: ignore[attr-defined]

    @Slot()
    def _refresh_due(self) -> None:
        due, self._due = self._due, []
        for reference in due:
            screen = reference()
            if screen is not None and isValid(screen):
                screen.refresh()  # type: ignore[attr-defined]
