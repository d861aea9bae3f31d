"""Vouchers of what was sold: made in the background, kept as files, opened."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import cast

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QAbstractButton

from travellr_desktop.domain.states import BookingState
from travellr_desktop.services.outcomes import SaleOutcome, SoldBooking
from travellr_desktop.services.registry import Services
from travellr_desktop.ui.screen import Context


def open_file(path: Path) -> bool:
    """Hand a file to whatever the desktop opens it with; without a display there is nothing that could."""
    if QGuiApplication.platformName() in ("offscreen", "minimal"):
        return False
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


def confirmed(outcome: SaleOutcome) -> tuple[SoldBooking, ...]:
    """The bookings of a sale that a voucher can be made for."""
    return tuple(booking for booking in outcome.bookings if booking.state is BookingState.CONFIRMED)


class Vouchers(QObject):
    """`saved(tuple of paths)` when they are made; each is then opened. `last` is what F9 prints again."""

    saved = Signal(object)
    refused = Signal(object)

    def __init__(
        self, context: Context, opener: Callable[[Path], bool], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._services = cast(Services, context.services)
        self._opener = opener
        self.last: tuple[SoldBooking, ...] = ()

    def make(self, bookings: tuple[SoldBooking, ...], button: QAbstractButton | None) -> None:
        """Make the vouchers of these bookings; `button` is off meanwhile."""
        ids = [booking.id for booking in bookings]
        actor, documents = self._context.actor, self._services.documents
        if ids:
            self._context.background.run(
                self,
                lambda _task: tuple(documents.voucher(actor, each) for each in ids),
                words=self.tr("Making the voucher"),
                button=button,
                key="desk.voucher",
                done=self._made,
                refused=self.refused.emit,
            )

    def open(self, path: Path) -> None:
        self._opener(path)

    def _made(self, paths: tuple[Path, ...]) -> None:
        self.saved.emit(paths)
        for path in paths:
            self._opener(path)
