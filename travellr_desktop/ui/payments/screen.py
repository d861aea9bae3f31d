"""Payments: the list with one payment beside it, and reading again what is not known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QVBoxLayout, QWidget

from travellr_desktop.domain.states import PaymentState
from travellr_desktop.errors import Refusal
from travellr_desktop.events import Event
from travellr_desktop.services.agency import AgencyView
from travellr_desktop.services.lists import PaymentListRow
from travellr_desktop.services.payments import PaymentDetail
from travellr_desktop.services.registry import Services
from travellr_desktop.ui.actions import Act, Handler
from travellr_desktop.ui.bookings.columns import Days
from travellr_desktop.ui.bookings.screen import CHANGES, BookingsScreen
from travellr_desktop.ui.bookings.views import ViewChooser
from travellr_desktop.ui.bookings.words import Words
from travellr_desktop.ui.bug_report import BugReport
from travellr_desktop.ui.payments.columns import WORDS, payment_columns, payment_filters, payment_views
from travellr_desktop.ui.payments.panel import PaymentPanel
from travellr_desktop.ui.screen import Context, Screen
from travellr_desktop.ui.tables import Density, PagedModel
from travellr_desktop.ui.tables.list_screen import ListScreen


class PaymentsScreen(Screen):
    """The list of payments."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._services = cast(Services, context.services)
        self._actor = context.actor
        self.words = Words(self._services.locale)
        self._started = False
        self._wanted = ""
        days = Days(self.words, context.clock)
        services, actor = self._services, self._actor
        model: PagedModel[PaymentListRow] = PagedModel(
            payment_columns(self.words, context.clock),
            lambda query: services.lists.payments(actor, query),
        )
        self.lists = ListScreen(
            model,
            name="payments",
            words=WORDS,
            filters=payment_filters(days),
            sort=("at", True),
            densities=(Density.NORMAL, Density.COMPACT),
            amount=self.words.minor,
            memory=context.memory,
        )
        self.views = ViewChooser(self.lists.filters, payment_views(days), context.memory, name="payments")
        self.panel = PaymentPanel(self.words, context.clock)
        self.lists.set_detail(self.panel)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.lists)
        self.lists.current_changed.connect(self._read_detail)
        self.lists.row_activated.connect(self.panel.focus_first)
        self.lists.failure_asked.connect(self._show_failure)
        self.lists.model.counted.connect(self._find_wanted)
        self.lists.model.totalled.connect(self._first_use)
        self.views.chosen.connect(self.lists.start)
        self.panel.read_asked.connect(self.read_payment)
        self.panel.booking_asked.connect(self._show_booking)
        self.panel.refund_asked.connect(self._send_refund)

    # what the shell asks

    def handlers(self) -> Mapping[Act, Handler]:
        return {
            Act.FIND: self.lists.focus_search,
            Act.FILTER: self.lists.choose_filter,
            Act.BACK: self.back,
            Act.READ_PAYMENT: self.read_payment,
            Act.TODAY: lambda: self.views.choose("today"),
        }

    def panes(self) -> Sequence[QWidget]:
        return (self.lists.table, self.panel, self.lists.filters)

    def primary(self) -> QAbstractButton | None:
        return self.panel.primary

    def cares(self, event: Event) -> bool:
        return isinstance(event, CHANGES)

    def refresh(self) -> None:
        super().refresh()
        if not self._started:
            self._started = True
            agency = self._services.agency
            self.context.background.run(
                self, lambda _task: agency.view(), done=self._begin, failed=lambda _bug: self._begin(None)
            )
            return
        self.lists.refresh()
        self._read_detail(self.lists.table.current_row())

    def activate(self) -> None:
        first_time = not self._started
        super().activate()
        if first_time:  # Qt has put the focus on whatever comes first in the order of Tab
            self.focus_pane(0)

    def close_down(self) -> None:
        self.lists.close_down()

    # reading

    def _begin(self, agency: AgencyView | None) -> None:
        if agency is not None:
            self.words.use_zone(agency.zone)
            self.lists.own_currency = agency.currency
        if self._wanted:
            self.lists.start({}, self._wanted)
        else:
            self.views.choose_last()

    def _first_use(self) -> None:
        """Filters do not hide what was never there."""
        totals = self.lists.model.totals
        if totals is not None and totals.whole == 0 and self.lists.filters.active:
            self.lists.filters.clear()

    def _read_detail(self, row: PaymentListRow | None) -> None:
        if row is None:
            return
        payment_id, payments, actor = row.id, self._services.payments, self._actor
        self.context.background.run(
            self,
            lambda _task: payments.detail(actor, payment_id),
            key=("payment", id(self)),
            newest=True,
            done=self._came,
        )

    def _came(self, detail: PaymentDetail) -> None:
        row = self.lists.table.current_row()
        if row is not None and row.id == detail.id:
            self.panel.show_payment(detail)

    @property
    def shown(self) -> PaymentDetail | None:
        """The payment with the cursor, once it has been read; also while the panel is closed."""
        row, shown = self.lists.table.current_row(), self.panel.shown
        if row is None or shown is None or row.id != shown.id:
            return None
        return shown

    def _show_failure(self, error: object) -> None:
        if isinstance(error, Refusal):
            self.context.say.refused(error)
        elif isinstance(error, Exception):
            self.context.background.bug.emit(BugReport.of(error))

    # what others ask

    def show_sale(self, reference: str) -> None:
        """Show the payments of one sale, the newest first."""
        self._wanted = reference
        self.lists.open_detail()
        if self._started:
            self.lists.start({}, reference)

    def _find_wanted(self, *_: object) -> None:
        if not self._wanted or self.lists.filters.text != self._wanted:
            return
        self._wanted = ""
        if self.lists.model.rowCount():
            self.lists.table.go_to(0)
            self.lists.table.setFocus(Qt.FocusReason.OtherFocusReason)

    # what the person does

    def back(self) -> None:
        """One step: from the panel to the table, then what the list does."""
        focus = QApplication.focusWidget()
        if focus is not None and self.panel.isAncestorOf(focus):
            self.lists.table.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.lists.back()

    def read_payment(self) -> None:
        """Ask the provider about the payment, without waiting for the schedule. Never charges."""
        shown = self.shown
        if shown is None or not shown.can_read:
            return
        payments, actor, payment_id = self._services.payments, self._actor, shown.id
        self.context.background.run(
            self,
            lambda _task: payments.read_now(actor, payment_id),
            words=self.tr("Reading the payment"),
            key=("read", payment_id),
            button=self.panel.read,
            done=self._read,
        )

    def _read(self, detail: PaymentDetail) -> None:
        said = {
            PaymentState.COMPLETED: self.tr("{0} of {1} is paid"),
            PaymentState.FAILED: self.tr("{0} of {1} was not charged"),
            PaymentState.ABANDONED: self.tr("{0} of {1} was not charged"),
        }.get(detail.state, self.tr("{0} of {1}: still not known"))
        self.context.say.finished(said.format(self.words.money(detail.amount), detail.sale_reference))
        self.refresh()

    def _send_refund(self, refund_id: UUID) -> None:
        cancellations, actor = self._services.cancellations, self._actor
        self.context.background.run(
            self,
            lambda _task: cancellations.retry_refund(actor, refund_id),
            words=self.tr("Sending the refund"),
            key=("refund", refund_id),
            done=lambda _none: self.refresh(),
        )

    def _show_booking(self, reference: str) -> None:
        screen = self.context.go("bookings")
        if isinstance(screen, BookingsScreen):
            screen.open_booking(reference)
