"""What tests of the window share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from helpers.desk import Desk
from helpers.selling import desk_off_gui
from helpers.workplace import Workplace, work_at
from travellr_desktop.ui.theme import Mode, Theme


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    made = Theme(mode=Mode.LIGHT)
    made.apply(qapp)
    yield made
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with desk_off_gui(tmp_path / "profile") as desk:
        yield desk


@pytest.fixture
def place(qtbot: QtBot, desk: Desk, tmp_path: Path) -> Iterator[Workplace]:
    with work_at(qtbot, desk, tmp_path) as place:
        yield place


@pytest.fixture
def place_of_admin(qtbot: QtBot, desk: Desk, tmp_path: Path) -> Iterator[Workplace]:
    with work_at(qtbot, desk, tmp_path, actor=desk.admin) as place:
        yield place
