"""The ticket: what is sold above the perforation, the money below it. Only where money is about to move."""

from __future__ import annotations

from PySide6.QtCore import QLineF, QPointF, QRectF, QSize
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from travellr_desktop.ui.parts import paint
from travellr_desktop.ui.theme import Theme

_DASH = (3.0, 4.0)


def paint_perforation(painter: QPainter, left: float, right: float, y: float) -> None:
    """One dashed line, centred on the pixel row of `y`."""
    painter.setPen(paint.pen(Theme.current().colour("border_control"), 1, dash=_DASH))
    painter.drawLine(QLineF(QPointF(left, y), QPointF(right, y)))


class Perforation(QWidget):
    """The dashed line alone, inside something that is a ticket already (a receipt in a dialog)."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        Theme.current().changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(40, 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            paint_perforation(painter, 0, self.width(), 0.5)


class Ticket(QWidget):
    """A container of two parts: fill `above` and `below`, vertical layouts with 16 px around them.

    The perforation and its notches follow the upper part's height. `stretch_above` gives spare height to
    the upper part (a basket that grows), otherwise to the lower one.
    """

    def __init__(
        self, *, stretch_above: bool = False, padding: int = 16, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._upper, self._lower = QWidget(self), QWidget(self)
        self.above, self.below = QVBoxLayout(self._upper), QVBoxLayout(self._lower)
        for layout in (self.above, self.below):
            layout.setContentsMargins(padding, padding, padding, padding)
            layout.setSpacing(0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._upper, 1 if stretch_above else 0)
        column.addWidget(self._lower, 0 if stretch_above else 1)
        Theme.current().changed.connect(self.update)

    @property
    def upper_part(self) -> QWidget:
        return self._upper

    @property
    def lower_part(self) -> QWidget:
        return self._lower

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = Theme.current()
        area = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        y = self._upper.geometry().bottom() + 0.5
        notch, radius = float(theme.tokens.size["notch"]), theme.radius("ticket")
        paper, holes = QPainterPath(), QPainterPath()
        paper.addRoundedRect(area, radius, radius)
        for x in (area.left(), area.right()):
            holes.addEllipse(QPointF(x, y), notch, notch)
        shape = paper.subtracted(holes)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.fillPath(shape, theme.colour("surface"))
            painter.strokePath(shape, paint.pen(theme.colour("border")))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            paint_perforation(painter, area.left() + notch + 4, area.right() - notch - 3, y)

    def resizeEvent(self, event: object) -> None:
        self.update()
