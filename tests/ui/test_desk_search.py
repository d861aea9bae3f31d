"""Finding a departure at the desk: words, days, party, filters, and what is shown of what was found."""

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
from helpers.gui_thread import may_block, off_gui
from travellr_desktop.domain.party import Party
from travellr_desktop.ui.parts.calendar import CLOSED

THURSDAY = date(2026, 6, 18)
SATURDAY = date(2026, 6, 20)
K = Qt.Key


def season(desk: Desk) -> None:
    """Saturday: two boats, a full walk in the morning and one with room later, a hike in Lisbon. Sunday: a boat."""
    blue = desk.trips["Blue Cave and Perast"]
    walk = desk.add_trip("Old Town food walk", adult=4200, child=2000, meeting_point="Sea Gate")
    lisbon = desk.add_trip(
        "Alfama on foot", adult=3000, zone="Europe/Lisbon", place="Lisbon", policy="strict"
    )
    desk.add_departure(blue, day=SATURDAY, capacity=12)
    desk.add_departure(blue, day=SATURDAY + timedelta(days=1), capacity=12)
    full = desk.add_departure(walk, day=SATURDAY, at=time(10, 0), capacity=4)
    desk.add_departure(walk, day=SATURDAY, at=time(16, 30), capacity=14)
    desk.add_departure(lisbon, day=SATURDAY, at=time(18, 0), capacity=8)
    desk.sold(full, adult=4, pay=CASH)


@pytest.fixture
def at(qtbot: QtBot, tmp_path: Path) -> Iterator[AtDesk]:
    with at_desk(qtbot, tmp_path, season) as at:
        yield at


def titles(at: AtDesk) -> list[str]:
    model = at.screen.results.model
    return [row.title for at_row in range(model.rowCount()) if (row := model.row(at_row)) is not None]


def cell(at: AtDesk, row: int, column: str) -> str:
    model = at.screen.results.model
    found = model.row(row)
    assert found is not None
    return next(each for each in model.columns if each.key == column).says(found)


def test_the_desk_opens_on_the_next_day_that_has_something_to_sell(at: AtDesk) -> None:
    assert at.screen.filters.calendar.today == THURSDAY
    assert at.screen.filters.calendar.chosen == SATURDAY
    assert titles(at) == [
        "Blue Cave and Perast",
        "Old Town food walk",
        "Old Town food walk",
        "Alfama on foot",
    ]
    row = at.screen.results.current()
    assert row is not None
    assert row.title == "Blue Cave and Perast"
    assert at.focus() is at.screen.filters.search.edit


def test_typing_finds_and_clearing_brings_all_back(at: AtDesk) -> None:
    at.search("food wlk"[:4])
    assert titles(at) == ["Old Town food walk", "Old Town food walk"]
    at.key(K.Key_Escape)
    assert len(titles(at)) == 4


def test_slash_pressed_once_more_is_not_typed(at: AtDesk) -> None:
    at.key(K.Key_Slash)
    at.key(K.Key_Slash)
    assert at.screen.filters.search.text() == ""


def test_a_full_departure_says_so_and_names_one_with_room(at: AtDesk) -> None:
    assert "Full" in cell(at, 1, "seats")
    assert cell(at, 1, "trip") == "Old Town food walk, Try 16:30, 14 free"


def test_a_departure_elsewhere_is_told_on_its_own_clock(at: AtDesk) -> None:
    assert cell(at, 3, "time") == "18:00, 3 h · Lisbon"
    at.search("alfama")
    assert at.screen.offer.offer is not None
    assert "Sat 20 Jun, 18:00 to 21:00 (Lisbon time)" in at.screen.offer._when.text()


def ways(at: AtDesk) -> list[tuple[str, str]]:
    """The ways out of an empty list."""
    return [(button.words, button.amount) for button in at.screen.results.none_fit.buttons]


def test_an_empty_day_leads_to_the_next_one(at: AtDesk) -> None:
    calendar = at.screen.filters.calendar
    calendar.focus_day()
    at.key(K.Key_Left)
    at.key(K.Key_Return)
    assert calendar.chosen == SATURDAY - timedelta(days=1)
    assert titles(at) == []
    none_fit = at.screen.results.none_fit
    assert none_fit.accessibleName() == "No departures on Friday 19 June"
    assert ways(at) == [("Go to Sat 20 Jun", "34 free"), ("Go to Sun 21 Jun", "12 free")]
    none_fit.buttons[0].setFocus()
    at.key(K.Key_Space)
    assert calendar.chosen == SATURDAY
    at.until(lambda: at.focus() is at.screen.results.view)


