"""Two decisions: to issue what is open of some bookings, and to credit what is left of an invoice."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QWidget

from travellr_desktop.domain.invoicing import InvoiceKind
from travellr_desktop.domain.percent_text import format_percent
from travellr_desktop.errors import Refusal
from travellr_desktop.services.invoice_views import Buyer, DocumentPreview, InvoiceDetail, InvoicePreview
from travellr_desktop.services.invoices import IssueOrder
from travellr_desktop.ui.parts.button import Kind
from travellr_desktop.ui.parts.dialog import Decision
from travellr_desktop.ui.parts.field import Field
from travellr_desktop.ui.parts.form import Part, first_wrong, go_to, say_wrong
from travellr_desktop.ui.parts.note import Note
from travellr_desktop.ui.parts.text_box import TextBox
from travellr_desktop.ui.records.words import Words
from travellr_desktop.ui.settings.invoices import missing_words

MOST_LINES = 6
"""More lines than these are counted."""


def fit_height(dialog: QDialog) -> None:
    """As high as its words need at its width."""
    layout = dialog.layout()
    if layout is not None:
        layout.activate()
        dialog.resize(dialog.width(), layout.totalHeightForWidth(dialog.width()))


class IssueInvoice(Decision):
    """Shows what would be issued and asks to whom. `issue_asked(IssueOrder)` is answered by `refuse` or by closing;
    `settings_asked` leads to where the agency says what is missing."""

    issue_asked = Signal(object)
    settings_asked = Signal()

    def __init__(self, shown: InvoicePreview, words: Words, parent: QWidget | None = None) -> None:
        super().__init__("", verb="", keep="", kind=Kind.PRIMARY, parent=parent)
        self._shown, self._words = shown, words
        self._invoices = any(each.kind is InvoiceKind.INVOICE for each in shown.documents)
        self._say_question()
        self.note = Note("wait", "", "")
        self.note.hide()
        self.body.addWidget(self.note)
        self.body.setContentsMargins(0, 12, 0, 0)
        self.parts: Mapping[str, Part] = self._fields()
        for document in shown.documents:
            self._say(document)
        self.note.acted.connect(self.settings_asked)
        if shown.missing:
            self.refuse_missing(shown.missing)
        self.act.clicked.disconnect()
        self.act.clicked.connect(self._issue)

    def showEvent(self, event: object) -> None:
        super().showEvent(event)
        fit_height(self)
        if not self._shown.missing and self.parts:
            go_to(next(iter(self.parts.values())))

    @property
    def order(self) -> IssueOrder:
        """What is asked for as it is filled in."""
        shown = self._shown
        if not self._invoices:
            return IssueOrder(
                shown.booking_ids, shown.buyer, shown.invoice, shown.credit, self._text("reason")
            )
        buyer = Buyer(*(self._text(name) for name in ("name", "address", "country", "tax_number")))
        return IssueOrder(shown.booking_ids, buyer, shown.invoice, shown.credit, self._text("reason"))

    def refuse(self, refusal: Refusal) -> None:
        """Say what was wrong, each at its field."""
        self.set_busy(None)
        left = say_wrong(self.parts, refusal)
        if left:
            self.note.say("bad", str(left[0]), left[0].hint or "")
        self.note.setVisible(bool(left))
        wrong = first_wrong(self.parts)
        if wrong is not None:
            go_to(wrong)
        fit_height(self)

    def refuse_missing(self, missing: tuple[str, ...]) -> None:
        """Nothing can be issued before the agency has said these."""
        self.note.say(
            "wait",
            self.tr("No invoice can be issued yet."),
            missing_words(missing),
            action=self.tr("Open Settings"),
        )
        self.note.show()
        self.act.set_off(self.tr("The agency has not said all of itself"))

    # parts

    def _say_question(self) -> None:
        shown, money = self._shown, self._words.money
        if not self._invoices:
            question = self.tr("Credit {0} of {1}?").format(money(shown.credit), shown.sale_reference)
            self.act.set_words(self.tr("Issue the credit note"))
        else:
            question = self.tr("Invoice {0} of {1}?").format(money(shown.invoice), shown.sale_reference)
            self.act.set_words(self.tr("Issue the invoice"))
        self.keep.set_words(self.tr("Not now"))
        self.setWindowTitle(question)
        self.setAccessibleName(question)
        self.question.setText(question)
        second = self.tr("What is issued cannot be changed any more; it can be credited.")
        self.second.setText(second)
        self.second.show()

    def _say(self, document: DocumentPreview) -> None:
        money, credit = self._words.money, document.kind is InvoiceKind.CREDIT_NOTE
        if credit:
            self.rows.add(self.tr("Credit of {0}").format(document.of), "", quiet=True)
        for line in document.lines[:MOST_LINES]:
            what = line.text if line.quantity == 1 else f"{line.quantity} × {line.text}"
            amount = self._words.signed(-line.gross) if credit else money(line.gross)
            self.rows.add(f"{line.title}, {what}", amount)
        more = document.lines[MOST_LINES:]
        if more:
            rest = document.gross - document.gross
            for line in more:
                rest += line.gross
            self.rows.add(self.tr("and {0} lines more").format(len(more)), money(rest))
        for rate in document.rates:
            words = self.tr("of which {0} % tax").format(format_percent(rate.tax_bps))
            self.rows.add(words, money(rate.tax), quiet=True)

    def _fields(self) -> Mapping[str, Part]:
        parts: dict[str, Part] = {}
        buyer = self._shown.buyer
        if self._invoices:
            name = Field(self.tr("To whom"), text=buyer.name)
            address = TextBox(self.tr("Address"), rows=2)
            address.set_text(buyer.address)
            country = Field(self.tr("Country"), text=buyer.country)
            tax = Field(self.tr("Tax number of a company"))
            parts = {"name": name, "address": address, "country": country, "tax_number": tax}
            beside = QHBoxLayout()
            beside.setSpacing(16)
            beside.addWidget(country, 1)
            beside.addWidget(tax, 1)
            self.body.addWidget(name)
            self.body.addWidget(address)
            self.body.addLayout(beside)
        if any(each.kind is InvoiceKind.CREDIT_NOTE for each in self._shown.documents):
            parts["reason"] = Field(
                self.tr("Why it is credited"), placeholder=self.tr("The booking was changed")
            )
            self.body.addWidget(parts["reason"])
        for part in parts.values():
            if isinstance(part, Field):
                part.edit.setMaxLength(512)
                part.edited.connect(lambda _, part=part: part.set_error(None))
            elif isinstance(part, TextBox):
                part.edited.connect(lambda _, part=part: part.set_error(None))
        return parts

    def _text(self, name: str) -> str:
        part = self.parts.get(name)
        return part.text().strip() if isinstance(part, Field | TextBox) else ""

    def _issue(self) -> None:
        self.note.hide()
        self.set_busy(self.tr("Issuing"))
        self.issue_asked.emit(self.order)


class CreditInvoice(Decision):
    """Asks why all that is left of an invoice is credited; `credit_asked(reason)` is answered by `refuse` or by
    closing."""

    credit_asked = Signal(str)

    def __init__(self, invoice: InvoiceDetail, words: Words, parent: QWidget | None = None) -> None:
        super().__init__("", verb="", keep="", parent=parent)
        question = self.tr("Credit {0} of {1}?").format(words.money(invoice.left), invoice.number)
        self.setWindowTitle(question)
        self.setAccessibleName(question)
        self.question.setText(question)
        self.second.setText(
            self.tr("The bookings stay as they are, and can be invoiced again, to another buyer for example.")
        )
        self.second.show()
        self.act.set_words(self.tr("Issue the credit note"))
        self.keep.set_words(self.tr("Keep it"))
        self.reason = Field(self.tr("Why"), placeholder=self.tr("It was issued to the wrong company"))
        self.reason.edit.setMaxLength(512)
        self.reason.edited.connect(self._typed)
        self.note = Note("bad", "", "")
        self.note.hide()
        self.body.addWidget(self.reason)
        self.body.addWidget(self.note)
        self.act.clicked.disconnect()
        self.act.clicked.connect(self._credit)
        self._typed("")

    def showEvent(self, event: object) -> None:
        super().showEvent(event)
        self.reason.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def refuse(self, refusal: Refusal) -> None:
        """Say what was wrong."""
        self.set_busy(None)
        if refusal.field == "reason":
            self.reason.set_error(str(refusal))
        else:
            self.note.say("bad", str(refusal), refusal.hint or "")
            self.note.show()
        fit_height(self)

    def _typed(self, _text: str) -> None:
        self.reason.set_error(None)
        self.act.set_off(None if self.reason.text().strip() else self.tr("Say why first"))

    def _credit(self) -> None:
        self.note.hide()
        self.set_busy(self.tr("Crediting"))
        self.credit_asked.emit(self.reason.text().strip())
