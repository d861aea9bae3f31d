"""What the pages have that wait for the traveller: while one is on the screen its payment is read often, and where no
money is real the traveller can be played."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout

from travellr_desktop.ui.desk.page import Page
from travellr_desktop.ui.parts.button import Button
from travellr_desktop.ui.parts.choices import ComboBox
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.pane import Divider


class WaitingPage(Page):
    """Left alone it goes on. `watch` and `unwatch` are overridden."""

    cards: ComboBox
    """The cards to play the traveller with, where that can be done."""
    pays: Button
    said: Label
    """What came of it."""

    _watched = False

    def watch(self) -> None:
        """The page is on the screen."""

    def unwatch(self) -> None:
        """It is not any more."""

    def play_row(self, title: str, verb: str, name: str, cards: Sequence[tuple[str, str]]) -> None:
        """Play the traveller with one of `cards`, each the provider's name and its words; nothing without any."""
        self.said = Label("", "small", "bad", wrap=True)
        self.said.hide()
        if not cards:
            return
        self.column.addWidget(Divider())
        self.title(title)
        self.cards = ComboBox(self.tr("Card of the traveller"))
        for card, words in cards:
            self.cards.addItem(words, card)
        self.pays = Button(verb, icon="credit-card")
        self.pays.setAccessibleName(name)
        self.pays.clicked.connect(lambda: self.play.emit(str(self.cards.currentData()), self.pays))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.cards, 1)
        row.addWidget(self.pays)
        self.column.addLayout(row)
        self.column.addWidget(self.said)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._watched:
            self._watched = True
            self.watch()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if self._watched:
            self._watched = False
            self.unwatch()
