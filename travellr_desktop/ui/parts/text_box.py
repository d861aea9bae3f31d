"""Text of several lines under its label: descriptions, lists of a line each."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QSizePolicy, QVBoxLayout, QWidget

from travellr_desktop.ui.parts.field import count_words
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.theme import Theme


class _Lines(QPlainTextEdit):
    """Tab goes on to the next field; Ctrl+Enter belongs to the form."""

    def __init__(self, rows: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = rows
        self.setTabChangesFocus(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._retheme()
        Theme.current().changed.connect(self._retheme)

    def sizeHint(self) -> QSize:
        return QSize(160, self.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(80, self.height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def _retheme(self) -> None:
        self.setFont(Theme.current().font("body"))
        self.setFixedHeight(self._rows * self.fontMetrics().lineSpacing() + Theme.current().px(24))


class TextBox(QWidget):
    """A labelled box of `rows` lines that scrolls beyond them. `edited` tells each change by hand. `longest` as of a
    field."""

    edited = Signal(str)

    def __init__(
        self,
        label: str,
        *,
        rows: int = 4,
        placeholder: str = "",
        longest: int = 0,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.edit = _Lines(rows)
        self.edit.setPlaceholderText(placeholder)
        self.edit.setAccessibleName(label)
        self.setFocusProxy(self.edit)
        self._filling = False
        self._label = Label(label, "small_m", "text_secondary", elide=True)
        self._label.setBuddy(self.edit)
        self._longest = longest
        self._count = Label("", "small", "text_secondary")
        self._count.hide()
        self._error = Label("", "small", "bad", wrap=True)
        self._error.hide()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._label, 1)
        head.addWidget(self._count)
        column.addLayout(head)
        column.addWidget(self.edit)
        column.addWidget(self._error)
        self.edit.textChanged.connect(self._changed)

    def text(self) -> str:
        return self.edit.toPlainText()

    def set_text(self, text: str) -> None:
        self._filling = True
        self.edit.setPlainText(text)
        self._filling = False

    def set_error(self, sentence: str | None) -> None:
        """The sentence below; None takes it away."""
        self._error.setText(sentence or "")
        self._error.setVisible(bool(sentence))
        self.edit.setAccessibleDescription(sentence or "")

    @property
    def error(self) -> str:
        return self._error.text()

    def _changed(self) -> None:
        if self._longest:
            words, tone = count_words(self.text(), self._longest)
            self._count.setText(words)
            self._count.set_tone(tone)
            self._count.setVisible(bool(words))
        if not self._filling:
            self.edited.emit(self.text())
