"""Payments: whether money is real, what this machine is for, and its key of Stripe, which is never shown again once it
is entered."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QHBoxLayout, QVBoxLayout, QWidget

from travellr_desktop.domain.key_trouble import KeyTrouble
from travellr_desktop.domain.permissions import Permission, allowed
from travellr_desktop.domain.ways import PaymentsKind, ProfileKind
from travellr_desktop.errors import Refusal
from travellr_desktop.events import Event, SettingsChanged
from travellr_desktop.services.provider import ProviderService, ProviderView
from travellr_desktop.services.vault import VaultState
from travellr_desktop.ui.parts.columns import FactColumns
from travellr_desktop.ui.parts.dialog import Decision
from travellr_desktop.ui.parts.field import Glyph
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.note import Note
from travellr_desktop.ui.parts.pane import Card
from travellr_desktop.ui.screen import Context
from travellr_desktop.ui.settings.key_form import KeyEntry, KeyForm
from travellr_desktop.ui.settings.machine import MachinePart, PowersPart
from travellr_desktop.ui.settings.section import ReadOnly, SettingsSection
from travellr_desktop.ui.settings.vault_part import VaultPart


def _say(text: str) -> str:
    return QCoreApplication.translate("PaymentsSection", text)


_RUNS = {
    PaymentsKind.SANDBOX: (
        "flask-conical",
        "Sandbox",
        "No real money moves. Cards are the sandbox's own test cards.",
    ),
    PaymentsKind.TEST: (
        "flask-conical",
        "Stripe, test mode",
        "No real money moves. Stripe keeps test payments apart.",
    ),
    PaymentsKind.LIVE: ("landmark", "Stripe, live", "Every card payment and refund moves real money."),
}
_KEEPS = {
    None: "No card payment yet: the key may be of any kind",
    PaymentsKind.SANDBOX: "The sandbox, since its first card payment",
    PaymentsKind.TEST: "Stripe's test mode, since its first card payment",
    PaymentsKind.LIVE: "Real money, since its first card payment",
}
_TROUBLE = {
    KeyTrouble.MISSING: (
        "The key is missing",
        "Until it is entered again no card is charged, and no money goes back to one.",
    ),
    KeyTrouble.REFUSED: (
        "Stripe does not accept the key any more",
        "It was rolled, has expired or was withdrawn. Make a new one at Stripe and enter it: what waits is sent then.",
    ),
    KeyTrouble.TOO_STRONG: ("The key is good for too much", ""),
}


class PaymentsSection(SettingsSection):
    key, icon = "payments", "credit-card"

    def __init__(self, context: Context) -> None:
        super().__init__(
            context,
            _say("Payments"),
            _say("Card numbers are never typed into this program; Stripe keeps them."),
        )
        self._late: ProviderService | None = None
        self._profile = ProfileKind.STANDALONE
        self._may_open = allowed(self.actor.role, Permission.PAYMENT_CREATE)
        self.mode = _ModeCard()
        self.body.addWidget(self.mode)
        self.missing = Note("bad", "-")
        self.missing.hide()
        self.body.addWidget(self.missing)
        self.vault = VaultPart(may_write=self.may_write)
        self.vault.unlocked.connect(self._unlock)
        self.vault.changed.connect(self._change_passphrase)
        self.vault.discarded.connect(self._ask_discard)
        facts = FactColumns()
        self.where = facts.add_fact(_say("Stripe key"))
        self.keeps = facts.add_fact(_say("This profile keeps to"))
        self.body.addWidget(facts)
        self.body.addWidget(self.vault)
        self.powers = PowersPart()
        self.body.addWidget(self.powers)
        self.machine = MachinePart(may_write=self.may_write)
        self.machine.chosen.connect(self._set_profile)
        self.body.addWidget(self.machine)
        if self.may_write:
            self.form = KeyForm()
            self.form.entered.connect(self._set_key)
            self.form.forgotten.connect(self._ask_forget)
            self.fixed = ReadOnly(
                _say("A demonstration stays in the sandbox. Enter a key in a profile of your own.")
            )
            self.fixed.hide()
            self.body.addWidget(self.form)
            self.body.addWidget(self.fixed)
        else:
            self.body.addWidget(ReadOnly(_say("Only an admin enters or forgets the key.")))

    # reading

    def refresh(self) -> None:
        self.context.background.run(
            self,
            lambda _: self._provider().view(self.actor),
            key="settings.key",
            newest=True,
            done=self._show,
        )

    def cares(self, event: Event) -> bool:
        return isinstance(event, SettingsChanged)

    def _provider(self) -> ProviderService:
        """In the background: the services may not be open yet."""
        if self._late is None:
            self._late = self.context.services.provider
        return self._late

    def _show(self, view: ProviderView) -> None:
        self._profile = view.profile
        self.mode.show_kind(view.kind)
        self.where.setText(_sentence(view.where))
        self.keeps.setText(_say(_KEEPS[view.keeps_to]))
        self.machine.show_kind(view.profile)
        self.powers.show_powers(view.powers)
        self.vault.show_state(view.vault if self._may_open else VaultState.NONE)
        told = _TROUBLE.get(view.trouble) if view.trouble is not None else None
        self.missing.setVisible(told is not None)
        if told is not None:
            self.missing.say("bad", _say(told[0]), view.said or _say(told[1]))
        if self.may_write:
            self.form.setVisible(view.may_change)
            self.fixed.setVisible(not view.may_change)
            self.form.show_view(view)

    # changing

    def _set_profile(self, key: str) -> None:
        kind, was = ProfileKind(key), self._profile
        self.context.background.run(
            self,
            lambda _: self._provider().set_profile(self.actor, kind),
            words=_say("Looking at the key"),
            key="settings.profile",
            done=self._show,
            refused=lambda refusal: self.machine.refused(was, f"{refusal} {refusal.hint}".strip()),
        )

    def _set_key(self, entry: KeyEntry) -> None:
        self.context.background.run(
            self,
            lambda _: self._provider().set_key(self.actor, entry.key, entry.place, entry.passphrase),
            words=_say("Trying the key"),
            button=self.form.keep,
            done=self._kept,
            refused=self.form.refused,
        )

    def _kept(self, view: ProviderView) -> None:
        self.form.kept()
        self._show(view)
        self.context.say.finished(_say("The key is in use. {0}").format(_now_to(view.kind)))

    def _ask_forget(self) -> None:
        self._ask(
            _say("Forget the Stripe key?"),
            _say("Forget it"),
            _say("It cannot be shown or brought back here, and is not used any more."),
            self._forget,
        )

    def _forget(self) -> None:
        self.form.problem.hide()
        self.context.background.run(
            self,
            lambda _: self._provider().forget_key(self.actor),
            words=_say("Forgetting the key"),
            button=self.form.forget,
            done=self._forgotten,
            refused=self._not_forgotten,
        )

    def _forgotten(self, view: ProviderView) -> None:
        self._show(view)
        self.context.say.finished(_say("The key is forgotten. {0}").format(_now_to(view.kind)))
        self.form.field.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def _not_forgotten(self, refusal: Refusal) -> None:
        self.form.say_problem(refusal)
        self.form.forget.setFocus(Qt.FocusReason.OtherFocusReason)

    # the vault

    def _unlock(self, passphrase: str) -> None:
        self.context.background.run(
            self,
            lambda _: self.context.services.vault.unlock(self.actor, passphrase),
            words=_say("Opening the vault"),
            button=self.vault.unlock,
            done=self._unlocked,
            refused=self.vault.refused,
        )

    def _unlocked(self, view: ProviderView) -> None:
        self.vault.done()
        self._show(view)
        self.context.say.finished(_say("The vault is open. {0}").format(_now_to(view.kind)))

    def _change_passphrase(self, old: str, fresh: str) -> None:
        self.context.background.run(
            self,
            lambda _: self.context.services.vault.change_passphrase(self.actor, old, fresh),
            words=_say("Sealing the vault anew"),
            button=self.vault.change,
            done=self._passphrase_changed,
            refused=self.vault.refused,
        )

    def _passphrase_changed(self, _: None) -> None:
        self.vault.done()
        self.context.say.finished(_say("The passphrase is changed"))

    def _ask_discard(self) -> None:
        self._ask(
            _say("Throw the vault away?"),
            _say("Throw it away"),
            _say("The keys in it are gone from this machine. At Stripe new ones can be made."),
            self._discard,
        )

    def _discard(self) -> None:
        self.context.background.run(
            self,
            lambda _: self.context.services.vault.discard(self.actor),
            words=_say("Throwing the vault away"),
            button=self.vault.discard,
            done=self._discarded,
            refused=self.vault.refused,
        )

    def _discarded(self, view: ProviderView) -> None:
        self._show(view)
        self.context.say.finished(_say("The vault is gone. {0}").format(_now_to(view.kind)))

    def _ask(self, question: str, verb: str, second: str, then: Callable[[], None]) -> None:
        self.question = Decision(question, verb=verb, keep=_say("Keep it"), second=second, parent=self)
        self.question.accepted.connect(then)
        self.question.finished.connect(self.question.deleteLater)
        self.question.open()

    # as a section

    def take_keyboard(self) -> None:
        """To where something is to be done about the key."""
        if not self.vault.isHidden() and not self.vault.unlock.isHidden():
            self.vault.passphrase.edit.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self.may_write and not self.form.isHidden():
            self.form.field.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def primary(self) -> QAbstractButton | None:
        focus = QApplication.focusWidget()
        if focus is not None and self.vault.isAncestorOf(focus):
            return self.vault.change if self.vault.unlock.isHidden() else self.vault.unlock
        return self.form.keep if self.may_write else None


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

    def show_kind(self, kind: PaymentsKind) -> None:
        icon, words, second = _RUNS[kind]
        self._glyph.set(icon)
        self.words.setText(_say(words))
        self.second.setText(_say(second))


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _now_to(kind: PaymentsKind) -> str:
    return {
        PaymentsKind.SANDBOX: _say("Card payments go to the sandbox."),
        PaymentsKind.TEST: _say("Card payments go to Stripe in test mode."),
        PaymentsKind.LIVE: _say("Card payments move real money."),
    }[kind]
