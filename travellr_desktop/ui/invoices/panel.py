"""One invoice or credit note beside the list: to whom, for what, its tax by rate, what was credited of it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import groupby

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from travellr_desktop.domain.clock import Clock
from travellr_desktop.domain.invoicing import InvoiceKind
from travellr_desktop.domain.percent_text import format_percent
from travellr_desktop.services.invoice_views import InvoiceDetail, InvoiceRow
from travellr_desktop.ui.invoices.columns import KINDS
from travellr_desktop.ui.parts.button import Button, IconButton, Kind
from travellr_desktop.ui.parts.detail import DetailPanel
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.menu import Menu
from travellr_desktop.ui.parts.pane import MoneyRows, Section
from travellr_desktop.ui.records.words import Words


class InvoicePanel(DetailPanel):
    """`show_invoice` fills it; what is asked for comes as signals."""

    open_asked = Signal()
    save_asked = Signal()
    credit_asked = Signal()
    booking_asked = Signal(str)
    """Show the booking with this reference."""
    sale_asked = Signal(str)
    number_asked = Signal(str)
    """Show the document with this number."""

    def __init__(self, words: Words, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__("Invoice", parent)
        self._words, self._clock = words, clock
        self.shown: InvoiceDetail | None = None
        self.open: Button | None = None
        self.credit: Button | None = None
        self.more: IconButton | None = None

    def show_invoice(self, detail: InvoiceDetail) -> None:
        """Another document, or the same read again."""
        same = self.shown is not None and self.shown.id == detail.id
        if same and detail == self.shown:
            return
        self.shown = detail
        with self.refilled(same=same):
            self.set_head(detail.number, person=detail.buyer.name, contact=KINDS[detail.kind])
            self._actions(detail)
            self.add(self._figure(detail), divider=False)
            self.add(self._lines(detail))
            self.add(self._money(detail))
            if detail.credits or detail.of is not None:
                self.add(self._others(detail))
            self.add(self._buyer(detail))

    def first_actions(self) -> Sequence[QWidget | None]:
        return (self.open, self.credit, self.more)

    @property
    def primary(self) -> Button | None:
        return self.open

    # parts

    def _actions(self, detail: InvoiceDetail) -> None:
        self.open = Button(self.tr("Open PDF"), Kind.PRIMARY, icon="file-text", key="I")
        self.open.clicked.connect(self.open_asked)
        self.action_row.addWidget(self.open)
        self.credit = None
        if detail.can_credit:
            self.credit = Button(self.tr("Credit…"))
            self.credit.clicked.connect(self.credit_asked)
            self.action_row.addWidget(self.credit)
        self.more = self.add_more(self.offer_more)

    def offer_more(self) -> None:
        """Everything that can be done with this document."""
        detail = self.shown
        if detail is None or self.more is None:
            return
        menu = Menu(self.tr("More"), self)
        menu.add(self.tr("Open PDF"), self.open_asked.emit, icon="file-text", key="I")
        menu.add(self.tr("Save PDF as…"), self.save_asked.emit, icon="download")
        menu.addSeparator()
        for _id, reference in detail.bookings:
            menu.add(
                self.tr("Open {0}").format(reference),
                partial(self.booking_asked.emit, reference),
                icon="ticket",
            )
        menu.add(
            self.tr("Payments of {0}").format(detail.sale_reference),
            partial(self.sale_asked.emit, detail.sale_reference),
            icon="credit-card",
        )
        copy = QGuiApplication.clipboard().setText
        menu.add(self.tr("Copy number"), partial(copy, detail.number), icon="copy")
        if detail.can_credit:
            menu.addSeparator()
            menu.add(self.tr("Credit what is left…"), self.credit_asked.emit, icon="undo-2", tone="bad")
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup_below(self.more)

    def _figure(self, detail: InvoiceDetail) -> QWidget:
        part = QWidget()
        column = QVBoxLayout(part)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        amount = -detail.gross if detail.kind is InvoiceKind.CREDIT_NOTE else detail.gross
        column.addWidget(Label(self._words.money(amount), "total"))
        stamp = self._words.stamp(detail.issued_at, self._clock.now())
        column.addWidget(Label(f"{stamp} · {detail.seller.issued_by}", "small", "text_secondary", wrap=True))
        if detail.reason:
            column.addSpacing(4)
            column.addWidget(Label(self.tr("Reason: {0}").format(detail.reason), "small", "text", wrap=True))
        return part

    def _lines(self, detail: InvoiceDetail) -> QWidget:
        section = Section(self.tr("What for"))
        for (_booking, title, about), lines in groupby(
            detail.lines, key=lambda line: (line.booking_id, line.title, line.about)
        ):
            section.body.addWidget(Label(title, "body_m", wrap=True))
            section.body.addWidget(Label(about, "small", "text_secondary", wrap=True))
            rows = MoneyRows(gap=2)
            for line in lines:
                words = line.text if line.quantity == 1 else f"{line.quantity} × {line.text}"
                rows.add(words, self._words.money(line.gross))
            section.body.addWidget(rows)
        return section

    def _money(self, detail: InvoiceDetail) -> QWidget:
        rows = MoneyRows(gap=2)
        rows.add(self.tr("Net"), self._words.money(detail.net))
        for rate in detail.rates:
            words = self.tr("Tax {0} %").format(format_percent(rate.tax_bps))
            rows.add(words, self._words.money(rate.tax))
        rows.add(self.tr("Total"), self._words.money(detail.gross), strong=True)
        if detail.kind is InvoiceKind.INVOICE:
            if detail.paid.minor:
                rows.add(self.tr("Paid when it was issued"), self._words.signed(-detail.paid), quiet=True)
            if detail.left != detail.gross:
                rows.add(self.tr("Credited since"), self._words.signed(detail.left - detail.gross))
                rows.add(self.tr("Left of it"), self._words.money(detail.left), strong=True)
        return rows

    def _others(self, detail: InvoiceDetail) -> QWidget:
        section = Section(self.tr("Credit notes") if detail.credits else self.tr("Credit of"))
        for row in detail.credits or tuple(each for each in (detail.of,) if each is not None):
            section.body.addWidget(self._way_to(row))
        return section

    def _way_to(self, row: InvoiceRow) -> Button:
        words = f"{row.number}, {self._words.money(row.gross)}"
        button = Button(words, Kind.LINK, height="control_small")
        button.clicked.connect(partial(self.number_asked.emit, row.number))
        return button

    def _buyer(self, detail: InvoiceDetail) -> QWidget:
        section = Section(self.tr("To whom"))
        buyer = detail.buyer
        section.body.addWidget(Label(buyer.name, "body_m", wrap=True))
        tax = self.tr("Tax number {0}").format(buyer.tax_number) if buyer.tax_number else ""
        lines = [each for each in (*buyer.address.splitlines(), buyer.country, tax) if each]
        if lines:
            section.body.addWidget(Label("\n".join(lines), "small", "text_secondary", wrap=True))
        return section
