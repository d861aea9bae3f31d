"""A desk that belongs to a hub which says what a test has it say."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers.central import HandDoor, enrolled, second_desk
from helpers.clock import HandClock
from helpers.desk import Desk, desk_at


@pytest.fixture
def door(clock: HandClock) -> HandDoor:
    return HandDoor(clock)


@pytest.fixture
def alone(tmp_path: Path, clock: HandClock, door: HandDoor) -> Iterator[Desk]:
    """It belongs to no hub yet."""
    with desk_at(tmp_path / "central", clock, central=door) as desk:
        door.database = desk.database
        yield desk


@pytest.fixture
def desk(alone: Desk, door: HandDoor) -> Desk:
    """It belongs to one, where there is a second desk."""
    second_desk(alone)
    enrolled(alone, door)
    return alone
