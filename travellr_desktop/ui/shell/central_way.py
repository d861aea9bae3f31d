"""What the status bar says of the central database, kept up to date; and the way from there to the Sync view."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from travellr_desktop.domain.permissions import Actor, Permission, allowed
from travellr_desktop.events import CentralChanged, Event
from travellr_desktop.ui.shell.status_bar import StatusBar
from travellr_desktop.ui.station import CentralLine, Station

if TYPE_CHECKING:
    from travellr_desktop.ui.screen import Screen
    from travellr_desktop.ui.shell.workspace import Program

EVERY_MS = 2_000
"""How often it is looked whether something waits: it is told by whoever keeps in touch, and nobody says so."""


class CentralWay(QObject):
    """Looks while the desk belongs to a hub; at one that works by itself nothing is ever asked."""

    def __init__(
        self,
        program: Program,
        actor: Actor,
        status: StatusBar,
        go: Callable[[str], Screen | None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._program, self._status, self._go = program, status, go
        self._may = allowed(actor.role, Permission.SYNC_READ)
        self._station = Station()
        self._tick = QTimer(self)
        self._tick.setInterval(EVERY_MS)
        self._tick.timeout.connect(self.look)
        program.bridge.happened.connect(self._heard)

    def set_station(self, station: Station) -> None:
        """A desk that belongs to a hub is looked after from now on, one that does not is not."""
        self._station = station
        if station.central is None:
            self._tick.stop()
        elif not self._tick.isActive():
            self._tick.start()
            self.look()

    def stop(self) -> None:
        self._tick.stop()

    def look(self) -> None:
        """Read how it stands, in the background."""
        program, zone = self._program, self._station.zone
        self._program.background.run(
            self,
            lambda _task: _read(program, zone or "UTC"),
            key=("central.line", id(self)),
            done=self._came,
            refused=lambda _refusal: None,
        )

    def follow(self) -> None:
        """To the Sync view, for those who may see it."""
        screen = self._go("conflicts") if self._may else None
        if screen is not None:
            screen.go_view("sync")

    def _came(self, line: CentralLine | None) -> None:
        if self._tick.isActive():
            self._status.set_central(line)

    def _heard(self, event: Event) -> None:
        if self._tick.isActive() and isinstance(event, CentralChanged):
            self.look()


def _read(program: Program, zone: str) -> CentralLine | None:
    from travellr_desktop.ui.central.words import line_of
    from travellr_desktop.ui.formats import Formats

    services = program.services
    return line_of(services.central.standing(), Formats(services.locale, zone), program.clock.now())
