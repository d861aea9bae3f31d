"""Taking the money of a booking that waits for it: how, as one decision."""

from __future__ import annotations

from uuid import UUID, uuid4

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from travellr_desktop.domain.permissions import Actor
from travellr_desktop.errors import Refusal, RequestInProgress
from travellr_desktop.services.bookings import BookingDetail
from travellr_desktop.services.outcomes import OutcomeState, SaleOutcome
from travellr_desktop.services.sales import PayChoice, SaleService, WayOffer
from travellr_desktop.ui.background import Background
from travellr_desktop.ui.bookings.pay_way import PayWay
from travellr_desktop.ui.parts.button import Kind
from travellr_desktop.ui.parts.dialog import Decision
from travellr_desktop.ui.parts.note import Note
from travellr_desktop.ui.records.words import Words


class TakePayment(Decision):
    """Asks by which way the whole sale is paid, and takes it. A decline is said here and another way can be
    chosen; `settled` carries any other outcome."""

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
        self.pay = PayWay(ways)
        self.ways, self.cards = self.pay.tiles, self.pay.cards
        self.note = Note("bad", "")
        self.note.hide()
        self.body.setContentsMargins(0, 12, 0, 0)
        self.body.addWidget(self.pay)
        self.body.addWidget(self.note)
        self.pay.changed.connect(self._chosen)
        self.act.clicked.disconnect()
        self.act.clicked.connect(self._take)

    @property
    def choice(self) -> PayChoice:
        return self.pay.choice

    def _chosen(self) -> None:
        if self.isVisible():
            self.adjustSize()

    def _take(self) -> None:
        choice = self.choice
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
        if outcome.state is OutcomeState.DECLINED and outcome.refusal is not None:
            self._say(outcome.refusal.sentence, f"{outcome.refusal.hint} {outcome.refusal.code}")
            return
        self.settled.emit(outcome)
        self.accept()

    def _refused(self, refusal: Refusal) -> None:
        if not isinstance(refusal, RequestInProgress):
            self._asked = None
        self._say(str(refusal), refusal.hint or "")

    def _say(self, first: str, second: str) -> None:
        self.note.say("bad", first, second)
        self.note.show()
        self.adjustSize()
