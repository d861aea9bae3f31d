"""A list that is asked to read again while it is reading again: once more at its end, never anew from its beginning."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot

from helpers.lists import StepReader, Store, Thing, things
from helpers.tables import Model
from travellr_desktop.errors import DatabaseBusy
from travellr_desktop.ui.tables import ListScreen, ListWords

Made = tuple[ListScreen, Store, StepReader]


@pytest.fixture
def made(qtbot: QtBot, model_of: Callable[..., Model]) -> Iterator[Made]:
    store, reader = Store(things(range(50))), StepReader()
    screen = ListScreen(model_of(store, reader), name="things", words=ListWords("Things", "things"))
    qtbot.addWidget(screen)
    screen.start()
    reader.all()
    assert len(store.opened) == 1
    yield screen, store, reader
    screen.close_down()


def test_many_changes_while_it_reads_are_one_more_reading(made: Made) -> None:
    screen, store, reader = made
    screen.refresh()
    interrupted = store.interrupted
    store.rows = things(range(60))
    for _ in range(5):
        screen.refresh()
    assert store.interrupted == interrupted
    reader.all()
    assert len(store.opened) == 3
    assert screen.model.rowCount() == 60
    assert not screen.model.rereading


def test_what_changed_after_it_was_read_is_shown_too(made: Made) -> None:
    """The first reading has its rows already when the last change comes."""
    screen, store, reader = made
    screen.refresh()
    reader.step()
    store.rows = things(range(70))
    screen.refresh()
    reader.all()
    assert screen.model.rowCount() == 70


def test_another_query_does_not_wait_and_leaves_nothing_to_do(made: Made) -> None:
    screen, store, reader = made
    screen.refresh()
    screen.refresh()
    screen.start(text="name 1")
    reader.all()
    assert [query.text for query in store.opened] == ["", "name 1"]
    assert not screen.model.rereading


def test_a_reading_that_fails_does_not_block_the_next(made: Made) -> None:
    screen, store, reader = made
    store.fails = DatabaseBusy("Another program is writing to the database.")
    screen.refresh()
    reader.all()
    assert not screen.model.rereading
    screen.refresh()
    reader.all()
    assert screen.model.rowCount() == 50


def test_who_goes_on_while_it_is_read_again_stays_where_they_went(made: Made) -> None:
    screen, store, reader = made
    screen.table.go_to(3)
    screen.refresh()
    screen.table.go_to(20)
    store.rows = [Thing(900, "New"), *things(range(50))]
    reader.all()
    assert screen.table.currentIndex().row() == 21
    assert screen.table.current_row().id == 20
    assert [row.id for row in screen.table.selected_rows()] == [20]


def test_a_cursor_that_went_to_a_row_that_is_gone_stays_in_its_place(made: Made) -> None:
    screen, store, reader = made
    screen.table.go_to(3)
    screen.refresh()
    screen.table.go_to(49)
    store.rows = things(range(40))
    reader.all()
    assert screen.table.currentIndex().row() == 39


def test_who_looks_for_a_row_as_it_comes_keeps_it_over_the_next_reading(made: Made) -> None:
    """A change is told while the list is being read for what was just added."""
    screen, store, reader = made
    screen.model.reread.connect(lambda _: screen.table.go_to(7) if len(store.opened) == 2 else None)
    screen.refresh()
    screen.refresh()
    reader.all()
    assert len(store.opened) == 3
    assert screen.table.currentIndex().row() == 7
