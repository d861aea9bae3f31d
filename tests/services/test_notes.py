"""Notes on bookings and travellers: who writes them, who takes them back, what is kept of them."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest

from helpers.desk import Desk
from travellr_desktop.domain.permissions import Actor, Role
from travellr_desktop.errors import InvalidInput, NotFound, NotPermitted


def test_notes_are_read_newest_first_by_whoever_sells(desk: Desk) -> None:
    booking = desk.sold(desk.add_departure()).bookings[0].id
    notes = desk.services.notes
    notes.add(desk.agent, "Comes with a wheelchair", booking_id=booking)
    notes.add(desk.admin, "Late\nby a bus", booking_id=booking)
    found = notes.of_booking(desk.agent, booking)
    assert [(note.text, note.by, note.mine) for note in found] == [
        ("Late\nby a bus", "Mira Kovač", False),
        ("Comes with a wheelchair", "Ana Vuković", True),
    ]
    with pytest.raises(NotPermitted):
        notes.of_booking(Actor(uuid4(), "Luka", Role.VENDOR, desk.vendor_id), booking)


def test_a_note_of_a_traveller_is_theirs_alone(desk: Desk) -> None:
    row, other = desk.traveller(), desk.traveller("Jon Hall")
    desk.services.notes.add(desk.agent, "Walks with a stick", traveller_id=row.id)
    assert len(desk.services.notes.of_traveller(desk.agent, row.id)) == 1
    assert desk.services.notes.of_traveller(desk.agent, other.id) == ()


@pytest.mark.parametrize("text", ["", "  \n ", "\u202e", "x" * 4001])
def test_a_note_says_something_and_not_too_much(desk: Desk, text: str) -> None:
    booking = desk.sold(desk.add_departure()).bookings[0].id
    with pytest.raises(InvalidInput) as refusal:
        desk.services.notes.add(desk.agent, text, booking_id=booking)
    assert refusal.value.field == "text"
    assert desk.services.notes.of_booking(desk.agent, booking) == ()


def test_a_note_is_about_one_thing_that_is_there(desk: Desk) -> None:
    booking = desk.sold(desk.add_departure()).bookings[0].id
    traveller = desk.traveller().id
    for about in ({}, {"booking_id": booking, "traveller_id": traveller}):
        with pytest.raises(InvalidInput):
            desk.services.notes.add(desk.agent, "Hello", **about)
    for about in ({"booking_id": uuid4()}, {"traveller_id": uuid4()}):
        with pytest.raises(NotFound):
            desk.services.notes.add(desk.agent, "Hello", **about)


def test_ones_own_note_is_taken_back_and_the_audit_trail_keeps_its_words(desk: Desk) -> None:
    booking = desk.sold(desk.add_departure()).bookings[0].id
    notes = desk.services.notes
    mine = notes.add(desk.agent, "Mistake", booking_id=booking)
    theirs = notes.add(desk.admin, "The office knows", booking_id=booking)
    colleague = replace(desk.agent, user_id=desk.admin.user_id)
    with pytest.raises(NotPermitted):
        notes.remove(desk.agent, theirs)
    notes.remove(desk.agent, mine)
    notes.remove(colleague, theirs)
    assert notes.of_booking(desk.agent, booking) == ()
    with desk.database.read() as view:
        words = [
            row.detail["text"]
            for row in view.journal.audit_of("booking", booking)
            if row.action == "note.remove"
        ]
    assert sorted(words) == ["Mistake", "The office knows"]
    with pytest.raises(NotFound):
        notes.remove(desk.agent, mine)
