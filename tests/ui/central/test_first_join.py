"""The first start at a further desk: by an invitation to everything that the agency has."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from helpers.central_hub import HubPlace, hub_place
from helpers.desk import ADMIN, CASH, PASSWORD
from helpers.gui_thread import may_block
from helpers.hub_window import Started, started, told_sign_in
from helpers.postgres import Central
from travellr_desktop.services.central.address import invitation

Key = Qt.Key


def to_the_form(program: Started) -> None:
    """By keys, from the first field of a new agency."""
    door = program.window.door
    program.until(door.first.isVisible)
    door.first.central.setFocus(Qt.FocusReason.TabFocusReason)
    program.until(door.first.central.hasFocus)
    program.key(Key.Key_Space)
    program.until(door.join.form.where.edit.hasFocus)


def paste(program: Started, text: str) -> None:
    QApplication.clipboard().setText(text)
    program.key(Key.Key_V, Qt.KeyboardModifier.ControlModifier)


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
            to_the_form(program)
            paste(program, f"Here you are: {line}")
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
        to_the_form(program)
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
            to_the_form(program)
            paste(program, line)
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
