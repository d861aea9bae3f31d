from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from travellr_desktop.domain.fees import spread_over
from travellr_desktop.domain.money import CurrencyMismatch, Money
from travellr_desktop.errors import InvalidInput


def eur(minor: int) -> Money:
    return Money(minor, "EUR")


def test_a_fee_falls_on_bookings_as_their_payment_did() -> None:
    assert spread_over(eur(292), {"a": eur(11_700), "b": eur(5_850)}) == {"a": eur(195), "b": eur(97)}
    assert spread_over(eur(1), {"a": eur(5), "b": eur(5)}) == {"a": eur(1), "b": eur(0)}
    assert spread_over(eur(0), {"a": eur(0)}) == {"a": eur(0)}
    assert spread_over(eur(0), {}) == {}


def test_a_fee_may_be_in_another_currency_than_the_payment() -> None:
    assert spread_over(eur(3), {"a": Money(200, "JPY"), "b": Money(100, "JPY")}) == {"a": eur(2), "b": eur(1)}
    with pytest.raises(CurrencyMismatch):
        spread_over(eur(3), {"a": eur(1), "b": Money(1, "JPY")})


def test_a_fee_needs_something_to_fall_on() -> None:
    for parts in ({}, {"a": eur(0)}):
        with pytest.raises(InvalidInput, match="nothing to spread"):
            spread_over(eur(1), parts)
    with pytest.raises(InvalidInput):
        spread_over(eur(-1), {"a": eur(1)})


@given(st.integers(0, 10**9), st.lists(st.integers(1, 10**9), min_size=1, max_size=12))
def test_the_parts_of_a_fee_add_up_and_are_within_a_unit_of_their_share(fee: int, parts: list[int]) -> None:
    found = spread_over(eur(fee), {i: eur(part) for i, part in enumerate(parts)})
    assert sum(part.minor for part in found.values()) == fee
    whole = sum(parts)
    for i, part in enumerate(parts):
        assert abs(found[i].minor * whole - fee * part) < whole
