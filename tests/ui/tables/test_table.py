"""Moving about in a table by keys, keeping the place, sorting."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from helpers.lists import Numbers, StepReader, Store, Thing, things
from helpers.tables import MILLION, Model, ids, model
from travellr_desktop.services.paged import ListQuery
from travellr_desktop.ui.tables import (
    LoadState,
    Place,
    TableView,
)
from travellr_desktop.ui.tables.footer import TableFooter
from travellr_desktop.ui.tables.model import PAGES_KEPT
from travellr_desktop.ui.tables.selection import runs
from travellr_desktop.ui.tables.sums import sums_of

# moving about


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ([Qt.Key.Key_Down], 1),
        ([Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Up], 0),
        ([Qt.Key.Key_End], MILLION - 1),
        ([Qt.Key.Key_End, Qt.Key.Key_Down], MILLION - 1),
        ([Qt.Key.Key_End, Qt.Key.Key_Home], 0),
        ([Qt.Key.Key_PageDown], 9),
        ([Qt.Key.Key_PageDown, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp], 9),
        ([Qt.Key.Key_Right, Qt.Key.Key_Left], 0),
    ],
)
def test_keys_move_by_rows(table_of: Callable[..., TableView], keys: list[Qt.Key], expected: int) -> None:
    table = table_of(Store(Numbers(MILLION)))
    table.go_to(0)
    for key in keys:
        QTest.keyClick(table, key)
    assert table.currentIndex().row() == expected
    row = table.current_row()
    assert row is not None
    assert row.id == expected
    first, last = table.rows_in_sight()
    assert first <= expected <= last
    assert table.selected_count() == 1


def test_the_focus_alone_moves_no_cursor(qtbot: QtBot, table_of: Callable[..., TableView]) -> None:
    table = table_of(Store(things(range(20))))
    table.clearFocus()
    table.activateWindow()
    table.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(table.hasFocus)
    assert not table.currentIndex().isValid()
    QTest.keyClick(table, Qt.Key.Key_Down)
    assert [row.id for row in table.selected_rows()] == [0]


def test_enter_and_double_click_activate_the_row(table_of: Callable[..., TableView]) -> None:
    table = table_of(Store(things(range(20))))
    activated: list[int] = []
    table.row_activated.connect(lambda row: activated.append(row.id))
    table.go_to(3)
    QTest.keyClick(table, Qt.Key.Key_Return)
    for press in (QTest.mouseClick, QTest.mouseDClick):
        press(table.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(50, 32 * 5 + 10))
    assert activated == [3, 5]


def test_letters_do_not_search_but_go_on_to_the_screen(
    qtbot: QtBot, table_of: Callable[..., TableView]
) -> None:
    class Screen(QWidget):
        typed = ""

        def keyPressEvent(self, event: object) -> None:
            self.typed += event.text()  # type: ignore[attr-defined]

    screen = Screen()
    qtbot.addWidget(screen)
    table = table_of(Store(things(range(20))), within=QVBoxLayout(screen))
    screen.show()
    table.go_to(0)
    table.setFocus()
    for key in (Qt.Key.Key_N, Qt.Key.Key_Slash):
        QTest.keyClick(table, key)
    assert screen.typed == "n/"
    assert table.currentIndex().row() == 0


def test_shift_and_all_select_ranges_of_any_size(table_of: Callable[..., TableView]) -> None:
    table = table_of(Store(Numbers(MILLION)))
    counts: list[int] = []
    table.selection_counted.connect(counts.append)
    table.go_to(10)
    QTest.keyClick(table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert [row.id for row in table.selected_rows()] == [10, 11]
    QTest.keyClick(table, Qt.Key.Key_End, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert counts == [1, 2, MILLION - 10, MILLION]


def test_a_click_on_a_column_half_in_sight_does_not_scroll_sideways(
    qtbot: QtBot, table_of: Callable[..., TableView]
) -> None:
    table = table_of(Store(things(range(20))), width=300)
    assert table.horizontalScrollBar().maximum() > 0
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(270, 40))
    assert table.currentIndex().row() == 1
    assert table.horizontalScrollBar().value() == 0
    QTest.keyClick(table, Qt.Key.Key_Right)
    assert table.horizontalScrollBar().value() > 0


# keeping the place


def test_reading_again_keeps_selection_cursor_and_what_is_in_sight(
    table_of: Callable[..., TableView],
) -> None:
    store = Store(things(range(1000)))
    table = table_of(store)
    table.verticalScrollBar().setValue(500 * 32 + 11)
    table.go_to(503)
    QTest.keyClick(table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    store.rows = [*things(range(2000, 2040)), *things(range(1000))]
    model(table).refresh(table.place())
    assert [row.id for row in table.selected_rows()] == [503, 504]
    assert table.currentIndex().row() == 544
    assert table.verticalScrollBar().value() == 540 * 32 + 11
    assert model(table).rowCount() == 1040


def test_a_cursor_left_far_behind_is_still_there_after_reading_again(
    table_of: Callable[..., TableView],
) -> None:
    table = table_of(Store(Numbers(20_000)))
    table.go_to(3)
    for page in range(5, PAGES_KEPT + 20):
        table.verticalScrollBar().setValue(page * 128 * 32)
    assert table.current_row() is None
    top = table.rows_in_sight()[0]
    model(table).refresh(table.place())
    assert table.currentIndex().row() == 3
    assert table.selected_count() == 1
    assert table.rows_in_sight()[0] == top


def test_at_the_top_new_rows_come_into_sight(table_of: Callable[..., TableView]) -> None:
    store = Store(things(range(1000)))
    table = table_of(store)
    table.go_to(2)
    store.rows = things([9000, *range(1000)])
    model(table).refresh(table.place())
    assert table.rows_in_sight()[0] == 0
    assert table.currentIndex().row() == 3


def test_the_current_row_is_told_anew_when_it_changed_or_went(table_of: Callable[..., TableView]) -> None:
    store = Store(things(range(10)))
    table = table_of(store)
    told: list[Thing | None] = []
    table.current_changed.connect(told.append)
    table.go_to(4)
    model(table).refresh(table.place())
    changed = Thing(4, "Changed")
    store.rows = [*things(range(4)), changed, *things(range(5, 10))]
    model(table).refresh(table.place())
    store.rows = things(range(4))
    model(table).refresh(table.place())
    assert told == [things([4])[0], changed, None]
    assert table.selected_count() == 0
    assert model(table).rowCount() == 4


def test_another_order_starts_at_the_top_and_keeps_the_selection(table_of: Callable[..., TableView]) -> None:
    table = table_of(Store(things(range(1000))))
    told: list[Thing | None] = []
    table.go_to(700)
    table.current_changed.connect(told.append)
    model(table).open(ListQuery(sort="name", descending=True), table.place())
    assert table.verticalScrollBar().value() == 0
    assert table.currentIndex().row() == 299
    assert told in ([], [things([700])[0]])


def test_a_refresh_shows_nothing_until_all_is_read(table_of: Callable[..., TableView]) -> None:
    reader, store = StepReader(), Store(things(range(300)))
    table = table_of(store, reader=reader)
    reader.all()
    store.rows = things(range(1000, 1010))
    model(table).refresh(table.place())
    assert ids(model(table), 0, 2) == [0, 1]
    assert model(table).state is LoadState.READY
    reader.all()
    assert ids(model(table), 0, 2) == [1000, 1001]
    assert model(table).rowCount() == 10


# sorting


def test_a_header_asks_to_sort_and_then_to_turn_round(
    qtbot: QtBot, table_of: Callable[..., TableView]
) -> None:
    table = table_of(Store(things(range(20))))
    asked: list[tuple[str, bool]] = []
    table.sort_asked.connect(lambda key, down: asked.append((key, down)))
    head = table.horizontalHeader()

    def click(column: int) -> None:
        at = QPoint(head.sectionViewportPosition(column) + 30, 10)
        qtbot.mouseClick(head.viewport(), Qt.MouseButton.LeftButton, pos=at)

    click(1)
    click(3)
    model(table).open(ListQuery(sort="amount", descending=True))
    click(3)
    assert asked == [("name", False), ("amount", True), ("amount", False)]


# small parts


def test_the_footer_says_what_is_selected_and_summed() -> None:
    footer = TableFooter()
    footer.set_selected(2)
    footer.set_rows("1,284 rows")
    sums = {"amount": {"EUR": 19841260, "RSD": 5}, "due": {}}
    footer.set_sums(sums_of(sums, {"amount": "Total", "due": "Due"}, lambda minor, code: f"{code} {minor}"))
    assert footer.accessibleName() == "2 selected · 1,284 rows · Total EUR 19841260 + RSD 5"


def test_neighbours_are_taken_together() -> None:
    assert runs([]) == []
    assert runs([1, 2, 3, 7, 9, 10]) == [(1, 3), (7, 7), (9, 10)]


def test_an_empty_place_finds_nothing(model_of: Callable[..., Model]) -> None:
    model = model_of(Store([]))
    found: list[object] = []
    model.counted.connect(found.append)
    model.open(ListQuery(), Place(ids=(1,), current=1, top=5, anchor=1, rows=10))
    assert len(found) == 1
    assert model.rowCount() == 0


def test_the_row_with_the_cursor_stays_in_sight_when_the_table_shrinks(
    table_of: Callable[..., TableView], qtbot: QtBot
) -> None:
    table = table_of(Store(Numbers(100)))
    table.go_to(table.rows_in_sight()[1] - 1)
    row = table.currentIndex().row()
    table.resize(table.width(), table.height() // 2)
    QApplication.processEvents()
    first, last = table.rows_in_sight()
    assert first <= row <= last
    assert (row + 1) * table.row_height - table.verticalOffset() <= table.viewport().height()


def test_a_cursor_that_was_scrolled_away_is_not_fetched_back(table_of: Callable[..., TableView]) -> None:
    table = table_of(Store(Numbers(100)))
    table.go_to(0)
    table.verticalScrollBar().setValue(50 * table.row_height)
    table.resize(table.width(), table.height() // 2)
    QApplication.processEvents()
    assert table.rows_in_sight()[0] >= 49
