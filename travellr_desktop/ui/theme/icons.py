"""Icons: line drawings as SVG, coloured and rendered for the very pixels they will cover."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer


class Icons:
    """Renders and remembers icons by (name, colour, size, ratio), so that no picture is ever scaled."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._source: dict[str, str] = {}
        self._pixmaps: dict[tuple[str, int, int, float], QPixmap] = {}

    def pixmap(self, name: str, colour: QColor, size: int, ratio: float) -> QPixmap:
        """The icon in `colour`, `size` logical pixels wide. An unknown name raises FileNotFoundError."""
        key = (name, colour.rgba(), size, ratio)
        found = self._pixmaps.get(key)
        if found is None:
            found = self._pixmaps[key] = self._render(name, colour, size, ratio)
        return found

    def icon(self, name: str, colour: QColor, off: QColor, size: int, ratio: float) -> QIcon:
        """For Qt's own widgets (menus, header tools): `off` is the colour of the disabled state."""
        icon = QIcon(self.pixmap(name, colour, size, ratio))
        icon.addPixmap(self.pixmap(name, off, size, ratio), QIcon.Mode.Disabled)
        return icon

    def clear(self) -> None:
        """Forget all pictures (the sources stay), for a change of mode."""
        self._pixmaps.clear()

    def __len__(self) -> int:
        return len(self._pixmaps)

    def _render(self, name: str, colour: QColor, size: int, ratio: float) -> QPixmap:
        source = self._source.get(name)
        if source is None:
            source = self._source[name] = (self._folder / f"{name}.svg").read_text(encoding="utf-8")
        renderer = QSvgRenderer(QByteArray(source.replace("currentColor", colour.name()).encode()))
        edge = round(size * ratio)
        picture = QPixmap(edge, edge)
        picture.fill(Qt.GlobalColor.transparent)
        with QPainter(picture) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setOpacity(colour.alphaF())
            renderer.render(painter, QRectF(0, 0, edge, edge))
        picture.setDevicePixelRatio(ratio)
        return picture
