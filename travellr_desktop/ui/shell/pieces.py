"""Small pieces of the frame."""

from __future__ import annotations

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from travellr_desktop.ui.theme import Theme


class Line(QWidget):
    """One pixel between two panes."""

    def __init__(self, tone: str = "border", *, upright: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tone = tone
        if upright:
            self.setFixedWidth(1)
        else:
            self.setFixedHeight(1)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), Theme.current().colour(self._tone))
        painter.end()
