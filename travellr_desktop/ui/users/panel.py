"""One person beside the list, or a new one: what can be changed, and a password for the first sign-in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from travellr_desktop.domain.permissions import Role
from travellr_desktop.errors import Refusal
from travellr_desktop.services.lists import UserListRow
from travellr_desktop.ui.formats import Formats
from travellr_desktop.ui.parts.badge import Badge
from travellr_desktop.ui.parts.button import Button, Kind
from travellr_desktop.ui.parts.choice import Choice
from travellr_desktop.ui.parts.detail import DetailPanel
from travellr_desktop.ui.parts.field import Field
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.note import Note
from travellr_desktop.ui.parts.pane import Facts
from travellr_desktop.ui.users.columns import ROLES, say, status, status_word


@dataclass(frozen=True, slots=True)
class PersonForm:
    """What was typed. `vendor_id` only for a vendor's person."""

    name: str
    email: str
    role: Role
    vendor_id: UUID | None


class UserPanel(DetailPanel):
    """`show_user` or `show_new` fills it. What is asked for comes as signals; the screen does it."""

    save_asked = Signal()
    reset_asked = Signal()
    deactivate_asked = Signal()
    reactivate_asked = Signal()

    def __init__(self, formats: Formats, own_id: UUID | None, parent: QWidget | None = None) -> None:
        super().__init__(say("Person"), parent)
        self._formats, self._own_id = formats, own_id
        self.shown: UserListRow | None = None
        self.is_new = False
        self.save: Button | None = None
        self.other: Button | None = None
        self.name = self.email = Field("")
        self.role: Choice | None = None
        self.vendor: Choice | None = None
        self._vendors: dict[str, UUID] = {}
        self.given: tuple[str, str] | None = None

    # filling

    def show_user(self, row: UserListRow) -> None:
        """Another person, or the same read again: what was typed and not saved stays."""
        if not self.is_new and self.shown is not None and self.shown.id == row.id and self.dirty:
            self.shown = row
            return
        same = not self.is_new and self.shown is not None and self.shown.id == row.id
        if same and row == self.shown:
            return
        given = self.given if same else None
        self.shown, self.is_new, self.given = row, False, None
        with self.refilled(same=same):
            self.set_head(row.name, badge=Badge(status(row), word=status_word(row)), person=row.email)
            self._actions(row)
            self.add(self._fields(row), divider=False)
            facts = Facts(columns=1)
            facts.add(say("Since"), self._formats.when(row.created, self._formats.zone))
            last = row.last_signed_in
            facts.add(say("Last signed in"), self._formats.when(last, self._formats.zone) if last else "–")
            self.add(facts)
        if given is not None:
            self._add_given(*given)

    def show_new(self, vendors: Sequence[tuple[UUID, str]]) -> None:
        """An empty form."""
        self._vendors = {name: vendor_id for vendor_id, name in vendors}
        self.shown, self.is_new, self.given = None, True, None
        with self.refilled(same=False):
            self.set_head(say("New person"))
            self.save = Button(say("Add the person"), Kind.PRIMARY, icon="user-plus", key="Ctrl+Enter")
            self.save.clicked.connect(self.save_asked)
            self.other = None
            self.action_row.addWidget(self.save)
            self.action_row.addStretch(1)
            self.add(self._fields(None), divider=False)
        self.name.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def say_password(self, name: str, password: str) -> None:
        """Show, once, what the person signs in with next."""
        words = say("{0} signs in with this password, and then chooses another. It is shown only now.")
        self._add_given(password, words.format(name)).button.setFocus(Qt.FocusReason.OtherFocusReason)

    def refuse(self, refusal: Refusal) -> bool:
        """Say beside its field what was refused; False where it is of none of them."""
        field = {"name": self.name, "email": self.email}.get(refusal.field or "")
        if field is None:
            return False
        field.set_error(str(refusal))
        field.edit.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    # what was typed

    def form(self) -> PersonForm:
        """Raises nothing: what is wrong with it, the service says."""
        assert self.role is not None
        role = Role(self.role.value())
        vendor = self.vendor.value() if self.vendor is not None and role is Role.VENDOR else ""
        return PersonForm(
            self.name.text().strip(), self.email.text().strip(), role, self._vendors.get(vendor)
        )

    @property
    def dirty(self) -> bool:
        """Whether something stands here that is not kept."""
        if self.shown is None:
            return bool(self.name.text().strip() or self.email.text().strip())
        role = self.role is not None and self.role.value() != self.shown.role.value
        return self.name.text().strip() != self.shown.name or role

    def _offer_save(self) -> None:
        if self.save is not None:
            self.save.setEnabled(self.is_new or self.dirty)

    # parts

    def first_actions(self) -> Sequence[QWidget | None]:
        return (self.name.edit, self.save)

    @property
    def primary(self) -> Button | None:
        return self.save

    def _actions(self, row: UserListRow) -> None:
        self.save = self.other = None
        self.save = Button(say("Save"), Kind.PRIMARY, key="Ctrl+Enter")
        self.save.clicked.connect(self.save_asked)
        self.action_row.addWidget(self.save)
        if row.id != self._own_id:
            reset = Button(say("New password"), icon="key-round")
            reset.clicked.connect(self.reset_asked)
            self.action_row.addWidget(reset)
        self.action_row.addStretch(1)

    def _fields(self, row: UserListRow | None) -> QWidget:
        part = QWidget()
        column = QVBoxLayout(part)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        self.name = Field(say("Name"), text=row.name if row else "", placeholder="Ana Vuković")
        self.email = Field(say("Email"), placeholder="ana@example.com")
        self.role = self._role_choice(row)
        self._role_words = Label("", "small", "text_secondary", wrap=True)
        fields = [self.name] if row else [self.name, self.email]
        for field in fields:
            field.edit.setMaxLength(254)
            field.edited.connect(lambda _, field=field: field.set_error(None))
            field.edited.connect(self._offer_save)
            field.entered.connect(self.save_asked)
            column.addWidget(field)
        column.addWidget(self.role)
        column.addWidget(self._role_words)
        self.vendor = None
        if row is None and self._vendors:
            self.vendor = Choice(say("Vendor"), [(name, name) for name in self._vendors])
            column.addWidget(self.vendor)
        self.role.box.currentIndexChanged.connect(self._role_changed)
        self._role_changed()
        if row is not None and row.id == self._own_id:
            self.role.setEnabled(False)
            self._role_words.setText(say("Nobody changes their own role; another admin does."))
        elif row is not None:
            column.addSpacing(8)
            column.addWidget(self._access(row), 0, Qt.AlignmentFlag.AlignLeading)
        return part

    def _role_choice(self, row: UserListRow | None) -> Choice:
        if row is None:
            roles = [role for role in ROLES if role is not Role.VENDOR or self._vendors]
        elif row.role is Role.VENDOR:
            roles = [Role.VENDOR]  # a vendor's account stays a vendor's
        else:
            roles = [role for role in ROLES if role is not Role.VENDOR]
        choice = Choice(say("Role"), [(role.value, say(ROLES[role][0])) for role in roles])
        choice.set_value(row.role.value if row is not None else Role.AGENT.value)
        return choice

    def _role_changed(self) -> None:
        if self.role is None:
            return
        role = Role(self.role.value())
        self._role_words.setText(say(ROLES[role][1]))
        self._offer_save()
        if self.vendor is not None:
            self.vendor.setVisible(role is Role.VENDOR)

    def _access(self, row: UserListRow) -> Button:
        if row.active:
            button = Button(say("Deactivate"), Kind.DANGER_PLAIN, icon="user-x")
            button.clicked.connect(self.deactivate_asked)
        else:
            button = Button(say("Let sign in again"), icon="user-plus")
            button.clicked.connect(self.reactivate_asked)
        self.other = button
        return button

    def _add_given(self, password: str, second: str) -> Note:
        note = Note("info", password, second, icon="key-round", action=say("Copy"))
        note.acted.connect(lambda: QGuiApplication.clipboard().setText(password))
        self.given = (password, second)
        self.add(note, divider=False)
        self.scroll_area.ensureWidgetVisible(note)
        return note
