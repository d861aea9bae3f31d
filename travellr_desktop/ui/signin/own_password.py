"""The first sign-in with a password that somebody else gave: one's own is chosen before the work begins."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QWidget

from travellr_desktop.errors import Refusal
from travellr_desktop.ui.background import Background
from travellr_desktop.ui.parts.button import Button, Kind
from travellr_desktop.ui.parts.field import Field
from travellr_desktop.ui.people import People, SignedIn
from travellr_desktop.ui.signin.card import Card


class OwnPasswordCard(Card):
    signed_in = Signal(object)
    """A `SignedIn`."""
    left = Signal()
    """Back to the sign-in, with nothing changed."""

    def __init__(self, people: People, background: Background, parent: QWidget) -> None:
        super().__init__("", parent=parent)
        self._people, self._background = people, background
        self._email = self._given = ""
        self.title.setText(self.tr("Choose your password"))
        self.fresh = Field(self.tr("New password"), password=True, height="control_decision", parent=self)
        self.again = Field(self.tr("The same again"), password=True, height="control_decision", parent=self)
        self.fresh.set_note(self.tr("10 characters or more"))
        for field in (self.fresh, self.again):
            field.edit.setMaxLength(256)
            field.edited.connect(lambda _, field=field: field.set_error(None))
        self.fresh.entered.connect(lambda: self.again.edit.setFocus(Qt.FocusReason.TabFocusReason))
        self.again.entered.connect(self.submit)
        self.button = Button(
            self.tr("Keep it and sign in"), Kind.PRIMARY, key="Enter", height="control_primary", parent=self
        )
        self.button.clicked.connect(self.submit)
        self.back = Button(self.tr("Back"), Kind.QUIET, parent=self)
        self.back.clicked.connect(self.left)
        self.body.addWidget(self.fresh)
        self.body.addSpacing(14)
        self.body.addWidget(self.again)
        self.body.addSpacing(20)
        self.body.addWidget(self.button)
        self.body.addSpacing(8)
        self.body.addWidget(self.back, 0, Qt.AlignmentFlag.AlignLeft)

    def set_person(self, email: str, name: str, given: str) -> None:
        """Who signs in, and with which password they were let in this once."""
        self._email, self._given = email, given
        words = self.tr("{0}, the password you were given is only for this sign-in.")
        self.set_second(words.format(name))

    def begin(self) -> None:
        self.fresh.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def submit(self) -> None:
        fresh = self.fresh.text()
        if not fresh:
            self._wrong(self.fresh, self.tr("Enter a password."))
        elif fresh != self.again.text():
            self._wrong(self.again, self.tr("This is another password."))
        else:
            email, given = self._email, self._given
            self._background.run(
                self,
                lambda _: self._people.choose_password(email, given, fresh),
                words=self.tr("Signing in"),
                button=self.button,
                done=self._in,
                refused=self._refused,
            )

    def _in(self, signed_in: SignedIn) -> None:
        self._forget()
        self.signed_in.emit(signed_in)

    def _refused(self, refusal: Refusal) -> None:
        self._wrong(self.fresh, f"{refusal} {refusal.hint}".strip())

    @staticmethod
    def _wrong(field: Field, words: str) -> None:
        field.set_error(words)
        field.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def _forget(self) -> None:
        self._given = ""
        for field in (self.fresh, self.again):
            field.set_text("")
            field.set_error(None)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._forget()
