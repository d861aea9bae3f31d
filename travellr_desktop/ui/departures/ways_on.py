"""Ways on from the screen of departures: to a booking, to the timetable's dialogs, and the menu of all there is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from uuid import UUID

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from travellr_desktop.services.board import BoardRow, Phase
from travellr_desktop.services.manifest_rows import ManifestBooking
from travellr_desktop.ui.actions import Act
from travellr_desktop.ui.departures.doing import Doing
from travellr_desktop.ui.departures.manifest_panel import ManifestPanel
from travellr_desktop.ui.parts.button import Button
from travellr_desktop.ui.parts.menu import Menu
from travellr_desktop.ui.screen import Context
from travellr_desktop.ui.timetable.dialogs import edit_departure, edit_series, new_departure


class WaysOn(QObject):
    """`row` gives the departure with the cursor; `place` the trip that is chosen and the day on view. `may_mark`: who
    checks in; `may_write`: who changes what is sold."""

    def __init__(
        self,
        context: Context,
        panel: ManifestPanel,
        doing: Doing,
        row: Callable[[], BoardRow | None],
        place: Callable[[], tuple[UUID | None, date]],
        parent: QWidget,
        *,
        may_mark: bool,
        may_write: bool,
    ) -> None:
        super().__init__(parent)
        self._context, self._panel, self._doing = context, panel, doing
        self._row, self._place, self._window = row, place, parent
        self._may_mark, self._may_write = may_mark, may_write

    def tell_commands(self) -> None:
        """Which keys do something now; called while the screen is shown."""
        actions, manifest = self._context.actions, self._panel.manifest
        why_not = self.tr("No departure is chosen") if manifest is None else manifest.why_not_check_in or ""
        if self._may_mark:
            actions.set_enabled(Act.CHECK_IN, not why_not, why_not)
            owed = manifest is not None and bool(manifest.due)
            actions.set_enabled(Act.PAY, owed, self.tr("Nothing is owed"))
            actions.set_enabled(Act.NO_SHOW, not why_not, why_not)
        if self._may_write:
            actions.set_enabled(Act.STOP_SELL, self.can_stop(self._row()), self._not_to_stop())
        actions.set_enabled(Act.PRINT, manifest is not None, self.tr("No departure is chosen"))

    def tell_stop(self, row: BoardRow | None, button: Button) -> None:
        """The button says stop-sell or its contrary, for the departure with the cursor."""
        stopped = row is not None and row.phase is Phase.STOPPED
        button.set_words(self.tr("Reopen") if stopped else self.tr("Stop-sell"))
        button.set_off(None if self.can_stop(row) else self._not_to_stop())

    def _not_to_stop(self) -> str:
        return self.tr("Only what is still to leave can be stopped.")

    def take(self) -> None:
        """Of the booking with the cursor, else of the first that owes."""
        manifest, row = self._panel.manifest, self._panel.list.current()
        if manifest is None:
            return
        owing = [booking for booking in manifest.bookings if booking.due.minor]
        chosen = [booking for booking in owing if row is not None and booking.id == row.booking.id]
        if owing:
            self.open_booking((chosen or owing)[0])

    def take_of(self, booking_id: UUID) -> None:
        manifest = self._panel.manifest
        found = [each for each in manifest.bookings if each.id == booking_id] if manifest is not None else []
        if found:
            self.open_booking(found[0])

    def open_booking(self, booking: ManifestBooking) -> None:
        open_booking = getattr(self._context.go("bookings"), "open_booking", None)
        if open_booking is not None:
            open_booking(booking.reference)

    def stop(self) -> None:
        row = self._row()
        if row is not None and self.can_stop(row):
            self._doing.stop_or_reopen(row)

    def can_stop(self, row: BoardRow | None) -> bool:
        """Whether its sales can be stopped, or opened again: only of what is still to leave."""
        now = self._context.clock.now()
        return row is not None and row.phase is not Phase.CANCELLED and row.starts_at > now

    def new_departure(self) -> None:
        if self._may_write:
            new_departure(self._context, self._window, *self._place())

    def edit_series(self) -> None:
        trip = self._place()[0]
        if trip is not None and self._may_write:
            edit_series(self._context, self._window, trip)

    def offer_more(self, anchor: QWidget) -> None:
        manifest, row = self._panel.manifest, self._row()
        if manifest is None or row is None:
            return
        menu = Menu(self.tr("More"), self._window)
        if self._may_mark:
            off = manifest.why_not_check_in or ""
            menu.add(self.tr("Check everybody in"), self._doing.check_everybody_in, icon="users", off=off)
            menu.add(self.tr("No-show, or not"), self._doing.no_show, icon="user-x", key="X", off=off)
        booking = self._panel.list.current()
        if booking is not None:
            words = self.tr("Open {0}").format(booking.booking.reference)
            menu.add(words, lambda: self.open_booking(booking.booking), icon="ticket")
        menu.add(self.tr("Print manifest"), self._doing.print, icon="printer", key="Ctrl+P")
        if self._may_write:
            self._offer_selling(menu, row)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup_below(anchor)

    def _offer_selling(self, menu: Menu, row: BoardRow) -> None:
        off = "" if self.can_stop(row) else self.tr("It has left, or is cancelled.")
        menu.addSeparator()
        stopped = row.phase is Phase.STOPPED
        words = self.tr("Reopen sales") if stopped else self.tr("Stop sales…")
        menu.add(words, lambda: self._doing.stop_or_reopen(row), icon="circle-pause", off=off)
        menu.add(self.tr("Change seats…"), lambda: self._doing.change_seats(row), icon="armchair", off=off)
        menu.add(
            self.tr("Edit departure…"),
            lambda: edit_departure(self._context, self._window, row.id),
            icon="pencil",
            off=off,
        )
