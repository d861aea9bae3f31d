"""One difference beside the list: both sides, the likely cause, and what puts it right or says why it is there."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from travellr_desktop.domain.clock import Clock
from travellr_desktop.domain.ledger import Entry
from travellr_desktop.services.matching.causes import Explained
from travellr_desktop.services.matching.service import DifferenceRow, Side
from travellr_desktop.services.matching.till_days import TillDay
from travellr_desktop.ui.ledger.words import EVENTS, account_name
from travellr_desktop.ui.parts.badge import Badge
from travellr_desktop.ui.parts.button import Button, Kind
from travellr_desktop.ui.parts.detail import DetailPanel
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.note import Note
from travellr_desktop.ui.parts.pane import Card, MoneyRows, Section
from travellr_desktop.ui.parts.text_box import TextBox
from travellr_desktop.ui.reconciliation.rows import OneRow
from travellr_desktop.ui.reconciliation.words import correction_words
from travellr_desktop.ui.records.words import NOTHING, Words

LONGEST_REASON = 1000


class DifferencePanel(DetailPanel):
    """`show_row` fills it; what is asked for comes as signals."""

    correct_asked = Signal(object, str)
    """Put this difference right; why."""
    explain_asked = Signal(object, str)
    """This one (of the provider or of a till) is explained so."""
    payment_asked = Signal(str)
    """Show the payments of the sale with this reference."""
    till_asked = Signal()

    def __init__(
        self, words: Words, clock: Clock, *, may_correct: bool, parent: QWidget | None = None
    ) -> None:
        super().__init__("Difference", parent)
        self.setAccessibleName(self.tr("Difference"))
        self._words, self._clock, self._may_correct = words, clock, may_correct
        self.shown: OneRow | None = None
        self.show_payment: Button | None = None
        self.show_till: Button | None = None
        self.decide: Button | None = None
        """The one button that corrects, or explains."""
        self.reason: TextBox | None = None

    def show_row(self, row: OneRow) -> None:
        """Another difference, or the same read again: what was typed of it stays."""
        before = self.shown
        if row == before:
            return
        same = before is not None and before.id == row.id
        typed = self.reason.text() if same and self.reason is not None else ""
        self.shown = row
        with self.refilled(same=same):
            status, word = (
                ("notready", self.tr("Open")) if row.is_open else ("completed", self.tr("Explained"))
            )
            stamp = self._words.stamp(row.moment, self._clock.now())
            self.set_head(row.what, badge=Badge(status, word=word), person=row.about, contact=stamp)
            self._actions(row)
            self.add(Note("wait" if row.is_open else "info", row.cause), divider=False)
            if row.difference is not None:
                self.add(self._sides(row.difference), divider=False)
            elif row.till is not None:
                self.add(self._till(row.till), divider=False)
            self._what_to_do(row, typed)

    def first_actions(self) -> Sequence[QWidget | None]:
        return (self.reason, self.show_payment, self.show_till)

    @property
    def primary(self) -> Button | None:
        return self.decide

    def refuse_reason(self, words: str) -> None:
        """Say at the field what is wrong with the reason."""
        if self.reason is not None:
            self.reason.set_error(words)
            self.reason.setFocus()

    # parts

    def _actions(self, row: OneRow) -> None:
        self.show_payment = self.show_till = None
        if row.difference is not None and row.difference.sale:
            self.show_payment = Button(self.tr("Show payment"), icon="credit-card")
            self.show_payment.clicked.connect(partial(self.payment_asked.emit, row.difference.sale))
            self.action_row.addWidget(self.show_payment)
        elif row.till is not None:
            self.show_till = Button(self.tr("Show Day close"), icon="sunset")
            self.show_till.clicked.connect(self.till_asked)
            self.action_row.addWidget(self.show_till)
        self.action_row.addStretch(1)

    def _sides(self, row: DifferenceRow) -> QWidget:
        part = QWidget()
        line = QHBoxLayout(part)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        ours = (row.ours,) if row.ours is not None else ()
        line.addWidget(self._side(self.tr("Books"), ours), 1)
        line.addWidget(self._side(self.tr("Provider"), row.theirs), 1)
        return part

    def _side(self, title: str, sides: Sequence[Side]) -> QWidget:
        card = Card("subtle")
        column = QVBoxLayout(card)
        column.setContentsMargins(12, 8, 12, 12)
        column.setSpacing(2)
        column.addWidget(Label(title, "small", "text_secondary"))
        if not sides:
            column.addWidget(Label(NOTHING, "body_b"))
            column.addWidget(Label(self.tr("It is not there."), "small", "text_secondary", wrap=True))
        for side in sides:
            column.addSpacing(2)
            column.addWidget(Label(self._words.money(side.amount), "body_b", wrap=True))
            for words in self._more(side):
                column.addWidget(Label(words, "small", "text_secondary", wrap=True))
        column.addStretch(1)
        card.setAccessibleName(f"{title}: {', '.join(self._words.money(side.amount) for side in sides)}")
        return card

    def _more(self, side: Side) -> list[str]:
        found = [self._words.stamp(side.at, self._clock.now())]
        if side.settled is not None:
            found.append(self.tr("came to {0}").format(self._words.money(side.settled)))
        fee = self._words.money(side.fee) if side.fee is not None else self.tr("none")
        return [*found, self.tr("Fee {0}").format(fee)]

    def _till(self, till: TillDay) -> QWidget:
        rows = MoneyRows()
        rows.add(self.tr("Expected"), self._words.money(till.expected))
        rows.add(self.tr("Counted"), self._words.money(till.counted), strong=True)
        rows.add(self.tr("Difference"), self._words.signed(till.difference))
        if till.is_changed:
            rows.add(self.tr("Expected by the books"), self._words.money(till.in_books))
            rows.add(self.tr("Difference in the books"), self._words.signed(till.posted))
        rows.add(self.tr("Counted by"), till.by, quiet=True)
        return rows

    def _what_to_do(self, row: OneRow, typed: str) -> None:
        self.decide = self.reason = None
        explained = row.difference.explained if row.difference is not None else None
        if row.till is not None:
            explained = row.till.explained
        if explained is not None:
            self.add(self._explained(explained))
        elif self._may_correct:
            self.add(self._decision(row, typed))

    def _explained(self, explained: Explained) -> QWidget:
        section = Section(self.tr("Explained"))
        stamp = self._words.stamp(explained.at, self._clock.now())
        section.body.addWidget(Label(explained.reason, "body", wrap=True))
        section.body.addWidget(Label(f"{explained.by} · {stamp}", "small", "text_secondary", wrap=True))
        return section

    def _decision(self, row: OneRow, typed: str) -> QWidget:
        found = row.difference
        words = correction_words(found, self._words) if found is not None else ""
        section = Section(self.tr("Put it right") if words else self.tr("Explain it"))
        if found is not None and found.entries:
            section.body.addWidget(Label(self.tr("What will be posted"), "small_m", "text_secondary"))
            section.body.addWidget(self._entries(found.entries))
        elif words:
            told = self.tr("It is asked of the provider, and recorded as it stands there.")
            section.body.addWidget(Label(told, "small", "text_secondary", wrap=True))
        elif found is not None:
            told = self.tr("No posting puts this right. Look into it, and write down what you found.")
            section.body.addWidget(Label(told, "small", "text_secondary", wrap=True))
        self.reason = TextBox(self.tr("Reason"), rows=3, longest=LONGEST_REASON)
        self.reason.set_text(typed)
        self.reason.edited.connect(self._reason_edited)
        section.body.addWidget(self.reason)
        self.decide = Button(words or self.tr("Explain"), Kind.PRIMARY, key="Ctrl+Enter")
        self.decide.clicked.connect(self._decided)
        section.body.addWidget(self.decide)
        return section

    def _entries(self, entries: Sequence[Entry]) -> QWidget:
        """As bookkeepers say it: what is debited, to what is credited."""
        part = QWidget()
        grid = QGridLayout(part)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(0, 1)
        for at, entry in enumerate(entries):
            sides = self.tr("{0}: {1} to {2}").format(
                EVENTS[entry.event], account_name(entry.debit), account_name(entry.credit)
            )
            grid.addWidget(Label(sides, "small", wrap=True), at, 0)
            grid.addWidget(Label(self._words.money(entry.amount), "small_m"), at, 1)
        return part

    def _reason_edited(self, _text: str) -> None:
        if self.reason is not None:
            self.reason.set_error(None)

    def _decided(self) -> None:
        row, reason = self.shown, self.reason
        if row is None or reason is None:
            return
        if not reason.text().strip():
            self.refuse_reason(self.tr("Say why."))
        elif row.difference is not None and row.difference.correction is not None:
            self.correct_asked.emit(row.difference, reason.text())
        else:
            self.explain_asked.emit(row.difference or row.till, reason.text())
