"""Where a booking is rebooked to: a calendar of free seats, and the departures of a day with what each costs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QButtonGroup, QHBoxLayout, QVBoxLayout, QWidget

from travellr_desktop.domain.clock import Clock
from travellr_desktop.services.booking_views import BookingDetail
from travellr_desktop.services.destinations import Destination
from travellr_desktop.services.planning import Change, Rebook
from travellr_desktop.ui.bookings.change_forms import ChangeForm
from travellr_desktop.ui.parts.calendar import MonthCalendar, month_after
from travellr_desktop.ui.parts.choices import RadioButton
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.sheet import Says, Sheet, SheetColumn
from travellr_desktop.ui.records.words import NOTHING, Words
from travellr_desktop.ui.theme import Theme

Read = Callable[[date, date], None]
"""Asks for the departures of some days; they come by `show_destinations`."""


@dataclass(frozen=True, slots=True)
class _Day:
    departures: int
    free: int


class RebookForm(ChangeForm):
    def __init__(self, words: Words, clock: Clock, read: Read, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words, self._clock, self._read = words, clock, read
        today = words.formats.local(clock.now(), words.formats.zone).date()
        self.calendar = MonthCalendar(today, locale=words.formats.locale, short=True)
        self._title = Label("", "small_m", "text_secondary", elide=True)
        self._none = Label("", "body", "text_secondary", wrap=True)
        self.list = Sheet(
            self.tr("Departures"),
            (
                SheetColumn(""),
                SheetColumn(self.tr("Departure"), stretch=1),
                SheetColumn(self.tr("Free"), trailing=True),
                SheetColumn(self.tr("Difference"), trailing=True),
            ),
            row="row_two_line",
        )
        self._group = QButtonGroup(self)
        self.choices: dict[UUID, RadioButton] = {}
        self._found: tuple[Destination, ...] = ()
        self._current: UUID | None = None
        self._before: UUID | None = None
        self._chosen: UUID | None = None
        self._first = False
        self._side = QWidget()
        right = QVBoxLayout(self._side)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(8)
        right.addWidget(self._title)
        right.addWidget(self.list)
        right.addWidget(self._none)
        right.addStretch(1)
        across = QHBoxLayout()
        across.setSpacing(16)
        across.addWidget(self.calendar, 0, Qt.AlignmentFlag.AlignTop)
        across.addWidget(self._side, 1)
        self.column.addLayout(across)
        self.calendar.day_chosen.connect(lambda _day: self._show_day())
        self.calendar.month_changed.connect(self._read_month)
        Theme.current().changed.connect(self._retheme)
        self._retheme()

    def begin(self, detail: BookingDetail) -> None:
        today = self._words.formats.local(self._clock.now(), self._words.formats.zone).date()
        day = max(self._words.formats.local(detail.starts_at, detail.zone).date(), today)
        self.calendar.set_today(today)
        self._current, self._before, self._chosen, self._found = detail.departure_id, None, None, ()
        self._first = True
        self.calendar.show_month(day)
        self.calendar.set_chosen(day)
        self._show_day()
        self._read_month(day.replace(day=1))

    def show_destinations(self, found: Sequence[Destination]) -> None:
        """The departures of the month that is shown. The first time the nearest day with one that can be chosen."""
        self._found = tuple(found)
        days: dict[date, list[Destination]] = {}
        for each in found:
            days.setdefault(each.local_day, []).append(each)
        self.calendar.set_days(
            {
                day: _Day(len(those), sum(each.free for each in those if self._counts(each)))
                for day, those in days.items()
            }
        )
        if self._first:
            self._first = False
            self._go_near({each.local_day for each in found if not each.why_not})
        self._show_day()

    @property
    def wanted(self) -> Change | None:
        return None if self._chosen is None else Rebook(self._chosen)

    @property
    def missing(self) -> str:
        return self.tr("Choose a departure.")

    def focus_first(self) -> None:
        self.calendar.focus_day()

    @property
    def parts(self) -> Sequence[QWidget]:
        return (self.calendar, self._side)

    def carried_out(self) -> None:
        """The booking is on the departure that was chosen: the list says so at once, then with the seats as they are
        free now."""
        if self._chosen is not None:
            self._current, self._before = self._chosen, self._current
            self._show_day()
            self._read_month(self.calendar.month)

    def choose(self, departure_id: UUID) -> None:
        """Choose one of the departures that are shown."""
        self.choices[departure_id].setChecked(True)

    def _read_month(self, first: date) -> None:
        self._read(first, month_after(first, 1) - timedelta(days=1))

    def _go_near(self, days: set[date]) -> None:
        chosen = self.calendar.chosen
        if chosen in days or not days:
            return
        focus = QApplication.focusWidget()
        within = focus is not None and self.calendar.isAncestorOf(focus)
        self.calendar.set_chosen(min(days, key=lambda day: (abs(day - chosen), day)))
        if within:
            self.calendar.focus_day()

    def _counts(self, each: Destination) -> bool:
        """Whether its seats are told in the calendar: the booking's own departure is not full for being its own."""
        return not each.why_not or each.departure_id == self._current

    def _show_day(self) -> None:
        day = self.calendar.chosen
        self._title.setText(self._words.formats.day_long(day))
        those = [each for each in self._found if each.local_day == day]
        for button in self._group.buttons():
            self._group.removeButton(button)
        self.list.clear()
        self.choices = {}
        for each in those:
            self._add(each)
        self.list.setVisible(bool(those))
        self._none.setVisible(not those)
        self._none.setText(self.tr("The vendor has no departure on this day."))

    def _add(self, each: Destination) -> None:
        radio = RadioButton("", checked=each.departure_id == self._chosen)
        money = NOTHING if each.difference is None else self._words.signed(each.difference)
        if each.difference is not None and not each.difference.minor:
            money = self.tr("same price")
        time = self._words.formats.time(each.starts_at, each.zone)
        here = each.departure_id == self._current
        second = self.tr("The booking is on it") if here else each.why_not
        if each.departure_id == self._before:
            second = self.tr("The booking was on it")
        radio.setAccessibleName(f"{time} {each.title}, {each.free} free, {second or money}")
        radio.setEnabled(not each.why_not)
        radio.toggled.connect(lambda on, chosen=each.departure_id: self._toggled(chosen) if on else None)
        self._group.addButton(radio)
        self.choices[each.departure_id] = radio
        off = bool(each.why_not) or self._before is not None
        tone = "text_muted" if off and not here else "text"
        self.list.add(
            (
                radio,
                Says(f"{time}  {each.title}", second, tone=tone, role="body_m"),
                Says(str(each.free), tone=tone, role="body_m"),
                Says(NOTHING if off else money, tone=tone, role="body_m"),
            )
        )

    def _toggled(self, departure_id: UUID) -> None:
        self._chosen = departure_id
        self.changed.emit()

    def _retheme(self) -> None:
        self.calendar.setFixedWidth(Theme.current().px(300))
