"""The cards that are kept for a traveller, below their documents."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from uuid import UUID

from PySide6.QtCore import Signal

from travellr_desktop.services.kept_cards import KeptCard
from travellr_desktop.ui.parts.button import IconButton
from travellr_desktop.ui.travellers.extras import Line, Lines
from travellr_desktop.ui.travellers.words import PeopleWords


class Cards(Lines):
    """Label, until when it is good, and when the traveller agreed. `forgotten` carries a card's id."""

    forgotten = Signal(object)

    def __init__(self, words: PeopleWords) -> None:
        super().__init__(self.tr("Saved cards"), None, self.tr("No card is kept."))
        self._words = words

    def show_cards(self, traveller_id: UUID, cards: Sequence[KeptCard]) -> None:
        shown = (traveller_id, tuple(cards))
        if shown != self._shown:
            self.refill(shown, [self._line(card) for card in cards])

    def _line(self, card: KeptCard) -> Line:
        until = f"{card.expires_month:02}/{card.expires_year % 100:02}"
        good = self.tr("Expired {0}") if card.expired else self.tr("Good until {0}")
        agreed = self.tr("agreed {0} with {1}").format(self._words.moment(card.agreed_at), card.agreed_with)
        forget = IconButton("x", self.tr("Forget {0}").format(card.label), height="target")
        forget.clicked.connect(partial(self.forgotten.emit, card.id))
        tone = "wait" if card.expired else "text_secondary"
        return Line("wallet", card.label, f"{good.format(until)} · {agreed}", tone, (forget,))
