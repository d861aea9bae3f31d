"""Joining a central database: which way, where it is, as whom; what was found there, and how far it is."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from PySide6.QtCore import QCoreApplication, QSettings, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from travellr_desktop.errors import Refusal
from travellr_desktop.services.central.address import address_of, invited
from travellr_desktop.services.central.door import Found, SignIn
from travellr_desktop.ui.central.choice_card import ChoiceCard
from travellr_desktop.ui.last_folder import last_folder
from travellr_desktop.ui.parts.button import Button, Kind
from travellr_desktop.ui.parts.columns import Columns
from travellr_desktop.ui.parts.empty import ProgressNote
from travellr_desktop.ui.parts.field import Field
from travellr_desktop.ui.parts.note import Note
from travellr_desktop.ui.settings.section import ActionRow


def _say(text: str) -> str:
    return QCoreApplication.translate("CentralForm", text)


class Coming(StrEnum):
    """How a desk comes to a hub."""

    JOIN = "join"
    ENROL = "enrol"


class CentralForm(QWidget):
    """`tried(SignIn)` asks whether it works, `came(SignIn, Coming)` does it; the section sees to both."""

    tried = Signal(object)
    came = Signal(object, object)

    def __init__(self, memory: QSettings, *, first: bool = False) -> None:
        """`first`: the profile is new, and there is one way only."""
        super().__init__()
        self._memory = memory
        self._first = first
        self._plain_at = ""
        self._long = 0
        self._cancel: Callable[[], object] = lambda: None
        self.join = ChoiceCard(
            _say("Join with what is here"),
            _say("For a desk that has sold by itself: everything that is here goes there too."),
        )
        self.enrol = ChoiceCard(
            _say("Take everything from there"),
            _say("For a new desk: what is in this profile goes to the back-ups."),
        )
        self._ways = QButtonGroup(self)
        for card in (self.join, self.enrol):
            self._ways.addButton(card.radio)
        (self.enrol if first else self.join).radio.setChecked(True)
        self._ways.buttonToggled.connect(self._edited)
        self.where = Field(_say("Address, or the whole invitation"), placeholder="hub.example.com")
        self.login = Field(_say("Name of this desk there"), placeholder="desk_2")
        self.password = Field(_say("Password"), password=True)
        self.certificate = Field(_say("Certificate file, if it needs one"), placeholder="/…/root.crt")
        self.browse = Button(_say("Choose"), icon="file-text")
        self.browse.clicked.connect(self.choose_file)
        self.note = Note("info", "-")
        self.note.hide()
        self.progress = ProgressNote(_say("Moving rows"))
        self.progress.hide()
        self.progress.stopped.connect(self._stop)
        self.come = Button("", Kind.PRIMARY if first else Kind.PLAIN, icon="database")
        self.ask = Button(_say("Try it"), icon="wifi")
        self.foot = ActionRow(self.come, self.ask)
        self._build()
        self.where.edited.connect(self._pasted)
        self.come.clicked.connect(self.send)
        self.ask.clicked.connect(self.send_try)
        for field in self.fields:
            field.edit.setMaxLength(1_000)
            field.edited.connect(self._edited)
            field.entered.connect(self.send_try)
        self._edited()

    def _build(self) -> None:
        file = QWidget()
        row = QHBoxLayout(file)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.certificate, 1)
        row.addWidget(self.browse, 0, Qt.AlignmentFlag.AlignBottom)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        self._choice = QWidget()
        ways = QVBoxLayout(self._choice)
        ways.setContentsMargins(0, 0, 0, 0)
        ways.setSpacing(8)
        ways.addWidget(self.join)
        ways.addWidget(self.enrol)
        column.addWidget(self._choice)
        if self._first:
            self._choice.hide()
        column.addWidget(self.where)
        column.addWidget(Columns([self.login, self.password]))
        for part in (file, self.note, self.progress, self.foot):
            column.addWidget(part)

    def anew(self, where: str, login: str, *, again: bool) -> None:
        """For a desk that the hub knows already, and that has to take everything `again`."""
        if again and self.join.isVisibleTo(self):
            self.enrol.radio.setChecked(True)
            self.where.set_text(where)
            self.login.set_text(login)
        self.join.setVisible(not again)

    @property
    def fields(self) -> tuple[Field, ...]:
        return self.where, self.login, self.password, self.certificate

    @property
    def coming(self) -> Coming:
        return Coming.JOIN if self.join.radio.isChecked() else Coming.ENROL

    def choose_file(self) -> None:
        """Ask for the file of the certificate."""
        chosen, _ = QFileDialog.getOpenFileName(
            self,
            _say("Certificate"),
            str(last_folder(self._memory)),
            _say("Certificates (*.crt *.pem *.cer);;All files (*)"),
        )
        if chosen:
            self.certificate.set_text(chosen)
            self._edited()

    def _pasted(self, *_: object) -> None:
        """An invitation stands for the three fields; its password is not left to be read. One that is typed, letter by
        letter, is whole only for who tries it."""
        before, self._long = self._long, len(self.where.text())
        if self._long > before + 1:
            self._take_invitation()

    def _take_invitation(self) -> None:
        found = invited(self.where.text())
        if found is None:
            return
        self.where.set_text(found.address.where())
        self.login.set_text(found.address.login)
        self.password.set_text(found.password)
        self.password.edit.home(False)
        self._plain_at = self.where.text() if found.insecure else ""
        self._long = len(self.where.text())
        self._edited()
        self.ask.setFocus(Qt.FocusReason.OtherFocusReason)

    # sending

    def send(self) -> None:
        sign_in = self._sign_in()
        if sign_in is not None:
            self.came.emit(sign_in, self.coming)

    def send_try(self) -> None:
        sign_in = self._sign_in()
        if sign_in is not None:
            self.tried.emit(sign_in)

    def _sign_in(self) -> SignIn | None:
        self.note.hide()
        self._take_invitation()
        try:
            address = address_of(self.where.text(), self.login.text(), self.certificate.text())
        except Refusal as refusal:
            self.refuse(refusal)
            return None
        if not self.password.text():
            self.refuse(Refusal(_say("Enter the password."), field="password"))
            return None
        return SignIn(address, self.password.text(), insecure=self.where.text() == self._plain_at)

    # what came of it

    def found(self, found: Found) -> None:
        """Who answered, and whether the way that is chosen is the right one there."""
        agency = found.agency or _say("an agency")
        if found.of_vendor:
            self._found_vendor(agency)
        elif found.has_agency and self.coming is Coming.JOIN:
            self.note.say(
                "info",
                _say("It answers, and has {0} already.").format(agency),
                _say(
                    "What is here comes beside that; what becomes of it is said before. A desk that is new there "
                    "takes everything instead."
                ),
            )
        elif not found.has_agency and self.coming is Coming.ENROL:
            self.note.say(
                "wait",
                _say("It answers, and is empty."),
                _say("There is nothing to take yet: the agency's first desk joins with what it has."),
            )
        else:
            who = (
                _say("It answers: this is desk {0}.").format(found.desk)
                if found.desk
                else _say("It answers.")
            )
            second = (
                _say("It has {0}.").format(agency)
                if found.has_agency
                else _say("It is empty, and can be joined.")
            )
            self.note.say("ok", who, second)
            if self.ask.hasFocus():
                self.come.setFocus(Qt.FocusReason.OtherFocusReason)
        self.note.show()

    def _found_vendor(self, agency: str) -> None:
        if self.coming is Coming.JOIN:
            self.note.say(
                "wait",
                _say("It answers: this is a vendor's sign-in."),
                _say("A vendor brings nothing: take everything from there, which is what is theirs to see."),
            )
            return
        self.note.say(
            "ok",
            _say("It answers: this is a vendor's sign-in."),
            _say("What {0} has of them comes here, to be read. It keeps up by itself.").format(agency),
        )

    def refuse(self, refusal: Refusal) -> None:
        """At the field where it is that one's fault, else beside the buttons."""
        fields = {
            "address": self.where,
            "login": self.login,
            "password": self.password,
            "certificate": self.certificate,
        }
        field = fields.get(refusal.field or "")
        if field is not None:
            hint = "" if refusal.hint == "Correct the marked field." else refusal.hint
            field.set_error(f"{refusal} {hint}".strip())
            field.edit.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.note.say("bad", str(refusal), refusal.hint)
        self.note.show()

    def kept(self) -> None:
        """Nothing of the password is left on the screen."""
        self.password.set_text("")
        self._edited()

    # while it runs

    def start(self, cancel: Callable[[], object]) -> None:
        self._cancel = cancel
        self.progress.set_progress(0, 0)
        self.progress.start()

    def _stop(self) -> None:
        self._cancel()

    def far(self, done: int, everything: int) -> None:
        self.progress.set_progress(done, everything)

    def finish(self) -> None:
        self.progress.finish()

    def _edited(self, *_: object) -> None:
        for field in self.fields:
            field.set_error(None)
        self.come.set_words(_say("Join") if self.coming is Coming.JOIN else _say("Take everything"))
        lacking = not (self.where.text().strip() and self.login.text().strip() and self.password.text())
        self.foot.set_off(_say("Enter address, name and password first") if lacking else None)
        if not self.ask.busy:
            self.ask.set_off(_say("Enter address, name and password first") if lacking else None)
