"""What every section of the settings has: a heading, a body, and the two ways fields stand in it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from travellr_desktop.domain.permissions import Actor, Permission, allowed
from travellr_desktop.events import Event
from travellr_desktop.ui.parts.button import Button
from travellr_desktop.ui.parts.choices import ComboBox
from travellr_desktop.ui.parts.field import Glyph
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.pane import Facts
from travellr_desktop.ui.screen import Context
from travellr_desktop.ui.theme import Theme


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


class Columns(QWidget):
    """Parts in two equal columns, in one where there is no room for two. Tab goes along the rows."""

    def __init__(
        self, parts: Sequence[QWidget] = (), *, gap: int = 16, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._parts = list(parts)
        self._count = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(gap)
        self._place(2)

    def add(self, part: QWidget) -> None:
        self._parts.append(part)
        columns, self._count = self._count, 0
        self._place(columns)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place(2 if event.size().width() >= Theme.current().px(440) else 1)

    def minimumSizeHint(self) -> QSize:
        return QSize(Theme.current().px(200), super().minimumSizeHint().height())

    def _place(self, columns: int) -> None:
        if columns == self._count:
            return
        self._count = columns
        for part in self._parts:
            self._grid.removeWidget(part)
        for number, part in enumerate(self._parts):
            row, column = divmod(number, columns)
            self._grid.addWidget(part, row, column, Qt.AlignmentFlag.AlignTop)
        for column in range(2):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)


class FactColumns(Columns):
    """What is told and not changed: small titles over values, none of them ever cut."""

    def __init__(self) -> None:
        super().__init__(gap=8)

    def add_fact(self, title: str, value: str = "–") -> Label:
        """Returns the label of the value, to be changed later."""
        facts = Facts(columns=1)
        shown = facts.add(title, value, wrap=True)
        self.add(facts)
        return shown


class Choice(QWidget):
    """A drop-down list with its label above, as fields have theirs."""

    def __init__(self, label: str, choices: Sequence[tuple[str, str]], parent: QWidget | None = None) -> None:
        """`choices` are pairs of a key and the words for it."""
        super().__init__(parent)
        self._keys = tuple(key for key, _ in choices)
        self.box = ComboBox(label, [words for _, words in choices])
        self.setFocusProxy(self.box)
        heading = Label(label, "small_m", "text_secondary", elide=True)
        heading.setBuddy(self.box)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(heading)
        column.addWidget(self.box)

    def offer(self, choices: Sequence[tuple[str, str]]) -> None:
        """Other choices in place of those there; the first is chosen."""
        self._keys = tuple(key for key, _ in choices)
        self.box.clear()
        self.box.addItems([words for _, words in choices])

    def value(self) -> str:
        return self._keys[self.box.currentIndex()]

    def set_value(self, key: str) -> None:
        """Choose; KeyError for an unknown key."""
        if key not in self._keys:
            raise KeyError(key)
        self.box.setCurrentIndex(self._keys.index(key))

    def words(self) -> str:
        return self.box.currentText()


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
