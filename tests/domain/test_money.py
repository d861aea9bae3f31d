from __future__ import annotations

import operator
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from travellr_desktop.domain.money import (
    CURRENCIES,
    CurrencyMismatch,
    Money,
    check_bps,
    cumulative_part,
    decimals,
    round_ratio,
    share,
    spread,
    sum_money,
)
from travellr_desktop.errors import InvalidInput

minors = st.integers(-(10**18), 10**18)
bps = st.integers(0, 10_000)


@pytest.mark.parametrize(
    ("currency", "places"),
    [
        *[("EUR", 2), ("RSD", 2), ("IQD", 3), ("UGX", 0), ("ISK", 0), ("HUF", 2), ("TWD", 2), ("MGA", 2)],
        *[("KWD", 3), ("JPY", 0), ("CLF", 4), ("UYW", 4), ("UYI", 0), ("IRR", 2), ("COP", 2), ("LYD", 3)],
    ],
)
def test_decimals_are_those_of_iso_4217(currency: str, places: int) -> None:
    assert decimals(currency) == places


def test_the_table_holds_active_currencies_only() -> None:
    assert len(CURRENCIES) == 165
    assert set(CURRENCIES.values()) == {0, 2, 3, 4}
    assert {"XCG", "ZWG", "SLE", "VED"} <= set(CURRENCIES)
    assert not {"XAU", "XTS", "XXX", "HRK", "ANG", "SLL", "BGN", "ZWL"} & set(CURRENCIES)


