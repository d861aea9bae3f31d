from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from helpers.window import EMAIL, PASSWORD, Desk, open_desk
from travellr_desktop.domain.permissions import Role
from travellr_desktop.errors import DatabaseBusy
from travellr_desktop.events import Change, UserChanged
from travellr_desktop.ui.background import Task
from travellr_desktop.ui.idle import LOCK_AFTER, SIGN_OUT_AFTER
from travellr_desktop.ui.parts.dialog import Decision

Key = Qt.Key


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path) -> Iterator[Desk]:
    with open_desk(qtbot, tmp_path) as desk:
        yield desk


@pytest.fixture
def first(qtbot: QtBot, tmp_path: Path) -> Iterator[Desk]:
    with open_desk(qtbot, tmp_path, people=False) as desk:
        yield desk


# signing in


def test_email_enter_password_enter_is_enough_to_be_in(desk: Desk) -> None:
    card = desk.window.door.sign_in
    assert desk.focus() is card.email.edit
    assert "Kotor Riva" in card.title.text()
    desk.sign_in()
    assert desk.work.isVisible()
    assert desk.work.actor == desk.actor
    assert card.password.text() == ""


def test_people_are_asked_in_the_background(desk: Desk) -> None:
    desk.sign_in()
    assert threading.main_thread() not in desk.agency.threads
    assert {"needs_first_admin", "sign_in"} <= set(desk.agency.calls)


def test_a_wrong_password_is_said_beside_the_field_and_can_be_typed_over(desk: Desk) -> None:
    desk.sign_in(password="something else")
    card = desk.window.door.sign_in
    assert card.password.error == "The email or the password is wrong."
    assert desk.focus() is card.password.edit
    assert card.password.edit.selectedText()
    desk.type(PASSWORD)
    assert card.password.error == ""
    desk.key(Key.Key_Return)
    desk.quiet()
    desk.until(desk.work.isVisible)


def test_the_wait_after_failures_is_counted_down_and_nothing_is_asked_meanwhile(desk: Desk) -> None:
    card = desk.window.door.sign_in
    for _ in range(4):
        desk.sign_in(password="something else")
    assert card.password.error == "The email or the password is wrong. The next try is in 30 s."
    assert not card.button.isEnabled()
    asked = len(desk.agency.calls)
    desk.key(Key.Key_Return)
    assert len(desk.agency.calls) == asked
    desk.type("an")
    desk.clock.forward(timedelta(seconds=17))
    desk.qtbot.waitUntil(lambda: card.password.error == "The next try is in 13 s.")
    desk.clock.forward(timedelta(seconds=13))
    desk.qtbot.waitUntil(card.button.isEnabled)
    assert card.password.error == ""
    desk.sign_in()
    assert desk.work.isVisible()


@pytest.mark.parametrize(("email", "password"), [("", PASSWORD), (EMAIL, "")])
def test_what_is_missing_is_named_without_asking(desk: Desk, email: str, password: str) -> None:
    card = desk.window.door.sign_in
    card.fill(email, password)
    card.submit()
    missing = card.password if email else card.email
    assert missing.error
    assert desk.focus() is missing.edit
    assert "sign_in" not in desk.agency.calls


def test_caps_lock_is_said_beside_the_label(desk: Desk) -> None:
    card = desk.window.door.sign_in
    card.password.edit.setFocus()
    desk.qtbot.keyClick(card.password.edit, "A")
    said = [label.text() for label in card.password.findChildren(type(card.second)) if label.isVisible()]
    assert "Caps Lock is on" in said


@pytest.mark.parametrize("agency", ["Kotor Riva", "Izletnička agencija " * 6, "وكالة الأندلس للسفر والسياحة"])
def test_the_name_of_the_agency_is_never_cut(desk: Desk, agency: str) -> None:
    card = desk.window.door.sign_in
    desk.agency.agency = agency.strip()
    desk.window.door.open()
    desk.quiet()
    desk.qtbot.waitUntil(lambda: card.title.height() >= card.title.heightForWidth(card.title.width()))
    assert agency.strip() in card.title.text()
    assert card.isVisible()
    assert card.geometry().bottom() < desk.window.height()


def test_one_language_needs_no_choice(desk: Desk) -> None:
    assert not desk.window.door.language.isVisible()


def test_a_profile_that_does_not_open_says_what_to_do_and_tries_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy() -> bool:
        raise DatabaseBusy("The file is in use by another program.")

    with monkeypatch.context() as patch:
        patch.setattr(desk.agency, "needs_first_admin", busy)
        desk.window.door.open()
        desk.quiet()
        card = desk.window.door.problem
        desk.until(card.isVisible)
        assert card.second.text() == "The file is in use by another program."
        assert card.hint.text() == DatabaseBusy.hint
    desk.key(Key.Key_Space)
    desk.quiet()
    desk.until(desk.window.door.sign_in.isVisible)


# the first start


