"""Payments: whether money is real, and the key of Stripe. The key is never shown again once it is entered."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QVBoxLayout, QWidget

from travellr_desktop.errors import Refusal
from travellr_desktop.services.secrets import SecretName, SecretStore
from travellr_desktop.ui.background import Task
from travellr_desktop.ui.parts.button import Button, Kind
from travellr_desktop.ui.parts.dialog import Decision
from travellr_desktop.ui.parts.field import Field, Glyph
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.note import Note
from travellr_desktop.ui.parts.pane import Card
from travellr_desktop.ui.screen import Context
from travellr_desktop.ui.settings.section import ActionRow, FactColumns, ReadOnly, SettingsSection

_KEY = SecretName.STRIPE_API_KEY


def _say(text: str) -> str:
    return QCoreApplication.translate("PaymentsSection", text)


@dataclass(frozen=True, slots=True)
class KeyState:
    """`kind` is "sandbox", "test" or "live": what the key there is now makes of the next start."""

    sandbox: bool
    kind: str
    where: str
    place: str

    @property
    def entered(self) -> bool:
        """Whether there is something to forget: what the environment says cannot be forgotten here."""
        return self.where.startswith(("in the system keyring", "kept for this session"))

    @property
    def lost_at_end(self) -> bool:
        """Whether a key entered here would be gone before it could be used."""
        return self.place.startswith("kept for this session")


_RUNS = {
    "sandbox": ("flask-conical", "Sandbox", "No real money moves. Cards are the sandbox's own test cards."),
    "test": ("flask-conical", "Stripe, test mode", "No real money moves. Stripe keeps test payments apart."),
    "live": ("landmark", "Stripe, live", "Every card payment and refund moves real money."),
}


class PaymentsSection(SettingsSection):
    key, icon = "payments", "credit-card"

    def __init__(self, context: Context) -> None:
        super().__init__(
            context,
            _say("Payments"),
            _say("Card numbers are never typed into this program; Stripe keeps them."),
        )
        self._secrets: SecretStore | None = None
        self._runs = ""
        self.mode = _ModeCard()
        self.body.addWidget(self.mode)
        facts = FactColumns()
        self.where = facts.add_fact(_say("Stripe secret key"))
        self.place = facts.add_fact(_say("Where a key is kept"))
        self.body.addWidget(facts)
        self.after = Note("info", "-")
        self.after.hide()
        if self.may_write:
            self._build_form()
        else:
            self.body.addWidget(ReadOnly(_say("Only an admin enters or forgets the key.")))
        self.body.addWidget(self.after)

    def _build_form(self) -> None:
        self.field = Field(_say("New secret key"), placeholder="sk_test_… / rk_live_…", password=True)
        self.field.edit.setMaxLength(2_000)
        self.field.edited.connect(self._edited)
        self.field.entered.connect(self.keep_key)
        self.keep = Button(_say("Keep the key"), icon="key-round")
        self.keep.clicked.connect(self.keep_key)
        self.forget = Button(_say("Forget the key"), Kind.DANGER_PLAIN)
        self.forget.clicked.connect(self._ask_forget)
        self.lost = Note("wait", "-")
        self.lost.hide()
        self.body.addWidget(self.lost)
        self.body.addWidget(self.field)
        self.foot = ActionRow(self.keep, self.forget)
        self.body.addWidget(self.foot)
        self._edited()

    # reading

    def refresh(self) -> None:
        self.context.background.run(self, self._read, key="settings.key", done=self._show)

    def _store(self) -> SecretStore:
        """In the background: the services may not be open yet."""
        if self._secrets is None:
            self._secrets = self.context.services.secrets
        return self._secrets

    def _read(self, _: Task) -> KeyState:
        from travellr_desktop.config import ProfileKind, profile_kind

        store = self._store()
        secret = store.read(_KEY)
        kind = "sandbox"
        if secret is not None:
            kind = "live" if profile_kind(secret) is ProfileKind.LIVE else "test"
        return KeyState(self.context.services.is_sandbox, kind, store.where(_KEY), store.place())

    def _show(self, state: KeyState) -> None:
        if not self._runs:  # the key may be another later; what the program runs with stays until it ends
            self._runs = "sandbox" if state.sandbox else state.kind
        self.mode.show_mode(self._runs)
        self.where.setText(_sentence(state.where))
        self.place.setText(_sentence(state.place.removeprefix("kept ")))
        if state.kind != self._runs:
            self._say_restart(state)
        else:
            self.after.hide()
        if self.may_write:
            self.forget.setVisible(state.entered)
            self.lost.setVisible(state.lost_at_end)
            self.lost.say(
                "wait",
                _say("This system has no keyring"),
                _say(
                    "A key entered here is gone when the program ends, and it is used only after a start. "
                    "Set STRIPE_API_KEY in the environment instead."
                ),
            )

    def _say_restart(self, state: KeyState) -> None:
        first = _say("Takes effect when the program is started again")
        then = {
            "sandbox": _say("Then payments go to the sandbox."),
            "test": _say("Then payments go to Stripe in test mode."),
            "live": _say("Then payments move real money."),
        }[state.kind]
        if state.kind == "live":
            then += " " + _say(
                "What was paid here before stays unknown to Stripe: begin live in a profile of its own."
            )
        self.after.say("wait" if state.kind == "live" else "info", first, then)
        self.after.show()

    # changing

    def _edited(self, *_: object) -> None:
        self.field.set_error(None)
        self.foot.set_off(None if self.field.text().strip() else _say("Enter a key first"))

    def keep_key(self) -> None:
        secret = self.field.text()
        if not secret.strip():
            return
        self.context.background.run(
            self,
            lambda _: self._store().write(_KEY, secret),
            words=_say("Keeping the key"),
            button=self.keep,
            done=self._kept,
            refused=self._refused,
        )

    def _kept(self, where: str) -> None:
        self.field.set_text("")
        self._edited()
        self.context.say.finished(_say("The key is {0}").format(_lower(where)))
        self.refresh()

    def _refused(self, refusal: Refusal) -> None:
        self.field.set_error(str(refusal))
        self.field.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def _ask_forget(self) -> None:
        self.question = Decision(
            _say("Forget the Stripe key?"),
            verb=_say("Forget it"),
            keep=_say("Keep it"),
            second=_say("It cannot be shown or brought back here. Until the program ends it is still used."),
            parent=self,
        )
        self.question.accepted.connect(self._forget)
        self.question.finished.connect(self.question.deleteLater)
        self.question.open()

    def _forget(self) -> None:
        self.context.background.run(
            self,
            lambda _: self._store().forget(_KEY),
            words=_say("Forgetting the key"),
            button=self.forget,
            done=self._forgotten,
        )

    def _forgotten(self, _: object) -> None:
        self.context.say.finished(_say("The key is forgotten"))
        self.field.edit.setFocus(Qt.FocusReason.OtherFocusReason)
        self.refresh()

    def primary(self) -> QAbstractButton | None:
        return self.keep if self.may_write else None


class _ModeCard(Card):
    """Sandbox, test or live, in words large enough not to be overlooked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("subtle", parent=parent)
        self._glyph = Glyph("credit-card")
        self.words = Label("–", "body_b", wrap=True)
        self.second = Label("", "body", "text_secondary", wrap=True)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.words)
        words.addWidget(self.second)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 12, 16, 12)
        row.setSpacing(12)
        icon = QVBoxLayout()
        icon.setContentsMargins(0, 2, 0, 0)
        icon.addWidget(self._glyph)
        icon.addStretch(1)
        row.addLayout(icon)
        row.addLayout(words, 1)

    def show_mode(self, mode: str) -> None:
        icon, words, second = _RUNS[mode]
        self._glyph.set(icon)
        self.words.setText(_say(words))
        self.second.setText(_say(second))


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _lower(text: str) -> str:
    return text if text.startswith(("in ", "kept", "from")) else text.lower()
