"""What stands in place of an empty list, and the words a list has for its things."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Signal

from travellr_desktop.ui.parts.button import Button
from travellr_desktop.ui.parts.empty import EmptyState


@dataclass(frozen=True, slots=True)
class ListWords:
    """What a list calls its things: `things` in the plural ("bookings"), the icon, and the words of the first
    use.

    `first_use` says what will be here, `first_action` names the button that makes the first one (none
    without).
    """

    title: str
    things: str
    icon: str = "database"
    first_use: str = ""
    first_action: str = ""
    search: str = ""


class NothingHere(EmptyState):
    """An empty list: hidden by filters, or none made yet."""

    cleared = Signal()
    first = Signal()

    def __init__(self, words: ListWords) -> None:
        self._words = words
        self._clear = Button("", key="Esc")
        self._make = Button(words.first_action)
        super().__init__(words.icon, words.title, buttons=(self._clear, self._make))
        self._clear.set_words(self.tr("Clear filters"))
        self._clear.clicked.connect(self.cleared)
        self._make.clicked.connect(self.first)

    def explain(self, filters: int, whole: int, narrowed: bool) -> None:
        """`filters` are set by the person, `whole` rows are there without them."""
        things = self._words.things
        if narrowed:
            sentence = self.tr("No {0} match these filters").format(things)
            hidden = (
                self.tr("{0} {1} are hidden by {2} filters.")
                if filters != 1
                else self.tr("{0} {1} are hidden by one filter.")
            )
            second = hidden.format(f"{whole:,}", things, filters) if whole and filters else ""
        else:
            sentence = self.tr("No {0} yet").format(things)
            second = self._words.first_use
        self.say(sentence, second)
        self._clear.setVisible(bool(filters))
        self._make.setVisible(bool(self._words.first_action))
