"""Bringing in a CSV file, from the window."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from helpers.desk import Desk
from helpers.layout import faults
from helpers.workplace import Workplace, work_at
from travellr_desktop.services.importing.columns import ImportKind
from travellr_desktop.ui.importing.screen import ImportScreen
from travellr_desktop.ui.theme import Theme

Key = Qt.Key
HEAD = ("Name", "E-mail", "Telefon", "Nummer")
GOOD = ("Iva Perić", "iva@example.com", "+382 69 555 1", "7")
BAD = ("Bo", "not an email", "", "8")


@pytest.fixture
def place(place_of_admin: Workplace) -> Workplace:
    return place_of_admin


def file(folder: Path, *rows: Sequence[str], head: Sequence[str] = HEAD) -> Path:
    path = folder / "people.csv"
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([head, *rows])
    return path


def looked(place: Workplace, path: Path, kind: ImportKind = ImportKind.TRAVELLERS) -> ImportScreen:
    screen = place.work.go("import")
    assert isinstance(screen, ImportScreen)
    screen.choose_kind(kind)
    screen.look_at(path)
    place.quiet()
    return screen


def names(place: Workplace) -> list[str]:
    return [
        row.name for row in place.off(lambda: place.desk.services.travellers.search(place.desk.agent, "iva"))
    ]


def test_a_file_is_chosen_looked_at_and_brought_in_by_keys(place: Workplace, tmp_path: Path) -> None:
    path = file(tmp_path, GOOD, BAD)
    screen = place.work.go("import")
    assert isinstance(screen, ImportScreen)
    screen.choose_kind(ImportKind.TRAVELLERS)
    screen.focus_first()
    place.ctrl(Key.Key_O)
    dialog = screen.findChild(QFileDialog)
    assert dialog is not None
    dialog.selectFile(str(path))
    dialog.accept()
    place.until(lambda: screen.preview is not None)
    place.come_back()
    assert screen.mapping.boxes["email"].currentText() == "E-mail"
    assert "1 of the first 2" in screen.ticket.note.accessibleName()
    place.ctrl(Key.Key_Return)
    place.until(lambda: place.focus() is screen.lines.table)
    assert screen.report is not None
    assert (screen.report.tally.made, screen.report.tally.faulty) == (1, 1)
    assert names(place) == ["Iva Perić"]
    assert screen.lines.model is not None
    line = screen.lines.model.row(0)
    assert line is not None
    assert (line.number, line.cells) == (3, ("E-mail", "not an email"))


def test_what_a_file_holds_is_seen_from_its_columns_and_still_chosen(
    place: Workplace, tmp_path: Path
) -> None:
    screen = place.work.go("import")
    assert isinstance(screen, ImportScreen)
    screen.side.kinds[ImportKind.VENDORS].setFocus()
    screen.look_at(file(tmp_path, LOST, head=TRIPS))
    place.quiet()
    place.until(lambda: place.focus() is screen.side.kinds[ImportKind.TRIPS])
    assert screen.preview is not None and screen.preview.order.kind is ImportKind.TRIPS
    assert screen.side.kind is ImportKind.TRIPS
    screen.side.kinds[ImportKind.DEPARTURES].setFocus()
    place.key(Key.Key_Space)
    place.quiet()
    assert screen.preview.order.kind is ImportKind.DEPARTURES, "what is said stays"
    screen.look_at(file(tmp_path, GOOD))
    place.quiet()
    assert screen.side.kind is ImportKind.DEPARTURES, "said before the file"
    screen.look_at(file(tmp_path, GOOD))
    place.quiet()
    assert screen.side.kind is ImportKind.TRAVELLERS
    assert screen.mapping.boxes["email"].currentText() == "E-mail"


def test_trying_every_row_writes_nothing(place: Workplace, tmp_path: Path) -> None:
    screen = looked(place, file(tmp_path, GOOD, BAD))
    screen.ticket.attempt.setFocus()
    place.key(Key.Key_Space)
    place.until(lambda: screen.report is not None)
    place.quiet()
    assert screen.report is not None and screen.report.dry
    assert names(place) == []
    place.until(screen.ticket.act.isEnabled)


def test_a_column_that_is_missing_is_chosen_by_hand(place: Workplace, tmp_path: Path) -> None:
    screen = looked(place, file(tmp_path, ("Iva", "x"), head=("Wer", "Nummer")))
    assert not screen.ticket.act.isEnabled()
    assert "Name" in screen.ticket.note.accessibleName()
    box = screen.mapping.boxes["name"]
    box.setFocus()
    place.key(Key.Key_Down)
    place.quiet()
    assert screen.preview is not None and screen.preview.column_of("name") == "Wer"
    place.until(screen.ticket.act.isEnabled)


def test_a_name_in_two_columns_is_needed_as_such_and_not_whole(place: Workplace, tmp_path: Path) -> None:
    screen = looked(place, file(tmp_path, ("Iva", "x"), head=("Wer", "Nummer")))
    assert screen.mapping.headings["name"].text() == "Name *"
    screen = looked(place, file(tmp_path, ("Iva", "Perić"), head=("First name", "Last name")))
    place.until(lambda: screen.mapping.headings["name"].text() == "Name")
    assert screen.ticket.act.isEnabled()


def test_rows_with_problems_are_saved_to_be_mended(place: Workplace, tmp_path: Path) -> None:
    screen = looked(place, file(tmp_path, GOOD, BAD))
    screen.bring_in(dry=False)
    place.until(lambda: screen.report is not None)
    place.quiet()
    screen.save_faulty(tmp_path / "mend.csv")
    place.quiet()
    with (tmp_path / "mend.csv").open(encoding="utf-8-sig", newline="") as saved:
        (row,) = csv.DictReader(saved)
    assert row["E-mail"] == "not an email"
    assert row["problem"]


def test_what_came_in_is_taken_back(place: Workplace, tmp_path: Path) -> None:
    screen = looked(place, file(tmp_path, GOOD))
    screen.bring_in(dry=False)
    place.until(screen.ticket.undo.isVisible)
    assert names(place) == ["Iva Perić"]
    screen.ticket.undo.setFocus()
    place.key(Key.Key_Space)
    place.quiet()
    assert names(place) == []
    assert "taken back" in screen.ticket.title.text()


def test_what_came_in_is_taken_back_by_the_key_of_undo(place: Workplace, tmp_path: Path) -> None:
    screen = looked(place, file(tmp_path, GOOD))
    screen.bring_in(dry=False)
    place.until(lambda: screen.report is not None and place.focus() is screen.side.choose)
    place.ctrl(Key.Key_Z)
    place.until(lambda: names(place) == [])
    place.quiet()


def test_what_is_no_table_is_said_and_nothing_is_lost(place: Workplace, tmp_path: Path) -> None:
    path = tmp_path / "picture.csv"
    path.write_bytes(bytes(range(256)) * 40)
    screen = looked(place, path)
    assert screen.preview is None
    assert not screen.ticket.act.isEnabled()
    assert screen.empty.isVisible()


def test_an_agent_brings_nothing_in(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    with work_at(qtbot, desk, tmp_path) as place:
        assert place.work.go("import") is None


TRIPS = ("vendor", "title", "place", "zone", "currency", "duration", "adult", "child")
LOST = ("Nobody we know", "Lost", "Perast", "Europe/Podgorica", "XXX", "3:00", "cheap", "")


def test_problems_are_read_whole_in_a_small_window(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    with work_at(qtbot, desk, tmp_path, actor=desk.admin, size=QSize(1280, 720)) as place:
        screen = looked(place, file(tmp_path, LOST, head=TRIPS), ImportKind.TRIPS)
        table, model = screen.lines.table, screen.lines.model
        assert table is not None and model is not None
        place.until(lambda: model.row(0) is not None)
        problem = len(model.columns) - 1
        line = model.row(0)
        assert line is not None and line.more
        metrics = table.fontMetrics()
        assert metrics.horizontalAdvance(line.problem) < table.columnWidth(problem)
        assert table.horizontalScrollBar().maximum() == 0
        assert faults(place.work) == []
        table.go_to(0)
        place.until(screen.lines.whole.isVisible)
        assert line.problem in screen.lines.whole.text()
        assert line.more in screen.lines.whole.text()
        screen.bring_in(dry=True)
        place.until(lambda: screen.report is not None)
        place.quiet()
        assert screen.report is not None
        told = screen.lines.model
        assert told is not None
        place.until(lambda: told.row(0) is not None)
        assert {each.words for each in screen.report.tally.faults} == {
            row.problem for at in range(told.rowCount()) if (row := told.row(at)) is not None
        }
        assert faults(place.work) == []


def test_panes_stand_beside_each_other_at_twice_the_size_of_text(
    qtbot: QtBot, desk: Desk, tmp_path: Path
) -> None:
    with work_at(qtbot, desk, tmp_path, actor=desk.admin, size=QSize(1280, 720)) as place:
        Theme.current().set_text_scale(2.0)
        screen = place.work.go("import")
        assert isinstance(screen, ImportScreen)
        place.quiet()
        side, middle, ticket = screen.panes()
        place.until(lambda: middle.width() >= Theme.current().px(400))
        assert side.width() + middle.width() + ticket.width() > screen.width(), "reached by scrolling"
