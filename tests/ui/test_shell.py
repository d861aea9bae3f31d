from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from helpers.people import EmptyScreen, SampleScreen
from helpers.window import Desk, open_desk
from travellr_desktop.domain.permissions import Role
from travellr_desktop.errors import SeatsGone
from travellr_desktop.events import Change, TravellerChanged
from travellr_desktop.ui.actions import Act
from travellr_desktop.ui.background import Task
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.screen import Context, Screen, ScreenEntry
from travellr_desktop.ui.shell.person import Person
from travellr_desktop.ui.theme import Mode

Key = Qt.Key


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path) -> Iterator[Desk]:
    with open_desk(qtbot, tmp_path) as desk:
        desk.sign_in()
        yield desk


# screens and the rail


def test_the_rail_shows_what_the_role_may_see_and_settings_at_its_foot(desk: Desk) -> None:
    assert desk.work.keys == ("desk", "bookings", "payments", "conflicts", "activity")
    assert [item.number for item in desk.work.rail.items] == [1, 2, 3, 4, 5]


def test_an_admin_has_settings_last(qtbot: QtBot, tmp_path: Path) -> None:
    with open_desk(qtbot, tmp_path, role=Role.ADMIN) as desk:
        desk.sign_in()
        assert desk.work.keys[-1] == "settings"
        foot = desk.work.rail.items[-1]
        assert foot.geometry().top() > desk.work.rail.items[-2].geometry().bottom() + 50


def test_a_screen_is_made_when_it_is_first_shown_and_then_kept(qtbot: QtBot, tmp_path: Path) -> None:
    made: list[str] = []

    def make(context: Context) -> Screen:
        made.append("bookings")
        return SampleScreen(context)

    entries = (
        ScreenEntry("desk", "Desk", "compass", None, lambda: EmptyScreen),
        ScreenEntry("bookings", "Bookings", "ticket", None, lambda: make),
    )
    with open_desk(qtbot, tmp_path, entries=entries) as desk:
        desk.sign_in()
        assert made == []
        desk.ctrl(Key.Key_2)
        screen = desk.work.current
        desk.ctrl(Key.Key_1)
        desk.ctrl(Key.Key_2)
        assert made == ["bookings"]
        assert desk.work.current is screen


def test_control_and_a_number_go_to_a_screen_from_a_field_too(desk: Desk) -> None:
    desk.sample.field.setFocus()
    desk.ctrl(Key.Key_2)
    assert desk.work.screen_key == "bookings"
    assert desk.work.bar.title.text() == "Bookings"
    desk.ctrl(Key.Key_9)
    assert desk.work.screen_key == "bookings"


def test_the_rail_shows_its_numbers_while_control_is_held(desk: Desk) -> None:
    items = desk.work.rail.items
    focus = desk.focus()
    desk.qtbot.keyPress(focus, Key.Key_Control)
    desk.qtbot.waitUntil(lambda: all(item.shows_number for item in items))
    desk.qtbot.keyRelease(focus, Key.Key_Control)
    assert not any(item.shows_number for item in items)


def test_numbers_do_not_stay_when_control_was_let_go_elsewhere(desk: Desk) -> None:
    items = desk.work.rail.items
    focus = desk.focus()
    desk.qtbot.keyPress(focus, Key.Key_Control)
    desk.qtbot.waitUntil(lambda: all(item.shows_number for item in items))
    desk.qtbot.keyPress(focus, Key.Key_Down)
    assert not any(item.shows_number for item in items)


