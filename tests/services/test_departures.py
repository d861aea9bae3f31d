"""Departures as the desk sees them: prices of their season, and what can be had instead of a full one."""

from __future__ import annotations

from datetime import date, time, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import event

from helpers.desk import CASH, DAY, Desk
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.party import Party, TravellerType
from travellr_desktop.domain.permissions import SYSTEM, Actor, Role
from travellr_desktop.errors import NotFound
from travellr_desktop.services.departure_views import Alternative, DayCount, DepartureQuery
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.models import SeasonPrice, TripSeason

TWO = Party(adult=2)


def add_season(desk: Desk, trip_id: UUID, first: date, last: date, **amounts: int) -> None:
    with desk.database.write(Commit.CATALOGUE_SAVE, SYSTEM) as work:
        season = TripSeason(trip_id=trip_id, name="High summer", first_day=first, last_day=last)
        work.session.add(season)
        work.session.flush()
        for kind, amount in amounts.items():
            price = SeasonPrice(season_id=season.id, traveller_type=TravellerType(kind), amount=amount)
            work.session.add(price)
        work.commit()


def found(desk: Desk, **query: object) -> list[tuple[date, int]]:
    """Day and adult's price of what a search over a month finds."""
    asked = DepartureQuery(date(2026, 7, 1), 31, **query)  # type: ignore[arg-type]
    rows = desk.services.departures.search(desk.agent, asked).rows
    return [(row.starts_at.date(), row.prices[TravellerType.ADULT].minor) for row in rows]


@pytest.fixture
def seasons(desk: Desk) -> UUID:
    """A departure a day around a season from the 10th to the 12th, with a price of its own for adults alone."""
    trip = desk.add_trip("Sunset kayak", adult=4000, child=2000)
    add_season(desk, trip, date(2026, 7, 10), date(2026, 7, 12), adult=6000)
    for day in range(9, 14):
        desk.add_departure(trip, day=date(2026, 7, day))
    return trip


def test_a_departure_costs_what_its_season_costs(desk: Desk, seasons: UUID) -> None:
    assert [price for _, price in found(desk)] == [4000, 6000, 6000, 6000, 4000]
    rows = desk.services.departures.search(desk.agent, DepartureQuery(date(2026, 7, 10))).rows
    assert (rows[0].season, rows[0].prices[TravellerType.CHILD].minor) == ("High summer", 2000)
    offer = desk.services.departures.offer(desk.agent, rows[0].id, Party(adult=2, child=1))
    assert offer.total == Money(14_000, "EUR")
    hold = desk.services.holds.hold(desk.agent, rows[0].id, Party(adult=2, child=1), key=uuid4())
    assert hold.total == offer.total


@pytest.mark.parametrize(
    ("most", "days"), [(3999, []), (4000, [9, 13]), (5999, [9, 13]), (6000, [9, 10, 11, 12, 13])]
)
def test_a_highest_price_means_that_of_the_day(desk: Desk, seasons: UUID, most: int, days: list[int]) -> None:
    assert [day.day for day, _ in found(desk, max_price=most)] == days
    asked = DepartureQuery(date(2026, 7, 1), 31, max_price=most)
    assert [day.day for day in sorted(desk.services.departures.calendar(desk.agent, asked))] == days


def test_a_day_on_which_nothing_found_is_sold_any_more_is_closed_and_not_full(desk: Desk) -> None:
    """It is 10:42 at the places: the walk is not sold any more, the boat is."""
    today = date(2026, 6, 18)
    walk = desk.add_trip("Old Town food walk")
    desk.add_departure(walk, day=today, at=time(11, 0), capacity=20, cutoff=timedelta(minutes=30))
    desk.add_departure(day=today, at=time(12, 0), capacity=10)
    full = desk.add_departure(walk, day=today + timedelta(days=1), capacity=4)
    desk.sold(full, adult=4, pay=CASH)
    counts = desk.services.departures.calendar(desk.agent, DepartureQuery(today, 2, text="walk"))
    assert counts == {today: DayCount(1, 0, 0), today + timedelta(days=1): DayCount(1, 0, 1)}
    assert [counts[day].closed for day in sorted(counts)] == [True, False]
    everything = desk.services.departures.calendar(desk.agent, DepartureQuery(today))
    assert everything == {today: DayCount(2, 10, 1)}


def test_a_departure_is_in_the_season_of_its_own_clock(desk: Desk) -> None:
    """Past midnight in Auckland it is still the day before in UTC."""
    trip = desk.add_trip("Night market", adult=4000, zone="Pacific/Auckland")
    add_season(desk, trip, date(2026, 7, 10), date(2026, 7, 10), adult=6000)
    desk.add_departure(trip, day=date(2026, 7, 10), at=time(0, 30))
    assert found(desk) == [(date(2026, 7, 9), 6000)]
    assert found(desk, max_price=5999) == []


