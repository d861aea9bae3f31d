"""The days of batches; every moment here was reckoned by hand from the clocks of the zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from travellr_desktop.domain.payouts.periods import cut_off, ended_before, is_over, period_of
from travellr_desktop.domain.payouts.words import Schedule
from travellr_desktop.domain.periods import Period
from travellr_desktop.errors import InvalidInput

WEEKLY, MONTHLY = Schedule.WEEKLY, Schedule.MONTHLY
KOTOR, AUCKLAND, LOS_ANGELES = "Europe/Podgorica", "Pacific/Auckland", "America/Los_Angeles"
THURSDAY = datetime(2026, 6, 18, 8, 40, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)


def days(*dates: tuple[int, int, int]) -> Period:
    return Period(*(date(*each) for each in dates))


@pytest.mark.parametrize(
    ("weekday", "period"),
    [
        (0, days((2026, 6, 8), (2026, 6, 14))),
        (3, days((2026, 6, 11), (2026, 6, 17))),
        (4, days((2026, 6, 5), (2026, 6, 11))),
        (6, days((2026, 6, 7), (2026, 6, 13))),
    ],
)
def test_the_last_week_is_the_one_that_is_over(weekday: int, period: Period) -> None:
    assert ended_before(WEEKLY, THURSDAY, KOTOR, weekday) == period


def test_the_last_month_is_the_one_that_is_over() -> None:
    assert ended_before(MONTHLY, THURSDAY, KOTOR) == days((2026, 5, 1), (2026, 5, 31))
    assert ended_before(MONTHLY, datetime(2026, 3, 1, tzinfo=UTC), KOTOR) == days((2026, 2, 1), (2026, 2, 28))


@pytest.mark.parametrize(
    ("period", "begins", "ends", "hours"),
    [
        # the clocks go back in the night to the Sunday that ends the week, forward in spring
        (
            days((2026, 10, 19), (2026, 10, 25)),
            datetime(2026, 10, 18, 22, tzinfo=UTC),
            datetime(2026, 10, 25, 23, tzinfo=UTC),
            169,
        ),
        (
            days((2026, 3, 23), (2026, 3, 29)),
            datetime(2026, 3, 22, 23, tzinfo=UTC),
            datetime(2026, 3, 29, 22, tzinfo=UTC),
            167,
        ),
        (
            days((2026, 6, 8), (2026, 6, 14)),
            datetime(2026, 6, 7, 22, tzinfo=UTC),
            datetime(2026, 6, 14, 22, tzinfo=UTC),
            168,
        ),
    ],
)
def test_a_week_in_which_the_clocks_change_is_an_hour_longer_or_shorter(
    period: Period, begins: datetime, ends: datetime, hours: int
) -> None:
    start, end = period.bounds(KOTOR)
    assert (start, end) == (begins, ends)
    assert end - start == timedelta(hours=hours)
    assert cut_off(period, KOTOR) == end
    assert ended_before(WEEKLY, end, KOTOR) == period
    assert ended_before(WEEKLY, end - MOMENT, KOTOR).last == period.first - timedelta(days=1)
    assert is_over(period, end, KOTOR)
    assert not is_over(period, end - MOMENT, KOTOR)


def test_the_year_ends_in_los_angeles_when_it_ends_there() -> None:
    december, november = days((2026, 12, 1), (2026, 12, 31)), days((2026, 11, 1), (2026, 11, 30))
    auckland_rings = datetime(2026, 12, 31, 11, tzinfo=UTC)
    los_angeles_rings = datetime(2027, 1, 1, 8, tzinfo=UTC)
    assert cut_off(december, AUCKLAND) == auckland_rings
    assert cut_off(december, LOS_ANGELES) == los_angeles_rings
    assert ended_before(MONTHLY, auckland_rings, AUCKLAND) == december
    assert ended_before(MONTHLY, auckland_rings, LOS_ANGELES) == november
    assert ended_before(MONTHLY, los_angeles_rings - MOMENT, LOS_ANGELES) == november
    assert ended_before(MONTHLY, los_angeles_rings, LOS_ANGELES) == december
    # a harbour tour that leaves Auckland half an hour into the new year, and is back two hours later
    back = datetime(2026, 12, 31, 13, 30, tzinfo=UTC)
    assert auckland_rings < back <= los_angeles_rings


def test_days_know_their_week_and_month() -> None:
    day = days((2026, 6, 18), (2026, 6, 18))
    assert period_of(WEEKLY, day, 2) == days((2026, 6, 17), (2026, 6, 23))
    assert period_of(MONTHLY, day) == days((2026, 6, 1), (2026, 6, 30))


def test_a_moment_needs_its_zone() -> None:
    with pytest.raises(InvalidInput):
        ended_before(WEEKLY, datetime(2026, 6, 18), KOTOR)  # noqa: DTZ001
