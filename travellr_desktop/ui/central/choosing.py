"""What may be done about an entry: one card a choice, of which one is chosen."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QButtonGroup, QVBoxLayout, QWidget

from travellr_desktop.errors import InvalidInput
from travellr_desktop.services.central.views import Choice
from travellr_desktop.ui.central.asking import AskEditor, lacking_words
from travellr_desktop.ui.central.choice_card import ChoiceCard


class Choosing(QWidget):
    """`changed` when another card is chosen, or something was typed; `entered` when Enter was pressed in a field."""

    changed = Signal()
    entered = Signal()

    def __init__(self, locale: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cards: tuple[ChoiceCard, ...] = ()
        self._locale = locale
        self._choices: tuple[Choice, ...] = ()
        self._group = QButtonGroup(self)
        self._group.buttonToggled.connect(self._chosen)
        self._cards = QVBoxLayout(self)
        self._cards.setContentsMargins(0, 0, 0, 0)
        self._cards.setSpacing(8)

    def offer(self, choices: Sequence[Choice], *, same: bool = False) -> None:
        """Other choices: the first that can be chosen is. Of the `same` thing the one that was, with what was typed and
        the keyboard where it was."""
        if same and tuple(choices) == self._choices:
            return
        before, had_focus, typed = self._as_it_is()
        for card in self.cards:
            self._group.removeButton(card.radio)
            self._cards.removeWidget(card)
            card.hide()
            card.deleteLater()
        self._choices = tuple(choices)
        self.cards = tuple(self._card(each, str(at)) for at, each in enumerate(choices, 1))
        for card in self.cards:
            self._group.addButton(card.radio)
            self._cards.addWidget(card)
            card.edited.connect(self.changed)
            card.entered.connect(self.entered)
            card.show()
        can = [card for card in self.cards if not card.off]
        again = [card for card in can if same and before is not None and self._of(card).kind is before.kind]
        if again:
            self._put_back(again[0], typed, had_focus)
        elif can:
            can[0].radio.setChecked(True)
        self.changed.emit()

    def _card(self, choice: Choice, key: str) -> ChoiceCard:
        asks = () if choice.off else choice.asks
        editors = [AskEditor(ask, self._locale) for ask in asks]
        return ChoiceCard(choice.words, choice.follows, key=key, off=choice.off, editors=editors, parent=self)

    def _as_it_is(self) -> tuple[Choice | None, int | None, list[str]]:
        """What is chosen, which of its controls has the keyboard (0 the radio button), and what was typed."""
        card = self.card
        if card is None:
            return None, None, []
        focus = QApplication.focusWidget()
        controls: list[QWidget] = [card.radio, *card.editors]
        at = next((i for i, each in enumerate(controls) if focus is not None and _holds(each, focus)), None)
        return self._of(card), at, [editor.text() for editor in card.editors]

    def _put_back(self, card: ChoiceCard, typed: list[str], had_focus: int | None) -> None:
        card.radio.setChecked(True)
        for editor, text in zip(card.editors, typed, strict=False):
            editor.set_text(text)
        controls: list[QWidget] = [card.radio, *card.editors]
        if had_focus is not None and had_focus < len(controls):
            controls[had_focus].setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def card(self) -> ChoiceCard | None:
        """The chosen one; None where nothing can be chosen."""
        return next((card for card in self.cards if card.radio.isChecked()), None)

    @property
    def choice(self) -> Choice | None:
        card = self.card
        return None if card is None else self._of(card)

    def _of(self, card: ChoiceCard) -> Choice:
        return self._choices[self.cards.index(card)]

    @property
    def editors(self) -> tuple[AskEditor, ...]:
        """Those of what is chosen."""
        card = self.card
        return () if card is None else card.editors

    def values(self) -> dict[str, str]:
        """What was typed for what is chosen, by the names of the fields. Raises `InvalidInput`."""
        return {editor.ask.field: editor.value() for editor in self.editors}

    @property
    def lacking(self) -> str:
        """What is still to be typed, as a sentence; empty where nothing is."""
        return next((lacking_words(editor.ask) for editor in self.editors if editor.lacking), "")

    def choose(self, number: int) -> None:
        """By its digit, from 1."""
        if 1 <= number <= len(self.cards) and self.cards[number - 1].radio.isEnabled():
            self.cards[number - 1].radio.setChecked(True)
            self.cards[number - 1].radio.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def focus_chosen(self) -> None:
        card = self.card
        if card is not None:
            card.radio.setFocus(Qt.FocusReason.OtherFocusReason)

    def refuse(self, wrong: InvalidInput) -> bool:
        """Say it at the field that is at fault; False where none of those that are shown is."""
        for editor in self.editors:
            if editor.ask.field == wrong.field:
                editor.refuse(wrong)
                return True
        return False

    def _chosen(self, _button: object, on: bool) -> None:
        if on:
            self.changed.emit()


def _holds(control: QWidget, focus: QWidget) -> bool:
    return control is focus or control.isAncestorOf(focus)
