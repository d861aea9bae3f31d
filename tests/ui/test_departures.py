"""Departures by keyboard: the day, the manifest, checking in, closing, stopping sales."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from helpers.gui_thread import may_block, off_gui
from helpers.office import Office, office_at
from helpers.quay import BLUE, JEEP, SUNSET, TODAY, WALK, quay, sell
from travellr_desktop.domain.party import Party
from travellr_desktop.domain.permissions import Role
from travellr_desktop.services.board import BoardRow, Phase
from travellr_desktop.services.manifest_rows import Manifest
from travellr_desktop.ui.bookings.screen import BookingsScreen
from travellr_desktop.ui.departures.questions import SeatsQuestion, StopQuestion
from travellr_desktop.ui.departures.screen import DeparturesScreen
from travellr_desktop.ui.parts.dialog import Decision
from travellr_desktop.ui.screen import Screen

K = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier


class Quay:
    """Somebody before the screen, with what tests look at."""

    def __init__(self, office: Office) -> None:
        self.office = office
        screen = office.go("departures")
        assert isinstance(screen, DeparturesScreen)
        self.screen = screen
        self.settle()

    def settle(self) -> None:
        """Events come through the loop, then what they read again."""
        self.office.quiet()
        QApplication.processEvents()
        self.office.quiet()

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self.office.key(key, modifier)
        self.settle()

    def type(self, text: str) -> None:
        self.office.type(text)
        self.settle()

    @property
    def rows(self) -> list[BoardRow]:
        return list(self.screen.day_list.rows)

    @property
    def current(self) -> BoardRow:
        row = self.screen.day_list.current()
        assert row is not None
        return row

    @property
    def manifest(self) -> Manifest:
        manifest = self.screen.panel.manifest
        assert manifest is not None
        return manifest

    @property
    def said(self) -> str:
        """What came of the last scan."""
        return self.screen.panel._said.text()

    def choose(self, title: str) -> None:
        """Go to a departure of the day with the arrows."""
        self.screen.day_list.table.setFocus()
        self.key(K.Key_Home)
        for _ in self.rows:
            if self.current.title == title:
                return
            self.key(K.Key_Down)
        raise AssertionError(f"no departure {title}")

    def choose_line(self, name: str) -> None:
        """Go to a traveller of the manifest with the arrows."""
        self.screen.panel.list.setFocus()
        self.key(K.Key_Home)
        for _ in self.screen.panel.list.rows.rows:
            row = self.screen.panel.list.current()
            if row is not None and row.words == name:
                return
            self.key(K.Key_Down)
        raise AssertionError(f"no traveller {name}")

    def dialog(self) -> Decision:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, Decision)
        return dialog

    def come_back(self) -> None:
        """After a dialog: without a display there is nobody who makes the window active again."""
        self.office.until(lambda: QApplication.activeModalWidget() is None)
        self.office.window.activateWindow()
        self.office.until(self.office.window.isActiveWindow)
        self.settle()


@pytest.fixture
def at(qtbot: QtBot, tmp_path: Path) -> Iterator[Quay]:
    with office_at(qtbot, tmp_path, prepare=quay, role=Role.AGENT) as office:
        yield Quay(office)


@pytest.fixture
def manager(qtbot: QtBot, tmp_path: Path) -> Iterator[Quay]:
    with office_at(qtbot, tmp_path, prepare=quay, role=Role.MANAGER) as office:
        yield Quay(office)


# the day


def test_it_opens_on_today_at_the_manifest_that_is_open(at: Quay) -> None:
    assert at.screen.day == TODAY
    assert [(row.title, row.phase) for row in at.rows] == [
        (BLUE, Phase.ON_THE_WAY),
        (WALK, Phase.MANIFEST),
        (JEEP, Phase.BOARDING),
        (SUNSET, Phase.STOPPED),
    ]
    assert at.current.title == WALK
    assert [booking.traveller_name for booking in at.manifest.bookings] == ["Elin Sandberg", "Ivo Ivić"]
    assert at.office.focus() is at.screen.day_list.table


def test_the_line_of_now_stands_between_what_has_left_and_what_is_to_come(at: Quay) -> None:
    table = at.screen.day_list.table
    assert table.now_at == 2
    assert table.accessibleDescription() == "10:42, next: Lovćen by jeep in 48 min"
    high = table.row_height
    assert table.top_of(1) == high
    assert table.top_of(2) > 2 * high
    assert [table.position_at(table.top_of(row) + high // 2) for row in range(4)] == [0, 1, 2, 3]


def test_the_line_moves_by_itself_and_nothing_scrolls(at: Quay) -> None:
    table = at.screen.day_list.table
    at.screen.day_list.setMaximumHeight(260)
    table.verticalScrollBar().setValue(30)
    before, chosen = table.verticalScrollBar().value(), at.current.id
    assert before == 30
    assert at.screen._minute.isActive()
    assert 0 < at.screen._minute.remainingTime() <= 30_100  # at 10:42:30 until the next minute
    at.office.clock.forward(timedelta(minutes=14))
    at.screen._minute_passed()
    at.settle()
    assert table.now_words == "10:56, next: Lovćen by jeep in 34 min"
    at.screen.day_list.tick(at.office.clock.now() + timedelta(minutes=35))
    assert table.now_at == 3
    assert table.now_words == "11:31, next: Sunset kayak in 5 h 29"
    at.screen.day_list.tick(at.office.clock.now() + timedelta(hours=8))
    assert (table.now_at, table.now_words) == (4, "18:56, nothing more leaves today")
    assert (table.verticalScrollBar().value(), at.current.id) == (before, chosen)


def test_arrows_go_through_the_day_and_to_other_days(at: Quay) -> None:
    at.screen.day_list.table.setFocus()
    at.key(K.Key_Down)
    assert at.current.title == JEEP
    assert at.manifest.departure_id == at.current.id
    at.key(K.Key_Right)
    assert at.screen.day == TODAY + timedelta(days=1)
    assert [row.title for row in at.rows] == [BLUE]
    assert at.screen.day_list.table.now_at is None
    at.key(K.Key_Left)
    at.key(K.Key_Left)
    assert at.screen.day == TODAY - timedelta(days=1)
    at.screen.trip_pane.trip.setFocus()
    at.key(K.Key_T)
    assert at.screen.day == TODAY


def test_an_empty_day_leads_to_the_next_one(at: Quay) -> None:
    at.screen.day_list.table.setFocus()
    at.key(K.Key_Left)
    assert at.rows == []
    assert at.screen.panel.manifest is None
    other = at.screen.day_list._other
    assert other.isVisible()
    other.setFocus()
    at.key(K.Key_Space)
    assert at.screen.day == TODAY


def test_a_trip_narrows_calendar_and_day(at: Quay) -> None:
    pane = at.screen.trip_pane
    assert at.screen.day_list.views._buttons["trip"].isEnabled() is False
    pane.trip.setFocus()
    while pane.trip.currentText() != BLUE:
        at.key(K.Key_Down)
    pane.trip.activated.emit(pane.trip.currentIndex())
    at.settle()
    assert pane.calendar.cell(TODAY + timedelta(days=3)).second == "\N{MINUS SIGN}2"  # type: ignore[union-attr]
    assert "2 seats sold too often" in pane.calendar.cell(TODAY + timedelta(days=3)).accessibleName()  # type: ignore[union-attr]
    assert pane.calendar.cell(TODAY + timedelta(days=1)).second == "5"  # type: ignore[union-attr]
    assert pane._caption.text() == "5 free seats on this trip from today"
    assert "Bokeška Plovidba · 3 h · 4 seats" in pane._about.text()
    at.screen.day_list.views.focus_chosen()
    at.key(K.Key_Right)
    at.key(K.Key_Right)
    assert [row.title for row in at.rows] == [BLUE]
    at.screen.day_list.table.setFocus()
    at.key(K.Key_Escape)
    assert len(at.rows) == 4


def test_those_with_bookings_are_shown_alone(at: Quay) -> None:
    days = at.screen.day_list
    off_gui(lambda: at.office.desk.add_departure(day=TODAY, at=time(20, 0)))
    at.office.until(lambda: len(at.rows) == 5)
    days.views.focus_chosen()
    at.key(K.Key_Right)
    assert [row.title for row in at.rows] == [BLUE, WALK, JEEP, SUNSET]
    at.screen._go_to_day(TODAY + timedelta(days=1))
    at.settle()
    assert days._empty.accessibleName() == "Nobody is booked on Friday 19 June"
    days._other.setFocus()
    at.key(K.Key_Space)
    assert [row.title for row in at.rows] == [BLUE]


def test_the_calendar_goes_into_the_past(at: Quay) -> None:
    calendar = at.screen.trip_pane.calendar
    calendar.focus_day()
    at.key(K.Key_Left)
    at.key(K.Key_Return)
    assert at.screen.day == TODAY - timedelta(days=1)


def test_what_others_sell_is_seen_without_losing_the_place(at: Quay) -> None:
    desk = at.office.desk
    at.choose(JEEP)
    at.screen.panel.list.setFocus()
    at.choose_line("Peter Baum")
    before = at.screen.panel.list.current()
    jeep = at.current.id
    off_gui(lambda: desk.services.holds.hold(desk.admin, jeep, Party(1), key=uuid4()))
    at.office.until(lambda: (at.current.held, at.current.yours) == (1, 1))
    at.settle()
    assert at.current.title == JEEP
    assert at.screen.panel.list.current() == before


def test_a_hidden_screen_reads_again_when_it_is_shown(at: Quay) -> None:
    at.office.go("bookings")
    walk = at.rows[1].id
    off_gui(lambda: at.office.desk.services.manifests.close(at.office.desk.agent, walk, key=uuid4()))
    at.settle()
    at.office.go("departures")
    at.settle()
    assert at.rows[1].phase is Phase.ON_THE_WAY


# the manifest


def test_a_scanned_code_checks_the_booking_in(at: Quay) -> None:
    booking = at.manifest.bookings[0]
    at.key(K.Key_C)
    at.type(booking.reference)
    at.key(K.Key_Return)
    assert at.said == "2 travellers checked in: Elin Sandberg, Nils Sandberg"
    assert at.manifest.here == 2
    assert at.current.here == 2
    at.key(K.Key_Return)
    assert at.said == "Here already: Elin Sandberg, Nils Sandberg"
    at.key(K.Key_Escape)
    at.key(K.Key_Escape)
    assert at.office.focus() is at.screen.panel.list


def test_a_scanner_is_heard_while_its_field_is_closed_and_presses_no_keys(at: Quay) -> None:
    booking = at.manifest.bookings[0]
    with may_block():
        code = at.office.desk.services.bookings.detail(at.office.desk.agent, booking.id).voucher_code
    at.choose_line("Hana Kovačević")
    at.screen.scanner.fast = 10.0  # however busy the machine is
    at.office.qtbot.keyClicks(at.screen.panel.list, f"TRAVELLR {booking.reference} {code}XXC")
    at.office.qtbot.keyClick(at.screen.panel.list, K.Key_Return)
    at.settle()
    assert at.screen.panel.scanning
    assert at.said == "2 travellers checked in: Elin Sandberg, Nils Sandberg"
    assert (at.manifest.here, at.manifest.absent) == (2, 0)


def test_a_name_that_fits_several_asks_once_more(at: Quay) -> None:
    at.key(K.Key_C)
    at.type("kovac")
    at.key(K.Key_Return)
    assert at.said == "2 travellers fit. Enter again if all are here, or choose below."
    assert at.manifest.here == 0
    assert [row.words for row in at.screen.panel.list.selected()] == ["Hana Kovačević", "Filip Kovačević"]
    at.key(K.Key_Return)
    assert at.said == "2 travellers checked in: Hana Kovačević, Filip Kovačević"


def test_what_is_not_for_this_departure_is_said_beside_the_field(at: Quay) -> None:
    with may_block():
        other = at.office.desk.services.manifests.manifest(at.office.desk.agent, at.rows[0].id)
    at.key(K.Key_C)
    at.type(other.bookings[0].reference)
    at.key(K.Key_Return)
    assert "is for Blue Cave and Perast, 18 Jun 2026, 08:30." in at.said
    at.type("nobody")
    at.key(K.Key_Return)
    assert "Nobody on this departure fits" in at.said
    assert at.manifest.here == 0


def test_space_checks_in_and_out_and_x_notes_a_no_show(at: Quay) -> None:
    at.choose_line("Nils Sandberg")
    at.key(K.Key_Space)
    assert at.manifest.here == 1
    row = at.screen.panel.list.current()
    assert row is not None
    assert (row.words, row.trailing, row.spoken) == (
        "Nils Sandberg",
        "10:42",
        "Nils Sandberg, adult, here at 10:42",
    )
    at.key(K.Key_Space)
    assert at.manifest.here == 0
    at.key(K.Key_X)
    assert at.manifest.absent == 1
    assert at.screen.panel.list.current().trailing == "No-show"  # type: ignore[union-attr]
    at.key(K.Key_X)
    assert at.manifest.absent == 0


def test_a_booking_is_checked_in_as_a_whole(at: Quay) -> None:
    at.choose_line(at.manifest.bookings[1].reference)
    at.key(K.Key_Return)
    assert [line.checked_in_at is not None for line in at.manifest.bookings[1].lines] == [True, True]
    at.choose_line(at.manifest.bookings[0].reference)
    at.key(K.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    at.key(K.Key_X)
    assert at.manifest.absent == 2


def test_everybody_is_checked_in_at_once_with_a_way_back(at: Quay) -> None:
    at.choose_line("Nils Sandberg")
    at.key(K.Key_X)
    at.screen.doing.check_everybody_in()
    at.settle()
    assert (at.manifest.here, at.manifest.absent) == (3, 1)
    at.key(K.Key_Z, CTRL)
    assert (at.manifest.here, at.manifest.absent) == (0, 1)


def test_closing_asks_and_ends_the_bookings(at: Quay) -> None:
    at.choose_line(at.manifest.bookings[0].reference)
    at.key(K.Key_Space)
    at.choose_line(at.manifest.bookings[1].reference)
    at.key(K.Key_X)
    assert at.screen.panel.close_button.accessibleName() == "Close the manifest 2 + 2"
    at.key(K.Key_Return, CTRL)
    question = at.dialog()
    at.office.until(question.keep.hasFocus)
    assert question.windowTitle() == "Close the manifest of Old Town food walk, 10:30?"
    at.office.key(K.Key_Return, CTRL)
    at.come_back()
    at.office.until(lambda: at.rows[1].phase is Phase.ON_THE_WAY)
    assert [booking.state.value for booking in at.manifest.bookings] == ["completed", "no_show"]
    assert not at.screen.panel.close_button.isVisible()


def test_it_cannot_be_closed_before_it_has_left(at: Quay) -> None:
    at.choose(JEEP)
    assert not at.screen.panel.close_button.isEnabled()
    assert "once it has left, at 11:30" in at.screen.panel._foot.text()
    at.key(K.Key_Return, CTRL)
    assert QApplication.activeModalWidget() is None


def test_p_goes_to_the_booking_that_owes(at: Quay) -> None:
    at.choose(JEEP)
    owing = at.manifest.bookings[1]
    assert (owing.traveller_name, owing.due.minor) == ("Mateo García", 4500)
    at.key(K.Key_P)
    assert at.office.window.workspace is not None
    bookings = at.office.window.workspace.current
    assert isinstance(bookings, BookingsScreen)
    at.office.until(lambda: bookings.shown is not None and bookings.shown.detail.reference == owing.reference)


def test_who_has_not_paid_is_refused(at: Quay) -> None:
    at.choose(JEEP)
    at.choose_line("Mateo García")
    at.key(K.Key_Space)
    assert at.manifest.bookings[1].lines[0].checked_in_at is None


def test_the_manifest_is_printed(at: Quay) -> None:
    at.key(K.Key_P, CTRL)
    folder = at.office.desk.profile.documents
    at.office.until((folder / "manifest-2026-06-18-1030-old-town-food-walk.pdf").exists)


def test_the_panel_closes_and_opens_with_enter(at: Quay) -> None:
    at.screen.panel._close_panel.setFocus()
    at.key(K.Key_Space)
    assert not at.screen.panel.isVisible()
    assert at.office.focus() is at.screen.day_list.table
    at.key(K.Key_Return)
    assert at.screen.panel.isVisible()
    assert at.office.focus() is at.screen.panel.list


# selling


def test_a_manager_stops_and_reopens_sales(manager: Quay) -> None:
    at = manager
    at.choose(JEEP)
    assert at.screen.trip_pane.stop.isEnabled()
    at.screen.trip_pane.stop.setFocus()
    at.office.key(K.Key_Space)
    at.office.until(lambda: isinstance(QApplication.activeModalWidget(), StopQuestion))
    question = at.dialog()
    assert isinstance(question, StopQuestion)
    at.office.until(question.field.edit.hasFocus)
    at.office.key(K.Key_Return, CTRL)
    at.office.until(question.note.isVisible)
    at.office.type("Fog on the pass")
    at.office.key(K.Key_Return, CTRL)
    at.come_back()
    at.office.until(lambda: at.current.phase is Phase.STOPPED)
    assert at.screen.day_list.note.accessibleName().startswith("2 departures are on stop-sell")
    at.screen.trip_pane.stop.setFocus()
    at.office.key(K.Key_Space)
    at.office.until(lambda: at.current.phase is not Phase.STOPPED)


def test_other_seats_are_refused_below_what_is_sold(manager: Quay) -> None:
    at = manager
    at.choose(JEEP)
    at.screen.doing.change_seats(at.current)
    question = at.dialog()
    assert isinstance(question, SeatsQuestion)
    at.office.until(question.field.edit.hasFocus)
    at.office.type("1")
    at.office.key(K.Key_Return, CTRL)
    at.office.until(question.note.isVisible)
    at.office.type("8")
    at.office.key(K.Key_Return, CTRL)
    at.come_back()
    at.office.until(lambda: at.current.capacity == 8)


def test_what_is_stopped_stands_below_the_day_and_leads_to_it(at: Quay) -> None:
    note = at.screen.day_list.note
    assert note.isVisible()
    assert note.accessibleName() == (
        "Sunset kayak, 17:00 is on stop-sell since 08:42 "
        "Wind, said the skipper. 1 booking, 1 traveller is booked."
    )
    note.button.setFocus()
    at.key(K.Key_Space)
    assert at.current.title == SUNSET
    assert not at.screen.trip_pane.stop.isVisible()


# who, and what is missing


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
    assert days.table.isVisible()
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
    assert at.current.sold == 3
