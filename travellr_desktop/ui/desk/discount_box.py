"""The basket's discount: what was given, each with a way to take it away, and the form for another."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from travellr_desktop.domain.discounts import DiscountKind
from travellr_desktop.domain.money_text import parse_money
from travellr_desktop.domain.percent_text import format_percent, parse_percent
from travellr_desktop.errors import InvalidInput, Refusal
from travellr_desktop.services.discounts import DiscountAsk
from travellr_desktop.ui.desk.reduction import Reduction
from travellr_desktop.ui.formats import Formats
from travellr_desktop.ui.parts.button import Button, IconButton, Kind
from travellr_desktop.ui.parts.field import Field, Glyph
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.note import Note
from travellr_desktop.ui.parts.segments import Segments

PERCENT, AMOUNT, CODE = "percent", "amount", "code"


class DiscountBox(QWidget):
    """`opened` tells that the form came, or went: it needs room; `complete` that nothing more can be given."""

    opened = Signal()
    complete = Signal()

    def __init__(self, reduction: Reduction, formats: Formats, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._reduction, self._formats = reduction, formats
        self._currency = "EUR"
        self.open_button = Button(
            self.tr("Discount or promo code"), Kind.LINK, icon="tag", key="D", height="control_small"
        )
        self.kind = Segments(
            self.tr("What is taken off"),
            [(PERCENT, self.tr("Per cent")), (AMOUNT, self.tr("Amount")), (CODE, self.tr("Promo code"))],
        )
        self.percent = Field(self.tr("Discount"), unit="%", placeholder="10")
        self.amount = Field(self.tr("Discount"), placeholder="5.00")
        self.code = Field(self.tr("Promo code"), placeholder="SUMMER10")
        self.reason = Field(self.tr("Reason"), placeholder=self.tr("They come each year"))
        self.bearer = Segments(
            self.tr("Who bears it"),
            [("shared", self.tr("Shared with vendor")), ("own", self.tr("Agency alone"))],
        )
        self.note = Note("bad", "")
        self.apply = Button(self.tr("Take it off"), height="control")
        self._cancel = Button(self.tr("Cancel"), Kind.QUIET, height="control")
        self._given = QVBoxLayout()
        self._given.setSpacing(4)
        self._build()
        self._connect()
        self.show_given()

    # building

    def _build(self) -> None:
        self.form = QWidget()
        column = QVBoxLayout(self.form)
        column.setContentsMargins(0, 4, 0, 4)
        column.setSpacing(8)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.apply)
        buttons.addWidget(self._cancel)
        buttons.addStretch(1)
        for part in (self.kind, self.percent, self.amount, self.code, self.reason, self.bearer, self.note):
            column.addWidget(part)
        column.addLayout(buttons)
        self.form.hide()
        self.note.hide()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 6, 0, 6)
        whole.setSpacing(4)
        whole.addLayout(self._given)
        whole.addWidget(self.open_button, 0, Qt.AlignmentFlag.AlignLeft)
        whole.addWidget(self.form)

    def _connect(self) -> None:
        self.open_button.clicked.connect(self.open_form)
        self.kind.chosen.connect(lambda _kind: self._show_fields())
        self.apply.clicked.connect(self.give)
        self._cancel.clicked.connect(self.close_form)
        for field in self._fields:
            field.entered.connect(self.give)
            field.edited.connect(lambda _text: self._forget())
        self._reduction.changed.connect(self.show_given)

    @property
    def _fields(self) -> tuple[Field, ...]:
        return (self.percent, self.amount, self.code, self.reason)

    # what it shows

    def set_currency(self, currency: str | None) -> None:
        """What an amount is in; None where the basket is in several, or empty: nothing is taken off then."""
        self.setVisible(currency is not None)
        if currency is not None:
            self._currency = currency
            self.amount.set_label(self.tr("Discount in {0}").format(currency))

    def show_given(self) -> None:
        """What was given, and why it does not hold any more."""
        while (taken := self._given.takeAt(0)) is not None:
            if (old := taken.widget()) is not None:
                old.hide()
                old.deleteLater()
        reduction = self._reduction
        if reduction.ask is not None:
            self._row(self._words(reduction.ask), self._drop_ask)
        if reduction.promo:
            self._row(self.tr("Promo code {0}").format(reduction.promo.upper()), self._drop_promo)
        if reduction.refusal is not None:
            self._given.addWidget(Note("bad", str(reduction.refusal), reduction.refusal.hint))
        both = reduction.ask is not None and bool(reduction.promo)
        self.open_button.setVisible(self.form.isHidden() and not both)

    @property
    def is_open(self) -> bool:
        return not self.form.isHidden()

    def ask(self) -> None:
        """For its key: to the form, which is opened where something more can be given."""
        if self.is_open:
            self._focus_first()
        elif self.open_button.isVisible():
            self.open_form()

    def open_form(self) -> None:
        """Ask what is taken off; the first field has the focus."""
        reduction = self._reduction
        self.kind.set_off(PERCENT, self.tr("A discount is given.") if reduction.ask is not None else None)
        self.kind.set_off(AMOUNT, self.tr("A discount is given.") if reduction.ask is not None else None)
        self.kind.set_off(CODE, self.tr("A code is given.") if reduction.promo else None)
        self.kind.set_value(CODE if reduction.ask is not None else PERCENT)
        for field in self._fields:
            field.set_text("")
        self._forget()
        self.form.show()
        self.open_button.hide()
        self._show_fields()
        self.opened.emit()

    def close_form(self) -> None:
        self.form.hide()
        self.show_given()
        self.opened.emit()
        if self.open_button.isVisible():
            self.open_button.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.complete.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.is_open:
            self.close_form()
        else:
            super().keyPressEvent(event)

    # what the person does

    def give(self) -> None:
        """Take off what was typed. Refusals stand at their field."""
        self._forget()
        reduction = self._reduction
        try:
            ask, promo = self._asked()
        except Refusal as refusal:
            self._refused(refusal)
            return

        reduction.give(ask, promo, button=self.apply, given=self.close_form, refused=self._refused)

    def _asked(self) -> tuple[DiscountAsk | None, str]:
        kind = self.kind.value()
        if kind == CODE:
            code = self.code.text().strip()
            if not code:
                raise InvalidInput(self.tr("Type the code."), field="promo")
            return self._reduction.ask, code
        own, reason = self.bearer.value() == "own", self.reason.text().strip()
        if not reason:
            raise InvalidInput(self.tr("Say why it is given."), field="reason")
        if kind == AMOUNT:
            amount = parse_money(self.amount.text(), self._currency, self._formats.locale)
            return DiscountAsk(
                DiscountKind.AMOUNT, amount=amount, own=own, reason=reason
            ), self._reduction.promo
        return (
            DiscountAsk(DiscountKind.PERCENT, bps=self._bps(), own=own, reason=reason),
            self._reduction.promo,
        )

    def _bps(self) -> int:
        """Raises `InvalidInput` naming `discount`, also for nothing."""
        bps = parse_percent(self.percent.text(), "discount")
        if not bps:
            raise InvalidInput(self.tr("This takes nothing off."), field="discount")
        return bps

    def _refused(self, refusal: Refusal) -> None:
        field = self.reason if refusal.field == "reason" else self._value
        if refusal.field in ("promo", "discount", "reason", "amount"):
            field.set_error(f"{refusal} {refusal.hint}".strip())
            field.edit.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.note.say("bad", str(refusal), refusal.hint)
            self.note.show()

    def _forget(self) -> None:
        self.note.hide()
        for field in self._fields:
            field.set_error(None)

    def _show_fields(self) -> None:
        kind = self.kind.value()
        self.percent.setVisible(kind == PERCENT)
        self.amount.setVisible(kind == AMOUNT)
        self.code.setVisible(kind == CODE)
        for part in (self.reason, self.bearer):
            part.setVisible(kind != CODE)
        self._focus_first()

    @property
    def _value(self) -> Field:
        return {PERCENT: self.percent, AMOUNT: self.amount, CODE: self.code}[self.kind.value()]

    def _focus_first(self) -> None:
        self._value.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def _drop_ask(self) -> None:
        self._reduction.give(None, self._reduction.promo)

    def _drop_promo(self) -> None:
        self._reduction.give(self._reduction.ask, "")

    def _row(self, words: str, drop: object) -> None:
        row = QWidget()
        across = QHBoxLayout(row)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(8)
        across.addWidget(Glyph("tag", "text_secondary", "icon_small"))
        across.addWidget(Label(words, "small", "text", elide=True), 1)
        away = IconButton("x", self.tr("Take away: {0}").format(words))
        away.clicked.connect(drop)
        across.addWidget(away)
        self._given.addWidget(row)

    def _words(self, ask: DiscountAsk) -> str:
        how = f"{format_percent(ask.bps)} %" if ask.amount is None else self._formats.money(ask.amount)
        borne = self.tr("agency alone") if ask.own else self.tr("shared")
        return f"{how}, {borne}: {ask.reason}"
