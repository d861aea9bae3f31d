"""Walking through a window, looking everywhere for words that are cut, covered or too pale."""

from __future__ import annotations

from contextlib import suppress

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget
from pytestqt.exceptions import TimeoutError as QtTimeout

from helpers.layout import faults
from helpers.office import Office
from helpers.rest import SETTLES_MS


class Walk:
    """`look` at each place; what was wrong anywhere is in `wrong`, with the place."""

    def __init__(self, office: Office, size: QSize) -> None:
        self.office, self._size = office, size
        self.wrong: list[str] = []

    def look(self, where: str, over: QWidget | None = None) -> None:
        """Once columns have grown and layouts have settled. The window keeps its size."""
        window = self.office.window
        self.wrong.extend(f"{where}: {each}" for each in self._settled(over or window))
        if window.size() != self._size:
            self.wrong.append(f"{where}: the window is pushed to {window.size()}")
            window.resize(self._size)

    def _settled(self, over: QWidget) -> list[str]:
        self.office.quiet()
        wrong: list[str] = []

        def clean() -> bool:
            wrong[:] = faults(over)
            return not wrong

        with suppress(QtTimeout):
            self.office.qtbot.waitUntil(clean, timeout=SETTLES_MS)
        return wrong
