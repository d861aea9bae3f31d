from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from travellr_desktop.domain.exchange_rate import ExchangeRate
from travellr_desktop.domain.money import Money, decimals
from travellr_desktop.errors import InvalidInput

currencies = st.sampled_from(["EUR", "USD", "JPY", "KWD", "CLF", "RSD"])
rates = st.builds(
    lambda pair, num, den: ExchangeRate(pair[0], pair[1], num, den),
    st.tuples(currencies, currencies).filter(lambda pair: pair[0] != pair[1]),
    st.integers(1, 10**9),
    st.integers(1, 10**9),
)


@pytest.mark.parametrize(
    ("rate", "source", "gave", "target", "got"),
    [
        ("117.1684", "EUR", 10_000, "RSD", 1_171_684),  # 100.00 euros are 11,716.84 dinars
        ("162.9", "EUR", 117, "JPY", 191),  # 1.17 euros are 190.593 yen
        ("0.0061387", "JPY", 15_000, "EUR", 9_208),  # 92.0805
        ("0.3069", "USD", 12_000, "KWD", 36_828),  # 36.828 dinars
        ("3.2584", "KWD", 36_830, "USD", 12_001),  # 120.0068...
        ("0.5", "USD", 1, "EUR", 1),  # half a cent goes away from zero
        ("0.5", "USD", -1, "EUR", -1),
    ],
)
def test_amounts_are_changed_and_rounded_once(
    rate: str, source: str, gave: int, target: str, got: int
) -> None:
    assert ExchangeRate.of(rate, source, target).convert(Money(gave, source)) == Money(got, target)


@given(rates, st.integers(-(10**12), 10**12))
def test_what_is_changed_is_within_half_a_unit_of_the_exact_amount(rate: ExchangeRate, minor: int) -> None:
    got = rate.convert(Money(minor, rate.source))
    exact = Fraction(minor, 10 ** decimals(rate.source)) * Fraction(rate.num, rate.den)
    assert abs(Fraction(got.minor, 10 ** decimals(rate.target)) - exact) * 2 <= Fraction(
        1, 10 ** decimals(rate.target)
    )
    assert got.currency == rate.target


@given(currencies, currencies, st.integers(1, 10**10), st.integers(1, 10**10))
def test_the_rate_between_two_actual_amounts_gives_them_back(a: str, b: str, gave: int, got: int) -> None:
    if a == b:
        return
    rate = ExchangeRate.between(Money(gave, a), Money(got, b))
    assert rate.convert(Money(gave, a)) == Money(got, b)
    assert rate.inverse.convert(Money(got, b)) == Money(gave, a)
    assert rate.inverse.inverse == rate


def test_rates_are_kept_in_lowest_terms() -> None:
    assert ExchangeRate("USD", "EUR", 50, 100) == ExchangeRate.of("0.5", "USD", "EUR")
    assert ExchangeRate.of("117", "EUR", "RSD") == ExchangeRate("EUR", "RSD", 117)


@pytest.mark.parametrize("text", ["", "1,08", "-1", "1e3", "0", "0.0", ".5", "1.", "١.٥", "1" * 13, "nan"])
def test_what_is_no_rate_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        ExchangeRate.of(text, "EUR", "USD")
    assert refusal.value.field == "rate"


@pytest.mark.parametrize(("num", "den"), [(0, 1), (1, 0), (-1, 1), (1.5, 1), (1, True), (True, 1)])
def test_a_rate_is_a_ratio_of_whole_numbers(num: Any, den: Any) -> None:
    with pytest.raises(InvalidInput) as refusal:
        ExchangeRate("EUR", "USD", num, den)
    assert refusal.value.field == "rate"


def test_a_rate_is_between_two_currencies_and_for_the_first() -> None:
    for source, target in (("EUR", "EUR"), ("EUR", "XXX"), ("XXX", "EUR")):
        with pytest.raises(InvalidInput):
            ExchangeRate(source, target, 1)
    with pytest.raises(InvalidInput, match="for EUR, not USD"):
        ExchangeRate("EUR", "USD", 1).convert(Money(1, "USD"))
