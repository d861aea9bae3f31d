"""The day of departures: where it opens, the line of now, other days, trips."""

from __future__ import annotations

from datetime import time, timedelta
from uuid import uuid4

from helpers.gui_thread import off_gui
from helpers.quay import BLUE, JEEP, SUNSET, TODAY, WALK
from helpers.quay_screen import K, Quay
from travellr_desktop.domain.party import Party
from travellr_desktop.services.board import Phase


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


def test_rows_stand_by_the_times_shown_and_the_next_is_who_leaves_first(at: Quay) -> None:
    """11:00 in Lisbon is 12:00 here."""
    desk = at.office.desk

    def add() -> None:
        desk.add_departure(desk.add_trip("Alfama on foot", zone="Europe/Lisbon"), day=TODAY, at=time(11, 0))

    off_gui(add)
    table = at.screen.day_list.table
    model = at.screen.day_list.model
    at.office.until(lambda: model.rowCount() == 5)
    at.settle()
    times = [str(model.index(row, 0).data()) for row in range(model.rowCount())]
    assert times == ["08:30", "10:30", "11:00", "11:30", "17:00"]
    assert table.now_at == 2
    assert table.now_words == "10:42, next: Lovćen by jeep in 48 min"


def test_the_line_moves_by_itself_and_nothing_scrolls(at: Quay) -> None:
    table = at.screen.day_list.table
    at.screen.day_list.setMaximumHeight(260)
    table.verticalScrollBar().setValue(30)
    before, chosen = table.verticalScrollBar().value(), at.current.id
    assert before == 30
    assert at.screen._minute.isActive()
    # at 10:42:30 until the next minute; Qt may let a coarse timer run a twentieth longer
    assert 0 < at.screen._minute.remainingTime() <= 31_600
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


def test_another_day_stands_at_the_same_trip_and_in_sight(at: Quay) -> None:
    def many() -> None:
        desk = at.office.desk
        other = desk.add_trip("Early swim", duration_min=60)
        for minute in range(0, 60, 2):
            desk.add_departure(other, day=TODAY + timedelta(days=1), at=time(6, minute), capacity=4)

    off_gui(many)
    at.settle()
    at.choose(BLUE)
    table = at.screen.day_list.table
    at.key(K.Key_Right)
    assert at.current.title == BLUE
    at.until(lambda: table.viewport().rect().contains(table.visualRect(table.currentIndex()).center()))
    at.key(K.Key_Left)
    at.choose(WALK)
    at.key(K.Key_Right)
    assert at.rows[0] == at.current, "a day to come, without that trip, from its first departure"
    assert table.viewport().rect().contains(table.visualRect(table.currentIndex()).center())


def test_an_empty_day_leads_to_the_next_one(at: Quay) -> None:
    at.screen.day_list.table.setFocus()
    at.key(K.Key_Left)
    assert at.rows == []
    assert at.screen.panel.manifest is None
    other = at.screen.day_list._other
    at.until(other.isVisible)
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
