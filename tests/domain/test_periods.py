from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from travellr_desktop.domain.periods import (
    Period,
    day_bounds,
    local_datetime,
    month_of,
    to_utc,
    wall_clock_before,
    week_of,
    zone,
)
from travellr_desktop.errors import InvalidInput

KOTOR, APIA, SAO_PAULO = "Europe/Podgorica", "Pacific/Apia", "America/Sao_Paulo"
ZONES = [KOTOR, "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", SAO_PAULO, APIA, "Africa/Cairo"]
zones = st.sampled_from(ZONES)
moments = st.integers(0, 46 * 365 * 86_400).map(
    lambda s: datetime(1990, 1, 1, tzinfo=UTC) + timedelta(seconds=s)
)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type,misc]


@pytest.mark.parametrize(
    "name", ["", "Europe", "Nope/Nope", "../etc/passwd", "/etc/localtime", "a\0b", "x" * 5_000]
)
def test_what_is_no_zone_is_refused(name: str) -> None:
    with pytest.raises(InvalidInput, match="not a time zone") as refusal:
        zone(name)
    assert refusal.value.field == "zone"
    assert len(str(refusal.value)) < 120


def test_a_time_without_a_zone_cannot_become_utc() -> None:
    with pytest.raises(InvalidInput):
        to_utc(datetime(2026, 1, 1))  # noqa: DTZ001
    local = datetime(2026, 6, 19, 8, 30, tzinfo=zone(KOTOR))
    assert to_utc(local) == utc(2026, 6, 19, 6, 30)
    assert to_utc(local).tzinfo is UTC


def test_an_ordinary_time_is_what_the_clocks_there_show() -> None:
    assert to_utc(local_datetime(date(2026, 6, 19), time(8, 30), KOTOR)) == utc(2026, 6, 19, 6, 30)
    assert to_utc(local_datetime(date(2026, 1, 19), time(8, 30), KOTOR)) == utc(2026, 1, 19, 7, 30)


@pytest.mark.parametrize(
    ("day", "at", "place", "before", "after"),
    [
        (date(2026, 3, 29), time(2, 30), KOTOR, "02:00", "03:00"),
        (date(2026, 3, 29), time(2, 0), KOTOR, "02:00", "03:00"),
        (date(2026, 10, 4), time(2, 15), "Australia/Lord_Howe", "02:00", "02:30"),
        (date(2018, 11, 4), time(0, 30), SAO_PAULO, "00:00", "01:00"),
        (date(2011, 12, 30), time(9), APIA, "30 Dec 2011 00:00", "31 Dec 2011 00:00"),
    ],
)
def test_a_skipped_time_is_refused_with_both_clocks(
    day: date, at: time, place: str, before: str, after: str
) -> None:
    with pytest.raises(InvalidInput, match=f"from {before} to {after}: {at:%H:%M} does not exist") as refusal:
        local_datetime(day, at, place)
    assert refusal.value.field == "time"
    assert before in refusal.value.hint
    assert after in refusal.value.hint


def test_the_edges_of_a_jump_exist() -> None:
    assert to_utc(local_datetime(date(2026, 3, 29), time(1, 59), KOTOR)) == utc(2026, 3, 29, 0, 59)
    assert to_utc(local_datetime(date(2026, 3, 29), time(3, 0), KOTOR)) == utc(2026, 3, 29, 1, 0)


def test_of_a_time_that_comes_twice_the_first_is_meant() -> None:
    assert to_utc(local_datetime(date(2026, 10, 25), time(2, 30), KOTOR)) == utc(2026, 10, 25, 0, 30)
    assert to_utc(local_datetime(date(2026, 10, 25), time(2, 30, fold=1), KOTOR)) == utc(2026, 10, 25, 0, 30)


@pytest.mark.parametrize(
    ("day", "place", "start", "end"),
    [
        (date(2026, 6, 19), KOTOR, utc(2026, 6, 18, 22), utc(2026, 6, 19, 22)),
        (date(2026, 3, 29), KOTOR, utc(2026, 3, 28, 23), utc(2026, 3, 29, 22)),  # 23 hours
        (date(2026, 10, 25), KOTOR, utc(2026, 10, 24, 22), utc(2026, 10, 25, 23)),  # 25 hours
        (
            date(2018, 11, 4),
            SAO_PAULO,
            utc(2018, 11, 4, 3),
            utc(2018, 11, 5, 2),
        ),  # no midnight: begins at one
        (date(2026, 11, 1), "America/Havana", utc(2026, 11, 1, 4), utc(2026, 11, 2, 5)),  # two midnights
        (date(2011, 12, 30), APIA, utc(2011, 12, 30, 10), utc(2011, 12, 30, 10)),  # never was
    ],
)
def test_a_day_begins_and_ends_when_its_place_says(
    day: date, place: str, start: datetime, end: datetime
) -> None:
    assert day_bounds(day, place) == (start, end)


