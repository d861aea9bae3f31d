"""How near one trip comes to another."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from travellr_desktop.domain.alternatives import FURTHEST, TripLike, distance
from travellr_desktop.domain.money import Money

CAVE = TripLike("Kotor", "Montenegro", 180, Money(4500, "EUR"), date(2026, 7, 4))

trips = st.builds(
    TripLike,
    place=st.sampled_from(["Kotor", "Budva", "Lisbon"]),
    country=st.sampled_from(["Montenegro", "Portugal"]),
    minutes=st.integers(1, 10_000),
    price=st.builds(Money, st.integers(0, 10**9), st.sampled_from(["EUR", "JPY"])),
    day=st.dates(date(2026, 1, 1), date(2026, 12, 31)),
)


@given(trips, trips)
def test_it_is_the_same_from_either_side_and_nothing_only_for_the_same(one: TripLike, two: TripLike) -> None:
    assert distance(one, two) == distance(two, one)
    assert (distance(one, two) == 0) == (one == two)


def test_the_same_place_is_nearer_than_another_and_that_than_another_country() -> None:
    budva, lisbon = replace(CAVE, place="Budva"), replace(CAVE, place="Lisbon", country="Portugal")
    assert 0 < distance(CAVE, budva) < distance(CAVE, lisbon)


def test_length_and_price_are_compared_by_how_often_one_goes_into_the_other() -> None:
    half, twice = replace(CAVE, minutes=90), replace(CAVE, minutes=360)
    assert distance(CAVE, half) == distance(CAVE, twice)
    cheaper, dearer = replace(CAVE, price=Money(2250, "EUR")), replace(CAVE, price=Money(9000, "EUR"))
    assert distance(CAVE, cheaper) == distance(CAVE, dearer) == distance(CAVE, half)


def test_a_price_does_not_decide_alone() -> None:
    absurd = replace(CAVE, price=Money(45_000_000_00, "EUR"))
    assert distance(CAVE, absurd) == FURTHEST
    assert distance(CAVE, replace(CAVE, price=Money(0, "EUR"))) == FURTHEST


def test_amounts_of_two_currencies_are_not_compared() -> None:
    yen = [replace(CAVE, price=Money(amount, "JPY")) for amount in (45, 4_500_000)]
    assert distance(CAVE, yen[0]) == distance(CAVE, yen[1])


def test_each_day_away_counts_the_same() -> None:
    one, two = (replace(CAVE, day=CAVE.day + timedelta(days=n)) for n in (1, -2))
    assert distance(CAVE, two) == 2 * distance(CAVE, one)
