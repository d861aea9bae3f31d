"""Key caps: the small boxes that teach a key, alone or inside buttons and fields."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from travellr_desktop.ui.parts import paint
from travellr_desktop.ui.theme import Theme

_ICONS = {
    "Enter": "corner-down-left",
    "Return": "corner-down-left",
    "Up": "arrow-up",
    "Down": "arrow-down",
    "Left": "arrow-left",
    "Right": "arrow-right",
}
_ICON = 12
_PAD = 5


def _pieces(key: str) -> list[str]:
    """ "Ctrl+Enter" as its words; a lone "+" is a key of its own."""
    return key.split("+") if len(key) > 1 else [key]


def cap_size(key: str) -> QSize:
    """Size of the cap for a key such as `"F2"`, `"Ctrl+Enter"`, `"Up"`."""
    theme = Theme.current()
    font, gap = theme.font("caption"), theme.px(3)
    wide = sum(
        theme.px(_ICON) if piece in _ICONS else paint.width_of(piece, font) for piece in _pieces(key)
    ) + gap * (len(_pieces(key)) - 1)
    high = theme.size("key_cap")
    return QSize(max(high, wide + 2 * theme.px(_PAD)), high)


def paint_cap(painter: QPainter, rect: QRect, key: str, *, filled: str | None = None) -> None:
    """Draw a cap into `rect` (of `cap_size`). `filled` is the tone of the words on a filled button."""
    theme = Theme.current()
    tone = filled or "text_secondary"
    line = theme.colour(tone) if filled else theme.colour("border")
    fill = None if filled else theme.colour("subtle")
    paint.box(painter, rect, fill=fill, line=line, radius=theme.radius("key"))
    font, size = theme.font("caption"), theme.px(_ICON)
    pieces = _pieces(key)
    wide = sum(size if piece in _ICONS else paint.width_of(piece, font) for piece in pieces)
    x = rect.x() + (rect.width() - wide - theme.px(3) * (len(pieces) - 1)) // 2
    for piece in pieces:
        step = size if piece in _ICONS else paint.width_of(piece, font)
        place = QRect(x, rect.y(), step, rect.height())
        if piece in _ICONS:
            paint.icon(painter, paint.centred(place, size), _ICONS[piece], tone)
        else:
            paint.words(painter, place, piece, font, theme.colour(tone), Qt.AlignmentFlag.AlignHCenter)
        x += step + theme.px(3)


class KeyCap(QWidget):
    """A cap on its own. Screen readers hear "key F2"."""

    def __init__(self, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._key = key
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("key {0}").format(key))
        Theme.current().changed.connect(self._retheme)

    @property
    def key(self) -> str:
        return self._key

    def sizeHint(self) -> QSize:
        return cap_size(self._key)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            paint_cap(painter, self.rect(), self._key)

    def _retheme(self) -> None:
        self.updateGeometry()
        self.update()
