"""A person's own sign-in at the central database, for what a desk's is not enough."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from travellr_desktop.errors import Refusal
from travellr_desktop.ui.parts.button import Button
from travellr_desktop.ui.parts.columns import Columns
from travellr_desktop.ui.parts.field import Field
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.note import Note
from travellr_desktop.ui.settings.section import ActionRow


def _say(text: str) -> str:
    return QCoreApplication.translate("CentralPerson", text)


class CentralPerson(QWidget):
    """`sent(login, password)` signs the person in; the section sees to it."""

    sent = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self.title = Label(_say("Your own sign-in there"), "lead")
        self.why = Label(
            _say(
                "Approving payouts and refunds, and changing other people's accounts, takes your own word there."
            ),
            "small",
            "text_secondary",
            wrap=True,
        )
        self.login = Field(_say("Your name there"), placeholder="user_mira")
        self.password = Field(_say("Password"), password=True)
        self.fields = Columns([self.login, self.password])
        self.note = Note("ok", _say("You are signed in there until Travellr is closed."))
        self.enter = Button(_say("Sign in there"), icon="database")
        self.foot = ActionRow(self.enter)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(12)
        for part in (self.title, self.why, self.note, self.fields, self.foot):
            column.addWidget(part)
        self.enter.clicked.connect(self.send)
        for field in (self.login, self.password):
            field.edit.setMaxLength(1_000)
            field.entered.connect(self.send)
        self.show_signed_in(False)

    def show_signed_in(self, signed_in: bool) -> None:
        self.note.setVisible(signed_in)
        for part in (self.why, self.fields, self.foot):
            part.setVisible(not signed_in)
        if signed_in:
            self.password.set_text("")  # nothing of it is left on the screen

    def send(self) -> None:
        if not self.login.text().strip():
            self.refuse(Refusal(_say("Enter the name that you were given."), field="login"))
        elif not self.password.text():
            self.refuse(Refusal(_say("Enter the password."), field="password"))
        else:
            self.sent.emit(self.login.text(), self.password.text())

    def refuse(self, refusal: Refusal) -> None:
        field = self.password if refusal.field == "password" else self.login
        field.set_error(f"{refusal} {refusal.hint}".strip())
        field.edit.setFocus()
