"""What is written on the screen of travellers, by keys: themselves, notes, documents."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from pytestqt.qtbot import QtBot

from helpers.office import Office, office_at
from helpers.traveller_screen import CTRL, Key, look_for, open_jovana, screen_of, season, shows, words
from travellr_desktop.domain.permissions import Role
from travellr_desktop.ui.parts.dialog import Decision


@pytest.fixture
def office(qtbot: QtBot, tmp_path: Path) -> Iterator[Office]:
    with office_at(qtbot, tmp_path, role=Role.AGENT, prepare=season, at="travellers") as opened:
        yield opened


def answer(office: Office, *, discard: bool) -> None:
    """Answer the question that stands over the window."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    question = office.window.findChild(Decision)
    assert question is not None
    assert question.isVisible()
    (question.act if discard else question.keep).click()
    office.window.activateWindow()


def test_tab_goes_through_the_fields_to_what_is_done_with_them(office: Office) -> None:
    form = screen_of(office).keeping.person
    office.key(Key.Key_N, CTRL)
    met = []
    while office.focus() is not form.cancel:
        met.append(office.focus().accessibleName())
        office.key(Key.Key_Tab)
    assert met == ["Name", "Phone", "Email", "Born", "Language", "Address", "Country", "Add traveller"]


def test_what_was_typed_is_not_forgotten_without_a_question(office: Office) -> None:
    screen = screen_of(office)
    office.key(Key.Key_N, CTRL)
    office.type("Priya")
    for key, modifier in ((Key.Key_Escape, Qt.KeyboardModifier.NoModifier), (Key.Key_N, CTRL)):
        office.key(key, modifier)
        answer(office, discard=False)
        assert screen.keeping.person.fields["name"].text() == "Priya"
    office.key(Key.Key_Escape)
    answer(office, discard=True)
    assert screen.form is None
    office.key(Key.Key_N, CTRL)
    office.key(Key.Key_Escape)
    assert screen.form is None, "nothing was typed"


def test_a_traveller_is_added_and_what_is_refused_is_said_at_its_field(office: Office) -> None:
    screen = screen_of(office)
    look_for(office, screen, "Priya Raman")
    assert "Nobody fits “Priya Raman”" in words(screen)
    office.key(Key.Key_N, CTRL)
    form = screen.keeping.person
    assert screen.form is form
    assert form.fields["name"].text() == "Priya Raman"
    office.tab_to(form.fields["born"].edit)
    office.type("31/02/1990")
    office.key(Key.Key_Return, CTRL)
    assert "This is not a day." in form.fields["born"].error
    office.type("1/2/2090")
    office.key(Key.Key_Return, CTRL)
    office.until(lambda: "still to come" in form.fields["born"].error)
    office.type("1/2/90")
    office.key(Key.Key_Return, CTRL)
    shows(office, screen, "Priya Raman")
    assert screen.record.record is not None
    assert screen.record.record.born == date(1990, 2, 1)
    office.until(lambda: getattr(screen.finder.table.current_row(), "name", "") == "Priya Raman")
    assert screen.record.isAncestorOf(office.focus())


def test_a_record_is_changed_and_escape_leaves_it_as_it_was(office: Office) -> None:
    screen = open_jovana(office)
    screen.record.edit_asked.emit()
    form = screen.keeping.person
    assert form.isVisible()
    assert not screen.merging.isVisible(), "one thing at a time"
    office.type("Somebody")
    office.key(Key.Key_Escape)
    answer(office, discard=True)
    shows(office, screen, "Jovana Đukić")
    screen.record.edit_asked.emit()
    assert form.fields["name"].text() == "Jovana Đukić"
    office.type("Jovana Đukić-Ilić")
    office.key(Key.Key_Return, CTRL)
    shows(office, screen, "Jovana Đukić-Ilić")
    assert screen.record.record is not None
    assert screen.record.record.language == "sr"


@pytest.mark.parametrize("keep", [Office.key, Office.ctrl], ids=["enter", "ctrl+enter"])
def test_a_note_is_typed_in_place(office: Office, keep: Callable[[Office, Qt.Key], None]) -> None:
    screen = open_jovana(office)
    notes = screen.record.notes
    office.tab_to(notes.action)
    office.key(Key.Key_Return)
    office.type("Sits at the front")
    office.key(Key.Key_Escape)
    office.until(notes.field.isHidden)
    office.key(Key.Key_Return)
    office.key(Key.Key_Return)
    office.until(lambda: notes.field.error)
    office.type("Gets seasick")
    office.until(lambda: notes.field.visibleRegion().boundingRect() == notes.field.rect())
    keep(office, Key.Key_Return)
    office.until(lambda: "Gets seasick" in words(screen))
    assert notes.field.isHidden()
    notes.removed.emit(notes._shown[1][0].id)  # type: ignore[index]
    office.until(lambda: "Nothing noted." in words(screen))


def test_a_document_is_added_and_removed(office: Office) -> None:
    screen = open_jovana(office)
    office.tab_to(screen.record.documents.action)
    office.key(Key.Key_Return)
    form = screen.keeping.document
    assert screen.form is form
    office.key(Key.Key_Return, CTRL)
    office.until(lambda: form.fields["number"].error)
    office.type("V-1")
    office.key(Key.Key_Return, CTRL)
    office.until(lambda: "Passport V-1" in words(screen))
    shows(office, screen, "Jovana Đukić")
    screen.record.documents.action.setFocus()
    for does in ("Change", "Remove"):
        office.key(Key.Key_Tab)
        assert office.focus().accessibleName().startswith(does)
    office.key(Key.Key_Space)
    office.until(lambda: "Passport V-1" not in words(screen))
