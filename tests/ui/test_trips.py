"""The screens of trips and vendors, driven by keys over real services."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from helpers.catalogue import draft, the_trip
from helpers.desk import CASH, Desk
from helpers.pictures import jpeg, png
from helpers.workplace import Workplace, work_at
from travellr_desktop.domain.party import TravellerType
from travellr_desktop.services.trips import TripDetail, TripDraft
from travellr_desktop.services.vendors import VendorDraft
from travellr_desktop.ui.catalogue.screen import CatalogueScreen
from travellr_desktop.ui.parts.dialog import Decision
from travellr_desktop.ui.parts.field import Field
from travellr_desktop.ui.theme import Mode, Theme
from travellr_desktop.ui.trips.screen import TripsScreen
from travellr_desktop.ui.vendors.screen import VendorsScreen

Key = Qt.Key
ADULT = TravellerType.ADULT


@pytest.fixture
def place(place_of_admin: Workplace) -> Workplace:
    return place_of_admin


def trips(place: Workplace) -> TripsScreen:
    screen = place.work.go("trips")
    assert isinstance(screen, TripsScreen)
    place.until(lambda: screen.lists.model.totals is not None)
    place.quiet()
    return screen


def vendors(place: Workplace) -> VendorsScreen:
    screen = place.work.go("vendors")
    assert isinstance(screen, VendorsScreen)
    place.until(lambda: screen.lists.model.totals is not None)
    place.quiet()
    return screen


def first(place: Workplace, screen: CatalogueScreen) -> None:
    """The first row, with its form filled."""
    screen.lists.table.setFocus()
    place.key(Key.Key_Home)
    place.until(lambda: screen.shown is not None)
    place.quiet()


def titles(screen: CatalogueScreen) -> list[str]:
    model = screen.lists.model
    rows = [model.row(at) for at in range(model.rowCount())]
    return [getattr(row, "title", None) or row.name for row in rows if row is not None]


def undo(place: Workplace, screen: CatalogueScreen) -> None:
    """In a field Ctrl+Z takes back what is typed: Esc goes to the list first."""
    place.key(Key.Key_Escape)
    place.until(screen.lists.table.hasFocus)
    place.ctrl(Key.Key_Z)


def tab_to(place: Workplace, field: Field) -> None:
    seen = []
    for _ in range(60):
        focus = QApplication.focusWidget()
        if focus is field.edit:
            return
        seen.append(f"{type(focus).__name__} {focus.accessibleName() if focus else ''}")
        place.key(Key.Key_Tab)
    raise AssertionError(f"Tab never gets there, it goes to {seen}")


def write(place: Workplace, field: Field, text: str) -> None:
    """Tab to a field, and type in place of what it says."""
    tab_to(place, field)
    place.ctrl(Key.Key_A)
    place.type(text)


def trip(place: Workplace) -> TripDetail:
    return place.off(lambda: place.desk.services.trips.detail(place.desk.admin, the_trip(place.desk)))


def changed(place: Workplace, **more: Any) -> TripDraft:
    return place.off(lambda: draft(place.desk, **more))


def field(screen: CatalogueScreen, name: str) -> Field:
    part = next(page.form.parts[name] for page in screen.panel.pages if name in page.form.parts)
    assert isinstance(part, Field)
    return part


# trips


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


def test_what_was_typed_is_not_lost_when_another_trip_is_looked_at(place: Workplace) -> None:
    place.off(lambda: place.desk.add_trip("Old town walk"))
    screen = trips(place)
    first(place, screen)
    place.key(Key.Key_Return)
    place.ctrl(Key.Key_A)
    place.type("Half written")
    place.key(Key.Key_Escape)
    assert screen.lists.table.hasFocus()
    place.key(Key.Key_Down)
    place.until(screen.panel.note.isVisible)
    assert field(screen, "title").text() == "Half written"
    assert QApplication.focusWidget() is screen.panel.save
    screen.panel.put_back.setFocus()
    place.key(Key.Key_Space)
    place.until(lambda: field(screen, "title").text() == "Old town walk")
    assert not screen.panel.dirty


def test_somebody_elses_change_is_not_written_over(place: Workplace) -> None:
    screen = trips(place)
    first(place, screen)
    place.key(Key.Key_Return)
    place.ctrl(Key.Key_A)
    place.type("Mine")
    theirs = changed(place, title="Theirs")
    place.off(lambda: place.desk.services.trips.update(place.desk.admin, the_trip(place.desk), theirs))
    place.quiet()
    place.until(lambda: titles(screen) == ["Theirs"])
    assert field(screen, "title").text() == "Mine"
    place.ctrl(Key.Key_Return)
    place.until(lambda: screen.panel.note.isVisible() and screen.panel.note.tone == "bad")
    assert trip(place).draft.title == "Theirs"


def test_a_new_trip_that_was_begun_is_left_only_knowingly(place: Workplace) -> None:
    screen = trips(place)
    first(place, screen)
    place.ctrl(Key.Key_N)
    place.until(lambda: screen.panel.is_new)
    place.type("Half a")
    place.key(Key.Key_Escape)
    place.until(lambda: bool(place.work.findChildren(Decision)))
    question = place.work.findChildren(Decision)[0]
    place.qtbot.keyClick(question, Key.Key_Escape)
    place.come_back()
    assert screen.panel.is_new
    assert field(screen, "title").text() == "Half a"
    field(screen, "title").edit.setFocus()
    place.key(Key.Key_Escape)
    place.until(lambda: QApplication.activeModalWidget() is not None)
    place.qtbot.keyClick(
        QApplication.activeModalWidget(), Key.Key_Return, Qt.KeyboardModifier.ControlModifier
    )
    place.until(lambda: not screen.panel.is_new and field(screen, "title").text() == "Blue Cave and Perast")


def test_what_is_sold_is_deactivated_after_a_question_and_undone(place: Workplace) -> None:
    place.off(lambda: place.desk.sold(place.desk.add_departure(), pay=CASH))
    screen = trips(place)
    first(place, screen)
    screen.offer_no_more()
    place.until(lambda: QApplication.activeModalWidget() is not None)
    question = QApplication.activeModalWidget()
    assert isinstance(question, Decision)
    assert "1 booking of departures to come" in question.second.text()
    place.qtbot.keyClick(question, Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    place.come_back()
    place.until(lambda: titles(screen) == [])
    place.ctrl(Key.Key_Z)
    place.until(lambda: titles(screen) == ["Blue Cave and Perast"])
    assert trip(place).active


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


def test_who_leaves_the_screen_leaves_what_is_offered_as_it_is(place: Workplace) -> None:
    for look in (trips, vendors):
        screen = look(place)
        first(place, screen)
        before = titles(screen)
        place.work.go("desk")
        place.quiet()
        assert QApplication.activeModalWidget() is None
        assert titles(look(place)) == before != []
    assert trip(place).active


def test_a_trip_of_which_nothing_was_sold_is_removed_and_put_back(place: Workplace) -> None:
    screen = trips(place)
    first(place, screen)
    screen.remove()
    place.until(lambda: titles(screen) == [])
    place.ctrl(Key.Key_Z)
    place.until(lambda: titles(screen) == ["Blue Cave and Perast"])
    place.off(lambda: place.desk.sold(place.desk.add_departure(), pay=CASH))
    first(place, screen)
    screen.remove()
    place.until(screen.panel.note.isVisible)
    assert "1 booking" in screen.panel.note.accessibleName()
    assert titles(screen) == ["Blue Cave and Perast"]


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


@pytest.mark.parametrize(
    ("typed", "key", "icon"), [("setnja", "trips", "map"), ("plovidba", "vendors", "store")]
)
def test_trips_and_vendors_are_found_from_the_one_field(
    place: Workplace, typed: str, key: str, icon: str
) -> None:
    place.off(lambda: place.desk.add_trip("Šetnja kroz grad", place="Perast"))
    finder = place.work.finder

    def found() -> int | None:
        return next((at for at, each in enumerate(finder.rows) if each.icon == icon and each.second), None)

    finder.open()
    place.type(typed)
    place.until(lambda: found() is not None)
    place.quiet()
    for _ in range(found() or 0):
        place.key(Key.Key_Down)
    place.key(Key.Key_Return)
    screen = place.work.go(key)
    assert isinstance(screen, CatalogueScreen)
    place.until(lambda: screen.shown is not None)
    assert len(titles(screen)) == 1


# vendors


def test_a_vendor_is_added_changed_and_undone_by_keys(place: Workplace) -> None:
    screen = vendors(place)
    screen.lists.table.setFocus()
    place.ctrl(Key.Key_N)
    place.until(lambda: screen.panel.is_new and QApplication.focusWidget() is field(screen, "name").edit)
    place.type("Nomad")
    write(place, field(screen, "commission_bps"), "much")
    place.ctrl(Key.Key_Return)
    place.until(lambda: bool(field(screen, "commission_bps").error))
    place.ctrl(Key.Key_A)
    place.type("12.5")
    place.ctrl(Key.Key_Return)
    place.until(lambda: "Nomad" in titles(screen))
    place.until(lambda: screen.shown is not None and screen.shown.draft.name == "Nomad")
    assert screen.shown is not None
    assert screen.shown.draft.commission_bps == 1250
    assert not screen.panel.save.isEnabled()
    write(place, field(screen, "code"), "nomad")
    place.ctrl(Key.Key_Return)
    place.until(lambda: field(screen, "code").text() == "NOMAD")
    undo(place, screen)
    place.until(lambda: field(screen, "code").text() == "")


def test_a_code_that_is_taken_is_marked_at_its_field(place: Workplace) -> None:
    place.off(lambda: place.desk.services.vendors.create(place.desk.admin, VendorDraft("Nomad", code="N")))
    screen = vendors(place)
    first(place, screen)
    place.key(Key.Key_Return)
    write(place, field(screen, "code"), "n")
    place.ctrl(Key.Key_Return)
    place.until(lambda: "Nomad" in field(screen, "code").error)
    assert QApplication.focusWidget() is field(screen, "code").edit


def test_an_agent_has_neither_screen(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    with work_at(qtbot, desk, tmp_path, actor=desk.agent) as place:
        assert place.work.go("trips") is None
        assert place.work.go("vendors") is None