def fill(desk: Desk, *, password: str = PASSWORD, email: str = EMAIL) -> None:
    card = desk.window.door.first
    for field, text in (
        (card.agency_name, "Kotor Riva"),
        (card.zone, "Europe/Podgorica"),
        (card.name, "Ana Vuković"),
        (card.email, email),
        (card.password, password),
    ):
        field.set_text(text)


def test_the_first_start_makes_the_agency_and_its_admin(first: Desk) -> None:
    card = first.window.door.first
    assert card.isVisible()
    assert first.focus() is card.agency_name.edit
    fill(first)
    first.key(Key.Key_Return)
    first.quiet()
    assert first.work.actor.role is Role.ADMIN
    assert first.agency.agency == "Kotor Riva"
    assert first.work.status.place.text() == "Kotor Riva · Desk 1"
    assert card.password.text() == ""


@pytest.mark.parametrize(
    ("name", "wrong"), [("email", {"email": "ana at home"}), ("password", {"password": "short"})]
)
def test_what_the_service_refuses_stands_beside_its_field(
    first: Desk, name: str, wrong: dict[str, str]
) -> None:
    card = first.window.door.first
    fill(first, **wrong)
    card.submit()
    first.quiet()
    field = {"email": card.email, "password": card.password}[name]
    assert field.error
    first.until(lambda: first.focus() is field.edit)
    assert first.window.workspace is None


def test_empty_fields_and_an_unknown_zone_are_named_without_asking(first: Desk) -> None:
    card = first.window.door.first
    card.submit()
    assert all(field.error for field in (card.agency_name, card.name, card.email, card.password))
    fill(first)
    card.zone.set_text("Europe/Nowhere")
    card.submit()
    assert card.zone.error
    assert "create_first_admin" not in first.agency.calls


def test_tab_goes_through_the_first_start_in_reading_order(first: Desk) -> None:
    card = first.window.door.first
    order = [first.focus()]
    for _ in range(6):
        first.key(Key.Key_Tab)
        order.append(first.focus())
    fields = (card.agency_name, card.zone, None, card.desk_name, card.name, card.email, card.password)
    assert order == [card.currency if field is None else field.edit for field in fields]


def test_tab_goes_from_email_to_password_to_the_button(desk: Desk) -> None:
    card = desk.window.door.sign_in
    desk.key(Key.Key_Tab)
    desk.until(lambda: desk.focus() is card.password.edit)
    desk.key(Key.Key_Tab)
    assert desk.focus().accessibleName() == "Show the password"
    desk.key(Key.Key_Tab)
    desk.until(lambda: desk.focus() is card.button)


@dataclass(frozen=True)
class Ready:
    email: str = EMAIL
    password: str = PASSWORD


def test_the_demo_agency_opens_and_its_agent_can_sign_in_at_once(qtbot: QtBot, tmp_path: Path) -> None:
    opened: list[Desk] = []

    def make(task: Task) -> Ready:
        task.report(300, 600, "bookings")
        opened[0].agency.add("Ana Vuković", EMAIL, PASSWORD)
        return Ready()

    with open_desk(qtbot, tmp_path, people=False, open_demo=make) as desk:
        opened.append(desk)
        desk.window.door.first.demo.click()
        desk.quiet()
        qtbot.waitUntil(desk.window.door.sign_in.isVisible)
        desk.quiet()
        assert PASSWORD in desk.window.door.sign_in.note.text()
        desk.until(lambda: desk.focus() is desk.window.door.sign_in.password.edit)
        desk.key(Key.Key_Return)
        desk.quiet()
        desk.until(desk.work.isVisible)


# the lock


def test_the_lock_hides_the_work_and_keeps_it(desk: Desk) -> None:
    desk.sign_in()
    desk.sample.field.setFocus()
    desk.type("kotor")
    work, screen = desk.work, desk.sample
    desk.ctrl(Key.Key_L)
    assert desk.window.locked
    desk.until(lambda: not work.isVisible())
    desk.until(lambda: desk.focus() is desk.window.door.lock.password.edit)
    desk.type(PASSWORD)
    desk.key(Key.Key_Return)
    desk.quiet()
    assert not desk.window.locked
    assert desk.window.workspace is work
    assert screen.field.text() == "kotor"
    assert desk.focus() is screen.field


def test_no_key_reaches_the_work_behind_the_lock(desk: Desk) -> None:
    desk.sign_in()
    screen = desk.sample
    desk.ctrl(Key.Key_L)
    desk.window.door.lock.button.setFocus()
    desk.key(Key.Key_V)
    desk.key(Key.Key_F2)
    desk.ctrl(Key.Key_K)
    desk.ctrl(Key.Key_2)
    assert screen.done == []
    assert desk.work.screen_key == "desk"
    assert desk.window.locked


def test_a_wrong_password_leaves_it_locked(desk: Desk) -> None:
    desk.sign_in()
    desk.ctrl(Key.Key_L)
    desk.type("something else")
    desk.key(Key.Key_Return)
    desk.quiet()
    assert desk.window.locked
    assert desk.window.door.lock.password.error


