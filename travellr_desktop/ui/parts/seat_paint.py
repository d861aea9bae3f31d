"""How a plan of seats is painted: the hull of each deck, what is on it, and one seat in each of its states.

`Scale` turns the plan's units into pixels. A plan is a drawing of the real thing: it is never mirrored.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QCoreApplication, QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QTransform

from travellr_desktop.domain.seat_text import BOW, EDGE
from travellr_desktop.domain.seating import Area, Deck, Layout, Mark, MarkKind, Outline, Side
from travellr_desktop.ui.parts import paint
from travellr_desktop.ui.theme import Theme

PAD = 6
"""Pixels around the plan, for wheels and the ring of the cursor."""
_HATCH = 5.0
_WHEEL = 12
_SOLD = 0.76


class SeatTone(StrEnum):
    """How a seat looks: as the seat meter shows it."""

    FREE = "free"
    HELD = "held"
    YOURS = "yours"
    SOLD = "sold"
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True)
class Scale:
    """Pixels to a unit, and what is free above the first deck for its name."""

    unit: float
    head: int = 0

    @classmethod
    def of(cls, layout: Layout, unit: float) -> Scale:
        named = len(layout.decks) > 1 and layout.decks[0].name
        return cls(unit, Theme.current().line("caption") + 2 if named else 0)

    @classmethod
    def to_fit(cls, layout: Layout, width: float, height: float) -> Scale:
        """The largest at which the whole plan is within that room."""
        head = cls.of(layout, 1).head
        unit = min((width - 2 * PAD) / layout.width, (height - 2 * PAD - head) / layout.height)
        return cls.of(layout, max(unit, 0.2))

    def rect(self, area: Area, top: int = 0) -> QRectF:
        u, down = self.unit, PAD + self.head
        return QRectF(PAD + area.x * u, down + (top + area.y) * u, area.width * u, area.height * u)

    def size(self, layout: Layout) -> tuple[int, int]:
        wide, high = round(layout.width * self.unit), round(layout.height * self.unit)
        return wide + 2 * PAD, high + 2 * PAD + self.head


def tr(text: str) -> str:
    return QCoreApplication.translate("SeatPlan", text)


def mark_words(mark: Mark) -> str:
    """What stands on a mark."""
    known = {
        MarkKind.DOOR: tr("door"),
        MarkKind.DRIVER: tr("driver"),
        MarkKind.BOW: tr("bow"),
        MarkKind.STAIRS: tr("stairs"),
        MarkKind.WC: tr("WC"),
        MarkKind.BAR: tr("bar"),
    }
    return known.get(mark.kind, mark.words)


def paint_decks(painter: QPainter, layout: Layout, scale: Scale) -> None:
    """Everything but the seats."""
    theme = Theme.current()
    for deck, top in zip(layout.decks, layout.tops, strict=True):
        floor = scale.rect(Area(0, 0, deck.width, deck.height), top)
        _hull(painter, deck, floor, scale)
        if deck.name and len(layout.decks) > 1:
            place = QRectF(floor.left() + 2, floor.top() - theme.line("caption") - 2, floor.width(), 0)
            place.setHeight(theme.line("caption"))
            paint.words(painter, place, deck.name, theme.font("caption"), theme.colour("text_secondary"))
        for mark in deck.marks:
            _mark(painter, deck, mark, scale.rect(mark.area, top), floor)


def _hull(painter: QPainter, deck: Deck, floor: QRectF, scale: Scale) -> None:
    theme = Theme.current()
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if deck.outline is Outline.BOAT:
        path = _boat(deck, floor, scale)
        bow = _at_front(deck, floor, BOW * scale.unit * 0.9)
    else:
        _wheels(painter, deck, floor, scale)
        path, bow = QPainterPath(), None
        radius = min(2 * EDGE * scale.unit, floor.height() / 3, floor.width() / 3)
        path.addRoundedRect(floor.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
    painter.setPen(paint.pen(theme.colour("border_control")))
    painter.setBrush(theme.colour("subtle"))
    painter.drawPath(path)
    painter.restore()
    if bow is not None:
        font, colour = theme.font("caption"), theme.colour("text_muted")
        paint.words(painter, bow, tr("bow"), font, colour, Qt.AlignmentFlag.AlignHCenter)


def _wheels(painter: QPainter, deck: Deck, floor: QRectF, scale: Scale) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(Theme.current().colour("border"))
    long, out = _WHEEL * scale.unit, 4.0
    for part in (0.22, 0.78):
        for far in (False, True):
            if deck.along:
                y = floor.bottom() - 1 if far else floor.top() - out + 1
                wheel = QRectF(floor.left() + part * floor.width() - long / 2, y, long, out)
            else:
                x = floor.right() - 1 if far else floor.left() - out + 1
                wheel = QRectF(x, floor.top() + part * floor.height() - long / 2, out, long)
            painter.drawRoundedRect(wheel, 2, 2)


def _boat(deck: Deck, floor: QRectF, scale: Scale) -> QPainterPath:
    """Drawn with the bow to the right, then turned."""
    across = not deck.along
    long, wide = (floor.height(), floor.width()) if across else (floor.width(), floor.height())
    begin, corner = long - (BOW + EDGE) * scale.unit, min(5 * scale.unit, wide / 4)
    path = QPainterPath(QPointF(corner, 0.5))
    path.lineTo(begin, 0.5)
    path.cubicTo(begin + (long - begin) * 0.55, 0.5, long - 2, wide * 0.36, long - 0.5, wide / 2)
    path.cubicTo(long - 2, wide * 0.64, begin + (long - begin) * 0.55, wide - 0.5, begin, wide - 0.5)
    path.lineTo(corner, wide - 0.5)
    path.quadTo(0.5, wide - 0.5, 0.5, wide - corner)
    path.lineTo(0.5, corner)
    path.quadTo(0.5, 0.5, corner, 0.5)
    turn = QTransform()
    if deck.front is Side.LEFT:
        turn = QTransform(-1, 0, 0, 1, long, 0)
    elif deck.front is Side.BOTTOM:
        turn = QTransform(0, 1, 1, 0, 0, 0)
    elif deck.front is Side.TOP:
        turn = QTransform(0, -1, 1, 0, 0, long)
    return (turn * QTransform.fromTranslate(floor.left(), floor.top())).map(path)


def _at_front(deck: Deck, floor: QRectF, deep: float) -> QRectF:
    if deck.front is Side.RIGHT:
        return QRectF(floor.right() - deep, floor.top(), deep * 0.8, floor.height())
    if deck.front is Side.LEFT:
        return QRectF(floor.left() + deep * 0.2, floor.top(), deep * 0.8, floor.height())
    if deck.front is Side.TOP:
        return QRectF(floor.left(), floor.top() + deep * 0.3, floor.width(), deep * 0.7)
    return QRectF(floor.left(), floor.bottom() - deep, floor.width(), deep * 0.7)


def _mark(painter: QPainter, deck: Deck, mark: Mark, place: QRectF, floor: QRectF) -> None:
    theme = Theme.current()
    font, colour = theme.font("caption"), theme.colour("text_muted")
    words, middle = mark_words(mark), Qt.AlignmentFlag.AlignHCenter
    line = theme.line("caption")
    wide = max(place.width(), paint.width_of(words, font) + 2.0)
    written = QRectF(place.center().x() - wide / 2, place.top(), wide, place.height())
    if written.left() < floor.left() + 4:
        written.moveLeft(floor.left() + 4)
    if mark.kind is MarkKind.TABLE:
        paint.box(painter, place, fill=theme.colour("border"), radius=theme.radius("control") / 2)
        paint.words(painter, written, words, font, theme.colour("text_secondary"), middle)
        return
    if mark.kind is MarkKind.DOOR:
        _door(painter, deck, place, floor)
    elif mark.kind is MarkKind.DRIVER:
        radius = min(place.height() - line, place.width()) / 2
        if radius >= 4:
            _wheel_of(painter, QPointF(place.center().x(), place.top() + radius), radius)
            written.setTop(place.top() + 2 * radius)
    elif mark.kind is MarkKind.STAIRS and wide > place.width() + 6:  # a small plan: the steps say it
        _steps(painter, place)
        return
    elif mark.kind is MarkKind.STAIRS and place.height() > line + 6:
        _steps(painter, QRectF(place.left(), place.top(), place.width(), place.height() - line))
        written.setTop(place.bottom() - line)
    elif mark.kind is not MarkKind.BOW:
        paint.box(painter, place, line=theme.colour("border"), radius=theme.radius("control") / 2)
    paint.words(painter, written, words, font, colour, middle)


def _door(painter: QPainter, deck: Deck, place: QRectF, floor: QRectF) -> None:
    """The wall is open where the door is next to it."""
    theme = Theme.current()
    if not deck.along or deck.outline is Outline.BOAT:
        return
    at_top = place.center().y() < floor.center().y()
    y = floor.top() + 0.5 if at_top else floor.bottom() - 0.5
    painter.setPen(paint.pen(theme.colour("subtle"), 3))
    painter.drawLine(QLineF(place.left(), y, place.right(), y))
    painter.setPen(paint.pen(theme.colour("border_control")))
    for x in (place.left(), place.right()):
        painter.drawLine(QLineF(x, y - 3, x, y + 3))


def _wheel_of(painter: QPainter, centre: QPointF, radius: float) -> None:
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(paint.pen(Theme.current().colour("border_control")))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for each in (radius - 0.5, radius * 0.35):
        painter.drawEllipse(centre, each, each)
    painter.restore()


def _steps(painter: QPainter, place: QRectF) -> None:
    painter.setPen(paint.pen(Theme.current().colour("border_control")))
    count = 4
    for number in range(count + 1):
        x = round(place.left() + 2 + (place.width() - 4) * number / count) + 0.5
        painter.drawLine(QLineF(x, place.top() + 1, x, place.bottom() - 1))


def paint_seat(
    painter: QPainter, place: QRectF, tone: SeatTone, words: str, *, over: bool = False, down: bool = False
) -> None:
    """One seat. `words` is the label of a free one and the letter of whoever sits on one of yours."""
    theme = Theme.current()
    radius = min(theme.radius("control"), place.width() / 4)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if tone is SeatTone.SOLD:
        fill = paint.mix(theme.colour("subtle"), theme.colour("text_muted"), _SOLD)
        paint.box(painter, place, fill=fill, radius=radius)
    elif tone is SeatTone.HELD:
        _held(painter, place, radius)
    elif tone is SeatTone.YOURS:
        fill = theme.colour("accent_hover" if over else "accent")
        paint.box(painter, place, fill=fill, radius=radius)
        _centred(painter, place, words, "body_b", "on_accent")
    elif tone is SeatTone.BLOCKED:
        paint.box(painter, place, line=theme.colour("border"), radius=radius)
        painter.setPen(paint.pen(theme.colour("text_muted")))
        inner = place.adjusted(4, 4, -4, -4)
        painter.drawLine(QLineF(inner.topLeft(), inner.bottomRight()))
        painter.drawLine(QLineF(inner.topRight(), inner.bottomLeft()))
    else:
        fill = theme.colour("pressed" if down else "hover" if over else "raised")
        paint.box(painter, place, fill=fill, line=theme.colour("border_control"), radius=radius)
        _centred(painter, place, words, "small_m", "text")
    painter.restore()


def _held(painter: QPainter, place: QRectF, radius: float) -> None:
    theme = Theme.current()
    shape = QPainterPath()
    shape.addRoundedRect(place, radius, radius)
    painter.fillPath(shape, theme.colour("pressed"))
    painter.save()
    painter.setClipPath(shape)
    painter.setPen(paint.pen(theme.colour("text_muted"), 1.25))
    x = place.left() - place.height()
    while x < place.right():
        painter.drawLine(QLineF(QPointF(x, place.bottom()), QPointF(x + place.height(), place.top())))
        x += _HATCH
    painter.restore()
    paint.box(painter, place, line=theme.colour("border_control"), radius=radius)


def _centred(painter: QPainter, place: QRectF, words: str, role: str, tone: str) -> None:
    theme = Theme.current()
    font = theme.font(role)
    if paint.width_of(words, font) > place.width() - 2:
        font = theme.font("caption")
    paint.words(painter, place, words, font, theme.colour(tone), Qt.AlignmentFlag.AlignHCenter)
