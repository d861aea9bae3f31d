"""Entering a key: the key itself, where it is kept, and the passphrase of a vault that is made for it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from travellr_desktop.errors import OtherPaymentsKind, Refusal, SettingsInvalid
from travellr_desktop.services.provider import ProviderView
from travellr_desktop.services.secrets import Place
from travellr_desktop.services.vault import VaultState
from travellr_desktop.ui.parts.button import Button, Kind
from travellr_desktop.ui.parts.choice import Choice
from travellr_desktop.ui.parts.field import Field
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.settings.section import ActionRow


def _say(text: str) -> str:
    return QCoreApplication.translate("KeyForm", text)


_PLACES = {
    Place.KEYRING: ("In the system keyring", "It opens with your sign-in to this computer."),
    Place.VAULT: (
        "In a vault with a passphrase",
        "A sealed file in this profile. The passphrase is asked for once, at each start.",
    ),
    Place.SESSION: (
        "For this session only",
        "It is written nowhere, is gone when the program ends, and must be entered again.",
    ),
}


@dataclass(frozen=True, slots=True)
class KeyEntry:
    """What was typed. `passphrase` is empty where no vault is to be made."""

    key: str
    place: Place
    passphrase: str


class KeyForm(QWidget):
    """`entered(KeyEntry)` and `forgotten()` are what a person asks for; the section does it."""

    entered = Signal(object)
    forgotten = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._places: tuple[Place, ...] = ()
        self._vault = VaultState.NONE
        self.field = Field(_say("New restricted key"), placeholder="rk_test_… / rk_live_…", password=True)
        self.place = Choice(_say("Where it is kept"), [("", "")])
        self.why = Label("", "small", "text_secondary", wrap=True)
        self.passphrase = Field(_say("Passphrase of the vault, ten characters or more"), password=True)
        self.again = Field(_say("The passphrase again"), password=True)
        self.problem = Label("", "small", "bad", wrap=True)
        self.problem.hide()
        self.keep = Button(_say("Try and use the key"), icon="key-round")
        self.forget = Button(_say("Forget the key"), Kind.DANGER_PLAIN)
        self.foot = ActionRow(self.keep, self.forget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        parts = (self.field, self.place, self.why, self.passphrase, self.again, self.problem, self.foot)
        for part in parts:
            column.addWidget(part)
        for field in self._fields:
            field.edit.setMaxLength(2_000)
            field.edited.connect(self._edited)
            field.entered.connect(self.send)
        self.place.box.currentIndexChanged.connect(self._placed)
        self.keep.clicked.connect(self.send)
        self.forget.clicked.connect(self.forgotten)
        self._edited()

    @property
    def _fields(self) -> tuple[Field, ...]:
        return self.field, self.passphrase, self.again

    def show_view(self, view: ProviderView) -> None:
        """What is typed stays; so does a place that was chosen, as long as there is such a place."""
        places = tuple(place for place in view.places if place is not Place.VAULT or view.vault not in _SHUT)
        self._vault = view.vault
        if places != self._places:
            fresh, self._places = not self._places, places
            chosen = None if fresh else self.place.value()
            self.place.box.blockSignals(True)
            self.place.offer([(place.value, _say(_PLACES[place][0])) for place in places])
            best = (
                Place.VAULT
                if view.vault is VaultState.OPEN
                else places[0]
                if Place.KEYRING in places
                else places[-1]
            )
            self.place.set_value(chosen if chosen in places else best.value)
            self.place.box.blockSignals(False)
        self.forget.setVisible(view.entered)
        self._placed()

    def send(self) -> None:
        if not self.field.text().strip():
            return
        self.problem.hide()
        making = not self.passphrase.isHidden()
        if making and self.passphrase.text() != self.again.text():
            self._mark(self.again, _say("The two are not the same."))
            return
        passphrase = self.passphrase.text() if making else ""
        self.entered.emit(KeyEntry(self.field.text(), self._chosen, passphrase))

    def kept(self) -> None:
        """Nothing of what was typed is left on the screen."""
        for field in self._fields:
            field.set_text("")
        self._places = ()  # the next one goes where this one went, unless somebody says otherwise
        self._edited()

    def refused(self, refusal: Refusal) -> None:
        if refusal.field == "passphrase":
            self._mark(self.passphrase, _words(refusal))
        elif refusal.field == "place":
            self.place.set_error(str(refusal))
            self.place.box.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._mark(self.field, _words(refusal))

    def say_problem(self, refusal: Refusal) -> None:
        self.problem.setText(_words(refusal))
        self.problem.show()

    @property
    def _chosen(self) -> Place:
        return Place(self.place.value())

    def _placed(self, *_: object) -> None:
        self.place.set_error(None)
        place = self._chosen
        self.why.setText(_say(_PLACES[place][1]))
        making = place is Place.VAULT and self._vault is VaultState.NONE
        for field in (self.passphrase, self.again):
            field.setVisible(making)

    def _edited(self, *_: object) -> None:
        for field in self._fields:
            field.set_error(None)
        self.problem.hide()
        self.foot.set_off(None if self.field.text().strip() else _say("Enter a key first"))

    @staticmethod
    def _mark(field: Field, words: str) -> None:
        field.set_error(words)
        field.edit.setFocus(Qt.FocusReason.OtherFocusReason)


_SHUT = (VaultState.LOCKED, VaultState.DAMAGED)


def _words(refusal: Refusal) -> str:
    """With what to do next, where that is not simply to correct the field."""
    if isinstance(refusal, SettingsInvalid) and not isinstance(refusal, OtherPaymentsKind):
        return str(refusal)
    hint = "" if refusal.hint == "Correct the marked field." else refusal.hint
    return f"{refusal} {hint}".strip()
