"""How wide columns are, and what is remembered of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from helpers.lists import MemorySettings, Store, Thing, things
from helpers.tables import COLUMNS
from travellr_desktop.ui.tables import (
    TableView,
)
from travellr_desktop.ui.tables.memory import TableMemory
from travellr_desktop.ui.tables.widths import Share, share_out


@pytest.mark.parametrize(
    ("shares", "room", "expected"),
    [
        ([Share("a", 100, 50), Share("b", 100, 50, 1)], 300, {"a": 100, "b": 200}),
        ([Share("a", 100, 50, 1), Share("b", 100, 50, 2)], 290, {"a": 130, "b": 160}),
        ([Share("a", 100, 50), Share("b", 100, 50, 1)], 170, {"a": 100, "b": 70}),
        ([Share("a", 100, 90, 1), Share("b", 100, 20, 1)], 150, {"a": 90, "b": 60}),
        ([Share("a", 100, 90), Share("b", 100, 80, 1)], 50, {"a": 100, "b": 80}),
        ([Share("a", 10, 90)], 500, {"a": 90}),
        ([], 100, {}),
    ],
)
def test_room_is_shared_among_columns(shares: list[Share], room: int, expected: dict[str, int]) -> None:
    assert share_out(shares, room) == expected


def test_columns_fill_the_width_and_amounts_are_never_cut(
    qtbot: QtBot, table_of: Callable[..., TableView]
) -> None:
    table = table_of(Store([Thing(1, "A very long name that will not fit in here" * 3, 123456789012345)]))
    before = table.columnWidth(3)
    table.viewport().repaint()
    qtbot.waitUntil(lambda: table.columnWidth(3) > before)
    spans = table.layout_of_columns.spans
    assert sum(span.width for span in spans) == table.viewport().width()
    table.viewport().repaint()
    delegate = table._delegate
    assert delegate.cut_words(0, spans[1].x + 5, spans).startswith("A very long name")
    assert delegate.cut_words(0, spans[3].x + 5, spans) == ""
    assert delegate.cells.too_narrow == {}


def test_widths_and_columns_are_remembered(table_of: Callable[..., TableView]) -> None:
    settings = MemorySettings()
    table = table_of(Store(things(range(3))), settings=settings)
    table.setColumnWidth(0, 222)
    table.layout_of_columns.show("extra", True)
    table.layout_of_columns.show("name", False)
    again = table_of(Store(things(range(3))), settings=settings)
    assert again.columnWidth(0) == 222
    assert [again.layout_of_columns.shown(column.key) for column in COLUMNS] == [
        True,
        False,
        True,
        True,
        True,
    ]
    again.layout_of_columns.reset()
    assert again.columnWidth(0) != 222
    assert again.layout_of_columns.shown("name")
    assert not again.layout_of_columns.shown("extra")


def test_the_last_column_cannot_be_hidden(table_of: Callable[..., TableView]) -> None:
    table = table_of(Store(things(range(3))))
    for column in COLUMNS:
        table.layout_of_columns.show(column.key, False)
    assert len(table.layout_of_columns.spans) == 1


@pytest.mark.parametrize("damaged", ["", "{", "7", '{"name": "wide"}', '["name"]', '{"name": -4}'])
def test_damaged_memory_counts_as_none(table_of: Callable[..., TableView], damaged: str) -> None:
    settings = MemorySettings(
        {f"tables/things/{key}": damaged for key in ("widths", "sort", "density", "hidden")}
    )
    table = table_of(Store(things(range(3))), settings=settings)
    assert table.columnWidth(0) >= 130
    assert TableMemory(settings, "things").widths() == {}
    assert TableMemory(settings, "things").sort() is None
