"""A window at a desk that belongs to a hub which says what a test has it say."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from helpers.central import HandDoor, enrolled, second_desk
from helpers.central_office import CentralOffice, central_office
from helpers.clock import HandClock
from helpers.desk import Desk, desk_at
from helpers.gui_thread import off_gui


@pytest.fixture
def door() -> HandDoor:
    return HandDoor(HandClock())


@pytest.fixture
def alone(tmp_path: Path, door: HandDoor) -> Iterator[Desk]:
    """It belongs to no hub yet."""
    manager = desk_at(tmp_path / "profile", door.clock, central=door)
    desk = off_gui(manager.__enter__)
    door.database = desk.database
    try:
        yield desk
    finally:
        off_gui(lambda: manager.__exit__(None, None, None))


@pytest.fixture
def desk(alone: Desk, door: HandDoor) -> Desk:
    def join() -> None:
        second_desk(alone)
        enrolled(alone, door)

    off_gui(join)
    return alone


@pytest.fixture
def office(qtbot: QtBot, desk: Desk, door: HandDoor, tmp_path: Path) -> Iterator[CentralOffice]:
    with central_office(qtbot, desk, door, tmp_path) as office:
        yield office


@pytest.fixture
def lone_office(qtbot: QtBot, alone: Desk, door: HandDoor, tmp_path: Path) -> Iterator[CentralOffice]:
    with central_office(qtbot, alone, door, tmp_path) as office:
        yield office
