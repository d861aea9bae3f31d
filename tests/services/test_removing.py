"""What was made by mistake is taken back, and put back again; what was ever sold is not."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

import pytest

from helpers.catalogue import MONDAYS, audit_of, days_of, draft, problems, the_trip
from helpers.desk import CASH, Desk
from helpers.pictures import png
from travellr_desktop.domain.party import TravellerType
from travellr_desktop.domain.permissions import Role
from travellr_desktop.errors import ChangedMeanwhile, NotFound
from travellr_desktop.events import CatalogueChanged, Change
from travellr_desktop.services.catalogue import InUse
from travellr_desktop.services.paged import ListQuery
from travellr_desktop.services.removing import Removed
from travellr_desktop.services.trips import SeasonDraft
from travellr_desktop.services.users import NewUser
from travellr_desktop.services.vendors import VendorDraft

SUMMER = SeasonDraft("Summer", date(2026, 7, 1), date(2026, 8, 31), {TravellerType.ADULT: 6000})


def full_trip(desk: Desk) -> UUID:
    """A trip with a season, a picture, a series and a departure."""
    trip = the_trip(desk)
    desk.services.trips.update(desk.admin, trip, draft(desk, seasons=(SUMMER,), code="BLUE"))
    desk.services.pictures.add(desk.admin, trip, png(), "The cave")
    desk.services.timetable.add_series(desk.admin, trip, MONDAYS)
    desk.add_departure()
    return trip


def as_it_stands(desk: Desk, trip: UUID) -> tuple[object, ...]:
    detail = desk.services.trips.detail(desk.admin, trip)
    pictures = [each.caption for each in desk.services.pictures.of_trip(desk.admin, trip)]
    return detail, pictures, days_of(desk), desk.services.timetable.series(desk.admin, trip)


def test_a_trip_goes_with_all_that_belongs_to_it_and_comes_back_as_it_was(desk: Desk) -> None:
    trip = full_trip(desk)
    before = as_it_stands(desk, trip)
    heard: list[tuple[str, Change]] = []
    with desk.services.bus.subscribe(
        CatalogueChanged, lambda event: heard.append((event.what, event.change))
    ):
        removed = desk.services.removal.trip(desk.admin, trip)
        with pytest.raises(NotFound):
            desk.services.trips.detail(desk.admin, trip)
        assert days_of(desk) == []
        assert problems(desk) == []
        desk.services.removal.put_back(desk.admin, removed)
    assert removed.words == "Blue Cave and Perast"
    assert as_it_stands(desk, trip) == before
    assert heard == [("trip", Change.REMOVED), ("trip", Change.CREATED), ("series", Change.CREATED)]
    assert audit_of(desk, trip)[-1][0] == "trip.put_back"
    desk.sold(desk.add_departure(), pay=CASH)
    assert problems(desk) == []


def test_departures_and_a_series_go_and_come_back(desk: Desk) -> None:
    single = desk.add_departure()
    made = desk.services.timetable.add_series(desk.admin, the_trip(desk), MONDAYS)
    before = days_of(desk)
    gone = desk.services.removal.departures(desk.admin, [single, made.made[0]])
    assert gone.words == "2 departures"
    assert len(days_of(desk)) == 4
    desk.services.removal.put_back(desk.admin, gone)
    whole = desk.services.removal.series(desk.admin, made.series_id)
    assert len(days_of(desk)) == 1
    desk.services.removal.put_back(desk.admin, whole)
    assert days_of(desk) == before
    desk.sold(made.made[0], pay=CASH)
    assert problems(desk) == []


def test_what_is_put_back_twice_or_whose_place_is_taken_is_refused(desk: Desk) -> None:
    trip = full_trip(desk)
    removed = desk.services.removal.trip(desk.admin, trip)
    other = desk.add_trip("Another", code="BLUE")
    with pytest.raises(ChangedMeanwhile):
        desk.services.removal.put_back(desk.admin, removed)
    desk.services.trips.update(desk.admin, other, draft(desk, other, code=""))
    desk.services.removal.put_back(desk.admin, removed)
    with pytest.raises(ChangedMeanwhile):
        desk.services.removal.put_back(desk.admin, removed)
    assert problems(desk) == []


def test_a_vendor_without_trips_goes_and_comes_back(desk: Desk) -> None:
    made = desk.services.vendors.create(desk.admin, VendorDraft("Nomad", code="NOMAD"))
    removed = desk.services.removal.vendor(desk.admin, made)
    with closing(desk.services.lists.vendors(desk.admin, ListQuery())) as rows:
        assert [row.name for row in rows.first()] == ["Bokeška Plovidba"]
    desk.services.removal.put_back(desk.admin, removed)
    assert desk.services.vendors.detail(desk.admin, made).draft.code == "NOMAD"


Remove = Callable[[Desk], Removed]
REMOVALS: dict[str, Remove] = {
    "trip": lambda desk: desk.services.removal.trip(desk.admin, the_trip(desk)),
    "vendor": lambda desk: desk.services.removal.vendor(desk.admin, desk.vendor_id),
    "departure": lambda desk: desk.services.removal.departures(desk.admin, all_departures(desk)),
    "series": lambda desk: desk.services.removal.series(
        desk.admin, desk.services.timetable.series(desk.admin, the_trip(desk))[0].id
    ),
}


def all_departures(desk: Desk) -> list[UUID]:
    with desk.database.read() as view:
        return [row.id for row in view.departures.find_all()[0]]


@pytest.mark.parametrize("what", REMOVALS)
def test_what_was_sold_or_held_stays_on_record_and_is_named(desk: Desk, what: str) -> None:
    made = desk.services.timetable.add_series(desk.admin, the_trip(desk), MONDAYS).made
    sold = desk.sold(made[2], pay=CASH)
    desk.cancel(sold.bookings[0].id)  # even what was cancelled stays in the books
    before = days_of(desk)
    with pytest.raises(InUse, match="1 booking and 1 hold"):
        REMOVALS[what](desk)
    assert days_of(desk) == before
    assert problems(desk) == []


def test_a_vendor_with_trips_or_people_is_not_removed(desk: Desk) -> None:
    with pytest.raises(InUse, match="has 1 trip"):
        desk.services.removal.vendor(desk.admin, desk.vendor_id)
    made = desk.services.vendors.create(desk.admin, VendorDraft("Nomad"))
    person = NewUser("Nikola", "nikola@example.com", "harbour lights at ten", Role.VENDOR, made)
    desk.services.users.register(desk.admin, person)
    with pytest.raises(InUse, match="1 account or promo code"):
        desk.services.removal.vendor(desk.admin, made)


def test_an_allowance_or_a_word_of_another_desk_keeps_a_departure(desk: Desk) -> None:
    made = desk.add_departure(capacity=1)
    desk.services.overbooking.allow(desk.admin, made, 1, "A lap seat", key=uuid4())
    with pytest.raises(InUse, match="1 overbooking"):
        desk.services.removal.departures(desk.admin, [made])
    with pytest.raises(NotFound):
        desk.services.removal.departures(desk.admin, [uuid4()])


def test_seasons_of_a_trip_that_is_back_may_change(desk: Desk) -> None:
    trip = full_trip(desk)
    desk.services.removal.put_back(desk.admin, desk.services.removal.trip(desk.admin, trip))
    later = replace(SUMMER, last_day=date(2026, 9, 15))
    desk.services.trips.update(desk.admin, trip, draft(desk, seasons=(later,)))
    assert problems(desk) == []
