"""A QR code: whole-pixel modules, dark on white in either theme, with the quiet border that scanners need."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from travellr_desktop.ui.theme import Theme

QUIET = 4
"""Modules of white around the code."""

_DARK, _LIGHT = QColor("#142024"), QColor("#FFFFFF")


class QrCode(QWidget):
    """The code of a text, as large as fits into a square of `edge` pixels at text scale 1. `name` is said before the
    text to who cannot see it."""

    def __init__(
        self, text: str = "", *, name: str = "", edge: int = 228, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._name, self._edge = name, edge
        self._rows: tuple[tuple[bool, ...], ...] = ()
        self.set_text(text)
        self._fit()
        Theme.current().changed.connect(self._fit)

    @property
    def rows(self) -> tuple[tuple[bool, ...], ...]:
        """The modules, dark is True, without the quiet border."""
        return self._rows

    def set_text(self, text: str) -> None:
        import segno

        if text:
            code = segno.make(text, error="l", micro=False, boost_error=False)
            self._rows = tuple(tuple(bool(module) for module in row) for row in code.matrix)
        else:
            self._rows = ()
        self.setAccessibleName(f"{self._name} {text}".strip())
        self.update()

    def set_edge(self, edge: int) -> None:
        """Another size, where there is less room."""
        if edge != self._edge:
            self._edge = edge
            self._fit()

    def sizeHint(self) -> QSize:
        edge = Theme.current().px(self._edge)
        return QSize(edge, edge)

    def _fit(self) -> None:
        """No layout may squeeze it: what is cut cannot be scanned."""
        self.setFixedSize(self.sizeHint())
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Theme.current().colour("border"))
            painter.setBrush(_LIGHT)
            radius = Theme.current().radius("control")
            painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), radius, radius)
            if not self._rows:
                return
            # a module is a whole number of the screen's own pixels
            ratio = self.devicePixelRatioF()
            wide = len(self._rows) + 2 * QUIET
            module = max(int(min(self.width(), self.height()) * ratio) // wide, 1)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            painter.scale(1 / ratio, 1 / ratio)
            whole = module * len(self._rows)
            left = (round(self.width() * ratio) - whole) // 2
            top = (round(self.height() * ratio) - whole) // 2
            painter.setPen(Qt.PenStyle.NoPen)
            for y, row in enumerate(self._rows):
                for x, dark in enumerate(row):
                    if dark:
                        place = QRect(left + x * module, top + y * module, module, module)
                        painter.fillRect(place, _DARK)