def test_a_quick_control_and_a_key_show_no_numbers(desk: Desk) -> None:
    focus = desk.focus()
    rail = desk.work.rail
    desk.qtbot.keyPress(focus, Key.Key_Control)
    desk.qtbot.keyPress(focus, Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert not rail.waits_for_numbers
    desk.qtbot.keyRelease(focus, Key.Key_Control)


def test_the_rail_is_one_stop_of_tab_and_the_arrows_go_on(desk: Desk) -> None:
    items = desk.work.rail.items
    assert [bool(item.focusPolicy() & Qt.FocusPolicy.TabFocus) for item in items] == [True] + [False] * 4
    items[0].setFocus()
    desk.key(Key.Key_Down)
    desk.until(lambda: desk.focus() is items[1])
    assert desk.work.screen_key == "desk"
    desk.key(Key.Key_Return)
    assert desk.work.screen_key == "bookings"
    items[1].setFocus()
    desk.key(Key.Key_Up)
    desk.key(Key.Key_Up)
    desk.until(lambda: desk.focus() is items[-1])


def test_a_count_is_on_the_rail_and_spoken(desk: Desk) -> None:
    desk.ctrl(Key.Key_4)
    screen = desk.work.current
    assert screen is not None
    screen.count_changed.emit(2)
    item = desk.work.rail.items[3]
    assert item.count == 2
    assert item.accessibleName() == "Conflicts, 2 waiting"


@pytest.mark.parametrize(("width", "rail"), [(1280, 52), (1365, 52), (1366, 168), (1920, 168)])
def test_the_rail_is_narrow_below_1366(desk: Desk, width: int, rail: int) -> None:
    desk.window.resize(width, 720)
    assert desk.work.rail.width() == rail


def test_a_narrow_rail_has_tooltips_with_word_and_key(desk: Desk) -> None:
    desk.window.resize(1280, 720)
    item = desk.work.rail.items[1]
    assert item.toolTip() == "Bookings  Ctrl+2"
    desk.window.resize(1920, 1080)
    assert "Bookings" not in item.toolTip()


def test_control_b_turns_the_width_round_and_it_is_remembered(qtbot: QtBot, tmp_path: Path) -> None:
    with open_desk(qtbot, tmp_path) as desk:
        desk.sign_in()
        desk.window.resize(1920, 1080)
        desk.ctrl(Key.Key_B)
        assert desk.work.rail.narrow
        desk.ctrl(Key.Key_2)
    with open_desk(qtbot, tmp_path) as again:
        again.sign_in()
        assert again.work.rail.narrow
        assert again.work.screen_key == "bookings"
        again.window.resize(1920, 1080)
        assert again.work.rail.narrow
        again.ctrl(Key.Key_B)
        assert not again.work.rail.narrow
        again.window.resize(1280, 720)
        assert again.work.rail.narrow


def test_the_window_comes_back_as_large_as_it_was_left(qtbot: QtBot, tmp_path: Path) -> None:
    with open_desk(qtbot, tmp_path) as desk:
        desk.window.resize(970, 650)
    with open_desk(qtbot, tmp_path) as again:
        assert again.window.height() == 650


# keys of the work


def test_the_primary_button_is_pressed_by_control_enter(desk: Desk) -> None:
    desk.sample.field.setFocus()
    desk.ctrl(Key.Key_Return)
    assert desk.sample.done == ["primary"]
    desk.sample.button.setEnabled(False)
    desk.ctrl(Key.Key_Return)
    assert desk.sample.done == ["primary"]


def test_f6_goes_round_the_panes_and_back_to_where_the_focus_was(desk: Desk) -> None:
    sample = desk.sample
    sample.field.setFocus()
    desk.key(Key.Key_F6)
    desk.until(lambda: desk.focus() is sample.list)
    sample.button.setFocus()
    desk.key(Key.Key_F6)
    desk.until(lambda: desk.focus() is sample.field)
    desk.key(Key.Key_F6, Qt.KeyboardModifier.ShiftModifier)
    desk.until(lambda: desk.focus() is sample.button)


def test_f5_reads_again(desk: Desk) -> None:
    before = desk.sample.reads
    desk.key(Key.Key_F5)
    assert desk.sample.reads == before + 1


def test_a_question_mark_shows_all_keys_and_gives_the_focus_back(desk: Desk) -> None:
    desk.sample.button.setFocus()
    desk.type("?")
    help_ = desk.work.keys_help
    desk.until(help_.isVisible)
    desk.key(Key.Key_Escape)
    desk.until(lambda: not help_.isVisible())
    desk.until(lambda: desk.focus() is desk.sample.button)


def test_single_letters_can_be_switched_off_for_good(qtbot: QtBot, tmp_path: Path) -> None:
    with open_desk(qtbot, tmp_path) as desk:
        desk.sign_in()
        desk.work.keys_help.open()
        desk.work.keys_help.single.click()
        desk.key(Key.Key_Escape)
    with open_desk(qtbot, tmp_path) as again:
        again.sign_in()
        again.sample.button.setFocus()
        again.key(Key.Key_V)
        assert again.sample.done == []
        again.key(Key.Key_F2)
        assert again.sample.done == ["new"]


def test_an_event_refreshes_the_screen_that_is_seen_and_the_hidden_one_when_it_is_shown(desk: Desk) -> None:
    shown = desk.sample
    desk.ctrl(Key.Key_2)
    hidden, seen = shown, desk.sample
    reads = (hidden.reads, seen.reads)
    desk.bus.publish(
        TravellerChanged(
            aggregate_id=uuid4(), timestamp=datetime(2026, 6, 18, tzinfo=UTC), change=Change.UPDATED
        )
    )
    desk.qtbot.waitUntil(lambda: seen.reads == reads[1] + 1)
    assert hidden.reads == reads[0]
    assert hidden.stale
    desk.ctrl(Key.Key_1)
    assert hidden.reads == reads[0] + 1
    desk.ctrl(Key.Key_2)
    desk.ctrl(Key.Key_1)
    assert hidden.reads == reads[0] + 1


# saying things


def test_what_finished_is_a_toast_and_control_z_takes_it_back(desk: Desk) -> None:
    undone: list[bool] = []
    desk.work.finished("Seats released", lambda: undone.append(True))
    assert [toast.text for toast in desk.work.toasts.shown] == ["Seats released"]
    desk.ctrl(Key.Key_Z)
    assert undone == [True]
    assert desk.work.toasts.shown == ()
    desk.ctrl(Key.Key_Z)
    assert undone == [True]


def test_a_field_undoes_its_own_typing_first(desk: Desk) -> None:
    undone: list[bool] = []
    desk.sample.field.setFocus()
    desk.type("kotor")
    desk.work.finished("Seats released", lambda: undone.append(True))
    desk.ctrl(Key.Key_Z)
    assert desk.sample.field.text() == ""
    assert undone == []
    desk.ctrl(Key.Key_Z)
    assert undone == [True]


def test_a_newer_message_keeps_its_own_undo(desk: Desk) -> None:
    undone: list[str] = []
    desk.work.finished("First", lambda: undone.append("first"))
    first = desk.work.toasts.shown[0]
    desk.work.finished("Second", lambda: undone.append("second"))
    first.close_now()
    desk.ctrl(Key.Key_Z)
    assert undone == ["second"]


def test_each_toast_takes_back_its_own(desk: Desk) -> None:
    undone: list[str] = []
    desk.work.finished("First", lambda: undone.append("first"))
    desk.work.finished("Second", lambda: undone.append("second"))
    desk.work.finished("Third")
    action = desk.work.toasts.shown[0].action
    assert action is not None
    action.click()
    assert undone == ["first"]
    desk.ctrl(Key.Key_Z)
    assert undone == ["first", "second"]


def test_tab_passes_a_toast_by_and_f6_comes_to_it_after_the_last_pane(desk: Desk) -> None:
    undone: list[bool] = []
    desk.work.finished("Seats released", lambda: undone.append(True))
    toast = desk.work.toasts.shown[0]
    desk.sample.field.setFocus()
    passed = []
    for _ in range(30):
        desk.key(Key.Key_Tab)
        passed.append(desk.focus())
        if desk.focus() is desk.sample.field:
            break
    assert desk.focus() is desk.sample.field
    assert toast.action not in passed
    for _ in range(len(desk.sample.panes())):
        desk.key(Key.Key_F6)
    desk.until(lambda: desk.focus() is toast.action)
    assert not toast._leave.isActive()
    desk.key(Key.Key_F6)
    desk.until(lambda: desk.focus() is desk.sample.field)
    assert toast._leave.isActive()
    desk.key(Key.Key_F6, Qt.KeyboardModifier.ShiftModifier)
    desk.until(lambda: desk.focus() is toast.action)
    desk.key(Key.Key_Return)
    assert undone == [True]
    desk.until(lambda: desk.focus() is desk.sample.field)


def test_a_refusal_without_a_place_is_said_over_the_screen_until_it_is_closed(desk: Desk) -> None:
    def work(task: Task) -> None:
        raise SeatsGone("3 seats were asked for, 2 are free.")

    desk.background.run(desk.window, work)
    desk.qtbot.waitUntil(desk.work.note.isVisible)
    assert "2 are free" in desk.work.note.accessibleName()
    desk.work.note.button.click()
    assert not desk.work.note.isVisible()


def test_a_bug_is_shown_with_details_to_copy_and_the_window_lives_on(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    def work(task: Task) -> None:
        raise KeyError("voucher")

    desk.background.run(desk.window, work, words="Printing the voucher")
    desk.qtbot.waitUntil(lambda: desk.window.bug is not None)
    dialog = desk.window.bug
    assert dialog is not None
    assert "KeyError: 'voucher'" in dialog.details.toPlainText()
    assert "Printing the voucher" in dialog.second.text()
    desk.background.run(desk.window, work)
    desk.quiet()
    assert desk.window.bug is dialog
    dialog.act.click()
    assert "KeyError: 'voucher'" in QGuiApplication.clipboard().text()
    assert desk.window.bug is None
    desk.window.activateWindow()
    desk.qtbot.waitUntil(desk.window.isActiveWindow)
    desk.ctrl(Key.Key_2)
    assert desk.work.screen_key == "bookings"


# light and dark


def test_light_and_dark_are_switched_live_and_remembered(desk: Desk) -> None:
    before = desk.window.grab().toImage().pixelColor(4, 4)
    desk.ctrl(Key.Key_K)
    desk.type("dark")
    desk.key(Key.Key_Return)
    after = desk.window.grab().toImage().pixelColor(4, 4)
    assert before.lightness() > 200
    assert after.lightness() < 60
    assert desk.memory.value("theme/mode") == Mode.DARK.value


def test_the_menu_of_the_person_offers_modes_letters_keys_lock_and_sign_out(desk: Desk) -> None:
    menu = desk.work.person.menu()
    words = [action.text() for action in menu.actions() if action.text()]
    assert words == [
        "Light",
        "Dark",
        "As the system",
        "Single letters as keys",
        "All keys",
        "Lock",
        "Sign out",
    ]
    assert [action.text() for action in menu.actions() if action.isChecked()] == [
        "Light",
        "Single letters as keys",
    ]
    menu.actions()[-1].trigger()
    desk.quiet()
    assert desk.window.workspace is None


def test_every_control_of_the_frame_has_a_name(desk: Desk) -> None:
    nameless = [
        widget
        for widget in desk.window.findChildren(QAbstractButton)
        if widget.isVisible() and not (widget.accessibleName() or widget.text())
    ]
    assert nameless == []


def test_sign_out_leaves_nothing_of_the_work(desk: Desk) -> None:
    desk.work.commands.trigger(Act.SIGN_OUT)
    desk.until(lambda: desk.window.workspace is None)
    desk.until(desk.window.door.sign_in.isVisible)


def test_a_long_name_takes_two_lines_and_is_not_cut(desk: Desk, qtbot: QtBot) -> None:
    person = Person(replace(desk.work.actor, name="Anastasija Vukićević"), desk.work.commands)
    qtbot.addWidget(person)
    person.resize(168, 56)
    person.show()

    def shown() -> list[Label]:
        return [label for label in person.findChildren(Label) if label.isVisible()]

    desk.until(lambda: [label.text() for label in shown()] == ["Anastasija", "Vukićević", "Agent"])
    desk.until(lambda: not any(label.elided() for label in shown()))
    desk.until(lambda: all(label.height() >= label.sizeHint().height() for label in shown()))
    assert person.name.toolTip() == ""


def test_a_name_too_long_for_two_lines_is_told_whole(desk: Desk, qtbot: QtBot) -> None:
    person = Person(replace(desk.work.actor, name="Maximiliana Hohenzollern-Sigmaringen"), desk.work.commands)
    qtbot.addWidget(person)
    person.resize(168, 56)
    person.show()
    assert person.name.toolTip() == "Maximiliana Hohenzollern-Sigmaringen, Agent"
