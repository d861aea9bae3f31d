"""How what is available came about: every amount of it, the sum, and the way to its bookings."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from travellr_desktop.services.earnings.views import CurrencyEarnings
from travellr_desktop.ui.earnings.cards import CardWords
from travellr_desktop.ui.earnings.figures import FigureRow, refill
from travellr_desktop.ui.earnings.words import say
from travellr_desktop.ui.formats import Formats
from travellr_desktop.ui.parts.button import Button
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.pane import Card, Divider

_AROUND = 6


class CameAbout(Card):
    asked = Signal()
    """The lines of what is available."""

    def __init__(self, formats: Formats, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._formats, self._words = formats, CardWords(formats)
        self.rows: list[FigureRow] = []
        self.title = Label("", "lead", wrap=True)
        self.second = Label(say("Every figure opens its bookings"), "small", "text_secondary", wrap=True)
        self.sum = FigureRow(say("Available"), strong=True)
        self.sum.clicked.connect(self.asked)
        self.button = Button(say("Show the bookings"), icon="list-filter")
        self.button.clicked.connect(self.asked)
        self._body = QVBoxLayout()
        self._body.setSpacing(0)
        self._foot = QVBoxLayout()
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 12, 10, 12)
        column.setSpacing(0)
        for label in (self.title, self.second):
            label.setContentsMargins(_AROUND, 0, _AROUND, 0)
            column.addWidget(label)
        column.addSpacing(8)
        column.addLayout(self._body)
        column.addSpacing(8)
        column.addWidget(Divider())
        column.addSpacing(6)
        column.addLayout(self._foot)
        self._foot.addWidget(self.sum)
        column.addSpacing(12)
        around = QVBoxLayout()
        around.setContentsMargins(_AROUND, 0, _AROUND, 0)
        around.addWidget(self.button)
        column.addLayout(around)
        column.addStretch(1)

    def show_currency(self, found: CurrencyEarnings) -> None:
        total = self._formats.money(found.available.total)
        self.title.setText(say("How {0} came about").format(total))
        rows = list(self._words.came_about(found))
        for row in rows:
            row.clicked.connect(self.asked)
        refill(self._body, self.rows, rows)
        self.sum.amount = total
        self.sum.setAccessibleName(f"{self.sum.words} {total}")
        self.sum.retheme()
        count = found.available.bookings
        words = say("Show the booking") if count == 1 else say("Show the {0} bookings").format(f"{count:,}")
        self.button.set_words(words if count else say("Show what it is of"))
