"""A silent desk's seats are written off from its panel: what follows is said, its name is typed."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from helpers.central import BUDVA, HandDoor, granted
from helpers.central_office import CentralOffice, central_office
from helpers.desk import Desk
from travellr_desktop.errors import WaitsForCentral
from travellr_desktop.ui.central.screen import CentralScreen
from travellr_desktop.ui.central.write_off import WriteOffDesk

Key = Qt.Key


def opened(office: CentralOffice, ago: timedelta = timedelta(hours=2)) -> CentralScreen:
    """The panel of Budva, which was last seen so long ago."""
    office.off(lambda: granted(office.desk, office.desk.add_departure(capacity=10), BUDVA, 4))
    seen = (office.desk.clock.now() - ago).isoformat()
    office.says(desks=({"desk_id": str(BUDVA), "seen_at": seen},))
    screen, place = office.screen("sync"), office.place
    place.until(lambda: len(screen.sync.table.rows) == 2)
    screen.sync.focus_list()
    screen.sync.table.go_to(1)
    place.until(lambda: screen.desk_panel.shown is not None and screen.desk_panel.shown.desk.id == BUDVA)
    return screen


def asked(office: CentralOffice, screen: CentralScreen) -> WriteOffDesk:
    button = screen.desk_panel.write_off
    assert button is not None
    button.click()
    office.place.until(
        lambda: screen.writing_off.dialog is not None and screen.writing_off.dialog.isVisible()
    )
    dialog = screen.writing_off.dialog
    assert dialog is not None
    office.place.until(dialog.field.edit.hasFocus)
    return dialog


def test_it_is_done_once_its_name_is_typed(office: CentralOffice) -> None:
    screen, place = opened(office), office.place
    dialog = asked(office, screen)
    assert dialog.question.text() == "Write off the seats of Budva?"
    assert dialog.act.words == "Write off 4 seats"
    assert not dialog.act.isEnabled()
    place.qtbot.keyClicks(dialog.field.edit, "Budv")
    place.qtbot.keyClick(dialog.field.edit, Key.Key_Return)
    assert not dialog.act.isEnabled() and office.door.of("write_off") == []
    place.qtbot.keyClicks(dialog.field.edit, "a")
    assert dialog.act.isEnabled()
    place.qtbot.keyClick(dialog.field.edit, Key.Key_Return)
    place.until(lambda: office.door.of("write_off"))
    assert office.door.of("write_off") == [(BUDVA, office.desk.admin.user_id)]
    place.until(lambda: screen.writing_off.dialog is None)


def test_esc_keeps_them(office: CentralOffice) -> None:
    screen, place = opened(office), office.place
    dialog = asked(office, screen)
    place.qtbot.keyClicks(dialog.field.edit, "Budva")
    place.qtbot.keyClick(dialog, Key.Key_Escape)
    place.until(lambda: screen.writing_off.dialog is None)
    assert office.door.of("write_off") == []


def test_a_hub_that_goes_away_is_said_in_the_dialog(office: CentralOffice) -> None:
    office.door.refuses["write_off"] = WaitsForCentral("It does not answer.")
    screen, place = opened(office), office.place
    dialog = asked(office, screen)
    place.qtbot.keyClicks(dialog.field.edit, "budva")
    dialog.act.click()
    place.until(dialog.problem.isVisible)
    assert "does not answer" in dialog.problem.accessibleName()
    place.until(dialog.act.isEnabled)
    dialog.reject()


def test_a_desk_that_is_there_offers_nothing(office: CentralOffice) -> None:
    assert opened(office, timedelta()).desk_panel.write_off is None


def test_an_agent_sees_who_does_it(qtbot: QtBot, desk: Desk, door: HandDoor, tmp_path: Path) -> None:
    with central_office(qtbot, desk, door, tmp_path, actor=desk.agent) as office:
        button = opened(office).desk_panel.write_off
        assert button is not None and not button.isEnabled()
