"""A list that is asked to read again while it is reading again: once more at its end, never anew from its beginning."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot

from helpers.lists import StepReader, Store, things
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
