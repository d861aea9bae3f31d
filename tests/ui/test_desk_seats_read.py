"""The seat map on the desk as it is read: by the eye, on any screen, and by a screen reader."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from helpers.desk import Desk
from helpers.desk_seats import SATURDAY, K, go, hold, plan, season
from helpers.desk_window import AtDesk, at_desk
from helpers.layout import faults
from helpers.seated import add_numbered, add_plan
from travellr_desktop.domain.seat_presets import boat_with_decks
from travellr_desktop.domain.seating import PlanKind
from travellr_desktop.ui.theme import Mode, Theme


@pytest.fixture
def at(qtbot: QtBot, tmp_path: Path) -> Iterator[AtDesk]:
    with at_desk(qtbot, tmp_path, season) as at:
        yield at


def test_each_seat_is_a_cell_that_a_screen_reader_finds(at: AtDesk) -> None:
    hold(at, "tara")
    interface = QAccessible.queryAccessibleInterface(plan(at).cell("3C"))
    assert interface.text(QAccessible.Text.Name) == "3C, aisle, free"
    assert interface.role() == QAccessible.Role.Button
    assert interface.state().focusable
    whole = QAccessible.queryAccessibleInterface(plan(at))
    names = [whole.child(at_).text(QAccessible.Text.Name) for at_ in range(whole.childCount())]
    assert {seat.label for seat in plan(at).layout_shown.seats} <= {name.split(",")[0] for name in names}
    assert whole.text(QAccessible.Text.Name) == "Seats of Tara canyon rafting"


def test_the_cursor_is_painted_around_its_seat(at: AtDesk) -> None:
    hold(at, "tara")
    go(at, "3C")
    cell = plan(at).cell("3C").geometry()
    outside = cell.topLeft() + QPoint(cell.width() // 2, -3)
    with_cursor = plan(at).grab().toImage().pixelColor(outside)
    assert with_cursor == Theme.current().colour("focus")
    go(at, "3D")
    assert plan(at).grab().toImage().pixelColor(outside) != with_cursor


def with_decks(desk: Desk) -> None:
    season(desk)
    long = "Ganztägige Schiffsreise zu den Inseln mit Landgang, Mittagessen und Musik an Bord"
    boat = add_plan(desk, boat_with_decks(), name=f"{long}, zwei Decks", kind=PlanKind.DECKS)
    trip = desk.add_trip(long, adult=98_765_432_10)
    add_numbered(desk, plan_id=boat, trip_id=trip, day=SATURDAY, at=time(11, 0), capacity=44)


@pytest.mark.parametrize(
    ("size", "scale", "direction", "mode"),
    [
        pytest.param((1280, 720), 1.0, Qt.LayoutDirection.LeftToRight, Mode.LIGHT, id="small"),
        pytest.param((1440, 900), 1.0, Qt.LayoutDirection.RightToLeft, Mode.DARK, id="rtl"),
        pytest.param(
            (1920, 1080), 1.0, Qt.LayoutDirection.LeftToRight, Mode.DARK, id="large", marks=pytest.mark.soak
        ),
        pytest.param(
            (1920, 1080), 2.0, Qt.LayoutDirection.LeftToRight, Mode.LIGHT, id="200 %", marks=pytest.mark.soak
        ),
    ],
)
def test_nothing_on_the_map_is_cut_or_pale(
    qtbot: QtBot,
    tmp_path: Path,
    size: tuple[int, int],
    scale: float,
    direction: Qt.LayoutDirection,
    mode: Mode,
) -> None:
    with at_desk(qtbot, tmp_path, with_decks, size=size) as at:
        Theme.current().set_mode(mode)
        Theme.current().set_text_scale(scale)
        at.work.setLayoutDirection(direction)
        at.quiet()
        hold(at, "tara", adults=1, children=1)
        at.key(K.Key_2)
        go(at, "3D")
        at.key(K.Key_Return)
        QApplication.processEvents()
        assert faults(at.screen.seats.view) == []
        assert faults(at.screen.seats.side) == []
        at.key(K.Key_Escape)
        hold(at, "inseln", adults=9)
        at.key(K.Key_N)
        QApplication.processEvents()
        assert faults(at.screen.seats.view) == []
        assert faults(at.screen.seats.side) == []
