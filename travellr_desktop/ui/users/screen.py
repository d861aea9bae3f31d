"""Users: everybody who may sign in, with one person beside the list."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from PySide6.QtWidgets import QAbstractButton, QVBoxLayout, QWidget

from travellr_desktop.errors import Refusal
from travellr_desktop.events import Event, UserChanged
from travellr_desktop.services.agency import AgencyView
from travellr_desktop.services.lists import UserListRow
from travellr_desktop.services.passwords import suggest
from travellr_desktop.services.users import NewUser, UserRow
from travellr_desktop.ui.actions import Act, Handler
from travellr_desktop.ui.background import Task
from travellr_desktop.ui.formats import Formats
from travellr_desktop.ui.parts.button import Kind
from travellr_desktop.ui.parts.dialog import Decision
from travellr_desktop.ui.screen import Context
from travellr_desktop.ui.tables import ListScreen, PagedModel
from travellr_desktop.ui.tables.screen import ListedScreen
from travellr_desktop.ui.users.columns import list_words, say, user_columns, user_filters
from travellr_desktop.ui.users.panel import UserPanel


class UsersScreen(ListedScreen):
    """Add, change, deactivate people; give a password for the next sign-in."""

    name = "users"
    panel: UserPanel

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._formats = Formats(self._services.locale)
        self._go_to: UUID | None = None
        self._password = ""
        model: PagedModel[UserListRow] = PagedModel(
            user_columns(self._formats), lambda query: self._services.lists.users(self._actor, query)
        )
        self.lists = ListScreen(
            model,
            name="users",
            words=list_words(),
            filters=user_filters(),
            sort=("name", False),
            memory=context.memory,
        )
        self.panel = UserPanel(self._formats, self._actor.user_id)
        self._connect()
        self.lists.current_changed.connect(self._show)
        self.lists.first_action.connect(self.new)
        self.lists.model.reread.connect(self._find)
        self.lists.model.counted.connect(self._find)
        panel = self.panel
        panel.save_asked.connect(self.save)
        panel.reset_asked.connect(self.reset)
        panel.deactivate_asked.connect(self.ask_deactivate)
        panel.reactivate_asked.connect(self.reactivate)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.lists)

    # what the shell asks

    def command(self) -> Act | None:
        return Act.NEW_PERSON

    def handlers(self) -> Mapping[Act, Handler]:
        return {Act.NEW_PERSON: self.new, **super().handlers()}

    def primary(self) -> QAbstractButton | None:
        return self.panel.primary if self.panel.isVisible() else None

    def cares(self, event: Event) -> bool:
        return isinstance(event, UserChanged)

    def _begin(self, agency: AgencyView | None) -> None:
        if agency is not None:
            self._formats.zone = agency.zone
        self.lists.start({"active": True})

    # reading

    def _show(self, row: UserListRow | None) -> None:
        if row is not None and not (self.panel.is_new and self.panel.isVisible()):
            self.panel.show_user(row)

    def _find(self, *_: object) -> None:
        """Go to the person who was added or changed, once the list has them; show the row as it is now."""
        if self._go_to is not None and self._go_to_row(self._go_to):
            self._go_to = None
        row = self.lists.table.current_row()
        if row is not None and not self.panel.is_new:
            self.panel.show_user(row)
            if self._password:
                self.panel.say_password(row.name, self._password)
                self._password = ""

    # what the person does

    def back(self) -> None:
        """From a new person to the list, from the panel to the table, then what the list does."""
        if self.panel.is_new and self.panel.dirty:
            self._ask_discard(self._leave_new)
        elif self.panel.is_new:
            self._leave_new()
        else:
            super().back()

    def _leave_new(self) -> None:
        self.panel.is_new = False
        row = self.lists.table.current_row()
        if row is not None:
            self.panel.show_user(row)
        else:
            self.lists.close_detail()
        self._to_table()

    def new(self) -> None:
        """An empty form beside the list."""
        vendors, actor = self._services.vendors, self._actor

        def read(_task: Task) -> list[tuple[UUID, str]]:
            return [(each.id, each.name) for each in vendors.names(actor)]

        self.context.background.run(self, read, key=("users", "new"), done=self._new)

    def _new(self, vendors: list[tuple[UUID, str]]) -> None:
        self.lists.open_detail(without_row=True)
        self.panel.show_new(vendors)

    def save(self) -> None:
        """Keep what was typed; where nothing was, there is nothing to do."""
        if not self.panel.is_new and not self.panel.dirty:
            return
        panel, users, actor = self.panel, self._services.users, self._actor
        form, shown = panel.form(), panel.shown
        password = suggest()

        def work(_task: Task) -> UserRow:
            if shown is None:
                draft = NewUser(form.name, form.email, password, form.role, form.vendor_id, must_change=True)
                return users.register(actor, draft)
            role = form.role if form.role is not shown.role else None
            return users.update(actor, shown.id, name=form.name, role=role)

        self.context.background.run(
            self,
            work,
            words=say("Saving"),
            button=panel.save,
            done=lambda row: self._saved(row, password if shown is None else ""),
            refused=self._refused,
        )

    def _saved(self, row: UserRow, password: str) -> None:
        self.panel.is_new = False
        self._go_to, self._password = row.id, password
        words = say("{0} can sign in now") if password else say("{0} is saved")
        self.context.say.finished(words.format(row.name))
        self.lists.refresh()

    def _refused(self, refusal: Refusal) -> None:
        if not self.panel.refuse(refusal):
            self.context.say.refused(refusal)

    def reset(self) -> None:
        """Give the person a password for the next sign-in."""
        shown, users, actor = self.panel.shown, self._services.users, self._actor
        if shown is None:
            return
        password = suggest()
        self.context.background.run(
            self,
            lambda _task: users.reset_password(actor, shown.id, password),
            words=say("Giving a new password"),
            key=("users", shown.id),
            done=lambda row: self._reset(row, password),
        )

    def _reset(self, row: UserRow, password: str) -> None:
        self._go_to, self._password = row.id, password
        self.lists.refresh()

    def ask_deactivate(self) -> None:
        """Ask first: the person is out at once."""
        shown = self.panel.shown
        if shown is None:
            return
        question = Decision(
            say("Deactivate {0}?").format(shown.name),
            verb=say("Deactivate"),
            keep=say("Keep"),
            second=say("They cannot sign in any more, at no desk. What they did stays under their name."),
            kind=Kind.DANGER,
            parent=self,
        )
        question.accepted.connect(lambda: self._deactivate(shown))
        question.finished.connect(question.deleteLater)
        question.open()

    def _deactivate(self, shown: UserListRow) -> None:
        users, actor = self._services.users, self._actor
        self.context.background.run(
            self,
            lambda _task: users.delete(actor, shown.id),
            words=say("Deactivating"),
            key=("users", shown.id),
            done=lambda _: self.context.say.finished(
                say("{0} cannot sign in any more").format(shown.name),
                lambda: self._reactivate(shown.id),
            ),
            ended=self.lists.refresh,
        )

    def reactivate(self) -> None:
        if self.panel.shown is not None:
            self._reactivate(self.panel.shown.id)

    def _reactivate(self, user_id: UUID) -> None:
        users, actor = self._services.users, self._actor
        self.context.background.run(
            self,
            lambda _task: users.reactivate(actor, user_id),
            words=say("Letting sign in again"),
            key=("users", user_id),
            done=lambda row: self.context.say.finished(say("{0} may sign in again").format(row.name)),
            ended=self.lists.refresh,
        )