def test_a_quarter_of_an_hour_idle_locks(desk: Desk) -> None:
    desk.sign_in()
    desk.clock.forward(LOCK_AFTER)
    desk.window.idle.look()
    assert desk.window.locked


def test_after_an_hour_the_same_person_signs_in_again_to_the_same_work(desk: Desk) -> None:
    desk.sign_in()
    work = desk.work
    desk.clock.forward(SIGN_OUT_AFTER)
    desk.window.idle.look()
    desk.quiet()
    card = desk.window.door.sign_in
    desk.until(card.isVisible)
    assert card.email.text() == EMAIL
    assert "sign_out Ana Vuković" in desk.agency.calls
    assert desk.focus() is card.password.edit
    desk.type(PASSWORD)
    desk.key(Key.Key_Return)
    desk.quiet()
    assert desk.window.workspace is work
    desk.until(work.isVisible)


def test_somebody_else_after_an_hour_finds_no_work_of_the_one_before(desk: Desk) -> None:
    desk.agency.add("Boris Kralj", "boris@travellr.example", PASSWORD)
    desk.sign_in()
    before = desk.work
    desk.clock.forward(SIGN_OUT_AFTER)
    desk.window.idle.look()
    desk.sign_in("boris@travellr.example")
    assert desk.work is not before
    assert desk.work.actor.name == "Boris Kralj"


def test_signing_in_as_somebody_else_from_the_lock_closes_the_work(desk: Desk) -> None:
    desk.sign_in()
    screen = desk.sample
    desk.ctrl(Key.Key_L)
    desk.window.door.lock.other.click()
    desk.quiet()
    assert screen.done == ["closed"]
    assert desk.window.workspace is None
    assert desk.window.door.sign_in.isVisible()
    assert desk.agency.calls.count("sign_out Ana Vuković") == 1


def test_a_dialog_does_not_stand_over_the_lock_and_comes_back(desk: Desk) -> None:
    desk.sign_in()
    dialog = Decision("Refund €98.00?", verb="Refund", keep="Keep", parent=desk.work)
    dialog.open()
    assert dialog.isVisible()
    desk.window.lock()
    assert not dialog.isVisible()
    assert desk.focus() is desk.window.door.lock.password.edit
    desk.type(PASSWORD)
    desk.key(Key.Key_Return)
    desk.quiet()
    desk.until(dialog.isVisible)
    dialog.reject()


def test_the_password_is_gone_from_the_field_when_the_page_is_left(desk: Desk) -> None:
    desk.sign_in()
    desk.ctrl(Key.Key_L)
    lock = desk.window.door.lock
    lock.password.edit.setEchoMode(QLineEdit.EchoMode.Normal)
    desk.type("half a pass")
    lock.other.click()
    desk.quiet()
    assert lock.password.text() == ""
    assert lock.password.edit.echoMode() is QLineEdit.EchoMode.Password


# a password that somebody else gave


def test_a_given_password_opens_nothing_but_the_choice_of_ones_own(desk: Desk) -> None:
    given = "three boats at noon"
    desk.agency.add("Iva Perić", "iva@travellr.example", given, given=True)
    desk.sign_in("iva@travellr.example", given)
    door = desk.window.door
    desk.qtbot.waitUntil(lambda: door.card is door.own)
    assert desk.window.workspace is None
    assert desk.focus() is door.own.fresh.edit
    desk.type("a boat with seven sails")
    desk.key(Key.Key_Return)
    desk.type("another one")
    desk.key(Key.Key_Return)
    assert door.own.again.error == "This is another password."
    door.own.again.edit.selectAll()
    desk.type("a boat with seven sails")
    desk.key(Key.Key_Return)
    desk.qtbot.waitUntil(lambda: desk.window.workspace is not None)
    assert desk.work.actor.name == "Iva Perić"
    assert door.own.fresh.text() == door.own.again.text() == ""


def test_what_is_wrong_with_ones_own_password_stands_beside_it(desk: Desk) -> None:
    desk.agency.add("Iva Perić", "iva@travellr.example", "three boats at noon", given=True)
    desk.sign_in("iva@travellr.example", "three boats at noon")
    door = desk.window.door
    desk.qtbot.waitUntil(lambda: door.card is door.own)
    for _ in range(2):
        desk.type("short")
        desk.key(Key.Key_Return)
    desk.qtbot.waitUntil(lambda: bool(door.own.fresh.error))
    assert "10 characters" in str(door.own.fresh.error)
    door.own.back.click()
    assert door.card is door.sign_in


def test_who_is_deactivated_has_no_session_any_more(desk: Desk) -> None:
    desk.sign_in()
    actor = desk.work.actor
    assert actor.user_id is not None
    changed = UserChanged(aggregate_id=actor.user_id, timestamp=desk.clock.now(), change=Change.UPDATED)
    desk.bus.publish(changed)
    desk.quiet()
    assert desk.window.workspace is not None
    desk.agency.accounts.clear()
    desk.bus.publish(changed)
    desk.qtbot.waitUntil(lambda: desk.window.workspace is None)
    assert "changed by an admin" in desk.window.door.sign_in.note.text()
