"""Light, dark, or as the system: the same three lines wherever they are offered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu

from travellr_desktop.ui.shell.palette_list import Found
from travellr_desktop.ui.theme import Mode, Theme

ICONS = {Mode.LIGHT: "sun", Mode.DARK: "moon", Mode.SYSTEM: "monitor"}
_WORDS = {Mode.LIGHT: "Light", Mode.DARK: "Dark", Mode.SYSTEM: "As the system"}
_ORDER = (Mode.LIGHT, Mode.DARK, Mode.SYSTEM)


def words(mode: Mode) -> str:
    return QCoreApplication.translate("Modes", _WORDS[mode])


def verbs_of(theme: Theme) -> Callable[[str], Sequence[Found]]:
    """For the palette: the modes that are not the present one."""

    def find(_: str) -> list[Found]:
        say = QCoreApplication.translate("Modes", "Theme: {0}")
        return [
            Found(say.format(words(mode).lower()), ICONS[mode], partial(theme.set_mode, mode))
            for mode in _ORDER
            if mode is not theme.mode
        ]

    return find


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
