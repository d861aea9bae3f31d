"""What may be done about an entry: one card a choice, its sentence of what follows, and what has to be typed for
it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from travellr_desktop.services.central.views import Choice, ChoiceKind
from travellr_desktop.ui.parts import paint
from travellr_desktop.ui.parts.choices import RadioButton
from travellr_desktop.ui.parts.field import Field
from travellr_desktop.ui.parts.keycap import KeyCap
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.theme import Theme


def _say(text: str) -> str:
    return QCoreApplication.translate("Choosing", text)


class ChoiceCard(QWidget):
    """A radio button with what follows below it; one that is `off` says why in the same place. `key` is the digit
    that chooses it, where there is one."""

    def __init__(
        self, words: str, follows: str, *, key: str = "", off: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.off = off
        self.radio = RadioButton(words)
        self.radio.setEnabled(not off)
        self.radio.setAccessibleDescription(off or follows)
        self.radio.toggled.connect(self.update)
        tone = "text_muted" if off else "text_secondary"
        self.follows = Label(off or follows, "body", tone, wrap=True)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.radio)
        head.addStretch(1)
        if key and not off:
            head.addWidget(KeyCap(key))
        row = QVBoxLayout(self)
        row.setContentsMargins(12, 10, 12, 12)
        row.setSpacing(4)
        row.addLayout(head)
        below = QHBoxLayout()
        below.addSpacing(26)
        below.addWidget(self.follows, 1)
        row.addLayout(below)
        Theme.current().changed.connect(self.update)

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


class Choosing(QWidget):
    """`changed` when another card is chosen, or something was typed; `entered` when Enter was pressed in the
    field."""

    changed = Signal()
    entered = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cards: tuple[ChoiceCard, ...] = ()
        self._choices: tuple[Choice, ...] = ()
        self._group = QButtonGroup(self)
        self._group.buttonToggled.connect(self._chosen)
        self.field = Field(_say("Value"))
        self.field.edit.setMaxLength(2_000)
        self.field.edited.connect(self._edited)
        self.field.entered.connect(self.entered)
        self.field.hide()
        self._cards = QVBoxLayout()
        self._cards.setSpacing(8)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(self._cards)
        column.addWidget(self.field)

    def offer(self, choices: Sequence[Choice], *, same: bool = False) -> None:
        """Other choices: the first that can be chosen is; of the `same` thing the one that was, with what was typed."""
        chosen, typed = self.choice, self.typed
        for card in self.cards:
            self._group.removeButton(card.radio)
            self._cards.removeWidget(card)
            card.hide()
            card.deleteLater()
        self._choices = tuple(choices)
        self.cards = tuple(
            ChoiceCard(each.words, each.follows, key=str(at), off=each.off, parent=self)
            for at, each in enumerate(choices, 1)
        )
        for card in self.cards:
            self._group.addButton(card.radio)
            self._cards.addWidget(card)
            card.show()
        first = next((card for card in self.cards if not card.off), None)
        if first is not None:
            first.radio.setChecked(True)
        self._show_field()
        if not same or chosen is None:
            return
        for card, choice in zip(self.cards, self._choices, strict=True):
            if choice.kind is chosen.kind and not card.off:
                card.radio.setChecked(True)
                if choice.asks:
                    self.field.set_text(typed)
                    self._edited()

    @property
    def choice(self) -> Choice | None:
        """What is chosen; None where nothing can be."""
        return next(
            (
                choice
                for card, choice in zip(self.cards, self._choices, strict=True)
                if card.radio.isChecked()
            ),
            None,
        )

    @property
    def typed(self) -> str:
        return "" if self.field.isHidden() else self.field.text()

    @property
    def lacking(self) -> str:
        """What is still to be typed, as a sentence; empty where nothing is."""
        choice = self.choice
        if choice is None or not choice.needed or self.typed.strip():
            return ""
        return _say("Enter a reason first") if choice.kind is ChoiceKind.DROP else _say("Enter a value first")

    def choose(self, number: int) -> None:
        """By its digit, from 1."""
        if 1 <= number <= len(self.cards) and self.cards[number - 1].radio.isEnabled():
            self.cards[number - 1].radio.setChecked(True)
            self.cards[number - 1].radio.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def focus_chosen(self) -> None:
        for card in self.cards:
            if card.radio.isChecked():
                card.radio.setFocus(Qt.FocusReason.OtherFocusReason)

    def set_error(self, sentence: str | None) -> None:
        self.field.set_error(sentence)
        if sentence:
            self.field.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def _chosen(self, _button: object, on: bool) -> None:
        if on:
            self._show_field()

    def _show_field(self) -> None:
        choice = self.choice
        asks = choice.asks if choice is not None else ""
        self.field.setVisible(bool(asks))
        self.field.set_error(None)
        if choice is not None and asks:
            self.field.set_label(asks)
            self.field.edit.setAccessibleName(asks)
            self.field.set_text(choice.given)
        self.changed.emit()

    def _edited(self, *_: object) -> None:
        self.field.set_error(None)
        self.changed.emit()
