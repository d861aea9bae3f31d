"""What is painted: the selection, the pointer, rows not read yet, mirrored, taller, by night."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from helpers.lists import MemorySettings, Numbers, StepReader, Store, things
from helpers.tables import MILLION, has, model, picture
from travellr_desktop.ui.tables import (
    Density,
    TableView,
)
from travellr_desktop.ui.theme import Mode, Theme


def test_the_selected_row_has_a_fill_and_a_bar_that_shows_the_focus(
    qtbot: QtBot, theme: Theme, table_of: Callable[..., TableView]
) -> None:
    table = table_of(Store(things(range(20))))
    table.activateWindow()
    table.setFocus()
    qtbot.waitUntil(table.hasFocus)
    table.go_to(2)
    shot = picture(table)
    middle = 2 * 32 + 16
    assert shot.pixelColor(1, middle) == theme.colour("accent")
    assert shot.pixelColor(4, middle) == theme.colour("selection")
    assert shot.pixelColor(1, middle + 32) == theme.colour("surface")
    table.clearFocus()
    assert picture(table).pixelColor(1, middle) == theme.colour("border_control")


def test_the_row_under_the_pointer_is_marked_and_only_that(
    qtbot: QtBot, theme: Theme, table_of: Callable[..., TableView]
) -> None:
    table = table_of(Store(things(range(20))))
    qtbot.mouseMove(table.viewport(), QPoint(40, 32 * 3 + 9))
    qtbot.waitUntil(lambda: picture(table).pixelColor(4, 32 * 3 + 16) == theme.colour("hover"))
    assert picture(table).pixelColor(4, 32 * 2 + 16) == theme.colour("surface")
    QApplication.sendEvent(table.viewport(), QEvent(QEvent.Type.Leave))
    assert picture(table).pixelColor(4, 32 * 3 + 16) == theme.colour("surface")


def test_rows_not_read_are_pale_only_when_they_are_late(
    qtbot: QtBot, theme: Theme, table_of: Callable[..., TableView]
) -> None:
    reader = StepReader()
    table = table_of(Store(Numbers(MILLION)), reader=reader)
    reader.all()
    table.verticalScrollBar().setValue(5000 * 32)
    pale, area = theme.colour("pressed"), (16, 0, 60, 32)
    assert not has(picture(table), pale, area)
    qtbot.waitUntil(lambda: model(table).late, timeout=3000)
    assert has(picture(table), pale, area)
    reader.all()
    assert not has(picture(table), pale, area)
    assert table._delegate.cells._rows


def test_a_list_that_is_slow_to_open_shows_pale_rows(
    qtbot: QtBot, theme: Theme, table_of: Callable[..., TableView]
) -> None:
    reader = StepReader()
    table = table_of(Store(things(range(3))), reader=reader)
    pale, area = theme.colour("pressed"), (16, 32 * 4, 60, 32)
    assert not has(picture(table), pale, area)
    qtbot.waitUntil(lambda: model(table).late, timeout=3000)
    assert has(picture(table), pale, area)
    reader.all()
    assert not has(picture(table), pale, area)


def test_right_to_left_mirrors_columns_bar_and_badges(
    qapp: QApplication, theme: Theme, table_of: Callable[..., TableView]
) -> None:
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    table = table_of(Store(things(range(20))))
    table.go_to(1)
    spans = table.layout_of_columns.spans
    assert spans[0].x > spans[1].x > spans[2].x > spans[3].x
    shot = picture(table)
    assert shot.pixelColor(shot.width() - 2, 32 + 16) == theme.colour("border_control")
    delegate = table._delegate
    assert delegate._start(spans[0], 50, False) == spans[0].x + spans[0].width - 16 - 50
    assert delegate._start(spans[3], 50, True) == spans[3].x + 16


def test_taller_rows_keep_the_top_row_in_sight(table_of: Callable[..., TableView]) -> None:
    settings = MemorySettings()
    table = table_of(Store(Numbers(MILLION)), settings=settings)
    table.verticalScrollBar().setValue(700_000 * 32)
    table.set_density(Density.COMPACT)
    assert table.row_height == 28
    assert table.rows_in_sight()[0] == 700_000
    assert settings.values["tables/things/density"] == '"row_compact"'


def test_a_change_of_theme_repaints_in_the_new_colours(
    theme: Theme, table_of: Callable[..., TableView]
) -> None:
    table = table_of(Store(things(range(20))))
    table.go_to(2)
    picture(table)
    theme.set_mode(Mode.DARK)
    assert picture(table).pixelColor(4, 80) == theme.colour("selection")
    theme.set_text_scale(2.0)
    assert table.row_height == 64
