"""What becomes of each day of a series, across changes of the clocks too."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from travellr_desktop.domain.periods import zone
from travellr_desktop.domain.series import DayKind, Rule, plan
from travellr_desktop.errors import InvalidInput

NOW = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
EVERY_DAY = frozenset(range(7))
RULE = Rule(EVERY_DAY, time(9, 0), date(2026, 2, 2), date(2026, 2, 8), "Europe/Podgorica")


def kinds(rule: Rule, now: datetime = NOW) -> dict[date, DayKind]:
    return {day.day: day.kind for day in plan(rule, now)}


def test_weekdays_make_days_and_both_ends_count() -> None:
    rule = replace(RULE, weekdays=frozenset({0, 6}))
    assert list(rule.days()) == [date(2026, 2, 2), date(2026, 2, 8)]
    assert [day.starts_at for day in plan(rule, NOW)] == [
        datetime(2026, 2, 2, 8, 0, tzinfo=UTC),
        datetime(2026, 2, 8, 8, 0, tzinfo=UTC),
    ]


def test_the_clock_time_stays_across_the_change_and_the_moment_moves() -> None:
    rule = replace(RULE, first_day=date(2026, 3, 28), last_day=date(2026, 3, 30))
    assert [f"{day.starts_at:%d %H}" for day in plan(rule, NOW) if day.starts_at] == [
        "28 08",
        "29 07",
        "30 07",
    ]


def test_a_time_that_the_clocks_skip_is_named_and_left_out() -> None:
    rule = replace(RULE, at=time(2, 30), first_day=date(2026, 3, 28), last_day=date(2026, 3, 30))
    before, skipped, after = plan(rule, NOW)
    assert (before.kind, skipped.kind, after.kind) == (DayKind.MADE, DayKind.SKIPPED, DayKind.MADE)
    assert skipped.starts_at is None
    assert "go from 02:00 to 03:00: 02:30 does not exist. Nothing leaves that day." in skipped.words


def test_a_time_that_the_clocks_show_twice_is_the_first_and_said_so() -> None:
    rule = replace(RULE, at=time(2, 30), first_day=date(2026, 10, 25), last_day=date(2026, 10, 25))
    (day,) = plan(rule, NOW)
    assert day.kind is DayKind.DOUBLED
    assert day.starts_at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert "twice that day: it leaves the first time, 00:30 UTC (CEST)." in day.words


def test_a_day_that_a_zone_left_out_is_skipped() -> None:
    rule = Rule(EVERY_DAY, time(9), date(2011, 12, 29), date(2011, 12, 31), "Pacific/Apia")
    now = datetime(2011, 12, 1, tzinfo=UTC)
    assert list(kinds(rule, now).values()) == [DayKind.MADE, DayKind.SKIPPED, DayKind.MADE]


def test_days_left_out_past_too_far_or_there_already_are_told_apart() -> None:
    rule = replace(RULE, except_days=frozenset({date(2026, 2, 4), date(2026, 2, 5)}))
    now = datetime(2026, 2, 3, 8, 0, tzinfo=UTC)  # nine o'clock there: just leaving
    found = {day.day.day: day.kind for day in plan(rule, now, {date(2026, 2, 6), date(2026, 2, 5)})}
    assert found == {
        2: DayKind.PAST,
        3: DayKind.PAST,
        4: DayKind.EXCEPTED,
        5: DayKind.EXCEPTED,
        6: DayKind.THERE,
        7: DayKind.MADE,
        8: DayKind.MADE,
    }
    far = replace(RULE, first_day=date(2036, 2, 1), last_day=date(2036, 2, 2))
    assert set(kinds(far).values()) == {DayKind.FAR}
    never = replace(RULE, first_day=date.max, last_day=date.max, at=time(23, 59), zone="Pacific/Honolulu")
    assert set(kinds(never).values()) == {DayKind.FAR}


def test_an_exception_on_no_day_of_the_series_is_found() -> None:
    monday = replace(
        RULE, weekdays=frozenset({0}), except_days=frozenset({date(2026, 2, 2), date(2026, 2, 3)})
    )
    assert monday.never() == (date(2026, 2, 3),)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"weekdays": frozenset()}, "weekdays"),
        ({"weekdays": frozenset({7})}, "weekdays"),
        ({"last_day": date(2026, 2, 1)}, "last_day"),
        ({"last_day": date(2036, 3, 1)}, "last_day"),
        ({"at": time(9, 0, 30)}, "at"),
        ({"at": time(9, 0, tzinfo=UTC)}, "at"),
        ({"zone": "Mars/Olympus"}, "zone"),
    ],
)
def test_a_rule_that_cannot_be_is_refused_at_its_field(more: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        replace(RULE, **more)
    assert refusal.value.field == field


@given(
    st.sampled_from(
        ["Europe/Podgorica", "America/New_York", "Australia/Lord_Howe", "Asia/Tokyo", "Pacific/Apia"]
    ),
    st.times().map(lambda at: at.replace(second=0, microsecond=0, tzinfo=None)),
    st.dates(date(2026, 1, 7), date(2030, 1, 1)),
    st.integers(0, 400),
)
def test_every_departure_shows_its_clock_time_and_no_day_is_lost(
    name: str, at: time, first: date, more: int
) -> None:
    rule = Rule(EVERY_DAY, at, first, first + timedelta(days=more), name)
    days = plan(rule, NOW)
    assert [day.day for day in days] == list(rule.days())
    moments = [day.starts_at for day in days if day.starts_at is not None]
    assert moments == sorted(set(moments))
    for day in days:
        if day.starts_at is not None:
            assert day.starts_at.astimezone(zone(name)).replace(tzinfo=None) == datetime.combine(day.day, at)
        else:
            assert day.kind is DayKind.SKIPPED
