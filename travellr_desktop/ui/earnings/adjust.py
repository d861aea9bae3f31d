"""Money that a vendor gets, or gives up, by agreement: asked once, with the reason that the vendor will read."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from uuid import UUID, uuid4

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from travellr_desktop.domain import lengths
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.money_text import parse_money
from travellr_desktop.errors import InvalidInput, Refusal
from travellr_desktop.services.adjusting import AdjustmentDraft
from travellr_desktop.services.registry import Services
from travellr_desktop.ui.earnings.words import say
from travellr_desktop.ui.invoices.dialogs import fit_height
from travellr_desktop.ui.parts.button import Button, Kind
from travellr_desktop.ui.parts.choice import Choice
from travellr_desktop.ui.parts.dialog import Decision
from travellr_desktop.ui.parts.field import Field
from travellr_desktop.ui.parts.form import Part, first_wrong, follow, go_to, say_wrong
from travellr_desktop.ui.parts.note import Note
from travellr_desktop.ui.screen import Context


class AdjustDialog(Decision):
    """`asked(Money, str)`: so much, above zero for the vendor and below zero from them, for that reason."""

    asked = Signal(object, str)

    def __init__(
        self, name: str, currencies: tuple[str, ...], locale: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(
            say("Adjust what {0} has to come?").format(name),
            verb=say("Adjust"),
            keep=say("Leave it"),
            second=say("It goes out with the next payout, and stands on its statement with the reason."),
            kind=Kind.PRIMARY,
            parent=parent,
        )
        self._currencies, self._locale = currencies, locale
        self.amount = Field(say("For the vendor; with a minus before it, from them"), placeholder="120.00")
        self.reason = Field(say("Reason, as the vendor reads it"), placeholder=say("Cleaned the boat"))
        self.reason.edit.setMaxLength(lengths.REASON)
        self.currency = Choice(say("Currency"), [(code, code) for code in currencies])
        self.currency.setVisible(len(currencies) > 1)
        self.note = Note("bad", "", "")
        self.note.hide()
        self.parts: Mapping[str, Part] = {"amount": self.amount, "reason": self.reason}
        for widget in (self.note, self.currency, self.amount, self.reason):
            self.body.addWidget(widget)
        for part in self.parts.values():
            follow(part, lambda: None, self._ask)
        self.act.clicked.disconnect()
        self.act.clicked.connect(self._ask)

    def showEvent(self, event: object) -> None:
        super().showEvent(event)
        fit_height(self)
        go_to(self.amount)

    def _ask(self) -> None:
        if not self.act.isEnabled():
            return
        try:
            amount = parse_money(self.amount.text(), self.currency.value(), self._locale)
        except InvalidInput as wrong:
            self.refuse(wrong)
            return
        self.asked.emit(amount, self.reason.text())

    def refuse(self, refusal: Refusal) -> None:
        """Say what was wrong, each at its field."""
        self.set_busy(None)
        left = say_wrong(self.parts, refusal)
        if left:
            self.note.say("bad", str(left[0]), left[0].hint or "")
        self.note.setVisible(bool(left))
        wrong = first_wrong(self.parts)
        if wrong is not None:
            go_to(wrong)
        fit_height(self)


class Adjusting(QObject):
    """The way from the button to the books."""

    def __init__(self, context: Context, services: Services, over: QWidget) -> None:
        super().__init__(over)
        self._context, self._services, self._over = context, services, over
        self.dialog: AdjustDialog | None = None

    def begin(self, vendor_id: UUID, name: str, button: Button) -> None:
        """Ask what shall be adjusted. A vendor without trips or money is told so by the service."""
        service, actor = self._services.adjustments, self._context.actor
        self._context.background.run(
            self,
            lambda _task: service.currencies(actor, vendor_id),
            button=button,
            done=partial(self._came, vendor_id, name),
        )

    def _came(self, vendor_id: UUID, name: str, currencies: tuple[str, ...]) -> None:
        if not currencies:
            self._context.say.refused(
                InvalidInput(
                    say("{0} has no trips and no money yet.").format(name),
                    hint=say("Add a trip of theirs first."),
                )
            )
            return
        dialog = self.dialog = AdjustDialog(name, currencies, self._services.locale, self._over)
        key = uuid4()
        dialog.asked.connect(lambda amount, reason: self._send(vendor_id, key, amount, reason))
        dialog.finished.connect(self._closed)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _closed(self, _result: int) -> None:
        self.dialog = None

    def _send(self, vendor_id: UUID, key: UUID, amount: Money, reason: str) -> None:
        dialog = self.dialog
        if dialog is None:
            return
        dialog.set_busy(say("Adjusting"))
        service, actor = self._services.adjustments, self._context.actor
        draft = AdjustmentDraft(vendor_id, amount, reason)
        self._context.background.run(
            self,
            lambda _task: service.adjust(actor, draft, key=key),
            words=say("Adjusting"),
            key=("earnings.adjust", key),
            done=lambda _adjusted: self._done(),
            refused=dialog.refuse,
            ended=lambda: dialog.set_busy(None),
        )

    def _done(self) -> None:
        if self.dialog is not None:
            self.dialog.set_busy(None)
            self.dialog.accept()
        self._context.say.finished(say("It is adjusted"))
