"""What the screen of departures reads: the day, the month, a trip, a manifest. Only the newest answer is told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import cast
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Signal

from travellr_desktop.domain.periods import zone as zone_of
from travellr_desktop.errors import Refusal
from travellr_desktop.services.board import Board, TripChoice
from travellr_desktop.services.registry import Services
from travellr_desktop.ui.bug_report import BugReport
from travellr_desktop.ui.screen import Context

PATIENCE_MS = 600
"""How long nothing is said of an answer that has not come."""


@dataclass(frozen=True, slots=True)
class Start:
    """What is read first: the agency's zone, today in it, and the trips."""

    zone: str
    today: date
    trips: tuple[TripChoice, ...]


class Reading(QObject):
    """Each question is asked in the background."""

    started = Signal(object)
    day_found = Signal(object, object)
    """The key that was asked (day, trip), and the `Board`."""
    failed = Signal(str, str)
    slow = Signal()
    """The day is not there yet, and whoever waits should be told so."""
    month_found = Signal(object)
    trip_found = Signal(object)
    manifest_found = Signal(object)

    def __init__(self, context: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._services = cast(Services, context.services)
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(PATIENCE_MS)
        self._patience.timeout.connect(self.slow)

    def start(self) -> None:
        services, actor, now = self._services, self._context.actor, self._context.clock.now()
        self._patience.start()

        def work(_task: object) -> Start:
            agency = services.agency.view()
            zone = agency.zone if agency is not None else "UTC"
            return Start(zone, now.astimezone(zone_of(zone)).date(), services.board.trips(actor))

        self._context.background.run(
            self,
            work,
            key=("departures.start", id(self)),
            done=self.started.emit,
            refused=self._refused,
            failed=self._bug,
        )

    def read_day(self, day: date, trip_id: UUID | None) -> None:
        board, actor = self._services.board, self._context.actor
        self._patience.start()
        self._context.background.run(
            self,
            lambda _task: board.day(actor, day, trip_id),
            key=("departures.day", id(self)),
            newest=True,
            done=lambda found: self._came((day, trip_id), found),
            refused=self._refused,
            failed=self._bug,
        )

    def stop_waiting(self) -> None:
        """Nobody looks any more."""
        self._patience.stop()

    def _came(self, key: object, board: Board) -> None:
        self._patience.stop()
        self.day_found.emit(key, board)

    def read_month(self, first: date, last: date, trip_id: UUID | None) -> None:
        board, actor = self._services.board, self._context.actor
        self._context.background.run(
            self,
            lambda _task: board.month(actor, first, last, trip_id),
            key=("departures.month", id(self)),
            newest=True,
            done=self.month_found.emit,
            refused=_ignore,
        )

    def read_trip(self, trip_id: UUID, day: date) -> None:
        board, actor = self._services.board, self._context.actor
        self._context.background.run(
            self,
            lambda _task: board.trip(actor, trip_id, day),
            key=("departures.trip", id(self)),
            newest=True,
            done=self.trip_found.emit,
            refused=_ignore,
        )

    def read_manifest(self, departure_id: UUID) -> None:
        manifests, actor = self._services.manifests, self._context.actor
        self._context.background.run(
            self,
            lambda _task: manifests.manifest(actor, departure_id),
            key=("departures.manifest", id(self)),
            newest=True,
            done=self.manifest_found.emit,
            refused=lambda _refusal: self.manifest_found.emit(None),
        )

    def forget_manifest(self) -> None:
        """Nothing is chosen: an answer that is still on its way is not told."""
        running = self._context.background.find(("departures.manifest", id(self)))
        if running is not None:
            running.drop()

    def _refused(self, refusal: Refusal) -> None:
        self._patience.stop()
        self.failed.emit(str(refusal), refusal.hint)

    def _bug(self, _report: BugReport) -> None:
        self._patience.stop()
        self.failed.emit(
            self.tr("The departures could not be read"), self.tr("The program made a mistake. Try again.")
        )


def _ignore(_refusal: Refusal) -> None:
    """The list beside it says what is wrong."""
