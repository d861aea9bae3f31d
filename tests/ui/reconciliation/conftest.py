"""The office of a manager, who may match the books."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from helpers.desk import Desk
from helpers.workplace import Workplace, work_at
from travellr_desktop.domain.permissions import Actor, Role


@pytest.fixture
def office(qtbot: QtBot, desk: Desk, tmp_path: Path) -> Iterator[Workplace]:
    manager = Actor(desk.admin.user_id, "Mira Kovač", Role.MANAGER)
    with work_at(qtbot, desk, tmp_path, actor=manager) as place:
        yield place
