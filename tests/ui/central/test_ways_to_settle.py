"""Each way to settle what waits, by keys alone: more seats, a booking's own screen, another value, several fields."""

from __future__ import annotations

from uuid import uuid4

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from helpers.central import changed_twice, hub_says, refused, sold_too_many
from helpers.central_office import HERE, THERE, CentralOffice
from travellr_desktop.errors import InvalidInput
from travellr_desktop.services.central.link import LinkState
from travellr_desktop.services.central.views import ChoiceKind
from travellr_desktop.ui.bookings.screen import BookingsScreen
from travellr_desktop.ui.central.screen import CentralScreen

Key = Qt.Key


def oversold(office: CentralOffice) -> CentralScreen:
    _departure, said = office.off(lambda: sold_too_many(office.desk))
    office.says(said)
    screen = office.screen()
    office.place.until(lambda: screen.inbox.entries)
    return screen


def choose(office: CentralOffice, screen: CentralScreen, digit: Qt.Key) -> None:
    """From the list into the entry, and one of its cards."""
    office.place.until(screen.inbox.table.hasFocus)
    office.place.key(Key.Key_Return)
    office.place.until(lambda: screen.inbox.panel.choosing.isAncestorOf(office.place.work.focusWidget()))
    office.place.key(digit)


def test_more_seats_are_given_and_the_inbox_is_empty(office: CentralOffice) -> None:
    screen, place = oversold(office), office.place
    choose(office, screen, Key.Key_1)
    panel = screen.inbox.panel
    assert panel.why.text() == "Fill in first: Why there is room for them"
    place.key(Key.Key_Tab)
    place.until(lambda: panel.choosing.editors[0].isAncestorOf(place.work.focusWidget()))
    place.type("9")  # what stands there is selected: 9 takes its place
    place.key(Key.Key_Tab)
    place.until(lambda: panel.choosing.editors[1].isAncestorOf(place.work.focusWidget()))
    place.type("A bench more")
    place.ctrl(Key.Key_Return)
    field = panel.choosing.editors[0].field
    assert field is not None
    place.until(lambda: "2 are lacking" in (field.error or ""))
    panel.choosing.editors[0].set_text("2")
    place.ctrl(Key.Key_Return)
    place.until(screen.inbox.nothing.isVisible)


@pytest.mark.parametrize("kind", [ChoiceKind.MOVE, ChoiceKind.CANCEL])
def test_a_booking_is_moved_or_cancelled_on_its_own_screen(office: CentralOffice, kind: ChoiceKind) -> None:
    screen, place = oversold(office), office.place
    choose(office, screen, Key.Key_2 if kind is ChoiceKind.MOVE else Key.Key_3)
    panel = screen.inbox.panel
    assert panel.choosing.choice is not None and panel.choosing.choice.kind is kind
    assert "you decide there" in panel.nothing_sent.text()
    assert panel.choosing.values()["booking"].startswith("BK-")
    place.ctrl(Key.Key_Return)
    place.until(lambda: place.work.screen_key == "bookings")
    bookings = place.work.current
    assert isinstance(bookings, BookingsScreen)
    page = bookings.changing if kind is ChoiceKind.MOVE else bookings.cancelling
    place.until(page.isVisible)
    assert office.door.of("settle") == []


def test_a_value_is_picked_from_a_list_by_keys(office: CentralOffice) -> None:
    row = uuid4()
    change = {"t": "trips", "id": row.hex, "k": "U", "f": {"active": 1}}
    office.says(
        refused(office.desk, row, changes=[change]) | {"table": "trips", "row_id": row.hex, "field": "active"}
    )
    screen, place = office.screen(), office.place
    choose(office, screen, Key.Key_2)
    editor = screen.inbox.panel.choosing.editors[0]
    place.key(Key.Key_Tab)
    place.until(lambda: editor.isAncestorOf(place.work.focusWidget()))
    place.key(Key.Key_Down)
    assert editor.text() == "0"
    place.ctrl(Key.Key_Return)
    place.until(lambda: office.door.of("retry"))
    assert office.door.of("retry")[0][1] == {"active": 0}


