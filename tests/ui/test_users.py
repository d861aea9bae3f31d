"""The Users screen, driven by keys over real services."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from helpers.desk import AGENT, Desk
from helpers.workplace import Workplace, work_at
from travellr_desktop.domain.permissions import Role
from travellr_desktop.errors import SignInRefused
from travellr_desktop.services.users import SignedIn
from travellr_desktop.ui.parts.button import Button
from travellr_desktop.ui.parts.dialog import Decision
from travellr_desktop.ui.tables import LoadState
from travellr_desktop.ui.users.screen import UsersScreen

Key = Qt.Key


@pytest.fixture
def place(place_of_admin: Workplace) -> Workplace:
    return place_of_admin


def users(place: Workplace) -> UsersScreen:
    screen = place.work.go("users")
    assert isinstance(screen, UsersScreen)
    place.until(lambda: screen.lists.model.totals is not None)
    place.quiet()
    return screen


def names(screen: UsersScreen) -> list[str]:
    model = screen.lists.model
    rows = [model.row(at) for at in range(model.rowCount())]
    return [row.name for row in rows if row is not None]


def go_to(place: Workplace, screen: UsersScreen, name: str) -> None:
    screen.lists.table.setFocus()
    place.key(Key.Key_Home)
    for _ in names(screen):
        row = screen.lists.table.current_row()
        if row is not None and row.name == name:
            break
        place.key(Key.Key_Down)
    place.until(lambda: screen.panel.shown is not None and screen.panel.shown.name == name)


def test_a_person_is_added_by_keys_and_signs_in_with_the_password_shown(place: Workplace) -> None:
    screen = users(place)
    screen.lists.table.setFocus()
    place.ctrl(Key.Key_N)
    place.until(lambda: screen.panel.is_new)
    place.until(lambda: QApplication.focusWidget() is screen.panel.name.edit)
    place.type("Iva Peric")
    place.key(Key.Key_Tab)
    place.type("iva@travellr.example")
    place.ctrl(Key.Key_Return)
    place.until(lambda: screen.panel.shown is not None and screen.panel.shown.name == "Iva Peric")
    place.until(lambda: screen.panel.given is not None)
    assert screen.panel.given is not None
    password = screen.panel.given[0]
    signed_in: SignedIn = place.off(
        lambda: place.desk.services.users.sign_in("iva@travellr.example", password)
    )
    assert signed_in.must_change and signed_in.actor.role is Role.AGENT


def test_what_is_wrong_stands_beside_its_field_and_stays_typed(place: Workplace) -> None:
    screen = users(place)
    screen.lists.table.setFocus()
    place.ctrl(Key.Key_N)
    place.until(lambda: QApplication.focusWidget() is screen.panel.name.edit)
    place.type("Second Ana")
    place.key(Key.Key_Tab)
    place.type(AGENT)
    place.ctrl(Key.Key_Return)
    place.until(lambda: "already" in screen.panel.email.edit.accessibleDescription())
    assert screen.panel.name.text() == "Second Ana"


def test_escape_asks_before_a_new_person_is_forgotten_and_saves_nobody(place: Workplace) -> None:
    screen = users(place)
    go_to(place, screen, "Ana Vuković")
    place.ctrl(Key.Key_N)
    place.until(lambda: QApplication.focusWidget() is screen.panel.name.edit)
    place.type("Iva")
    place.key(Key.Key_Escape)
    question = place.work.findChildren(Decision)[0]
    place.until(question.isVisible)
    place.qtbot.keyClick(question, Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    place.come_back()
    place.until(lambda: not screen.panel.is_new and screen.panel.shown is not None)
    assert screen.panel.save is not None
    assert not screen.panel.save.isEnabled()
    with place.qtbot.assertNotEmitted(screen.context.background.changed):
        screen.save()  # as Ctrl+Return would
    screen.panel.name.edit.setFocus()
    place.type("x")
    place.until(screen.panel.save.isEnabled)


def test_a_new_role_is_kept(place: Workplace) -> None:
    screen = users(place)
    go_to(place, screen, "Ana Vuković")
    assert screen.panel.role is not None
    screen.panel.role.set_value("manager")
    place.ctrl(Key.Key_Return)
    place.quiet()
    place.until(lambda: screen.lists.table.current_row() is not None)
    ana = place.desk.agent.user_id
    assert ana is not None
    row = place.off(lambda: place.desk.services.users.find_by_id(place.desk.admin, ana))
    assert row.role is Role.MANAGER


def test_deactivating_asks_first_and_is_undone_by_letting_in_again(place: Workplace) -> None:
    screen = users(place)
    go_to(place, screen, "Ana Vuković")
    assert screen.panel.other is not None
    screen.panel.other.setFocus()
    place.key(Key.Key_Space)
    place.until(lambda: bool(place.work.findChildren(Decision)))
    question = place.work.findChildren(Decision)[0]
    place.until(question.isVisible)
    place.qtbot.keyClick(question, Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    place.until(lambda: names(screen) == ["Mira Kovač"])

    def sign_in() -> None:
        with pytest.raises(SignInRefused):
            place.desk.services.users.sign_in(AGENT, "harbour lights at nine")

    place.off(sign_in)
    place.come_back()
    screen.lists.filters.clear()
    place.until(lambda: "Ana Vuković" in names(screen))
    go_to(place, screen, "Ana Vuković")
    place.until(lambda: screen.panel.shown is not None and not screen.panel.shown.active)
    screen.panel.other.setFocus()
    place.key(Key.Key_Space)
    place.quiet()
    again: SignedIn = place.off(lambda: place.desk.services.users.sign_in(AGENT, "harbour lights at nine"))
    assert again.actor == place.desk.agent


def test_nobody_changes_their_own_role_or_goes(place: Workplace) -> None:
    screen = users(place)
    go_to(place, screen, "Mira Kovač")
    assert screen.panel.role is not None and not screen.panel.role.isEnabled()
    assert screen.panel.other is None


def test_details_of_people_who_could_not_be_read_say_why(place: Workplace) -> None:
    screen = users(place)
    screen._actor = place.desk.agent  # who may not read them
    place.key(Key.Key_F5)
    place.until(lambda: screen.lists.model.state is LoadState.FAILED)
    details = next(
        each for each in screen.findChildren(Button) if each.isVisible() and each.words == "Details"
    )
    details.setFocus()
    place.key(Key.Key_Return)
    place.until(place.work.note.isVisible)
    assert place.work.note.accessibleName().startswith("An agent may not manage people.")


def test_an_agent_has_no_such_screen(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    with work_at(qtbot, desk, tmp_path) as place:
        assert place.work.go("users") is None
