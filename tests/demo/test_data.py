"""The demonstration's data: enough of it, true to the world, and refused when damaged."""

from __future__ import annotations

import dataclasses
import re
import shutil
import unicodedata
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

import pytest

from travellr_desktop import paths
from travellr_desktop.demo.data import (
    DemoData,
    DemoDataInvalid,
    DemoTraveller,
    DemoVendor,
    load_demo_data,
)
from travellr_desktop.domain.money import decimals
from travellr_desktop.domain.party import TravellerType
from travellr_desktop.domain.periods import local_datetime
from travellr_desktop.domain.permissions import Role
from travellr_desktop.domain.seating import PlanKind
from travellr_desktop.errors import ResourceMissing

EUROS = {
    "EUR": 1.0,
    "USD": 0.9,
    "GBP": 1.15,
    "NOK": 0.085,
    "ZAR": 0.05,
    "KWD": 2.9,
    "JPY": 0.006,
    "AUD": 0.56,
    "NZD": 0.52,
    "CAD": 0.63,
}


@pytest.fixture(scope="module")
def data() -> DemoData:
    return load_demo_data()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the files, to be damaged."""
    return Path(shutil.copytree(paths.resource("demo"), tmp_path / "demo"))


def test_it_has_forty_vendors_a_hundred_and_twenty_trips_and_as_many_travellers(data: DemoData) -> None:
    assert (len(data.vendors), len(data.trips), len(data.travellers)) == (40, 120, 120)


def test_it_is_the_same_every_time(data: DemoData) -> None:
    assert load_demo_data() == data


def test_nothing_of_it_can_be_changed(data: DemoData) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        data.trips[0].title = "x"  # type: ignore[misc]
    with pytest.raises(TypeError):
        data.trips[0].prices[TravellerType.ADULT] = 1  # type: ignore[index]


def test_the_agency_is_at_home_in_kotor_and_sells_the_adriatic_most(data: DemoData) -> None:
    assert "Kotor" in data.agency.address[-1]
    assert (data.agency.zone, data.agency.currency) == ("Europe/Podgorica", "EUR")
    shores = ("Montenegro", "Croatia", "Albania", "Bosnia and Herzegovina", "Italy")
    assert sum(trip.country in shores for trip in data.trips) == 45
    assert Counter(trip.country for trip in data.trips).most_common(1)[0][0] == "Montenegro"


def test_every_role_can_sign_in(data: DemoData) -> None:
    assert {person.role for person in data.agency.people} == set(Role)


def test_the_trips_are_on_every_continent_and_in_zones_of_odd_minutes(data: DemoData) -> None:
    zones = {trip.zone for trip in data.trips}
    assert zones <= available_timezones()
    assert len(zones) > 25
    assert {zone.split("/")[0] for zone in zones} >= {
        "Africa",
        "America",
        "Antarctica",
        "Asia",
        "Australia",
        "Europe",
        "Pacific",
        "Atlantic",
    }
    offsets = {
        zone: local_datetime(date(2026, 7, 1), data.trips[0].times[0], zone).utcoffset() for zone in zones
    }
    minutes = {offset.seconds // 60 % 60 for offset in offsets.values() if offset is not None}
    assert minutes == {0, 30, 45}


def test_some_zones_change_their_clocks_and_some_do_not(data: DemoData) -> None:
    def changes(name: str) -> bool:
        zone = ZoneInfo(name)
        january, july = (local_datetime(date(2026, m, 1), data.trips[0].times[0], name) for m in (1, 7))
        return january.astimezone(zone).utcoffset() != july.astimezone(zone).utcoffset()

    assert {changes(trip.zone) for trip in data.trips} == {True, False}


def test_no_departure_is_at_a_time_that_a_clock_change_skips(data: DemoData) -> None:
    """Clocks change on Fridays, Saturdays and Sundays in these zones."""
    days = [date(2026, 1, 1) + timedelta(n) for n in range(730)]
    for zone, at in {(trip.zone, at) for trip in data.trips for at in trip.times}:
        for day in days:
            if day.isoweekday() >= 5:
                local_datetime(day, at, zone)


def test_a_vendor_sells_in_one_currency_and_most_in_euros(data: DemoData) -> None:
    for vendor in data.vendors:
        assert {trip.currency for trip in vendor.trips} == {vendor.currency}
    used = Counter(trip.currency for trip in data.trips)
    assert used["EUR"] > len(data.trips) / 2
    assert {decimals(currency) for currency in used} == {0, 2, 3}


def test_prices_are_what_such_trips_cost(data: DemoData) -> None:
    for trip in data.trips:
        euros = trip.prices[TravellerType.ADULT] / 10 ** decimals(trip.currency) * EUROS[trip.currency]
        a_day = euros / max(trip.duration_min / 1440, 1)
        assert euros >= 10, trip.title
        assert a_day <= 350 or trip.country == "Antarctica", trip.title
        if TravellerType.INFANT in trip.prices:
            assert TravellerType.CHILD in trip.prices


def test_every_policy_is_used_and_long_trips_have_the_one_for_tours(data: DemoData) -> None:
    assert {trip.policy for trip in data.trips} == {"flexible", "moderate", "strict", "tour"}
    assert all(trip.policy == "tour" for trip in data.trips if trip.duration_min >= 3 * 1440)


def test_a_coach_and_boats_with_and_without_decks_have_numbered_seats(data: DemoData) -> None:
    plans = [trip.plan for trip in data.trips if trip.plan is not None]
    assert {plan.kind for plan in plans} == set(PlanKind)
    assert len({plan.name for plan in plans}) == len(plans)


def test_nobody_is_called_or_written_to(data: DemoData) -> None:
    everybody: list[DemoVendor | DemoTraveller] = [*data.vendors, *data.travellers]
    for one in everybody:
        assert "555" in re.sub(r"\D", "", one.phone)
        assert one.email.endswith(("@example.com", "@example.org"))


def test_names_try_the_screens(data: DemoData) -> None:
    names = [traveller.name for traveller in data.travellers]
    scripts = {unicodedata.name(name[0]).split()[0] for name in names}
    assert scripts >= {
        "LATIN",
        "CYRILLIC",
        "GREEK",
        "ARABIC",
        "HEBREW",
        "CJK",
        "HANGUL",
        "THAI",
        "DEVANAGARI",
    }
    assert sum(unicodedata.bidirectional(name[0]) in ("R", "AL") for name in names) >= 5
    assert max(map(len, names)) > 60
    assert min(map(len, names)) <= 3
    assert sum(not name.isascii() for name in names) > 60


@pytest.mark.parametrize("name", ["adriatic.toml", "travellers.toml", "agency.toml"])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(ResourceMissing, match=name):
        load_demo_data(folder)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("adult = 3900", "adult = 39.0", "adult"),
        ("adult = 3900", "adult = -1", "adult"),
        ("adult = 3900, child = 2000", "adult = 2000, child = 3900", "more than an adult"),
        ("adult = 3900", "senior = 100, adult = 3900", "senior"),
        ("capacity = [10, 12]", "capacity = [12, 10]", "capacity"),
        ("weekdays = [1, 2", "weekdays = [0, 2", "weekdays"),
        ('times = ["08:30", "12:00"', 'times = ["12:00", "08:30"', "times"),
        ('times = ["08:30"', 'times = ["25:30"', "times"),
        ('times = ["08:30"', 'times = ["8:30"', "times"),
        ('policy = "flexible"', 'policy = "generous"', "policy"),
        ('currency = "EUR"', 'currency = "YUM"', "currency"),
        ('zone = "Europe/Podgorica"', 'zone = "Europe/Kotor"', "zone"),
        ('email = "plava-boka@example.com"', 'email = "plava-boka@boats.me"', "somebody"),
        ('phone = "+382 69 555 101"', 'phone = "+382 69 123 101"', "somebody"),
        ('phone = "+382 69 555 101"', 'phone = "+382 67 555 118"', "twice"),
        ('code = "plava-boka"', 'code = "lovcen-roads"', "twice"),
        ('title = "Perast and the two islands"', 'title = "Bay of Kotor by night"', "twice"),
        ('place = "Kotor"', 'place = ""', "place"),
        ('place = "Kotor"', 'place = " Kotor"', "place"),
        ('place = "Kotor"', 'place = "Kotor"\nhabour = "Riva"', "habour"),
        ('included = ["Life vests, also for children"', "included = [7", "included"),
        ("duration_min = 180", "", "duration_min"),
        ('kind = "boat", size = 4', 'kind = "raft", size = 4', "kind"),
        ('kind = "boat", size = 4', 'kind = "boat", size = 3', "fewer seats than are sold"),
        ('kind = "boat", size = 4', 'kind = "boat", size = 4, deck = 1', "deck"),
        ("duration_min = 180", "duration_min = = 180", "cannot be read"),
    ],
)
def test_a_damaged_file_is_refused_with_its_field(folder: Path, old: str, new: str, said: str) -> None:
    path = folder / "adriatic.toml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(DemoDataInvalid, match=said):
        load_demo_data(folder)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('vendor = "plava-boka"', 'vendor = "nobody"'),
        ('vendor = "plava-boka"', ""),
        ('role = "agent"', 'role = "agent"\nvendor = "plava-boka"'),
        ('role = "agent"', 'role = "agent"\nvendor = "nobody"'),
    ],
)
def test_only_people_of_a_vendor_name_one(folder: Path, old: str, new: str) -> None:
    path = folder / "agency.toml"
    path.write_text(path.read_text("utf-8").replace(old, new, 1), "utf-8")
    with pytest.raises(DemoDataInvalid, match="vendor"):
        load_demo_data(folder)
