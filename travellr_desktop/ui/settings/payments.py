"""Payments: whether money is real, and the key of Stripe. The key is never shown again once it is entered."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QVBoxLayout, QWidget

from travellr_desktop.domain.key_trouble import KeyTrouble
from travellr_desktop.domain.ways import PaymentsKind
from travellr_desktop.errors import OtherPaymentsKind, Refusal, WrongState
from travellr_desktop.events import Event, SettingsChanged
from travellr_desktop.services.provider import ProviderService, ProviderView
from travellr_desktop.ui.parts.button import Button, Kind
from travellr_desktop.ui.parts.columns import FactColumns
from travellr_desktop.ui.parts.dialog import Decision
from travellr_desktop.ui.parts.field import Field, Glyph
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.note import Note
from travellr_desktop.ui.parts.pane import Card
from travellr_desktop.ui.screen import Context
from travellr_desktop.ui.settings.section import ActionRow, ReadOnly, SettingsSection


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


class PaymentsSection(SettingsSection):
    key, icon = "payments", "credit-card"

    def __init__(self, context: Context) -> None:
        super().__init__(
            context,
            _say("Payments"),
            _say("Card numbers are never typed into this program; Stripe keeps them."),
        )
        self._late: ProviderService | None = None
        self.mode = _ModeCard()
        self.body.addWidget(self.mode)
        facts = FactColumns()
        self.where = facts.add_fact(_say("Stripe secret key"))
        self.place = facts.add_fact(_say("Where a key is kept"))
        self.keeps = facts.add_fact(_say("This profile keeps to"))
        self.body.addWidget(facts)
        self.missing = Note("wait", "-")
        self.missing.hide()
        self.body.addWidget(self.missing)
        if self.may_write:
            self._build_form()
        else:
            self.body.addWidget(ReadOnly(_say("Only an admin enters or forgets the key.")))

    def _build_form(self) -> None:
        self.field = Field(_say("New secret key"), placeholder="sk_test_… / rk_live_…", password=True)
        self.field.edit.setMaxLength(2_000)
        self.field.edited.connect(self._edited)
        self.field.entered.connect(self.keep_key)
        self.keep = Button(_say("Use the key"), icon="key-round")
        self.keep.clicked.connect(self.keep_key)
        self.forget = Button(_say("Forget the key"), Kind.DANGER_PLAIN)
        self.forget.clicked.connect(self._ask_forget)
        self.problem = Label("", "small", "bad", wrap=True)
        self.problem.hide()
        self.lost = Note("wait", "-")
        self.lost.hide()
        self.fixed = ReadOnly(
            _say("A demonstration stays in the sandbox. Enter a key in a profile of your own.")
        )
        self.fixed.hide()
        self.foot = ActionRow(self.keep, self.forget)
        for widget in (self.lost, self.field, self.problem, self.foot, self.fixed):
            self.body.addWidget(widget)
        self._edited()

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
        self.mode.show_kind(view.kind)
        self.where.setText(_sentence(view.where))
        self.place.setText(_sentence(view.place.removeprefix("kept ")))
        self.keeps.setText(_say(_KEEPS[view.keeps_to]))
        missing = view.trouble is KeyTrouble.MISSING
        self.missing.setVisible(missing)
        if missing:
            self.missing.say(
                "wait",
                _say("The key is missing"),
                _say("Until it is entered again no card is charged, and no money goes back to one."),
            )
        if self.may_write:
            self._show_form(view)

    def _show_form(self, view: ProviderView) -> None:
        for widget in (self.field, self.foot):
            widget.setVisible(view.may_change)
        self.fixed.setVisible(not view.may_change)
        self.forget.setVisible(view.entered and view.may_change)
        self.lost.setVisible(not view.lasts and view.may_change)
        self.lost.say(
            "wait",
            _say("This system has no keyring"),
            _say(
                "A key entered here is used at once and is gone when the program ends. "
                "To have it at every start, set STRIPE_API_KEY in the environment."
            ),
        )

    # changing

    def _edited(self, *_: object) -> None:
        self.field.set_error(None)
        self.problem.hide()
        self.foot.set_off(None if self.field.text().strip() else _say("Enter a key first"))

    def keep_key(self) -> None:
        secret = self.field.text()
        if not secret.strip():
            return
        self.problem.hide()
        self.context.background.run(
            self,
            lambda _: self._provider().set_key(self.actor, secret),
            words=_say("Taking the key into use"),
            button=self.keep,
            done=self._kept,
            refused=self._refused,
        )

    def _kept(self, view: ProviderView) -> None:
        self.field.set_text("")
        self._edited()
        self._show(view)
        self.context.say.finished(_say("The key is in use. {0}").format(_now_to(view.kind)))

    def _refused(self, refusal: Refusal) -> None:
        self.field.set_error(_words(refusal))
        self.field.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def _ask_forget(self) -> None:
        self.question = Decision(
            _say("Forget the Stripe key?"),
            verb=_say("Forget it"),
            keep=_say("Keep it"),
            second=_say("It cannot be shown or brought back here, and is not used any more."),
            parent=self,
        )
        self.question.accepted.connect(self._forget)
        self.question.finished.connect(self.question.deleteLater)
        self.question.open()

    def _forget(self) -> None:
        self.problem.hide()
        self.context.background.run(
            self,
            lambda _: self._provider().forget_key(self.actor),
            words=_say("Forgetting the key"),
            button=self.forget,
            done=self._forgotten,
            refused=self._not_forgotten,
        )

    def _forgotten(self, view: ProviderView) -> None:
        self._show(view)
        self.context.say.finished(_say("The key is forgotten. {0}").format(_now_to(view.kind)))
        self.field.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def _not_forgotten(self, refusal: Refusal) -> None:
        self.problem.setText(_words(refusal))
        self.problem.show()
        self.forget.setFocus(Qt.FocusReason.OtherFocusReason)

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

    def show_kind(self, kind: PaymentsKind) -> None:
        icon, words, second = _RUNS[kind]
        self._glyph.set(icon)
        self.words.setText(_say(words))
        self.second.setText(_say(second))


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _words(refusal: Refusal) -> str:
    """With what to do next, where that is not simply to correct the field."""
    says = isinstance(refusal, OtherPaymentsKind | WrongState)
    return f"{refusal} {refusal.hint}" if says else str(refusal)


def _now_to(kind: PaymentsKind) -> str:
    return {
        PaymentsKind.SANDBOX: _say("Card payments go to the sandbox."),
        PaymentsKind.TEST: _say("Card payments go to Stripe in test mode."),
        PaymentsKind.LIVE: _say("Card payments move real money."),
    }[kind]
