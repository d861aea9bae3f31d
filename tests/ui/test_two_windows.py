"""Two programs on one file: what the other does is in this window, and the person's place stays theirs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt
from pytestqt.qtbot import QtBot

from helpers.desk import CASH, Desk
from helpers.gui_thread import off_gui
from helpers.neighbour import Neighbour, neighbour
from helpers.selling import desk_off_gui
from helpers.workplace import Workplace, work_at
from travellr_desktop.domain.states import HoldState
from travellr_desktop.events import HoldChanged
from travellr_desktop.jobs.neighbours import NeighbourWatch
from travellr_desktop.ui.bookings.screen import BookingsScreen
from travellr_desktop.ui.tables import ListScreen

SOLD = 30


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with desk_off_gui(tmp_path / "profile") as desk:

        def prepare() -> None:
            departure = desk.add_departure(capacity=SOLD + 10)
            buyer = desk.traveller()
            for _ in range(SOLD):
                desk.sell(desk.hold(departure, adult=1), pay=CASH, traveller=buyer)

        off_gui(prepare)
        yield desk


@pytest.fixture
def other(desk: Desk) -> Iterator[Neighbour]:
    with neighbour(desk.profile.folder) as other:
        yield other


@pytest.fixture
def place(qtbot: QtBot, desk: Desk, tmp_path: Path) -> Iterator[Workplace]:
    with work_at(qtbot, desk, tmp_path, size=QSize(1280, 720)) as place:
        watch = NeighbourWatch(desk.services.neighbours)
        off_gui(watch.start)
        try:
            yield place
        finally:
            off_gui(watch.stop)


def bookings(place: Workplace) -> ListScreen:
    screen = place.work.go("bookings")
    assert isinstance(screen, BookingsScreen)
    screen.lists.table.sort_asked.emit("reference", True)  # what is sold last stands first
    place.until(
        lambda: screen.lists.model.totals is not None and screen.lists.model.query.sort == "reference"
    )
    place.until(lambda: screen.lists.model.count_known)
    place.quiet()
    return screen.lists


def at_top(lists: ListScreen) -> str:
    row = lists.model.row(0)
    return row.reference if row is not None else ""


def in_sight(lists: ListScreen) -> list[object]:
    first, last = lists.table.rows_in_sight()
    return [row.id for at in range(first, last) if (row := lists.model.row(at)) is not None]


def test_a_sale_of_the_other_window_comes_without_moving_anything(place: Workplace, other: Neighbour) -> None:
    lists = bookings(place)
    table, model = lists.table, lists.model
    table.setFocus()
    for _ in range(20):
        place.key(Qt.Key.Key_Down)
    place.key(Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    place.quiet()
    selected = [row.id for row in table.selected_rows()]
    cursor, seen = table.current_row().id, in_sight(lists)
    assert len(selected) == 2
    assert table.rows_in_sight()[0] > 0
    reference = other.do("sell")
    place.until(lambda: model.rowCount() == SOLD + 1)
    place.until(lambda: at_top(lists) == reference)
    assert [row.id for row in table.selected_rows()] == selected
    assert table.current_row().id == cursor
    assert in_sight(lists) == seen
    assert table.hasFocus()


def test_at_the_top_the_new_row_comes_into_sight(place: Workplace, other: Neighbour) -> None:
    lists = bookings(place)
    reference = other.do("sell")
    place.until(lambda: lists.model.rowCount() == SOLD + 1)
    assert lists.table.rows_in_sight()[0] == 0
    assert at_top(lists) == reference


def test_many_changes_one_after_the_other_all_come(place: Workplace, other: Neighbour) -> None:
    """While the list is read again because of one, others come: they are not lost, nor is it begun anew each time."""
    lists = bookings(place)
    for _ in range(6):
        other.tell("sell")
    sold = [other.answer() for _ in range(6)]
    place.until(lambda: lists.model.rowCount() == SOLD + 6)
    shown = {row.reference for at in range(6) if (row := lists.model.row(at)) is not None}
    assert shown == set(sold)


def test_a_hold_of_the_other_window_is_heard_when_it_is_taken_and_when_it_lapses(
    place: Workplace, desk: Desk, other: Neighbour
) -> None:
    told: list[HoldState] = []
    with desk.services.bus.subscribe(HoldChanged, lambda event: told.append(event.state)):
        other.do("hold")
        place.until(lambda: told == [HoldState.ACTIVE])
        assert other.do("lapse") == 1
        place.until(lambda: told == [HoldState.ACTIVE, HoldState.EXPIRED])