def test_a_search_that_fits_no_day_says_what_hides_the_rest(at: AtDesk) -> None:
    at.search("submarine")
    assert at.screen.results.none_fit.accessibleName() == (
        "No departures fit on Saturday 20 June "
        "The day has 4 departures besides. Nothing that fits is sold in the three months after it."
    )
    assert ways(at) == [("Without “submarine”", "4 departures")]
    at.key(K.Key_Down)
    at.until(lambda: at.focus() is at.screen.results.none_fit.buttons[0])
    at.key(K.Key_Return)
    assert len(titles(at)) == 4
    at.until(lambda: at.focus() is at.screen.results.view)


def test_each_of_several_filters_that_hide_everything_can_be_taken_away_alone(at: AtDesk) -> None:
    more = at.screen.filters.more
    at.search("walk")
    more.price.edit.setFocus()
    at.type("1")
    more.time._buttons["evening"].click()
    at.quiet()
    assert titles(at) == []
    assert ways(at) == [("Clear all filters", "4 departures")]
    more.price.set_text("500")
    more._price_edited("500")
    at.quiet()
    found = dict(ways(at))
    assert found["Clear all filters"] == "4 departures"
    assert found["At any time of day"] == "2 departures"
    assert "At any price" not in found
    button = next(each for each in at.screen.results.none_fit.buttons if each.words == "At any time of day")
    button.click()
    at.quiet()
    assert len(titles(at)) == 2
    assert (more.time.value(), at.screen.filters.search.text(), more.price.text()) == ("any", "walk", "500")


def test_escape_clears_filters_that_hide_everything(at: AtDesk) -> None:
    at.search("submarine")
    assert titles(at) == []
    at.screen.basket.button.setFocus()
    at.screen.filters.calendar.focus_day()
    at.key(K.Key_Escape)
    assert len(titles(at)) == 4
    assert at.screen.filters.search.text() == ""


def test_the_calendar_counts_what_the_filters_leave(at: AtDesk) -> None:
    days = at.screen.filters.calendar._days
    assert {day: days[day].free for day in days} == {
        SATURDAY: 12 + 0 + 14 + 8,
        SATURDAY + timedelta(days=1): 12,
    }
    at.search("walk")
    assert {day: count.free for day, count in at.screen.filters.calendar._days.items()} == {SATURDAY: 14}


def closing(desk: Desk) -> None:
    """Today: a walk that is not sold any more, and a boat that is. It is 10:42."""
    walk = desk.add_trip("Old Town food walk")
    desk.add_departure(walk, day=THURSDAY, at=time(11, 0), capacity=20, cutoff=timedelta(minutes=30))
    desk.add_departure(day=THURSDAY, at=time(12, 0), capacity=12)


def test_a_day_on_which_nothing_found_is_sold_any_more_is_not_called_full(
    qtbot: QtBot, tmp_path: Path
) -> None:
    with at_desk(qtbot, tmp_path, closing) as at:
        calendar = at.screen.filters.calendar
        cell = calendar.cell(THURSDAY)
        assert cell is not None
        assert cell.second == "12"
        at.search("walk")
        assert cell.second == CLOSED
        assert "not sold any more" in cell.accessibleName()


def test_time_place_price_and_seats_narrow_the_list(at: AtDesk) -> None:
    more = at.screen.filters.more
    more.time.set_value("evening")
    more.changed.emit()
    at.quiet()
    assert titles(at) == ["Alfama on foot"]
    more.clear()
    more.place.setCurrentText("Kotor")
    at.quiet()
    assert titles(at) == ["Blue Cave and Perast", "Old Town food walk", "Old Town food walk"]
    more.place.setCurrentIndex(0)
    more.price.setFocus()
    at.type("42")
    assert titles(at) == ["Old Town food walk", "Old Town food walk", "Alfama on foot"]
    at.screen.filters.adults.set_value(9)
    more.together.setFocus()
    at.key(K.Key_Space)
    assert titles(at) == ["Old Town food walk"]
    assert more.value().set_count == 2


@pytest.mark.parametrize("typed", ["-5", "many", "1.2.3", "9" * 30])
def test_a_price_that_is_none_is_told_beside_its_field_and_hides_nothing(at: AtDesk, typed: str) -> None:
    price = at.screen.filters.more.price
    price.setFocus()
    at.type(typed)
    assert price.error
    assert at.screen.filters.more.value().max_price is None
    assert len(titles(at)) == 4


