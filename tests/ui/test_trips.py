"""The screen of trips, driven by keys over real services."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from helpers.catalogue import MONDAYS, the_trip
from helpers.catalogue_screens import field, first, titles, trip, trips, undo, write
from helpers.pictures import jpeg, png
from helpers.workplace import Workplace
from travellr_desktop.domain.party import TravellerType
from travellr_desktop.ui.theme import Mode, Theme

Key = Qt.Key
ADULT = TravellerType.ADULT


@pytest.fixture
def place(place_of_admin: Workplace) -> Workplace:
    return place_of_admin


def test_a_trip_is_added_with_its_price_by_keys_and_its_toast_takes_it_back(place: Workplace) -> None:
    screen = trips(place)
    screen.lists.table.setFocus()
    place.ctrl(Key.Key_N)
    place.until(lambda: screen.panel.is_new and QApplication.focusWidget() is field(screen, "title").edit)
    place.type("Old town walk")
    write(place, field(screen, "place"), "Kotor")
    write(place, field(screen, "duration_min"), "1:30")
    vendor = screen.panel.texts.vendor
    assert vendor.words() == "Choose the vendor"
    place.ctrl(Key.Key_Return)
    place.until(lambda: vendor.error.startswith("Choose the vendor."))
    assert QApplication.focusWidget() is vendor.box
    place.key(Key.Key_Down)
    assert (vendor.words(), vendor.error) == ("Bokeška Plovidba", "")
    place.ctrl(Key.Key_Return)
    adult = screen.panel.prices.prices[ADULT]
    place.until(lambda: bool(adult.error))
    assert screen.panel.page == "prices"
    assert QApplication.focusWidget() is adult.edit
    place.type("20")
    place.ctrl(Key.Key_Return)
    place.until(lambda: titles(screen) == ["Blue Cave and Perast", "Old town walk"])
    place.until(lambda: screen.shown is not None and screen.shown.detail.draft.title == "Old town walk")
    assert screen.shown is not None
    assert screen.shown.detail.draft.prices == {ADULT: 2000}
    assert not screen.panel.is_new
    undo(place, screen)
    place.until(lambda: titles(screen) == ["Blue Cave and Perast"])


def test_texts_and_prices_are_changed_and_undone(place: Workplace) -> None:
    screen = trips(place)
    first(place, screen)
    place.key(Key.Key_Return)
    assert QApplication.focusWidget() is field(screen, "title").edit
    place.ctrl(Key.Key_A)
    place.type("Blue Cave at dawn")
    screen.panel.turn_to("prices")
    write(place, screen.panel.prices.prices[ADULT], "51.50")
    place.ctrl(Key.Key_Return)
    place.until(lambda: titles(screen) == ["Blue Cave at dawn"])
    assert trip(place).draft.prices[ADULT] == 5150
    place.until(lambda: not screen.panel.dirty)
    undo(place, screen)
    place.until(lambda: titles(screen) == ["Blue Cave and Perast"])
    assert trip(place).draft.prices[ADULT] == 4500


def test_a_season_is_added_and_one_that_overlaps_is_marked(place: Workplace) -> None:
    screen = trips(place)
    first(place, screen)
    screen.panel.turn_to("prices")
    page = screen.panel.prices
    for name, begins, ends, price in (
        ("High", "1.7.2026", "31.8.2026", "60"),
        ("Late", "31.8.2026", "15.9.2026", "50"),
    ):
        card = page.add_season()
        card.name.edit.setFocus()
        place.type(name)
        for part, text in ((card.first, begins), (card.last, ends), (card.prices[ADULT], price)):
            write(place, part, text)
    place.ctrl(Key.Key_Return)
    place.until(lambda: bool(page.seasons[1].name.error))
    assert "31 Aug 2026" in page.seasons[1].name.error
    seen = screen.panel.scroll_area.viewport()
    wrong = page.seasons[1].name
    place.until(lambda: seen.rect().contains(wrong.mapTo(seen, wrong.rect().bottomLeft())))
    write(place, page.seasons[1].first, "1.9.2026")
    place.ctrl(Key.Key_Return)
    place.until(lambda: not screen.panel.dirty and screen.shown is not None)
    seasons = trip(place).draft.seasons
    assert [(each.name, each.first_day, each.prices) for each in seasons] == [
        ("High", date(2026, 7, 1), {ADULT: 6000}),
        ("Late", date(2026, 9, 1), {ADULT: 5000}),
    ]
    place.until(lambda: len(page.seasons) == 2)
    page.drop(page.seasons[0])
    place.ctrl(Key.Key_Return)
    place.until(lambda: not screen.panel.dirty)
    place.quiet()
    assert [each.name for each in trip(place).draft.seasons] == ["Late"]


def test_a_policy_of_its_own_begins_as_the_one_before(place: Workplace) -> None:
    screen = trips(place)
    first(place, screen)
    screen.panel.turn_to("terms")
    page = screen.panel.terms
    page.policy.set_value("strict")
    page.policy.set_value("own")
    assert [step.before.text() for step in page.steps] == ["7", "3", ""]
    write(place, field(screen, "policy_name"), "Boat rule")
    write(place, page.steps[1].figure, "25")
    place.ctrl(Key.Key_Return)
    place.until(lambda: not screen.panel.dirty and screen.shown is not None)
    place.quiet()
    policy = trip(place).draft.policy
    assert (policy.code, policy.name) == ("own", "Boat rule")
    assert [tier.before.days for tier in policy.tiers] == [7, 3, 0]
    assert page.policy.value() == "own"
    write(place, page.steps[0].before, "2")
    place.ctrl(Key.Key_Return)
    place.until(lambda: bool(page.steps[0].before.error))


def test_the_form_is_as_wide_by_night(place: Workplace) -> None:
    screen = trips(place)
    first(place, screen)
    wide = screen.panel.width()
    Theme.current().set_mode(Mode.DARK)
    place.quiet()
    dark = screen.panel.width()
    Theme.current().set_mode(Mode.LIGHT)
    place.quiet()
    assert (dark, screen.panel.width()) == (wide, wide)


def test_pictures_are_added_named_moved_and_removed(place: Workplace, tmp_path: Path) -> None:
    screen = trips(place)
    first(place, screen)
    box = screen.panel.pictures

    def has(count: int) -> bool:
        return len(box.rows) == count

    for name, data in (("cave.png", png(30, 20)), ("boat.jpg", jpeg())):
        (tmp_path / name).write_bytes(data)
        count = len(box.rows)
        screen.add_picture(tmp_path / name)
        place.until(partial(has, count + 1))
        place.quiet()
    box.rows[1].caption.edit.setFocus()
    place.type("The boat")
    place.key(Key.Key_Tab)

    def kept() -> list[tuple[str, str]]:
        pictures = place.desk.services.pictures
        found = place.off(lambda: pictures.of_trip(place.desk.admin, the_trip(place.desk)))
        return [(each.media_type, each.caption) for each in found]

    place.until(lambda: kept()[1] == ("image/jpeg", "The boat"))
    place.quiet()
    box.rows[1].movers[-1].setFocus()
    place.key(Key.Key_Space)
    place.until(lambda: kept()[0] == ("image/jpeg", "The boat"))
    place.until(lambda: QApplication.focusWidget() is box.rows[0].movers[1])
    box.remove_asked.emit(box.rows[0].id)
    place.until(lambda: len(box.rows) == 1)
    assert not screen.panel.dirty
    (tmp_path / "note.png").write_bytes(b"no picture")
    place.quiet()
    screen.add_picture(tmp_path / "note.png")
    place.until(screen.panel.note.isVisible)
    assert len(kept()) == 1


def test_the_departures_of_a_trip_open_their_dialogs(place: Workplace) -> None:
    place.off(place.desk.add_departure)
    screen = trips(place)
    first(place, screen)
    screen.panel.turn_to("departures")
    for button in (screen.panel.departures.add_series, screen.panel.departures.add_departure):
        button.setFocus()
        place.key(Key.Key_Space)
        place.until(lambda: QApplication.activeModalWidget() is not None)
        place.quiet()
        place.qtbot.keyClick(QApplication.activeModalWidget(), Key.Key_Escape)
        place.come_back()


def test_a_series_made_elsewhere_stands_in_the_form_at_once(place: Workplace) -> None:
    screen = trips(place)
    first(place, screen)
    screen.panel.turn_to("departures")
    assert screen.shown is not None and screen.shown.series == ()
    timetable, admin = place.desk.services.timetable, place.desk.admin
    made = place.off(lambda: timetable.add_series(admin, the_trip(place.desk), MONDAYS)).made
    place.until(lambda: screen.shown is not None and len(screen.shown.series) == 1)
    place.until(lambda: screen.shown is not None and screen.shown.total == len(made))
