"""Icons before the text of a cell."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from helpers.lists import Thing
from travellr_desktop.ui.tables.cells import Cells
from travellr_desktop.ui.tables.columns import Column
from travellr_desktop.ui.theme import Mode, Theme

ROW = Thing(1, "A name that is longer than its column")


@pytest.fixture(autouse=True)
def theme(qapp: QApplication) -> Theme:
    theme = Theme(mode=Mode.LIGHT)
    theme.apply(qapp)
    return theme


def test_an_icon_takes_its_room_from_the_text(qtbot: QtBot) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    columns: tuple[Column[Thing], ...] = (
        Column("with", "Name", lambda row: row.name, icon=lambda _row: "banknote"),
        Column("without", "Name", lambda row: row.name),
        Column("none", "Name", lambda row: row.name, icon=lambda _row: ""),
    )
    cells = Cells(columns, widget)
    room = 120
    with_icon, without, none = cells.of(0, ROW, [(number, 0, room) for number in range(3)])
    assert with_icon is not None and without is not None and none is not None
    assert with_icon.picture is not None
    assert with_icon.cut
    assert with_icon.width + cells.icon_lead <= room
    assert with_icon.width < without.width <= room
    assert none.picture is None
    assert none.text == without.text