def test_a_day_that_is_none_is_said_at_the_field(office: CentralOffice) -> None:
    row = uuid4()
    change = {"t": "promo_codes", "id": row.hex, "k": "U", "f": {"last_day": "2026-06-01"}}
    named = {"table": "promo_codes", "row_id": row.hex, "field": "last_day"}
    office.says(refused(office.desk, row, changes=[change]) | named)
    screen, place = office.screen(), office.place
    choose(office, screen, Key.Key_2)
    editor = screen.inbox.panel.choosing.editors[0]
    assert editor.text() == "01/06/2026"
    editor.set_text("31/06/2026")
    place.ctrl(Key.Key_Return)
    assert editor.field is not None
    assert "not a day" in (editor.field.error or "")
    assert office.door.of("retry") == []
    editor.set_text("30/06/2026")
    place.ctrl(Key.Key_Return)
    place.until(lambda: office.door.of("retry"))
    assert office.door.of("retry")[0][1] == {"last_day": "2026-06-30"}


def test_the_other_fields_of_one_change_go_along(office: CentralOffice) -> None:
    marta = office.traveller()
    office.says(
        changed_twice(office.desk, marta, HERE, THERE),
        changed_twice(office.desk, marta, "", "m@nowak.example", field="email", entry="5"),
    )
    screen, place = office.screen(), office.place
    choose(office, screen, Key.Key_2)
    panel = screen.inbox.panel
    place.until(panel.along.isVisible)
    panel.along.setChecked(True)
    place.ctrl(Key.Key_Return)
    place.until(screen.inbox.nothing.isVisible)
    find = office.desk.services.travellers.find_by_id
    found = office.off(lambda: find(office.desk.admin, marta))
    assert (found.phone, found.email) == (THERE, "m@nowak.example")


def test_it_says_that_it_cannot_be_undone(office: CentralOffice) -> None:
    office.says(refused(office.desk, uuid4()))
    assert "cannot be undone" in office.screen().inbox.panel.nothing_sent.text()


def test_what_a_refusal_of_another_field_says_is_said_below(office: CentralOffice) -> None:
    office.door.refuses["retry"] = InvalidInput("No.", field="something else")
    office.says(refused(office.desk, uuid4()))
    panel = office.screen().inbox.panel
    panel.decide.click()
    office.place.until(panel.problem.isVisible)


def test_offline_the_old_copy_says_of_when_it_is(office: CentralOffice) -> None:
    office.says(refused(office.desk, uuid4()))
    screen, place = office.screen(), office.place
    assert not screen.inbox.note.isVisible()
    office.went(LinkState.OFFLINE, "It does not answer.")
    place.until(screen.inbox.note.isVisible)
    said = screen.inbox.note.accessibleName()
    assert said.startswith("Offline since 10:42 This is how it stood at 10:42.")
    office.went(LinkState.ONLINE)
    place.until(lambda: not screen.inbox.note.isVisible())


def test_what_others_settle_meanwhile_leaves_what_is_looked_at_and_where(office: CentralOffice) -> None:
    """Told by a thread of its own, as the one that keeps in touch does."""
    desk, place = office.desk, office.place
    entries = [refused(desk, uuid4(), entry=str(number), op_no=number) for number in range(50, 90)]
    office.says(*entries)
    screen = office.screen()
    place.until(lambda: len(screen.inbox.entries) == 40)
    table = screen.inbox.table
    table.go_to(30)
    place.quiet()
    place.until(lambda: screen.inbox.panel.entry is not None and screen.inbox.panel.entry.id == "80")
    scrolled = table.verticalScrollBar().value()
    assert scrolled > 0
    office.off(lambda: hub_says(desk, *entries[:-1], refused(desk, uuid4(), entry="200", op_no=200)))
    place.until(lambda: screen.inbox.entries[-1].id == "200")
    assert screen.inbox.panel.entry is not None and screen.inbox.panel.entry.id == "80"
    place.until(lambda: table.verticalScrollBar().value() == scrolled)


def test_tab_goes_from_the_cards_to_the_buttons_also_after_other_cards_came(office: CentralOffice) -> None:
    office.says(refused(office.desk, uuid4()))
    screen, place = office.screen(), office.place
    panel = screen.inbox.panel
    office.went(LinkState.OFFLINE)
    place.until(lambda: panel.choosing.choice is None)
    office.went(LinkState.ONLINE)
    place.until(lambda: panel.choosing.choice is not None)
    screen.inbox.focus_list()
    choose(office, screen, Key.Key_2)
    for stop in (panel.choosing.editors[0], panel.later, panel.decide):
        place.key(Key.Key_Tab)
        place.until(lambda stop=stop: _has(stop, place.work.focusWidget()))  # type: ignore[misc]


def _has(stop: QWidget, focus: QWidget | None) -> bool:
    return focus is not None and (stop is focus or stop.isAncestorOf(focus))
