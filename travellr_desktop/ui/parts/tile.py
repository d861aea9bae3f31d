"""Tiles for the ways to pay: icon, word and digit. Impossible ways stay in sight and say why."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QSizePolicy, QWidget

from travellr_desktop.ui.parts import paint
from travellr_desktop.ui.parts.keycap import cap_size, paint_cap
from travellr_desktop.ui.parts.press import Pressable
from travellr_desktop.ui.theme import Theme


class Tile(Pressable):
    """One way. `wide` makes it a row with a `hint` before the digit; otherwise 56 high, 44 when `short`."""

    def __init__(
        self,
        icon: str,
        word: str,
        digit: str = "",
        *,
        hint: str = "",
        wide: bool = False,
        short: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._icon, self._word, self._digit, self._hint = icon, word, digit, hint
        self._wide, self._short = wide, short
        self._reason = ""
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.MinimumExpanding, QSizePolicy.Policy.Fixed)
        self._said()

    @property
    def word(self) -> str:
        """What stands on it: the reason while it is impossible."""
        return self._reason or self._word

    def set_reason(self, reason: str) -> None:
        """Make it impossible, with the reason as its word; empty makes it possible again."""
        self._reason = reason
        self.setEnabled(not reason)
        if reason:
            self.setChecked(False)
        self._said()

    def set_hint(self, hint: str) -> None:
        self._hint = hint
        self._said()

    def set_short(self, short: bool) -> None:
        self._short = short
        self.retheme()

    def _said(self) -> None:
        self.setAccessibleName(self._word)
        self.setAccessibleDescription(self._reason or self._hint)
        self.setToolTip(self._word if self._reason else "")
        self.retheme()

    def sizeHint(self) -> QSize:
        theme = Theme.current()
        font, cap = theme.font("small_m"), cap_size(self._digit).width() if self._digit else 0
        words = paint.width_of(self.word, font)
        if self._wide:
            hint = paint.width_of(self._hint, theme.font("small"))
            inner = theme.size("icon") + theme.px(10) + words + theme.px(16) + hint + theme.px(10) + cap
            return QSize(inner + theme.px(24), theme.size("control_decision"))
        inner = max(words, theme.size("icon") + theme.px(8) + cap)
        return QSize(inner + theme.px(18), theme.px(44 if self._short else 56))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = Theme.current()
        with QPainter(self) as painter:
            if not self.isEnabled():
                fill, line, width = "subtle", "border", 1
            elif self.isChecked():
                fill, line, width = "selection", "accent", 2
            else:
                fill = "pressed" if self.isDown() else "hover" if self.over else "raised"
                line, width = "border", 1
            radius = theme.radius("tile")
            ground, edge = theme.colour(fill), theme.colour(line)
            paint.box(painter, self.rect(), fill=ground, line=edge, radius=radius, width=width)
            if self.ring:
                inner = self.rect().adjusted(3, 3, -3, -3) if self.isChecked() else self.rect()
                by = radius - 3 if self.isChecked() else radius
                paint.box(painter, inner, line=theme.colour("focus"), radius=by, width=2)
            if self._wide:
                self._paint_row(painter)
            else:
                self._paint_square(painter)

    @property
    def _tone(self) -> str:
        return "text" if self.isEnabled() else "text_muted"

    @property
    def _icon_tone(self) -> str:
        if not self.isEnabled():
            return "text_muted"
        return "accent_text" if self.isChecked() else "text_secondary"

    def _paint_square(self, painter: QPainter) -> None:
        theme, pad, size = Theme.current(), Theme.current().px(9), Theme.current().size("icon")
        top = theme.px(4 if self._short else 9)
        place = paint.leading(self, QRect(pad, top + theme.px(1), size, size))
        paint.icon(painter, place, self._icon, self._icon_tone)
        if self._digit:
            cap = cap_size(self._digit)
            at = QRect(self.width() - pad - cap.width(), top, cap.width(), cap.height())
            paint_cap(painter, paint.leading(self, at), self._digit)
        line = theme.line("small_m")
        bottom = self.height() - theme.px(4 if self._short else 9) - line
        place = paint.leading(self, QRect(pad, bottom, self.width() - 2 * pad, line))
        paint.words(painter, place, self.word, theme.font("small_m"), theme.colour(self._tone), elide=True)

    def _paint_row(self, painter: QPainter) -> None:
        theme, size = Theme.current(), Theme.current().size("icon")
        left, right = theme.px(12), self.width() - theme.px(12)
        place = paint.leading(self, QRect(left, (self.height() - size) // 2, size, size))
        paint.icon(painter, place, self._icon, self._icon_tone)
        left += size + theme.px(10)
        if self._digit:
            cap = cap_size(self._digit)
            at = QRect(right - cap.width(), (self.height() - cap.height()) // 2, cap.width(), cap.height())
            paint_cap(painter, paint.leading(self, at), self._digit)
            right -= cap.width() + theme.px(10)
        if self._hint:
            wide = paint.width_of(self._hint, theme.font("small"))
            place = paint.leading(self, QRect(right - wide, 0, wide + 1, self.height()))
            paint.words(painter, place, self._hint, theme.font("small"), theme.colour("text_secondary"))
            right -= wide + theme.px(16)
        place = paint.leading(self, QRect(left, 0, right - left, self.height()))
        paint.words(painter, place, self.word, theme.font("body_m"), theme.colour(self._tone), elide=True)


class Tiles(QWidget):
    """Exclusive tiles in `columns` of equal width. `chosen(str)` tells the key of the new one.

    One of them is always chosen as long as one is possible; arrows move between the possible ones.
    """

    chosen = Signal(str)

    def __init__(self, name: str, *, columns: int = 3, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._columns = columns
        self._tiles: dict[str, Tile] = {}
        self._group = QButtonGroup(self)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(8)
        for column in range(columns):
            self._grid.setColumnStretch(column, 1)
        self._group.buttonToggled.connect(self._toggled)

    def add(self, key: str, tile: Tile) -> Tile:
        at = len(self._tiles)
        self._tiles[key] = tile
        self._group.addButton(tile)
        self._grid.addWidget(tile, at // self._columns, at % self._columns)
        return tile

    def tile(self, key: str) -> Tile:
        return self._tiles[key]

    def value(self) -> str | None:
        return next((key for key, tile in self._tiles.items() if tile.isChecked()), None)

    def set_value(self, key: str) -> None:
        """Choose as a click would; an impossible one is left alone."""
        if self._tiles[key].isEnabled():
            self._tiles[key].setChecked(True)

    def set_short(self, short: bool) -> None:
        for tile in self._tiles.values():
            tile.set_short(short)

    def focus_chosen(self) -> None:
        key = self.value()
        if key is not None:
            self._tiles[key].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _toggled(self, button: object, on: bool) -> None:
        key = self.value()
        if on and key is not None:
            self.chosen.emit(key)
