"""Light, dark, or as the system: the same three lines wherever they are offered."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu

from travellr_desktop.ui.theme import Mode, Theme

ICONS = {Mode.LIGHT: "sun", Mode.DARK: "moon", Mode.SYSTEM: "monitor"}
_WORDS = {Mode.LIGHT: "Light", Mode.DARK: "Dark", Mode.SYSTEM: "As the system"}
_ORDER = (Mode.LIGHT, Mode.DARK, Mode.SYSTEM)


def words(mode: Mode) -> str:
    return QCoreApplication.translate("Modes", _WORDS[mode])


def following(mode: Mode) -> Mode:
    """The mode after this one, for an action that goes round."""
    return _ORDER[(_ORDER.index(mode) + 1) % len(_ORDER)]


def add_modes(menu: QMenu) -> None:
    """Add a line for each mode; a click switches the theme, which whoever remembers it hears of."""
    theme = Theme.current()
    group = QActionGroup(menu)
    for mode in _ORDER:
        action = group.addAction(words(mode))
        menu.addAction(action)
        action.setCheckable(True)
        action.setChecked(mode is theme.mode)
        action.triggered.connect(lambda _=False, mode=mode: theme.set_mode(mode))
