"""A soft shadow for what floats (popups, dialogs, toasts), painted in rings: no effect, no blur."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from travellr_desktop.ui.theme import Theme

SHADE = 20  # room that floating parts leave around themselves
_DROP = 6


def paint_shade(painter: QPainter, area: QRect, radius: int) -> None:
    """Paint the shadow of a box at `area`; stays within `SHADE` pixels around it."""
    colour = Theme.current().colour("shadow")
    reach = SHADE - _DROP
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    ink = QColor(colour)
    ink.setAlphaF(colour.alphaF() / reach)
    painter.setBrush(ink)
    for ring in range(reach):
        grown = QRectF(area).adjusted(-ring, _DROP - ring, ring, _DROP + ring)
        painter.drawRoundedRect(grown, radius + ring, radius + ring)
    painter.restore()
