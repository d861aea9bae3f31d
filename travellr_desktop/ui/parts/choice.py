"""A drop-down list among fields."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from travellr_desktop.ui.parts.choices import ComboBox
from travellr_desktop.ui.parts.label import Label


class Choice(QWidget):
    """A drop-down list with its label above, as fields have theirs."""

    def __init__(self, label: str, choices: Sequence[tuple[str, str]], parent: QWidget | None = None) -> None:
        """`choices` are pairs of a key and the words for it."""
        super().__init__(parent)
        self._keys = tuple(key for key, _ in choices)
        self.box = ComboBox(label, [words for _, words in choices])
        self.setFocusProxy(self.box)
        heading = Label(label, "small_m", "text_secondary", elide=True)
        heading.setBuddy(self.box)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(heading)
        column.addWidget(self.box)
        self._error = Label("", "small", "bad", wrap=True)
        self._error.hide()
        column.addWidget(self._error)

    def offer(self, choices: Sequence[tuple[str, str]]) -> None:
        """Other choices in place of those there; the first is chosen."""
        self._keys = tuple(key for key, _ in choices)
        self.box.clear()
        self.box.addItems([words for _, words in choices])

    def value(self) -> str:
        return self._keys[self.box.currentIndex()]

    def set_value(self, key: str) -> None:
        """Choose; KeyError for an unknown key."""
        if key not in self._keys:
            raise KeyError(key)
        self.box.setCurrentIndex(self._keys.index(key))

    def set_error(self, sentence: str | None) -> None:
        """Red border and the sentence below; None takes them away."""
        self._error.setText(sentence or "")
        self._error.setVisible(bool(sentence))
        self.box.set_error(bool(sentence))
        self.box.setAccessibleDescription(sentence or "")

    @property
    def error(self) -> str:
        return self._error.text()

    def words(self) -> str:
        return self.box.currentText()
