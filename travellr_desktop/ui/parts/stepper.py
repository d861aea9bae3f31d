"""A number with a minus and a plus beside it: travellers of a type, copies."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QSpinBox, QWidget

from travellr_desktop.ui.parts import paint
from travellr_desktop.ui.parts.button import IconButton, Kind
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.theme import Theme


class _Count(QSpinBox):
    """The number itself: arrows, digits, Home and End come from Qt, so do the words for screen readers."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("part", "count")
        self.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setFrame(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self._retheme()
        Theme.current().changed.connect(self._retheme)

    def event(self, event: QEvent) -> bool:
        """Letters are no number: they stay the keys of the screen."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            typed = event.text()
            if typed.isprintable() and typed and not typed.isdigit():
                event.ignore()
                return False
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.hasFocus():
            theme = Theme.current()
            with QPainter(self) as painter:
                line, radius = theme.colour("focus"), theme.radius("control")
                paint.box(painter, self.rect().adjusted(2, 0, -2, 0), line=line, radius=radius, width=2)

    def _retheme(self) -> None:
        theme = Theme.current()
        self.setFont(theme.font("body_b"))
        self.setFixedSize(theme.px(36), theme.size("control_small"))


class Stepper(QWidget):
    """`label`, a quieter `hint` after it, and − n + at the trailing edge. `changed(int)` tells each."""

    changed = Signal(int)

    def __init__(
        self,
        label: str,
        value: int = 0,
        *,
        minimum: int = 0,
        maximum: int = 99,
        hint: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._less = IconButton("minus", self.tr("{0}: one less").format(label), Kind.PLAIN)
        self._more = IconButton("plus", self.tr("{0}: one more").format(label), Kind.PLAIN)
        self._count = _Count()
        self._count.setRange(minimum, maximum)
        self._count.setValue(value)
        for spoken in (self._count, self._count.lineEdit()):
            spoken.setAccessibleName(f"{label} {hint}".strip())
        self.setFocusProxy(self._count)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(Label(label, "body_m"))
        row.addSpacing(8)
        row.addWidget(Label(hint, "small", "text_muted", elide=True), 1)
        for part in (self._less, self._count, self._more):
            row.addWidget(part)
        for button, step in ((self._less, -1), (self._more, 1)):
            # one tab stop a stepper: the keys of the number do what the buttons do
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.setAutoRepeat(True)
            button.clicked.connect(self._count.stepDown if step < 0 else self._count.stepUp)
        self._count.valueChanged.connect(self._on_value)
        self._ends(value)

    def value(self) -> int:
        return self._count.value()

    def set_value(self, value: int) -> None:
        self._count.setValue(value)

    def _on_value(self, value: int) -> None:
        self._ends(value)
        self.changed.emit(value)

    def _ends(self, value: int) -> None:
        self._less.setEnabled(value > self._count.minimum())
        self._more.setEnabled(value < self._count.maximum())
