"""What becomes of money that was paid too much: back, credit, or another booking of the sale. Each is shown before."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from uuid import UUID, uuid4

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from travellr_desktop.domain.money import Money
from travellr_desktop.domain.permissions import Actor
from travellr_desktop.domain.refund_quote import RefundTo
from travellr_desktop.errors import Refusal, RequestInProgress
from travellr_desktop.services.excess import ExcessUse
from travellr_desktop.services.outcomes import SaleOutcome
from travellr_desktop.services.refund_asks import RefundAsk, RefundPreview
from travellr_desktop.services.registry import Services
from travellr_desktop.ui.background import Background
from travellr_desktop.ui.parts.button import Kind
from travellr_desktop.ui.parts.dialog import Decision
from travellr_desktop.ui.parts.note import Note
from travellr_desktop.ui.parts.pane import MoneyRows
from travellr_desktop.ui.parts.tile import Tile, Tiles
from travellr_desktop.ui.records.words import Words


class Becomes(Enum):
    BACK = "back"
    CREDIT = "credit"
    USED = "used"


@dataclass(frozen=True, slots=True)
class Plans:
    """What each would do."""

    sale_id: UUID
    traveller_name: str
    back: RefundPreview
    credit: RefundPreview
    use: ExcessUse


def read_plans(services: Services, actor: Actor, sale: SaleOutcome) -> Plans:
    """Runs in the background. Raises what the previews raise."""
    ask = ask_for(sale, RefundTo.PAYMENT)
    return Plans(
        sale.sale_id,
        sale.traveller_name,
        services.refunds.preview(actor, ask),
        services.refunds.preview(actor, ask_for(sale, RefundTo.CREDIT)),
        services.excess.preview(actor, sale.sale_id),
    )


def ask_for(sale: SaleOutcome, to: RefundTo) -> RefundAsk:
    return RefundAsk(tuple(each.id for each in sale.bookings if each.excess is not None), to=to, excess=True)


class TooMuch(Decision):
    """`settled` carries what was done, as a sentence."""

    settled = Signal(str)

    def __init__(
        self,
        background: Background,
        services: Services,
        actor: Actor,
        words: Words,
        sale: SaleOutcome,
        plans: Plans,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("", verb="", keep="", kind=Kind.PRIMARY, parent=parent)
        self._background, self._services, self._actor = background, services, actor
        self._words, self._sale, self._plans = words, sale, plans
        self._key = uuid4()
        question = self.tr("{0} was paid too much for {1}").format(
            words.money(plans.back.back), sale.reference
        )
        self.setWindowTitle(question)
        self.setAccessibleName(question)
        self.question.setText(question)
        self.second.setText(plans.traveller_name)
        self.second.setVisible(True)
        self.keep.set_words(self.tr("Decide later"))
        self.tiles = Tiles(self.tr("What becomes of it"), columns=1)
        for value, icon, word in (
            (Becomes.BACK, "undo-2", self.tr("Give back")),
            (Becomes.CREDIT, "hand-coins", self.tr("Leave as credit")),
            (Becomes.USED, "ticket", self.tr("Use for another booking")),
        ):
            tile = Tile(icon, word, wide=True)
            self.tiles.add(value.value, tile)
            if value is Becomes.USED and not plans.use.used:
                tile.set_reason(self.tr("Nothing else is due"))
        self.shown = MoneyRows(gap=2)
        self.note = Note("bad", "")
        self.note.hide()
        for part in (self.tiles, self.shown, self.note):
            self.body.addWidget(part)
        self.tiles.chosen.connect(lambda _value: self._show())
        self.tiles.set_value((Becomes.USED if plans.use.used else Becomes.BACK).value)
        self.act.clicked.disconnect()
        self.act.clicked.connect(self._do)
        self._show()

    @property
    def becomes(self) -> Becomes:
        return Becomes(self.tiles.value() or Becomes.BACK.value)

    def _show(self) -> None:
        """What the choice would do."""
        self._key = uuid4()
        self.note.hide()
        self.shown.clear()
        money, plans = self._words.money, self._plans
        if self.becomes is Becomes.USED:
            for part in plans.use.parts:
                self.shown.add(f"{part.reference} · {part.title}", money(part.amount))
            if rest := plans.use.excess - plans.use.used:
                self.shown.add(self.tr("Stays as paid too much"), money(rest), quiet=True)
            self.act.set_words(self.tr("Use {0}").format(money(plans.use.used)))
        elif self.becomes is Becomes.CREDIT:
            words = self.tr("Credit of {0}").format(plans.traveller_name)
            self.shown.add(words, money(plans.credit.back))
            self.act.set_words(self.tr("Leave {0} as credit").format(money(plans.credit.back)))
            self._second_person(plans.credit)
        else:
            for way in plans.back.ways:
                credit = way.to is RefundTo.CREDIT
                to = self.tr("As credit: {0}") if credit else self.tr("Back to {0}")
                self.shown.add(to.format(way.label), money(way.amount))
            self.act.set_words(self.tr("Give back {0}").format(money(plans.back.back)))
            self._second_person(plans.back)
        if self.isVisible():
            self._fit()
            self.adjustSize()

    def _second_person(self, preview: RefundPreview) -> None:
        if preview.needs_second and preview.limit is not None:
            self.act.set_words(self.tr("Ask for {0}").format(self._words.money(preview.back)))
            first = self.tr("A second person approves it.")
            above = self.tr("One person alone gives back up to {0}.")
            self.note.say("wait", first, above.format(self._words.money(preview.limit)))
            self.note.show()

    def _do(self) -> None:
        key, becomes = self._key, self.becomes
        started = self._background.run(
            self,
            lambda _task: self._carried_out(becomes, key),
            words=self.tr("Settling what was too much"),
            key=("too much", self._sale.sale_id),
            done=self._came,
            refused=self._refused,
            ended=lambda: self.set_busy(None),
        )
        if started is not None:
            self.set_busy(self.tr("Settling what was too much"))

    def _carried_out(self, becomes: Becomes, key: UUID) -> tuple[Becomes, Money, bool]:
        """Runs in the background: what was done, with how much, and whether it waits."""
        services, actor, plans = self._services, self._actor, self._plans
        if becomes is Becomes.USED:
            services.excess.use(actor, plans.sale_id, plans.use.used, key=key)
            return becomes, plans.use.used, False
        credit = becomes is Becomes.CREDIT
        ask = ask_for(self._sale, RefundTo.CREDIT if credit else RefundTo.PAYMENT)
        shown = plans.credit if credit else plans.back
        outcome = services.refunds.request(actor, ask, shown.back, key=key)
        return becomes, outcome.back, outcome.waits

    def _came(self, done: tuple[Becomes, Money, bool]) -> None:
        becomes, amount, waits = done
        said = {
            Becomes.BACK: self.tr("{0} given back"),
            Becomes.CREDIT: self.tr("{0} left as credit"),
            Becomes.USED: self.tr("{0} used for another booking"),
        }[becomes]
        self.set_busy(None)
        words = self.tr("{0} waits for a second person") if waits else said
        self.settled.emit(words.format(self._words.money(amount)))
        self.accept()

    def _refused(self, refusal: Refusal) -> None:
        if not isinstance(refusal, RequestInProgress):
            self._key = uuid4()
        self.note.say("bad", str(refusal), refusal.hint or "")
        self.note.show()
        self.adjustSize()
