"""The screen of departures in a test: what it shows, said as a person would."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from helpers.office import Office
from travellr_desktop.services.board import BoardRow
from travellr_desktop.services.manifest_rows import Manifest
from travellr_desktop.ui.departures.screen import DeparturesScreen
from travellr_desktop.ui.parts.dialog import Decision

K = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier


class Quay:
    """Somebody before the screen, with what tests look at."""

    def __init__(self, office: Office) -> None:
        self.office = office
        screen = office.go("departures")
        assert isinstance(screen, DeparturesScreen)
        self.screen = screen
        screen.scanner.fast = 0.0  # a test is as fast as a scanner, and is none
        self.settle()

    def settle(self) -> None:
        """Events come through the loop, then what they read again."""
        self.office.quiet()

    def until(self, holds: Callable[[], object]) -> None:
        self.office.until(holds)

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self.office.key(key, modifier)
        self.settle()

    def type(self, text: str) -> None:
        self.office.type(text)
        self.settle()

    @property
    def rows(self) -> list[BoardRow]:
        return list(self.screen.day_list.rows)

    @property
    def current(self) -> BoardRow:
        row = self.screen.day_list.current()
        assert row is not None
        return row

    @property
    def manifest(self) -> Manifest:
        manifest = self.screen.panel.manifest
        assert manifest is not None
        return manifest

    @property
    def said(self) -> str:
        """What came of the last scan."""
        return self.screen.panel._said.text()

    def choose(self, title: str) -> None:
        """Go to a departure of the day with the arrows."""
        self.screen.day_list.table.setFocus()
        self.key(K.Key_Home)
        for _ in self.rows:
            if self.current.title == title:
                return
            self.key(K.Key_Down)
        raise AssertionError(f"no departure {title}")

    def choose_line(self, name: str) -> None:
        """Go to a traveller of the manifest with the arrows."""
        self.screen.panel.list.setFocus()
        self.key(K.Key_Home)
        for _ in self.screen.panel.list.rows.rows:
            row = self.screen.panel.list.current()
            if row is not None and row.words == name:
                return
            self.key(K.Key_Down)
        raise AssertionError(f"no traveller {name}")

    def dialog(self) -> Decision:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, Decision)
        return dialog

    def come_back(self) -> None:
        """After a dialog: without a display there is nobody who makes the window active again."""
        self.office.until(lambda: QApplication.activeModalWidget() is None)
        self.office.window.activateWindow()
        self.office.until(self.office.window.isActiveWindow)
        self.settle()
