"""States as icon and word. Filled where somebody has to act, dashed where the outcome is unknown."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from travellr_desktop.ui.parts import paint
from travellr_desktop.ui.theme import Theme

_PAD, _GAP = 8, 6


def badge_width(word: str) -> int:
    """Width of a badge with this word, filled or not: both keep the same padding, so that icons line up."""
    theme = Theme.current()
    return theme.px(2 * _PAD + _GAP) + theme.size("icon_small") + paint.width_of(word, theme.font("small_m"))


def paint_badge(
    painter: QPainter, widget: QWidget, rect: QRect, status: str, word: str, *, filled: bool
) -> None:
    """Draw into `rect` (`badge_width` wide, the token `badge` high); widgets and delegates use it alike."""
    theme = Theme.current()
    look = theme.status(status)
    if filled:
        fill, line = theme.colour(f"{look.colour}.fill"), theme.colour(f"{look.colour}.line")
        if look.colour == "unknown":
            line = paint.mix(line, theme.colour("unknown"), 0.45)  # dashes need more ink than a line
        radius = theme.radius("badge")
        paint.box(painter, rect, fill=fill, line=line, radius=radius, dashed=look.colour == "unknown")
    size = theme.size("icon_small")
    right_to_left = widget.isRightToLeft()

    def place(x: int, wide: int) -> QRect:
        at = rect.right() + 1 - x - wide if right_to_left else rect.x() + x
        return QRect(at, rect.y(), wide, rect.height())

    at = theme.px(_PAD)
    paint.icon(painter, paint.centred(place(at, size), size), look.icon, look.colour)
    at += size + theme.px(_GAP)
    tone = look.colour if filled else "text_secondary" if look.colour == "idle" else "text"
    paint.words(painter, place(at, rect.width() - at), word, theme.font("small_m"), theme.colour(tone))


class Badge(QWidget):
    """One state, by its name in the tokens. `word` replaces the usual word, `filled` the usual fill.

    An unfilled badge hangs its icon at the leading edge: it has no padding to line up with.
    """

    def __init__(
        self,
        status: str,
        *,
        word: str | None = None,
        filled: bool | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_status(status, word=word, filled=filled)
        Theme.current().changed.connect(self._retheme)

    def set_status(self, status: str, *, word: str | None = None, filled: bool | None = None) -> None:
        look = Theme.current().status(status)
        self._status = status
        self._word = look.word if word is None else word
        self._filled = look.filled if filled is None else filled
        self.setAccessibleName(self._word)
        self._retheme()

    @property
    def status(self) -> str:
        return self._status

    @property
    def word(self) -> str:
        return self._word

    @property
    def filled(self) -> bool:
        return self._filled

    def sizeHint(self) -> QSize:
        theme = Theme.current()
        bare = 0 if self._filled else 2 * theme.px(_PAD)
        return QSize(badge_width(self._word) - bare, theme.size("badge"))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        rect = self.rect()
        if not self._filled:
            rect.adjust(-Theme.current().px(_PAD), 0, Theme.current().px(_PAD), 0)
        with QPainter(self) as painter:
            paint_badge(painter, self, rect, self._status, self._word, filled=self._filled)

    def _retheme(self) -> None:
        self.updateGeometry()
        self.update()
