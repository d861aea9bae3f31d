"""Messages beside the work: a bold first sentence, a plain second, one action."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from travellr_desktop.ui.parts import paint
from travellr_desktop.ui.parts.button import Button
from travellr_desktop.ui.parts.field import Glyph
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.theme import Theme

_ICONS = {
    "info": "info",
    "wait": "circle-alert",
    "bad": "circle-x",
    "unknown": "circle-question-mark",
    "ok": "circle-check",
}


class Note(QWidget):
    """`tone` is info, wait, bad, unknown (dashed) or ok. `acted` comes from its one action."""

    acted = Signal()

    def __init__(
        self,
        tone: str,
        first: str,
        second: str = "",
        *,
        icon: str = "",
        action: str = "",
        key: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._icon = Glyph(icon or _ICONS[tone], tone)
        self._first = Label("", "body_b", tone, wrap=True)
        self._second = Label("", "small", "text", wrap=True)
        self._button = Button("", key=key, height="control_small")
        self._button.clicked.connect(self.acted)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._first)
        words.addWidget(self._second)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 10, 10, 10)
        row.setSpacing(10)
        icon_column = QVBoxLayout()
        icon_column.setContentsMargins(0, 2, 0, 0)
        icon_column.addWidget(self._icon)
        icon_column.addStretch(1)
        row.addLayout(icon_column)
        row.addLayout(words, 1)
        row.addWidget(self._button, 0, Qt.AlignmentFlag.AlignVCenter)
        self.say(tone, first, second, icon=icon, action=action)
        Theme.current().changed.connect(self.update)

    def say(self, tone: str, first: str, second: str = "", *, icon: str = "", action: str = "") -> None:
        """Another message in the same place; screen readers are told."""
        self._tone = tone
        self._icon.set(icon or _ICONS[tone], tone)
        self._first.setText(first)
        self._first.set_tone(tone)
        self._second.setText(second)
        self._second.setVisible(bool(second))
        self._button.set_words(action)
        self._button.setVisible(bool(action))
        self.setAccessibleName(f"{first} {second}".strip())
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))
        self.update()

    @property
    def tone(self) -> str:
        return self._tone

    @property
    def button(self) -> Button:
        return self._button

    def minimumSizeHint(self) -> QSize:
        return QSize(Theme.current().px(160), super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = Theme.current()
        with QPainter(self) as painter:
            unknown = self._tone == "unknown"
            line = theme.colour(f"{self._tone}.line")
            if unknown:
                line = paint.mix(line, theme.colour("unknown"), 0.45)  # dashes need more ink than a line
            fill = theme.colour(f"{self._tone}.fill")
            paint.box(painter, self.rect(), fill=fill, line=line, radius=theme.radius("note"), dashed=unknown)
