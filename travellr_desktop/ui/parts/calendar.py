"""A month of departures: the day over the seats still free. Each day is a button with a name of its own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Protocol

from babel.dates import format_date, get_day_names
from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from travellr_desktop.ui.parts import paint
from travellr_desktop.ui.parts.button import Button, IconButton, Kind
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.press import Pressable
from travellr_desktop.ui.theme import Theme

FEW = 6
CLOSED = "\N{EN DASH}"
"""Stands for the free seats of a day on which nothing is sold any more."""


class DayFigures(Protocol):
    """What the calendar asks of a day. Free seats below zero: so many are sold too often."""

    @property
    def departures(self) -> int: ...
    @property
    def free(self) -> int: ...


def month_after(month: date, count: int) -> date:
    """The first day of the month `count` months later (or earlier)."""
    index = month.year * 12 + month.month - 1 + count
    return date(index // 12, index % 12 + 1, 1)


class DayCell(Pressable):
    """One day. The month it belongs to fills it in and moves the keyboard."""

    def __init__(self, month: MonthCalendar) -> None:
        super().__init__(month)
        self._month = month
        self.day: date | None = None
        self.second = ""
        self.few = self.over_sold = self.past = self.today = False
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        theme = Theme.current()
        high = theme.size("calendar_cell_short" if self._month.short else "calendar_cell")
        return QSize(theme.size("calendar_cell_width"), high)

    def minimumSizeHint(self) -> QSize:
        return QSize(Theme.current().px(28), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.day is None:
            return
        theme = Theme.current()
        chosen = self.day == self._month.chosen
        area = self.rect().adjusted(1, 1, -1, -1)
        with QPainter(self) as painter:
            radius = theme.radius("control")
            if chosen:
                paint.box(painter, area, fill=theme.colour("accent"), radius=radius)
            elif self.over and self.isEnabled():
                paint.box(painter, area, fill=theme.colour("hover"), radius=radius)
            if self.today and not chosen:
                paint.box(painter, area, line=theme.colour("border_control"), radius=radius)
            if self.ring:
                inner = area.adjusted(3, 3, -3, -3) if chosen else area
                tone = "on_accent" if chosen else "focus"
                paint.box(
                    painter, inner, line=theme.colour(tone), radius=radius - (3 if chosen else 0), width=2
                )
            day, count = theme.font("body_m"), theme.font("caption")
            quiet = self.past or self.second in ("", CLOSED, self._month.full_word)
            tone = "on_accent" if chosen else "text_muted" if quiet else "text"
            middle = Qt.AlignmentFlag.AlignHCenter
            if self.past:
                day = theme.font("body")
            top = (self.height() - theme.px(18 + 14)) // 2 + 1
            place = QRect(0, top, self.width(), theme.px(18))
            paint.words(painter, place, str(self.day.day), day, theme.colour(tone), middle)
            if self.second:
                tone = "bad" if self.over_sold else "wait" if self.few else "text_secondary"
                tone = "on_accent" if chosen else tone
                place = QRect(0, top + theme.px(17), self.width(), theme.px(14))
                paint.words(painter, place, self.second, count, theme.colour(tone), middle)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._month.key(event.key(), event.modifiers()):
            super().keyPressEvent(event)


class MonthTitle(Label):
    """The month and its year; the month is shortened where the whole does not fit, and never cut."""

    def __init__(self) -> None:
        super().__init__("", "lead")
        self._forms = ("", "")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_month(self, month: date, locale: str) -> None:
        whole, brief = (format_date(month, form, locale=locale) for form in ("LLLL y", "LLL y"))
        self._forms = (whole, brief)
        self.setAccessibleName(whole)
        self._choose()

    def minimumSizeHint(self) -> QSize:
        least = min(paint.width_of(form, self.font()) for form in self._forms)
        return QSize(least, Theme.current().line(self.role))

    def sizeHint(self) -> QSize:
        return QSize(paint.width_of(self._forms[0], self.font()), Theme.current().line(self.role))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._choose()

    def _choose(self) -> None:
        whole, brief = self._forms
        fits = paint.width_of(whole, self.font()) <= self.contentsRect().width()
        self.setText(whole if fits else brief)


class MonthCalendar(QWidget):
    """A month with its days, and the way to others.

    `day_chosen(date)` when the person chooses a day, `month_changed(date)` with the first day of another
    month shown (then hand its figures to `set_days`). Keys: arrows a day or a week, Home and End the week,
    PgUp and PgDn a month, Enter or Space choose, T today. Days before `today` can be chosen with `past` only; they
    show no figures.
    """

    day_chosen = Signal(object)
    month_changed = Signal(object)

    def __init__(
        self,
        today: date,
        *,
        locale: str = "en_GB",
        first_weekday: int = 0,
        short: bool = False,
        past: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._today, self._locale, self._first_weekday = today, locale, first_weekday
        self._past = past
        self.short = short
        self.full_word = self.tr("full")
        self._month = today.replace(day=1)
        self._chosen = self._cursor = today
        self._days: dict[date, DayFigures] = {}
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._title = MonthTitle()
        self._before = IconButton("chevron-left", self.tr("Previous month"))
        self._after = IconButton("chevron-right", self.tr("Next month"))
        self._today_button = Button(self.tr("Today"), Kind.QUIET, key="T", height="control_small")
        self._before.clicked.connect(lambda: self.show_month(month_after(self._month, -1)))
        self._after.clicked.connect(lambda: self.show_month(month_after(self._month, 1)))
        self._today_button.clicked.connect(self.go_today)
        head = QHBoxLayout()
        head.setSpacing(0)
        head.addWidget(self._title, 1)
        for button in (self._before, self._today_button, self._after):
            head.addWidget(button)
        self._grid = QGridLayout()
        self._grid.setSpacing(0)
        self._names = [
            Label("", "caption", "text_secondary", align=Qt.AlignmentFlag.AlignHCenter) for _ in range(7)
        ]
        self._cells = [DayCell(self) for _ in range(42)]
        for column, name in enumerate(self._names):
            self._grid.addWidget(name, 0, column)
            self._grid.setColumnStretch(column, 1)
        for index, cell in enumerate(self._cells):
            self._grid.addWidget(cell, 1 + index // 7, index % 7)
            cell.clicked.connect(lambda _=False, cell=cell: self._clicked(cell))
        column_ = QVBoxLayout(self)
        column_.setContentsMargins(0, 0, 0, 0)
        column_.setSpacing(8)
        column_.addLayout(head)
        column_.addLayout(self._grid)
        self._fill()

    # content

    @property
    def month(self) -> date:
        """The first day of the month on view."""
        return self._month

    @property
    def chosen(self) -> date:
        return self._chosen

    @property
    def today(self) -> date:
        return self._today

    def set_today(self, today: date) -> None:
        self._today = today
        self._fill()

    def set_days(self, days: Mapping[date, DayFigures]) -> None:
        """Figures by day. A day without departures shows no second line."""
        self._days = dict(days)
        self._fill()

    def set_chosen(self, day: date) -> None:
        """Choose without telling; shows the day's month (which does tell)."""
        self._chosen = self._cursor = day
        self.show_month(day)
        self._fill()

    def set_short(self, short: bool) -> None:
        self.short = short
        for cell in self._cells:
            cell.updateGeometry()

    def set_locale(self, locale: str, first_weekday: int) -> None:
        self._locale, self._first_weekday = locale, first_weekday
        self._fill()

    def show_month(self, day: date) -> None:
        """Show the month of `day`; years 1 to 9998."""
        first = day.replace(day=1)
        if first != self._month and 1 < first.year < 9999:
            self._month = first
            self._fill()
            self.month_changed.emit(first)

    def go_today(self) -> None:
        self._choose(self._today)

    def cell(self, day: date) -> DayCell | None:
        """The button of a day of the month on view."""
        return next((cell for cell in self._cells if cell.day == day), None)

    # keyboard

    def key(self, key: int, modifiers: Qt.KeyboardModifier) -> bool:
        """What a key does on a day; False when it is none of the calendar's."""
        side = -1 if self.isRightToLeft() else 1
        in_week = (self._cursor.weekday() - self._first_weekday) % 7
        steps = {
            Qt.Key.Key_Left: -side,
            Qt.Key.Key_Right: side,
            Qt.Key.Key_Up: -7,
            Qt.Key.Key_Down: 7,
            Qt.Key.Key_Home: -in_week,
            Qt.Key.Key_End: 6 - in_week,
        }
        if key in steps:
            self._move(self._cursor + timedelta(days=steps[Qt.Key(key)]))
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            first = month_after(self._cursor, -1 if key == Qt.Key.Key_PageUp else 1)
            last = (month_after(first, 1) - timedelta(days=1)).day
            self._move(first.replace(day=min(self._cursor.day, last)))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            if modifiers & Qt.KeyboardModifier.ControlModifier:
                return False
            self._choose(self._cursor)
        elif key == Qt.Key.Key_T and not modifiers:
            self.go_today()
        else:
            return False
        return True

    def focus_day(self) -> None:
        """Put the keyboard on the day the cursor is on."""
        if (cell := self.cell(self._cursor)) is not None:
            cell.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _move(self, day: date) -> None:
        self._cursor = day if self._past else max(day, self._today)
        self.show_month(self._cursor)
        self._fill()
        self.focus_day()

    def _clicked(self, cell: DayCell) -> None:
        if cell.day is not None:
            self._choose(cell.day)

    def _choose(self, day: date) -> None:
        if day < self._today and not self._past:
            return
        had_focus = any(cell.hasFocus() for cell in self._cells)
        self._chosen = self._cursor = day
        self.show_month(day)
        self._fill()
        if had_focus:
            self.focus_day()
        self.day_chosen.emit(day)

    # showing

    def _fill(self) -> None:
        self._title.show_month(self._month, self._locale)
        short, wide = (get_day_names(width, locale=self._locale) for width in ("abbreviated", "wide"))
        for column, label in enumerate(self._names):
            weekday = (self._first_weekday + column) % 7
            label.setText(short[weekday])
            label.setAccessibleName(wide[weekday])
        offset = (self._month.weekday() - self._first_weekday) % 7
        days = (month_after(self._month, 1) - self._month).days
        stop = self._cursor if month_after(self._cursor, 0) == self._month else self._month
        for index, cell in enumerate(self._cells):
            number = index - offset
            day = self._month + timedelta(days=number) if 0 <= number < days else None
            self._fill_cell(cell, day, stop=day == stop)
            cell.setVisible(index < 35 or offset + days > 35)

    def _fill_cell(self, cell: DayCell, day: date | None, *, stop: bool) -> None:
        cell.day = day
        cell.past = day is not None and day < self._today
        cell.today = day == self._today
        figures = self._days.get(day) if day is not None and not cell.past else None
        sold = figures is not None and figures.departures > 0
        free = figures.free if figures is not None else 0
        # who counts what is sold as well says by `closed` that no free seat does not mean full
        closed = sold and bool(getattr(figures, "closed", False))
        cell.second = "" if not sold else _signed(free) if free else CLOSED if closed else self.full_word
        cell.few, cell.over_sold = sold and 0 < free < FEW, sold and free < 0
        cell.setEnabled(day is not None and (self._past or not cell.past))
        # one tab stop a month: the day of the cursor
        policy = Qt.FocusPolicy.StrongFocus if stop and cell.isEnabled() else Qt.FocusPolicy.ClickFocus
        cell.setFocusPolicy(policy)
        cell.setAccessibleName(self._said(day, sold, free, closed=closed) if day is not None else "")
        cell.update()

    def _said(self, day: date, sold: bool, free: int, *, closed: bool) -> str:
        parts = [format_date(day, "full", locale=self._locale)]
        if day == self._today:
            parts.append(self.tr("today"))
        if day == self._chosen:
            parts.append(self.tr("chosen"))
        if day >= self._today:
            if not sold:
                parts.append(self.tr("no departures"))
            elif closed:
                parts.append(self.tr("not sold any more"))
            elif free < 0:
                parts.append(self.tr("{0} seats sold too often").format(-free))
            else:
                parts.append(self.tr("{0} free seats").format(free) if free else self.full_word)
        return ", ".join(parts)


def _signed(number: int) -> str:
    return f"\N{MINUS SIGN}{-number}" if number < 0 else str(number)
