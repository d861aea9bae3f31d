"""Taking the money of a booking that waits for it: how, as one decision."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID, uuid4

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from travellr_desktop.domain.money_text import format_amount, format_money, parse_money
from travellr_desktop.domain.permissions import Actor
from travellr_desktop.domain.states import BookingState
from travellr_desktop.errors import InvalidInput, Refusal, RequestInProgress
from travellr_desktop.services.bookings import BookingDetail
from travellr_desktop.services.outcomes import OutcomeState, SaleOutcome
from travellr_desktop.services.sales import PayChoice, SaleService, WayOffer
from travellr_desktop.ui.background import Background
from travellr_desktop.ui.bookings.pay_way import PayWay
from travellr_desktop.ui.parts.button import Kind
from travellr_desktop.ui.parts.dialog import Decision
from travellr_desktop.ui.parts.field import Field
from travellr_desktop.ui.parts.note import Note
from travellr_desktop.ui.records.words import Words


class TakePayment(Decision):
    """Asks by which way the whole sale is paid, and takes it; of the balance of what is confirmed, an amount. A decline
    is said here and another way can be chosen; `settled` carries any other outcome."""

    settled = Signal(object)
    """A `SaleOutcome`."""

    def __init__(
        self,
        background: Background,
        sales: SaleService,
        actor: Actor,
        words: Words,
        detail: BookingDetail,
        sale: SaleOutcome,
        ways: tuple[WayOffer, ...],
        parent: QWidget | None = None,
    ) -> None:
        amount = words.money(sale.due)
        super().__init__(
            "",
            verb="",
            keep="",
            kind=Kind.PRIMARY,
            parent=parent,
        )
        question = self.tr("Take {0} for {1}?").format(amount, sale.reference)
        self.setWindowTitle(question)
        self.setAccessibleName(question)
        self.question.setText(question)
        self.act.set_words(self.tr("Take {0}").format(amount))
        self.keep.set_words(self.tr("Not now"))
        self.second.setText(detail.traveller_name)
        self.second.setVisible(True)
        self._background, self._sales, self._actor = background, sales, actor
        self._sale_id: UUID = sale.sale_id
        self._key = uuid4()
        self._asked: PayChoice | None = None
        self.rows.clear()
        for each in sale.bookings:
            self.rows.add(f"{each.reference} · {each.title}", words.money(each.price))
        self._due, self._locale = sale.due, words.formats.locale
        pending = any(each.state is BookingState.PENDING for each in sale.bookings)
        self.amount: Field | None = None
        if not pending:
            self.amount = Field(self.tr("Amount"), unit=sale.due.currency)
            self.amount.set_text(format_amount(sale.due, words.formats.locale))
            self.amount.edited.connect(lambda _text: self._edited())
            self.amount.entered.connect(self._take)
        self.pay = PayWay(ways)
        self.ways, self.cards = self.pay.tiles, self.pay.cards
        self.note = Note("bad", "")
        self.note.hide()
        self.body.setContentsMargins(0, 12, 0, 0)
        if self.amount is not None:
            self.body.addWidget(self.amount)
        self.body.addWidget(self.pay)
        self.body.addWidget(self.note)
        self.pay.changed.connect(self._chosen)
        self.act.clicked.disconnect()
        self.act.clicked.connect(self._take)

    @property
    def choice(self) -> PayChoice:
        """Raises `InvalidInput` where no amount of money is typed."""
        if self.amount is None:
            return self.pay.choice
        asked = parse_money(self.amount.text(), self._due.currency, self._locale)
        return self.pay.choice if asked == self._due else replace(self.pay.choice, amount=asked.minor)

    def _edited(self) -> None:
        assert self.amount is not None
        self.amount.set_error(None)
        try:
            asked = parse_money(self.amount.text(), self._due.currency, self._locale)
        except InvalidInput:
            return
        self.act.set_words(self.tr("Take {0}").format(format_money(asked, self._locale)))

    def _chosen(self) -> None:
        if self.isVisible():
            self.adjustSize()

    def _take(self) -> None:
        try:
            choice = self.choice
        except InvalidInput as wrong:
            if self.amount is not None:
                self.amount.set_error(str(wrong))
            return
        if choice != self._asked:
            self._key, self._asked = uuid4(), choice
        key, sale_id, actor, sales = self._key, self._sale_id, self._actor, self._sales
        self.note.hide()
        started = self._background.run(
            self,
            lambda _task: sales.pay(actor, sale_id, choice, key=key),
            words=self.tr("Taking the payment"),
            key=("take", sale_id),
            done=self._came,
            refused=self._refused,
            ended=self._ended,
        )
        if started is not None:
            self.set_busy(self.tr("Taking the payment"))

    def _ended(self) -> None:
        self.set_busy(None)

    def _came(self, outcome: SaleOutcome) -> None:
        self._asked = None  # answered: the next try is another one
        self.set_busy(None)
        if outcome.refusal is not None and outcome.state in (OutcomeState.DECLINED, OutcomeState.PAID):
            self._say(outcome.refusal.sentence, f"{outcome.refusal.hint} {outcome.refusal.code}")
            return
        self.settled.emit(outcome)
        self.accept()

    def _refused(self, refusal: Refusal) -> None:
        if refusal.field == "reference":
            self._asked = None
            self.pay.refuse(str(refusal))
            return
        if refusal.field == "amount" and self.amount is not None:
            self._asked = None
            self.amount.set_error(str(refusal))
            return
        if not isinstance(refusal, RequestInProgress):
            self._asked = None
        self._say(str(refusal), refusal.hint or "")

    def _say(self, first: str, second: str) -> None:
        self.note.say("bad", first, second)
        self.note.show()
        self.adjustSize()
