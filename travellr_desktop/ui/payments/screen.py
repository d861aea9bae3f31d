"""Payments: the list with one payment beside it, and reading again what is not known; beside it invoices,
disputes, the ledger and reconciliation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QStackedLayout, QWidget

from travellr_desktop.domain.permissions import Permission, allowed
from travellr_desktop.domain.states import PaymentState
from travellr_desktop.events import DisputeChanged, Event, InvoiceIssued, SettingsChanged
from travellr_desktop.services.books import EntryDetail
from travellr_desktop.services.lists import PaymentListRow
from travellr_desktop.services.payments import PaymentDetail
from travellr_desktop.ui.actions import Act, Handler
from travellr_desktop.ui.bookings.screen import BookingsScreen
from travellr_desktop.ui.catalogue.screen import CatalogueScreen
from travellr_desktop.ui.disputes.page import DisputesPage
from travellr_desktop.ui.invoices.page import InvoicesPage
from travellr_desktop.ui.ledger.page import LedgerPage
from travellr_desktop.ui.parts.segments import Segments
from travellr_desktop.ui.payments.columns import WORDS, payment_columns, payment_filters, payment_views
from travellr_desktop.ui.payments.panel import PaymentPanel
from travellr_desktop.ui.reconciliation.page import ReconciliationPage
from travellr_desktop.ui.records.screen import RecordsScreen
from travellr_desktop.ui.records.views import ViewChooser
from travellr_desktop.ui.screen import Context
from travellr_desktop.ui.tables import Density, PagedModel
from travellr_desktop.ui.tables.list_screen import ListScreen

PAYMENTS, INVOICES, DISPUTES, LEDGER = "payments", "invoices", "disputes", "ledger"
RECONCILIATION = "reconciliation"
VIEW = "payments/place"

MAY = {
    INVOICES: Permission.INVOICE_ISSUE,
    DISPUTES: Permission.DISPUTE_READ,
    LEDGER: Permission.LEDGER_READ,
    RECONCILIATION: Permission.LEDGER_READ,
}
"""Who has which of the other views."""


ViewPage = InvoicesPage | DisputesPage | LedgerPage | ReconciliationPage
"""Another view; it reads when it is shown, and again when something has changed."""


class PaymentsScreen(RecordsScreen):
    """The list of payments, and those of the other views that the role has."""

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
        self.segments: Segments | None = None
        self._may = [key for key, permission in MAY.items() if allowed(actor.role, permission)]
        if self._may:
            self.segments = self._views(PAYMENTS)
            self.lists.filters.add_leading(self.segments)
        self.views = ViewChooser(
            self.lists.filters, payment_views(self._days), context.memory, name="payments"
        )
        may_cancel = allowed(actor.role, Permission.PAYMENT_CREATE)
        self.panel = PaymentPanel(self.words, context.clock, may_cancel_links=may_cancel)
        self.ledger: LedgerPage | None = None
        self.invoices: InvoicesPage | None = None
        self.disputes: DisputesPage | None = None
        self.reconciliation: ReconciliationPage | None = None
        self._pages: dict[str, ViewPage] = {}
        self._stale_pages = set(MAY)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.lists)
        self._connect()
        self.panel.read_asked.connect(self.read_payment)
        self.panel.booking_asked.connect(self._show_booking)
        self.panel.refund_asked.connect(self._send_refund)
        self.panel.link_asked.connect(self._cancel_link)
        if context.memory.value(VIEW) in self._may:
            self.show_view(str(context.memory.value(VIEW)))

    def _views(self, own: str) -> Segments:
        """Each page carries its own segments; the one chosen is always that of the page."""
        words = {
            PAYMENTS: self.tr("Payments"),
            INVOICES: self.tr("Invoices"),
            DISPUTES: self.tr("Disputes"),
            LEDGER: self.tr("Ledger"),
            RECONCILIATION: self.tr("Reconciliation"),
        }
        options = [(key, words[key]) for key in (PAYMENTS, *self._may)]
        views = Segments(self.tr("View"), options, folds=True)
        views.set_value(own)
        # queued: Qt first puts the focus on the segment that the arrow chose, and that one is hidden then
        views.chosen.connect(self.show_view, Qt.ConnectionType.QueuedConnection)
        return views

    # what the shell asks

    def handlers(self) -> Mapping[Act, Handler]:
        return {
            Act.FIND: self._find,
            Act.FILTER: self._filter,
            Act.BACK: self.back,
            Act.AGAIN: self._again,
            Act.READ_PAYMENT: self.read_payment,
            Act.TODAY: self._today,
            Act.INVOICE: self._open_invoice,
        }

    def cares(self, event: Event) -> bool:
        return isinstance(event, InvoiceIssued | SettingsChanged | DisputeChanged) or super().cares(event)

    def panes(self) -> Sequence[QWidget]:
        page = self._page
        return super().panes() if page is None else page.panes

    def primary(self) -> QAbstractButton | None:
        if self.view == INVOICES and self.invoices is not None:
            return self.invoices.panel.primary
        if self.view == DISPUTES and self.disputes is not None:
            return self.disputes.panel.primary
        if self.view == RECONCILIATION and self.reconciliation is not None:
            return self.reconciliation.panel.primary
        return self.panel.primary if self.view == PAYMENTS else None

    def refresh(self) -> None:
        super().refresh()
        # reconciliation asks the provider for all of it: only when it is wished
        self._stale_pages |= set(MAY) - {RECONCILIATION}
        self._read_page()

    def _again(self) -> None:
        self._stale_pages.add(RECONCILIATION)
        self.refresh()

    def close_down(self) -> None:
        super().close_down()
        for page in self._pages.values():
            page.close_down()

    # views

    @property
    def view(self) -> str:
        shown = self._stack.currentWidget()
        return next((key for key, page in self._pages.items() if page is shown), PAYMENTS)

    @property
    def _page(self) -> ViewPage | None:
        """The view that is shown, where it is another than the payments."""
        return self._pages.get(self.view)

    def show_view(self, key: str) -> None:
        """Show one of the views the role has; KeyError for another."""
        if key != PAYMENTS and key not in self._may:
            raise KeyError(key)
        had_focus = self.focus_within()
        if key == LEDGER:
            self._stack.setCurrentWidget(self._ledger())
        elif key == INVOICES:
            self._stack.setCurrentWidget(self._invoices())
        elif key == DISPUTES:
            self._stack.setCurrentWidget(self._disputes())
        elif key == RECONCILIATION:
            self._stack.setCurrentWidget(self._reconciliation())
        else:
            self._stack.setCurrentWidget(self.lists)
        page = self._page
        views = page.views if page is not None else self.segments
        if views is not None:
            views.set_value(key)
            if had_focus:
                views.focus_chosen()
        self.context.memory.setValue(VIEW, key)
        if self._started:
            self._read_page()

    def _read_page(self) -> None:
        """A view is read only for whoever looks at it: balances are sums over all there is."""
        page = self._page
        if page is not None and self.view in self._stale_pages:
            self._stale_pages.discard(self.view)
            page.refresh()

    def go_view(self, key: str) -> None:
        """Show a view, with the keyboard where its work begins."""
        self.show_view(key)
        page = self._page
        if page is not None:
            page.focus_start()
        else:
            self._to_table()

    def _ledger(self) -> LedgerPage:
        if self.ledger is None:
            self.ledger = page = LedgerPage(self.context, self._services, self._views(LEDGER))
            self._pages[LEDGER] = page
            self._stack.addWidget(page)
            page.booking_asked.connect(self._show_booking)
            page.sale_asked.connect(self.show_sale)
            page.vendor_asked.connect(self._show_vendor)
        return self.ledger

    def _reconciliation(self) -> ReconciliationPage:
        if self.reconciliation is None:
            views = self._views(RECONCILIATION)
            self.reconciliation = page = ReconciliationPage(self.context, self._services, views)
            self._pages[RECONCILIATION] = page
            self._stack.addWidget(page)
            page.sale_asked.connect(self.show_sale)
            page.till_asked.connect(lambda: self.context.go("till"))
            page.settings_asked.connect(lambda: self.context.go("settings"))
        return self.reconciliation

    def _invoices(self) -> InvoicesPage:
        if self.invoices is None:
            self.invoices = page = InvoicesPage(self.context, self._services, self._views(INVOICES))
            self._pages[INVOICES] = page
            self._stack.addWidget(page)
            page.booking_asked.connect(self._show_booking)
            page.sale_asked.connect(self.show_sale)
            page.bookings_asked.connect(lambda: self.context.go("bookings"))
        return self.invoices

    def _disputes(self) -> DisputesPage:
        if self.disputes is None:
            self.disputes = page = DisputesPage(self.context, self._services, self._views(DISPUTES))
            self._pages[DISPUTES] = page
            self._stack.addWidget(page)
            page.booking_asked.connect(self._show_booking)
            page.sale_asked.connect(self.show_sale)
        return self.disputes

    @property
    def _shown_list(self) -> ListScreen:
        page = self._page
        return self.lists if page is None else page.lists

    def _find(self) -> None:
        self._shown_list.focus_search()

    def _filter(self) -> None:
        self._shown_list.choose_filter()

    def back(self) -> None:
        """One step, in the view that is shown."""
        page = self._page
        if page is not None:
            page.back()
        else:
            super().back()

    def _today(self) -> None:
        page = self._page
        if page is not None:
            page.show_today()
        else:
            self.views.choose("today")

    def _open_invoice(self) -> None:
        if self.view == INVOICES and self.invoices is not None:
            self.invoices.open_pdf()

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
        self.go_view(PAYMENTS)
        self._look_for(reference)

    def show_invoices(self, words: str) -> None:
        """Show the invoices of a sale, or the one of this number."""
        self.go_view(INVOICES)
        self._invoices().show_words(words)

    # what the person does

    def read_payment(self) -> None:
        """Ask the provider about the payment, or dispute, without waiting for the schedule. Never charges."""
        if self.view == DISPUTES and self.disputes is not None:
            self.disputes.read_now()
            return
        shown = self.shown
        if shown is None or not shown.can_read or self.view != PAYMENTS:
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

    def _show_vendor(self, entry: EntryDetail) -> None:
        screen = self.context.go("vendors")
        if entry.vendor_id is not None and isinstance(screen, CatalogueScreen):
            screen.open_thing(entry.vendor_id, entry.vendor)
