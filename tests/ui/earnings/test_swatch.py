"""A part of a bar is painted with the theme's colours, and leaves them as they are."""

from __future__ import annotations

from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication

from travellr_desktop.ui.earnings.chart import swatch
from travellr_desktop.ui.theme import Mode, Theme


def test_hatching_does_not_thin_the_surface_of_everything_else(qapp: QApplication) -> None:
    theme = Theme(mode=Mode.LIGHT)
    theme.apply(qapp)
    before = QColor(theme.colour("surface"))
    image = QImage(20, 20, QImage.Format.Format_ARGB32)
    with QPainter(image) as painter:
        swatch(painter, QRect(0, 0, 20, 20), "accent", hatched=True)
    assert theme.colour("surface") == before
