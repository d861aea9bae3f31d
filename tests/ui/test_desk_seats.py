"""The seat map on the desk, by keys: who sits where, what is refused, and what others do meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from helpers.desk import CASH, Desk
from helpers.desk_window import AtDesk, at_desk
from helpers.gui_thread import may_block
from helpers.layout import faults
from helpers.seated import add_numbered, add_plan
from travellr_desktop.domain.party import Party
from travellr_desktop.domain.seat_presets import boat_with_decks, boat_with_tables
from travellr_desktop.domain.seating import PlanKind
from travellr_desktop.ui.actions import Act
from travellr_desktop.ui.desk.seats_view import PlanSection, SeatsView
from travellr_desktop.ui.parts.seat_paint import SeatTone
from travellr_desktop.ui.parts.seatplan import SeatPlan
from travellr_desktop.ui.records.words import grouped
from travellr_desktop.ui.theme import Mode, Theme

SATURDAY = date(2026, 6, 20)
K = Qt.Key


def season(desk: Desk) -> None:
    """A minibus whose first row another holds and whose second is sold, a boat with tables, and open seating."""
    rafting = desk.add_trip("Tara canyon rafting", adult=7100)
    cruise = desk.add_trip("Perast dinner cruise", adult=4800)
    bus = add_numbered(desk, plan_id=add_plan(desk), trip_id=rafting, day=SATURDAY, at=time(9, 30))
    boat = add_plan(desk, boat_with_tables(), name="Katica", kind=PlanKind.BOAT)
    add_numbered(desk, plan_id=boat, trip_id=cruise, day=SATURDAY, at=time(19, 30), capacity=40)
    desk.add_departure(desk.trips["Blue Cave and Perast"], day=SATURDAY, capacity=12)
    desk.traveller("Henrik Söderberg")
    desk.services.holds.hold(desk.admin, bus, Party(2), key=uuid4(), labels=("1A", "1B"))
    sold = desk.services.holds.hold(desk.agent, bus, Party(2), key=uuid4(), labels=("2C", "2D"))
    desk.sell(sold, pay=CASH)


@pytest.fixture
def at(qtbot: QtBot, tmp_path: Path) -> Iterator[AtDesk]:
    with at_desk(qtbot, tmp_path, season) as at:
        yield at


def hold(at: AtDesk, words: str, adults: int = 2, children: int = 0) -> None:
    at.screen.filters.adults.set_value(adults)
    at.screen.filters.children_.set_value(children)
    at.hold(words)


def view(at: AtDesk) -> SeatsView:
    assert at.screen.seats.view.isVisible()
    return at.screen.seats.view


def section(at: AtDesk) -> PlanSection:
    found = view(at).section
    assert found is not None
    return found


def plan(at: AtDesk) -> SeatPlan:
    return section(at).plan


def go(at: AtDesk, label: str) -> None:
    """Move the cursor there by arrows."""
    for _ in range(40):
        here, there = plan(at).cell(plan(at).cursor_at).geometry(), plan(at).cell(label).geometry()
        if plan(at).cursor_at == label:
            return
        dx, dy = there.center().x() - here.center().x(), there.center().y() - here.center().y()
        if abs(dx) > abs(dy):
            at.key(K.Key_Right if dx > 0 else K.Key_Left)
        else:
            at.key(K.Key_Down if dy > 0 else K.Key_Up)
    raise AssertionError(f"no way to {label}, at {plan(at).cursor_at}")


def tones(at: AtDesk) -> dict[str, SeatTone]:
    layout = plan(at).layout_shown
    return {label: plan(at).cell(label).look.tone for label in layout.by_label}


def own(at: AtDesk, line: int = -1) -> tuple[str, ...]:
    return at.screen.session.lines[line].hold.labels


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
    assert at.screen.results.view.hasFocus()
    assert not at.screen.seats.view.isVisible()
    at.key(K.Key_S)
    assert plan(at).cell(own(at)[0]).hasFocus()
    at.key(K.Key_Slash)
    assert at.screen.filters.search.edit.hasFocus()


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
    assert not at.screen.seats.view.isVisible()
    at.key(K.Key_F2)
    hold(at, "dinner")
    assert at.screen.seats.view.isVisible()
    at.screen.basket.lines[0].head.setFocus()
    at.key(K.Key_Delete)
    assert not at.screen.seats.view.isVisible()
    assert at.screen.results.isVisible()


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
        assert not view(at).readout.button.isEnabled()


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
    assert plan(at).cell(plan(at).cursor_at).hasFocus()


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
    assert at.screen._basket_pane.isAncestorOf(at.focus())
    at.key(K.Key_F6)
    assert at.screen.seats.side.isAncestorOf(at.focus())
    at.key(K.Key_F6)
    assert view(at).isAncestorOf(at.focus())


# children


def test_a_child_who_sits_alone_is_told_in_amber_and_m_mends_it(at: AtDesk) -> None:
    hold(at, "tara", adults=1, children=1)
    assert not view(at).alone.isVisible()
    at.key(K.Key_2)
    go(at, "3D")
    at.key(K.Key_Return)
    note = view(at).alone
    assert note.isVisible()
    assert note.tone == "wait"
    assert note.accessibleName().startswith("Child 2 sits alone on the coach")
    assert note.button.words.startswith("Move child 2 to ")
    at.key(K.Key_M)
    assert not note.isVisible()
    assert note.button.words.endswith(own(at)[1])


# others meanwhile


def elsewhere(at: AtDesk, labels: tuple[str, ...]) -> UUID:
    """Somebody at another window holds seats of the minibus."""
    departure = at.screen.session.lines[0].hold.departure_id
    with may_block():
        taken = at.desk.services.holds.hold(
            at.desk.admin, departure, Party(len(labels)), key=uuid4(), labels=labels
        )
    at.quiet()
    return taken.id


def test_a_seat_that_another_takes_turns_held_and_free_again(at: AtDesk) -> None:
    hold(at, "tara")
    go(at, "3D")
    taken = elsewhere(at, ("3D",))
    at.qtbot.waitUntil(lambda: tones(at)["3D"] is SeatTone.HELD)
    at.quiet()
    assert plan(at).cursor_at == "3D", "the cursor stays where it was"
    assert view(at).readout.state.text() == "held"
    assert plan(at).cell("3D").accessibleName() == f"3D, window, held, {at.desk.admin.name}"
    with may_block():
        at.desk.services.holds.release(at.desk.admin, taken)
    at.qtbot.waitUntil(lambda: tones(at)["3D"] is SeatTone.FREE)


def test_who_comes_too_late_is_told_whose_seat_it_was_and_loses_nothing(at: AtDesk) -> None:
    hold(at, "tara")
    before = own(at)
    go(at, "3D")
    seating = at.screen.seats.seating
    view(at).blockSignals(True)
    at.screen.context.bridge.happened.disconnect(seating._heard)  # the news has not come yet
    elsewhere(at, ("3D",))
    assert tones(at)["3D"] is SeatTone.FREE
    at.key(K.Key_Return)
    assert own(at) == before
    assert "3D (the adult’s) was taken by somebody else" in view(at).refusal.accessibleName()
    assert tones(at)["3D"] is SeatTone.HELD


def test_seats_that_lapsed_and_went_to_others_are_told(at: AtDesk) -> None:
    hold(at, "tara")
    lost = own(at)
    at.pass_time(minutes=20)
    with may_block():
        at.desk.services.upkeep.expire_holds()
    at.quiet()
    elsewhere(at, lost)
    at.qtbot.waitUntil(lambda: tones(at)[lost[0]] is SeatTone.HELD)
    at.quiet()
    assert view(at).lost.isVisible()
    assert ", ".join(lost) in view(at).lost.accessibleName()
    assert "Was yours until the hold lapsed" in view(at).readout.words.text()
    assert not view(at).best.isEnabled()
    go(at, "3D")
    at.key(K.Key_Return)
    assert not view(at).readout.button.isEnabled()
    assert tones(at)["3D"] is SeatTone.FREE


# how it is read


def test_each_seat_is_a_cell_that_a_screen_reader_finds(at: AtDesk) -> None:
    hold(at, "tara")
    interface = QAccessible.queryAccessibleInterface(plan(at).cell("3C"))
    assert interface.text(QAccessible.Text.Name) == "3C, aisle, free"
    assert interface.role() == QAccessible.Role.Button
    assert interface.state().focusable
    whole = QAccessible.queryAccessibleInterface(plan(at))
    names = [whole.child(at_).text(QAccessible.Text.Name) for at_ in range(whole.childCount())]
    assert {seat.label for seat in plan(at).layout_shown.seats} <= {name.split(",")[0] for name in names}
    assert whole.text(QAccessible.Text.Name) == "Seats of Tara canyon rafting"


def test_the_cursor_is_painted_around_its_seat(at: AtDesk) -> None:
    hold(at, "tara")
    go(at, "3C")
    cell = plan(at).cell("3C").geometry()
    outside = cell.topLeft() + QPoint(cell.width() // 2, -3)
    with_cursor = plan(at).grab().toImage().pixelColor(outside)
    assert with_cursor == Theme.current().colour("focus")
    go(at, "3D")
    assert plan(at).grab().toImage().pixelColor(outside) != with_cursor


def with_decks(desk: Desk) -> None:
    season(desk)
    long = "Ganztägige Schiffsreise zu den Inseln mit Landgang, Mittagessen und Musik an Bord"
    boat = add_plan(desk, boat_with_decks(), name=f"{long}, zwei Decks", kind=PlanKind.DECKS)
    trip = desk.add_trip(long, adult=98_765_432_10)
    add_numbered(desk, plan_id=boat, trip_id=trip, day=SATURDAY, at=time(11, 0), capacity=44)


@pytest.mark.parametrize(
    ("size", "scale", "direction", "mode"),
    [
        ((1280, 720), 1.0, Qt.LayoutDirection.LeftToRight, Mode.LIGHT),
        ((1440, 900), 1.0, Qt.LayoutDirection.RightToLeft, Mode.DARK),
        ((1920, 1080), 1.0, Qt.LayoutDirection.LeftToRight, Mode.DARK),
        ((1920, 1080), 2.0, Qt.LayoutDirection.LeftToRight, Mode.LIGHT),
    ],
    ids=["small", "rtl", "large", "200 %"],
)
def test_nothing_on_the_map_is_cut_or_pale(
    qtbot: QtBot,
    tmp_path: Path,
    size: tuple[int, int],
    scale: float,
    direction: Qt.LayoutDirection,
    mode: Mode,
) -> None:
    with at_desk(qtbot, tmp_path, with_decks, size=size) as at:
        Theme.current().set_mode(mode)
        Theme.current().set_text_scale(scale)
        at.work.setLayoutDirection(direction)
        at.quiet()
        hold(at, "tara", adults=1, children=1)
        at.key(K.Key_2)
        go(at, "3D")
        at.key(K.Key_Return)
        QApplication.processEvents()
        assert faults(at.screen.seats.view) == []
        assert faults(at.screen.seats.side) == []
        at.key(K.Key_Escape)
        hold(at, "inseln", adults=9)
        at.key(K.Key_N)
        QApplication.processEvents()
        assert faults(at.screen.seats.view) == []
        assert faults(at.screen.seats.side) == []
