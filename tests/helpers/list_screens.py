"""A list screen of things: its columns, filters and words, and what can be seen of it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from helpers.lists import Thing
from travellr_desktop.ui.parts.chip import Chip
from travellr_desktop.ui.tables import Column, Kind
from travellr_desktop.ui.tables.filters import Choice, ListFilter
from travellr_desktop.ui.tables.list_screen import ListScreen
from travellr_desktop.ui.tables.nothing import ListWords

Make = Callable[..., ListScreen]

COLUMNS: tuple[Column[Thing], ...] = (
    Column("reference", "Reference", lambda row: row.reference, Kind.REFERENCE, width=130),
    Column("name", "Traveller", lambda row: row.name, width=120, stretch=1),
    Column(
        "amount",
        "Total",
        lambda row: str(row.amount),
        Kind.MONEY,
        width=80,
        descending_first=True,
        sum="amount",
    ),
)
STATES = ListFilter(
    "state",
    "Status",
    (Choice("pending", "Pending"), Choice("confirmed", "Confirmed"), Choice("cancelled", "Cancelled")),
)
DAY = ListFilter(
    "day", "Departs", lambda: [Choice(1, "Today"), Choice(2, "Tomorrow")], many=False, pinned=True
)
WORDS = ListWords(
    "Bookings", "bookings", "ticket", "Bookings of this agency will be here.", first_action="New booking"
)


def mixed(count: int = 30) -> list[Thing]:
    states = ("pending", "confirmed", "cancelled")
    return [Thing(n, f"Name {n}", n * 100, states[n % 3]) for n in range(count)]


def menu_of(screen: ListScreen) -> QMenu:
    """The menu that is open."""
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def choose(menu: QMenu, words: str) -> None:
    """Click a line of the menu."""
    action = next(action for action in menu.actions() if action.text() == words)
    QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(action).center())


def chips(screen: ListScreen) -> dict[str, str | None]:
    return {
        chip.accessibleName().split()[0]: chip.value
        for chip in screen.filters.findChildren(Chip)
        if chip.isVisible()
    }
