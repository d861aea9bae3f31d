"""Days, weeks and clock times in a place's own zone.

Instants are kept in UTC; what people say ("Friday at nine") belongs to a zone, and daylight saving can skip or
repeat it.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from travellr_desktop.errors import InvalidInput


def zone(name: str) -> ZoneInfo:
    """The zone of an IANA name, such as `Europe/Podgorica`. Raises `InvalidInput(field="zone")` for any other."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:  # unknown; malformed; the name of a folder, or too long
        raise InvalidInput(
            f"{name[:60]!r} is not a time zone.", hint="Choose one like Europe/Podgorica.", field="zone"
        ) from error


def to_utc(moment: datetime) -> datetime:
    """The same instant in UTC. Raises `InvalidInput` for a time that does not say its zone."""
    if moment.tzinfo is None:
        raise InvalidInput("A time without its zone cannot be placed.", field="time")
    return moment.astimezone(UTC)


def local_datetime(day: date, at: time, zone_name: str) -> datetime:
    """The moment when the clocks of the zone show `at` on `day`.

    Where they show it twice (daylight saving ends), the first of the two. Raises `InvalidInput(field="time")`
    where they never show it (it begins), saying from which time to which they jump.
    """
    place = zone(zone_name)
    moment = datetime.combine(day, at.replace(tzinfo=None, fold=0), tzinfo=place)
    jump = _jump_over(moment)
    if jump is None:
        return moment
    instant, before, after = jump
    last, first = instant + before, instant + after
    pattern = "%H:%M" if last.date() == first.date() else "%d %b %Y %H:%M"
    raise InvalidInput(
        f"On {day:%d %b %Y} the clocks in {zone_name} go from {last:{pattern}} to {first:{pattern}}: "
        f"{at:%H:%M} does not exist.",
        hint=f"Choose a time before {last:{pattern}} or from {first:{pattern}} on.",
        field="time",
    )


def wall_clock_before(moment: datetime, before: timedelta, zone_name: str) -> datetime:
    """The UTC instant when the zone's clocks show `before` less than at `moment`.

    A day earlier is the same clock time a day earlier, be that 23, 24 or 25 hours. A time that is skipped counts
    as the moment of the jump, a repeated one as its first.
    """
    if not before:
        return to_utc(moment)
    local = to_utc(moment).astimezone(zone(zone_name))
    return _existing(local - before)  # subtracts on the clock face, whatever the zone does


def day_bounds(day: date, zone_name: str) -> tuple[datetime, datetime]:
    """The UTC instants at which the day begins and ends in the zone: 23 to 25 hours apart as a rule.

    A day that a zone left out altogether begins and ends at the same instant.
    """
    place = zone(zone_name)
    start = datetime.combine(day, time(), tzinfo=place)
    end = datetime.combine(day + timedelta(days=1), time(), tzinfo=place)
    return _existing(start), _existing(end)


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `first` to `last`, both included."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise InvalidInput("The last day lies before the first.", field="last")

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    def __iter__(self) -> Iterator[date]:
        return (self.first + timedelta(days=n) for n in range(self.days))

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def bounds(self, zone_name: str) -> tuple[datetime, datetime]:
        """The UTC instants at which it begins and ends in the zone; the end is no part of it."""
        return day_bounds(self.first, zone_name)[0], day_bounds(self.last, zone_name)[1]


def week_of(day: date, first: int = 0) -> Period:
    """The seven days around `day` that begin on weekday `first` (0 Monday to 6 Sunday)."""
    start = day - timedelta(days=(day.weekday() - first) % 7)
    return Period(start, start + timedelta(days=6))


def month_of(day: date) -> Period:
    """The calendar month of `day`."""
    return Period(day.replace(day=1), day.replace(day=calendar.monthrange(day.year, day.month)[1]))


def _existing(moment: datetime) -> datetime:
    """In UTC; the instant of the jump for a clock time that is skipped."""
    jump = _jump_over(moment)
    return to_utc(moment) if jump is None else jump[0].replace(tzinfo=UTC)


def _jump_over(moment: datetime) -> tuple[datetime, timedelta, timedelta] | None:
    """If no clock of its zone ever shows `moment`: the instant of the jump (UTC, without tzinfo), and the
    offsets before and after it."""
    place = moment.tzinfo
    utc = moment.astimezone(UTC)
    if utc.astimezone(place).replace(tzinfo=None) == moment.replace(tzinfo=None):
        return None
    before, after = _offset(moment.replace(fold=0)), _offset(moment.replace(fold=1))
    wall = moment.replace(tzinfo=None, microsecond=0)
    # read with the later offset, the clock time lies before the jump; with the earlier one, at or after it
    low, high = wall - after, wall - before
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=int((high - low).total_seconds()) // 2)
        if _offset(middle.replace(tzinfo=UTC).astimezone(place)) == before:
            low = middle
        else:
            high = middle
    return high, before, after


def _offset(moment: datetime) -> timedelta:
    offset = moment.utcoffset()
    assert offset is not None  # every moment here has a zone
    return offset
