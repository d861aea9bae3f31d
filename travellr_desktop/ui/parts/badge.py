"""States as icon and word. Filled where somebody has to act, dashed where the outcome is unknown."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from travellr_desktop.ui.parts import paint
from travellr_desktop.ui.theme import Theme

_PAD, _GAP = 8, 6


def badge_width(word: str, *, icon: bool = True) -> int:
    """Width of a badge with this word, filled or not: both keep the same padding, so that icons line up."""
    theme = Theme.current()
    before = theme.size("icon_small") + theme.px(_GAP) if icon else 0
    return theme.px(2 * _PAD) + before + paint.width_of(word, theme.font("small_m"))


def paint_badge(
    painter: QPainter, widget: QWidget, rect: QRect, status: str, word: str, *, filled: bool
) -> None:
    """Draw into `rect` (`badge_width` wide, the token `badge` high); widgets and delegates use it alike."""
    look = Theme.current().status(status)
    paint_tag(painter, widget, rect, look.colour, look.icon, word, filled=filled)


def paint_tag(
    painter: QPainter,
    widget: QWidget,
    rect: QRect,
    colour: str,
    icon: str,
    word: str,
    *,
    filled: bool,
    round_ends: bool = False,
) -> None:
    """A badge of any status colour and icon ("" for none)."""
    theme = Theme.current()
    unknown = colour == "unknown"
    if filled:
        fill, line = theme.colour(f"{colour}.fill"), theme.colour(f"{colour}.line")
        if unknown:
            line = paint.mix(line, theme.colour("unknown"), 0.45)  # dashes need more ink than a line
        radius = rect.height() / 2 if round_ends else theme.radius("badge")
        paint.box(painter, rect, fill=fill, line=line, radius=radius, dashed=unknown)
    at, mirrored = theme.px(_PAD), widget.isRightToLeft()

    def place(x: int, wide: int) -> QRect:
        left = rect.right() + 1 - x - wide if mirrored else rect.x() + x
        return QRect(left, rect.y(), wide, rect.height())

    if icon:
        size = theme.size("icon_small")
        paint.icon(painter, paint.centred(place(at, size), size), icon, colour)
        at += size + theme.px(_GAP)
    tone = colour if filled else "text_secondary" if colour == "idle" else "text"
    paint.words(painter, place(at, rect.width() - at), word, theme.font("small_m"), theme.colour(tone))


class Tag(QWidget):
    """A word in a status colour ("ok", "wait", "bad", "info", "unknown", "idle"), for what is not a state.

    "Sandbox" in the status bar, "Bookable" beside an offer; `round_ends` without icon is a count. An unfilled
    one hangs its icon at the leading edge: it has no padding to line up with.
    """

    def __init__(
        self,
        word: str,
        colour: str,
        icon: str = "",
        *,
        filled: bool = True,
        round_ends: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._round_ends = round_ends
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.show_as(word, colour, icon, filled=filled)
        Theme.current().changed.connect(self._retheme)

    def show_as(self, word: str, colour: str, icon: str = "", *, filled: bool = True) -> None:
        self._word, self._colour, self._icon, self._filled = word, colour, icon, filled
        self.setAccessibleName(word)
        self._retheme()

    @property
    def word(self) -> str:
        return self._word

    @property
    def filled(self) -> bool:
        return self._filled

    def sizeHint(self) -> QSize:
        theme = Theme.current()
        bare = 0 if self._filled else 2 * theme.px(_PAD)
        wide = badge_width(self._word, icon=bool(self._icon)) - bare
        high = theme.size("badge")
        return QSize(max(wide, high) if self._round_ends else wide, high)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        rect, pad = self.rect(), Theme.current().px(_PAD)
        if not self._filled:
            rect.adjust(-pad, 0, pad, 0)
        with QPainter(self) as painter:
            paint_tag(
                painter,
                self,
                rect,
                self._colour,
                self._icon,
                self._word,
                filled=self._filled,
                round_ends=self._round_ends,
            )

    def _retheme(self) -> None:
        self.updateGeometry()
        self.update()


class Badge(Tag):
    """One state, by its name in the tokens. `word` replaces the usual word, `filled` the usual fill."""

    def __init__(
        self,
        status: str,
        *,
        word: str | None = None,
        filled: bool | None = None,
        parent: QWidget | None = None,
    ) -> None:
        look = Theme.current().status(status)
        super().__init__(look.word, look.colour, look.icon, filled=look.filled, parent=parent)
        self.set_status(status, word=word, filled=filled)

    def set_status(self, status: str, *, word: str | None = None, filled: bool | None = None) -> None:
        look = Theme.current().status(status)
        self._status = status
        shown, is_filled = look.word if word is None else word, look.filled if filled is None else filled
        self.show_as(shown, look.colour, look.icon, filled=is_filled)

    @property
    def status(self) -> str:
        return self._status
