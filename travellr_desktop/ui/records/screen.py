"""What the lists of bookings and of payments share: one list, the chosen row beside it, and the way in by reference."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from travellr_desktop.errors import Refusal
from travellr_desktop.events import (
    BookingCancelled,
    BookingChanged,
    BookingCompleted,
    BookingConfirmed,
    BookingCreated,
    Event,
    PaymentProcessed,
    RefundProcessed,
    TravellerChanged,
)
from travellr_desktop.services.agency import AgencyView
from travellr_desktop.services.registry import Services
from travellr_desktop.ui.bug_report import BugReport
from travellr_desktop.ui.days import Days
from travellr_desktop.ui.parts.detail import DetailPanel
from travellr_desktop.ui.records.views import ViewChooser
from travellr_desktop.ui.records.words import Words
from travellr_desktop.ui.screen import Context, Screen
from travellr_desktop.ui.tables.export import CsvExport
from travellr_desktop.ui.tables.list_screen import ListScreen

CHANGES = (
    BookingCreated,
    BookingConfirmed,
    BookingCancelled,
    BookingChanged,
    BookingCompleted,
    PaymentProcessed,
    RefundProcessed,
    TravellerChanged,
)
"""What changes what is said of bookings, of their money and of who bought them."""


class RecordsScreen(Screen):
    """A list of bookings or of payments. Whoever inherits sets `lists`, `views` and `panel`, then calls `_connect`,
    and reads the row with the cursor in `_read_detail`."""

    name: str
    """What the list is called in the name of a file."""
    lists: ListScreen
    views: ViewChooser
    panel: DetailPanel

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._services = cast(Services, context.services)
        self._actor = context.actor
        self.words = Words(self._services.locale)
        self._days = Days(self.words.formats, context.clock)
        self._started = False
        self._wanted: str | None = None

    def _connect(self) -> None:
        CsvExport(self.lists, self.context, self.name)
        self.lists.set_detail(self.panel)
        self.lists.current_changed.connect(self._read_detail)
        self.lists.row_activated.connect(self.panel.focus_first)
        self.lists.failure_asked.connect(self._show_failure)
        self.lists.model.counted.connect(self._find_wanted)
        self.lists.model.totalled.connect(self._first_use)
        self.views.chosen.connect(self.lists.start)

    # what the shell asks

    def panes(self) -> Sequence[QWidget]:
        return (self.lists.table, self.panel, self.lists.filters)

    def cares(self, event: Event) -> bool:
        return isinstance(event, CHANGES)

    def refresh(self) -> None:
        super().refresh()
        if self._started:
            self.lists.refresh()
            self._read_detail(self.lists.table.current_row())
            return
        self._started = True
        agency = self._services.agency
        self.context.background.run(
            self, lambda _task: agency.view(), done=self._begin, failed=lambda _bug: self._begin(None)
        )

    def activate(self) -> None:
        first_time = not self._started
        super().activate()
        if first_time:  # Qt has put the focus on whatever comes first in the order of Tab
            self.focus_pane(0)

    def close_down(self) -> None:
        self.lists.close_down()

    # reading

    def _read_detail(self, row: Any) -> None:
        """Read what the panel shows of a row of the list, or of none."""
        raise NotImplementedError

    def _begin(self, agency: AgencyView | None) -> None:
        if agency is not None:
            self.words.use_zone(agency.zone)
            self.lists.own_currency = agency.currency
        if self._wanted is not None:
            self.lists.start({}, self._wanted)
        else:
            self.views.choose_last()

    def _first_use(self) -> None:
        """Filters do not hide what was never there."""
        totals = self.lists.model.totals
        if totals is not None and totals.whole == 0 and self.lists.filters.active:
            self.lists.filters.clear()

    def _show_failure(self, error: object) -> None:
        if isinstance(error, Refusal):
            self.context.say.refused(error)
        elif isinstance(error, Exception):
            self.context.background.bug.emit(BugReport.of(error))

    def _look_for(self, reference: str) -> None:
        """Show what has this reference, and go to the first of it."""
        self._wanted = reference
        self.lists.open_detail()
        if self._started:
            self.lists.start({}, reference)

    def _find_wanted(self, *_: object) -> None:
        if self._wanted is None or self.lists.filters.text != self._wanted:
            return
        self._wanted = None
        if self.lists.model.rowCount():
            self.lists.table.go_to(0)
            self._to_table()

    # what the person does

    def back(self) -> None:
        """One step: from the panel to the table, then what the list does."""
        focus = QApplication.focusWidget()
        if focus is not None and self.panel.isAncestorOf(focus):
            self._to_table()
        else:
            self.lists.back()

    def _to_table(self) -> None:
        self.lists.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _send_refund(self, refund_id: UUID) -> None:
        cancellations, actor = self._services.cancellations, self._actor
        self.context.background.run(
            self,
            lambda _task: cancellations.retry_refund(actor, refund_id),
            words=self.tr("Sending the refund"),
            key=("refund", refund_id),
            done=lambda _none: self.refresh(),
        )
