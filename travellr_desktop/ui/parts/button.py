"""Buttons: words, and where they help an icon, an amount and a key."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QEvent, QRect, QSize, Qt, QTimer
from PySide6.QtGui import (
    QColor,
    QEnterEvent,
    QFocusEvent,
    QHideEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from travellr_desktop.ui.parts import paint
from travellr_desktop.ui.parts.keycap import cap_size, paint_cap
from travellr_desktop.ui.parts.press import is_enter
from travellr_desktop.ui.theme import Theme

_TURN_MS = 80


class Kind(StrEnum):
    """PRIMARY once a screen; DANGER only in the dialog that confirms."""

    PRIMARY = "primary"
    PLAIN = "plain"
    QUIET = "quiet"
    LINK = "link"
    DANGER = "danger"
    DANGER_PLAIN = "danger-plain"


_WORDS = {
    Kind.PRIMARY: "on_accent",
    Kind.PLAIN: "text",
    Kind.QUIET: "text_secondary",
    Kind.LINK: "accent_text",
    Kind.DANGER: "on_bad",
    Kind.DANGER_PLAIN: "bad",
}
_FILLED = (Kind.PRIMARY, Kind.DANGER)
_BORDERED = (Kind.PLAIN, Kind.DANGER_PLAIN)


class Button(QPushButton):
    """A push button; use the inherited `clicked`. Enter presses it as Space does, on every desktop.

    `height` names a size of the tokens: `control_small` 28, `control` 32, `control_decision` 40,
    `control_primary` 44. With an amount, or with icon and key, the words stand at the leading edge;
    otherwise in the middle, and the key at the trailing edge. It is never narrower than what it says.
    """

    def __init__(
        self,
        words: str,
        kind: Kind | str = Kind.PLAIN,
        *,
        icon: str = "",
        amount: str = "",
        key: str = "",
        height: str = "control",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._kind = Kind(kind)
        self._words, self._icon, self._amount, self._key, self._height = words, icon, amount, key, height
        self._busy_words: str | None = None
        self._was_enabled = True
        self._angle = 0
        self._ring = False
        self._hovered = False
        self._turning = QTimer(self, interval=_TURN_MS)
        self._turning.timeout.connect(self._turn)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        if self._kind is Kind.LINK:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        Theme.current().changed.connect(self._retheme)
        self._said()

    # content

    @property
    def words(self) -> str:
        return self._words

    @property
    def kind(self) -> Kind:
        return self._kind

    @property
    def key(self) -> str:
        return self._key

    @property
    def amount(self) -> str:
        return self._amount

    def set_words(self, words: str) -> None:
        self._words = words
        self._said()

    def set_amount(self, amount: str) -> None:
        self._amount = amount
        self._said()

    def set_icon(self, name: str) -> None:
        self._icon = name
        self._said()

    def set_key(self, key: str) -> None:
        self._key = key
        self._said()

    def set_off(self, reason: str | None) -> None:
        """Switch off and say why (tooltip, screen reader; put words beside it too), or on with None."""
        self.setEnabled(reason is None)
        self.setToolTip(reason or "")
        self.setAccessibleDescription(reason or "")

    def set_busy(self, words: str | None) -> None:
        """While a command runs: off, the icon turns and `words` say what runs. None ends it."""
        if (words is None) == (self._busy_words is None):
            self._busy_words = words
        elif words is not None:
            self._was_enabled = self.isEnabled()
            self._busy_words = words
            self.setEnabled(False)
        else:
            self._busy_words = None
            self.setEnabled(self._was_enabled)
        self._run_or_stop()
        self._said()

    @property
    def busy(self) -> bool:
        return self._busy_words is not None

    def _said(self) -> None:
        says = " ".join(part for part in (self._busy_words or self._words, self._amount) if part)
        self.setAccessibleName(says)
        self.updateGeometry()
        self.update()

    # size

    def sizeHint(self) -> QSize:
        theme = Theme.current()
        font = theme.font(self._role)
        texts = [self._words] if self._busy_words is None else [self._words, self._busy_words]
        icon = self._icon or ("loader" if self.busy else "")
        wide = max(paint.width_of(text, font) for text in texts)
        wide += theme.size("icon") + (theme.px(8) if self._words else 0) if icon else 0
        wide += theme.px(16) + paint.width_of(self._amount, font) if self._amount else 0
        wide += theme.px(10) + cap_size(self._key).width() if self._key else 0
        return QSize(max(wide + 2 * self._pad, theme.size(self._height)), theme.size(self._height))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    @property
    def _pad(self) -> int:
        if not self._words:
            return Theme.current().px(6)
        return Theme.current().px(8 if self._kind is Kind.LINK else 12)

    @property
    def _role(self) -> str:
        return "body_b" if self._kind in _FILLED else "body_m"

    # painting

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            self._paint_box(painter)
            self._paint_content(painter)

    def _state_fill(self) -> QColor | None:
        theme = Theme.current()
        down, over = self.isDown() or self.isChecked(), self._hovered
        if self._kind is Kind.PRIMARY:
            return theme.colour("accent_pressed" if down else "accent_hover" if over else "accent")
        if self._kind is Kind.DANGER:
            solid, ink = theme.colour("bad_solid"), theme.colour("text")
            return paint.mix(solid, ink, 0.22 if down else 0.12 if over else 0)
        if down or over:
            return theme.colour("pressed" if down else "hover")
        return theme.colour("raised") if self._kind in _BORDERED else None

    def _paint_box(self, painter: QPainter) -> None:
        theme = Theme.current()
        radius, area = theme.radius("control"), self.rect()
        if not self.isEnabled():
            if self._kind in _FILLED or self._kind in _BORDERED:
                paint.box(painter, area, fill=theme.colour("disabled_fill"), radius=radius)
            return
        line = theme.colour("border") if self._kind in _BORDERED else None
        ring = self._ring and self.hasFocus()
        if ring and self._kind not in _FILLED:
            paint.box(
                painter, area, fill=self._state_fill(), line=theme.colour("focus"), radius=radius, width=2
            )
            return
        fill = self._state_fill()
        if fill is not None or line is not None:
            paint.box(painter, area, fill=fill, line=line, radius=radius)
        if ring:
            inner = area.adjusted(3, 3, -3, -3)
            paint.box(painter, inner, line=theme.colour(_WORDS[self._kind]), radius=radius - 2, width=2)

    def _paint_content(self, painter: QPainter) -> None:
        theme = Theme.current()
        words = self._words if self._busy_words is None else self._busy_words
        tone = _WORDS[self._kind] if self.isEnabled() else "text_secondary" if self.busy else "text_disabled"
        font, colour = theme.font(self._role), theme.colour(tone)
        icon = "loader" if self.busy else self._icon
        left, right = self._pad, self.width() - self._pad
        if self._key:
            cap = cap_size(self._key)
            place = QRect(right - cap.width(), (self.height() - cap.height()) // 2, cap.width(), cap.height())
            filled = _WORDS[self._kind] if self._kind in _FILLED and self.isEnabled() else None
            paint_cap(painter, paint.leading(self, place), self._key, filled=filled)
            right = place.left() - theme.px(10)
        if self._amount:
            wide = paint.width_of(self._amount, font)
            place = QRect(right - wide, 0, wide + 1, self.height())
            paint.words(painter, paint.leading(self, place), self._amount, font, colour)
            right -= wide + theme.px(16)
        size = theme.size("icon")
        content = paint.width_of(words, font) + (size + (theme.px(8) if words else 0) if icon else 0)
        if not (self._amount or (icon and self._key)):
            middle = (self.width() - content) // 2
            left = max(left, middle if middle + content <= right else left + (right - left - content) // 2)
        if icon:
            place = paint.leading(self, QRect(left, (self.height() - size) // 2, size, size))
            icon_tone = "text_secondary" if self._kind is Kind.PLAIN and self.isEnabled() else tone
            self._paint_icon(painter, place, icon, icon_tone)
            left += size + theme.px(8)
        place = paint.leading(self, QRect(left, 0, max(right - left, 0) + 1, self.height()))
        paint.words(painter, place, words, font, colour)

    def _paint_icon(self, painter: QPainter, place: QRect, name: str, tone: str) -> None:
        if not self.busy:
            paint.icon(painter, place, name, tone)
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        half = place.width() / 2
        painter.translate(place.x() + half, place.y() + half)
        painter.rotate(self._angle)
        paint.icon(painter, QRect(-round(half), -round(half), place.width(), place.width()), name, tone)
        painter.restore()

    # states

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not is_enter(event):
            super().keyPressEvent(event)
        elif not event.isAutoRepeat():
            self.click()

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._ring = event.reason() is not Qt.FocusReason.MouseFocusReason
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def enterEvent(self, event: QEnterEvent) -> None:
        self._hovered = True
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._hovered = False
        super().leaveEvent(event)
        self.update()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._run_or_stop()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._turning.stop()

    def _run_or_stop(self) -> None:
        if self.busy and self.isVisible() and not Theme.current().reduced_motion:
            self._turning.start()
        else:
            self._turning.stop()

    def _turn(self) -> None:
        self._angle = (self._angle + 30) % 360
        self.update()

    def _retheme(self) -> None:
        self.updateGeometry()
        self.update()


class IconButton(Button):
    """An icon alone: close, more, copy, previous and next, density, columns. `name` is tooltip and spoken."""

    def __init__(
        self,
        icon: str,
        name: str,
        kind: Kind | str = Kind.QUIET,
        *,
        height: str = "control_small",
        parent: QWidget | None = None,
    ) -> None:
        self._name = name
        super().__init__("", kind, icon=icon, height=height, parent=parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setToolTip(name)

    def _said(self) -> None:
        self.setAccessibleName(self._name)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        edge = Theme.current().size(self._height)
        return QSize(edge, edge)
