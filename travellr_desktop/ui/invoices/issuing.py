"""Issuing and crediting from any screen: what would be issued is read, shown, issued, and opened as a PDF."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from shutil import copyfile
from uuid import UUID, uuid4

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QAbstractButton, QFileDialog, QWidget

from travellr_desktop.services.invoice_views import InvoiceDetail, InvoicePreview, Issued
from travellr_desktop.services.invoices import IssueOrder
from travellr_desktop.services.registry import Services
from travellr_desktop.ui.desk.vouchers import open_file
from travellr_desktop.ui.invoices.dialogs import CreditInvoice, IssueInvoice
from travellr_desktop.ui.last_folder import keep_folder, last_folder
from travellr_desktop.ui.records.words import Words
from travellr_desktop.ui.screen import Context


class Issuing(QObject):
    """`issued(Issued)` when something was; `dialog` is the one that is open."""

    issued = Signal(object)
    made = Signal(object)
    """The path of a PDF that was made to be opened."""

    def __init__(
        self,
        context: Context,
        services: Services,
        over: QWidget,
        words: Words,
        opener: Callable[[Path], bool] = open_file,
    ) -> None:
        super().__init__(over)
        self._context, self._services, self._over, self._words = context, services, over, words
        self._opener = opener
        self.dialog: IssueInvoice | CreditInvoice | None = None

    # issuing

    def ask(self, booking_ids: Sequence[UUID], button: QAbstractButton | None = None) -> None:
        """Show what would be issued for bookings of one sale."""
        service, actor, ids = self._services.invoices, self._context.actor, tuple(booking_ids)
        self._read(lambda: service.preview(actor, ids), button)

    def ask_sale(self, sale_id: UUID, button: QAbstractButton | None = None) -> None:
        """The same for all that is sold of a sale."""
        service, actor = self._services.invoices, self._context.actor
        self._read(lambda: service.preview_sale(actor, sale_id), button)

    def _read(self, read: Callable[[], InvoicePreview], button: QAbstractButton | None) -> None:
        self._context.background.run(
            self, lambda _task: read(), key=("invoice.preview", id(self)), button=button, done=self._came
        )

    def _came(self, shown: InvoicePreview) -> None:
        if shown.nothing:
            self._show_earlier(shown)
            return
        dialog = self.dialog = IssueInvoice(shown, self._words, self._over)
        dialog.issue_asked.connect(partial(self._issue, dialog))
        dialog.settings_asked.connect(self._open_settings)
        dialog.finished.connect(self._closed)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _show_earlier(self, shown: InvoicePreview) -> None:
        """All of it is invoiced: there they are."""
        numbers = ", ".join(row.number for row in shown.earlier)
        if not numbers:
            self._context.say.finished(
                self.tr("There is nothing to invoice of {0}").format(shown.sale_reference)
            )
            return
        self._context.say.finished(self.tr("All of it is invoiced: {0}").format(numbers))
        screen = self._context.go("payments")
        show = getattr(screen, "show_invoices", None)
        if show is not None:
            show(shown.sale_reference)

    def _issue(self, dialog: IssueInvoice, order: IssueOrder) -> None:
        service, actor, key = self._services.invoices, self._context.actor, uuid4()
        self._context.background.run(
            self,
            lambda _task: service.issue(actor, order, key=key),
            words=self.tr("Issuing the invoice"),
            key=("invoice.issue", order.booking_ids),
            done=self._done,
            refused=dialog.refuse,
            ended=lambda: dialog.set_busy(None),
        )

    # crediting

    def ask_credit(self, invoice: InvoiceDetail) -> None:
        """Ask why all that is left of an invoice is credited."""
        if not invoice.can_credit:
            return
        dialog = self.dialog = CreditInvoice(invoice, self._words, self._over)
        dialog.credit_asked.connect(partial(self._credit, dialog, invoice.id))
        dialog.finished.connect(self._closed)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _credit(self, dialog: CreditInvoice, invoice_id: UUID, reason: str) -> None:
        service, actor, key = self._services.invoices, self._context.actor, uuid4()
        self._context.background.run(
            self,
            lambda _task: service.credit(actor, invoice_id, reason=reason, key=key),
            words=self.tr("Crediting the invoice"),
            key=("invoice.credit", invoice_id),
            done=self._done,
            refused=dialog.refuse,
            ended=lambda: dialog.set_busy(None),
        )

    def _done(self, issued: Issued) -> None:
        if self.dialog is not None:
            self.dialog.set_busy(None)
            self.dialog.accept()
        numbers = ", ".join(row.number for row in issued.documents)
        self._context.say.finished(self.tr("{0} issued").format(numbers))
        self.issued.emit(issued)
        for row in issued.documents:
            self.open(row.id)

    def _closed(self, _result: int) -> None:
        self.dialog = None

    def _open_settings(self) -> None:
        if self.dialog is not None:
            self.dialog.reject()
        open_settings(self._context)

    # paper

    def open(self, invoice_id: UUID, button: QAbstractButton | None = None) -> None:
        """Make the PDF of a document, and open it."""
        documents, actor = self._services.documents, self._context.actor
        self._context.background.run(
            self,
            lambda _task: documents.invoice(actor, invoice_id),
            words=self.tr("Making the PDF"),
            key=("invoice.pdf", invoice_id),
            button=button,
            done=self._made,
        )

    def _made(self, path: Path) -> None:
        self.made.emit(path)
        self._opener(path)

    def save(self, detail: InvoiceDetail) -> None:
        """Ask where to, then put the PDF there."""
        folder = last_folder(self._context.memory)
        dialog = QFileDialog(self._over, self.tr("Save PDF as"), str(folder), self.tr("PDF files (*.pdf)"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("pdf")
        dialog.selectFile(f"{detail.number}.pdf")
        dialog.fileSelected.connect(lambda path: self.copy(detail, Path(path)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def copy(self, detail: InvoiceDetail, path: Path) -> None:
        """Put a copy of the PDF at `path`."""
        documents, actor = self._services.documents, self._context.actor
        keep_folder(self._context.memory, path)
        self._context.background.run(
            self,
            lambda _task: copyfile(documents.invoice(actor, detail.id), path),
            words=self.tr("Making the PDF"),
            key=("invoice.pdf", detail.id),
            done=lambda _path: self._context.say.finished(self.tr("Saved as {0}").format(path.name)),
        )


def open_settings(context: Context) -> None:
    """To where the agency says what stands on invoices."""
    screen = context.go("settings")
    show = getattr(screen, "show_section", None)
    if show is not None:
        show("invoices")
        go = getattr(getattr(screen, "sections", {}).get("invoices"), "go", None)
        if go is not None:
            go()
