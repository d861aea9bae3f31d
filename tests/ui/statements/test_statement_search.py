"""A statement is found by its number from anywhere, and shown."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from helpers.desk import Desk
from helpers.office import office_at
from helpers.statements import another, told, travelled
from travellr_desktop.domain.permissions import Role
from travellr_desktop.ui.statements.screen import StatementsScreen


def two_vendors(desk: Desk) -> None:
    travelled(desk)
    another(desk)
    told(desk)


@pytest.mark.parametrize(("role", "found"), [(Role.MANAGER, 2), (Role.VENDOR, 1)])
def test_it_is_found_by_its_number_and_a_vendors_person_finds_their_own(
    qtbot: QtBot, tmp_path: Path, role: Role, found: int
) -> None:
    with office_at(qtbot, tmp_path, prepare=two_vendors, role=role, at="statements") as office:
        assert office.window.workspace is not None
        finder = office.window.workspace.finder
        finder.open()
        office.qtbot.keyClicks(finder.edit, "st-2026")
        office.until(lambda: [row.words[:2] for row in finder.rows if row.second].count("ST") == found)
        at = next(n for n, row in enumerate(finder.rows) if row.words == "ST-2026-000001")
        for _ in range(at):
            office.key(Qt.Key.Key_Down)
        office.key(Qt.Key.Key_Return)
        screen = office.go("statements")
        assert isinstance(screen, StatementsScreen)
        page = screen.statements
        office.until(lambda: page.shown is not None and page.shown.number == "ST-2026-000001")
