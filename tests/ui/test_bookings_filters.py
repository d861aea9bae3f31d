"""How many bookings are in each state, where the states are offered."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMenu

from helpers.desk import CASH
from helpers.workplace import Workplace
from travellr_desktop.ui.bookings.screen import BookingsScreen

Key = Qt.Key

# menus grab the keyboard, which the platform of the tests cannot
pytestmark = pytest.mark.qt_log_ignore("grabbing the keyboard", extend=True)


def offered(place: Workplace) -> list[str]:
    """The lines of the states, opened by keys."""
    screen = place.work.go("bookings")
    assert isinstance(screen, BookingsScreen)
    place.until(lambda: screen.lists.model.totals is not None)
    place.quiet()
    screen.lists.table.setFocus()
    place.key(Key.Key_F)
    for _ in range(2):  # Status is the first that is not set
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        lines = [action.text() for action in menu.actions()]
        place.qtbot.keyClick(menu, Key.Key_Return)
    return lines


def sell_two(place: Workplace) -> None:
    def work() -> None:
        departure = place.desk.add_departure()
        place.desk.sold(departure, pay=CASH, adult=1)
        place.desk.cancel(place.desk.sold(departure, pay=CASH, adult=1).bookings[0].id)

    place.off(work)


def test_who_may_know_sees_how_many_there_are_in_each_state(place_of_admin: Workplace) -> None:
    sell_two(place_of_admin)
    assert offered(place_of_admin) == [
        "Pending\t0",
        "Confirmed\t1",
        "Completed\t0",
        "Cancelled\t1",
        "No-show\t0",
    ]


def test_an_agent_is_offered_the_states_alone(place: Workplace) -> None:
    sell_two(place)
    assert offered(place) == ["Pending", "Confirmed", "Completed", "Cancelled", "No-show"]
