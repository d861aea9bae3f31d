"""A window at the activity, and one that is elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from helpers.activity_page import busy_morning
from helpers.office import Office, office_at
from travellr_desktop.domain.permissions import Role


@pytest.fixture
def office(qtbot: QtBot, tmp_path: Path) -> Iterator[Office]:
    with office_at(qtbot, tmp_path, role=Role.MANAGER, prepare=busy_morning, at="activity") as office:
        yield office


@pytest.fixture
def outside(qtbot: QtBot, tmp_path: Path) -> Iterator[Office]:
    """At the desk: nothing of the activity is there yet."""
    with office_at(qtbot, tmp_path, role=Role.MANAGER, prepare=busy_morning) as office:
        yield office
