"""Oneself: the name others see, and the password."""

from __future__ import annotations

from uuid import UUID

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication

from travellr_desktop.domain.permissions import Permission, allowed
from travellr_desktop.errors import Refusal, SignInRefused
from travellr_desktop.services.passwords import SHORTEST
from travellr_desktop.services.users import UserRow, UserService
from travellr_desktop.ui.background import Task
from travellr_desktop.ui.parts.button import Button
from travellr_desktop.ui.parts.columns import Columns, FactColumns
from travellr_desktop.ui.parts.field import Field
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.pane import Section
from travellr_desktop.ui.screen import Context
from travellr_desktop.ui.settings.section import ActionRow, ReadOnly, SettingsSection


def _say(text: str) -> str:
    return QCoreApplication.translate("YouSection", text)


class YouSection(SettingsSection):
    key, icon = "you", "user"

    def __init__(self, context: Context) -> None:
        super().__init__(context, _say("You"))
        self._users: UserService = context.services.users
        self._seen: UserRow | None = None
        facts = FactColumns()
        self.email = facts.add_fact(_say("Email"))
        facts.add_fact(_say("Role"), context.actor.role.value.capitalize())
        self.body.addWidget(facts)
        self.may_change = (
            allowed(context.actor.role, Permission.USER_UPDATE) and context.actor.user_id is not None
        )
        if not self.may_change:
            why = _say("The agency looks after this account. Ask it to change the name or the password.")
            self.body.addWidget(ReadOnly(why))
            return
        self.name = Field(_say("Name"), text=context.actor.name)
        self.save_name = Button(_say("Save the name"))
        self.current = Field(_say("Password now"), password=True)
        self.fresh = Field(_say("New password"), password=True)
        self.change = Button(_say("Change the password"), icon="key-round")
        self.rules = Label(
            _say(
                "At least {0} characters. Not a common password, and neither your name nor your email."
            ).format(SHORTEST),
            "small",
            "text_secondary",
            wrap=True,
        )
        self._build()

    def _build(self) -> None:
        for field in (self.name, self.current, self.fresh):
            field.edit.setMaxLength(512)
            field.edited.connect(lambda _, field=field: self._edited(field))
        self.name.entered.connect(self.keep_name)
        self.current.entered.connect(self.fresh.edit.setFocus)
        self.fresh.entered.connect(self.change_password)
        self.save_name.clicked.connect(self.keep_name)
        self.change.clicked.connect(self.change_password)
        self.body.addWidget(self.name)
        self._name_row = ActionRow(self.save_name)
        self.body.addWidget(self._name_row)
        self.body.addSpacing(8)
        password = Section(_say("Password"))
        password.body.addWidget(self.rules)
        self.body.addWidget(password)
        self.body.addWidget(Columns((self.current, self.fresh)))
        self._password_row = ActionRow(self.change)
        self.body.addWidget(self._password_row)
        self.fresh.edit.setAccessibleDescription(self.rules.text())
        self._offer()

    @property
    def _id(self) -> UUID:
        assert self.actor.user_id is not None
        return self.actor.user_id

    # reading

    def refresh(self) -> None:
        if self.actor.user_id is not None:
            self.context.background.run(
                self,
                lambda _: self._users.find_by_id(self.actor, self._id),
                key="settings.you",
                done=self._show,
            )

    def _show(self, row: UserRow) -> None:
        before, self._seen = self._seen, row
        self.email.setText(row.email)
        if self.may_change:
            if self.name.text() == (before.name if before is not None else self.actor.name):
                self.name.set_text(row.name)
            self._offer()

    # changing

    def _edited(self, field: Field) -> None:
        field.set_error(None)
        if field is self.fresh:
            field.edit.setAccessibleDescription(self.rules.text())
        self._offer()

    def _offer(self) -> None:
        """What can be pressed now, and why not."""
        same = self._seen is None or self.name.text().strip() == self._seen.name
        self._name_row.set_off(_say("Nothing was changed") if same else None)
        filled = self.current.text() and self.fresh.text()
        self._password_row.set_off(None if filled else _say("Enter the password you have and the new one"))

    def keep_name(self) -> None:
        name = self.name.text()
        if not self.save_name.isEnabled():
            return
        self.context.background.run(
            self,
            lambda _: self._users.update(self.actor, self._id, name=name),
            words=_say("Saving your name"),
            button=self.save_name,
            done=self._named,
            refused=lambda refusal: self._refused(self.name, refusal),
        )

    def _named(self, row: UserRow) -> None:
        self.name.set_text(row.name)
        self._show(row)
        self.context.say.finished(_say("Your name is saved; it shows from your next sign-in"))

    def change_password(self) -> None:
        if not self.change.isEnabled():
            return
        now, fresh = self.current.text(), self.fresh.text()

        def work(_: Task) -> UserRow:
            self._users.verify(self.actor, now)
            return self._users.update(self.actor, self._id, password=fresh)

        self.context.background.run(
            self,
            work,
            words=_say("Changing the password"),
            button=self.change,
            done=self._changed,
            refused=self._password_refused,
        )

    def _changed(self, _: UserRow) -> None:
        for field in (self.current, self.fresh):
            field.set_text("")
        self._offer()
        self.current.edit.setFocus(Qt.FocusReason.OtherFocusReason)
        self.context.say.finished(_say("Your password is changed"))

    def _password_refused(self, refusal: Refusal) -> None:
        if isinstance(refusal, SignInRefused):
            words = _say("This is not the password you have now.")
            if refusal.wait_seconds:
                words += " " + _say("Wait {0} s before the next try.").format(refusal.wait_seconds)
            self._mark(self.current, words)
        else:
            self._refused(self.fresh, refusal)

    def _refused(self, field: Field, refusal: Refusal) -> None:
        hint = "" if refusal.hint == "Correct the marked field." else refusal.hint
        self._mark(field, f"{refusal} {hint}".strip())

    def _mark(self, field: Field, words: str) -> None:
        field.set_error(words)
        field.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def primary(self) -> QAbstractButton | None:
        if not self.may_change:
            return None
        focus = QApplication.focusWidget()
        in_name = focus in (self.name.edit, self.save_name)
        return self.save_name if in_name else self.change
