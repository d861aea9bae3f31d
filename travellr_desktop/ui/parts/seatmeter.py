"""The seat meter: sold solid, held by others hatched, yours accent, free open, oversold red past a gap."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QLineF, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from travellr_desktop.ui.parts import paint
from travellr_desktop.ui.theme import Theme

_GAP = 2.0
_HATCH = 4.0


@dataclass(frozen=True, slots=True)
class Seats:
    """Seats of one departure. `sold` beyond `capacity` is shown as oversold."""

    capacity: int
    sold: int = 0
    held: int = 0
    yours: int = 0

    @property
    def free(self) -> int:
        return max(self.capacity - self.sold - self.held - self.yours, 0)

    @property
    def over(self) -> int:
        return max(self.sold + self.held + self.yours - self.capacity, 0)

    def words(self) -> str:
        """The bar in words, for screen readers and captions."""

        def tr(text: str) -> str:
            return QCoreApplication.translate("Seats", text)

        if self.over:
            return tr("{0} sold of {1}").format(self.capacity + self.over, self.capacity)
        pairs = ((self.sold, "sold"), (self.held, "held"), (self.yours, "yours"), (self.free, "free"))
        said = [f"{count} {tr(word)}" for count, word in pairs if count]
        return ", ".join(said if self.free else [*said, tr("full")])


def paint_seats(painter: QPainter, rect: QRect | QRectF, seats: Seats, *, mirrored: bool = False) -> None:
    """Draw the bar into `rect`; `mirrored` for right-to-left."""
    theme = Theme.current()
    area = QRectF(rect)
    outline = area.adjusted(0.5, 0.5, -0.5, -0.5)
    radius = outline.height() / 2
    shape = QPainterPath()
    shape.addRoundedRect(outline, radius, radius)
    painter.save()
    if mirrored:
        painter.translate(area.left() + area.right(), 0)
        painter.scale(-1, 1)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.fillPath(shape, theme.colour("raised"))
    painter.setClipPath(shape)
    total = max(seats.capacity, seats.sold + seats.held + seats.yours, 1)
    unit = area.width() / total
    solid, line = theme.colour("text_muted"), theme.colour("border_control")
    within = min(seats.sold, seats.capacity) if seats.over else seats.sold
    x = area.left()
    piece = QRectF(x, area.top(), within * unit, area.height())
    painter.fillRect(piece, solid)
    x = piece.right()
    if seats.held and not seats.over:
        piece = QRectF(x, area.top(), seats.held * unit, area.height())
        _hatch(painter, piece)
        x = piece.right()
    if seats.yours and not seats.over:
        painter.fillRect(QRectF(x, area.top(), seats.yours * unit, area.height()), theme.colour("accent"))
    if seats.over:
        start = area.right() - max(seats.over * unit, 4.0)
        painter.fillRect(QRectF(start - _GAP, area.top(), _GAP, area.height()), theme.colour("raised"))
        painter.fillRect(
            QRectF(start, area.top(), area.right() - start, area.height()), theme.colour("bad_solid")
        )
    painter.setClipping(False)
    painter.strokePath(shape, paint.pen(solid if not seats.free and not seats.over else line))
    painter.restore()


def _hatch(painter: QPainter, piece: QRectF) -> None:
    theme = Theme.current()
    painter.fillRect(piece, theme.colour("pressed"))
    painter.save()
    painter.setClipRect(piece, Qt.ClipOperation.IntersectClip)
    painter.setPen(paint.pen(theme.colour("text_muted"), 1.25))
    high, x = piece.height(), piece.left() - piece.height()
    while x < piece.right():
        painter.drawLine(QLineF(QPointF(x, piece.bottom()), QPointF(x + high, piece.top())))
        x += _HATCH
    painter.restore()
    painter.setPen(paint.pen(theme.colour("border_control")))
    for edge in (piece.left(), piece.right()):
        painter.drawLine(QLineF(QPointF(edge, piece.top()), QPointF(edge, piece.bottom())))


class SeatMeter(QWidget):
    """The bar as a widget, 6 high, 8 when `large`; its accessible name says the numbers."""

    def __init__(self, seats: Seats, *, large: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._size = "meter_large" if large else "meter"
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_seats(seats)
        Theme.current().changed.connect(self.update)

    def set_seats(self, seats: Seats) -> None:
        self._seats = seats
        self.setAccessibleName(seats.words())
        self.setToolTip(seats.words())
        self.update()

    @property
    def seats(self) -> Seats:
        return self._seats

    def sizeHint(self) -> QSize:
        return QSize(120, Theme.current().tokens.size[self._size])

    def minimumSizeHint(self) -> QSize:
        return QSize(40, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            paint_seats(painter, self.rect(), self._seats, mirrored=self.isRightToLeft())
