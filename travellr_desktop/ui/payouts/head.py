"""The head of a batch: which it is, its currencies, run again; and how far it has come."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from travellr_desktop.domain.states import BatchState
from travellr_desktop.services.payouts.views import BatchRow
from travellr_desktop.ui.parts.badge import Badge
from travellr_desktop.ui.parts.button import Button, IconButton
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.pane import Pane
from travellr_desktop.ui.parts.segments import Segments
from travellr_desktop.ui.parts.steps import Steps
from travellr_desktop.ui.payouts.shown import Shown
from travellr_desktop.ui.payouts.words import batch_badge, say, title
from travellr_desktop.ui.records.words import Words

_STEPS = {
    BatchState.DRAFT: 0,
    BatchState.DISCARDED: 0,
    BatchState.APPROVED: 1,
    BatchState.SENDING: 2,
    BatchState.PAUSED: 2,
    BatchState.DONE: 4,
}

SIDE_BY_SIDE = 4
"""More currencies than this are one drop-down list: the title keeps its words."""


class BatchHead(QWidget):
    """`left` goes back to all batches, `turned` to the ticket where only one of both has room."""

    left = Signal()
    again = Signal()
    turned = Signal()
    currency_chosen = Signal(str)

    def __init__(self, words: Words, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = words
        self.to_all = IconButton("arrow-left", say("All batches"), height="control")
        self.title = Label("", "lead", elide=True)
        self.badge = Badge("draft")
        self.about = Label("", "small", "text_secondary", elide=True)
        self.currencies: Segments | None = None
        self._codes: tuple[tuple[str, int], ...] = ()
        self.run_again = Button(say("Run again"), icon="refresh-cw", key="F5")
        self.turn = Button(say("To the ticket"), icon="arrow-right")
        self.steps = Steps((say("Dry run"), say("Approved"), say("Sending"), say("Paid")))
        top = Pane("surface", edges=("bottom",))
        self._row = QHBoxLayout(top)
        self._row.setContentsMargins(8, 6, 16, 7)
        self._row.setSpacing(8)
        self._row.addWidget(self.to_all)
        self._row.addWidget(self.title)
        self._row.addWidget(self.badge)
        self._row.addWidget(self.about, 1)
        self._row.addWidget(self.run_again)
        self._row.addWidget(self.turn)
        below = Pane("surface", edges=("bottom",))
        steps = QHBoxLayout(below)
        steps.setContentsMargins(16, 8, 16, 9)
        steps.addWidget(self.steps, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(top)
        column.addWidget(below)
        self.to_all.clicked.connect(self.left)
        self.run_again.clicked.connect(self.again)
        self.turn.clicked.connect(self.turned)

    def show_batch(
        self, row: BatchRow, currencies: Sequence[Shown], chosen: str, year: int, *, alone: bool = False
    ) -> None:
        """Another batch, or the same read again. `alone`: whoever looks at the draft prepared it and may approve it."""
        formats = self._words.formats
        self.title.setText(title(row, formats.locale, year))
        status, word = batch_badge(row)
        self.badge.set_status(status, word=word)
        some = say("some vendors, ") if row.for_some else ""
        self.about.setText(f"{some}{row.reference}")
        self.run_again.setVisible(row.state is BatchState.DRAFT)
        self.steps.set_now(_STEPS[BatchState.SENDING if _is_begun(row) else row.state])
        self.steps.set_seconds(self._when(row, alone=alone))
        self._offer(tuple((each.currency, each.paid) for each in currencies), chosen)

    def _when(self, row: BatchRow, *, alone: bool) -> tuple[str, str, str, str]:
        """What stands below each step: when it was done, or what it is."""

        def stamp(moment: datetime | None, else_: str) -> str:
            return else_ if moment is None else self._words.formats.when(moment, self._words.formats.zone)

        return (
            stamp(row.created_at, ""),
            stamp(row.approved_at, say("by one person") if alone else say("by a second person")),
            say("one by one, can pause"),
            stamp(row.ended_at, say("with a statement each")),
        )

    def stand_alone(self, alone: bool) -> None:
        """There is no room for the ticket beside it."""
        self.turn.setVisible(alone)
        self.about.setVisible(not alone)

    def _offer(self, codes: tuple[tuple[str, int], ...], chosen: str) -> None:
        """Segments for several currencies; one to choose from needs no choice."""
        if codes != self._codes:
            had_focus = self.currencies is not None and self.currencies.isAncestorOf(self.focusWidget())
            self._codes = codes
            if self.currencies is not None:
                self._row.removeWidget(self.currencies)
                self.currencies.hide()
                self.currencies.deleteLater()
                self.currencies = None
            if len(codes) > 1:
                options = [(code, code, f"{number:,}") for code, number in codes]
                self.currencies = Segments(say("Currency"), options, folds=True)
                if len(codes) > SIDE_BY_SIDE:
                    self.currencies.setMaximumWidth(self.currencies.minimumSizeHint().width())
                self.currencies.chosen.connect(self.currency_chosen)
                self._row.insertWidget(self._row.indexOf(self.run_again), self.currencies)
                self.currencies.show()
                if had_focus:
                    self.currencies.focus_chosen()
        if self.currencies is not None and chosen and self.currencies.value() != chosen:
            self.currencies.set_value(chosen)


def _is_begun(row: BatchRow) -> bool:
    """Whether some of it is paid while the rest waits: it was stopped, or the bank is to have the rest."""
    return row.state is BatchState.APPROVED and any(each.paid or each.failed for each in row.sums)
