"""Day close: the drawer counted at one side, what it should hold in the middle, the ticket that opens or closes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from travellr_desktop.errors import InvalidInput, Refusal
from travellr_desktop.events import BookingCancelled, Event, PaymentProcessed, RefundProcessed, TillChanged
from travellr_desktop.services.registry import Services
from travellr_desktop.services.till_figures import TillReport
from travellr_desktop.services.till_forms import ClosedTill, TillStatus
from travellr_desktop.services.x_reads import KeptX
from travellr_desktop.ui.actions import Act, Handler
from travellr_desktop.ui.bug_report import BugReport
from travellr_desktop.ui.desk.vouchers import open_file
from travellr_desktop.ui.parts.empty import LoadFailed
from travellr_desktop.ui.parts.pane import Pane
from travellr_desktop.ui.records.words import Words
from travellr_desktop.ui.screen import Context, Screen
from travellr_desktop.ui.theme import Theme
from travellr_desktop.ui.till.close_panel import ClosePanel
from travellr_desktop.ui.till.count_pane import COLUMN, WIDEST, CountPane
from travellr_desktop.ui.till.day_pane import CLOSES, DayPane
from travellr_desktop.ui.till.doing import TillDoing
from travellr_desktop.ui.till.reckoning import Reckoned, closing, opening
from travellr_desktop.ui.till.tables import KeptRow
from travellr_desktop.ui.till.ticket import TillTicket

DAY, SIDE = 440, 280
"""What the day and the ticket need at least, in logical pixels."""


@dataclass(frozen=True, slots=True)
class _Read:
    status: TillStatus
    history: tuple[ClosedTill, ...]
    reads: tuple[KeptX, ...]
    zone: str


class DayCloseScreen(Screen):
    """What was typed stays while the screen is away, and goes with the opening or the close that it was for."""

    def __init__(
        self,
        context: Context,
        file_opener: Callable[[Path], bool] = open_file,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(context, parent)
        self._services: Services = context.services
        self.words = Words(self._services.locale)
        formats = self.words.formats
        self.status: TillStatus | None = None
        self._failure: Refusal | BugReport | None = None
        self.count = CountPane(formats)
        self.day = DayPane(formats)
        self.ticket = TillTicket(formats)
        self.panel = ClosePanel(formats)
        self.failed = LoadFailed(self.tr("The till could not be read"))
        self.doing = TillDoing(self, file_opener)
        self._counting = True
        self._build()
        self._connect()

    def _build(self) -> None:
        around = Pane("canvas", edges=("left",))
        column = QVBoxLayout(around)
        column.setContentsMargins(16, 16, 16, 16)
        column.addWidget(self.ticket)
        self._side = QStackedWidget()
        self._side.addWidget(around)
        self._side.addWidget(self.panel)
        self.panel.setMinimumWidth(0)
        self.panel.setMaximumWidth(WIDEST)
        work = QWidget()
        row = QHBoxLayout(work)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.count)
        row.addWidget(self.day, 1)
        row.addWidget(self._side)
        self._blank = QWidget()
        self._stack = QStackedWidget()
        for page in (self._blank, work, self.failed):
            self._stack.addWidget(page)
        self._work = work
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._stack)
        Theme.current().changed.connect(self._fit)
        self._fit()

    def _connect(self) -> None:
        self.count.changed.connect(self._reckon)
        self.count.ended.connect(self._counted_through)
        self.count.to_day.clicked.connect(lambda: self._show_count(False))
        self.day.to_count.clicked.connect(lambda: self._show_count(True))
        self.day.sums.edited.connect(self._reckon)
        self.ticket.edited.connect(self._reckon)
        self.ticket.confirmed.connect(self.doing.confirm)
        self.day.x_asked.connect(self.doing.x_read)
        self.day.move_asked.connect(self.doing.move_cash)
        self.day.view_changed.connect(self._show_side)
        self.day.close_chosen.connect(self._read_close)
        self.day.close_opened.connect(self.panel.focus_first)
        self.panel.printed.connect(lambda report: self.doing.print_report(report, self.panel.print))
        self.panel.closed.connect(self._leave_close)
        self.failed.again.connect(self.refresh)
        self.failed.details.connect(lambda: self.context.failed(self._failure))

    # the shell

    def handlers(self) -> Mapping[Act, Handler]:
        return {
            Act.X_READ: self.doing.print_shown,
            Act.MOVE_CASH: self.doing.move_cash,
            Act.HIDE_SUMS: self.count.toggle_sums,
            Act.AGAIN: self.refresh,
        }

    def panes(self) -> Sequence[QWidget]:
        return (self.count, self.day, self.panel if self.in_closes else self.ticket)

    def primary(self) -> QAbstractButton | None:
        return None if self.in_closes else self.ticket.act

    def cares(self, event: Event) -> bool:
        return isinstance(event, (TillChanged, PaymentProcessed, RefundProcessed, BookingCancelled))

    def go_view(self, key: str) -> None:
        self.day.go_view(key)

    def close_down(self) -> None:
        self.day.close_down()

    def activate(self) -> None:
        if self.stale:
            self.refresh()
        if self.status is not None and not self.focus_within():
            self._begin_work()

    # reading

    def refresh(self) -> None:
        super().refresh()
        services, actor = self._services, self.context.actor

        def read(_task: object) -> _Read:
            agency = services.agency.view()
            return _Read(
                services.till.status(actor),
                services.till.history(actor),
                services.till.x_reads(actor),
                agency.zone if agency else "UTC",
            )

        self.context.background.run(
            self,
            read,
            key=("till", id(self)),
            newest=True,
            done=self._show,
            refused=self._failed,
            failed=self._failed,
        )

    def _failed(self, failure: Refusal | BugReport) -> None:
        self._failure = failure
        self.failed.say(
            self.tr("The till could not be read"), str(failure) if isinstance(failure, Refusal) else ""
        )
        self._stack.setCurrentWidget(self.failed)

    def _show(self, read: _Read) -> None:
        first = self.status is None
        before, self.status = self.status, read.status
        self.words.formats.zone = read.zone
        if before is not None and (before.number, before.open is None) != (
            read.status.number,
            read.status.open is None,
        ):
            self._begin_anew()
        currencies = (
            read.status.open.in_use
            if read.status.open is not None
            else tuple(each.stayed.currency for each in read.status.drawers)
        )
        self.count.show_currencies(currencies)
        self.count.show_about(read.status.desk_name)
        self.day.show_till(read.status, read.history, read.reads)
        self._stack.setCurrentWidget(self._work)
        self._reckon()
        if first and self.isVisible():
            self._begin_work()

    def _begin_work(self) -> None:
        if self.count.isHidden():
            self.day.to_count.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.count.focus_first()

    def _begin_anew(self) -> None:
        """The till was opened or closed, here or in another window: what was typed was for the one before."""
        self.doing.begin_anew()
        self.ticket.forget()
        self.ticket.say(None)
        self.day.sums.reason.set_text("")
        self.count.clear()

    # reckoning

    def _reckon(self) -> None:
        status = self.status
        if status is None or not self.count.currency:
            return
        shown = self._reckoned(status, self.count.currency)
        page = self.count.page(self.count.currency)
        touched, blind = page.touched, self.count.blind
        self.day.sums.show_till(status, shown, touched=touched, blind=blind)
        self.ticket.show_till(status, shown, touched=touched, blind=blind, why_not=self.why_not(status))

    def _reckoned(self, status: TillStatus, currency: str) -> Reckoned:
        try:
            wanted = self.ticket.wanted(currency)
        except InvalidInput:
            wanted = None
        count = self.count.count(currency)
        return (opening if status.open is None else closing)(status, count, wanted)

    def reckoned(self, status: TillStatus) -> dict[str, Reckoned]:
        """What every currency comes to. Raises `InvalidInput` where an amount cannot be read."""
        return {each: self._reckoned(status, each) for each in self.count.counts()}

    def why_not(self, status: TillStatus) -> str:
        """Why it cannot be opened or closed yet, "" where it can."""
        try:
            reckoned = self.reckoned(status)
            for currency in reckoned:
                self.ticket.wanted(currency)
        except InvalidInput as wrong:
            return str(wrong)
        for currency, each in reckoned.items():
            if not self.count.page(currency).touched and (each.expected or len(reckoned) == 1):
                return self.tr("Count {0} first").format(currency)
        if any(each.difference for each in reckoned.values()) and not self.day.sums.reason.text().strip():
            return self.tr("A difference needs a reason")
        return ""

    def _counted_through(self) -> None:
        """Enter in the last field: on to the reason where one is needed, else to the button."""
        reason = self.day.sums.reason
        needed = not reason.isHidden() and not reason.text()
        if needed and self.day.isHidden():
            self._show_count(False)
        target = reason.edit if needed else self.ticket.act
        target.setFocus(Qt.FocusReason.TabFocusReason)

    # the closes before

    @property
    def in_closes(self) -> bool:
        """Whether an X or a Z of before is shown in the place of the ticket."""
        return self._side.currentWidget() is self.panel

    def _show_side(self, view: str) -> None:
        row = self.day.closes.current_row() if view == CLOSES else None
        if row is None:
            self._side.setCurrentIndex(0)
        else:
            self._read_close(row)

    def _read_close(self, chosen: KeptRow | None) -> None:
        if chosen is None or self.day.views.value() != CLOSES:
            self._side.setCurrentIndex(0)
            return
        service, actor = self._services.till, self.context.actor
        read = service.kept_x if isinstance(chosen.of, KeptX) else service.report
        self.context.background.run(
            self,
            lambda _task: read(actor, chosen.id),
            key=("till.close", id(self)),
            newest=True,
            done=self._show_close,
        )

    def _show_close(self, report: TillReport) -> None:
        if self.day.views.value() == CLOSES:
            self.panel.show_report(report)
            self._side.setCurrentWidget(self.panel)

    def _leave_close(self) -> None:
        """Back to the ticket."""
        self.day.closes.clearSelection()
        self._side.setCurrentIndex(0)
        self.day.closes.setFocus(Qt.FocusReason.OtherFocusReason)

    # size

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Where there is no room for both, either the count stands beside the ticket or the day does."""
        theme = Theme.current()
        wide = self.width() >= theme.px(COLUMN + DAY + SIDE)
        room = self.width() - theme.px(DAY) - (theme.px(COLUMN) if wide else 0)
        self._side.setFixedWidth(max(min(theme.size("ticket") + 32, room), theme.px(SIDE)))
        self.count.stand_alone(not wide)
        self.day.stand_alone(not wide)
        self.count.setVisible(wide or self._counting)
        self.day.setVisible(wide or not self._counting)

    def _show_count(self, counting: bool) -> None:
        self._counting = counting
        self._fit()
        if counting:
            self.count.focus_first()
        else:
            self.day.to_count.setFocus(Qt.FocusReason.OtherFocusReason)
