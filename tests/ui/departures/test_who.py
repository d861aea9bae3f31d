"""Departures for a vendor's person, at first use, and when they cannot be read."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from pytestqt.qtbot import QtBot

from helpers.gui_thread import may_block, off_gui
from helpers.office import office_at
from helpers.quay import BLUE, JEEP, TODAY, WALK, quay, sell
from helpers.quay_screen import K, Quay
from travellr_desktop.domain.permissions import Role
from travellr_desktop.ui.departures.screen import DeparturesScreen
from travellr_desktop.ui.screen import Screen


def test_a_vendors_person_sees_their_own_and_changes_nothing(qtbot: QtBot, tmp_path: Path) -> None:
    with office_at(qtbot, tmp_path, prepare=quay, role=Role.VENDOR) as office:
        at = Quay(office)
        assert [row.title for row in at.rows] == [BLUE]
        assert [trip.title for trip in at.screen.trip_pane.trips] == [BLUE]
        assert [line.name for line in at.manifest.bookings[0].lines] == ["Goran Petrović", "Vesna Petrović"]
        panel = at.screen.panel
        assert panel.print.isVisible()
        assert not panel.check_in.isVisible()
        assert not panel.close_button.isVisible()
        at.key(K.Key_C)
        assert not panel.scanning


def test_first_use_says_what_will_be_here(qtbot: QtBot, tmp_path: Path) -> None:
    with office_at(qtbot, tmp_path) as office:
        at = Quay(office)
        assert at.screen.day_list._empty.accessibleName().startswith("Departures will be here.")


def test_what_could_not_be_read_says_so_and_tries_again(at: Quay) -> None:
    days = at.screen.day_list
    at.screen.reading.failed.emit("The file is busy.", "Try again.")
    assert days._failed.isVisible()
    days._failed.again_button.setFocus()
    at.key(K.Key_Space)
    at.until(days.table.isVisible)
    assert at.current.title == WALK


def test_waiting_is_said_only_where_nothing_is_shown(at: Quay) -> None:
    days = at.screen.day_list
    at.screen.reading.slow.emit()
    assert days.table.isVisible()
    days.table.setFocus()
    at.key(K.Key_Left)
    at.screen.reading.slow.emit()
    assert days._loading.isVisible()


def test_another_screen_leads_to_a_departure(at: Quay) -> None:
    screen: Screen = at.screen
    assert isinstance(screen, DeparturesScreen)
    day: date = TODAY + timedelta(days=1)
    with may_block():
        wanted = at.office.desk.services.board.day(at.office.desk.agent, day).rows[0].id
    screen.show_departure(wanted, day)
    at.settle()
    assert (at.screen.day, at.current.id) == (day, wanted)


def test_a_sale_at_the_desk_is_on_the_manifest_at_once(at: Quay) -> None:
    at.choose(JEEP)
    jeep = at.current.id
    off_gui(lambda: sell(at.office.desk, jeep, "Ren Tanaka"))
    at.office.until(lambda: len(at.manifest.bookings) == 3)
    at.office.until(lambda: at.current.sold == 3)  # the day is read by itself
