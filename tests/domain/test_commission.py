from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from travellr_desktop.domain.commission import DEFAULT_BPS, Split, split
from travellr_desktop.errors import InvalidInput


def test_the_agency_has_a_fifth_unless_agreed_otherwise() -> None:
    assert DEFAULT_BPS == 2_000
    assert split(10_000) == Split(commission=2_000, net=8_000)
    assert split(10_000, 1_500) == Split(commission=1_500, net=8_500)


@given(st.integers(0, 10**15), st.integers(0, 10_000))
def test_both_parts_make_the_price(price: int, bps: int) -> None:
    parts = split(price, bps)
    assert parts.commission + parts.net == price
    assert 0 <= parts.commission <= price
    assert abs(parts.commission * 10_000 - price * bps) <= 5_000  # within half a minor unit


def test_a_negative_price_is_refused() -> None:
    with pytest.raises(InvalidInput) as refusal:
        split(-1)
    assert refusal.value.field == "price"
