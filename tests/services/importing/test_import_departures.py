"""Departures that a file changes obey the rules of the timetable, and what a name stands for is never guessed."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from helpers.catalogue import problems
from helpers.clock import HandClock
from helpers.desk import CASH
from helpers.importing import Desktop, counts, told
from helpers.waiting import join, state
from travellr_desktop.domain.states import WaitingState
from travellr_desktop.services.importing.columns import ImportKind
from travellr_desktop.services.vendors import VendorDraft

VENDORS, TRIPS, DEPARTURES, _ = ImportKind
HEAD = "trip,day,time,seats,closes,note"
BLUE = "Blue Cave and Perast,2026-07-04,08:30"


@pytest.fixture
def made(here: Desktop) -> UUID:
    """Ten seats, and a note."""
    return here.desk.add_departure(capacity=10, note="Bring a towel")


def test_what_has_left_stays_as_it_was(here: Desktop, made: UUID, clock: HandClock) -> None:
    clock.forward(timedelta(days=30))
    assert counts(here.bring(DEPARTURES, HEAD, f"{BLUE},10,,", update=True)) == (0, 0, 1, 0)
    report = here.bring(DEPARTURES, HEAD, f"{BLUE},12,,", update=True)
    assert [words for _row, _column, words in told(report)] == ["The departure has left."]
    after = here.desk.services.timetable.departure(here.desk.admin, made)
    assert after.capacity == 10


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("10,600000,", "closes"),
        (f"10,,{'x' * 501}", "note"),
    ],
    ids=["sales close years before", "a note that is too long"],
)
def test_a_value_that_the_timetable_refuses_is_told_and_nothing_of_the_row_is_written(
    here: Desktop, made: UUID, row: str, column: str
) -> None:
    before = here.desk.services.timetable.departure(here.desk.admin, made)
    report = here.bring(DEPARTURES, HEAD, f"{BLUE},{row}", update=True)
    assert [fault[1] for fault in told(report)] == [column]
    assert here.desk.services.timetable.departure(here.desk.admin, made) == before


def test_a_note_is_cleaned_as_it_is_when_it_is_typed(here: Desktop, made: UUID) -> None:
    here.bring(DEPARTURES, HEAD, f'{BLUE},10,,"Two  buses\ttoday"', update=True)
    assert here.desk.services.timetable.departure(here.desk.admin, made).edit.note == "Two buses today"


def test_seats_that_a_file_adds_go_to_those_who_wait(here: Desktop) -> None:
    full = here.desk.add_departure(capacity=2)
    here.desk.sold(full, pay=CASH, adult=2)
    entry = join(here.desk, full, 2)
    assert counts(here.bring(DEPARTURES, HEAD, f"{BLUE},4,,", update=True)) == (0, 1, 0, 0)
    assert state(here.desk, entry) is WaitingState.OFFERED
    assert problems(here.desk) == []


def test_a_title_of_two_trips_is_asked_about_and_one_that_is_offered_no_more_is_not_meant(
    here: Desktop,
) -> None:
    desk = here.desk
    other = desk.services.vendors.create(desk.admin, VendorDraft("Nomad"))
    first = next(iter(desk.trips.values()))
    second = desk.add_trip("Blue Cave and Perast", vendor_id=other)
    report = here.bring(DEPARTURES, HEAD, f"{BLUE},10,,")
    assert told(report) == [(2, "trip", "2 trips are called Blue Cave and Perast.")]
    desk.services.trips.deactivate(desk.admin, first)
    assert counts(here.bring(DEPARTURES, HEAD, f"{BLUE},12,,")) == (1, 0, 0, 0)
    with desk.database.read() as view:
        assert [each.trip_id for each in view.departures.find_all()[0]] == [second]


def test_a_name_of_two_vendors_is_asked_about_too(here: Desktop) -> None:
    desk = here.desk
    twin = desk.services.vendors.create(desk.admin, VendorDraft("Bokeška Plovidba", code="TWIN"))
    words = "2 vendors are called bokeska plovidba."
    trip = "title,vendor,place,price,duration"
    assert told(here.bring(TRIPS, trip, "Walk,bokeska plovidba,Kotor,1,60")) == [(2, "vendor", words)]
    assert told(here.bring(VENDORS, "name", "bokeska plovidba")) == [(2, "name", words)]
    assert counts(here.bring(TRIPS, trip, "Walk,twin,Kotor,1,60")) == (1, 0, 0, 0)
    desk.services.vendors.deactivate(desk.admin, twin)
    assert counts(here.bring(TRIPS, trip, "Walk again,bokeska plovidba,Kotor,1,60")) == (1, 0, 0, 0)
