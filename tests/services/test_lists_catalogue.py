"""The lists of what is sold: found, sorted, narrowed, and no more of them than a person may see."""

from __future__ import annotations

from contextlib import closing
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from helpers.catalogue import MONDAYS, draft, the_trip
from helpers.clock import HandClock
from helpers.desk import CASH, Desk
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.party import TravellerType
from travellr_desktop.domain.permissions import Actor, Role
from travellr_desktop.services.paged import ListQuery
from travellr_desktop.services.rates import RateDraft
from travellr_desktop.services.vendors import VendorDraft


def rows(opened: Any) -> list[Any]:
    """All rows of a list, read by position too."""
    with closing(opened) as opened_list:
        found = list(opened_list.first())
        assert opened_list.index() == len(found)
        assert list(opened_list.page(0)) == found
    return found


def test_vendors_are_found_without_their_accents_and_sorted_by_any_column(desk: Desk) -> None:
    made = desk.services.vendors.create(
        desk.admin, VendorDraft("Đurđevića Tara", commission_bps=1000, code="TARA", legal="Žabljak d.o.o.")
    )
    lists, admin = desk.services.lists, desk.admin
    for text in ("durdevica", "ZABLJAK", "tara"):
        assert [row.id for row in rows(lists.vendors(admin, ListQuery(text)))] == [made]
    for sort in ("name", "code", "commission", "holdback", "trips", "status"):
        assert len(rows(lists.vendors(admin, ListQuery(sort=sort)))) == 2
    by_rate = rows(lists.vendors(admin, ListQuery(sort="commission")))
    assert [row.commission_bps for row in by_rate] == [1000, 2000]
    desk.services.vendors.deactivate(admin, made)
    assert [row.name for row in rows(lists.vendors(admin, ListQuery(filters={"active": False})))] == [
        "Đurđevića Tara"
    ]


def test_a_vendors_rate_is_the_one_in_force_today(desk: Desk) -> None:
    rates, lists, admin, vendor = desk.services.rates, desk.services.lists, desk.admin, desk.vendor_id
    day = desk.clock.now().date()

    def listed() -> tuple[int, int]:
        (row,) = rows(lists.vendors(admin, ListQuery(sort="commission")))
        return row.commission_bps, row.rate_bps

    assert listed() == (2000, 2000)
    rates.agree(admin, RateDraft(vendor, 1000, day, trip_id=the_trip(desk)))
    rates.agree(admin, RateDraft(vendor, 1200, day + timedelta(days=1)))
    assert listed() == (2000, 2000)
    rates.agree(admin, RateDraft(vendor, 1500, day - timedelta(days=9)))
    rates.agree(admin, RateDraft(vendor, 1600, day))
    rates.agree(admin, RateDraft(vendor, 1700, day))
    assert listed() == (2000, 1700)
    assert isinstance(desk.clock, HandClock)
    desk.clock.forward(timedelta(days=1))
    assert listed() == (2000, rates.of_vendor(admin, vendor).now_bps) == (2000, 1200)


def test_trips_have_their_price_and_what_is_still_to_come(desk: Desk) -> None:
    desk.add_trip("Šetnja", adult=2000, place="Perast", currency="GBP")
    gone = desk.add_departure()
    desk.services.timetable.cancel(desk.admin, gone, "Storm")
    desk.services.timetable.add_series(desk.admin, the_trip(desk), MONDAYS)
    children = draft(desk, prices={TravellerType.CHILD: 900})
    lists, admin = desk.services.lists, desk.admin
    found = rows(lists.trips(admin, ListQuery(sort="departures", descending=True)))
    assert [(row.title, row.price, row.departures) for row in found] == [
        ("Blue Cave and Perast", Money(4500, "EUR"), 5),
        ("Šetnja", Money(2000, "GBP"), 0),
    ]
    assert [row.title for row in rows(lists.trips(admin, ListQuery("setnja perast")))] == ["Šetnja"]
    assert [row.title for row in rows(lists.trips(admin, ListQuery(filters={"coming": False})))] == ["Šetnja"]
    for sort in ("title", "code", "vendor", "place", "duration", "price", "status"):
        assert len(rows(lists.trips(admin, ListQuery(sort=sort)))) == 2
    desk.services.trips.update(admin, the_trip(desk), children)
    assert rows(lists.trips(admin, ListQuery("blue")))[0].price is None


def test_departures_are_narrowed_to_a_trip_a_series_or_days(desk: Desk) -> None:
    made = desk.services.timetable.add_series(desk.admin, the_trip(desk), MONDAYS)
    single = desk.add_departure(day=date(2026, 7, 4), note="Low tide")
    desk.sold(single, pay=CASH, adult=3)
    desk.services.timetable.stop(desk.admin, [made.made[0]], "Storm")
    lists, admin = desk.services.lists, desk.admin

    def found(**filters: object) -> list[str]:
        return [f"{row.day:%d.%m}" for row in rows(lists.departures(admin, ListQuery(filters=filters)))]

    assert found() == ["04.07", "06.07", "13.07", "20.07", "27.07", "03.08"]
    assert found(series=made.series_id) == found()[1:]
    assert found(single=True) == ["04.07"]
    assert found(state=("stopped",)) == ["06.07"]
    assert found(day=(date(2026, 7, 13), date(2026, 7, 27))) == ["13.07", "20.07"]
    assert found(trip=uuid4()) == []
    (row,) = rows(lists.departures(admin, ListQuery("LOW tide")))
    assert (row.taken, row.granted, row.free, row.capacity) == (3, 10, 7, 10)
    for sort in ("trip", "vendor", "capacity", "taken", "status"):
        assert len(rows(lists.departures(admin, ListQuery(sort=sort)))) == 6


def test_a_vendors_person_sees_their_own_departures_only(desk: Desk) -> None:
    desk.add_departure()
    own = Actor(uuid4(), "Nikola", Role.VENDOR, desk.vendor_id)
    other = Actor(uuid4(), "Other", Role.VENDOR, uuid4())
    lists = desk.services.lists
    assert len(rows(lists.departures(own, ListQuery()))) == 1
    for query in (ListQuery(), ListQuery("blue"), ListQuery(filters={"trip": the_trip(desk)})):
        assert rows(lists.departures(other, query)) == []
