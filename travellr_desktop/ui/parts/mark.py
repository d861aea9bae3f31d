"""The mark, and the other things the program draws itself: sandbox stripe, depth lines, initials."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from travellr_desktop.ui.parts import paint
from travellr_desktop.ui.theme import Theme

# the way across a chart: from the port, by three soundings, to the ring; on a 20 px square
_PORT, _GOAL = (5.3, 14.7), (14.6, 5.4)
_WAY = ((6.0, 11.1), (9.0, 10.6), (11.7, 9.4))


def paint_mark(painter: QPainter, area: QRectF) -> None:
    """The mark into a square."""
    theme = Theme.current()
    unit = area.width() / 20
    paint.box(painter, area, fill=theme.colour("accent"), radius=5 * unit)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(area.topLeft())
    painter.scale(unit, unit)
    ink = theme.colour("on_accent")
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink)
    painter.drawEllipse(QPointF(*_PORT), 2.1, 2.1)
    for point in _WAY:
        painter.drawEllipse(QPointF(*point), 0.8, 0.8)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(ink, 1.6))
    painter.drawEllipse(QPointF(*_GOAL), 2.3, 2.3)
    painter.restore()


class Mark(QWidget):
    """The mark, with the program's name beside it unless `alone`."""

    def __init__(self, edge: int = 20, *, alone: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._edge, self._alone = edge, alone
        self._name = "Travellr"
        self.setAccessibleName(self._name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        Theme.current().changed.connect(self._retheme)

    def set_alone(self, alone: bool) -> None:
        self._alone = alone
        self._retheme()

    @property
    def _role(self) -> str:
        return "title" if self._edge >= 28 else "lead"

    def sizeHint(self) -> QSize:
        theme = Theme.current()
        edge = theme.px(self._edge)
        words = 0 if self._alone else theme.px(8) + paint.width_of(self._name, theme.font(self._role)) + 1
        return QSize(edge + words, edge)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = Theme.current()
        edge = theme.px(self._edge)
        with QPainter(self) as painter:
            left = self.width() - edge if self.isRightToLeft() else 0
            paint_mark(painter, QRectF(left, 0, edge, edge))
            if not self._alone:
                start = 0 if self.isRightToLeft() else edge + theme.px(8)
                place = QRectF(start, 0, self.width() - edge - theme.px(8), edge)
                paint.words(painter, place, self._name, theme.font(self._role), theme.colour("text"))

    def _retheme(self) -> None:
        self.updateGeometry()
        self.update()


class SandboxStripe(QWidget):
    """3 px of hazard tape above the status bar. Only where no real money moves."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Sandbox: no real money moves"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        Theme.current().changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(100, Theme.current().tokens.size["stripe"])

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = Theme.current()
        high, step, band = float(self.height()), 12.0, 7.0
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), theme.colour("canvas"))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("sandbox"))
            x = -step
            while x < self.width() + step:
                corners = ((x, high), (x + high, 0), (x + high + band, 0), (x + band, high))
                painter.drawPolygon(QPolygonF([QPointF(*corner) for corner in corners]))
                x += step


class DepthLines(QWidget):
    """The background of the sign-in screen: lines of equal depth, as on a chart. It never moves."""

    _LINES = 17

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        Theme.current().changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = Theme.current()
        wide, high = float(self.width()), float(self.height())
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), theme.colour("canvas"))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            fine, index = theme.colour("divider"), theme.colour("border")
            for number in range(self._LINES):
                depth = number / (self._LINES - 1)
                path = QPainterPath()
                x = -20.0
                while x <= wide + 20:
                    across = x / max(wide, 1)
                    swell = math.sin(across * 6.1 + depth * 2.6) * (0.052 - 0.026 * depth)
                    drift = math.sin(across * 2.7 - depth * 3.4 + 0.8) * 0.05
                    tilt = (0.5 - across) * 0.11 * (1 - depth)
                    y = high * (0.38 + 0.55 * depth + swell + drift + tilt)
                    if x < 0:
                        path.moveTo(x, y)
                    else:
                        path.lineTo(x, y)
                    x += 6
                fifth = number % 5 == 2
                painter.setPen(QPen(index if fifth else fine, 1.25 if fifth else 1.0))
                painter.setOpacity((0.9 if fifth else 0.8) * (1 - 0.55 * depth))
                painter.drawPath(path)


class Avatar(QWidget):
    """Initials in a disc: of the first and the last word of a name."""

    def __init__(self, name: str, edge: int = 28, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._edge = edge
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_name(name)
        Theme.current().changed.connect(self._retheme)

    def set_name(self, name: str) -> None:
        parts = name.split()
        letters = [parts[0][0], parts[-1][0]] if len(parts) > 1 else [part[0] for part in parts]
        self.initials = "".join(letters).upper()
        self.setAccessibleName(name)
        self.update()

    def sizeHint(self) -> QSize:
        edge = Theme.current().px(self._edge)
        return QSize(edge, edge)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = Theme.current()
        with QPainter(self) as painter:
            paint.box(painter, self.rect(), fill=theme.colour("selection_strong"), radius=self.width() / 2)
            middle = Qt.AlignmentFlag.AlignHCenter
            paint.words(
                painter,
                self.rect(),
                self.initials,
                theme.font("caption"),
                theme.colour("accent_text"),
                middle,
            )

    def _retheme(self) -> None:
        self.updateGeometry()
        self.update()
