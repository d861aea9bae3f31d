"""Departures: a trip and its month, the departures of a day, and who is on the one with the cursor."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import cast
from uuid import UUID

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QAbstractButton, QApplication, QVBoxLayout, QWidget

from travellr_desktop.domain.permissions import Permission, allowed
from travellr_desktop.events import (
    BookingCancelled,
    BookingChanged,
    BookingCompleted,
    BookingConfirmed,
    BookingCreated,
    CatalogueChanged,
    DepartureChanged,
    Event,
    HoldChanged,
    SettingsChanged,
)
from travellr_desktop.services.board import Board, BoardRow
from travellr_desktop.services.manifest_rows import Manifest
from travellr_desktop.services.registry import Services
from travellr_desktop.ui.actions import Act, Handler
from travellr_desktop.ui.departures.day_list import DayList
from travellr_desktop.ui.departures.doing import Doing
from travellr_desktop.ui.departures.manifest_panel import ManifestPanel
from travellr_desktop.ui.departures.reading import Reading, Start
from travellr_desktop.ui.departures.scanner_keys import ScannerKeys
from travellr_desktop.ui.departures.sides import Sides
from travellr_desktop.ui.departures.trip_pane import TripPane
from travellr_desktop.ui.departures.ways_on import WaysOn
from travellr_desktop.ui.desk.tabs import step
from travellr_desktop.ui.desk.vouchers import open_file
from travellr_desktop.ui.formats import Formats
from travellr_desktop.ui.screen import Context, Screen

_CHANGES = (
    HoldChanged,
    BookingCreated,
    BookingConfirmed,
    BookingChanged,
    BookingCancelled,
    BookingCompleted,
    DepartureChanged,
    CatalogueChanged,
    SettingsChanged,
)
_TRIP, _VIEW = "departures/trip", "departures/view"
_MINUTE = 60


class DeparturesScreen(Screen):
    """Reads again by itself each minute: departures board and leave without anybody's doing."""

    def __init__(
        self,
        context: Context,
        parent: QWidget | None = None,
        *,
        file_opener: Callable[[Path], bool] = open_file,
    ) -> None:
        super().__init__(context, parent)
        self._services = cast(Services, context.services)
        role = context.actor.role
        self._may_mark = allowed(role, Permission.DEPARTURE_CHECK_IN)
        self._may_write = allowed(role, Permission.CATALOGUE_WRITE)
        self.formats = Formats(self._services.locale)
        self._ready = False
        self._wanted: tuple[UUID, date] | None = None
        self.trip_pane = TripPane(self.formats, context.clock.now().date())
        self.day_list = DayList(self.formats)
        self.panel = ManifestPanel(self.formats)
        self.reading = Reading(context, self)
        self.doing = Doing(context, self.formats, self.panel, file_opener, self)
        self.ways_on = WaysOn(
            context,
            self.panel,
            self.doing,
            self.day_list.current,
            lambda: (self.trip_pane.trip_id, self.day),
            self,
            may_mark=self._may_mark,
            may_write=self._may_write,
        )
        self.scanner = ScannerKeys(self.day_list.table, self.panel.list, parent=self)
        self._minute = QTimer(self)
        self._minute.setSingleShot(True)
        self._minute.timeout.connect(self._minute_passed)
        self._build()
        self._connect()

    # what the shell asks

    def handlers(self) -> Mapping[Act, Handler]:
        own: dict[Act, Handler] = {
            Act.TODAY: self._today,
            Act.FIND: self._find_trip,
            Act.PRINT: self.doing.print,
            Act.BACK: self.back,
        }
        if self._may_mark:
            own |= {Act.CHECK_IN: self._check_in, Act.NO_SHOW: self.doing.no_show, Act.PAY: self.ways_on.take}
        if self._may_write:
            own |= {Act.STOP_SELL: self.ways_on.stop, Act.NEW_DEPARTURE: self.ways_on.new_departure}
        return own

    def panes(self) -> Sequence[QWidget]:
        return (self.day_list.table, self.panel, self.trip_pane)

    def primary(self) -> QAbstractButton | None:
        return self.panel.close_button

    def cares(self, event: Event) -> bool:
        return isinstance(event, _CHANGES)

    def refresh(self) -> None:
        super().refresh()
        if not self._ready:
            self.reading.start()
            return
        today = self._today_here()
        if today != self.trip_pane.calendar.today:
            self.trip_pane.calendar.set_today(today)
        self._read_day()
        self._read_month()
        self._read_trip()
        self._read_manifest()

    def activate(self) -> None:
        first_time = not self._ready
        super().activate()
        if first_time:  # Qt has put the focus on whatever comes first in the order of Tab
            self.focus_pane(0)
        self._wind_up()
        self.ways_on.tell_commands()

    def tab_from(self, here: QWidget | None, *, ahead: bool) -> QWidget | None:
        return step((self.trip_pane, self.day_list, self.panel), here, ahead=ahead)

    def deactivate(self) -> None:
        super().deactivate()
        self._minute.stop()

    def close_down(self) -> None:
        self._minute.stop()
        self.reading.stop_waiting()
        self.day_list.close_down()

    # what others ask

    def show_departure(self, departure_id: UUID, day: date) -> None:
        """Put the cursor on a departure of that local day, whichever trip was chosen."""
        self._wanted = (departure_id, day)
        if not self._ready:
            return
        self.day_list.views.set_value("all")
        self._go_to_day(day)

    # building

    def _build(self) -> None:
        memory = self.context.memory
        self._sides = Sides(memory, self.trip_pane, self.day_list, self.panel)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._sides)
        view = str(memory.value(_VIEW, "all"))
        self.day_list.views.set_value(view if view in ("all", "booked", "trip") else "all")
        self.panel.scan.setVisible(self._may_mark)
        self.trip_pane.new.setVisible(self._may_write)
        self.trip_pane.series.edit.setVisible(self._may_write)
        self.trip_pane.stop.setVisible(self._may_write)

    def _connect(self) -> None:
        reading, pane, days, panel = self.reading, self.trip_pane, self.day_list, self.panel
        reading.started.connect(self._started)
        reading.day_found.connect(self._day_found)
        reading.failed.connect(days.show_failure)
        reading.slow.connect(days.show_loading)
        reading.month_found.connect(pane.show_days)
        reading.trip_found.connect(pane.show_trip)
        reading.manifest_found.connect(self._manifest_found)
        pane.trip_chosen.connect(self._trip_chosen)
        pane.day_chosen.connect(self._day_chosen)
        pane.month_changed.connect(self._read_month)
        pane.new_asked.connect(self.ways_on.new_departure)
        pane.edit_asked.connect(self.ways_on.edit_series)
        pane.stop_asked.connect(self.ways_on.stop)
        days.chosen.connect(self._row_chosen)
        days.opened.connect(self._open_panel)
        days.again.connect(self.refresh)
        days.day_asked.connect(self._step_day)
        days.go_day.connect(lambda day: self._go_to_day(day or self._today_here()))
        days.first_action.connect(self.ways_on.new_departure)
        days.view_chosen.connect(self._view_chosen)
        panel.closed.connect(self._close_panel)
        panel.scanned.connect(self.doing.scan)
        if self._may_mark:
            self.scanner.scanned.connect(self._scanned)
        panel.print_asked.connect(self.doing.print)
        panel.more_asked.connect(self.ways_on.offer_more)
        panel.close_asked.connect(self.doing.close)
        panel.list.toggle.connect(self._toggle)
        panel.list.take.connect(self.ways_on.take_of)
        self.doing.changed.connect(self.refresh)

    # time

    def _today_here(self) -> date:
        return self.formats.local(self.context.clock.now(), self.formats.zone).date()

    def _wind_up(self) -> None:
        """Wake up when the clock's minute changes."""
        if self.isVisible():
            now = self.context.clock.now()
            self._minute.start(int((_MINUTE - now.second) * 1000 - now.microsecond / 1000) + 20)

    def _minute_passed(self) -> None:
        self.day_list.tick(self.context.clock.now())
        self.refresh()
        self._wind_up()

    # reading

    def _started(self, start: Start) -> None:
        self._ready = True
        self.formats.zone = start.zone
        calendar = self.trip_pane.calendar
        calendar.blockSignals(True)
        calendar.set_today(start.today)
        calendar.set_chosen(self._wanted[1] if self._wanted is not None else start.today)
        calendar.blockSignals(False)
        remembered = str(self.context.memory.value(_TRIP, ""))
        chosen = next((trip.id for trip in start.trips if trip.id.hex == remembered), None)
        self.trip_pane.set_trips(start.trips, chosen)
        self._offer_views()
        self.refresh()

    def _offer_views(self) -> None:
        trip = self.trip_pane.trip_id
        views = self.day_list.views
        views.set_off("trip", None if trip is not None else self.tr("Choose a trip first"))
        if trip is None and views.value() == "trip":
            views.set_value("all")

    @property
    def day(self) -> date:
        """The day on view."""
        return self.trip_pane.calendar.chosen

    def _read_day(self) -> None:
        only = self.trip_pane.trip_id if self.day_list.views.value() == "trip" else None
        self.reading.read_day(self.day, only)

    def _read_month(self) -> None:
        if self._ready:
            self.reading.read_month(*self.trip_pane.span(), self.trip_pane.trip_id)

    def _read_trip(self) -> None:
        trip = self.trip_pane.trip_id
        if trip is None:
            self.trip_pane.show_trip(None)
        else:
            self.reading.read_trip(trip, self.day)

    def _read_manifest(self) -> None:
        row = self.day_list.current()
        if row is not None:
            self.reading.read_manifest(row.id)

    def _day_found(self, key: object, board: Board) -> None:
        asked = (key, self.day_list.views.value())
        self.day_list.show_board(asked, board, today=self._today_here(), may_add=self._may_write)
        if self._wanted is not None and self._wanted[1] == board.day:
            self.day_list.go_to(self._wanted[0])
            self._wanted = None

    def _row_chosen(self, row: BoardRow | None) -> None:
        self.ways_on.tell_stop(row, self.trip_pane.stop)
        if row is None:
            self.reading.forget_manifest()
            self.panel.show_manifest(None, may_change=False)
        else:
            self._read_manifest()

    def _manifest_found(self, manifest: Manifest | None) -> None:
        row = self.day_list.current()
        if manifest is None or (row is not None and row.id == manifest.departure_id):
            self.panel.show_manifest(manifest, may_change=self._may_mark)
            if self.isVisible():
                self.ways_on.tell_commands()

    # moving about

    def _trip_chosen(self, trip_id: UUID | None) -> None:
        self.context.memory.setValue(_TRIP, "" if trip_id is None else trip_id.hex)
        self._offer_views()
        self._read_month()
        self._read_trip()
        self._read_day()

    def _view_chosen(self, view: str) -> None:
        self.context.memory.setValue(_VIEW, view)
        self._read_day()

    def _day_chosen(self, _day: date) -> None:
        self._read_day()
        self._read_trip()

    def _go_to_day(self, day: date) -> None:
        self.trip_pane.calendar.set_chosen(day)
        self._day_chosen(day)

    def _step_day(self, days: int) -> None:
        if self._ready:
            self._go_to_day(self.day + timedelta(days=days))

    def _today(self) -> None:
        if self._ready:
            self._go_to_day(self._today_here())

    def _find_trip(self) -> None:
        self.trip_pane.trip.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.trip_pane.trip.showPopup()

    def back(self) -> None:
        """One step: from the scanner's field to the list, from the panel to the day, from the trip's day to all."""
        focus = QApplication.focusWidget()
        if self.panel.scanning:
            self.panel.close_scan()
            self.panel.focus_first()
        elif focus is not self.day_list.table:
            self._to_table()
        elif self.day_list.views.value() != "all":
            self.day_list.views.set_value("all")
            self._view_chosen("all")

    def _to_table(self) -> None:
        self.day_list.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _open_panel(self) -> None:
        self._sides.show_panel(True)
        self.panel.focus_first()

    def _close_panel(self) -> None:
        self._sides.show_panel(False)
        self._to_table()

    # what the person does

    def _check_in(self) -> None:
        if self.panel.manifest is not None:
            if self.panel.isHidden():
                self._open_panel()
            self.panel.open_scan()

    def _scanned(self, text: str) -> None:
        """A scanner sent something while its field was closed."""
        self._check_in()
        if self.panel.scanning:
            self.panel.scan.set_text(text)
            self.doing.scan(text)

    def _toggle(self, line_ids: Sequence[UUID]) -> None:
        if self._may_mark:
            self.doing.toggle(line_ids)
