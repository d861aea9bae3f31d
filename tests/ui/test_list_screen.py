"""The list screen: filters, words, counts, empty and failed lists, the detail panel, what is remembered."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from helpers.lists import MemorySettings, Numbers, StepReader, Store, Thing
from travellr_desktop.errors import DatabaseBusy
from travellr_desktop.ui.parts.chip import Chip
from travellr_desktop.ui.parts.detail import DetailPanel
from travellr_desktop.ui.tables import Column, Density, InlineReader, Kind, PagedModel, Reader
from travellr_desktop.ui.tables.filters import Choice, ListFilter
from travellr_desktop.ui.tables.list_screen import ListScreen
from travellr_desktop.ui.tables.nothing import ListWords
from travellr_desktop.ui.theme import Mode, Theme

# menus grab the keyboard, which the platform of the tests cannot
pytestmark = pytest.mark.qt_log_ignore("grabbing the keyboard", extend=True)

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


@pytest.fixture(autouse=True)
def theme(qapp: QApplication) -> Theme:
    theme = Theme(mode=Mode.LIGHT)
    theme.apply(qapp)
    return theme


Make = Callable[..., ListScreen]


@pytest.fixture
def screen_of(qtbot: QtBot) -> Iterator[Make]:
    made: list[ListScreen] = []

    def make(
        store: Store, *, settings: MemorySettings | None = None, reader: Reader | None = None, **more: Any
    ) -> ListScreen:
        model: PagedModel[Thing] = PagedModel(COLUMNS, store.open, reader=reader or InlineReader())
        screen = ListScreen(
            model,
            name="things",
            words=WORDS,
            filters=(STATES, DAY),
            sort=("name", False),
            amount=lambda minor, currency: f"{currency} {minor}",
            memory=settings,
            **more,
        )
        made.append(screen)
        qtbot.addWidget(screen)
        screen.resize(1000, 600)
        screen.show()
        return screen

    yield make
    for screen in made:
        screen.close_down()


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


# filters and words


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
    first._splitter.moveSplitter(580, 1)
    assert first._detail is not None
    wide = first._detail.width()
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
    assert third._detail is not None
    assert not third._detail.isVisible()


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
