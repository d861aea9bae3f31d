from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from travellr_desktop.domain.commission import (
    DEFAULT_BPS,
    Kept,
    Split,
    kept_share,
    kept_split,
    own_part,
    split,
    split_part,
)
from travellr_desktop.domain.money import share
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
    with pytest.raises(InvalidInput):
        split(1, own=-1)


def test_a_discount_of_its_own_is_paid_out_of_the_commission() -> None:
    """10.00 off 100.00 at the agency's cost: the vendor has their 80.00."""
    assert split(9_000, 2_000, own=1_000) == Split(commission=1_000, net=8_000)
    assert split(9_000, 2_000) == Split(commission=1_800, net=7_200)  # shared: both bear it


def test_the_vendor_has_no_more_than_there_is() -> None:
    assert split(7_000, 2_000, own=3_000) == Split(commission=0, net=7_000)


def test_of_a_part_the_discount_counts_in_proportion() -> None:
    assert own_part(4_500, 9_000, 1_000) == 500
    assert split_part(4_500, 9_000, 2_000, own=1_000) == Split(commission=500, net=4_000)
    assert split_part(9_000, 9_000, 2_000, own=1_000) == split(9_000, 2_000, own=1_000)
    assert split_part(0, 0, own=5) == Split(0, 0)
    with pytest.raises(InvalidInput):
        split_part(2, 1)


@given(st.integers(1, 10**9), st.integers(0, 10_000), st.data())
def test_the_vendor_gets_what_they_would_without_the_agencys_own_discount(
    listed: int, bps: int, data: st.DataObject
) -> None:
    own = data.draw(st.integers(0, share(listed, bps)))
    assert split(listed - own, bps, own).net == split(listed, bps).net


# what was kept, part by part

keeps = st.lists(
    st.tuples(st.integers(0, 9_000), st.integers(0, 900), st.integers(0, 300)).map(
        lambda drawn: Kept(drawn[0], 9_000, min(drawn[2], drawn[0]), drawn[1])
    ),
    max_size=12,
)


def part_by_part(parts: list[Kept], bps: int) -> list[Split]:
    found: list[Split] = []
    for index, part in enumerate(parts):
        found.append(kept_split(part, parts[:index], sum(each.net for each in found), bps))
    return found


@given(keeps, st.integers(0, 10_000))
def test_what_is_kept_part_by_part_is_divided_as_if_at_once(parts: list[Kept], bps: int) -> None:
    found = part_by_part(parts, bps)
    for part, each in zip(parts, found, strict=True):
        assert each.commission + each.net == part.kept
        assert each.commission >= part.fixed_fee
        assert each.net >= 0
    plain = [Kept(part.kept, part.price, part.fixed_fee) for part in parts]
    whole = sum(part.kept - part.fixed_fee for part in parts)
    assert sum(each.net for each in part_by_part(plain, bps)) == split(whole, bps).net


def test_rounding_each_part_by_itself_would_not() -> None:
    """34 parts of 101 units: 20 of commission. Each rounded by itself they would be 33."""
    parts = [Kept(3, 3)] * 33 + [Kept(2, 2)]
    assert sum(each.commission for each in part_by_part(parts, 2_000)) == 20
    assert sum(split(part.kept, 2_000).commission for part in parts) == 33


def test_the_parts_of_own_discounts_come_to_the_vendors_part_of_the_sum() -> None:
    parts = [Kept(45, 90, own=10), Kept(30, 90, own=10)]
    assert kept_share(parts, 2_000) == 83 - share(83, 2_000)  # 75 kept, 8 taken off
    assert sum(each.net for each in part_by_part(parts, 2_000)) == kept_share(parts, 2_000)
