"""What is taken off, how it is spread, and what it comes to when a price becomes another one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from travellr_desktop.domain.discounts import (
    DiscountKind,
    Off,
    Terms,
    combine,
    in_bps,
    most_own,
    spread_over,
    taken_again,
)
from travellr_desktop.domain.money import share
from travellr_desktop.errors import InvalidInput

PERCENT, AMOUNT = DiscountKind.PERCENT, DiscountKind.AMOUNT
prices = st.lists(st.integers(0, 10**7), min_size=1, max_size=12)


def percent(bps: int, *, own: bool = False) -> Terms:
    return Terms(PERCENT, bps=bps, own=own)


def amount(minor: int, *, own: bool = False) -> Terms:
    return Terms(AMOUNT, amount=minor, own=own)


@pytest.mark.parametrize(
    ("kind", "bps", "minor"),
    [
        (PERCENT, 0, 0),
        (PERCENT, 1000, 5),
        (PERCENT, 10_001, 0),
        (AMOUNT, 0, 0),
        (AMOUNT, 5, 100),
        (AMOUNT, 0, -1),
    ],
)
def test_a_discount_takes_something_off_in_one_way(kind: DiscountKind, bps: int, minor: int) -> None:
    with pytest.raises(InvalidInput) as refusal:
        Terms(kind, bps, minor)
    assert refusal.value.field == "discount"


def test_a_percentage_is_rounded_once_on_the_sum() -> None:
    """10 % of 3 × 33.33 are 10.00, not three times 3.33."""
    assert spread_over(percent(1_000), [3333, 3333, 3333]) == [334, 333, 333]


def test_an_amount_takes_no_more_than_there_is() -> None:
    assert spread_over(amount(500), [4500, 2700]) == [313, 187]
    assert spread_over(amount(50_000), [4500, 0, 2700]) == [4500, 0, 2700]
    assert spread_over(amount(500), [0]) == [0]


@given(prices, st.integers(1, 10_000))
def test_the_parts_are_the_whole_and_within_each_price(listed: list[int], bps: int) -> None:
    parts = spread_over(percent(bps), listed)
    assert sum(parts) == share(sum(listed), bps)
    assert all(0 <= part <= price for part, price in zip(parts, listed, strict=True))


def test_discounts_add_up_and_keep_apart_who_bears_them() -> None:
    found = combine([(percent(1_000), [450, 270]), (amount(200, own=True), [125, 75])], 2)
    assert found == [Off(575, 125), Off(345, 75)]
    assert combine([], 2) == [Off(), Off()]


def test_a_percentage_is_reckoned_anew_also_for_who_joins() -> None:
    """A dearer day: 10 % of 60.00; the third traveller had no part of it before."""
    assert taken_again([(percent(1_000), {1: 450})], {1: 6000, 3: 3000}) == [{1: 600, 3: 300}]


def test_an_amount_stays_as_far_as_the_price_allows() -> None:
    given = [(amount(900), {1: 600, 2: 300})]
    assert taken_again(given, {1: 500, 2: 4000, 3: 4000}) == [{1: 500, 2: 300, 3: 0}]


def test_the_second_discount_is_taken_of_what_the_first_leaves() -> None:
    given = [(percent(5_000), {1: 2000}), (amount(3000), {1: 1500})]
    assert taken_again(given, {1: 2000}) == [{1: 1000}, {1: 1000}]


@given(
    st.lists(st.tuples(st.booleans(), st.integers(1, 10_000), st.booleans()), max_size=3),
    st.dictionaries(st.integers(1, 9), st.integers(0, 10**6), max_size=9),
    st.integers(0, 10**6),
)
def test_nobody_is_ever_paid_for_travelling(
    rows: list[tuple[bool, int, bool]], listed: dict[int, int], had: int
) -> None:
    given_now = [
        (percent(v, own=own) if p else amount(v, own=own), dict.fromkeys(listed, had)) for p, v, own in rows
    ]
    again = taken_again(given_now, listed)
    for position, price in listed.items():
        assert 0 <= sum(parts[position] for parts in again) <= price


def test_how_much_of_a_price_is_rounded_up_so_that_no_limit_is_passed_unseen() -> None:
    assert in_bps(450, 4500) == 1_000
    assert in_bps(451, 4500) == 1_003
    assert in_bps(0, 0) == 0


def test_the_agency_bears_no_more_than_it_earns() -> None:
    assert most_own(9_999, 2_000) == 2_000
