"""Invoices, a view of Payments: the list, and the document with the cursor; above them what is missing to issue one."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from travellr_desktop.services.agency import AgencyView
from travellr_desktop.services.invoice_views import InvoiceDetail, InvoiceSettings
from travellr_desktop.services.lists import InvoiceListRow
from travellr_desktop.services.registry import Services
from travellr_desktop.ui.invoices.columns import WORDS, invoice_columns, invoice_filters
from travellr_desktop.ui.invoices.issuing import Issuing, open_settings
from travellr_desktop.ui.invoices.panel import InvoicePanel
from travellr_desktop.ui.parts.note import Note
from travellr_desktop.ui.parts.pane import Pane
from travellr_desktop.ui.parts.segments import Segments
from travellr_desktop.ui.records.list_page import ListPage
from travellr_desktop.ui.screen import Context
from travellr_desktop.ui.settings.invoices import missing_words
from travellr_desktop.ui.tables import PagedModel


class InvoicesPage(ListPage):
    """`bookings_asked` leads to all of them."""

    name = "invoices"
    when = "at"
    panel: InvoicePanel
    bookings_asked = Signal()

    def __init__(
        self, context: Context, services: Services, views: Segments, parent: QWidget | None = None
    ) -> None:
        super().__init__(context, services, views, parent)
        model: PagedModel[InvoiceListRow] = PagedModel(
            invoice_columns(self.words, context.clock),
            lambda query: services.lists.invoices(self._actor, query),
        )
        self.lists = self._list(model, WORDS, invoice_filters(self._days.behind))
        self.panel = InvoicePanel(self.words, context.clock)
        self.issuing = Issuing(context, services, self, self.words)
        self.note = Note("wait", "", "")
        self._above = Pane("surface")
        above = QVBoxLayout(self._above)
        above.setContentsMargins(16, 12, 16, 0)
        above.addWidget(self.note)
        self._above.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._above)
        column.addWidget(self.lists, 1)
        self._connect()

    def _connect(self) -> None:
        self._connect_list()
        lists, panel = self.lists, self.panel
        lists.first_action.connect(self.bookings_asked)
        panel.open_asked.connect(self.open_pdf)
        panel.save_asked.connect(self.save_pdf)
        panel.credit_asked.connect(self.credit)
        panel.number_asked.connect(self.show_words)
        panel.booking_asked.connect(self.booking_asked)
        panel.sale_asked.connect(self.sale_asked)
        self.note.acted.connect(lambda: open_settings(self._context))
        self.issuing.issued.connect(lambda _issued: self.refresh())

    # what the screen asks

    def refresh(self) -> None:
        """Read again."""
        services, actor = self._services, self._actor
        self._context.background.run(
            self,
            lambda _task: (services.agency.view(), services.invoices.settings(actor)),
            key=("invoices.settings", id(self)),
            newest=True,
            done=self._came,
        )
        if self._started:
            self.lists.refresh()

    # reading

    def _came(self, read: tuple[AgencyView | None, InvoiceSettings]) -> None:
        agency, settings = read
        self._use(agency)
        self._above.setVisible(bool(settings.missing))
        if settings.missing:
            self.note.say(
                "wait",
                self.tr("No invoice can be issued yet."),
                missing_words(settings.missing),
                action=self.tr("Open Settings"),
            )
        if not self._started:
            self._begin()

    def _read_detail(self, row: InvoiceListRow | None) -> None:
        if row is not None:
            invoices, actor, invoice_id = self._services.invoices, self._actor, row.id
            self._read_row(lambda: invoices.detail(actor, invoice_id), self.panel.show_invoice)

    @property
    def shown(self) -> InvoiceDetail | None:
        """The document with the cursor, once it has been read."""
        shown = self.panel.shown
        return shown if self._has_cursor(shown) else None

    # what the person does

    def open_pdf(self) -> None:
        if self.shown is not None:
            self.issuing.open(self.shown.id, self.panel.open)

    def save_pdf(self) -> None:
        if self.shown is not None:
            self.issuing.save(self.shown)

    def credit(self) -> None:
        """Credit what is left of the invoice with the cursor."""
        if self.shown is not None:
            self.issuing.ask_credit(self.shown)
