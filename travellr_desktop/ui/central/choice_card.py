"""One way to settle an entry: a radio button, what follows, and what has to be typed for it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from travellr_desktop.ui.central.asking import AskEditor
from travellr_desktop.ui.parts import paint
from travellr_desktop.ui.parts.choices import RadioButton
from travellr_desktop.ui.parts.keycap import KeyCap
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.theme import Theme

_INDENT = 26
"""Words below the radio button stand under its own."""


class ChoiceCard(QWidget):
    """One that is `off` says why in the place of what follows. `key` is the digit that chooses it. Its editors are
    shown while it is chosen."""

    edited = Signal()
    entered = Signal()

    def __init__(
        self,
        words: str,
        follows: str,
        *,
        key: str = "",
        off: str = "",
        editors: Sequence[AskEditor] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.off, self.editors = off, tuple(editors)
        self.radio = RadioButton(words)
        self.radio.setEnabled(not off)
        self.radio.setAccessibleDescription(off or follows)
        self.radio.toggled.connect(self._toggled)
        tone = "text_muted" if off else "text_secondary"
        self.follows = Label(off or follows, "body", tone, wrap=True)
        self._asked = QWidget()
        self._asked.hide()
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._build(key)
        Theme.current().changed.connect(self.update)

    def _build(self, key: str) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.radio)
        head.addStretch(1)
        if key and not self.off:
            head.addWidget(KeyCap(key))
        asked = QVBoxLayout(self._asked)
        asked.setContentsMargins(0, 8, 0, 0)
        asked.setSpacing(8)
        for editor in self.editors:
            editor.edited.connect(self.edited)
            editor.entered.connect(self.entered)
            asked.addWidget(editor)
        below = QVBoxLayout()
        below.setSpacing(0)
        below.addWidget(self.follows)
        below.addWidget(self._asked)
        indented = QHBoxLayout()
        indented.addSpacing(_INDENT)
        indented.addLayout(below, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 12)
        column.setSpacing(4)
        column.addLayout(head)
        column.addLayout(indented)

    @property
    def controls(self) -> tuple[QWidget, ...]:
        """What is typed into, in order."""
        return tuple(editor.control for editor in self.editors)

    def _toggled(self, on: bool) -> None:
        self._asked.setVisible(on and bool(self.editors))
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self.radio.isEnabled():
            self.radio.setChecked(True)
            self.radio.setFocus(Qt.FocusReason.MouseFocusReason)

    def minimumSizeHint(self) -> QSize:
        return QSize(Theme.current().px(200), super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = Theme.current()
        chosen = self.radio.isChecked()
        with QPainter(self) as painter:
            paint.box(
                painter,
                self.rect(),
                fill=theme.colour("selection" if chosen else "surface"),
                line=theme.colour("accent" if chosen else "border"),
                radius=theme.radius("card"),
                width=2 if chosen else 1,
            )
