"""Bars of a vendor's share by month of travel: paid, on its way, available, held, one on the other.

Arrows go from month to month, Enter opens the bookings of the one with the cursor. What is below zero hangs down.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from travellr_desktop.domain.money import decimals
from travellr_desktop.services.earnings.views import MonthRow, Places
from travellr_desktop.ui.earnings.scale import ticks
from travellr_desktop.ui.earnings.words import month_long, month_short, say, whole
from travellr_desktop.ui.formats import Formats
from travellr_desktop.ui.parts import paint
from travellr_desktop.ui.theme import Theme

SERIES: tuple[tuple[str, str, bool], ...] = (
    ("paid", "chart1", False),
    ("in_transit", "chart6", False),
    ("available", "chart4", False),
    ("held", "chart2", True),
)
"""Each part of a bar from the bottom up: which of `Places`, its colour, whether it is hatched."""


def series_words() -> dict[str, str]:
    return {
        "paid": say("Paid"),
        "in_transit": say("On its way"),
        "available": say("Available"),
        "held": say("Held"),
    }


def swatch(painter: QPainter, area: QRect | QRectF, tone: str, *, hatched: bool) -> None:
    """A part of a bar, or what stands for it in a legend."""
    theme = Theme.current()
    box = QRectF(area)
    painter.fillRect(box, theme.colour(tone))
    if hatched:
        ink = QColor(theme.colour("surface"))  # a copy: that one is the theme's own
        ink.setAlphaF(0.45)
        brush = QBrush(ink, Qt.BrushStyle.BDiagPattern)
        painter.fillRect(box, brush)


class Legend(QWidget):
    """Words with swatches."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: tuple[str, ...] = tuple(name for name, _, _ in SERIES)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        Theme.current().changed.connect(self._retheme)

    def set_shown(self, names: Sequence[str]) -> None:
        self._shown = tuple(name for name, _, _ in SERIES if name in names)
        words = series_words()
        self.setAccessibleName(", ".join(words[name] for name in self._shown))
        self._retheme()

    def _retheme(self) -> None:
        self.updateGeometry()
        self.update()

    def _places(self) -> list[tuple[int, str, str, str, bool]]:
        theme, at, found = Theme.current(), 0, []
        words = series_words()
        for name, tone, hatched in SERIES:
            if name in self._shown:
                found.append((at, name, words[name], tone, hatched))
                at += theme.px(16) + paint.width_of(words[name], theme.font("small")) + theme.px(14)
        return found

    def sizeHint(self) -> QSize:
        theme = Theme.current()
        places = self._places()
        if not places:
            return QSize(0, theme.line("small"))
        at, _, words, _, _ = places[-1]
        return QSize(at + theme.px(16) + paint.width_of(words, theme.font("small")) + 1, theme.px(20))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, high = Theme.current(), self.height()
        size = theme.px(10)
        with QPainter(self) as painter:
            for at, _, words, tone, hatched in self._places():
                box = paint.leading(self, QRect(at, (high - size) // 2, size, size))
                swatch(painter, box, tone, hatched=hatched)
                wide = paint.width_of(words, theme.font("small"))
                room = paint.leading(self, QRect(at + theme.px(16), 0, wide + 1, high))
                paint.words(painter, room, words, theme.font("small"), theme.colour("text"))


class MonthChart(QWidget):
    """One bar a month; the month of today has its value on it."""

    month_asked = Signal(date)

    def __init__(self, formats: Formats, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._formats = formats
        self._months: tuple[MonthRow, ...] = ()
        self._currency, self._today = "", date.min
        self._at = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMouseTracking(True)
        Theme.current().changed.connect(self.update)

    def set_months(self, months: Sequence[MonthRow], currency: str, today: date) -> None:
        """Show these; the cursor goes to the month of today, or the last."""
        same = [row.first for row in self._months] == [row.first for row in months]
        self._months, self._currency, self._today = tuple(months), currency, today
        if not same:
            now = [at for at, row in enumerate(self._months) if row.first <= today]
            self._at = now[-1] if now else 0
        self._said()
        self.update()

    @property
    def current(self) -> MonthRow | None:
        return self._months[self._at] if self._months else None

    def value_of(self, row: MonthRow) -> str:
        """`June 2026: €6,138.00, of which paid €1,188.00, held €1,876.00`."""
        words, formats = series_words(), self._formats
        parts = [
            f"{words[name].lower()} {formats.money(getattr(row.places, name))}"
            for name, _, _ in SERIES
            if getattr(row.places, name)
        ]
        head = f"{month_long(row.first, formats.locale)}: {formats.money(row.places.total)}"
        return f"{head}, {say('of which')} {', '.join(parts)}" if len(parts) > 1 else head

    def _said(self) -> None:
        row = self.current
        name = say("Share by month of travel")
        self.setAccessibleName(name if row is None else f"{name}. {self.value_of(row)}")

    # size and places

    def sizeHint(self) -> QSize:
        return QSize(560, Theme.current().px(200))

    def minimumSizeHint(self) -> QSize:
        theme = Theme.current()
        return QSize(12 * theme.px(30) + self._axis_width(), theme.px(150))

    def _ticks(self) -> list[int]:
        unit = 10 ** decimals(self._currency) if self._currency else 1
        highs = [_up(row.places) for row in self._months]
        lows = [_down(row.places) for row in self._months]
        return [
            each * unit for each in ticks(min(lows, default=0) // unit, -(-max(highs, default=0) // unit))
        ]

    def _axis_width(self) -> int:
        if not self._currency:
            return Theme.current().px(40)
        font = Theme.current().font("small")
        widest = max(paint.width_of(self._axis(each), font) for each in self._ticks())
        return widest + Theme.current().px(10)

    def _axis(self, minor: int) -> str:
        return whole(minor, self._currency, self._formats.locale)

    def _field(self) -> QRect:
        """Where the bars are."""
        theme = Theme.current()
        left, top, foot = self._axis_width(), theme.px(18), theme.px(24)
        return QRect(left, top, max(self.width() - left, 1), max(self.height() - top - foot, 1))

    def _slot(self, at: int) -> QRect:
        field, count = self._field(), len(self._months)
        left, right = (field.x() + field.width() * each // count for each in (at, at + 1))
        return QRect(left, field.y(), right - left, field.height())

    def _month_at(self, point: QPoint) -> int | None:
        for at in range(len(self._months)):
            slot = paint.leading(self, self._slot(at))
            if slot.x() <= point.x() < slot.x() + slot.width():
                return at
        return None

    # painting

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._months:
            return
        theme, field, lines = Theme.current(), self._field(), self._ticks()
        low, span = lines[0], lines[-1] - lines[0]

        def level(minor: int) -> float:
            return field.bottom() + 1 - (minor - low) * field.height() / span

        with QPainter(self) as painter:
            font, quiet = theme.font("small"), theme.colour("text_secondary")
            for each in lines:
                y = round(level(each))
                line = paint.leading(self, QRect(field.x(), y, field.width(), 1))
                painter.fillRect(line, theme.colour("axis" if each == 0 else "grid"))
                room = paint.leading(self, QRect(0, y - theme.px(10), field.x() - theme.px(8), theme.px(20)))
                paint.words(painter, room, self._axis(each), font, quiet, Qt.AlignmentFlag.AlignRight)
            for at, row in enumerate(self._months):
                self._paint_month(painter, at, row, level)

    def _paint_month(self, painter: QPainter, at: int, row: MonthRow, level: object) -> None:
        assert callable(level)
        theme, slot = Theme.current(), self._slot(at)
        wide = min(max(round(slot.width() * 0.46), 4), theme.px(30))
        left = slot.x() + (slot.width() - wide) // 2
        up = down = 0
        for name, tone, hatched in SERIES:
            minor = getattr(row.places, name).minor
            if not minor:
                continue
            start = up if minor > 0 else down
            top, bottom = sorted((level(start), level(start + minor)))
            gap = 1.0 if start else 0.0
            above = bottom - gap if minor > 0 else bottom
            begins = top if minor > 0 else top + gap
            bar = paint.leading(self, QRect(left, 0, wide, 1))
            swatch(painter, QRectF(bar.x(), begins, wide, max(above - begins, 1.0)), tone, hatched=hatched)
            up, down = (up + minor, down) if minor > 0 else (up, down + minor)
        now = row.first.year == self._today.year and row.first.month == self._today.month
        ink = theme.colour("text" if now else "text_secondary")
        font = theme.font("small_m" if now else "small")
        foot = self._field().bottom() + 1
        room = paint.leading(self, QRect(slot.x(), foot + theme.px(4), slot.width(), theme.px(20)))
        centre = Qt.AlignmentFlag.AlignHCenter
        paint.words(painter, room, month_short(row.first, self._formats.locale), font, ink, centre)
        if now and row.places.total:
            value = whole(row.places.total.minor, self._currency, self._formats.locale)
            says = paint.width_of(value, theme.font("small_m"))
            y = round(level(up)) - theme.px(18)
            middle = slot.x() + slot.width() // 2
            x = min(max(middle - says // 2, 0), self.width() - says)
            place = paint.leading(self, QRect(x, y, says, theme.px(18)))
            paint.words(painter, place, value, theme.font("small_m"), theme.colour("text"))
        if self.hasFocus() and at == self._at:
            ring = paint.leading(self, slot.adjusted(1, 0, -1, theme.px(24)))
            paint.box(painter, ring, line=theme.colour("focus"), radius=4, width=2)

    # the person

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, back = event.key(), self.isRightToLeft()
        steps = {Qt.Key.Key_Left: 1 if back else -1, Qt.Key.Key_Right: -1 if back else 1}
        if key in steps and self._months:
            self._go(self._at + steps[Qt.Key(key)])
        elif key == Qt.Key.Key_Home and self._months:
            self._go(0)
        elif key == Qt.Key.Key_End and self._months:
            self._go(len(self._months) - 1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self.current is not None:
            self.month_asked.emit(self.current.first)
        else:
            super().keyPressEvent(event)

    def _go(self, at: int) -> None:
        self._at = max(0, min(at, len(self._months) - 1))
        self._said()
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = self._month_at(event.position().toPoint())
        if at is not None:
            self._go(at)
            self.month_asked.emit(self._months[at].first)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = self._month_at(event.position().toPoint())
        self.setToolTip("" if at is None else self.value_of(self._months[at]))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()


def _up(places: Places) -> int:
    return sum(max(getattr(places, name).minor, 0) for name, _, _ in SERIES)


def _down(places: Places) -> int:
    return sum(min(getattr(places, name).minor, 0) for name, _, _ in SERIES)
