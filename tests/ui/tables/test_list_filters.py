"""The filter bar of a list: words, chips and their menus, and the way along it by Tab."""

from __future__ import annotations

from itertools import combinations

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from helpers.list_screens import Make, chips, choose, menu_of, mixed
from helpers.lists import StepReader, Store
from travellr_desktop.ui.parts.button import Button
from travellr_desktop.ui.parts.chip import Chip
from travellr_desktop.ui.parts.segments import Segments

# menus grab the keyboard, which the platform of the tests cannot
pytestmark = pytest.mark.qt_log_ignore("grabbing the keyboard", extend=True)


def test_typed_words_narrow_the_list_once_typing_pauses(qtbot: QtBot, screen_of: Make) -> None:
    store = Store(mixed())
    screen = screen_of(store)
    screen.start()
    screen.focus_search()
    QTest.keyClicks(screen.filters.search.edit, "name 2")
    assert len(store.opened) == 1
    qtbot.waitUntil(lambda: len(store.opened) == 2)
    assert store.opened[-1].text == "name 2"
    assert screen.filters.count.text() == "11 of 30"


def test_enter_takes_the_words_at_once_and_goes_to_the_table(qtbot: QtBot, screen_of: Make) -> None:
    store = Store(mixed())
    screen = screen_of(store)
    screen.activateWindow()
    screen.start()
    screen.focus_search()
    QTest.keyClicks(screen.filters.search.edit, "name 2")
    QTest.keyClick(screen.filters.search.edit, Qt.Key.Key_Return)
    assert len(store.opened) == 2
    qtbot.waitUntil(screen.table.hasFocus)
    assert screen.table.currentIndex().row() == 0
    QTest.keyClick(screen.table, Qt.Key.Key_Slash)
    qtbot.waitUntil(screen.filters.search.edit.hasFocus)
    assert screen.filters.search.edit.selectedText() == "name 2"


def test_the_cursor_stands_on_the_first_row_found_even_if_it_is_read_later(
    qtbot: QtBot, screen_of: Make
) -> None:
    reader = StepReader()
    screen = screen_of(Store(mixed()), reader=reader)
    screen.start()
    reader.all()
    screen.focus_search()
    QTest.keyClicks(screen.filters.search.edit, "name 2")
    QTest.keyClick(screen.filters.search.edit, Qt.Key.Key_Return)
    reader.all()
    assert screen.model.rowCount() == 11
    assert screen.table.current_row().name == "Name 2"


def test_several_values_are_ticked_one_after_the_other(screen_of: Make) -> None:
    store = Store(mixed())
    screen = screen_of(store)
    screen.start()
    assert chips(screen) == {"Departs": None}
    screen.filters.choose_values("state", screen.filters)
    menu = menu_of(screen)
    choose(menu, "Cancelled")
    choose(menu, "Pending")
    assert menu.isVisible()
    assert store.opened[-1].filters == {"state": ("pending", "cancelled")}
    assert chips(screen) == {"Departs": None, "Status": "2 of 3"}
    choose(menu, "Pending")
    assert store.opened[-1].filters == {"state": ("cancelled",)}
    assert chips(screen)["Status"] == "Cancelled"
    menu.close()
    assert screen.model.rowCount() == 10


def test_a_single_value_replaces_the_one_before_and_closes_the_menu(screen_of: Make) -> None:
    store = Store(mixed())
    screen = screen_of(store)
    screen.start({"day": 1})
    assert chips(screen) == {"Departs": "Today"}
    screen.filters.choose_values("day", screen.filters)
    menu = menu_of(screen)
    assert [action.isChecked() for action in menu.actions()] == [True, False]
    choose(menu, "Tomorrow")
    assert not menu.isVisible()
    assert store.opened[-1].filters == {"day": 2}


def test_the_cross_of_a_chip_takes_its_filter_away(screen_of: Make) -> None:
    store = Store(mixed())
    screen = screen_of(store)
    screen.start({"state": ("pending",), "day": 1})
    chip = next(chip for chip in screen.filters.findChildren(Chip) if chip.value == "Pending")
    QTest.keyClick(chip, Qt.Key.Key_Delete)
    assert store.opened[-1].filters == {"day": 1}
    screen.filters.clear()
    assert store.opened[-1].filters == {}
    assert chips(screen) == {"Departs": None}


def test_filters_a_list_does_not_know_are_left_out_of_a_start(screen_of: Make) -> None:
    store = Store(mixed())
    screen_of(store).start({"colour": "red", "day": 1})
    assert store.opened[-1].filters == {"day": 1}


def test_what_a_screen_is_about_is_no_chip_but_in_every_query(screen_of: Make) -> None:
    store = Store(mixed())
    screen = screen_of(store)
    screen.start()
    screen.set_always({"state": "pending"})
    assert chips(screen) == {"Departs": None}
    assert screen.model.rowCount() == 10
    screen.filters.set_all({"day": 1})
    assert store.opened[-1].filters == {"day": 1, "state": "pending"}


def test_tab_goes_along_the_first_row_then_along_the_second_to_the_table(
    qtbot: QtBot, screen_of: Make
) -> None:
    screen = screen_of(Store(mixed()))
    screen.filters.add_leading(Segments("Views", [("coming", "Coming"), ("past", "Past")]))
    screen.filters.add_trailing(Button("Save", height="control_small"))
    screen.activateWindow()
    qtbot.waitUntil(screen.isActiveWindow)
    screen.start({"state": ("pending",)})  # its chip is made now, after everything else
    screen.filters.findChildren(Segments)[0].focus_chosen()
    met: list[str] = []
    while not screen.table.hasFocus():
        focus = QApplication.focusWidget()
        assert focus is not None
        assert len(met) < 20
        met.append(focus.accessibleName().partition(",")[0])
        QTest.keyClick(focus, Qt.Key.Key_Tab)
    first = ["Coming", "Filter these rows", "Columns", "Height of rows", "Save"]
    assert met == [*first, "Departs any", "Status Pending", "Filter", "Clear"]


def test_f_offers_a_filter_that_is_set_too_and_begins_with_one_that_is_not(screen_of: Make) -> None:
    store = Store(mixed())
    screen = screen_of(store)
    screen.start({"day": 1})
    screen.choose_filter()
    menu = menu_of(screen)
    assert [action.text() for action in menu.actions() if action.text()] == ["Status", "Departs: Today"]
    assert menu.activeAction() is menu.actions()[0]
    QTest.keyClick(menu, Qt.Key.Key_Down)
    QTest.keyClick(menu, Qt.Key.Key_Return)
    values = menu_of(screen)
    assert values.activeAction().text() == "Today"
    QTest.keyClick(values, Qt.Key.Key_Down)
    QTest.keyClick(values, Qt.Key.Key_Return)
    assert store.opened[-1].filters == {"day": 2}


def test_in_little_room_no_part_of_the_bar_stands_over_another(screen_of: Make) -> None:
    screen = screen_of(Store(mixed()))
    screen.start({"state": ("pending",)})
    bar = screen.filters
    for width in (380, 1000):
        bar.setFixedWidth(width)
        QApplication.processEvents()
        parts: list[QWidget] = [bar.search, bar.count, screen._columns_button, *bar.findChildren(Chip)]
        parts = [part for part in parts if part.isVisible()]
        assert all(part.width() >= min(part.sizeHint().width(), 96) for part in parts)
        places = [QRect(part.mapTo(bar, QPoint()), part.size()) for part in parts]
        assert not [1 for one, other in combinations(places, 2) if one.intersects(other)]
        assert bar.count.isVisible() == (width == 1000)
