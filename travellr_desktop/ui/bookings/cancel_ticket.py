"""The ticket of a cancellation: what goes back, by which way, and after it was done how each refund stands."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from travellr_desktop.domain.refund_quote import RefundTo
from travellr_desktop.domain.states import is_open
from travellr_desktop.domain.ways import THROUGH_PROVIDER, Way
from travellr_desktop.services.refund_asks import RefundOutcome, RefundPreview
from travellr_desktop.ui.bookings.ticket_parts import TicketParts, as_credit
from travellr_desktop.ui.parts.badge import Badge
from travellr_desktop.ui.parts.button import Button, Kind
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.note import Note
from travellr_desktop.ui.parts.pane import Divider, MoneyRows
from travellr_desktop.ui.records.words import WAY_ICONS, Words, count

_AGAIN = ("unknown", "approved")


class CancelTicket(TicketParts):
    """`retried` asks to send the refunds that have not gone through."""

    retried = Signal()

    def __init__(self, words: Words, parent: QWidget | None = None) -> None:
        super().__init__(words, parent)
        self.outcome: RefundOutcome | None = None

    def show_preview(self, preview: RefundPreview | None, *, why_not: str = "", after: bool = False) -> None:
        """What would go back. Without a preview `why_not` says why there is none; `after`: nothing is cancelled any
        more, money is given back."""
        self.empty()
        self.outcome = None
        if preview is None:
            words, act = self.tr("Nothing is chosen"), self.tr("Cancel booking")
            if after:
                act = self.tr("Refund")
            self.nothing(words, why_not, act, self.tr("Keep"))
            return
        of = self.tr("{0} of {1}").format(self.what(preview), preview.sale_reference)
        self._figure(preview, of)
        rows = MoneyRows(gap=2)
        rows.add(self.tr("Paid"), self.words.money(preview.paid))
        for booking in preview.bookings:
            if booking.kept.minor:
                rows.add(self.tr("Kept, {0}").format(booking.title), self.words.signed(-booking.kept))
        self.above.addWidget(rows)
        self.gap(self.above, 8)
        self.above.addWidget(Divider())
        self.gap(self.above, 8)
        total = MoneyRows()
        total.add(self.tr("Back"), self.words.money(preview.back), strong=True)
        self.above.addWidget(total)
        self.ways_back(preview.ways)
        self._follows(preview)
        self._buttons(preview)

    def what(self, preview: RefundPreview) -> str:
        """How many bookings it is about, or travellers where some of them stay."""
        lines = [line for booking in preview.bookings for line in booking.lines]
        going = sum(line.chosen for line in lines)
        if going < len(lines):
            return count(going, self.tr("traveller"), self.tr("travellers"))
        return count(len(preview.bookings), self.tr("booking"), self.tr("bookings"))

    def show_outcome(self, outcome: RefundOutcome, asked: RefundPreview) -> None:
        """What was done of what was asked, and how each refund stands now."""
        self.empty()
        self.outcome = outcome
        if outcome.waits:
            self._asked_for(outcome, asked)
            return
        if asked.seats:
            self.badge(Badge("cancelled"))
        self._figure(asked, ", ".join(outcome.references))
        if asked.seats:
            words = count(asked.seats, self.tr("seat is"), self.tr("seats are"))
            self.line("circle-check", "ok", self.tr("{0} free again").format(words), self.above)
        if outcome.refunds:
            self.below.addWidget(Label(self.tr("Where the money is"), "small_m", "text_secondary"))
            self.gap(self.below, 8)
        for refund in outcome.refunds:
            self.refund(refund)
        self._words_on(outcome)
        open_ones = any(refund.state in _AGAIN for refund in outcome.refunds)
        self.over(self.reading(self.tr("Try now"), self.retried) if open_ones else None)

    # parts

    def _asked_for(self, outcome: RefundOutcome, asked: RefundPreview) -> None:
        """It waits for a second person; nothing has moved."""
        self.badge(Badge("requested"))
        self._figure(asked, ", ".join(outcome.references))
        self.waits(self.tr("Nothing has moved. It counts as asked for now, whenever they approve it."))

    def _figure(self, preview: RefundPreview, below: str) -> None:
        words = self.tr("{0} gets back") if preview.back.minor else self.tr("{0} gets nothing back")
        if as_credit(preview.ways):
            words = self.tr("{0} gets as credit")
        self.figure(words.format(preview.traveller_name), self.words.money(preview.back), below)

    def _follows(self, preview: RefundPreview) -> None:
        self.gap(self.below, 4)
        self.below.addWidget(Divider())
        self.gap(self.below, 10)
        if preview.seats:
            seats = count(preview.seats, self.tr("seat is"), self.tr("seats are"))
            self.line("circle-check", "ok", self.tr("{0} free again").format(seats), self.below)
        gone = [way for way in preview.ways if way.to is RefundTo.PAYMENT]
        cash = any(way.way is Way.CASH for way in gone)
        card = any(way.way in THROUGH_PROVIDER for way in gone)
        if cash:
            self.line("banknote", "text_secondary", self.tr("Cash is handed over now"), self.below)
        if card:
            self.line("clock", "text_secondary", self.tr("The card shows it in 3 to 10 days"), self.below)
        if preview.needs_second and preview.limit is not None:
            self.takes_two(preview.limit)

    def _buttons(self, preview: RefundPreview) -> None:
        amount, icon, what = "", "ban", self.what(preview)
        alone = len(preview.bookings) == 1 and preview.bookings[0].whole
        words = self.tr("Cancel booking") if alone else self.tr("Cancel {0}").format(what)
        if preview.back.minor:
            amount = self.words.money(preview.back)
            words, icon = self.tr("Refund"), "undo-2"
            if as_credit(preview.ways):
                words, icon = self.tr("Give as credit"), WAY_ICONS[Way.CREDIT]
        elif not any(is_open(booking.state) for booking in preview.bookings):
            self.below.addStretch(1)
            self.act = Button(self.tr("Refund"), Kind.PRIMARY, icon="undo-2", height="control_primary")
            self.act.set_off(self.tr("By the policy nothing goes back: say how much."))
            self._add_act()
            self._add_keep(self.tr("Keep"))
            return
        if preview.needs_second:
            words, icon = self.tr("Ask for approval"), ""  # room for large amounts
        self.decide(words, icon, self.tr("Keep"), amount=amount, asks=True)

    def _words_on(self, outcome: RefundOutcome) -> None:
        states = {refund.state for refund in outcome.refunds}
        if "failed" in states:
            why = next((r.failure for r in outcome.refunds if r.state == "failed" and r.failure), "")
            first = self.tr("A refund did not go through.")
            second = self.tr("{0} It is still owed: agree on another way with the traveller.").format(why)
            self.below.addWidget(Note("bad", first, second.strip()))
        elif "unknown" in states:
            self.below.addWidget(
                Note(
                    "unknown",
                    self.tr("We do not know yet whether the money went back."),
                    self.tr(
                        "It is sent again by itself under the same key, never twice. "
                        "Do not give it back another way."
                    ),
                )
            )
        elif waits := next((refund.waits for refund in outcome.refunds if refund.waits), ""):
            self.below.addWidget(Note("info", waits, self.tr("The refund goes on by itself.")))
        elif "approved" in states:
            self.below.addWidget(
                Note(
                    "info",
                    self.tr("The provider is busy."),
                    self.tr("The refund is sent by itself as soon as it answers."),
                )
            )
        elif "pending" in states:
            self.line("clock", "text_secondary", self.tr("The card shows it in 3 to 10 days"), self.below)
