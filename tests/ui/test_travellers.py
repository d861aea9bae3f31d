"""The screen of travellers, by keys: found, read, changed, merged and split."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from helpers.desk import Desk
from helpers.gui_thread import may_block
from helpers.office import Office, office_at, untouched
from helpers.traveller_screen import (
    CTRL,
    Key,
    look_for,
    names,
    open_jovana,
    screen_of,
    season,
    shows,
    words,
)
from travellr_desktop.domain.permissions import Role
from travellr_desktop.services.travellers import TravellerDraft
from travellr_desktop.ui.bookings.screen import BookingsScreen
from travellr_desktop.ui.desk.screen import DeskScreen
from travellr_desktop.ui.tables.export import CsvButton


@pytest.fixture
def office(qtbot: QtBot, tmp_path: Path) -> Iterator[Office]:
    with office_at(qtbot, tmp_path, role=Role.AGENT, prepare=season, at="travellers") as opened:
        yield opened


def test_typing_finds_and_the_first_is_shown(office: Office) -> None:
    screen = screen_of(office)
    assert names(screen) == ["Dragan Đukić", "Jovana Djukic", "Jovana Đukić"], "the newest first"
    assert QApplication.focusWidget() is screen.finder.search.edit
    office.type("djuk")
    office.until(lambda: screen.finder.people.query.text == "djuk" and screen.finder.people.count_known)
    office.until(lambda: screen.finder.count.text() == "3 of 3, spelling forgiven")
    shows(office, screen, "Dragan Đukić")
    assert not screen.merging.isVisible()
    assert QApplication.focusWidget() is screen.finder.search.edit, "typing goes on"


def crowd(desk: Desk) -> None:
    season(desk)
    for number in range(150):
        desk.traveller(f"Guest {number:03d}")


def test_everybody_can_be_paged_through_in_either_order(qtbot: QtBot, tmp_path: Path) -> None:
    with office_at(qtbot, tmp_path, role=Role.AGENT, prepare=crowd, at="travellers") as office:
        screen = screen_of(office)
        office.until(lambda: screen.finder.people.rowCount() == 153)
        shows(office, screen, "Guest 149")
        office.tab_to(screen.finder.order)
        office.key(Key.Key_Space)
        office.until(lambda: screen.finder.count.text() == "153 by name")
        shows(office, screen, "Guest 149")
        office.until(lambda: screen.finder.table.currentIndex().row() == 150)  # who had the cursor keeps it
        screen.finder.table.setFocus()
        office.key(Key.Key_End)
        shows(office, screen, "Jovana Đukić")
        office.key(Key.Key_Home)
        shows(office, screen, "Dragan Đukić")
        look_for(office, screen, "djuk")
        assert not screen.finder.order.isVisible()


def test_all_of_them_go_into_a_file(office: Office, tmp_path: Path) -> None:
    screen = screen_of(office)
    look_for(office, screen, "dragan")
    export = screen.finder.findChild(CsvButton)
    assert export is not None
    export.save(tmp_path / "all.csv")
    office.quiet()
    with (tmp_path / "all.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["Name"], row["Bookings"]) for row in rows] == [
        ("Dragan Đukić", "0"),
        ("Jovana Djukic", "1"),
        ("Jovana Đukić", "2"),
    ]


def test_the_record_says_who_they_are_and_what_they_did(office: Office) -> None:
    screen = open_jovana(office)
    office.until(lambda: screen.record.history.bookings.footer.shown == "2 bookings Total €180.00")
    said = words(screen)
    assert {"+382 69 555 410", "jovana@example.org", "Serbian", "14 Mar 1988, 38 years"} <= said
    assert "Expires 1 Jul 2026, before Blue Cave and Perast on 4 Jul" in said
    office.tab_to(screen.record.history.bookings.table)
    office.key(Key.Key_Down)
    office.key(Key.Key_Return)
    office.quiet()
    assert office.window.workspace is not None
    bookings = office.window.workspace.current
    assert isinstance(bookings, BookingsScreen)
    office.until(lambda: bookings.lists.model.rowCount() == 1)


def test_payments_are_the_other_view_of_the_history(office: Office) -> None:
    screen = open_jovana(office)
    office.tab_to(screen.record.history.views._buttons["bookings"])
    office.key(Key.Key_Right)
    office.until(screen.record.history.payments.isVisible)
    office.until(lambda: screen.record.history.payments.footer.shown == "2 payments Amount €180.00")
    assert not screen.record.history.bookings.isVisible()


def test_two_records_are_merged_and_split_by_keys(office: Office) -> None:
    screen = open_jovana(office)
    assert "Very likely" in words(screen)
    office.until(lambda: any(radio.isVisible() for radio in screen.merging.table.radios.values()))
    office.quiet()
    office.key(Key.Key_F6)
    office.key(Key.Key_F6)
    office.until(lambda: screen.merging.isAncestorOf(office.focus()))
    office.until(lambda: office.focus() in screen.merging.table.radios.values())
    radio = screen.merging.table.radios["phone", "other"]
    office.tab_to(screen.merging.table.radios["phone", "kept"])
    office.key(Key.Key_Right)
    office.until(
        lambda: screen.merging.preview is not None and screen.merging.preview.after.phone == "069 555 410"
    )
    assert radio.isChecked()
    while office.focus() is not screen.merging.merge:
        assert office.focus() in screen.merging.table.radios.values(), "what is chosen, then what is done"
        office.key(Key.Key_Tab)
    office.key(Key.Key_Return, CTRL)
    office.until(lambda: screen.record.record is not None and screen.record.record.bookings == 3)
    office.until(lambda: names(screen) == ["Jovana Đukić"])
    office.until(lambda: not screen.merging.isVisible())
    office.until(lambda: "Njegoševa 41, Kotor" in words(screen))
    assert screen.record.record is not None
    assert screen.record.record.phone == "069 555 410"
    office.ctrl(Key.Key_Z)
    office.until(lambda: len(names(screen)) == 2)
    office.until(lambda: screen.record.record is not None and screen.record.record.bookings == 2)
    assert screen.record.record.phone == "+382 69 555 410"


def test_n_says_that_they_are_two_people_and_undo_takes_it_back(office: Office) -> None:
    screen = open_jovana(office)
    office.key(Key.Key_F6)
    office.key(Key.Key_F6)
    office.key(Key.Key_N)
    office.until(lambda: not screen.merging.isVisible())
    office.until(lambda: screen.record.record is not None and screen.record.record.alike == 0)
    office.quiet()
    office.ctrl(Key.Key_Z)
    office.until(screen.merging.isVisible)


def test_escape_decides_later_until_it_is_asked_for(office: Office) -> None:
    screen = open_jovana(office)
    office.key(Key.Key_F6)
    office.key(Key.Key_F6)
    office.key(Key.Key_Escape)
    office.until(lambda: not screen.merging.isVisible())
    office.until(lambda: QApplication.focusWidget() is screen.finder.search.edit)
    screen.refresh()
    office.quiet()
    office.until(lambda: not screen.merging.isVisible())
    screen.record.alike_asked.emit()
    office.until(screen.merging.isVisible)


def test_likely_pairs_of_the_whole_file_are_one_key_away(office: Office) -> None:
    screen = screen_of(office)
    office.qtbot.waitUntil(screen.finder.likely_line.isVisible, timeout=10_000)
    assert "1 likely duplicate" in words(screen)
    office.tab_to(screen.finder.show_pairs)
    office.key(Key.Key_Return)
    office.until(lambda: screen.finder.in_pairs and screen.finder.pairs.count_known)
    office.until(screen.merging.isVisible)
    assert screen.merging.pair is not None
    office.key(Key.Key_Return)
    office.until(lambda: screen.merging.isAncestorOf(office.focus()))
    office.key(Key.Key_Return, CTRL)
    office.until(lambda: screen.finder.people.rowCount() == 2)
    assert not screen.finder.in_pairs


def test_the_other_record_may_be_looked_for_by_hand(office: Office) -> None:
    screen = open_jovana(office)
    office.key(Key.Key_F6)
    screen.record.merge_asked.emit()
    look_for(office, screen, "dragan")
    assert screen.record.record is not None
    assert screen.record.record.name == "Jovana Đukić", "the record stays while the other one is looked for"
    office.key(Key.Key_Return)
    office.until(
        lambda: screen.merging.preview is not None and screen.merging.preview.other.name == "Dragan Đukić"
    )
    office.until(screen.merging.isVisible)
    assert "Not likely" in words(screen)


@pytest.mark.parametrize("key", [Key.Key_F2, Key.Key_F4])
def test_a_key_takes_them_to_the_desk(office: Office, key: Key) -> None:
    open_jovana(office)
    office.key(key)
    assert office.window.workspace is not None
    desk = office.window.workspace.current
    assert isinstance(desk, DeskScreen)
    office.until(lambda: desk.session.traveller is not None)
    assert desk.session.traveller is not None
    assert desk.session.traveller.name == "Jovana Đukić"
    assert desk.basket.traveller.shown.worth.isVisible()
    office.quiet()


def test_what_others_do_comes_in_and_the_place_is_kept(office: Office) -> None:
    screen = open_jovana(office)
    look_for(office, screen, "")
    for _ in range(2):
        office.key(Key.Key_Down)
        office.quiet()
    shows(office, screen, "Jovana Đukić")
    with may_block():
        services, agent = office.desk.services, office.desk.agent
        services.travellers.create(agent, TravellerDraft("Li Xu"), key=uuid4())
        services.notes.add(agent, "From another desk", traveller_id=screen.record.shown_id)
    office.until(lambda: names(screen)[0] == "Li Xu")
    office.until(lambda: "From another desk" in words(screen))
    row = screen.finder.table.current_row()
    assert row is not None
    assert row.name == "Jovana Đukić"


def test_nobody_yet(qtbot: QtBot, tmp_path: Path) -> None:
    with office_at(qtbot, tmp_path, role=Role.AGENT, prepare=untouched) as office:
        screen = screen_of(office)
        office.until(lambda: "Nobody yet" in words(screen))
        assert "Choose a traveller" in words(screen)
        office.key(Key.Key_N, CTRL)
        office.type("Ana Anić")
        office.key(Key.Key_Return, CTRL)
        shows(office, screen, "Ana Anić")


def test_what_cannot_be_read_is_said_and_tried_again(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    screen = screen_of(office)
    service = office.desk.services.travellers

    def broken(*_: object) -> None:
        raise OSError("the disk is gone")

    monkeypatch.setattr(type(service), "find", broken)
    monkeypatch.setattr(type(service), "record", broken)
    look_for_failed = "dragan"
    office.type(look_for_failed)
    office.until(screen.finder.failed.isVisible)
    screen._read(screen.record.shown_id)
    office.until(screen.failed.isVisible)
    monkeypatch.undo()
    screen.finder.failed.again.emit()
    office.until(screen.finder.table.isVisible)
    shows(office, screen, "Dragan Đukić")
