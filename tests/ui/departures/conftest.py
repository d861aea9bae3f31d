"""Departures as an agent sees them, and as a manager does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from helpers.office import office_at
from helpers.quay import quay
from helpers.quay_screen import Quay
from travellr_desktop.domain.permissions import Role


@pytest.fixture
def at(qtbot: QtBot, tmp_path: Path) -> Iterator[Quay]:
    with office_at(qtbot, tmp_path, prepare=quay, role=Role.AGENT, at="departures") as office:
        yield Quay(office)


@pytest.fixture
def manager(qtbot: QtBot, tmp_path: Path) -> Iterator[Quay]:
    with office_at(qtbot, tmp_path, prepare=quay, role=Role.MANAGER, at="departures") as office:
        yield Quay(office)
