"""What the agency asks of whoever keeps a till: what may be paid out of it, and whether cash needs an open one."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from travellr_desktop.domain.money_text import format_amount, parse_money
from travellr_desktop.domain.permissions import Permission, allowed
from travellr_desktop.errors import InvalidInput, Refusal
from travellr_desktop.services.till import TillService
from travellr_desktop.services.till_forms import TillRules
from travellr_desktop.ui.background import Task
from travellr_desktop.ui.parts.button import Button
from travellr_desktop.ui.parts.choices import CheckBox
from travellr_desktop.ui.parts.columns import FactColumns
from travellr_desktop.ui.parts.field import Field
from travellr_desktop.ui.screen import Context
from travellr_desktop.ui.settings.section import ActionRow


def _say(text: str) -> str:
    return QCoreApplication.translate("TillRulesForm", text)


class TillRulesForm(QWidget):
    """An admin has fields, everybody else reads. Hidden from those who keep no till."""

    def __init__(self, context: Context, *, may_write: bool) -> None:
        super().__init__()
        self._context, self._may_write = context, may_write
        self._till: TillService = context.services.till
        self._locale: str = context.services.locale
        self._keeps = allowed(context.actor.role, Permission.TILL_KEEP)
        self._seen: TillRules | None = None
        self.limit = Field(_say("Paid out of the till without leave, up to"))
        self.needed = CheckBox(_say("Cash is only taken while the till is open"))
        self.button = Button(_say("Save the rules of the till"))
        self.foot = ActionRow(self.button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        if may_write:
            self.limit.edit.setMaxLength(24)
            self.limit.edited.connect(self._edited)
            self.limit.entered.connect(self.save)
            self.needed.toggled.connect(lambda _on: self._offer())
            self.button.clicked.connect(self.save)
            for part in (self.limit, self.needed, self.foot):
                column.addWidget(part)
            self._offer()
        else:
            for hidden in (self.limit, self.needed, self.button, self.foot):
                hidden.setParent(self)
                hidden.hide()
            facts = FactColumns()
            self._limit_fact = facts.add_fact(_say("Paid out of the till without leave, up to"))
            self._needed_fact = facts.add_fact(_say("Cash while the till is closed"))
            column.addWidget(facts)
        if not self._keeps:
            self.hide()

    def refresh(self) -> None:
        if self._keeps:
            self._context.background.run(self, self._read, key="settings.till", newest=True, done=self._show)

    def _read(self, _: Task) -> TillRules:
        return self._till.rules(self._context.actor)

    def _show(self, rules: TillRules) -> None:
        before, self._seen = self._seen, rules
        if not self._may_write:
            limit = rules.pay_out_limit
            self._limit_fact.setText(f"{self._typed(rules)} {limit.currency}")
            self._needed_fact.setText(
                _say("Not taken") if rules.cash_needs_till else _say("Counts with the next till")
            )
            return
        if self.limit.text().strip() in ("", self._typed(before)):  # what was typed and not saved stays
            self.limit.set_text(self._typed(rules))
            self.limit.set_label(
                _say("Paid out of the till without leave, up to ({0})").format(rules.pay_out_limit.currency)
            )
        if before is None or self.needed.isChecked() == before.cash_needs_till:
            self.needed.setChecked(rules.cash_needs_till)
        self._offer()

    def _typed(self, rules: TillRules | None) -> str:
        return "" if rules is None else format_amount(rules.pay_out_limit, self._locale)

    def _edited(self, _text: str) -> None:
        self.limit.set_error(None)
        self._offer()

    def _offer(self) -> None:
        seen = self._seen
        same = seen is None or (
            self.limit.text().strip() == self._typed(seen) and self.needed.isChecked() == seen.cash_needs_till
        )
        self.foot.set_off(_say("Nothing was changed") if same else None)

    def save(self) -> None:
        if self._seen is None or not self.button.isEnabled():
            return
        try:
            limit = parse_money(self.limit.text(), self._seen.pay_out_limit.currency, self._locale)
        except InvalidInput as wrong:
            self._refused(wrong)
            return
        rules = TillRules(self.needed.isChecked(), limit)
        self._context.background.run(
            self,
            lambda _: self._till.save_rules(self._context.actor, rules),
            words=_say("Saving the rules of the till"),
            button=self.button,
            done=lambda _: self._saved(),
            refused=self._refused,
        )

    def _saved(self) -> None:
        self._seen = None
        self.limit.set_text("")
        self._context.say.finished(_say("The rules of the till are saved"))
        self.refresh()

    def _refused(self, refusal: Refusal) -> None:
        self.limit.set_error(f"{refusal} {refusal.hint}".strip())
        self.limit.edit.setFocus(Qt.FocusReason.OtherFocusReason)