def test_the_party_is_priced_in_the_offer(at: AtDesk) -> None:
    at.screen.filters.adults.set_value(2)
    at.screen.filters.children_.set_value(1)
    at.quiet()
    assert at.screen.offer.total.text() == "€117.00"
    assert at.screen.offer.button.words == "Hold 3 seats"


def test_a_party_too_large_is_not_held_and_told_why(at: AtDesk) -> None:
    at.screen.filters.adults.set_value(13)
    at.quiet()
    full = at.screen.offer.full
    at.until(lambda: not at.screen.offer.button.isVisible())
    assert full._why.text().startswith("Only 12 seats are free.")
    at.screen.results.view.setFocus()
    at.key(K.Key_Return)
    at.until(
        lambda: at.focus() is full.wait or at.focus() in full.instead.near.rows + full.instead.similar.rows
    )
    assert at.screen.basket.lines == ()


def test_what_is_not_sold_any_more_leads_to_its_other_dates_in_a_low_window_too(
    qtbot: QtBot, tmp_path: Path
) -> None:
    with at_desk(qtbot, tmp_path, closing, size=(1280, 720)) as at:
        with may_block():
            later = at.desk.add_departure(at.desk.trips["Old Town food walk"], day=SATURDAY)
        at.search("walk")
        at.key(K.Key_Return)
        at.key(K.Key_Return)
        at.until(lambda: at.focus() is at.screen.offer.others.buttons[0])
        at.key(K.Key_Return)
        row = at.screen.results.current()
        assert row is not None
        assert row.id == later
        at.until(lambda: at.focus() is at.screen.results.view)
        at.until(lambda: not at.screen.offer.others.isVisible())


def test_enter_on_a_number_goes_to_the_list_and_a_letter_stays_a_key(at: AtDesk) -> None:
    at.screen.filters.adults.setFocus()
    at.key(K.Key_Up)
    at.key(K.Key_Return)
    at.until(lambda: at.focus() is at.screen.results.view)
    assert at.screen.filters.party().adult == 2
    at.screen.filters.infants.setFocus()
    at.key(K.Key_Slash)
    at.until(lambda: at.focus() is at.screen.filters.search.edit)


def test_another_date_is_a_key_away(at: AtDesk) -> None:
    others = at.screen.offer.others
    assert [button.words.split()[-1] for button in others.buttons] == ["12"]
    others.buttons[0].setFocus()
    at.key(K.Key_Space)
    assert at.screen.filters.calendar.chosen == SATURDAY + timedelta(days=1)
    row = at.screen.results.current()
    assert row is not None
    assert row.title == "Blue Cave and Perast"


def test_seats_taken_elsewhere_show_without_moving_the_cursor(at: AtDesk) -> None:
    results = at.screen.results
    results.view.setFocus()
    at.key(K.Key_Down)
    at.key(K.Key_Down)
    before = results.current()
    assert before is not None
    services, admin = at.desk.services, at.desk.admin
    off_gui(lambda: services.holds.hold(admin, before.id, Party(5), key=uuid4()))
    at.qtbot.waitUntil(lambda: (row := results.current()) is not None and row.free == 9)
    at.quiet()
    after = results.current()
    assert after is not None
    assert after.id == before.id
    assert at.screen.offer._facts["free"].text() == "9 of 14"


def test_seats_gone_meanwhile_are_told_beside_the_button_and_the_list_is_read_again(at: AtDesk) -> None:
    results = at.screen.results
    row = results.current()
    assert row is not None
    # another program on the same file: this window hears nothing of it
    at.screen.context.bridge.close()
    with may_block():
        at.desk.services.holds.hold(at.desk.admin, row.id, Party(12), key=uuid4())
    results.view.setFocus()
    at.key(K.Key_Return)
    at.until(at.screen.offer.note.isVisible)
    assert at.screen.offer.note.tone == "bad"
    after = results.current()
    assert after is not None
    assert (after.id, after.free) == (row.id, 0)
    assert at.screen.basket.lines == ()


def test_sorting_by_price_keeps_the_departure_under_the_cursor(at: AtDesk) -> None:
    results = at.screen.results
    results.view.setFocus()
    at.key(K.Key_End)
    results.view.sort_asked.emit("adult", False)
    at.quiet()
    assert titles(at)[0] == "Alfama on foot"
    row = results.current()
    assert row is not None
    assert row.title == "Alfama on foot"
    assert results.view.currentIndex().row() == 0
