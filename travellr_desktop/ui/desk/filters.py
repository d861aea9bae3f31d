"""What is looked for: words, party, day and the rest, in the pane at the leading edge."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from travellr_desktop.domain.party import AGES, Party, TravellerType
from travellr_desktop.services.departure_views import DayCount, DepartureQuery
from travellr_desktop.ui.desk.lower_filters import FoldedFilters, LowerFilters
from travellr_desktop.ui.desk.narrow import Narrow
from travellr_desktop.ui.parts.calendar import MonthCalendar
from travellr_desktop.ui.parts.field import SearchField
from travellr_desktop.ui.parts.keycap import KeyCap
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.pane import Divider, Pane
from travellr_desktop.ui.parts.press import is_enter
from travellr_desktop.ui.parts.stepper import Stepper
from travellr_desktop.ui.theme import Theme

TYPING_MS = 150
"""How long typing rests before it is searched for."""


LEAST = 520
"""What the folded pane needs in height."""


class Filters(Pane):
    """`changed` comes when the results should be read again, `month_changed` when the calendar should.

    `to_results` is Down or Enter in the search field, Enter on a number.
    """

    changed = Signal()
    month_changed = Signal()
    party_changed = Signal()
    to_results = Signal()

    def __init__(self, locale: str, today: date, parent: QWidget | None = None) -> None:
        super().__init__("surface", edges=("right",), parent=parent)
        self.search = SearchField(self.tr("Search trips"), placeholder=self.tr("Trip, place or vendor"))
        self.adults = Stepper(self.tr("Adults"), 1)
        self.children_ = Stepper(self.tr("Children"), hint=_years(TravellerType.CHILD))
        self.infants = Stepper(self.tr("Infants"), hint=_years(TravellerType.INFANT))
        self.calendar = MonthCalendar(today, locale=locale)
        self.more = LowerFilters(locale)
        self.folded = FoldedFilters(self.more)
        self._caption = Label("", "small", "text_secondary", wrap=True)
        self._typing = QTimer(self, singleShot=True, interval=TYPING_MS)
        self._low = False
        self._build()
        self._connect()
        self.more.set_pax(1)
        self._say_caption()

    # what is asked

    def party(self) -> Party:
        return Party(self.adults.value(), self.children_.value(), self.infants.value())

    def query(self) -> DepartureQuery:
        """What the list shows: the chosen day."""
        return self._query(self.calendar.chosen, 1)

    def month_query(self) -> DepartureQuery:
        """What the calendar counts: the month on view, without the days that are past."""
        month = self.calendar.month
        first = max(month, self.calendar.today)
        after = date(month.year + month.month // 12, month.month % 12 + 1, 1)
        return self._query(first, max((after - first).days, 1))

    def _query(self, day: date, days: int) -> DepartureQuery:
        lower = self.more.value()
        return DepartureQuery(
            day=day,
            days=days,
            text=self.search.text(),
            place=lower.place,
            party=self.party(),
            free_only=lower.free_only,
            max_price=lower.max_price,
            starts_from=lower.starts_from,
            starts_before=lower.starts_before,
        )

    @property
    def anything_set(self) -> bool:
        return bool(self.search.text().strip()) or self.more.value().set_count > 0

    def clear(self) -> None:
        """Take all filters away; party and day stay."""
        self._typing.stop()
        self.search.set_text("")
        self.more.clear()
        self.folded.count()
        self._filters_changed()

    def widen(self, narrow: Narrow) -> None:
        """Take one of what narrows the search away."""
        self._typing.stop()
        if narrow is Narrow.TEXT:
            self.search.set_text("")
        else:
            self.more.widen(narrow)
            self.folded.count()
        self._filters_changed()

    def choose(self, day: date) -> None:
        """Go to a day."""
        self.calendar.set_chosen(day)
        self.changed.emit()

    def show_days(self, days: Mapping[date, DayCount]) -> None:
        self.calendar.set_days(days)

    # how much room there is

    def set_low(self, low: bool) -> None:
        """A low screen folds the lower filters away and takes short days."""
        if low == self._low:
            return
        self._low = low
        self.calendar.set_short(low)
        if low:
            self.folded.take()
            self._caption.hide()
        else:
            self.folded.give_back()
            self._column.insertWidget(self._column.indexOf(self.folded), self.more)
            self.more.show()
            self._caption.show()
        self.folded.setVisible(low)

    def minimumSizeHint(self) -> QSize:
        # a window that is made lower in one step must not be stopped before the filters have folded
        hint = super().minimumSizeHint()
        return QSize(hint.width(), min(hint.height(), Theme.current().px(LEAST)))

    # inside

    def _build(self) -> None:
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 17, 12)
        column.setSpacing(0)
        column.addWidget(self.search)
        column.addSpacing(10)
        for stepper in (self.adults, self.children_, self.infants):
            column.addWidget(stepper)
            column.addSpacing(4)
        column.addSpacing(8)
        column.addWidget(Divider())
        column.addSpacing(12)
        column.addWidget(self.calendar)
        column.addSpacing(4)
        column.addWidget(self._caption)
        column.addSpacing(12)
        column.addWidget(Divider())
        column.addSpacing(12)
        column.addWidget(self.more)
        column.addWidget(self.folded)
        self.folded.hide()
        column.addStretch(1)
        column.addSpacing(8)
        hints = QHBoxLayout()
        hints.setSpacing(4)
        hints.addWidget(KeyCap("Up"))
        hints.addWidget(KeyCap("Down"))
        hints.addWidget(Label(self.tr("move"), "small", "text_secondary"))
        hints.addSpacing(8)
        hints.addWidget(KeyCap("Enter"))
        hints.addWidget(Label(self.tr("hold"), "small", "text_secondary"))
        hints.addStretch(1)
        hints.addWidget(KeyCap("?"))
        hints.addWidget(Label(self.tr("all keys"), "small", "text_secondary"))
        column.addLayout(hints)
        self._fit()
        Theme.current().changed.connect(self._fit)

    def _connect(self) -> None:
        self.search.edited.connect(lambda _text: self._typing.start())
        self._typing.timeout.connect(self._filters_changed)
        self.search.entered.connect(self._entered)
        self.search.edit.installEventFilter(self)
        for stepper in (self.adults, self.children_, self.infants):
            stepper.changed.connect(self._party_changed)
        self.calendar.day_chosen.connect(lambda _day: self.changed.emit())
        self.calendar.month_changed.connect(lambda _day: self.month_changed.emit())
        self.more.changed.connect(self._filters_changed)

    def _filters_changed(self) -> None:
        self._typing.stop()
        self._say_caption()
        self.changed.emit()
        self.month_changed.emit()

    def _party_changed(self) -> None:
        self.more.set_pax(self.party().pax)
        self.folded.count()
        self.party_changed.emit()
        if self.more.value().free_only:
            self._filters_changed()

    def _entered(self) -> None:
        if self._typing.isActive():
            self._filters_changed()
        self.to_results.emit()

    def _say_caption(self) -> None:
        pax = self.party().pax
        if self.more.value().free_only and pax > 1:
            self._caption.setText(self.tr("Free seats on departures with {0} or more left").format(pax))
        else:
            self._caption.setText(self.tr("Free seats on each day"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter on a number goes to what was found, as from the search."""
        if is_enter(event) and any(each.hasFocus() for each in (self.adults, self.children_, self.infants)):
            self._entered()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            edit = self.search.edit
            if event.key() == Qt.Key.Key_Down:
                self._entered()
                return True
            if event.text() == "/" and edit.selectedText() == edit.text():
                return True  # the key that leads here, pressed once more
        return super().eventFilter(watched, event)

    def _fit(self) -> None:
        self.setFixedWidth(Theme.current().size("desk_filters"))


def _years(kind: TravellerType) -> str:
    first, last = AGES[kind]
    return f"{first}–{last}"
