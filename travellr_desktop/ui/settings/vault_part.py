"""The vault in the settings: opened, given another passphrase, or thrown away."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from travellr_desktop.errors import Refusal
from travellr_desktop.services.vault import VaultState
from travellr_desktop.ui.parts.button import Button, Kind
from travellr_desktop.ui.parts.field import Field
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.note import Note
from travellr_desktop.ui.settings.section import ActionRow


def _say(text: str) -> str:
    return QCoreApplication.translate("VaultPart", text)


class VaultPart(QWidget):
    """`unlocked(str)` with a passphrase, `changed(str, str)` with the old and a new one, `discarded()`."""

    unlocked = Signal(str)
    changed = Signal(str, str)
    discarded = Signal()

    def __init__(self, *, may_write: bool) -> None:
        super().__init__()
        self._may_write = may_write
        self._state = VaultState.NONE
        self.note = Note("wait", "-", icon="lock")
        self.passphrase = Field(_say("Passphrase"), password=True)
        self.fresh = Field(_say("New passphrase, ten characters or more"), password=True)
        self.again = Field(_say("The new passphrase again"), password=True)
        self.problem = Label("", "small", "bad", wrap=True)
        self.unlock = Button(_say("Unlock"), icon="key-round")
        self.change = Button(_say("Change the passphrase"))
        self.discard = Button(_say("Throw the vault away"), Kind.DANGER_PLAIN)
        self.row = ActionRow(self.unlock, self.change, self.discard)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        for part in (self.note, *self.fields, self.problem, self.row):
            column.addWidget(part)
        for field in self.fields:
            field.edit.setMaxLength(256)
            field.edited.connect(self._edited)
            field.entered.connect(self.send)
        self.unlock.clicked.connect(self.send)
        self.change.clicked.connect(self._change)
        self.discard.clicked.connect(self.discarded)
        self.show_state(VaultState.NONE)

    @property
    def fields(self) -> tuple[Field, ...]:
        return self.passphrase, self.fresh, self.again

    @property
    def changing(self) -> bool:
        return not self.fresh.isHidden()

    def show_state(self, state: VaultState) -> None:
        if state is not self._state or not self.changing:
            self._state = state
            self._open_change(False)
        locked, damaged = state is VaultState.LOCKED, state is VaultState.DAMAGED
        self.setVisible(locked or damaged or (state is VaultState.OPEN and self._may_write))
        self.note.setVisible(locked or damaged)
        if damaged:
            self.note.say(
                "bad",
                _say("The vault was damaged or changed"),
                _say(
                    "Nothing is taken out of it. Put the file back from a copy, or throw it away and enter a key."
                ),
            )
        else:
            self.note.say(
                "wait",
                _say("The vault is locked"),
                _say("Until it is opened no card is charged, and no money goes back to one."),
            )
        self.passphrase.setVisible(locked or self.changing)
        self.unlock.setVisible(locked)
        self.change.setVisible(state is VaultState.OPEN)
        self.discard.setVisible(self._may_write)

    def send(self) -> None:
        """What the fields are for just now."""
        if self._state is VaultState.LOCKED:
            if self.passphrase.text():
                self.unlocked.emit(self.passphrase.text())
            return
        if self.fresh.text() != self.again.text():
            self._mark(self.again, _say("The two are not the same."))
        elif self.passphrase.text() and self.fresh.text():
            self.changed.emit(self.passphrase.text(), self.fresh.text())

    def done(self) -> None:
        """Nothing of what was typed is left on the screen."""
        self._open_change(False)

    def refused(self, refusal: Refusal) -> None:
        words = str(refusal) if refusal.hint == "Correct the marked field." else f"{refusal} {refusal.hint}"
        if refusal.field == "fresh":
            self._mark(self.fresh, words)
        elif refusal.field == "passphrase":
            self._mark(self.passphrase, str(refusal))
        else:
            self.problem.setText(words)
            self.problem.show()

    def _change(self) -> None:
        if self.changing:
            self.send()
            return
        self._open_change(True)
        self.passphrase.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def _open_change(self, on: bool) -> None:
        for field in self.fields:
            field.set_text("")
            field.set_error(None)
        self.problem.hide()
        for field in (self.fresh, self.again):
            field.setVisible(on)
        self.passphrase.setVisible(on or self._state is VaultState.LOCKED)
        self.change.set_words(_say("Save the new passphrase") if on else _say("Change the passphrase"))

    def _edited(self, *_: object) -> None:
        for field in self.fields:
            field.set_error(None)
        self.problem.hide()

    @staticmethod
    def _mark(field: Field, words: str) -> None:
        field.set_error(words)
        field.edit.setFocus(Qt.FocusReason.OtherFocusReason)
