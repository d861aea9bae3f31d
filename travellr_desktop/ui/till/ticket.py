"""The ticket of a till: what opening or closing it does, how much stays, and the one button."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from travellr_desktop.domain.money import Money, sum_money
from travellr_desktop.domain.money_text import parse_money
from travellr_desktop.errors import InvalidInput, Refusal
from travellr_desktop.services.till_forms import TillStatus
from travellr_desktop.ui.formats import Formats
from travellr_desktop.ui.parts.button import Button, Kind
from travellr_desktop.ui.parts.field import Field
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.note import Note
from travellr_desktop.ui.parts.pane import MoneyRows, ScrollArea
from travellr_desktop.ui.parts.ticket import Ticket
from travellr_desktop.ui.tables.columns import NOTHING
from travellr_desktop.ui.till.count_fields import HIDDEN
from travellr_desktop.ui.till.reckoning import Reckoned
from travellr_desktop.ui.till.words import difference_words, pieces_words


class TillTicket(Ticket):
    """`confirmed` asks for what it says; `edited` when the amount of the safe, or what stays, is typed."""

    confirmed = Signal()
    edited = Signal()

    def __init__(self, formats: Formats) -> None:
        super().__init__()
        self.setAccessibleName(self.tr("Opening or closing the till"))
        self._formats = formats
        self._typed: dict[str, str] = {}
        self._currency = ""
        self._refusal: Refusal | None = None
        self._noted: bool | None = None
        self._head = Label("", "lead")
        self._draft = Label("", "small", "text_secondary")
        self._figure_words = Label("", "small_m", "text_secondary")
        self._figure = Label("", "figure")
        self._rows = MoneyRows(gap=2)
        self.amount = Field("", unit="")
        self.amount.edit.setMaxLength(24)
        self.amount.edited.connect(self._amount_edited)
        self._stays = Label("", "small", "text_secondary", wrap=True)
        self._day = MoneyRows(gap=2)
        self.note = Note("info", "")
        self.act = Button("", Kind.PRIMARY, icon="sunset", key="Ctrl+Enter", height="control_primary")
        self.act.clicked.connect(self.confirmed)
        self._why = Label("", "small", "text_muted", wrap=True)
        self._fill()

    def _fill(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self._head)
        head.addStretch(1)
        head.addWidget(self._draft)
        self.above.addLayout(head)
        self.above.addSpacing(8)
        self.above.addWidget(self._figure_words)
        self.above.addWidget(self._figure)
        self.above.addSpacing(8)
        self.above.addWidget(self._rows)
        inner = QWidget()
        inner.setProperty("part", "scrolled")
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        for part in (self._day, self.amount, self._stays):
            column.addWidget(part)
        column.addStretch(1)
        self.below.addWidget(ScrollArea(inner), 1)
        self.below.addSpacing(8)
        self.below.addWidget(self.note)
        self.below.addSpacing(12)
        self.below.addWidget(self.act)
        self.below.addSpacing(4)
        self.below.addWidget(self._why)

    # what was typed

    def wanted(self, currency: str) -> Money | None:
        """What was typed for the safe, or to stay; None where nothing was. Raises `InvalidInput`."""
        text = self._typed.get(currency, "").strip()
        return parse_money(text, currency, self._formats.locale) if text else None

    def forget(self) -> None:
        """Begin anew: the till was opened or closed."""
        self._typed.clear()
        self.amount.set_text("")
        self.amount.set_error(None)

    # what is shown

    def show_till(
        self,
        status: TillStatus,
        shown: Reckoned,
        *,
        touched: bool,
        blind: bool,
        why_not: str,
    ) -> None:
        """What would be done, in the currency of the count that is shown. `why_not` says why it cannot be yet."""
        currency = shown.count.currency
        if currency != self._currency:
            self._currency = currency
            self.amount.set_text(self._typed.get(currency, ""))
        opens = status.open is None
        number = f"{status.number:04}"
        self._head.setText((self.tr("Till {0}") if opens else self.tr("Z close {0}")).format(number))
        self._draft.setText(self.tr("Closed") if opens else self.tr("Draft"))
        self._show_sums(
            shown, opens=opens, known=touched and not blind, hidden=HIDDEN if touched else NOTHING
        )
        self._show_amount(shown, opens=opens, known=touched and not blind)
        self._show_day(status)
        if self._refusal is None:
            self._say_what_follows(opens)
        self.act.set_words(self.tr("Open the till") if opens else self.tr("Close the day"))
        self.act.set_amount(number if opens else f"Z {number}")
        self.act.set_off(why_not or None)
        self._why.setText(why_not)
        self._why.setVisible(bool(why_not))

    def _show_sums(self, shown: Reckoned, *, opens: bool, known: bool, hidden: str) -> None:
        money = self._formats.money
        self._figure_words.setText(self.tr("Float") if opens else self.tr("To the safe"))
        figure = shown.counted if opens else shown.safe
        self._figure.setText(money(figure) if known else hidden)
        self._figure.setAccessibleName(f"{self._figure_words.text()} {self._figure.text()}")
        self._rows.clear()
        self._rows.add(self.tr("Expected"), money(shown.expected))
        self._rows.add(self.tr("Counted"), money(shown.counted) if known else hidden)
        if known:
            tone = "wait" if shown.difference else None
            self._rows.add(
                difference_words(shown.difference),
                money(shown.difference, sign=bool(shown.difference)),
                tone=tone,
            )

    def _show_amount(self, shown: Reckoned, *, opens: bool, known: bool) -> None:
        money = self._formats.money
        self.amount.set_label(
            self.tr("Of it just fetched from the safe") if opens else self.tr("Stays in the drawer")
        )
        example = shown.safe if opens else shown.stays.total
        self.amount.edit.setPlaceholderText(money(example) if known else "")
        self._stays.setVisible(not opens and known)
        if opens or not known:
            return
        words = pieces_words(shown.stays, self._formats)
        self._stays.setText(
            self.tr("{0} stay: {1}").format(money(shown.stays.total), words)
            if words
            else self.tr("Nothing stays.")
        )

    def _show_day(self, status: TillStatus) -> None:
        self._day.clear()
        report = status.open
        self._day.setVisible(report is not None)
        if report is None:
            return
        ways = [each for each in report.ways if each.taken.currency == self._currency]
        taken = sum_money((each.taken for each in ways), self._currency)
        back = sum_money((each.refunded for each in ways), self._currency)
        self._day.add(self.tr("Taken, all ways"), self._formats.money(taken))
        self._day.add(self.tr("Refunded"), self._formats.money(-back, sign=bool(back)))
        self._day.add(self.tr("Net"), self._formats.money(taken - back), strong=True)

    def say(self, refusal: Refusal | None) -> None:
        """Why it was not done, until something else is tried; None takes it back."""
        self._refusal = refusal
        self._noted = None
        if refusal is not None:
            self.note.say("bad", str(refusal), refusal.hint)

    def _say_what_follows(self, opens: bool) -> None:
        if self._noted is opens:  # screen readers are told once
            return
        self._noted = opens
        if opens:
            first = self.tr("The float is counted first.")
            second = self.tr("Cash that is taken while the till is closed counts with the next one.")
        else:
            first = self.tr("After the Z close nothing can be edited.")
            second = self.tr("A mistake is put right by an entry tomorrow.")
        self.note.say("info", first, second)

    def _amount_edited(self, text: str) -> None:
        self._typed[self._currency] = text
        self.amount.set_error(None)
        try:
            self.wanted(self._currency)
        except InvalidInput as wrong:
            self.amount.set_error(str(wrong))
        self.edited.emit()
