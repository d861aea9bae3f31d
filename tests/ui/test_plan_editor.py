"""The editor of seat plans, by keys: what is written is seen, what is wrong is marked, what is kept is kept whole."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from helpers.desk import Desk
from helpers.desk_window import AtDesk, at_desk
from helpers.gui_thread import may_block
from helpers.layout import faults
from helpers.seated import SMALL, add_numbered, add_plan
from travellr_desktop.domain.seat_presets import boat_with_tables, coach
from travellr_desktop.domain.seating import sellable
from travellr_desktop.services.plans import PlanView
from travellr_desktop.ui.plans.editor import PlanEditor, edit_plans
from travellr_desktop.ui.theme import Mode, Theme

K = Qt.Key


def agency(desk: Desk) -> None:
    plan_id = add_plan(desk)
    desk.hold(add_numbered(desk, plan_id=plan_id), adult=2)


@pytest.fixture
def at(qtbot: QtBot, tmp_path: Path) -> Iterator[AtDesk]:
    with at_desk(qtbot, tmp_path, agency) as at:
        yield at


def editor(at: AtDesk, name: str = "") -> PlanEditor:
    """Opened on the plan of that name, or on a new one, by a manager."""
    context = at.screen.context
    with may_block():
        plan_id = next((plan.id for plan in plans(at) if plan.name == name), None)
    object.__setattr__(context, "actor", at.desk.admin)
    edit_plans(context, at.screen, plan_id)
    at.quiet()
    at.qtbot.waitUntil(lambda: len(open_editors()) == 1)
    return open_editors()[0]


def open_editors() -> list[PlanEditor]:
    return [
        each for each in QApplication.topLevelWidgets() if isinstance(each, PlanEditor) and each.isVisible()
    ]


def plans(at: AtDesk) -> tuple[PlanView, ...]:
    with may_block():
        return at.desk.services.plans.list(at.desk.admin, everything=True)


def settled(at: AtDesk, dialog: PlanEditor) -> None:
    at.qtbot.waitUntil(lambda: not dialog._typing.isActive())
    at.quiet()


def write(at: AtDesk, dialog: PlanEditor, text: str) -> None:
    """Everything anew, by keys."""
    dialog.text.edit.setFocus()
    at.qtbot.keyClick(dialog.text.edit, K.Key_A, Qt.KeyboardModifier.ControlModifier)
    for number, line in enumerate(text.splitlines()):
        if number:
            at.qtbot.keyClick(dialog.text.edit, K.Key_Return)
        at.qtbot.keyClicks(dialog.text.edit, line)
    settled(at, dialog)


def test_a_new_plan_begins_from_the_usual_of_its_kind(at: AtDesk) -> None:
    dialog = editor(at)
    assert dialog.text.text() == coach().text
    dialog.kind.box.setFocus()
    at.qtbot.keyClick(dialog.kind.box, K.Key_Down)
    assert dialog.text.text() == boat_with_tables().text
    assert dialog.count.text() == "40 seats to sell"
    assert dialog.preview.accessibleName() == "Plan of 40 seats on one deck"
    dialog.done(0)


def test_what_is_written_is_drawn_and_kept(at: AtDesk) -> None:
    dialog = editor(at)
    write(at, dialog, "1A 1B _ 1C\n2A 2B _ 2C")
    assert dialog.count.text() == "6 seats to sell"
    dialog.name.edit.setFocus()
    at.qtbot.keyClicks(dialog.name.edit, "Van")
    at.qtbot.keyClick(dialog, K.Key_Return, Qt.KeyboardModifier.ControlModifier)
    at.quiet()
    at.qtbot.waitUntil(lambda: not open_editors())
    (van,) = [plan for plan in plans(at) if plan.name == "Van"]
    assert [seat.label for seat in van.layout.seats] == ["1A", "1B", "1C", "2A", "2B", "2C"]


def test_a_change_of_kind_leaves_what_was_written(at: AtDesk) -> None:
    dialog = editor(at)
    write(at, dialog, "1A 1B")
    dialog.kind.box.setFocus()
    at.qtbot.keyClick(dialog.kind.box, K.Key_Down)
    assert dialog.text.text() == "1A 1B"
    dialog.done(0)


def test_mistakes_are_told_with_their_line_and_marked_in_the_text(at: AtDesk) -> None:
    dialog = editor(at)
    write(at, dialog, "1A 1B\n1A 2?\n[wc")
    assert dialog.text.error.splitlines() == [
        "Line 2: Seat 1A is on line 1 already.",
        "Line 2: “2?” is neither a seat, as 12A, nor room (_) nor a mark, as [wc].",
        "Line 3: A mark stands in brackets, as [wc], with how many places it takes, as [3*2].",
    ]
    marked = [mark.cursor.selectedText() for mark in dialog.text.edit.extraSelections()]
    assert marked == ["1A", "2?", "[wc"]
    assert not dialog.act.isEnabled()
    cursor = dialog.text.edit.textCursor()
    cursor.movePosition(QTextCursor.MoveOperation.End)
    dialog.text.edit.setTextCursor(cursor)
    write(at, dialog, "1A 1B")
    assert dialog.text.error == ""
    assert dialog.text.edit.extraSelections() == []
    assert dialog.act.isEnabled()
    dialog.done(0)


def test_many_mistakes_are_counted(at: AtDesk) -> None:
    dialog = editor(at)
    write(at, dialog, "? ? ? ? ?")
    assert dialog.text.error.splitlines()[-1] == "and 2 more"
    dialog.done(0)


def test_a_seat_that_is_held_cannot_go_and_nothing_is_lost(at: AtDesk) -> None:
    dialog = editor(at, "Minibus")
    assert dialog.text.text().strip() == SMALL.strip()
    write(at, dialog, "7A 7B _ 7C 7D")
    at.qtbot.keyClick(dialog, K.Key_Return, Qt.KeyboardModifier.ControlModifier)
    at.quiet()
    at.until(dialog.isVisible)
    assert "taken on a departure with this plan" in dialog.note.accessibleName()
    assert dialog.text.text() == "7A 7B _ 7C 7D"
    write(at, dialog, SMALL.strip() + "\n4A 4B _ 4C 4D")
    at.qtbot.keyClick(dialog, K.Key_Return, Qt.KeyboardModifier.ControlModifier)
    at.quiet()
    at.qtbot.waitUntil(lambda: not open_editors())
    assert [sellable(plan.layout) for plan in plans(at)] == [15]


def test_a_name_that_is_taken_is_told_at_its_field(at: AtDesk) -> None:
    dialog = editor(at)
    dialog.name.edit.setFocus()
    at.qtbot.keyClicks(dialog.name.edit, "Minibus")
    at.qtbot.keyClick(dialog, K.Key_Return, Qt.KeyboardModifier.ControlModifier)
    at.quiet()
    at.until(dialog.isVisible)
    at.until(dialog.name.edit.hasFocus)
    dialog.done(0)


def test_what_was_written_is_thrown_away_only_at_the_second_time(at: AtDesk) -> None:
    dialog = editor(at)
    at.qtbot.keyClick(dialog, K.Key_Escape)
    at.qtbot.waitUntil(lambda: not open_editors())
    dialog = editor(at)
    write(at, dialog, "1A 1B")
    at.qtbot.keyClick(dialog, K.Key_Escape)
    assert dialog.isVisible()
    assert "not saved" in dialog.note.accessibleName()
    write(at, dialog, "1A 1B 1C")
    assert not dialog.note.isVisible()
    for _ in range(2):
        at.qtbot.keyClick(dialog, K.Key_Escape)
    at.qtbot.waitUntil(lambda: not open_editors())
    assert [plan.name for plan in plans(at)] == ["Minibus"]


def test_another_plan_does_not_take_what_is_written_without_asking(at: AtDesk) -> None:
    dialog = editor(at)
    write(at, dialog, "1A 1B")
    dialog.which.box.setFocus()
    at.qtbot.keyClick(dialog.which.box, K.Key_Down)
    assert (dialog.plan, dialog.text.text()) == (None, "1A 1B")
    assert "not saved" in dialog.note.accessibleName()
    at.qtbot.keyClick(dialog.which.box, K.Key_Escape)
    assert dialog.isVisible(), "Esc asks for itself"
    for _ in range(2):
        at.qtbot.keyClick(dialog.which.box, K.Key_Down)
    assert dialog.plan is not None and dialog.name.text() == "Minibus"
    assert dialog.text.text().strip() == SMALL.strip()
    assert not dialog.note.isVisible()
    dialog.done(0)


def test_a_name_alone_is_not_thrown_away_either(at: AtDesk) -> None:
    dialog = editor(at)
    dialog.name.edit.setFocus()
    at.qtbot.keyClicks(dialog.name.edit, "Van")
    at.qtbot.keyClick(dialog, K.Key_Escape)
    assert dialog.isVisible()
    dialog.done(0)


def test_the_theme_changes_when_the_editor_is_long_gone(at: AtDesk) -> None:
    dialog = editor(at)
    at.qtbot.keyClick(dialog, K.Key_Escape)
    at.qtbot.waitUntil(lambda: not open_editors() and not isValid(dialog))
    Theme.current().set_mode(Mode.DARK)
    at.quiet()
    Theme.current().set_mode(Mode.LIGHT)
    at.quiet()


def test_a_plan_is_put_away_and_offered_again(at: AtDesk) -> None:
    for words, active in (("Put away", False), ("Offer again", True)):
        dialog = editor(at, "Minibus")
        assert dialog.away.words == words
        dialog.away.setFocus()
        at.qtbot.keyClick(dialog.away, K.Key_Return)
        at.quiet()
        assert [plan.active for plan in plans(at)] == [active]


@pytest.mark.parametrize("mode", [Mode.LIGHT, Mode.DARK], ids=["light", "dark"])
def test_nothing_of_it_is_cut_or_pale(at: AtDesk, mode: Mode) -> None:
    Theme.current().set_mode(mode)
    dialog = editor(at)
    assert faults(dialog) == []
    write(at, dialog, "1A 1A\n?")
    assert faults(dialog) == []
    dialog.done(0)