@settings(deadline=None)  # the first use of a zone reads its file
@given(st.dates(date(1990, 1, 1), date(2036, 1, 1)), zones)
def test_days_follow_each_other_without_gap(day: date, place: str) -> None:
    start, end = day_bounds(day, place)
    assert end == day_bounds(day + timedelta(days=1), place)[0]
    assert timedelta(0) <= end - start <= timedelta(hours=25)
    if start < end:
        assert start.astimezone(zone(place)).date() == day
        assert (end - timedelta(microseconds=1)).astimezone(zone(place)).date() == day


@pytest.mark.parametrize(
    ("moment", "before", "place", "earlier"),
    [
        # Kotor changes on 29 March and 25 October 2026: the clock time stays, the hours between do not
        (utc(2026, 3, 30, 7), timedelta(days=4), KOTOR, utc(2026, 3, 26, 8)),
        (utc(2026, 10, 26, 8), timedelta(days=4), KOTOR, utc(2026, 10, 22, 7)),
        (utc(2026, 6, 19, 6, 30), timedelta(days=4), KOTOR, utc(2026, 6, 15, 6, 30)),
        # the deadline falls on a time that is skipped: the moment of the jump
        (utc(2026, 3, 30, 0, 30), timedelta(days=1), KOTOR, utc(2026, 3, 29, 1)),
        # on one that comes twice: the first
        (utc(2026, 10, 26, 1, 30), timedelta(days=1), KOTOR, utc(2026, 10, 25, 0, 30)),
        # nothing before is the moment itself, even the second of two
        (utc(2026, 10, 25, 1, 30), timedelta(0), KOTOR, utc(2026, 10, 25, 1, 30)),
        # from 30:30 on the clock face back into the only hour before both
        (utc(2026, 10, 25, 1, 30), timedelta(hours=1), KOTOR, utc(2026, 10, 24, 23, 30)),
        # seconds are kept exact on the jump
        (datetime(2026, 3, 30, 0, 30, 1, 500_000, tzinfo=UTC), timedelta(days=1), KOTOR, utc(2026, 3, 29, 1)),
    ],
)
def test_before_counts_on_the_clock_of_the_place(
    moment: datetime, before: timedelta, place: str, earlier: datetime
) -> None:
    assert wall_clock_before(moment, before, place) == earlier


@settings(deadline=None)
@given(moments, zones, st.integers(0, 10**7), st.integers(0, 10**7))
def test_more_before_is_never_later(moment: datetime, place: str, a: int, b: int) -> None:
    less, more = sorted((timedelta(seconds=a), timedelta(seconds=b)))
    assert wall_clock_before(moment, more, place) <= wall_clock_before(moment, less, place) <= moment


def test_a_period_holds_both_its_ends() -> None:
    period = Period(date(2026, 6, 1), date(2026, 6, 3))
    assert list(period) == [date(2026, 6, 1), date(2026, 6, 2), date(2026, 6, 3)]
    assert period.days == 3
    assert date(2026, 6, 3) in period
    assert date(2026, 6, 4) not in period
    assert date(2026, 5, 31) not in period
    assert period.bounds(KOTOR) == (utc(2026, 5, 31, 22), utc(2026, 6, 3, 22))


def test_a_period_cannot_end_before_it_begins() -> None:
    with pytest.raises(InvalidInput) as refusal:
        Period(date(2026, 6, 2), date(2026, 6, 1))
    assert refusal.value.field == "last"


@given(st.dates(date(1990, 1, 1), date(2036, 1, 1)), st.integers(0, 6))
def test_a_week_holds_its_day_and_begins_where_told(day: date, first: int) -> None:
    week = week_of(day, first)
    assert day in week
    assert week.days == 7
    assert week.first.weekday() == first


def test_a_month_knows_its_length() -> None:
    assert month_of(date(2024, 2, 10)) == Period(date(2024, 2, 1), date(2024, 2, 29))
    assert month_of(date(2026, 12, 31)) == Period(date(2026, 12, 1), date(2026, 12, 31))
    assert week_of(date(2026, 6, 17)) == Period(date(2026, 6, 15), date(2026, 6, 21))
