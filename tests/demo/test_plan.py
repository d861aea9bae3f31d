"""The plan of the demonstration: the same for the same seed, and nothing in it that a service would refuse."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from functools import cache

import pytest

from travellr_desktop.demo.data import load_demo_data
from travellr_desktop.demo.plan import LIVE, WEIGHTS, Fate, Item, Plan, PlannedSale, Size, make_plan
from travellr_desktop.domain.cancellation import PRESETS, quote
from travellr_desktop.domain.party import TAKES_SEAT, seats

DAYS = (date(2026, 6, 18), date(2026, 11, 20), date(2027, 3, 28), date(2028, 2, 29))


@cache
def planned(today: date, seed: int = 1, bookings: int = 600, vendors: int = 40) -> Plan:
    return make_plan(load_demo_data(), today, seed, Size(vendors, bookings))


def items(plan: Plan) -> list[tuple[PlannedSale, Item]]:
    return [(sale, item) for sale in plan.sales for item in sale.items]


def told(plan: Plan) -> list[object]:
    """What a person would see of it."""
    return [
        (sale.at, sale.buyer, sale.pays, plan.trips[item.slot.trip].title, item.slot.starts_at, item.names)
        for sale, item in items(plan)
    ]


@pytest.mark.parametrize("today", DAYS)
def test_six_hundred_bookings_in_every_state_on_any_day(today: date) -> None:
    plan = planned(today)
    assert Counter(item.fate for _, item in items(plan)) == WEIGHTS
    assert sum(WEIGHTS.values()) == 600
    assert sum(len(sale.items) == 2 for sale in plan.sales) >= 30
    assert len({plan.trips[item.slot.trip].currency for _, item in items(plan)}) >= 5


def test_the_same_seed_plans_the_same_and_another_one_something_else() -> None:
    data = load_demo_data()
    again = make_plan(data, DAYS[0], 1, Size())
    assert told(again) == told(planned(DAYS[0]))
    assert told(planned(DAYS[0], seed=2)) != told(again)


@pytest.mark.parametrize("today", DAYS)
@pytest.mark.parametrize("seed", [1, 2, 7])
def test_nothing_is_sold_beyond_its_seats_or_after_its_cut_off(today: date, seed: int) -> None:
    plan = planned(today, seed)
    taken: Counter[int] = Counter()
    for sale, item in items(plan):
        taken[item.slot.number] += seats(item.party, TAKES_SEAT)
        assert seats(item.party, TAKES_SEAT) > 0
        if item.fate in LIVE:
            assert item.slot.starts_at - item.slot.cutoff > plan.morning + timedelta(days=1)
        else:
            assert plan.opened < sale.at < item.slot.starts_at - item.slot.cutoff
            assert sale.at < plan.morning
    capacity = {slot.number: slot.capacity for slots in plan.slots for slot in slots}
    assert all(count <= capacity[number] for number, count in taken.items())


@pytest.mark.parametrize("today", DAYS)
def test_a_cancellation_gives_back_what_its_fate_says(today: date) -> None:
    plan = planned(today)
    shares = {Fate.BACK_WHOLE: 100, Fate.BACK_PART: 50, Fate.BACK_NONE: 0, Fate.BACK_SLOWLY: 100}
    seen: Counter[Fate] = Counter()
    for sale, item in items(plan):
        if item.fate not in shares:
            continue
        assert item.end_at is not None
        assert sale.at < item.end_at < plan.morning
        trip = plan.trips[item.slot.trip]
        found = quote(
            PRESETS[trip.policy],
            price=100_00,
            deposit=0,
            paid=100_00,
            currency="EUR",
            departs_at=item.slot.starts_at,
            zone=trip.zone,
            booked_at=sale.at,
            now=item.end_at,
        )
        assert found.back == shares[item.fate] * 100
        seen[item.fate] += 1
    assert seen == {fate: WEIGHTS[fate] for fate in shares}


def test_what_is_over_by_this_morning_is_what_was_travelled() -> None:
    plan = planned(DAYS[1])
    for _, item in items(plan):
        travelled = item.fate in (Fate.COMPLETED, Fate.NO_SHOW)
        if travelled:
            assert item.slot.ends_at < plan.morning
        if item.fate is Fate.CONFIRMED:
            assert item.slot.starts_at > plan.morning


def test_every_traveller_of_a_party_has_a_name_and_children_an_age() -> None:
    for _, item in items(planned(DAYS[0])):
        assert [kind for _, kind, _ in item.names] == list(item.party)
        assert len({name for name, _, _ in item.names}) == item.party.pax
        assert all((age is None) == (kind.value == "adult") for _, kind, age in item.names)


def test_half_a_year_of_departures_stands_around_today() -> None:
    plan = planned(DAYS[0])
    days = [slot.day for slots in plan.slots for slot in slots]
    assert (max(days) - min(days)).days == 7 * 26 - 1
    assert len(days) > 10_000
    assert len(plan.trips) == 120


def test_more_bookings_than_seats_are_refused_before_anything_is_done() -> None:
    with pytest.raises(ValueError, match="no seats for so many"):
        planned(DAYS[0], bookings=100_000, vendors=1)
