"""Filter chips: set ones are filled and can be taken away, the others open their choices."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from travellr_desktop.ui.parts import paint
from travellr_desktop.ui.parts.press import Pressable
from travellr_desktop.ui.theme import Theme


class Chip(Pressable):
    """A filter: its `name`, and its `value` in stronger type.

    `clicked` asks for the choices. `cleared` comes from the ×, from Delete or Backspace, only while it is
    set. Without a value the chip shows `unset_word`.
    """

    cleared = Signal()

    def __init__(
        self, name: str, value: str | None = None, *, unset_word: str = "any", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._name, self._unset_word = name, unset_word
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_value(value)

    @property
    def value(self) -> str | None:
        return self._value

    def set_value(self, value: str | None) -> None:
        self._value = value
        self.setAccessibleName(f"{self._name} {self._shown}".strip())
        self.setAccessibleDescription(self.tr("Delete clears this filter") if value is not None else "")
        self.setToolTip(f"{self._name}: {value}" if value and len(value) > 24 else "")
        self.retheme()

    @property
    def _shown(self) -> str:
        return self._unset_word if self._value is None else self._value

    def _value_width(self) -> int:
        theme = Theme.current()
        return min(paint.width_of(self._shown, theme.font("small_m")), theme.px(180))

    def sizeHint(self) -> QSize:
        theme = Theme.current()
        wide = paint.width_of(self._name, theme.font("small")) + self._value_width()
        gap = theme.px(8) if self._shown else 0
        return QSize(wide + gap + theme.px(12 + 8 + 14 + 10), theme.size("control_small"))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def _cross(self) -> QRect:
        theme = Theme.current()
        size = theme.size("icon_small")
        top = (self.height() - size) // 2
        return paint.leading(self, QRect(self.width() - theme.px(10) - size, top, size, size))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = Theme.current()
        is_set = self._value is not None
        line = theme.colour("focus" if self.ring else "selection_strong" if is_set else "border")
        fill = "selection" if is_set else "pressed" if self.isDown() else "hover" if self.over else "raised"
        with QPainter(self) as painter:
            radius, width = self.height() / 2, 2 if self.ring else 1
            paint.box(painter, self.rect(), fill=theme.colour(fill), line=line, radius=radius, width=width)
            left = theme.px(12)
            name, value = theme.font("small"), theme.font("small_m")
            wide = paint.width_of(self._name, name)
            place = paint.leading(self, QRect(left, 0, wide + 1, self.height()))
            paint.words(painter, place, self._name, name, theme.colour("text_secondary"))
            place = paint.leading(
                self, QRect(left + wide + theme.px(8), 0, self._value_width() + 1, self.height())
            )
            tone = theme.colour("on_selection" if is_set else "text")
            paint.words(painter, place, self._shown, value, tone, elide=True)
            paint.icon(painter, self._cross(), "x" if is_set else "chevron-down", "text_secondary")

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        target = self._cross().adjusted(-5, -7, 8, 7)
        if self._value is not None and self.isDown() and target.contains(event.position().toPoint()):
            self.setDown(False)
            self.cleared.emit()
            return
        super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._value is not None and event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.cleared.emit()
            return
        super().keyPressEvent(event)
