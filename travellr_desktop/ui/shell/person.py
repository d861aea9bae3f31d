"""Who works, at the foot of the rail: name and role, what can be set, the lock."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from travellr_desktop.domain.permissions import Actor, Role
from travellr_desktop.ui.actions import SPECS, Act, Actions
from travellr_desktop.ui.parts import paint
from travellr_desktop.ui.parts.button import IconButton
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.mark import Avatar
from travellr_desktop.ui.parts.menu import Menu
from travellr_desktop.ui.parts.press import Pressable
from travellr_desktop.ui.shell.modes import add_modes
from travellr_desktop.ui.theme import Theme

ROLES = {Role.AGENT: "Agent", Role.VENDOR: "Vendor", Role.MANAGER: "Manager", Role.ADMIN: "Admin"}


class Person(QWidget):
    """A click on the name opens the menu; the lock beside it locks at once."""

    def __init__(self, actor: Actor, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._actions = actions
        self.name = _Name(actor.name, self.tr(ROLES[actor.role]), self)
        self.name.clicked.connect(self.open_menu)
        self.lock = IconButton("lock", self.tr("Lock (Ctrl+L)"), parent=self)
        self.lock.clicked.connect(lambda: actions.trigger(Act.LOCK))
        self._row = QHBoxLayout(self)
        self._row.setSpacing(0)
        self._row.addWidget(self.name, 1)
        self._row.addWidget(self.lock)
        Theme.current().changed.connect(self._fit)
        self._narrow = False
        self._fit()

    def set_narrow(self, on: bool) -> None:
        self._narrow = on
        self.lock.setVisible(not on)
        self.name.set_narrow(on)
        self._fit()

    def menu(self) -> Menu:
        """The menu: light and dark, single letters, lock, sign out."""
        menu = Menu(self.name.accessibleName(), self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        add_modes(menu)
        menu.addSeparator()
        single = menu.addAction(self.tr("Single letters as keys"))
        single.setCheckable(True)
        single.setChecked(self._actions.single_letters)
        single.toggled.connect(self._actions.set_single_letters)
        menu.addSeparator()
        for act in (Act.KEYS, Act.LOCK, Act.SIGN_OUT):
            entry = menu.addAction(Theme.current().icon(SPECS[act].icon), SPECS[act].words)
            entry.triggered.connect(self._actions.action(act).trigger)
        return menu

    def open_menu(self) -> None:
        self.menu().popup_above(self.name)

    def _fit(self) -> None:
        self.name.fit()
        edge = 6 if self._narrow else 8
        self._row.setContentsMargins(edge, 0, edge, 0)
        self.setFixedHeight(Theme.current().px(56) if self._narrow else self.name.height() + 8)


class _Name(Pressable):
    """Avatar, name and role. A name that is too long for one line has two."""

    def __init__(self, name: str, role: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._whole, self._both = name, f"{name}, {role}"
        self.setAccessibleName(self._both)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._row = QHBoxLayout(self)
        self._row.setSpacing(8)
        self._row.addWidget(Avatar(name, 28, parent=self))
        self._words = QWidget(self)
        lines = QVBoxLayout(self._words)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(0)
        self._first = Label(name, "body_m", elide=True, parent=self._words)
        self._second = Label("", "body_m", elide=True, parent=self._words)
        lines.addWidget(self._first)
        lines.addWidget(self._second)
        lines.addWidget(Label(role, "small", "text_secondary", elide=True, parent=self._words))
        self._second.hide()
        self._row.addWidget(self._words, 1)
        for child in self.findChildren(QWidget):
            child.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.set_narrow(False)

    def set_narrow(self, on: bool) -> None:
        self._words.setVisible(not on)
        self._row.setContentsMargins(6 if on else 4, 0, 4, 0)
        self._narrow = on
        self.fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    def fit(self) -> None:
        theme = Theme.current()
        font = theme.font("body_m")
        room = self.width() - 8 - theme.px(28) - 8
        first, second = self._whole, ""
        if paint.width_of(first, font) > room and " " in first:
            first, second = _halves(first, lambda words: paint.width_of(words, font) <= room)
        self._first.setText(first)
        self._second.setText(second)
        self._second.setVisible(bool(second))
        self.setFixedHeight(theme.px(60 if second and not self._narrow else 48))
        cut = any(paint.width_of(line, font) > room for line in (first, second))
        self.setToolTip(self._both if self._narrow or cut else "")

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = Theme.current()
        painter = QPainter(self)
        radius = theme.radius("control")
        if self.over:
            paint.box(painter, self.rect(), fill=theme.colour("pressed"), radius=radius)
        if self.ring:
            paint.box(painter, self.rect(), line=theme.colour("focus"), radius=radius, width=2)
        painter.end()


def _halves(name: str, fits: Callable[[str], bool]) -> tuple[str, str]:
    """A name in two lines, as many words in the first as fit there."""
    words = name.split(" ")
    taken = next((n for n in range(len(words) - 1, 1, -1) if fits(" ".join(words[:n]))), 1)
    return " ".join(words[:taken]), " ".join(words[taken:])
