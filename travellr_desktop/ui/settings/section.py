"""What every section of the settings has: a heading, a body, and buttons below the fields."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QVBoxLayout, QWidget

from travellr_desktop.domain.permissions import Actor, Permission, allowed
from travellr_desktop.events import Event
from travellr_desktop.ui.parts.button import Button
from travellr_desktop.ui.parts.field import Glyph
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.screen import Context


class SettingsSection(QWidget):
    """One section of the page; its children fill `body`.

    `key` and `icon` are for the list at the side. Reading and saving run in the background.
    """

    key = ""
    icon = "settings"

    def __init__(self, context: Context, title: str, second: str = "") -> None:
        super().__init__()
        self.context = context
        self.title = title
        self.setAccessibleName(title)
        self.body = QVBoxLayout()
        self.body.setSpacing(16)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(Label(title, "title", wrap=True))
        if second:
            column.addSpacing(2)
            column.addWidget(Label(second, "body", "text_secondary", wrap=True))
        column.addSpacing(16)
        column.addLayout(self.body)

    @property
    def actor(self) -> Actor:
        return self.context.actor

    @property
    def may_write(self) -> bool:
        """Whether this person may change the settings of the agency."""
        return allowed(self.actor.role, Permission.SETTINGS_WRITE)

    def wanted(self) -> bool:
        """Whether there is anything to set here now; asked at each refresh of the screen."""
        return True

    def refresh(self) -> None:
        """Read again; what was typed and not yet saved stays."""

    def take_keyboard(self) -> None:
        """To where something is to be done; nowhere where there is nothing."""

    def primary(self) -> QAbstractButton | None:
        """What Ctrl+Enter presses while the focus is in this section."""
        return None

    def cares(self, event: Event) -> bool:
        return False


class ReadOnly(QWidget):
    """Says that something is not for this person to change, and whose it is."""

    def __init__(self, why: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.why = Label(why, "small", "text_secondary", wrap=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(Glyph("lock", "text_secondary", "icon_small"), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.why, 1)


class ActionRow(QWidget):
    """Buttons below the fields they belong to; why the first is off stands beside them."""

    def __init__(self, *buttons: Button) -> None:
        super().__init__()
        self._first = buttons[0]
        self.why = Label("", "small", "text_secondary", wrap=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for button in buttons:
            row.addWidget(button)
        row.addSpacing(4)
        row.addWidget(self.why, 1)

    def set_off(self, reason: str | None) -> None:
        """Switch the first button off and say why, or on with None. What runs is left alone."""
        if not self._first.busy:
            self._first.set_off(reason)
        self.why.setText(reason or "")
