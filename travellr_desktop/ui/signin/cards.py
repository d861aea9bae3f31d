"""Signing in, and unlocking."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from travellr_desktop.domain.clock import Clock
from travellr_desktop.domain.permissions import Actor
from travellr_desktop.domain.text import is_rtl
from travellr_desktop.errors import Refusal, SignInRefused
from travellr_desktop.ui.background import Background
from travellr_desktop.ui.parts.button import Button, Kind
from travellr_desktop.ui.parts.field import Field, Glyph
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.pane import Divider
from travellr_desktop.ui.people import People, SignedIn
from travellr_desktop.ui.signin.card import Card
from travellr_desktop.ui.signin.wait import Countdown, in_words
from travellr_desktop.ui.station import Station

LONG_TITLE = 44
"""Signs. A longer title is set smaller, or it would be most of the card."""


def _apart(name: str) -> str:
    """A name inside a sentence: each keeps its own direction of writing.

    The marks only where they are needed: no face of ours has them, and the one that steps in sets the line lower.
    """
    return f"\u2068{name}\u2069" if is_rtl(name) else name


class PasswordCard(Card):
    """What signing in and unlocking share: the password, the button, the wait after failures."""

    def __init__(self, people: People, background: Background, clock: Clock, parent: QWidget) -> None:
        super().__init__("", parent=parent)
        self.people = people
        self.background = background
        self._sentence = ""
        self.wait = Countdown(clock, self)
        self.wait.changed.connect(self._waiting)

    def _add_password(self, words: str) -> None:
        """Make password and button; after what stands above them, which so comes first for Tab."""
        self.password = Field(self.tr("Password"), password=True, height="control_decision", parent=self)
        self.password.edit.setMaxLength(256)
        self.password.edited.connect(self._clear_error)
        self.password.entered.connect(self.submit)
        self.button = Button(words, Kind.PRIMARY, key="Enter", height="control_primary", parent=self)
        self.button.clicked.connect(self.submit)

    def submit(self) -> None:
        """Try what was typed."""
        raise NotImplementedError

    def _clear_error(self) -> None:
        self._sentence = ""
        self._say()

    def _say(self) -> None:
        """What was refused, and while there is one, the wait: the button that is off has its reason beside it."""
        left = self.wait.left
        wait = self.tr("The next try is in {0}.").format(in_words(left)) if left else ""
        self.password.set_error(f"{self._sentence} {wait}".strip() or None)

    def _waiting(self, left: int) -> None:
        self.button.set_off(self.tr("Several tries failed") if left else None)
        self._say()

    def _refused(self, refusal: Refusal) -> None:
        hint = "" if isinstance(refusal, SignInRefused) else refusal.hint
        self._sentence = f"{refusal} {hint}".strip()
        self._say()
        self.password.edit.selectAll()
        self.password.edit.setFocus(Qt.FocusReason.OtherFocusReason)
        if isinstance(refusal, SignInRefused) and refusal.wait_seconds > 0:
            self.wait.start(refusal.wait_seconds)

    def _empty_password(self) -> bool:
        if self.password.text():
            return False
        self.password.set_error(self.tr("Enter your password."))
        self.password.edit.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def _forget_password(self) -> None:
        self.password.set_text("")
        self._clear_error()
        self.password.edit.setEchoMode(QLineEdit.EchoMode.Password)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._forget_password()


class SignInCard(PasswordCard):
    """Email and password."""

    signed_in = Signal(object)
    """A `SignedIn`."""
    own_wanted = Signal(object, str)
    """A `SignedIn` whose password has to be changed first, and that password."""

    def __init__(self, people: People, background: Background, clock: Clock, parent: QWidget) -> None:
        super().__init__(people, background, clock, parent)
        self.email = Field(self.tr("Email"), height="control_decision", parent=self)
        self.email.edit.setMaxLength(254)
        self.email.edit.setInputMethodHints(Qt.InputMethodHint.ImhEmailCharactersOnly)
        self.email.edited.connect(lambda: self.email.set_error(None))
        self.email.entered.connect(self._to_password)
        self._add_password(self.tr("Sign in"))
        self._foot = QWidget(self)
        self.note = Label("", "small", "text_secondary", wrap=True, parent=self._foot)
        self._note_icon = Glyph("info", "info", "icon_small", self._foot)
        self._lay_out()
        self.set_station(Station())
        self.set_note("")

    def set_station(self, station: Station) -> None:
        words = (
            self.tr("Sign in to {0}").format(_apart(station.agency)) if station.agency else self.tr("Sign in")
        )
        self.title.setText(words)
        self.title.set_role("title" if len(words) > LONG_TITLE else "figure")
        self.set_second(station.desk)

    def set_note(self, words: str, icon: str = "info", tone: str = "info") -> None:
        """A line at the foot of the card; empty takes it away."""
        self.note.setText(words)
        self._note_icon.set(icon, tone)
        self._foot.setVisible(bool(words))

    def fill(self, email: str, password: str = "") -> None:
        self.email.set_text(email)
        self.password.set_text(password)

    def begin(self) -> None:
        first = self.password if self.email.text() else self.email
        first.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def submit(self) -> None:
        if self.wait.left:
            return
        if not self.email.text().strip():
            self.email.set_error(self.tr("Enter your email."))
            self.email.edit.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        if self._empty_password():
            return
        email, password = self.email.text().strip(), self.password.text()
        self.background.run(
            self,
            lambda _: self.people.sign_in(email, password),
            words=self.tr("Signing in"),
            button=self.button,
            done=lambda signed_in: self._in(signed_in, password),
            refused=self._refused,
        )

    def _in(self, signed_in: SignedIn, password: str) -> None:
        self._forget_password()
        if signed_in.must_change:
            self.own_wanted.emit(signed_in, password)
        else:
            self.signed_in.emit(signed_in)

    def _to_password(self) -> None:
        self.password.edit.setFocus(Qt.FocusReason.TabFocusReason)

    def _lay_out(self) -> None:
        self.body.addWidget(self.email)
        self.body.addSpacing(14)
        self.body.addWidget(self.password)
        self.body.addSpacing(20)
        self.body.addWidget(self.button)
        self.body.addWidget(self._foot)
        foot = QVBoxLayout(self._foot)
        foot.setContentsMargins(0, 16, 0, 0)
        foot.setSpacing(10)
        foot.addWidget(Divider(parent=self._foot))
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self._note_icon, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(self.note, 1)
        foot.addLayout(line)


class LockCard(PasswordCard):
    """The window is locked; the work is behind it."""

    unlocked = Signal()
    sign_out = Signal()
    """Somebody else wants to sign in."""

    def __init__(self, people: People, background: Background, clock: Clock, parent: QWidget) -> None:
        super().__init__(people, background, clock, parent)
        self._add_password(self.tr("Unlock"))
        self._actor: Actor | None = None
        self.title.setText(self.tr("Locked"))
        self.other = Button(self.tr("Sign in as somebody else"), parent=self)
        self.other.clicked.connect(self.sign_out)
        self.explain = Label(
            self.tr("Somebody else can sign in. Open work is closed then; held seats lapse by themselves."),
            "small",
            "text_secondary",
            wrap=True,
            parent=self,
        )
        self.body.addWidget(self.password)
        self.body.addSpacing(20)
        self.body.addWidget(self.button)
        self.body.addSpacing(16)
        self.body.addWidget(Divider(parent=self))
        self.body.addSpacing(16)
        self.body.addWidget(self.explain)
        self.body.addSpacing(8)
        self.body.addWidget(self.other, 0, Qt.AlignmentFlag.AlignLeft)

    def set_actor(self, actor: Actor) -> None:
        self._actor = actor
        self.set_second(self.tr("{0} is signed in. The work is kept as it was.").format(_apart(actor.name)))

    def begin(self) -> None:
        self.password.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def submit(self) -> None:
        actor = self._actor
        if self.wait.left or actor is None or self._empty_password():
            return
        password = self.password.text()
        self.background.run(
            self,
            lambda _: self.people.verify(actor, password),
            words=self.tr("Unlocking"),
            button=self.button,
            done=self._open,
            refused=self._refused,
        )

    def _open(self, _: object) -> None:
        self._forget_password()
        self.unlocked.emit()
