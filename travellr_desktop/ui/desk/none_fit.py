"""What stands in the place of the list where no departure fits: why, the next days that have seats, and what hides
others."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import cast

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from travellr_desktop.services.departure_views import DepartureQuery
from travellr_desktop.ui.desk import wording
from travellr_desktop.ui.desk.narrow import Narrow, narrowing
from travellr_desktop.ui.desk.search import WaysOut
from travellr_desktop.ui.formats import Formats
from travellr_desktop.ui.parts.button import Button
from travellr_desktop.ui.parts.empty import EmptyState
from travellr_desktop.ui.theme import Theme

WIDE = 340
"""The least width of a way out, so that they stand below each other."""


class NoneFit(EmptyState):
    """`go_day(date)`, `widen(Narrow)` and `clear` are the ways out; arrows and Tab go from one to the next."""

    go_day = Signal(object)
    widen = Signal(object)
    clear = Signal()

    def __init__(self, formats: Formats, parent: QWidget | None = None) -> None:
        super().__init__("calendar-x", "", parent=parent)
        self._formats = formats
        self.buttons: list[Button] = []
        self._shown: tuple[DepartureQuery, WaysOut | None] | None = None
        self._ways = QWidget()
        self._rows = QVBoxLayout(self._ways)
        self._rows.setContentsMargins(0, 16, 0, 0)
        self._rows.setSpacing(8)
        column = cast(QVBoxLayout, self.layout())
        column.insertWidget(column.count() - 1, self._ways, 0, Qt.AlignmentFlag.AlignHCenter)
        Theme.current().changed.connect(self._fit)

    def show_ways(self, query: DepartureQuery, found: WaysOut | None) -> None:
        """What was looked for, and what else there is; None while that is not known yet."""
        if (query, found) == self._shown:
            return
        self._shown = (query, found)
        narrow = narrowing(query)
        day = self._formats.day_long(query.day)
        words = self.tr("No departures fit on {0}") if narrow else self.tr("No departures on {0}")
        self.say(words.format(day), "" if found is None else self._why(narrow, found))
        for button in self.buttons:
            self._rows.removeWidget(button)
            button.hide()
            button.deleteLater()
        self.buttons = []
        if found is None:
            return
        for near, free in found.near:
            words = self.tr("Go to {0}").format(self._formats.day(near))
            button = self._add(words, "calendar-days", self.tr("{0} free").format(f"{free:,}"))
            button.clicked.connect(partial(self._go, near))
        for each, number in found.without:
            amount = wording.count(number, "departure", "departures")
            button = self._add(self._without(each, query), "x", amount)
            button.clicked.connect(partial(self._widen, each))
        if len(narrow) > 1 or (narrow and not found.without):
            amount = wording.count(found.whole, "departure", "departures")
            button = self._add(self.tr("Clear all filters"), "x", amount)
            button.clicked.connect(self.clear)
        self._fit()

    def focus_first(self) -> bool:
        """Put the focus on the first way out; says whether there is one."""
        if not self.buttons:
            return False
        self.buttons[0].setFocus(Qt.FocusReason.TabFocusReason)
        return True

    # inside

    def _why(self, narrow: tuple[Narrow, ...], found: WaysOut) -> str:
        said = []
        if narrow and found.whole:
            hidden = wording.count(found.whole, "departure", "departures")
            said.append(self.tr("The day has {0} besides.").format(hidden))
        elif narrow:
            said.append(self.tr("Nothing leaves on that day."))
        if not found.near:
            said.append(self.tr("Nothing that fits is sold in the three months after it."))
        return " ".join(said)

    def _without(self, narrow: Narrow, query: DepartureQuery) -> str:
        return {
            Narrow.TEXT: self.tr("Without “{0}”").format(_brief(query.text)),
            Narrow.TIME: self.tr("At any time of day"),
            Narrow.PLACE: self.tr("Not only in {0}").format(_brief(query.place or "")),
            Narrow.PRICE: self.tr("At any price"),
            Narrow.SEATS: self.tr("Also with too few seats"),
        }[narrow]

    def _add(self, words: str, icon: str, amount: str) -> Button:
        button = Button(words, icon=icon, amount=amount, height="control_decision")
        self.buttons.append(button)
        self._rows.addWidget(button)
        button.show()
        return button

    def _go(self, day: date, _checked: bool = False) -> None:
        self.go_day.emit(day)

    def _widen(self, narrow: Narrow, _checked: bool = False) -> None:
        self.widen.emit(narrow)

    def _fit(self) -> None:
        self._ways.setMinimumWidth(Theme.current().px(WIDE))


def _brief(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 24 else f"{text[:23]}…"
