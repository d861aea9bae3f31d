"""Payments: the list with one payment beside it, and reading again what is not known."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtWidgets import QAbstractButton, QVBoxLayout, QWidget

from travellr_desktop.domain.states import PaymentState
from travellr_desktop.services.lists import PaymentListRow
from travellr_desktop.services.payments import PaymentDetail
from travellr_desktop.ui.actions import Act, Handler
from travellr_desktop.ui.bookings.screen import BookingsScreen
from travellr_desktop.ui.payments.columns import WORDS, payment_columns, payment_filters, payment_views
from travellr_desktop.ui.payments.panel import PaymentPanel
from travellr_desktop.ui.records.screen import RecordsScreen
from travellr_desktop.ui.records.views import ViewChooser
from travellr_desktop.ui.screen import Context
from travellr_desktop.ui.tables import Density, PagedModel
from travellr_desktop.ui.tables.list_screen import ListScreen


class PaymentsScreen(RecordsScreen):
    """The list of payments."""

    name = "payments"
    panel: PaymentPanel

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        services, actor = self._services, self._actor
        model: PagedModel[PaymentListRow] = PagedModel(
            payment_columns(self.words, context.clock),
            lambda query: services.lists.payments(actor, query),
        )
        self.lists = ListScreen(
            model,
            name="payments",
            words=WORDS,
            filters=payment_filters(self._days),
            sort=("at", True),
            densities=(Density.NORMAL, Density.COMPACT),
            amount=self.words.minor,
            memory=context.memory,
        )
        self.views = ViewChooser(
            self.lists.filters, payment_views(self._days), context.memory, name="payments"
        )
        self.panel = PaymentPanel(self.words, context.clock)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.lists)
        self._connect()
        self.panel.read_asked.connect(self.read_payment)
        self.panel.booking_asked.connect(self._show_booking)
        self.panel.refund_asked.connect(self._send_refund)

    # what the shell asks

    def handlers(self) -> Mapping[Act, Handler]:
        return {
            **super().handlers(),
            Act.READ_PAYMENT: self.read_payment,
            Act.TODAY: lambda: self.views.choose("today"),
        }

    def primary(self) -> QAbstractButton | None:
        return self.panel.primary

    # reading

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

    # what others ask

    def show_sale(self, reference: str) -> None:
        """Show the payments of one sale, the newest first."""
        self._look_for(reference)

    # what the person does

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

    def _show_booking(self, reference: str) -> None:
        screen = self.context.go("bookings")
        if isinstance(screen, BookingsScreen):
            screen.open_booking(reference)
