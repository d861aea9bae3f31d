"""The seat map on the desk, by keys: who sits where, and what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from helpers.desk import Desk
from helpers.desk_seats import K, go, hold, own, plan, season, section, tones, view
from helpers.desk_window import AtDesk, at_desk
from helpers.gui_thread import may_block
from helpers.seated import add_numbered
from travellr_desktop.ui.actions import Act
from travellr_desktop.ui.parts.seat_paint import SeatTone
from travellr_desktop.ui.records.words import grouped


@pytest.fixture
def at(qtbot: QtBot, tmp_path: Path) -> Iterator[AtDesk]:
    with at_desk(qtbot, tmp_path, season) as at:
        yield at


# opening and closing


def test_holding_numbered_seats_opens_their_plan_with_the_cursor_on_the_first_of_them(at: AtDesk) -> None:
    hold(at, "tara")
    assert not at.screen.results.isVisible()
    assert len(own(at)) == 2
    assert plan(at).cursor_at == own(at)[0]
    assert plan(at).cell(own(at)[0]).hasFocus()
    seen = tones(at)
    assert {label for label, tone in seen.items() if tone is SeatTone.YOURS} == set(own(at))
    assert seen["1A"] is seen["1B"] is SeatTone.HELD
    assert seen["2C"] is seen["2D"] is SeatTone.SOLD
    assert seen["3B"] is SeatTone.BLOCKED
    assert seen["3C"] is SeatTone.FREE


def test_open_seating_has_no_map(at: AtDesk) -> None:
    hold(at, "blue cave")
    assert not at.screen.seats.is_open
    assert at.screen.results.isVisible()
    assert not at.screen.context.actions.enabled(Act.SEATS)


def test_esc_goes_back_to_the_departures_and_s_comes_again(at: AtDesk) -> None:
    hold(at, "tara")
    at.key(K.Key_Escape)
    at.until(at.screen.results.view.hasFocus)
    at.until(lambda: not at.screen.seats.view.isVisible())
    at.key(K.Key_S)
    at.until(lambda: plan(at).cell(own(at)[0]).hasFocus())
    at.key(K.Key_Slash)
    at.until(at.screen.filters.search.edit.hasFocus)


def test_the_basket_says_the_seats_and_opens_the_plan_of_its_line(at: AtDesk) -> None:
    hold(at, "tara")
    at.key(K.Key_Escape)
    hold(at, "dinner")
    at.key(K.Key_Escape)
    heads = [row.head for row in at.screen.basket.lines]
    assert all(label in heads[0].accessibleName() for label in own(at, 0))
    heads[1].setFocus()
    at.key(K.Key_S)
    assert section(at).line is at.screen.session.lines[1]
    assert [each.line for each in view(at).sections] == at.screen.session.lines


def test_a_sale_or_an_empty_basket_closes_the_map(at: AtDesk) -> None:
    hold(at, "tara")
    at.buyer()
    assert view(at).isVisible(), "finding the traveller leaves it open"
    at.ctrl_enter()
    at.until(lambda: not at.screen.seats.view.isVisible())
    at.key(K.Key_F2)
    hold(at, "dinner")
    assert at.screen.seats.view.isVisible()
    at.screen.basket.lines[0].head.setFocus()
    at.key(K.Key_Delete)
    at.until(lambda: not at.screen.seats.view.isVisible())
    at.until(at.screen.results.isVisible)


def test_the_booking_says_who_sits_where(at: AtDesk) -> None:
    hold(at, "tara", adults=1, children=1)
    seats = own(at)
    at.buyer()
    at.ctrl_enter()
    outcome = at.screen.session.outcome
    assert outcome is not None
    with may_block():
        detail = at.desk.services.bookings.detail(at.desk.agent, outcome.bookings[0].id)
    adults, children = grouped(detail.lines)
    assert adults[1] == f"Henrik Söderberg (seat {seats[0]})"
    assert children[1].endswith(f"(seat {seats[1]})")


def fewer_than_the_plan(desk: Desk) -> None:
    add_numbered(desk, trip_id=desk.add_trip("Tara canyon"), capacity=5, day=date(2026, 6, 20))


def test_a_plan_with_more_seats_than_the_departure_sells_says_how_many(qtbot: QtBot, tmp_path: Path) -> None:
    with at_desk(qtbot, tmp_path, fewer_than_the_plan) as at:
        hold(at, "tara")
        free = sum(tone is SeatTone.FREE for tone in tones(at).values())
        assert free > 3
        assert section(at)._free.text() == f"2 yours · 3 of {free} free to sell"


# choosing


def test_enter_moves_the_one_whose_seat_is_chosen(at: AtDesk) -> None:
    hold(at, "tara")
    stays = own(at)[0]
    at.key(K.Key_2)
    assert plan(at).cursor_at == own(at)[1]
    go(at, "3D")
    assert view(at).readout.label.text() == "3D"
    assert view(at).readout.button.words == "Move adult 2 here"
    at.key(K.Key_Return)
    assert own(at) == (stays, "3D")
    assert tones(at)["3D"] is SeatTone.YOURS
    with may_block(), at.desk.database.read() as reading:
        labels = reading.seats.of_hold(at.screen.session.lines[0].hold.id)
    assert labels == [(stays, 1), ("3D", 2)]


def test_n_goes_from_free_seat_to_free_seat(at: AtDesk) -> None:
    hold(at, "tara")
    at.key(K.Key_Home)
    visited = []
    for _ in range(3):
        at.key(K.Key_N)
        visited.append(plan(at).cursor_at)
    free = [seat.label for seat in plan(at).layout_shown.seats if tones(at)[seat.label] is SeatTone.FREE]
    assert visited == free[:3]


def test_a_seat_that_is_not_free_is_not_taken(at: AtDesk) -> None:
    hold(at, "tara")
    before = own(at)
    for label, words in (("2C", "sold"), ("1A", "held"), ("3B", "not sold")):
        go(at, label)
        at.key(K.Key_Return)
        assert own(at) == before
        assert view(at).readout.state.text() == words
        at.until(lambda: not view(at).readout.button.isEnabled())


def test_enter_on_another_of_the_party_chooses_for_them_and_x_changes_places(at: AtDesk) -> None:
    hold(at, "tara")
    first, second = own(at)
    go(at, second)
    assert view(at).readout.button.words == "Choose for adult 2"
    at.key(K.Key_X)
    assert own(at) == (second, first)
    go(at, first)
    at.key(K.Key_Return)
    assert at.screen.seats.seating.who == 1


def test_b_brings_a_scattered_party_together(at: AtDesk) -> None:
    hold(at, "tara")
    at.key(K.Key_2)
    go(at, "3D")
    at.key(K.Key_Return)
    scattered = own(at)
    at.key(K.Key_B)
    assert own(at) != scattered
    first, second = own(at)
    assert first[0] == second[0]


def test_names_give_the_seats_their_letters(at: AtDesk) -> None:
    hold(at, "tara")
    line = at.screen.session.lines[0]
    line.names[:] = ["Tomáš", ""]
    at.screen.session.lines_changed.emit()
    at.quiet()
    assert plan(at).cell(own(at)[0]).look.letter == "T"
    assert plan(at).cell(own(at)[1]).look.letter == "2"
    rows = [row.accessibleName() for row in at.screen.seats.side.people]
    assert rows == [f"Tomáš, adult, seat {own(at)[0]}", f"Adult 2, adult, seat {own(at)[1]}"]


def test_a_click_takes_a_free_seat(at: AtDesk) -> None:
    hold(at, "tara")
    at.qtbot.mouseClick(plan(at).cell("3D"), Qt.MouseButton.LeftButton)
    at.quiet()
    assert "3D" in own(at)


def test_a_person_of_the_list_is_chosen_by_the_keyboard(at: AtDesk) -> None:
    hold(at, "tara")
    at.screen.seats.side.people[1].setFocus()
    at.key(K.Key_Return)
    assert at.screen.seats.seating.who == 1
    assert at.screen.seats.side.people[1].hasFocus(), "rows are made anew under the keyboard"
    at.key(K.Key_N)
    at.until(lambda: plan(at).cell(plan(at).cursor_at).hasFocus())


# two plans


def test_tab_goes_to_the_other_plan_and_on(at: AtDesk) -> None:
    hold(at, "tara")
    at.key(K.Key_Escape)
    hold(at, "dinner")
    first, second = view(at).sections
    assert section(at) is second
    at.qtbot.keyClick(at.focus(), K.Key_Backtab)
    assert first.plan.isAncestorOf(at.focus())
    assert section(at) is first, "the line follows the keyboard"
    at.qtbot.keyClick(at.focus(), K.Key_Tab)
    assert second.plan.isAncestorOf(at.focus())
    at.qtbot.keyClick(at.focus(), K.Key_Tab)
    assert not second.plan.isAncestorOf(at.focus()), "nobody is caught between them"


def test_f6_goes_round_side_plans_and_basket(at: AtDesk) -> None:
    hold(at, "tara")
    at.key(K.Key_F6)
    at.until(lambda: at.screen._basket_pane.isAncestorOf(at.focus()))
    at.key(K.Key_F6)
    at.until(lambda: at.screen.seats.side.isAncestorOf(at.focus()))
    at.key(K.Key_F6)
    at.until(lambda: view(at).isAncestorOf(at.focus()))


# children


def test_a_child_who_sits_alone_is_told_in_amber_and_m_mends_it(at: AtDesk) -> None:
    hold(at, "tara", adults=1, children=1)
    assert not view(at).alone.isVisible()
    at.key(K.Key_2)
    go(at, "3D")
    at.key(K.Key_Return)
    note = view(at).alone
    at.until(note.isVisible)
    assert note.tone == "wait"
    assert note.accessibleName().startswith("Child 2 sits alone on the coach")
    assert note.button.words.startswith("Move child 2 to ")
    at.key(K.Key_M)
    at.until(lambda: not note.isVisible())
    assert note.button.words.endswith(own(at)[1])
