"""Every line of text that a widget paints, with its place: heard where all of them pass, at `parts.paint.words`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter
from PySide6.QtWidgets import QApplication, QWidget

from travellr_desktop.ui.parts import paint


@dataclass(frozen=True)
class Line:
    """One painted line of text; `room` and `ink` are places on the root."""

    text: str
    widget: QWidget
    room: QRectF
    ink: QRectF
    needed: float
    elide: bool
    colour: QColor

    @property
    def named(self) -> str:
        return f"{path_of(self.widget)} “{self.text[:48]}”"


def lines_of(root: QWidget) -> tuple[list[Line], QImage]:
    """Paint `root` once: its lines of text, and the picture."""
    QApplication.processEvents()
    lines: list[Line] = []
    with _listening(root, lines):
        image = root.grab().toImage()
    return lines, image


@contextmanager
def _listening(root: QWidget, lines: list[Line]) -> Iterator[None]:
    own: Callable[..., None] = paint.words

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
        device = painter.device()
        if text.strip() and isinstance(device, QWidget) and (device is root or root.isAncestorOf(device)):
            lines.append(_line(root, device, painter, QRectF(rect), text, font, colour, align, elide=elide))
        own(painter, rect, text, font, colour, align, elide=elide)

    paint.words = words
    try:
        yield
    finally:
        paint.words = own


def _line(
    root: QWidget,
    device: QWidget,
    painter: QPainter,
    rect: QRectF,
    text: str,
    font: QFont,
    colour: QColor,
    align: Qt.AlignmentFlag,
    *,
    elide: bool,
) -> Line:
    room = painter.worldTransform().mapRect(rect).translated(device.mapTo(root, QPoint()))
    metrics = QFontMetricsF(font)
    needed = metrics.horizontalAdvance(paint.typeset(text))
    wide, high = min(needed, room.width()) if elide else needed, metrics.capHeight() + metrics.descent()
    side = paint.visual(align, paint.direction(painter))
    left = room.left()
    if side & Qt.AlignmentFlag.AlignRight:
        left = room.right() - wide
    elif side & Qt.AlignmentFlag.AlignHCenter:
        left = room.center().x() - wide / 2
    ink = QRectF(left, room.center().y() - high / 2, wide, high)
    return Line(text, device, room, ink, needed, elide, colour)


def ground_of(image: QImage, ink: QRectF, ratio: float) -> QColor | None:
    """The colour that most of the place has round the words."""
    area = QRectF(ink.x() * ratio, ink.y() * ratio, ink.width() * ratio, ink.height() * ratio).toRect()
    area = area.adjusted(-2, -1, 2, 1).intersected(image.rect())
    if area.width() < 3 or area.height() < 3:
        return None
    step = max(area.width() // 60, 1)
    part = image.copy(area).convertToFormat(QImage.Format.Format_RGB32)
    pixels, across = memoryview(part.constBits()).cast("I"), part.bytesPerLine() // 4
    seen: Counter[int] = Counter()
    for start in range(0, area.height() * across, 2 * across):
        seen.update(pixels[start : start + area.width() : step].tolist())
    return QColor.fromRgb(seen.most_common(1)[0][0])


def contrast(first: QColor, second: QColor) -> float:
    """WCAG 2: 1 to 21."""

    def luminance(colour: QColor) -> float:
        parts = (colour.redF(), colour.greenF(), colour.blueF())
        red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def path_of(widget: QWidget) -> str:
    """The widget's kind, with those of what holds it that say most."""
    names: list[str] = []
    around: QWidget | None = widget
    while around is not None and len(names) < 4:
        name = type(around).__name__
        if name not in ("QWidget", "QStackedWidget", "QSplitter", "QScrollArea", "Window", "Workspace"):
            names.append(name)
        around = around.parentWidget()
    return " in ".join(names)
