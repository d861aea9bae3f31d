"""Taking money for a sale: what waits to be paid, what was written off, or more than is due; how, as one decision."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID, uuid4

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from travellr_desktop.domain.money import Money
from travellr_desktop.domain.money_text import format_amount, format_money, parse_money
from travellr_desktop.domain.permissions import Actor
from travellr_desktop.domain.states import BookingState
from travellr_desktop.domain.ways import Way
from travellr_desktop.errors import InvalidInput, Refusal, RequestInProgress
from travellr_desktop.services.booking_views import BookingDetail
from travellr_desktop.services.outcomes import OutcomeState, SaleOutcome
from travellr_desktop.services.sales import PayChoice, SaleService, WayOffer
from travellr_desktop.services.taking import MAY_BE_TOO_MUCH
from travellr_desktop.ui.background import Background
from travellr_desktop.ui.bookings.pay_way import PayWay
from travellr_desktop.ui.parts.button import Kind
from travellr_desktop.ui.parts.dialog import Decision
from travellr_desktop.ui.parts.field import Field
from travellr_desktop.ui.parts.note import Note
from travellr_desktop.ui.records.words import Words


class TakePayment(Decision):
    """Asks by which way the whole sale is paid, and takes it; of what is not pending, an amount. Of a sale of which
    nothing is due, what was written off; where there is none of that either, what came in all the same, in cash or by
    transfer. More than is due is taken once somebody has said so (`more`). A decline is said here and another way can
    be chosen; `settled` carries any other outcome."""

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
        super().__init__("", verb="", keep="", kind=Kind.PRIMARY, parent=parent)
        self._background, self._sales, self._actor = background, sales, actor
        self._sale_id: UUID = sale.sale_id
        self._reference = sale.reference
        self._key = uuid4()
        self._asked: PayChoice | None = None
        self._locale = words.formats.locale
        nothing = Money.zero(sale.due.currency)
        given_up = sale.written_off or nothing
        self._due, self._most = sale.due, sale.due + given_up
        self._start = sale.due or given_up
        self._credit = {
            money.currency: money for offer in ways if offer.way is Way.CREDIT for money in offer.credit
        }
        self._ask(detail, sale)
        self.keep.set_words(self.tr("Not now"))
        self.second.setVisible(True)
        self.rows.clear()
        for each in sale.bookings:
            self.rows.add(f"{each.reference} · {each.title}", words.money(each.price))
        pending = any(each.state is BookingState.PENDING for each in sale.bookings)
        self.amount: Field | None = None
        if not pending:
            self.amount = Field(self.tr("Amount"), unit=sale.due.currency)
            self.amount.set_text(format_amount(self._start, self._locale) if self._start else "")
            self.amount.edited.connect(lambda _text: self._edited())
            self.amount.entered.connect(self._take)
        self.pay = PayWay(self._possible(ways))
        self.ways, self.cards = self.pay.tiles, self.pay.cards
        self.more = Note("wait", "")
        self.more.acted.connect(self._take_all)
        self._all: Money | None = None
        self.note = Note("bad", "")
        self.more.hide()
        self.note.hide()
        self.body.setContentsMargins(0, 12, 0, 0)
        if self.amount is not None:
            self.body.addWidget(self.amount)
        for part in (self.pay, self.more, self.note):
            self.body.addWidget(part)
        self.pay.changed.connect(self._chosen)
        self.act.clicked.disconnect()
        self.act.clicked.connect(self._take)
        self._edited()

    def _ask(self, detail: BookingDetail, sale: SaleOutcome) -> None:
        amount = format_money(self._start, self._locale)
        if self._due:
            question, second = self.tr("Take {0} for {1}?").format(amount, sale.reference), ""
        elif self._start:
            question = self.tr("Take {0} for {1} after all?").format(amount, sale.reference)
            second = self.tr("It was written off. What is not paid of it is owed again.")
        else:
            question = self.tr("Record what came in for {0}?").format(sale.reference)
            second = self.tr("Nothing of it is due.")
        self.setWindowTitle(question)
        self.setAccessibleName(question)
        self.question.setText(question)
        self.act.set_words(self.tr("Take {0}").format(amount) if self._start else self.tr("Record it"))
        self.second.setText(" · ".join(filter(None, (detail.traveller_name, second))))

    def _possible(self, ways: tuple[WayOffer, ...]) -> tuple[WayOffer, ...]:
        """Without the ways by which nothing can come in now."""
        return tuple(
            offer
            for offer in ways
            if (self._start or offer.way in MAY_BE_TOO_MUCH)
            and (offer.way is not Way.CREDIT or self._due.currency in self._credit)
        )

    @property
    def choice(self) -> PayChoice:
        """Raises `InvalidInput` where no amount of money is typed."""
        if self.amount is None:
            return self.pay.choice
        asked = self._typed()
        if asked == self._due:
            return self.pay.choice
        excess = self._excess(asked)
        said = excess == self._all or not self._start
        return replace(self.pay.choice, amount=asked.minor, excess=excess.minor if said else 0)

    def _typed(self) -> Money:
        """Raises `InvalidInput`."""
        assert self.amount is not None
        return parse_money(self.amount.text(), self._due.currency, self._locale)

    def _excess(self, asked: Money) -> Money:
        """What of an amount is more than all that is due, by the way that is chosen."""
        nothing = Money.zero(asked.currency)
        return max(asked - self._most, nothing) if self.pay.way in MAY_BE_TOO_MUCH else nothing

    def _edited(self) -> None:
        if self.amount is None:
            return
        self.amount.set_error(None)
        try:
            asked = self._typed()
        except InvalidInput:
            self._say_more(Money.zero(self._due.currency))
            return
        self.act.set_words(self.tr("Take {0}").format(format_money(asked, self._locale)))
        self._say_more(self._excess(asked))

    def _say_more(self, excess: Money) -> None:
        """That some of it is too much, before it is taken."""
        if excess:
            first = self.tr("{0} is more than is due.").format(format_money(excess, self._locale))
            if excess == self._all or not self._start:
                second = self.tr("It is kept apart, until somebody gives it back, or leaves it as credit.")
                self.more.say("info", first, second)
            else:
                self.more.say("wait", first, action=self.tr("Take it all"))
        if self.more.isHidden() == bool(excess):
            self.more.setVisible(bool(excess))
            self._fit_height()

    def _take_all(self) -> None:
        """It did come in: what is too much is kept apart."""
        self._all = self._excess(self._typed())
        self._say_more(self._all)
        self._fit_height()
        self.act.setFocus(Qt.FocusReason.OtherFocusReason)

    def _chosen(self) -> None:
        credit = self._credit.get(self._due.currency)
        if self.amount is not None and credit is not None and credit < self._start:
            was, now = (self._start, credit) if self.pay.way is Way.CREDIT else (credit, self._start)
            if self.amount.text() == format_amount(was, self._locale):  # nobody has typed another
                self.amount.set_text(format_amount(now, self._locale))
        self._edited()
        self._fit_height()

    def _fit_height(self) -> None:
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
