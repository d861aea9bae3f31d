"""A departure without room, by keys: what to take instead, the waiting list, overbooking; an oversold one is red."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from helpers.desk import CASH, Desk
from helpers.desk_window import AtDesk, at_desk
from helpers.gui_thread import may_block
from helpers.office import Office, office_at
from helpers.seated import add_numbered
from travellr_desktop.domain.permissions import Role
from travellr_desktop.services.departure_views import DepartureQuery
from travellr_desktop.services.paged import ListQuery
from travellr_desktop.services.waiting_list import WaitingView
from travellr_desktop.ui.actions import Act
from travellr_desktop.ui.desk.full import FullPane
from travellr_desktop.ui.desk.screen import DeskScreen

SATURDAY = date(2026, 6, 20)
SUNDAY = SATURDAY + timedelta(days=1)
K = Qt.Key


def season(desk: Desk) -> None:
    """On Saturday the boat is full in the morning; it goes again in the afternoon and on Sunday. There is a kayak."""
    desk.sold(desk.add_departure(day=SATURDAY, capacity=4), adult=4, pay=CASH)
    desk.add_departure(day=SATURDAY, at=time(14, 0), capacity=4)
    desk.add_departure(day=SUNDAY, capacity=6)
    kayak = desk.add_trip("Boka by kayak", adult=3900)
    desk.add_departure(kayak, day=SATURDAY, at=time(9, 0), capacity=8)
    desk.traveller("Henrik Söderberg", phone="+46 70 555 01 23")


@pytest.fixture
def at(qtbot: QtBot, tmp_path: Path) -> Iterator[AtDesk]:
    """The cursor stands on the full boat."""
    with at_desk(qtbot, tmp_path, season) as at:
        at.screen.results.view.setFocus()
        at.key(K.Key_Home)
        at.until(lambda: pane(at).isVisible())
        yield at


def pane(at: AtDesk) -> FullPane:
    return at.screen.offer.full


def waiting(desk: Desk) -> tuple[WaitingView, ...]:
    with may_block():
        found = desk.services.departures.search(desk.agent, DepartureQuery(SATURDAY))
        rows = [row for row in found.rows if row.free == 0]
        return desk.services.waiting_list.of_departure(desk.agent, rows[0].id)


def spoken(at: AtDesk) -> list[str]:
    rows = [*pane(at).instead.near.rows, *pane(at).instead.similar.rows]
    return [row.accessibleName() for row in rows]


def test_enter_on_a_full_departure_leads_to_what_can_be_had_instead(at: AtDesk) -> None:
    at.screen.results.view.setFocus()
    at.key(K.Key_Return)
    at.until(lambda: at.focus() is pane(at).instead.near.rows[0])
    assert spoken(at) == [
        "Blue Cave and Perast, Kotor, Sat 20 Jun, 14:00, 4 free, €45.00",
        "Blue Cave and Perast, Kotor, Sun 21 Jun, 08:30, 6 free, €45.00",
        "Boka by kayak, Kotor, Sat 20 Jun, 09:00, 8 free, €39.00",
    ]
    assert at.screen.basket.lines == ()


def test_enter_on_another_date_goes_there_and_the_next_holds_it(at: AtDesk) -> None:
    at.key(K.Key_Return)
    at.key(K.Key_Down)
    at.until(lambda: at.focus() is pane(at).instead.near.rows[1])
    at.key(K.Key_Return)
    row = at.screen.results.current()
    assert row is not None
    assert (at.screen.filters.calendar.chosen, row.capacity) == (SUNDAY, 6)
    at.until(at.screen.results.view.hasFocus)
    at.until(lambda: not pane(at).isVisible())
    at.key(K.Key_Return)
    assert len(at.screen.basket.lines) == 1


def test_right_goes_to_similar_trips_and_back(at: AtDesk) -> None:
    at.key(K.Key_Return)
    at.key(K.Key_Right)
    at.until(lambda: at.focus() is pane(at).instead.similar.rows[0])
    at.key(K.Key_Left)
    at.until(lambda: at.focus() is pane(at).instead.near.rows[0])
    at.key(K.Key_Right)
    at.key(K.Key_Return)
    row = at.screen.results.current()
    assert row is not None
    assert row.title == "Boka by kayak"


def test_a_similar_trip_that_a_filter_hides_is_shown_all_the_same(at: AtDesk) -> None:
    at.search("blue")
    at.key(K.Key_Return)
    at.key(K.Key_Home)
    at.key(K.Key_Return)
    at.key(K.Key_Right)
    at.key(K.Key_Return)
    row = at.screen.results.current()
    assert row is not None
    assert row.title == "Boka by kayak"
    assert at.screen.filters.search.text() == ""


def test_nothing_else_with_room_is_said(qtbot: QtBot, tmp_path: Path) -> None:
    with at_desk(qtbot, tmp_path, only_one) as at:
        at.screen.filters.choose(SATURDAY)
        at.quiet()
        at.screen.results.view.setFocus()
        at.key(K.Key_Return)
        at.until(pane(at).instead._none.isVisible)
        at.until(lambda: at.focus() is pane(at).wait)


def only_one(desk: Desk) -> None:
    desk.sold(desk.add_departure(day=SATURDAY, capacity=4), adult=4, pay=CASH)
    desk.sold(add_numbered(desk, day=SATURDAY, at=time(20, 0), capacity=2), adult=2, pay=CASH)


def test_w_puts_the_traveller_on_the_list_and_ctrl_z_takes_them_off_again(at: AtDesk) -> None:
    at.buyer("Henrik")
    at.screen.results.view.setFocus()
    at.key(K.Key_W)
    form = pane(at).wait_form
    at.until(form.isVisible)
    assert form.words.text() == "Henrik Söderberg, 1 adult. Offered when seats come free."
    at.type("Mornings only")
    at.key(K.Key_Return)
    (entry,) = waiting(at.desk)
    assert (entry.traveller_name, entry.seats, entry.note) == ("Henrik Söderberg", 1, "Mornings only")
    assert not form.isVisible()
    assert "1 party waits for it." in pane(at)._why.text()
    at.key(K.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert waiting(at.desk) == ()


def test_nobody_is_put_on_the_list_before_the_traveller_is_chosen(at: AtDesk) -> None:
    at.key(K.Key_W)
    form = pane(at).wait_form
    at.until(lambda: not form.button.isEnabled())
    assert "F4" in form.words.text()
    at.type("x")
    at.key(K.Key_Return)
    assert waiting(at.desk) == ()
    at.buyer("Henrik")
    at.until(form.button.isEnabled)
    assert form.field.text() == "x"


def test_the_same_traveller_twice_is_refused_beside_the_button(at: AtDesk) -> None:
    at.buyer("Henrik")
    for _ in range(2):
        at.screen.results.view.setFocus()
        at.key(K.Key_W)
        at.key(K.Key_Return)
    form = pane(at).wait_form
    at.until(form.refusal.isVisible)
    assert len(waiting(at.desk)) == 1
    at.key(K.Key_Escape)
    at.until(lambda: not form.isVisible())
    at.until(lambda: at.focus() is pane(at).wait)


def test_w_where_there_is_room_says_that_nobody_needs_to_wait(at: AtDesk) -> None:
    at.key(K.Key_Down)
    at.key(K.Key_W)
    at.until(at.screen.offer.note.isVisible)
    at.until(lambda: not pane(at).isVisible())


def test_an_agent_sees_why_they_may_not_overbook(at: AtDesk) -> None:
    assert not pane(at).overbook.isEnabled()
    assert "A manager may overbook it." in pane(at)._why.text()


def test_numbered_seats_are_not_overbooked_and_it_says_why(qtbot: QtBot, tmp_path: Path) -> None:
    with office_at(qtbot, tmp_path, role=Role.MANAGER, prepare=only_one) as office:
        screen = _desk(office)
        screen.results.view.setFocus()
        office.key(K.Key_End)
        office.quiet()
        office.until(lambda: not screen.offer.full.overbook.isEnabled())
        assert "no seat to sit on" in screen.offer.full._why.text()


def _desk(office: Office) -> DeskScreen:
    screen = office.go("desk")
    assert isinstance(screen, DeskScreen)
    office.until(lambda: screen.results.rows)
    screen.filters.choose(SATURDAY)
    office.quiet()
    return screen


def test_a_manager_overbooks_with_a_reason_and_the_seats_can_be_held(qtbot: QtBot, tmp_path: Path) -> None:
    with office_at(qtbot, tmp_path, role=Role.MANAGER, prepare=season) as office:
        screen = _desk(office)
        screen.filters.adults.set_value(2)
        office.quiet()
        screen.results.view.setFocus()
        office.key(K.Key_Home)
        office.quiet()
        full = screen.offer.full
        office.tab_to(full.overbook)
        office.key(K.Key_Return)
        form = full.overbook_form
        office.until(form.isVisible)
        assert form.seats.value() == 2
        office.key(K.Key_Return)  # without a reason
        office.quiet()
        assert form.field.error
        office.type("The captain takes two more")
        office.key(K.Key_Return)
        office.quiet()
        office.until(lambda: not full.isVisible())
        row = screen.results.current()
        assert row is not None
        assert (row.allowed, row.free, row.over) == (2, 2, 0)
        screen.results.view.setFocus()
        office.key(K.Key_Return)
        office.quiet()
        office.until(lambda: screen.basket.lines)
        row = screen.results.current()
        assert row is not None
        assert row.over == 2
        seats = next(each for each in screen.results.model.columns if each.key == "seats")
        assert seats.says(row).startswith("6 sold of 4")
        assert seats.second is not None
        assert seats.second(row) == "2 yours · 2 over"


def test_a_manager_takes_back_what_nobody_used(qtbot: QtBot, tmp_path: Path) -> None:
    with office_at(qtbot, tmp_path, role=Role.MANAGER, prepare=allowed_in_vain) as office:
        screen = _desk(office)
        button = screen.offer.take_back
        office.tab_to(button)
        assert button.words == "Take back 2 extra seats"
        assert button.toolTip() == "A regular guest, Mira Kovač"
        office.key(K.Key_Return)
        office.quiet()
        office.until(lambda: not button.isVisible())
        row = screen.results.current()
        assert row is not None
        assert (row.allowed, row.free) == (0, 4)


def allowed_in_vain(desk: Desk) -> None:
    departure = desk.add_departure(day=SATURDAY, capacity=4)
    desk.services.overbooking.allow(desk.admin, departure, 2, "A regular guest", key=uuid4())


def test_a_day_that_is_oversold_shows_it_in_the_calendar(qtbot: QtBot, tmp_path: Path) -> None:
    with at_desk(qtbot, tmp_path, oversold) as at:
        cell = at.screen.filters.calendar.cell(SUNDAY)
        assert cell is not None
        assert (cell.second, cell.over_sold) == ("−2", True)


def oversold(desk: Desk) -> None:
    desk.add_departure(day=SATURDAY)
    departure = desk.add_departure(day=SUNDAY, capacity=4)
    desk.services.overbooking.allow(desk.admin, departure, 2, "A regular guest", key=uuid4())
    desk.sold(departure, adult=6, pay=CASH)


def test_another_window_that_frees_a_seat_takes_the_pane_away(at: AtDesk) -> None:
    with may_block():
        booking = at.desk.services.lists.bookings(at.desk.agent, ListQuery())
        first = booking.first()[0].id
        booking.close()
        at.desk.cancel(first)
    at.quiet()
    at.qtbot.waitUntil(lambda: not pane(at).isVisible())
    at.until(at.screen.offer.button.isEnabled)


def test_keys_are_off_where_they_do_nothing(at: AtDesk) -> None:
    actions = at.screen.context.actions
    assert not actions.enabled(Act.OPTION)
    assert actions.why_off(Act.OPTION) == "Hold seats first"
    assert actions.enabled(Act.WAITING)
