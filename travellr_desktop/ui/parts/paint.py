"""Small painting that several parts share. Rectangles are in logical pixels."""

from __future__ import annotations

import math
import re

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QStyle, QWidget

from travellr_desktop.ui.theme import Theme

DASH = (4.0, 3.0)
_HYPHEN = re.compile(r"(?<=[^\W\d_])-(?=[^\W\d_])")
_TURNED = {
    "chevron-left": "chevron-right",
    "chevron-right": "chevron-left",
    "arrow-left": "arrow-right",
    "arrow-right": "arrow-left",
}


def pen(colour: QColor, width: float = 1.0, *, dash: tuple[float, float] | None = None) -> QPen:
    """A line; `dash` gives stroke and gap in pixels, whatever the width."""
    made = QPen(colour, width)
    if dash:
        made.setDashPattern([part / width for part in dash])
        made.setCapStyle(Qt.PenCapStyle.FlatCap)
    return made


def box(
    painter: QPainter,
    rect: QRect | QRectF,
    *,
    fill: QColor | None = None,
    line: QColor | None = None,
    radius: float = 0,
    width: float = 1,
    dashed: bool = False,
) -> None:
    """A rounded box whose border lies wholly inside `rect`, sharp at every pixel ratio."""
    area = QRectF(rect)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if line is None:
        painter.setPen(Qt.PenStyle.NoPen)
    else:
        area.adjust(width / 2, width / 2, -width / 2, -width / 2)
        radius = max(radius - width / 2, 0)
        painter.setPen(pen(line, width, dash=DASH if dashed else None))
    painter.setBrush(fill if fill is not None else Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(area, radius, radius)
    painter.restore()


def typeset(text: str) -> str:
    """The text as drawn: tabular figures make the hyphen as wide as a digit, which tears words apart."""
    return _HYPHEN.sub("\u2010", text) if "-" in text else text


def words(
    painter: QPainter,
    rect: QRect | QRectF,
    text: str,
    font: QFont,
    colour: QColor,
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
    *,
    elide: bool = False,
) -> None:
    """One line of text, centred in height. `AlignLeft` means the leading edge of the widget's direction.

    The text itself runs in its own direction: an Arabic name stays whole on a Latin page.
    """
    area, text = QRectF(rect), typeset(text)
    if elide:
        text = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, area.width())
    own = painter.layoutDirection()
    flags = visual(align, direction(painter)) | Qt.AlignmentFlag.AlignVCenter
    painter.setFont(font)
    painter.setPen(colour)
    painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
    painter.drawText(area, int(flags.value) | int(Qt.TextFlag.TextSingleLine.value), text)
    painter.setLayoutDirection(own)


def direction(painter: QPainter) -> Qt.LayoutDirection:
    """That of the widget painted on; a painter by itself knows only that of the application."""
    device = painter.device()
    return device.layoutDirection() if isinstance(device, QWidget) else painter.layoutDirection()


def visual(align: Qt.AlignmentFlag, reads: Qt.LayoutDirection) -> Qt.AlignmentFlag:
    """Leading and trailing as left and right, which the text's own direction then does not turn round."""
    sides = align & Qt.AlignmentFlag.AlignHorizontal_Mask
    return QStyle.visualAlignment(reads, sides) | Qt.AlignmentFlag.AlignAbsolute


def width_of(text: str, font: QFont) -> int:
    """Whole pixels that one line of text needs."""
    return math.ceil(QFontMetricsF(font).horizontalAdvance(typeset(text))) if text else 0


def icon(painter: QPainter, rect: QRect, name: str, tone: str) -> None:
    """An icon that fills `rect` (a square). Those that point along the line are turned for right to left."""
    if direction(painter) is Qt.LayoutDirection.RightToLeft:
        name = _TURNED.get(name, name)
    picture = Theme.current().pixmap(name, tone, rect.width(), painter.device().devicePixelRatioF())
    painter.drawPixmap(QPointF(rect.topLeft()), picture)


def leading(widget: QWidget, rect: QRect) -> QRect:
    """`rect` as laid out left to right, mirrored where the widget reads right to left."""
    return QStyle.visualRect(widget.layoutDirection(), widget.rect(), rect)


def centred(outer: QRect, size: int) -> QRect:
    """A square of `size` in the middle of `outer`."""
    return QStyle.alignedRect(
        Qt.LayoutDirection.LeftToRight, Qt.AlignmentFlag.AlignCenter, QSize(size, size), outer
    )


def mix(first: QColor, second: QColor, part: float) -> QColor:
    """`part` of the second colour over the first, both taken as opaque."""

    def between(a: float, b: float) -> float:
        return a + (b - a) * part

    return QColor.fromRgbF(
        between(first.redF(), second.redF()),
        between(first.greenF(), second.greenF()),
        between(first.blueF(), second.blueF()),
    )
