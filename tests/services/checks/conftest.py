"""A season of an agency, made once for all proofs of its books, and a copy of it for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers.clock import HandClock
from helpers.desk import desk_at
from helpers.season import copy_of, live_through
from travellr_desktop.app import Program


@pytest.fixture(scope="session")
def season(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A profile with bookings in every state, closed."""
    folder = tmp_path_factory.mktemp("season")
    clock = HandClock()
    with desk_at(folder, clock) as desk:
        live_through(desk, clock)
    return folder


@pytest.fixture
def program(season: Path, tmp_path: Path) -> Iterator[Program]:
    """A copy of it, open a day later."""
    program = copy_of(season, tmp_path / "profile")
    yield program
    program.close()
