"""Everything is found from one field: travellers and departures too, and choosing one shows it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from helpers.desk import Desk
from helpers.office import Office, office_at
from travellr_desktop.domain.permissions import Role
from travellr_desktop.ui.desk.screen import DeskScreen
from travellr_desktop.ui.travellers.screen import TravellersScreen

SOON = date(2026, 6, 24)
Key = Qt.Key


def sold(desk: Desk) -> None:
    lisbon = desk.add_trip("Tejo by sail", place="Lisbon", zone="Europe/Lisbon")
    desk.add_departure(lisbon, day=SOON, at=time(9, 0))
    evening = desk.add_departure(lisbon, day=SOON, at=time(17, 30))
    desk.add_departure(lisbon, day=SOON + timedelta(days=200))
    for name in ("Đorđe Đukić", "Priya Raman"):
        buyer = desk.traveller(name, email=f"{name[:3].lower()}@example.com".replace("đ", "d"))
        desk.sell(desk.hold(evening, adult=1), traveller=buyer)


@pytest.fixture
def office(qtbot: QtBot, tmp_path: Path) -> Iterator[Office]:
    with office_at(qtbot, tmp_path, role=Role.AGENT, prepare=sold) as opened:
        yield opened


def look_for(office: Office, words: str) -> list[str]:
    assert office.window.workspace is not None
    finder = office.window.workspace.finder
    finder.open()
    office.qtbot.keyClicks(finder.edit, words)
    office.until(lambda: not finder.searching)
    office.quiet()
    office.until(lambda: any(found.second for found in finder.rows))
    return [found.words for found in finder.rows if found.second]


def choose(office: Office, words: str, second: str = "") -> None:
    assert office.window.workspace is not None
    finder = office.window.workspace.finder
    fits = (words in found.words and found.second and second in found.second for found in finder.rows)
    at = next(n for n, fit in enumerate(fits) if fit)
    for _ in range(at):
        office.key(Key.Key_Down)
    office.key(Key.Key_Return)
    office.quiet()


def test_a_traveller_is_found_without_accents_and_their_record_is_shown(office: Office) -> None:
    assert "Đorđe Đukić" in look_for(office, "dor duk")
    choose(office, "Đorđe Đukić")
    assert office.window.workspace is not None
    screen = office.window.workspace.current
    assert isinstance(screen, TravellersScreen)
    office.until(lambda: screen.record.record is not None and screen.record.record.name == "Đorđe Đukić")
    office.until(lambda: screen.record.history.bookings.model.rowCount() == 1)


def test_departures_to_come_are_found_by_trip_and_opened_at_the_desk(office: Office) -> None:
    assert look_for(office, "tejo").count("Tejo by sail") >= 2
    assert office.window.workspace is not None
    rows = [found for found in office.window.workspace.finder.rows if found.words == "Tejo by sail"]
    moments = [found.second.split(" · ")[0] for found in rows if "Jun" in found.second]
    assert moments == ["Wed 24 Jun, 09:00", "Wed 24 Jun, 17:30"]
    choose(office, "Tejo by sail", "17:30")
    desk = office.window.workspace.current
    assert isinstance(desk, DeskScreen)
    office.until(lambda: desk.results.current() is not None)
    row = desk.results.current()
    assert row is not None
    assert f"{row.starts_at:%H:%M}" == "16:30"  # UTC
    assert desk.filters.calendar.chosen == SOON


def test_a_departure_is_shown_whatever_the_desk_is_filtered_by(office: Office) -> None:
    desk = office.go("desk")
    assert isinstance(desk, DeskScreen)
    desk.filters.search.set_text("nothing of the kind")
    look_for(office, "tejo sail")
    choose(office, "Tejo by sail", "09:00")
    office.until(lambda: desk.results.current() is not None)
    assert desk.filters.search.text() == ""


def test_a_vendors_person_is_offered_no_departures_and_no_travellers(qtbot: QtBot, tmp_path: Path) -> None:
    with office_at(qtbot, tmp_path, role=Role.VENDOR, prepare=sold) as office:
        assert office.window.workspace is not None
        assert len(look_for(office, "tejo")) == 2
        rows = [found for found in office.window.workspace.finder.rows if found.second]
        assert {found.icon for found in rows} == {"ticket"}