# instead of a full one


def full(desk: Desk, trip: UUID | None = None, day: date = DAY, seats: int = 2) -> UUID:
    departure = desk.add_departure(trip, day=day, capacity=seats)
    desk.sold(departure, adult=seats, pay=CASH)
    return departure


def days(alternatives: tuple[Alternative, ...]) -> list[int]:
    return [(each.starts_at.date() - DAY).days for each in alternatives]


def test_near_dates_have_room_and_are_in_their_order(desk: Desk) -> None:
    here = full(desk)
    full(desk, day=DAY + timedelta(days=1))
    for away in (-9, -2, 2, 3, 20):
        desk.add_departure(day=DAY + timedelta(days=away), capacity=2)
    assert days(desk.services.departures.alternatives(desk.agent, here, TWO).near) == [-9, -2, 2, 3]
    assert desk.services.departures.alternatives(desk.agent, here, Party(adult=3)).near == ()


def test_near_dates_are_no_longer_those_that_are_past(desk: Desk) -> None:
    here = full(desk)
    gone = desk.add_departure(day=date(2026, 6, 18), at=time(23, 0), capacity=2, cutoff=timedelta(hours=20))
    found = desk.services.departures.alternatives(desk.agent, here, TWO).near
    assert gone not in [each.departure_id for each in found]


def test_similar_trips_come_by_place_length_and_price(desk: Desk) -> None:
    here = full(desk)
    for title, more in (
        ("Elsewhere", {"place": "Lisbon", "country": "Portugal"}),
        ("Dearer", {"adult": 9900}),
        ("Much the same", {"adult": 4800}),
        ("All day", {"duration_min": 600}),
        ("Next town", {"place": "Budva"}),
    ):
        desk.add_departure(desk.add_trip(title, **more))
    similar = desk.services.departures.alternatives(desk.agent, here, TWO).similar
    assert [each.title for each in similar] == ["Much the same", "Dearer", "Next town", "All day"]
    assert similar[0].total == Money(9600, "EUR")


def test_a_similar_trip_is_told_once_on_its_nearest_day_with_room(desk: Desk) -> None:
    here = full(desk)
    trip = desk.add_trip("Kayak round the bay")
    full(desk, trip)
    for away in (2, 1, 5):
        desk.add_departure(trip, day=DAY + timedelta(days=away))
    assert days(desk.services.departures.alternatives(desk.agent, here, TWO).similar) == [1]


def test_a_trip_without_a_price_for_somebody_is_not_similar(desk: Desk) -> None:
    here = full(desk)
    trip = desk.add_trip("Grown-ups only")
    with desk.database.write(Commit.CATALOGUE_SAVE, SYSTEM) as work:
        for price in work.trips.get_full(trip).prices:
            if price.traveller_type is TravellerType.CHILD:
                work.session.delete(price)
        work.commit()
    desk.add_departure(trip)
    find = desk.services.departures.alternatives
    assert [each.title for each in find(desk.agent, here, TWO).similar] == ["Grown-ups only"]
    assert find(desk.agent, here, Party(adult=1, child=1)).similar == ()


def test_a_vendor_sees_what_is_theirs(desk: Desk) -> None:
    own = Actor(uuid4(), "Nikola", Role.VENDOR, desk.vendor_id)
    other = Actor(uuid4(), "Other", Role.VENDOR, uuid4())
    here = full(desk)
    desk.add_departure(desk.add_trip("Kayak"))
    service, day = desk.services.departures, DepartureQuery(DAY)
    assert len(service.search(own, day).rows) == 2
    assert service.search(other, day).rows == ()
    assert service.calendar(other, day) == {}
    assert len(service.alternatives(own, here, TWO).similar) == 1
    for asked in (service.offer, service.alternatives):
        with pytest.raises(NotFound):
            asked(other, here, TWO)


def test_a_search_reads_no_more_for_more_departures(desk: Desk) -> None:
    """As many statements for thirty as for three."""
    counted: list[str] = []

    def count(*args: object) -> None:
        counted.append(str(args[2]))

    def statements(asked: DepartureQuery) -> int:
        counted.clear()
        desk.services.departures.search(desk.agent, asked)
        return len(counted)

    for number in range(3):
        desk.add_departure(day=DAY + timedelta(days=number))
    trips = [desk.add_trip(f"Trip {number}") for number in range(5)]
    for number in range(30):
        desk.add_departure(trips[number % 5], day=DAY + timedelta(days=10 + number))
    event.listen(desk.database.engine, "before_cursor_execute", count)
    try:
        few, many = statements(DepartureQuery(DAY, 5)), statements(DepartureQuery(DAY, 60))
    finally:
        event.remove(desk.database.engine, "before_cursor_execute", count)
    assert few == many