@pytest.mark.parametrize("currency", ["", "eur", "EURO", "XXX", "DEM"])
def test_what_is_no_currency_is_refused(currency: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        Money(1, currency)
    assert refusal.value.field == "currency"


@pytest.mark.parametrize("amount", [1.0, True, "1", None])
def test_only_whole_numbers_are_amounts(amount: Any) -> None:
    with pytest.raises(InvalidInput) as refusal:
        Money(amount, "EUR")
    assert refusal.value.field == "amount"


@given(minors, minors, st.integers(0, 1000))
def test_sums_are_those_of_whole_numbers(a: int, b: int, times: int) -> None:
    x, y = Money(a, "EUR"), Money(b, "EUR")
    assert x + y == Money(a + b, "EUR")
    assert x - y == Money(a - b, "EUR")
    assert -x == Money(-a, "EUR")
    assert abs(x) == Money(abs(a), "EUR")
    assert x * times == times * x == sum_money([x] * times, "EUR")
    assert (x < y, x <= y, x > y, x >= y) == (a < b, a <= b, a > b, a >= b)
    assert bool(x) is (a != 0)


@pytest.mark.parametrize(
    "act", [operator.add, operator.sub, operator.lt, operator.le, operator.gt, operator.ge]
)
def test_two_currencies_never_mix(act: Callable[[Any, Any], Any]) -> None:
    with pytest.raises(CurrencyMismatch, match="EUR and USD"):
        act(Money(1, "EUR"), Money(1, "USD"))
    with pytest.raises(TypeError):
        act(Money(1, "EUR"), 1)


def test_equal_needs_the_same_currency() -> None:
    assert Money(1, "EUR") != Money(1, "USD")
    assert Money.zero("JPY") == Money(0, "JPY")
    assert sum_money([], "JPY") == Money.zero("JPY")
    with pytest.raises(CurrencyMismatch):
        sum_money([Money(1, "USD")], "EUR")


@pytest.mark.parametrize("times", [1.5, True])
def test_money_is_multiplied_by_whole_numbers_only(times: Any) -> None:
    with pytest.raises(TypeError):
        Money(1, "EUR") * times


@pytest.mark.parametrize(
    ("num", "den", "rounded"),
    [(1, 2, 1), (-1, 2, -1), (3, 2, 2), (5, 2, 3), (-5, 2, -3), (1, 3, 0), (2, 3, 1), (0, 7, 0), (-2, 3, -1)],
)
def test_halves_round_away_from_zero(num: int, den: int, rounded: int) -> None:
    assert round_ratio(num, den) == rounded


@given(st.integers(), st.integers(1, 10**9))
def test_rounding_is_never_more_than_half_off_and_the_same_on_both_sides_of_zero(num: int, den: int) -> None:
    assert abs(round_ratio(num, den) - Fraction(num, den)) <= Fraction(1, 2)
    assert round_ratio(-num, den) == -round_ratio(num, den)


@pytest.mark.parametrize("den", [0, -1])
def test_nothing_is_divided_by_zero_or_less(den: int) -> None:
    with pytest.raises(InvalidInput):
        round_ratio(1, den)


@pytest.mark.parametrize("rate", [-1, 10_001, 0.2, True])
def test_a_share_lies_between_nothing_and_all(rate: Any) -> None:
    with pytest.raises(InvalidInput) as refusal:
        check_bps(rate)
    assert refusal.value.field == "rate"


def test_share_is_rounded_once() -> None:
    assert share(101, 2_000) == 20
    assert share(103, 2_000) == 21
    assert share(-103, 2_000) == -21
    assert share(10**30 + 5, 10_000) == 10**30 + 5


def reversed_in_parts(rate: int, parts: list[int]) -> list[int]:
    total = sum(parts)
    so_far = already = 0
    shares = []
    for part in parts:
        now = cumulative_part(
            rate, part=part, so_far=so_far, already=already, total=total, total_share=share(total, rate)
        )
        shares.append(now)
        so_far, already = so_far + part, already + now
    return shares


def test_many_small_parts_reverse_what_one_big_one_would() -> None:
    parts = [3] * 33 + [2]
    assert sum(parts) == 101
    assert sum(reversed_in_parts(2_000, parts)) == 20
    assert sum(share(part, 2_000) for part in parts) == 33  # rounding each apart gives away thirteen too many


@given(bps, st.lists(st.integers(0, 10**6), min_size=1, max_size=40))
def test_shares_of_parts_add_up_and_are_never_negative(rate: int, parts: list[int]) -> None:
    shares = reversed_in_parts(rate, parts)
    assert sum(shares) == share(sum(parts), rate)
    assert all(one >= 0 for one in shares)
    for n in range(1, len(parts)):
        if sum(parts[:n]) < sum(parts):
            assert sum(shares[:n]) == share(sum(parts[:n]), rate)  # right at every step, not only at the end


def test_the_last_part_takes_what_another_rule_left() -> None:
    def last(already: int) -> int:
        return cumulative_part(2_000, part=50, so_far=50, already=already, total=100, total_share=25)

    assert last(10) == 15
    assert last(25) == 0


def test_a_part_never_exceeds_the_share_nor_takes_any_back() -> None:
    assert cumulative_part(2_000, part=90, so_far=0, already=0, total=100, total_share=5) == 5
    assert cumulative_part(2_000, part=1, so_far=10, already=9, total=100, total_share=20) == 0


@pytest.mark.parametrize(
    "wrong", [{"part": -1}, {"so_far": -1}, {"part": 101}, {"already": -1}, {"already": 21}]
)
def test_parts_beyond_their_whole_are_refused(wrong: dict[str, int]) -> None:
    fields = {"part": 1, "so_far": 0, "already": 0, "total": 100, "total_share": 20} | wrong
    with pytest.raises(InvalidInput):
        cumulative_part(2_000, **fields)


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=30), st.data())
def test_spread_adds_up_stays_within_and_is_fair(weights: list[int], data: st.DataObject) -> None:
    whole = sum(weights)
    total = data.draw(st.integers(0, whole))
    parts = spread(total, weights)
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert 0 <= part <= weight
        assert whole == 0 or abs(part - Fraction(total * weight, whole)) < 1


def test_spread_serves_the_largest_remainder_and_among_equals_the_first() -> None:
    assert spread(100, [1, 1, 1]) == [34, 33, 33]
    assert spread(10, [5, 5, 1]) == [5, 4, 1]
    assert spread(7, [0, 3]) == [0, 7]  # more than the weights: in proportion all the same
    assert spread(0, [0, 0]) == [0, 0]
    assert spread(0, []) == []


@pytest.mark.parametrize(("total", "weights"), [(-1, [1]), (1, [2, -1]), (1, []), (1, [0, 0])])
def test_what_cannot_be_spread_is_refused(total: int, weights: list[int]) -> None:
    with pytest.raises(InvalidInput) as refusal:
        spread(total, weights)
    assert refusal.value.field == "amount"
