"""How wide columns are, and what is remembered of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from helpers.lists import MemorySettings, Store, Thing, things
from helpers.tables import COLUMNS, Model
from travellr_desktop.services.paged import ListQuery
from travellr_desktop.ui.tables import InlineReader, PagedModel, TableView
from travellr_desktop.ui.tables.choice_menu import ColumnMenu
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


# where there is no room for all


@pytest.fixture
def crowded(qtbot: QtBot) -> Iterator[TableView]:
    """A table whose total yields first, then its status."""
    yields = {"amount": 2, "state": 1}
    columns = tuple(replace(each, yields=yields.get(each.key, 0)) for each in COLUMNS)
    model: Model = PagedModel(columns, Store(things(range(3))).open, reader=InlineReader())
    table = TableView(model, title="Things", memory=TableMemory(MemorySettings(), "things"))
    qtbot.addWidget(table)
    table.resize(700, 348)
    table.show()
    model.open(ListQuery())
    yield table
    model.close()


def shown(table: TableView) -> list[str]:
    keys = [column.key for column in table.model().columns]  # type: ignore[attr-defined]
    return [key for number, key in enumerate(keys) if not table.isColumnHidden(number)]


def test_what_yields_makes_room_in_its_order_and_comes_back(qtbot: QtBot, crowded: TableView) -> None:
    assert shown(crowded) == ["reference", "name", "state", "amount"]
    for width, expected in (
        (400, ["reference", "name", "state"]),
        (280, ["reference", "name"]),
        (400, ["reference", "name", "state"]),
        (700, ["reference", "name", "state", "amount"]),
    ):
        crowded.resize(width, 348)
        assert shown(crowded) == expected
        qtbot.waitUntil(lambda: crowded.horizontalScrollBar().maximum() == 0)


def test_a_column_without_room_is_still_the_persons_choice(crowded: TableView) -> None:
    layout = crowded.layout_of_columns
    crowded.resize(400, 348)
    assert layout.shown("amount")
    assert layout.crowded_out("amount")
    menu = ColumnMenu(crowded.model().columns, layout, "", lambda _column: None, crowded)  # type: ignore[attr-defined]
    (total,) = (action for action in menu.actions() if action.text().startswith("Total"))
    assert (total.text(), total.isChecked()) == ("Total (no room now)", True)
    layout.show("state", False)
    assert shown(crowded) == ["reference", "name", "amount"]
    assert not layout.crowded_out("amount")
    layout.show("state", True)
    assert shown(crowded) == ["reference", "name", "state"]
