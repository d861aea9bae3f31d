"""The basket: holds and their time, who buys, names of those who travel, and what keeps it from being paid."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time
from pathlib import Path
from uuid import uuid4

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from helpers.desk import Desk
from helpers.desk_window import CTRL, AtDesk, at_desk
from helpers.gui_thread import may_block
from travellr_desktop.domain.party import Party
from travellr_desktop.domain.states import HoldState
from travellr_desktop.errors import DiskFull, RequestInProgress, SeatsGone
from travellr_desktop.ui.desk.draft import Attempt, Line
from travellr_desktop.ui.desk.payment_states import PaidPage

SATURDAY = date(2026, 6, 20)
K = Qt.Key


def season(desk: Desk) -> None:
    blue = desk.trips["Blue Cave and Perast"]
    kayak = desk.add_trip("Perast islands kayak", adult=3800)
    belgrade = desk.add_trip("Danube by boat", adult=250000, currency="RSD", zone="Europe/Belgrade")
    desk.add_departure(blue, day=SATURDAY, capacity=12)
    desk.add_departure(kayak, day=SATURDAY, at=time(9, 0), capacity=10)
    desk.add_departure(belgrade, day=SATURDAY, at=time(11, 0), capacity=10)
    desk.traveller("Henrik Söderberg", phone="+46 70 555 01 82", email="henrik.s@example.org")


@pytest.fixture
def at(qtbot: QtBot, tmp_path: Path) -> Iterator[AtDesk]:
    with at_desk(qtbot, tmp_path, season) as at:
        yield at


def lines(at: AtDesk) -> list[Line]:
    return [row.line for row in at.screen.basket.lines]


def held(at: AtDesk) -> list[HoldState]:
    """The states of all holds, from the file."""
    with may_block(), at.desk.database.read() as view:
        ids = [line.hold.id for line in lines(at)]
        return [view.holds.get(each).state for each in ids]


# holds


def test_a_held_line_shows_its_time_and_its_price_by_traveller_type(at: AtDesk) -> None:
    at.screen.filters.adults.set_value(2)
    at.screen.filters.children_.set_value(1)
    at.hold("blue cave")
    line = at.screen.basket.lines[0]
    assert line.head.hold_ring.accessibleName() == "15:00 left on the hold"
    assert line.head.amount.text() == "€117.00"
    assert [(kind.value, count, money.minor) for kind, count, money in at.screen.session.by_type()] == [
        ("adult", 2, 9000),
        ("child", 1, 2700),
    ]
    tax = at.screen.session.tax()
    assert tax is not None
    assert tax.minor == 2031  # 21 % contained in 117.00
    assert at.screen.basket.strip._words.text() == "3 seats held"


def test_extending_begins_the_time_of_every_hold_anew(at: AtDesk) -> None:
    at.hold("blue cave")
    at.pass_time(minutes=5)
    at.hold("kayak")
    at.pass_time(minutes=4)
    at.screen.basket.strip.button.setFocus()
    at.key(K.Key_Space)
    now = at.clock.now()
    assert [line.seconds(now) for line in lines(at)] == [900, 900]


def test_delete_on_a_line_gives_its_seats_back_and_undo_holds_them_again(at: AtDesk) -> None:
    at.hold("blue cave")
    first = lines(at)[0].hold.id
    at.screen.basket.lines[0].head.setFocus()
    at.key(K.Key_Delete)
    assert lines(at) == []
    with may_block(), at.desk.database.read() as view:
        assert view.holds.get(first).state is HoldState.RELEASED
    at.key(K.Key_Z, CTRL)
    assert [line.ended for line in lines(at)] == [False]
    assert lines(at)[0].hold.id != first
    assert held(at) == [HoldState.ACTIVE]


def test_a_hold_that_lapses_says_so_and_can_be_held_again(at: AtDesk) -> None:
    at.hold("blue cave")
    at.buyer()
    at.pass_time(minutes=15, seconds=1)
    at.qtbot.waitUntil(lambda: not at.screen.basket.button.isEnabled())
    line = at.screen.basket.lines[0]
    assert line.head.hold_ring.accessibleName() == "Lapsed"
    assert "lapsed" in at.screen.basket._why.text()
    line.again_button.setFocus()
    at.key(K.Key_Space)
    assert at.screen.basket.lines[0].line.seconds(at.clock.now()) == 900
    at.ctrl_enter()
    assert isinstance(at.page, PaidPage)


def test_seats_of_a_lapsed_line_that_are_gone_are_told_on_the_line(at: AtDesk) -> None:
    at.hold("blue cave")
    departure = at.screen.basket.lines[0].line.hold.departure_id
    at.pass_time(minutes=16)
    at.qtbot.waitUntil(lambda: hasattr(at.screen.basket.lines[0], "again_button"))
    with may_block():
        at.desk.services.upkeep.expire_holds()
        at.desk.services.holds.hold(at.desk.admin, departure, Party(12), key=uuid4())
    at.quiet()
    at.screen.basket.lines[0].again_button.setFocus()
    at.key(K.Key_Space)
    refusal = at.screen.basket.lines[0].line.refusal
    assert isinstance(refusal, SeatsGone)


def with_a_hold(desk: Desk) -> None:
    season(desk)
    with desk.database.read() as view:
        departure = view.departures.find_all(1, 10)[0][0]
    desk.services.holds.hold(desk.agent, departure.id, Party(2, 1), key=uuid4())


def test_what_a_person_held_before_is_in_the_basket_when_they_come_back(qtbot: QtBot, tmp_path: Path) -> None:
    with at_desk(qtbot, tmp_path, with_a_hold) as at:
        assert [line.hold.seats for line in lines(at)] == [3]


def test_two_currencies_are_refused_in_words_and_one_of_them_can_be_sold(at: AtDesk) -> None:
    at.hold("blue cave")
    at.hold("danube")
    at.buyer()
    basket = at.screen.basket
    at.until(lambda: not basket.button.isEnabled())
    at.until(basket._currencies.isVisible)
    assert "EUR and RSD" in basket._currencies.accessibleName()
    basket.lines[1].head.setFocus()
    at.key(K.Key_Delete)
    at.until(lambda: not basket._currencies.isVisible())
    at.ctrl_enter()
    assert at.page.outcome.total.currency == "EUR"


def test_f2_gives_the_seats_of_a_draft_back_and_undo_takes_them_again(at: AtDesk) -> None:
    at.hold("blue cave")
    at.hold("kayak")
    at.buyer()
    at.key(K.Key_F2)
    assert lines(at) == []
    assert at.screen.session.traveller is None
    rows = at.screen.results.rows
    assert [row.yours for row in rows if row.title == "Perast islands kayak"] == [0]
    at.key(K.Key_Down)  # in a field Ctrl+Z is the field's own
    at.key(K.Key_Z, CTRL)
    assert len(at.screen.basket.lines) == 2
    assert at.screen.session.traveller is not None
    assert held(at) == [HoldState.ACTIVE, HoldState.ACTIVE]


def test_an_empty_basket_says_what_comes_first(at: AtDesk) -> None:
    assert not at.screen.basket.button.isEnabled()
    assert at.screen.basket._why.text() == "Hold seats first."
    at.ctrl_enter()
    assert at.screen.session.outcome is None
    at.hold("blue cave")
    assert at.screen.basket._why.text() == "Choose the traveller first."


def test_no_seats_are_added_while_a_sale_is_not_finished(at: AtDesk) -> None:
    at.hold("blue cave")
    at.buyer()
    at.card("Declined: expired")
    at.ctrl_enter()
    at.hold("kayak")
    at.until(at.screen.outcome.isVisible)
    at.until(at.screen.offer.note.isVisible)
    assert "is not finished" in at.screen.offer.note.accessibleName()
    assert [row.yours for row in at.screen.results.rows] == [0]


def test_the_next_traveller_comes_with_the_first_seats_after_a_paid_sale(at: AtDesk) -> None:
    at.hold("blue cave")
    at.buyer()
    at.ctrl_enter()
    at.hold("kayak")
    at.until(at.screen.basket.isVisible)
    assert [line.hold.title for line in lines(at)] == ["Perast islands kayak"]
    assert at.screen.session.traveller is None


def test_a_declined_sale_that_was_left_can_be_come_back_to(at: AtDesk) -> None:
    at.hold("blue cave")
    at.buyer()
    at.card("Declined: expired")
    at.ctrl_enter()
    reference = at.page.outcome.reference
    at.key(K.Key_F2)
    at.until(at.screen.basket.isVisible)
    assert lines(at) == []
    at.key(K.Key_Down)
    at.key(K.Key_Z, CTRL)
    assert at.page.outcome.reference == reference
    at.ctrl_enter()
    assert isinstance(at.page, PaidPage)


# the traveller


@pytest.mark.parametrize("typed", ["soderberg", "+46 70", "henrik.s@", "HENRIK"])
def test_a_traveller_is_found_by_name_phone_or_email(at: AtDesk, typed: str) -> None:
    at.buyer(typed)
    assert at.screen.session.traveller is not None
    assert at.screen.session.traveller.name == "Henrik Söderberg"


def test_a_new_traveller_is_added_from_what_was_typed(at: AtDesk) -> None:
    at.key(K.Key_F4)
    at.type("Lea Marković")
    at.key(K.Key_Return)
    new = at.screen.basket.traveller.new
    assert new.fields["name"].text() == "Lea Marković"
    at.type("067 555 300")
    at.key(K.Key_Return)
    assert at.screen.session.traveller is not None
    assert at.screen.session.traveller.phone == "067 555 300"


@pytest.mark.parametrize(
    ("name", "email", "field"),
    [("", "", "name"), ("  ", "", "name"), ("A" * 300, "", "name"), ("Lea", "lea@nowhere", "email")],
)
def test_what_is_wrong_with_a_new_traveller_stands_beside_its_field(
    at: AtDesk, name: str, email: str, field: str
) -> None:
    at.key(K.Key_F4)
    at.key(K.Key_Return)
    new = at.screen.basket.traveller.new
    at.until(new.isVisible)
    new.fields["name"].set_text(name)
    new.fields["email"].set_text(email)
    new.fields["phone"].setFocus()
    at.key(K.Key_Return)
    assert new.fields[field].error
    assert new.fields["name"].text() == name
    assert new.fields[field].edit.hasFocus()
    assert at.screen.session.traveller is None


def test_escape_leaves_the_new_traveller_then_the_search(at: AtDesk) -> None:
    at.buyer()
    at.key(K.Key_F4)
    box = at.screen.basket.traveller
    at.until(box.finder.isVisible)
    at.key(K.Key_Escape)
    at.until(box.shown.isVisible)


def test_enter_never_takes_a_match_of_what_was_typed_before(at: AtDesk) -> None:
    at.key(K.Key_F4)
    at.type("henrik")
    at.qtbot.keyClicks(at.focus(), "a")
    at.qtbot.keyClick(at.focus(), K.Key_Return)
    at.quiet()
    assert at.screen.session.traveller is None
    assert at.screen.basket.traveller.new.fields["name"].text() == "henrika"


# names of those who travel


def test_names_go_onto_the_booking_and_others_by_the_buyers_name(at: AtDesk) -> None:
    at.screen.filters.adults.set_value(2)
    at.quiet()
    at.hold("blue cave")
    at.buyer()
    line = at.screen.basket.lines[0]
    line.head.setFocus()
    at.key(K.Key_Return)
    at.until(line.names[0].edit.hasFocus)
    at.type("محمد العربي 🙂")
    at.ctrl_enter()
    booking = at.page.outcome.bookings[0].id
    with may_block(), at.desk.database.read() as view:
        found = view.bookings.find_full(booking)
        assert found is not None
        names = [each.name for each in found.lines]
    assert names == ["محمد العربي 🙂", "Henrik Söderberg (adult 2)"]


def test_a_name_that_cannot_stand_is_told_beside_it_and_nothing_is_sold(at: AtDesk) -> None:
    at.hold("blue cave")
    at.buyer()
    line = at.screen.basket.lines[0]
    line.open_details(True)
    line.names[0].setFocus()
    at.type("x" * 300)
    line.open_details(False)
    at.ctrl_enter()
    assert line.names[0].error
    at.until(line.names[0].isVisible)
    at.until(line.names[0].edit.hasFocus)
    assert at.screen.session.outcome is None
    assert held(at) == [HoldState.ACTIVE]


# keys of commands


def test_a_form_keeps_its_key_until_it_is_answered() -> None:
    attempt = Attempt()
    key = attempt.key_for("two seats")
    assert attempt.key_for("two seats") == key
    for unfinished in (RequestInProgress("still running"), DiskFull("The disk is full.")):
        attempt.answered(unfinished)
        assert attempt.key_for("two seats") == key
    assert attempt.key_for("three seats") != key
    again = attempt.key_for("three seats")
    attempt.answered(SeatsGone("gone"))
    assert attempt.key_for("three seats") != again


def test_a_form_sent_again_after_an_error_of_ours_sells_once(
    at: AtDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    sales = at.desk.services.sales
    real, broken = sales.sell, [True]

    def sell(*args: object, **more: object) -> object:
        outcome = real(*args, **more)  # type: ignore[arg-type]
        if broken.pop():
            broken.append(False)
            raise RuntimeError("the answer was lost in the program itself")
        broken.append(False)
        return outcome

    monkeypatch.setattr(sales, "sell", sell)
    at.hold("blue cave")
    at.buyer()
    at.ctrl_enter()
    assert at.screen.session.outcome is None
    at.screen.basket.button.click()
    at.quiet()
    assert isinstance(at.page, PaidPage)
    with may_block(), at.desk.sandbox() as sandbox:
        assert sandbox.counts().succeeded == 1
    with may_block(), at.desk.database.read() as view:
        assert view.bookings.find_all(1, 10)[1] == 1
