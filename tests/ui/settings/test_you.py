"""Oneself in the settings: name and password."""

from __future__ import annotations

import pytest

from helpers.desk import PASSWORD
from helpers.gui_thread import off_gui
from helpers.office import Office
from helpers.settings_page import (
    FRESH,
    Key,
    section,
    settings,
)
from travellr_desktop.errors import SignInRefused
from travellr_desktop.ui.settings.you import YouSection


def test_a_name_is_changed(office: Office) -> None:
    you = section(settings(office), YouSection)
    office.tab_to(you.name.edit)
    office.type("Mira Kovačević")
    office.ctrl(Key.Key_Return)
    office.until(lambda: not you.save_name.isEnabled() and not office.background.running)
    admin = office.desk.admin
    assert admin.user_id is not None
    row = off_gui(lambda: office.desk.services.users.find_by_id(admin, admin.user_id))  # type: ignore[arg-type]
    assert row.name == "Mira Kovačević"


def test_a_password_is_changed_and_the_old_one_ends(office: Office) -> None:
    you = section(settings(office), YouSection)
    office.tab_to(you.current.edit)
    office.type(PASSWORD)
    office.key(Key.Key_Return)
    office.type(FRESH)
    office.key(Key.Key_Return)
    office.until(lambda: you.current.text() == "")
    office.quiet()
    users = office.desk.services.users
    assert off_gui(lambda: users.sign_in("mira@travellr.example", FRESH)).actor == office.desk.admin
    with pytest.raises(SignInRefused):
        off_gui(lambda: users.sign_in("mira@travellr.example", PASSWORD))


@pytest.mark.parametrize("fresh", ["short", "password123", "mira@travellr.example"])
def test_a_weak_password_is_refused_beside_it_and_stays(office: Office, fresh: str) -> None:
    you = section(settings(office), YouSection)
    assert "At least 10 characters" in you.rules.text()
    office.tab_to(you.current.edit)
    office.type(PASSWORD)
    office.tab_to(you.fresh.edit)
    office.type(fresh)
    office.ctrl(Key.Key_Return)
    office.until(lambda: you.fresh.error)
    office.quiet()
    assert (you.current.text(), you.fresh.text()) == (PASSWORD, fresh)
    signed_in = off_gui(lambda: office.desk.services.users.sign_in("mira@travellr.example", PASSWORD))
    assert signed_in.actor == office.desk.admin


def test_a_wrong_password_now_is_told_at_its_own_field(office: Office) -> None:
    you = section(settings(office), YouSection)
    office.tab_to(you.current.edit)
    office.type("not this one")
    office.tab_to(you.fresh.edit)
    office.type(FRESH)
    office.key(Key.Key_Return)
    office.until(lambda: you.current.error)
    assert you.current.error == "This is not the password you have now."
    assert not you.fresh.error
