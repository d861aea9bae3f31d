"""The ticket of a change: what is paid or goes back and by which way, and after it was sent how it stands."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from travellr_desktop.domain.ways import AT_ONCE, Way
from travellr_desktop.services.amendments import ChangeKind
from travellr_desktop.services.change_preview import ChangePreview
from travellr_desktop.services.changes import ChangeOutcome, ChangeState
from travellr_desktop.services.sales import WayOffer
from travellr_desktop.ui.bookings.pay_way import PayWay
from travellr_desktop.ui.bookings.ticket_parts import TicketParts, as_credit
from travellr_desktop.ui.parts.badge import Badge
from travellr_desktop.ui.parts.button import Button, Kind
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.note import Note
from travellr_desktop.ui.parts.pane import Divider, MoneyRows
from travellr_desktop.ui.records.words import WAY_ICONS, Words

_VERBS = {
    ChangeKind.ADD: "Add",
    ChangeKind.RETYPE: "Change",
    ChangeKind.REBOOK: "Rebook",
    ChangeKind.REMOVE: "Cancel traveller",
}


class ChangeTicket(TicketParts):
    """`read_asked` for a payment that nobody knows of, `voucher_asked` for the new voucher."""

    read_asked = Signal()
    voucher_asked = Signal()
    way_changed = Signal()

    def __init__(self, words: Words, parent: QWidget | None = None) -> None:
        super().__init__(words, parent)
        self.pay: PayWay | None = None
        self.outcome: ChangeOutcome | None = None
        self._ways: tuple[WayOffer, ...] = ()
        self._shown: ChangePreview | None = None

    def set_ways(self, ways: tuple[WayOffer, ...]) -> None:
        self._ways = tuple(offer for offer in ways if offer.way in AT_ONCE)  # a change is paid here and now

    def show_preview(self, preview: ChangePreview | None, *, why_not: str = "") -> None:
        """What would be paid, or go back. Without a preview `why_not` says why there is none."""
        self.outcome = None
        if preview is not None and self._keeps(preview):
            return
        chosen = None if self.pay is None else self.pay.tiles.value()
        self.empty()
        self.pay, self._shown = None, preview
        if preview is None:
            words, act = self.tr("Nothing to do yet"), self.tr("Change")
            self.nothing(words, why_not, act, self.tr("Leave it as it is"))
            return
        self._figure(preview)
        self._sums(preview)
        if preview.to_pay.minor:
            self._pay(chosen)
        else:
            self.ways_back(preview.ways)
        self._earnings(preview)
        if preview.needs_second and preview.limit is not None:
            self.takes_two(preview.limit)
        self._buttons(preview)

    def show_outcome(self, outcome: ChangeOutcome, preview: ChangePreview) -> None:
        """How it stands now."""
        self.empty()
        self.outcome, self.pay, self.act = outcome, None, None
        status, word = {
            ChangeState.DONE: ("confirmed", self.tr("Changed")),
            ChangeState.UNKNOWN: ("unknown", self.tr("Payment unknown")),
            ChangeState.WAITING: ("processing", self.tr("Charging")),
            ChangeState.DECLINED: ("declined", self.tr("Declined")),
            ChangeState.GIVEN_BACK: ("sending", self.tr("Not changed")),
        }[outcome.state]
        self.badge(Badge(status, word=word))
        self._figure(preview, done=outcome.state is ChangeState.DONE)
        self._says(outcome)
        for refund in outcome.refunds:
            self.refund(refund)
        act: Button | None = None
        if outcome.state in (ChangeState.UNKNOWN, ChangeState.WAITING):
            act = self.reading(self.tr("Read it now"), self.read_asked)
        elif outcome.state is ChangeState.DONE:
            words = self.tr("Open the new voucher")
            act = Button(words, Kind.PRIMARY, icon="file-text", key="Ctrl+Enter", height="control_primary")
            act.clicked.connect(self.voucher_asked)
        self.over(act)

    def show_asked(self, preview: ChangePreview) -> None:
        """It was asked of a second person; the booking is as it was."""
        self.empty()
        self.outcome, self.pay, self.act = None, None, None
        self.badge(Badge("requested"))
        self._figure(preview)
        self.waits(
            self.tr("The booking stays as it is. It is changed when they approve it, if seats are free.")
        )

    # parts

    def _keeps(self, preview: ChangePreview) -> bool:
        """Whether all of it stands there already: the way that was chosen is not asked for again."""
        return self._shown == preview and self.act is not None

    def _figure(self, preview: ChangePreview, *, done: bool = False) -> None:
        who, money = preview.traveller_name, self.words.money
        if preview.to_pay.minor:
            words = self.tr("{0} paid") if done else self.tr("{0} pays")
            figure = money(preview.to_pay)
        elif preview.back.minor:
            words = self.tr("{0} gets as credit") if as_credit(preview.ways) else self.tr("{0} gets back")
            figure = money(preview.back)
        else:
            words = self.tr("{0} pays nothing more")
            figure = money(preview.difference)
        self.figure(words.format(who), figure, self._below(preview))

    def _below(self, preview: ChangePreview) -> str:
        if preview.kind is not ChangeKind.REBOOK:
            return preview.reference
        when = self.words.formats.when(preview.new.starts_at, preview.new.zone)
        return f"{preview.new.title} · {when}"

    def _sums(self, preview: ChangePreview) -> None:
        money = self.words.money
        rows = MoneyRows(gap=2)
        rows.add(self.tr("Price until now"), money(preview.old_price))
        rows.add(self.tr("Price then"), money(preview.price))
        if preview.kept.minor:
            rows.add(self.tr("Kept by “{0}”").format(preview.policy_name), money(preview.kept))
        self.above.addWidget(rows)
        if preview.policy_why and not preview.kept.minor:
            self.gap(self.above, 4)
            self.above.addWidget(Label(preview.policy_why, "small", "text_secondary", wrap=True))
        if preview.next_change is not None and preview.next_back is not None:
            when = self.words.formats.when(preview.next_change, preview.old.zone)
            amount = money(preview.next_back) if preview.next_back.minor else self.tr("nothing")
            words = self.tr("From {0} on {1} goes back").format(when, amount)
            self.gap(self.above, 4)
            self.line("clock", "text_secondary", words, self.above, wrap=True)

    def _pay(self, chosen: str | None) -> None:
        self.below.addWidget(Label(self.tr("How it is paid"), "small_m", "text_secondary"))
        self.gap(self.below, 6)
        self.pay = PayWay(self._ways)
        if chosen is not None:
            self.pay.tiles.set_value(chosen)
            self.pay.cards.setVisible(self.pay.way is Way.CARD)
        self.pay.changed.connect(self.way_changed)
        self.pay.changed.connect(self._say_way)
        self.below.addWidget(self.pay)
        self.gap(self.below, 8)

    def _earnings(self, preview: ChangePreview) -> None:
        self.below.addWidget(Divider())
        self.gap(self.below, 8)
        rows = MoneyRows(gap=2)
        for row in preview.earnings:
            words = self.tr("{0} will earn").format(row.whose)
            before, after = self.words.money(row.before), self.words.money(row.after)
            rows.add(words, after if row.before == row.after else f"{before} → {after}", quiet=True)
        self.below.addWidget(rows)

    def _buttons(self, preview: ChangePreview) -> None:
        words, icon, amount = _VERBS[preview.kind], "check", ""
        if preview.to_pay.minor:
            amount = self.words.money(preview.to_pay)
        elif preview.back.minor:
            words, icon, amount = self.tr("Refund"), "undo-2", self.words.money(preview.back)
            if as_credit(preview.ways):
                words, icon = self.tr("Give as credit"), WAY_ICONS[Way.CREDIT]
        if preview.needs_second:
            words, icon = self.tr("Ask for approval"), ""  # room for large amounts
        asks = bool(preview.back.minor or preview.kept.minor)
        self.decide(words, icon, self.tr("Leave it as it is"), amount=amount, asks=asks)
        if preview.to_pay.minor:
            self._say_way()

    def _say_way(self) -> None:
        if self.act is None or self.pay is None:
            return
        cash = self.pay.way is Way.CASH
        self.act.set_words(self.tr("Take cash") if cash else self.tr("Take payment"))
        self.act.set_icon("banknote" if cash else "credit-card")

    def _says(self, outcome: ChangeOutcome) -> None:
        if outcome.state is ChangeState.DONE:
            self.line("circle-check", "ok", self.tr("The booking is changed"), self.above)
            return
        if outcome.state is ChangeState.UNKNOWN:
            when = self.tr("It is read again by itself.")
            if outcome.next_read_at is not None:
                at = self.words.formats.time(outcome.next_read_at, self.words.formats.zone)
                when = self.tr("It is read again by itself at {0}.").format(at)
            note = Note(
                "unknown",
                self.tr("We do not know yet whether the card was charged."),
                f"{when} {self.tr('The seats stay held. Do not take the money another way.')}",
            )
        elif outcome.state is ChangeState.WAITING:
            note = Note(
                "info",
                self.tr("The payment is under way."),
                self.tr("The booking is changed as soon as the provider has answered."),
            )
        elif outcome.state is ChangeState.GIVEN_BACK:
            note = Note(
                "wait",
                self.tr("The change could not be made any more."),
                self.tr("The booking stays as it was. What was paid goes back by itself."),
            )
        else:
            refusal = outcome.refusal
            first = refusal.sentence if refusal is not None else self.tr("The payment did not go through.")
            second = self.tr("The booking stays as it was; the seats went back.")
            note = Note("bad", first, second)
        self.below.addWidget(note)
        self.gap(self.below, 12)
