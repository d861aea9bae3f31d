"""Selling: how long seats are set aside, which is set outside the window and shown here with its place; and the rules
for everybody who sells."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton

from travellr_desktop.errors import Refusal
from travellr_desktop.ui.background import Task
from travellr_desktop.ui.parts.button import Button
from travellr_desktop.ui.parts.columns import FactColumns
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.screen import Context
from travellr_desktop.ui.settings.files import Given, given, profile_of
from travellr_desktop.ui.settings.rules import RulesForm
from travellr_desktop.ui.settings.section import ActionRow, ReadOnly, SettingsSection
from travellr_desktop.ui.settings.till_rules import TillRulesForm


def _say(text: str) -> str:
    return QCoreApplication.translate("SellingSection", text)


class SellingSection(SettingsSection):
    key, icon = "selling", "ticket"

    def __init__(self, context: Context) -> None:
        super().__init__(
            context, _say("Selling"), _say("How long seats are kept, and what may be given away.")
        )
        self._profile = profile_of(context.memory)
        facts = FactColumns()
        self.hold = facts.add_fact(_say("Seats are held for"))
        self.where = facts.add_fact(_say("Set where"))
        self.how = Label("", "small", "text_secondary", wrap=True)
        self.copy = Button(_say("Copy the line"), icon="copy", height="control_small")
        self.copy.clicked.connect(self._copy)
        self.body.addWidget(facts)
        self.body.addWidget(self.how)
        if self.may_write:
            self.body.addWidget(ActionRow(self.copy))
        else:
            self.copy.setParent(self)
            for part in (self.how, self.copy):
                part.hide()
            self.body.addWidget(ReadOnly(_say("Only an admin changes this.")))
        self._line = ""
        self.rules = RulesForm(context, may_write=self.may_write)
        self.body.addWidget(self.rules)
        self.till = TillRulesForm(context, may_write=self.may_write)
        self.body.addWidget(self.till)

    def refresh(self) -> None:
        self.rules.refresh()
        self.till.refresh()
        self.context.background.run(
            self, self._read, key="settings.selling", done=self._show, refused=self._refused
        )

    def _read(self, _: Task) -> Given:
        return given(self._profile, "hold_minutes", "TRAVELLR_HOLD_MINUTES")

    def _show(self, hold: Given) -> None:
        self.hold.setText(_say("{0} minutes").format(hold.value) if hold.value != "1" else _say("1 minute"))
        self._line = f"hold_minutes = {hold.value}"
        if hold.in_environment:
            self.where.setText(_say("In the environment, as {0}").format(hold.where))
            how = _say("The environment goes before the file. Change it there, then start the program again.")
        else:
            self.where.setText(
                _say("In the settings file") if hold.where else _say("Nowhere: as the program comes")
            )
            how = _say(
                "To change it, write a line such as “{0}” into {1}, then start the program again."
            ).format(self._line, self._profile.settings)
        self.how.setText(how)
        self.how.set_tone("text_secondary")
        self.how.setVisible(self.may_write)
        self.copy.setVisible(self.may_write and not hold.in_environment)

    def _refused(self, refusal: Refusal) -> None:
        self.how.setText(f"{refusal} {refusal.hint}".strip())
        self.how.set_tone("bad")
        self.how.show()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._line)
        self.context.say.finished(_say("Copied"))

    def primary(self) -> QAbstractButton | None:
        return self.rules.button if self.may_write else None
