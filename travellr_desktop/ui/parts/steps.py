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
    """Names in a row. Done: accent with tick and solid line; now: ringed; to come: dashed."""

    def __init__(self, names: Sequence[str], now: int = 0, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names = tuple(names)
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

    def _wide(self, name: str) -> int:
        theme = Theme.current()
        return theme.px(_DOT + 8) + paint.width_of(name, theme.font("small_m"))

    def sizeHint(self) -> QSize:
        theme = Theme.current()
        gaps = theme.px(_LINE + 16) * (len(self._names) - 1)
        return QSize(sum(self._wide(name) for name in self._names) + gaps, theme.size("target"))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = Theme.current()
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
        y = self.height() // 2 + 0.5
        if done:
            painter.setPen(paint.pen(theme.colour("accent"), 1))
        else:
            painter.setPen(paint.pen(theme.colour("border_control"), 1, dash=(3, 3)))
        painter.drawLine(QLineF(QPointF(place.left(), y), QPointF(place.right(), y)))

    def _retheme(self) -> None:
        self.updateGeometry()
        self.update()
