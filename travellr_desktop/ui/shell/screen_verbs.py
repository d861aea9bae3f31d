"""The screens and their views as lines of the palette."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QCoreApplication

from travellr_desktop.domain.permissions import Role, allowed
from travellr_desktop.ui.screen import Screen, ScreenEntry
from travellr_desktop.ui.shell.palette_list import Found


def verbs_of_screens(
    entries: Sequence[ScreenEntry], role: Role, go: Callable[[str], Screen | None]
) -> Callable[[str], Sequence[Found]]:
    """`entries` as they are numbered on the rail, with those of their views that the role may see."""

    def find(_: str) -> list[Found]:
        words = QCoreApplication.translate("Workspace", "Go to {0}")
        found = []
        for number, entry in enumerate(entries, 1):
            key = f"Ctrl+{number}" if number <= 9 else ""
            found.append(Found(words.format(entry.words), entry.icon, partial(go, entry.key), key=key))
            found += [
                Found(
                    words.format(view.words),
                    view.icon,
                    partial(_go_view, go, entry.key, view.key),
                    second=entry.words,
                )
                for view in entry.views
                if view.permission is None or allowed(role, view.permission)
            ]
        return found

    return find


def _go_view(go: Callable[[str], Screen | None], key: str, view: str) -> None:
    screen = go(key)
    if screen is not None:
        screen.go_view(view)
