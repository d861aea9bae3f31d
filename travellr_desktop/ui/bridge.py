"""From the event bus to the window: one signal, on the GUI thread.

A service publishes on whatever thread it runs; `Bridge.happened` is always emitted on the GUI thread. Screens
that are seen refresh what changed; hidden ones are marked stale and refresh when they are shown.
"""

from __future__ import annotations

import weakref
from typing import Protocol

from PySide6.QtCore import QObject, Qt, QThread, QTimer, Signal, Slot
from shiboken6 import isValid

from travellr_desktop.events import CentralChanged, Event, EventBus


class Refreshes(Protocol):
    """What a screen answers to the bridge."""

    def cares(self, event: Event) -> bool: ...

    def isVisible(self) -> bool: ...

    def mark_stale(self) -> None: ...

    def refresh(self) -> None: ...


class Bridge(QObject):
    """Hears every event of the bus; lives on the GUI thread."""

    happened = Signal(object)
    """An `Event`, on the GUI thread, after its commit."""
    _arrived = Signal(object)

    def __init__(self, bus: EventBus, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._screens = _Screens()
        self._due = _Screens()
        # several events of one command make one refresh
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(0)
        self._settle.timeout.connect(self._refresh_due)
        self._arrived.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._subscription = bus.subscribe(Event, self._heard)

    def watch(self, screen: Refreshes) -> None:
        """Keep `screen` up to date from now on; it is held weakly."""
        self._screens.add(screen)

    def close(self) -> None:
        """Hear no more."""
        self._subscription.cancel()
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
        self.happened.emit(event)
        for screen in self._screens.living():
            if not (screen.cares(event) or _is_all(event)):
                continue
            if screen.isVisible():
                self._due.add(screen)
                self._settle.start()
            else:
                screen.mark_stale()

    @Slot()
    def _refresh_due(self) -> None:
        due, self._due = self._due, _Screens()
        for screen in due.living():
            screen.refresh()


class _Screens:
    """Screens in the order they came, each once, none kept alive."""

    def __init__(self) -> None:
        self._held: list[weakref.ref[Refreshes]] = []

    def add(self, screen: Refreshes) -> None:
        if screen not in self.living():
            self._held.append(weakref.ref(screen))

    def living(self) -> list[Refreshes]:
        self._held = [held for held in self._held if held() is not None]
        screens = [screen for held in self._held if (screen := held()) is not None]
        return [screen for screen in screens if isValid(screen)]


def _is_all(event: Event) -> bool:
    """Rows came into a vendor's file, of which nobody says what was done."""
    return isinstance(event, CentralChanged) and event.what == "rows"
