"""Cash in or out by hand: what for, how much, and why; asked as one decision."""

from __future__ import annotations

from uuid import UUID, uuid4

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from travellr_desktop.domain.ledger import Account
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.money_text import parse_money
from travellr_desktop.domain.till import SIDES, MoveKind
from travellr_desktop.errors import InvalidInput, Refusal
from travellr_desktop.services.till_forms import MoveOrder, TillStatus
from travellr_desktop.ui.formats import Formats
from travellr_desktop.ui.parts.button import Kind
from travellr_desktop.ui.parts.choice import Choice
from travellr_desktop.ui.parts.dialog import Decision
from travellr_desktop.ui.parts.field import Field
from travellr_desktop.ui.parts.note import Note
from travellr_desktop.ui.till.words import kind_words, side_words

_OFFICE = (Account.BANK, Account.OWN_FUNDS)


class MoveForm(Decision):
    """`sent(MoveOrder)` with a form that can be sent; `key` is its own for as long as it says the same."""

    sent = Signal(object)

    def __init__(self, formats: Formats, status: TillStatus, parent: QWidget | None = None) -> None:
        super().__init__("", verb="", keep="", kind=Kind.PRIMARY, parent=parent)
        question = self.tr("Move cash by hand")
        self.question.setText(question)
        self.setWindowTitle(question)
        self.setAccessibleName(question)
        self.keep.set_words(self.tr("Not now"))
        self._formats, self._status = formats, status
        self.key: UUID = uuid4()
        self._sent_as: MoveOrder | None = None
        kinds = (MoveKind.PAY_OUT, MoveKind.DROP, MoveKind.PICKUP, MoveKind.PAY_IN)
        offered = [each for each in kinds if self._sides(each)]
        self.kind = Choice(self.tr("What"), [(each.value, kind_words(each)) for each in offered])
        self.side = Choice(self.tr("From or to"), [("", "")])
        currencies = status.open.in_use if status.open is not None else ()
        self.currency = Choice(self.tr("Currency"), [(each, each) for each in currencies])
        self.amount = Field(self.tr("Amount"), unit=currencies[0] if len(currencies) == 1 else "")
        self.amount.edit.setMaxLength(24)
        self.reason = Field(self.tr("Reason"), placeholder=self.tr("Courier, tape, change"), longest=200)
        self.note = Note("bad", "")
        self.note.hide()
        for part in (self.kind, self.side, self.currency, self.amount, self.reason, self.note):
            self.body.addWidget(part)
        self.currency.setVisible(len(currencies) > 1)
        self.kind.box.currentIndexChanged.connect(lambda _at: self._kind_changed())
        for field in (self.amount, self.reason):
            field.edited.connect(lambda _text, field=field: self._edited(field))
            field.entered.connect(self._send)
        self.act.clicked.disconnect()
        self.act.clicked.connect(self._send)
        self._kind_changed()

    def _sides(self, kind: MoveKind) -> list[Account]:
        return [each for each in SIDES[kind] if self._status.beyond or each not in _OFFICE]

    def showEvent(self, event: object) -> None:
        super().showEvent(event)
        self.kind.box.setFocus(Qt.FocusReason.TabFocusReason)

    @property
    def move_kind(self) -> MoveKind:
        return MoveKind(self.kind.value())

    def _kind_changed(self) -> None:
        sides = self._sides(self.move_kind)
        self.side.offer([(each.value, side_words(each)) for each in sides])
        self.side.setVisible(len(sides) > 1)
        self.act.set_words(kind_words(self.move_kind))
        self.note.hide()
        limit = self._status.rules.pay_out_limit
        held = self.move_kind is MoveKind.PAY_OUT and not self._status.beyond
        self.amount.set_note(self.tr("up to {0}").format(self._formats.money(limit)) if held else "")
        if self.isVisible():
            self.adjustSize()

    def _edited(self, field: Field) -> None:
        field.set_error(None)
        self.note.hide()

    def order(self) -> MoveOrder:
        """The form. Raises `InvalidInput` naming the field."""
        currency = self.currency.value()
        amount = parse_money(self.amount.text(), currency, self._formats.locale)
        if amount <= Money.zero(currency):
            raise InvalidInput("An amount is above zero.", field="amount")
        reason = self.reason.text().strip()
        if not reason:
            raise InvalidInput("Say what it is for.", field="reason")
        return MoveOrder(self.move_kind, amount, Account(self.side.value()), reason)

    def _send(self) -> None:
        if self.act.busy:
            return
        try:
            order = self.order()
        except InvalidInput as wrong:
            self.refused(wrong)
            return
        if self._sent_as is not None and order != self._sent_as:
            self.key = uuid4()  # another form: what was sent before is done or refused
        self._sent_as = order
        self.sent.emit(order)

    def refused(self, refusal: Refusal) -> None:
        """Say it at its field, or below."""
        field = {"amount": self.amount, "reason": self.reason}.get(refusal.field or "")
        if field is not None:
            field.set_error(f"{refusal} {refusal.hint}".strip())
            field.edit.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.note.say("bad", str(refusal), refusal.hint)
            self.note.show()
        self.adjustSize()
