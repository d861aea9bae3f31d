"""The list screen: counts, empty and failed lists, the detail panel, what is remembered."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QWidget
from pytestqt.qtbot import QtBot

from helpers.list_screens import Make, choose, menu_of, mixed
from helpers.lists import MemorySettings, Numbers, StepReader, Store, Thing
from travellr_desktop.errors import DatabaseBusy
from travellr_desktop.ui.parts.detail import DetailPanel
from travellr_desktop.ui.tables import Density
from travellr_desktop.ui.tables.list_screen import ListScreen

# menus grab the keyboard, which the platform of the tests cannot
pytestmark = pytest.mark.qt_log_ignore("grabbing the keyboard", extend=True)


# counts and sums


def test_the_footer_and_the_bar_say_how_many_and_how_much(screen_of: Make) -> None:
    screen = screen_of(Store(Numbers(1000), whole=412_907))
    screen.start()
    assert screen.filters.count.text() == "1,000"
    assert screen.footer.words == "1,000 rows · Total EUR 49950000"
    screen.table.go_to(3)
    assert screen.footer.words.startswith("1 selected · 1,000 rows")
    screen.filters.set_all({"day": 1})
    assert screen.filters.count.text() == "1,000 of 412,907"


def test_nothing_is_said_of_a_number_that_is_not_known_yet(screen_of: Make) -> None:
    reader = StepReader()
    screen = screen_of(Store(Numbers(1000)), reader=reader)
    screen.start()
    assert screen.filters.count.text() == ""
    assert screen.footer.words == ""
    reader.all()
    assert screen.filters.count.text() == "1,000"


# nothing there, not readable


def said(screen: ListScreen) -> str:
    page = screen._stack.currentWidget()
    assert page is not None
    return page.accessibleName()


def test_a_list_hidden_by_filters_says_so_and_esc_clears_them(screen_of: Make) -> None:
    store = Store(mixed(), whole=412_907)
    screen = screen_of(store)
    screen.start({"day": 1}, "nobody")
    assert said(screen) == "No bookings match these filters 412,907 bookings are hidden by 2 filters."
    assert screen.back()
    assert store.opened[-1].filters == {}
    assert screen.filters.text == ""
    assert screen._stack.currentWidget() is screen.table


def test_a_list_without_rows_says_what_will_be_here_and_offers_the_first(
    qtbot: QtBot, screen_of: Make
) -> None:
    screen = screen_of(Store([]))
    screen.start()
    assert said(screen) == "No bookings yet Bookings of this agency will be here."
    with qtbot.waitSignal(screen.first_action):
        screen._nothing._make.click()
    assert not screen.back()


def test_a_list_that_cannot_be_read_says_why_and_is_read_again(qtbot: QtBot, screen_of: Make) -> None:
    store = Store(mixed(), fails=DatabaseBusy("The file is busy with a backup."))
    screen = screen_of(store)
    screen.start()
    assert said(screen).startswith("The list could not be read The file is busy with a backup. Since ")
    with qtbot.waitSignal(screen.failure_asked) as asked:
        screen._failed.details.emit()
    assert isinstance(asked.args[0], DatabaseBusy)
    screen._failed.again_button.click()
    assert screen._stack.currentWidget() is screen.table
    assert screen.model.rowCount() == 30


def test_a_mistake_of_the_program_shows_no_inner_words(screen_of: Make) -> None:
    screen = screen_of(Store(mixed(), fails=RuntimeError("no such column: b.stat")))
    screen.start()
    assert "no such column" not in said(screen)
    assert "The program made a mistake." in said(screen)


# the detail panel


def test_the_panel_follows_the_cursor_and_enter_opens_it_again(screen_of: Make) -> None:
    settings = MemorySettings()
    screen = screen_of(Store(mixed()), settings=settings)
    panel = DetailPanel("Booking")
    screen.set_detail(panel)
    told: list[int | None] = []
    screen.current_changed.connect(lambda row: told.append(row.id if row else None))
    screen.start()
    assert not panel.isVisible()
    screen.table.go_to(2)
    assert panel.isVisible()
    assert panel.width() == 340
    panel.closed.emit()
    assert not panel.isVisible()
    screen.table.go_to(3)
    assert not panel.isVisible()
    QTest.keyClick(screen.table, Qt.Key.Key_Return)
    assert panel.isVisible()
    assert told == [2, 3]


def test_a_closed_panel_stays_closed_and_its_width_comes_back(screen_of: Make) -> None:
    settings = MemorySettings()
    first = screen_of(Store(mixed()), settings=settings)
    first.set_detail(DetailPanel("Booking"))
    first.start()
    first.table.go_to(0)
    first.beside.moveSplitter(580, 1)
    assert first.beside.panel is not None
    wide = first.beside.panel.width()
    assert wide > 400
    again = screen_of(Store(mixed()), settings=settings)
    panel = DetailPanel("Booking")
    again.set_detail(panel)
    again.start()
    again.table.go_to(0)
    assert panel.width() == wide
    again.close_detail()
    third = screen_of(Store(mixed()), settings=settings)
    third.set_detail(QWidget())
    third.start()
    third.table.go_to(0)
    assert third.beside.panel is not None
    assert not third.beside.is_open


def test_esc_goes_back_step_by_step(qtbot: QtBot, screen_of: Make) -> None:
    screen = screen_of(Store(mixed()))
    panel = DetailPanel("Booking")
    screen.set_detail(panel)
    screen.activateWindow()
    screen.start()
    screen.table.go_to(1)
    screen.focus_search()
    qtbot.waitUntil(screen.filters.search.edit.hasFocus)
    assert screen.panes == (screen.filters, screen.table, panel)
    QTest.keyClick(screen.table, Qt.Key.Key_Escape)
    assert not panel.isVisible()
    screen.focus_search()
    assert screen.back()
    qtbot.waitUntil(screen.table.hasFocus)
    assert not screen.back()


# what is remembered


def test_sort_and_density_come_back(screen_of: Make) -> None:
    settings, store = MemorySettings(), Store(mixed())
    screen = screen_of(store, settings=settings)
    screen.start()
    assert (store.opened[-1].sort, store.opened[-1].descending) == ("name", False)
    head = screen.table.horizontalHeader()
    QTest.mouseClick(
        head.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(head.sectionViewportPosition(2) + 30, 10)
    )
    assert (store.opened[-1].sort, store.opened[-1].descending) == ("amount", True)
    screen._density_button.click()
    again = screen_of(store, settings=settings)
    again.start()
    assert (store.opened[-1].sort, store.opened[-1].descending) == ("amount", True)
    assert again.table.density is Density.COMPACT


def test_a_remembered_sort_that_is_no_more_gives_way(screen_of: Make) -> None:
    store = Store(mixed())
    settings = MemorySettings({"tables/things/sort": '["colour", true]', "tables/things/density": '"huge"'})
    screen = screen_of(store, settings=settings)
    screen.start()
    assert store.opened[-1].sort == "name"
    assert screen.table.density is Density.NORMAL


def test_the_columns_menu_shows_hides_and_sorts(screen_of: Make) -> None:
    store = Store(mixed())
    screen = screen_of(store)
    screen.start()
    screen._columns_button.click()
    menu = menu_of(screen)
    choose(menu, "Traveller")
    assert menu.isVisible()
    assert not screen.table.layout_of_columns.shown("name")
    sort = next(action.menu() for action in menu.actions() if action.text() == "Sort by")
    assert isinstance(sort, QMenu)
    next(action for action in sort.actions() if action.text() == "Total").trigger()
    assert (store.opened[-1].sort, store.opened[-1].descending) == ("amount", True)
    menu.close()


def test_reading_again_before_the_start_reads_in_the_lists_order(screen_of: Make) -> None:
    store = Store(mixed())
    screen_of(store).refresh()
    assert [query.sort for query in store.opened] == ["name"]


def test_reading_again_asks_the_same_and_keeps_the_row(screen_of: Make) -> None:
    store = Store(mixed())
    screen = screen_of(store)
    screen.start({"day": 1})
    screen.table.go_to(4)
    store.rows = [Thing(900, "New"), *mixed()]
    screen.refresh()
    assert store.opened[-1] == store.opened[-2]
    assert screen.table.currentIndex().row() == 5
    assert screen.filters.count.text() == "31 of 31"
