"""What a traveller has with the agency, and how it came about, below their documents."""

from __future__ import annotations

from uuid import UUID

from travellr_desktop.services.credit import CreditLine, CreditView
from travellr_desktop.ui.travellers.extras import Line, Lines
from travellr_desktop.ui.travellers.words import PeopleWords

SHOWN = 8
"""How many moves are told; what they have counts all."""


class Credit(Lines):
    """The sum of each currency first, then what was given and spent, the newest first."""

    def __init__(self, words: PeopleWords) -> None:
        super().__init__(self.tr("Credit"), None, self.tr("There is none."))
        self._words = words

    def show_credit(self, traveller_id: UUID, credit: CreditView) -> None:
        shown = (traveller_id, credit)
        if shown != self._shown:
            sums = [
                Line("hand-coins", self._words.money(has), self.tr("to spend on the desk"), "text", ())
                for has in credit.has
            ]
            self.refill(shown, [*sums, *(self._line(line) for line in credit.lines[:SHOWN])])

    def _line(self, line: CreditLine) -> Line:
        given = line.amount.minor > 0
        words = self.tr("{0} given, {1}") if given else self.tr("{0} spent, {1}")
        amount = self._words.money(line.amount if given else -line.amount)
        second = " · ".join(filter(None, (self._words.moment(line.at), line.reason)))
        icon = "plus" if given else "minus"
        return Line(icon, words.format(amount, line.reference), second, "text_secondary", ())
