"""The list of sections at the side of the settings."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QSizePolicy, QVBoxLayout

from travellr_desktop.ui.parts import paint
from travellr_desktop.ui.parts.pane import Pane
from travellr_desktop.ui.parts.press import Pressable
from travellr_desktop.ui.theme import Theme

_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


class SectionItem(Pressable):
    def __init__(self, words: str, icon: str, parent: Pane) -> None:
        super().__init__(parent)
        self._words, self._icon = words, icon
        self.setCheckable(True)
        self.setAccessibleName(words)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        theme = Theme.current()
        wide = paint.width_of(self._words, theme.font("body_b"))
        return QSize(theme.px(10 + 10 + 8) + theme.size("icon") + wide, theme.size("control"))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, area, on = Theme.current(), self.rect(), self.isChecked()
        radius, size = theme.radius("control"), theme.size("icon")
        with QPainter(self) as painter:
            if on or self.over:
                fill = theme.colour("selection" if on else "hover")
                paint.box(painter, area, fill=fill, radius=radius)
            if on:
                bar = QRect(0, 8, theme.size("selection_bar"), area.height() - 16)
                painter.fillRect(paint.leading(self, bar), theme.colour("accent"))
            if self.ring:
                paint.box(painter, area, line=theme.colour("focus"), radius=radius, width=2)
            left = theme.px(10)
            place = paint.leading(self, QRect(left, (area.height() - size) // 2, size, size))
            paint.icon(painter, place, self._icon, "accent_text" if on else "text_secondary")
            left += size + theme.px(10)
            room = paint.leading(self, QRect(left, 0, area.width() - left, area.height()))
            tone = "on_selection" if on else "text"
            font = theme.font("body_b" if on else "body_m")
            paint.words(painter, room, self._words, font, theme.colour(tone))


class SectionList(Pane):
    """One stop for Tab; arrows move. `chosen` tells the key of a section a person asked for."""

    chosen = Signal(str)

    def __init__(self, name: str) -> None:
        super().__init__("surface", edges=("right",))
        self.setAccessibleName(name)
        self.items: dict[str, SectionItem] = {}
        self._group = QButtonGroup(self)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(8, 16, 9, 16)
        self._column.setSpacing(2)
        self._column.addStretch(1)
        Theme.current().changed.connect(self.updateGeometry)

    def add(self, key: str, words: str, icon: str) -> None:
        item = SectionItem(words, icon, self)
        self.items[key] = item
        self._group.addButton(item)
        self._column.insertWidget(self._column.count() - 1, item)
        item.clicked.connect(lambda: self.chosen.emit(key))
        item.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        if len(self.items) == 1:
            self.set_current(key)

    def set_shown(self, key: str, shown: bool) -> None:
        """One that is not shown cannot be gone to; where it was the current one, the one before it is."""
        self.items[key].setVisible(shown)
        if not shown and self.current == key:
            keys = list(self.items)
            self.set_current(keys[keys.index(key) - 1])

    @property
    def current(self) -> str:
        return next(key for key, item in self.items.items() if item.isChecked())

    def set_current(self, key: str) -> None:
        """Mark a section as the one that is seen, without telling."""
        for other, item in self.items.items():
            item.setFocusPolicy(Qt.FocusPolicy.StrongFocus if other == key else Qt.FocusPolicy.ClickFocus)
        self.items[key].setChecked(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        keys = [key for key, item in self.items.items() if not item.isHidden()]
        at = keys.index(self.current) + step
        if 0 <= at < len(keys):
            self.set_current(keys[at])
            self.items[keys[at]].setFocus(Qt.FocusReason.TabFocusReason)
            self.chosen.emit(keys[at])
