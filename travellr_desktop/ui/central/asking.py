"""What is typed for a choice: a field or a list, as the value wants it."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from travellr_desktop.errors import InvalidInput
from travellr_desktop.services.central.views import Ask, AskKind
from travellr_desktop.ui.day_text import day_of, typed_day
from travellr_desktop.ui.parts.choice import Choice
from travellr_desktop.ui.parts.field import Field

LONGEST = 2_000


def _say(text: str) -> str:
    return QCoreApplication.translate("AskEditor", text)


class AskEditor(QWidget):
    """`edited` when something else stands there, `entered` when Enter was pressed in a field."""

    edited = Signal()
    entered = Signal()

    def __init__(self, ask: Ask, locale: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.ask, self._locale = ask, locale
        self.field: Field | None = None
        self.picked: Choice | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        if ask.kind is AskKind.PICK:
            self.picked = Choice(ask.label, ask.options)
            if ask.given in dict(ask.options):
                self.picked.set_value(ask.given)
            self.picked.box.currentIndexChanged.connect(self._changed)
            self.setFocusProxy(self.picked)
            column.addWidget(self.picked)
        else:
            self.field = Field(ask.label, text=self._shown(ask.given), unit=ask.unit)
            self.field.edit.setMaxLength(LONGEST)
            self.field.edited.connect(self._changed)
            self.field.entered.connect(self.entered)
            self.setFocusProxy(self.field.edit)
            column.addWidget(self.field)

    def _shown(self, given: str) -> str:
        if self.ask.kind is not AskKind.DAY or not given:
            return given
        try:
            return typed_day(date.fromisoformat(given), self._locale)
        except ValueError:
            return given  # the hub's word, as it is

    @property
    def control(self) -> QWidget:
        """What takes the keyboard: Qt gives no place in the order of Tab to what only passes it on."""
        if self.picked is not None:
            return self.picked.box
        assert self.field is not None
        return self.field.edit

    def text(self) -> str:
        """As it stands there, or the key of what is picked."""
        if self.picked is not None:
            return self.picked.value()
        assert self.field is not None
        return self.field.text()

    def set_text(self, text: str) -> None:
        """As `text`; a key that is not offered any more changes nothing."""
        if self.picked is not None:
            if text in dict(self.ask.options):
                self.picked.set_value(text)
        elif self.field is not None:
            self.field.set_text(text)

    def value(self) -> str:
        """As the services read it. Raises `InvalidInput` where it is no day."""
        text = self.text().strip()
        if self.ask.kind is AskKind.DAY and text:
            return day_of(text, self._locale, self.ask.field).isoformat()
        return text

    @property
    def lacking(self) -> bool:
        """Whether something has still to be typed, or chosen."""
        return self.ask.needed and not self.text().strip()

    def set_error(self, sentence: str | None) -> None:
        if self.picked is not None:
            self.picked.set_error(sentence)
        elif self.field is not None:
            self.field.set_error(sentence)

    def refuse(self, wrong: InvalidInput) -> None:
        """Say what is wrong with it, and put the keyboard there."""
        self.set_error(f"{wrong} {wrong.hint}".strip())
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _changed(self, *_: object) -> None:
        self.set_error(None)
        self.edited.emit()


def lacking_words(ask: Ask) -> str:
    """What is still to be typed, as a sentence."""
    return _say("Fill in first: {0}").format(ask.label)
