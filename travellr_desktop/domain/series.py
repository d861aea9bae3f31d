"""Series: a rule of weekdays and a clock time, and what becomes of each of its days."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from travellr_desktop.domain.periods import local_datetime, to_utc, zone
from travellr_desktop.errors import InvalidInput

LONGEST = timedelta(days=3660)
"""A series lasts ten years at most."""

FURTHEST = timedelta(days=3660)
"""No departure is further ahead: ten years."""


class DayKind(StrEnum):
    MADE = "made"
    DOUBLED = "doubled"  # the clocks show the time twice that day: it leaves at the first
    SKIPPED = "skipped"  # the clocks never show it: nothing leaves
    EXCEPTED = "excepted"  # left out by hand
    PAST = "past"
    FAR = "far"
    THERE = "there"  # the trip has a departure at that time already


@dataclass(frozen=True, slots=True)
class Rule:
    """A clock time `at` in `zone` on `weekdays` (0 Monday to 6 Sunday), from the first day to the last, both
    included, but not on `except_days`. Raises `InvalidInput` naming the field."""

    weekdays: frozenset[int]
    at: time
    first_day: date
    last_day: date
    zone: str
    except_days: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        if not self.weekdays or not self.weekdays <= set(range(7)):
            raise InvalidInput("A series needs a day of the week.", hint="Choose some.", field="weekdays")
        if self.last_day < self.first_day:
            raise InvalidInput("The last day lies before the first.", field="last_day")
        if self.last_day - self.first_day > LONGEST:
            raise InvalidInput("A series lasts ten years at most.", field="last_day")
        if self.at.second or self.at.microsecond or self.at.tzinfo is not None:
            raise InvalidInput("A departure leaves on the minute.", field="at")
        zone(self.zone)

    def days(self) -> Iterator[date]:
        """Its days in order, those that are left out too."""
        for number in range((self.last_day - self.first_day).days + 1):
            day = self.first_day + timedelta(days=number)
            if day.weekday() in self.weekdays:
                yield day

    def never(self) -> tuple[date, ...]:
        """Days that are left out although they are none of the series."""
        return tuple(sorted(self.except_days - set(self.days())))


@dataclass(frozen=True, slots=True)
class Day:
    """A day of a series: `starts_at` in UTC where a departure is made, and in `words` what is worth knowing."""

    day: date
    kind: DayKind
    starts_at: datetime | None = None
    words: str = ""


def plan(rule: Rule, now: datetime, there: Collection[date] = ()) -> tuple[Day, ...]:
    """What becomes of each day of a series at `now`; on the days `there` something leaves at that time already."""
    return tuple(_plan(rule, day, now, there) for day in rule.days())


def _plan(rule: Rule, day: date, now: datetime, there: Collection[date]) -> Day:
    if day in rule.except_days:
        return Day(day, DayKind.EXCEPTED, words="Left out.")
    if day in there:
        return Day(day, DayKind.THERE, words=f"Something leaves at {rule.at:%H:%M} already: it stays.")
    try:
        moment = local_datetime(day, rule.at, rule.zone)
        starts_at = to_utc(moment)
    except InvalidInput as skipped:
        return Day(day, DayKind.SKIPPED, words=f"{skipped} Nothing leaves that day.")
    except OverflowError:
        return Day(day, DayKind.FAR, words="There is no such day.")
    if starts_at <= now:
        return Day(day, DayKind.PAST, words="It is past.")
    if starts_at - now > FURTHEST:
        return Day(day, DayKind.FAR, words="It is more than ten years ahead.")
    again = to_utc(moment.replace(fold=1))
    if again != starts_at:
        zone_of = moment.tzinfo
        words = (
            f"The clocks in {rule.zone} show {rule.at:%H:%M} twice that day: it leaves the first time, "
            f"{starts_at:%H:%M} UTC ({starts_at.astimezone(zone_of):%Z})."
        )
        return Day(day, DayKind.DOUBLED, starts_at, words)
    return Day(day, DayKind.MADE, starts_at)
