"""The first start at a further desk: by an invitation to everything that the agency has."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from helpers.central_hub import HubPlace, hub_place
from helpers.desk import ADMIN, CASH, PASSWORD
from helpers.gui_thread import may_block
from helpers.hub_window import started, told_sign_in
from helpers.postgres import Central
from travellr_desktop.services.central.address import invitation

Key = Qt.Key


def test_by_an_invitation_a_new_profile_becomes_a_desk_of_the_agency(
    qtbot: QtBot, central: Central, tmp_path: Path
) -> None:
    with may_block(), hub_place(central) as place:
        with place.alone(tmp_path / "kotor") as desk:
            desk.sold(desk.add_departure(capacity=20), pay=CASH, adult=2)
            place.first(desk)
        line = invitation(told_sign_in(place, "Budva"))
        with started(qtbot, tmp_path / "budva") as program:
            door = program.window.door
            program.to_the_form()
            program.paste(f"Here you are: {line}")
            form = door.join.form
            program.until(form.ask.hasFocus)
            assert form.where.text().startswith("127.0.0.1:")
            assert form.password.text() not in form.where.text()
            program.key(Key.Key_Space)
            program.until(form.note.isVisible)
            assert "this is desk Budva" in form.note.accessibleName()
            form.come.setFocus(Qt.FocusReason.TabFocusReason)
            program.key(Key.Key_Space)
            program.until(door.sign_in.isVisible)
            assert form.password.text() == ""
            program.sign_in(ADMIN, PASSWORD)
            program.until(program.work.status.central.isVisible)


def test_back_leads_to_the_first_start(qtbot: QtBot, tmp_path: Path) -> None:
    with started(qtbot, tmp_path) as program:
        program.to_the_form()
        program.window.door.join.back.click()
        program.until(program.window.door.first.isVisible)


@pytest.mark.parametrize("wrong", ["password", "database"])
def test_what_is_wrong_in_an_invitation_is_said_at_its_field(
    qtbot: QtBot, central: Central, tmp_path: Path, wrong: str
) -> None:
    place: HubPlace
    with may_block(), hub_place(central) as place:
        with place.alone(tmp_path / "kotor") as desk:
            place.first(desk)
        line = invitation(told_sign_in(place, "Budva"))
        with started(qtbot, tmp_path / "budva") as program:
            program.to_the_form()
            program.paste(line)
            form = program.window.door.join.form
            if wrong == "password":
                form.password.set_text("another")
            else:
                form.where.set_text(form.where.text().replace(central.name, "postgres"))
                form._plain_at = form.where.text()
            form.come.click()
            field = form.password if wrong == "password" else form.where
            program.until(lambda: field.error)
            assert program.window.door.join.isVisible()
            assert program.window.door.join.back.isEnabled()
