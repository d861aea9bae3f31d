"""Nothing on the screens of trips and vendors is lost, taken off sale or removed unasked."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from helpers.catalogue import the_trip
from helpers.catalogue_screens import changed, field, first, titles, trip, trips, vendors
from helpers.desk import CASH
from helpers.workplace import Workplace
from travellr_desktop.domain.discounts import DiscountKind
from travellr_desktop.services.promos import PromoDraft
from travellr_desktop.ui.catalogue.screen import CatalogueScreen
from travellr_desktop.ui.parts.dialog import Decision

Key = Qt.Key
TENTH = PromoDraft("SUMMER10", DiscountKind.PERCENT, date(2026, 6, 1), date(2026, 8, 31), "Tenth", bps=1000)


@pytest.fixture
def place(place_of_admin: Workplace) -> Workplace:
    return place_of_admin


def test_what_was_typed_is_not_lost_when_another_trip_is_looked_at(place: Workplace) -> None:
    place.off(lambda: place.desk.add_trip("Old town walk"))
    screen = trips(place)
    first(place, screen)
    place.key(Key.Key_Return)
    place.ctrl(Key.Key_A)
    place.type("Half written")
    place.key(Key.Key_Escape)
    place.until(screen.lists.table.hasFocus)
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


def promos(place: Workplace) -> CatalogueScreen:
    screen = place.work.go("promos")
    assert isinstance(screen, CatalogueScreen)
    place.until(lambda: screen.lists.model.totals is not None)
    place.quiet()
    return screen


def test_who_leaves_the_screen_leaves_what_is_offered_as_it_is(place: Workplace) -> None:
    place.off(lambda: place.desk.services.promos.save(place.desk.admin, TENTH))
    for look in (trips, vendors, promos):
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
