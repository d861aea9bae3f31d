"""Where a piece of work stands: steps done, the one now, those to come."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QLineF, QPointF, QRect, QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from travellr_desktop.ui.parts import paint
from travellr_desktop.ui.theme import Theme

_DOT = 16
_LINE = 24


class Steps(QWidget):
    """Names in a row. Done: accent with tick and solid line; now: ringed; to come: dashed. `set_seconds` puts a line
    below each name; the steps are then spread over the whole width."""

    def __init__(self, names: Sequence[str], now: int = 0, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names = tuple(names)
        self._seconds: tuple[str, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.MinimumExpanding, QSizePolicy.Policy.Fixed)
        self.set_now(now)
        Theme.current().changed.connect(self._retheme)

    def set_now(self, now: int) -> None:
        """Index of the step being worked on; `len(names)` when all are done."""
        self._now = now
        if now < len(self._names):
            text = self.tr("Step {0} of {1}: {2}").format(now + 1, len(self._names), self._names[now])
        else:
            text = self.tr("All {0} steps done").format(len(self._names))
        self.setAccessibleName(text)
        self.update()

    def set_seconds(self, seconds: Sequence[str]) -> None:
        """When each was done, or what it will be: one a name, or none at all."""
        if tuple(seconds) != self._seconds:
            self._seconds = tuple(seconds)
            self._retheme()

    def _wide(self, name: str) -> int:
        theme = Theme.current()
        return theme.px(_DOT + 8) + paint.width_of(name, theme.font("small_m"))

    def _second_wide(self) -> int:
        """What the longest second line needs, beside its dot."""
        theme = Theme.current()
        longest = max((paint.width_of(each, theme.font("small")) for each in self._seconds), default=0)
        return theme.px(_DOT + 8 + 16) + longest

    def sizeHint(self) -> QSize:
        theme = Theme.current()
        gaps = theme.px(_LINE + 16) * (len(self._names) - 1)
        if self._seconds:
            high = theme.line("small_m") + theme.line("small")
            return QSize(len(self._names) * self._second_wide(), max(high, theme.size("target")))
        return QSize(sum(self._wide(name) for name in self._names) + gaps, theme.size("target"))

    def minimumSizeHint(self) -> QSize:
        """Where there is no room for them the second lines are left out."""
        theme = Theme.current()
        gaps = theme.px(_LINE) * (len(self._names) - 1)
        return QSize(sum(self._wide(name) for name in self._names) + gaps, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = Theme.current()
        if self._seconds and self.width() >= self.sizeHint().width():
            self._paint_spread()
            return
        used = sum(self._wide(name) for name in self._names)
        count = max(len(self._names) - 1, 1)
        room = min((self.width() - used) // count, theme.px(72)) if len(self._names) > 1 else 0
        with QPainter(self) as painter:
            x, edge = 0, theme.px(_DOT)
            for index, name in enumerate(self._names):
                dot = paint.leading(self, QRect(x, (self.height() - edge) // 2, edge, edge))
                self._paint_dot(painter, dot, index)
                wide = self._wide(name)
                place = paint.leading(self, QRect(x + edge + theme.px(8), 0, wide, self.height()))
                tone = (
                    "text" if index == self._now else "text_secondary" if index < self._now else "text_muted"
                )
                paint.words(painter, place, name, theme.font("small_m"), theme.colour(tone))
                x += wide
                if index < len(self._names) - 1:
                    line = paint.leading(self, QRect(x + theme.px(8), 0, room - theme.px(16), self.height()))
                    self._paint_line(painter, line, done=index < self._now)
                    x += room

    def _paint_spread(self) -> None:
        theme, edge = Theme.current(), Theme.current().px(_DOT)
        first, second = theme.line("small_m"), theme.line("small")
        room = min(self.width() // len(self._names), self._second_wide() + theme.px(72))
        top = (self.height() - first - second) // 2
        with QPainter(self) as painter:
            for index, (name, more) in enumerate(zip(self._names, self._seconds, strict=True)):
                x, words = index * room, index * room + edge + theme.px(8)
                self._paint_dot(
                    painter, paint.leading(self, QRect(x, top + (first - edge) // 2, edge, edge)), index
                )
                tone = (
                    "text" if index == self._now else "text_secondary" if index < self._now else "text_muted"
                )
                place = paint.leading(self, QRect(words, top, room, first))
                paint.words(painter, place, name, theme.font("small_m"), theme.colour(tone))
                place = paint.leading(self, QRect(words, top + first, room, second))
                below = "text_secondary" if index <= self._now else "text_muted"
                paint.words(painter, place, more, theme.font("small"), theme.colour(below))
                if index < len(self._names) - 1:
                    start = x + self._wide(name) + theme.px(8)
                    line = paint.leading(
                        self, QRect(start, top, (index + 1) * room - theme.px(8) - start, first)
                    )
                    self._paint_line(painter, line, done=index < self._now)

    def _paint_dot(self, painter: QPainter, dot: QRect, index: int) -> None:
        theme = Theme.current()
        area = QRectF(dot)
        radius = area.width() / 2
        if index < self._now:
            paint.box(painter, area, fill=theme.colour("accent"), radius=radius)
            paint.icon(painter, paint.centred(dot, theme.px(12)), "check", "on_accent")
        elif index == self._now:
            paint.box(painter, area, line=theme.colour("accent"), radius=radius, width=2)
            paint.box(painter, area.adjusted(5, 5, -5, -5), fill=theme.colour("accent"), radius=radius - 5)
        else:
            painter.save()
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            line = QPen(theme.colour("border_control"), 1)
            line.setDashPattern([2.6, 2.4])
            painter.setPen(line)
            painter.drawEllipse(area.adjusted(0.5, 0.5, -0.5, -0.5))
            painter.restore()

    def _paint_line(self, painter: QPainter, place: QRect, *, done: bool) -> None:
        theme = Theme.current()
        y = place.center().y() + 0.5
        if done:
            painter.setPen(paint.pen(theme.colour("accent"), 1))
        else:
            painter.setPen(paint.pen(theme.colour("border_control"), 1, dash=(3, 3)))
        painter.drawLine(QLineF(QPointF(place.left(), y), QPointF(place.right(), y)))

    def _retheme(self) -> None:
        self.updateGeometry()
        self.update()
