"""The lines that a chart is read against."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as some

from travellr_desktop.ui.earnings.scale import ticks


@pytest.mark.parametrize(
    ("low", "high", "lines"),
    [
        (0, 6_138, [0, 2_000, 4_000, 6_000, 8_000]),
        (0, 0, [0, 1]),
        (0, 3, [0, 1, 2, 3]),
        (-300, 1_100, [-500, 0, 500, 1_000, 1_500]),
        (-40, 0, [-40, -30, -20, -10, 0]),
    ],
)
def test_they_are_round_and_nothing_is_among_them(low: int, high: int, lines: list[int]) -> None:
    assert ticks(low, high) == lines


@given(some.integers(-(10**12), 10**12), some.integers(-(10**12), 10**12))
def test_whatever_is_drawn_lies_between_the_first_and_the_last(one: int, other: int) -> None:
    lines = ticks(min(one, other), max(one, other))
    assert lines[0] <= min(one, other, 0) and max(one, other, 0) <= lines[-1]
    assert 0 in lines and 2 <= len(lines) <= 5
    assert len({after - before for before, after in pairwise(lines)}) == 1
