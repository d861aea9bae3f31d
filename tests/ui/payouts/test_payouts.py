"""Payouts at the window: prepared, looked at, approved by a second person, changed meanwhile; by keys, over real
services."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from helpers.batches import given
from helpers.gui_thread import off_gui
from helpers.payouts_shown import Paying, nobody, paying, season, three_owed
from travellr_desktop.domain.payouts.words import BatchKind
from travellr_desktop.domain.permissions import Role
from travellr_desktop.domain.states import BatchState
from travellr_desktop.ui.actions import Act
from travellr_desktop.ui.parts.dialog import Decision
from travellr_desktop.ui.payouts.prepare import PrepareQuestion
from travellr_desktop.ui.payouts.questions import WordsQuestion
from travellr_desktop.ui.screens import SCREENS

Key = Qt.Key


@pytest.fixture
def weekly(qtbot: QtBot, tmp_path: Path) -> Iterator[Paying]:
    """The draft of a colleague."""
    with paying(qtbot, tmp_path, season) as made:
        yield made


def test_a_draft_is_approved_by_a_second_person_with_two_keys(weekly: Paying) -> None:
    page = weekly.open()
    assert page.head.title.text() == "Weekly, 13 to 19 July"
    assert page.draft_ticket.figure.text() == "€7,676.32"
    assert page.tables.paid.hasFocus()
    weekly.office.ctrl(Key.Key_Return)
    question = weekly.question(Decision)
    assert question.windowTitle() == "Approve €7,676.32 + US$619.20?"
    weekly.office.until(question.keep.hasFocus)
    weekly.office.ctrl(Key.Key_Return)
    weekly.office.until(lambda: page.run is None)
    assert weekly.row().state is BatchState.APPROVED
    assert page.run_ticket.act.words == "Send 10 payouts"


def test_looking_again_approves_nothing(weekly: Paying) -> None:
    page = weekly.open()
    weekly.office.ctrl(Key.Key_Return)
    question = weekly.question(Decision)
    weekly.office.until(question.keep.hasFocus)
    weekly.office.key(Key.Key_Return)  # the safe one has the keyboard
    weekly.closed()
    assert weekly.row().state is BatchState.DRAFT
    assert page.run is not None


def test_who_is_left_out_is_told_why_and_what_to_do(weekly: Paying) -> None:
    left = {row.name: row for row in weekly.open().tables.left.rows}
    assert left["Adriatic Dive Centre"].says == "Below €50.00. Carried to the next batch."
    assert left["Ulcinj Salt Tours"].step.value == "add_account"
    assert left["Lipa Cave Guides"].says == "Their licence is being renewed."
    assert left["Piva Lake Camp"].amount.minor == -4200
    assert weekly.page.tables.about.text() == "5 vendors, €474.60 stays owed or is carried"


def test_the_next_step_leads_to_where_it_is_done(weekly: Paying) -> None:
    page = weekly.open()
    row = next(each for each in page.tables.left.rows if each.name == "Ulcinj Salt Tours")
    page.open_vendor(row)
    (button, _) = page.panel.buttons
    weekly.office.until(button.hasFocus)
    weekly.office.key(Key.Key_Space)
    vendors = weekly.office.go("vendors")
    weekly.office.until(lambda: getattr(vendors, "shown", None) is not None)
    assert vendors.shown.draft.name == "Ulcinj Salt Tours"  # type: ignore[attr-defined]


def test_somebody_is_left_out_with_a_reason_and_taken_in_again(weekly: Paying) -> None:
    page, office = weekly.open(), weekly.office
    office.key(Key.Key_X)
    question = weekly.question(WordsQuestion)
    office.until(question.field.edit.hasFocus)
    office.ctrl(Key.Key_Return)
    office.until(lambda: bool(question.field.error))
    office.type("The contract is being renewed")
    office.ctrl(Key.Key_Return)
    weekly.closed()
    office.until(lambda: any(row.name == "Durmitor Lodge" for row in page.tables.left.rows))
    assert page.draft_ticket.figure.text() == "€5,372.32"
    # whoever changes a draft has prepared it
    assert not page.draft_ticket.act.isEnabled()
    assert "prepared themselves" in page.draft_ticket.note.accessibleName()
    at = [row.name for row in page.tables.left.rows].index("Durmitor Lodge")
    page.tables.left.setFocus()
    office.until(page.tables.left.hasFocus)
    page.tables.left.go_to(at)
    office.key(Key.Key_X)
    office.until(lambda: any(row.name == "Durmitor Lodge" for row in page.tables.paid.rows))


def test_a_draft_is_sent_back_with_a_note_and_given_in_again(weekly: Paying) -> None:
    page, office = weekly.open(), weekly.office
    office.tab_to(page.draft_ticket.second)
    office.key(Key.Key_Space)
    question = weekly.question(WordsQuestion)
    office.until(question.field.edit.hasFocus)
    office.type("Leave the lodge out")
    office.ctrl(Key.Key_Return)
    weekly.closed()
    office.until(lambda: page.draft_ticket.second.words == "Give it in again")
    assert weekly.row().sent_back == "Leave the lodge out"
    assert "Leave the lodge out" in page.draft_ticket.note.accessibleName()
    assert not page.draft_ticket.act.isEnabled()
    page.draft_ticket.second.click()
    weekly.question(WordsQuestion).act.click()
    weekly.closed()
    office.until(lambda: weekly.row().sent_back == "")


def test_what_changed_meanwhile_is_said_and_shown_before_anything_is_approved(weekly: Paying) -> None:
    page, desk = weekly.open(), weekly.desk
    vendor_id = page.tables.paid.rows[0].vendor_id
    weekly.office.ctrl(Key.Key_Return)
    question = weekly.question(Decision)
    clock = weekly.office.clock
    off_gui(lambda: _given_in_time(weekly, vendor_id))
    question.act.click()
    weekly.office.until(lambda: page.draft_ticket.refusal is not None)
    assert "Durmitor Lodge (EUR) changed" in page.draft_ticket.note.accessibleName()
    weekly.office.until(lambda: page.draft_ticket.figure.text() == "€5,372.32")
    assert weekly.row().state is BatchState.DRAFT
    assert clock is desk.clock


def _given_in_time(paying: Paying, vendor_id: object) -> None:
    """Somebody else leaves the vendor out, a moment before."""
    desk = paying.desk
    batch = desk.services.payouts.batches(desk.admin)[0]
    desk.services.payouts.leave_out(desk.admin, batch.id, vendor_id, "They asked for it.")  # type: ignore[arg-type]


def test_nobody_approves_what_they_prepared_unless_the_agency_lets_them(qtbot: QtBot, tmp_path: Path) -> None:
    with paying(qtbot, tmp_path, three_owed) as weekly:
        office = weekly.office
        office.until(weekly.screen.list.weekly.isVisible)
        office.ctrl(Key.Key_N)
        question = weekly.question(PrepareQuestion)
        question.choose(BatchKind.EXTRA)
        office.until(question.first.isVisible)
        question.act.click()
        office.until(lambda: weekly.screen.in_batch and weekly.page.run is not None)
        page = weekly.page
        weekly.settled()
        assert [row.name for row in page.tables.paid.rows] == ["Adria", "Boka", "Ćilim"]
        assert not page.draft_ticket.act.isEnabled()
        assert "prepared themselves" in page.draft_ticket.note.accessibleName()
        page.draft_ticket.third.click()
        weekly.question(Decision).act.click()
        office.until(lambda: weekly.row().state is BatchState.DISCARDED)
        office.until(lambda: not weekly.screen.in_batch)


def test_days_that_are_not_over_are_refused_at_the_field(qtbot: QtBot, tmp_path: Path) -> None:
    with paying(qtbot, tmp_path, three_owed) as weekly:
        weekly.screen.prepare()
        question = weekly.question(PrepareQuestion)
        question.choose(BatchKind.EXTRA)
        question.last.set_text("01/01/2027")
        question.act.click()
        weekly.office.until(lambda: "is not over yet" in question.last.error)
        question.first.set_text("31/02/2026")
        question.act.click()
        weekly.office.until(lambda: "not a day" in question.first.error)
        question.reject()
        weekly.closed()


def test_before_the_first_batch_it_says_what_will_be_here(qtbot: QtBot, tmp_path: Path) -> None:
    with paying(qtbot, tmp_path, nobody) as weekly:
        weekly.office.until(weekly.screen.list.nothing.isVisible)
        assert "prepares itself" in weekly.screen.list.nothing.accessibleName()
        weekly.office.until(weekly.screen.list.weekly.hasFocus)
        weekly.office.key(Key.Key_Return)
        question = weekly.question(PrepareQuestion)
        question.act.click()
        weekly.office.until(lambda: "Nothing has become free" in question.note.accessibleName())
        question.reject()
        weekly.closed()


def test_the_dry_run_is_saved_with_everybody_in_it(weekly: Paying, tmp_path: Path) -> None:
    page = weekly.open()
    assert page.run is not None
    path = tmp_path / "dry.csv"
    page.export.save(page.run, path)
    weekly.office.until(path.exists)
    weekly.office.quiet()
    with path.open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 16
    lodge = next(row for row in rows if row["Vendor"] == "Durmitor Lodge")
    assert (lodge["To pay"], lodge["Left out"]) == ("2304.00", "")
    camp = next(row for row in rows if row["Vendor"] == "Piva Lake Camp")
    assert (camp["To pay"], camp["Left out"], camp["Would be"]) == ("0.00", "Negative", "-42.00")


def test_another_currency_is_one_key_away_and_its_own_sum(weekly: Paying) -> None:
    page = weekly.open()
    assert page.head.currencies is not None
    page.head.currencies.focus_chosen()
    weekly.office.key(Key.Key_Right)
    weekly.office.until(lambda: page.draft_ticket.figure.text() == "US$619.20")
    weekly.settled()
    assert [row.name for row in page.tables.paid.rows] == ["Adria Sail", "Harbour Kitchen"]
    weekly.office.key(Key.Key_F5)
    weekly.office.quiet()
    assert page.draft_ticket.figure.text() == "US$619.20"


def test_the_rail_counts_what_waits_for_whoever_looks(weekly: Paying) -> None:
    entry = next(each for each in SCREENS if each.key == "payouts")
    told: list[int] = []
    assert entry.watch is not None
    watch = entry.watch(weekly.screen.context, told.append, weekly.screen)
    weekly.office.until(lambda: told[-1:] == [1])
    weekly.open()
    weekly.office.ctrl(Key.Key_Return)
    weekly.question(Decision).act.click()
    weekly.office.until(lambda: weekly.page.run is None)
    # the one left out by hand could be paid for long, and is in no draft any more
    weekly.office.until(lambda: told[-1:] == [1])
    assert watch.parent() is weekly.screen


def test_an_agent_has_no_such_screen(qtbot: QtBot, tmp_path: Path) -> None:
    from helpers.office import office_at

    with office_at(qtbot, tmp_path, role=Role.AGENT) as office:
        assert office.window.workspace is not None
        assert office.window.workspace.go("payouts") is None


def test_a_change_by_somebody_else_is_seen_at_once(weekly: Paying) -> None:
    page, desk = weekly.open(), weekly.desk
    vendor_id = page.tables.paid.rows[0].vendor_id
    off_gui(lambda: _given_in_time(weekly, vendor_id))
    weekly.office.until(lambda: page.draft_ticket.figure.text() == "€5,372.32")
    off_gui(lambda: given(desk, vendor_id, 100))  # free only after the batch's days: not of this one
    weekly.office.quiet()
    assert page.draft_ticket.figure.text() == "€5,372.32"
    weekly.screen.context.actions.trigger(Act.BACK)
    weekly.office.until(lambda: not weekly.screen.in_batch)
