"""Per cents as they are typed and read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from travellr_desktop.domain.percent_text import format_percent, parse_percent
from travellr_desktop.errors import InvalidInput


@given(st.integers(0, 10_000), st.sampled_from([".", ","]), st.sampled_from(["", "%", " %"]))
def test_what_is_written_is_read_back(bps: int, decimal: str, sign: str) -> None:
    assert parse_percent(format_percent(bps, decimal) + sign) == bps


@pytest.mark.parametrize(
    ("bps", "text"), [(0, "0"), (1000, "10"), (750, "7.5"), (705, "7.05"), (10_000, "100")]
)
def test_no_decimal_more_than_it_needs(bps: int, text: str) -> None:
    assert format_percent(bps) == text


@pytest.mark.parametrize(
    "text", ["", "%", "ten", "-5", "1.234", "7 5", "7..5", "100.01", "101", "1000", "5%%"]
)
def test_what_is_no_share_names_its_field(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse_percent(text, "rate")
    assert refused.value.field == "rate"
