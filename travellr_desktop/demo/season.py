"""The departures of half a year around a day, from the trips' weekdays and times: the same for the same seed.

Close to today every time of every day is there; further away only the first of a day, on three days a week, as an
agency opens its season. What is drawn at random is drawn per trip, so that another day changes dates and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from travellr_desktop.demo.data import DemoTrip
from travellr_desktop.domain.periods import local_datetime, to_utc
from travellr_desktop.errors import InvalidInput

WEEKS_BACK = 9
WEEKS_AHEAD = 17
CLOSE = range(-3, 29)
"""Days from today on which every departure is there."""

FAR_DAYS = 3
"""Departures a week further away, at most."""


@dataclass(slots=True)
class Slot:
    """One departure: where it is in the plan, when it leaves and ends (UTC), and how many seats are still free."""

    number: int
    trip: int
    offset: int  # days from today
    day: date
    at: time
    starts_at: datetime
    ends_at: datetime
    capacity: int
    cutoff: timedelta
    free: int


def season(trips: list[DemoTrip], today: date, seed: int) -> list[list[Slot]]:
    """The departures of each trip, in the order in which they leave."""
    number = 0
    found: list[list[Slot]] = []
    for index, trip in enumerate(trips):
        slots = list(_slots(trip, index, today, seed))
        for slot in slots:
            slot.number, number = number, number + 1
        found.append(slots)
    return found


def _slots(trip: DemoTrip, index: int, today: date, seed: int) -> Iterator[Slot]:
    rng = Random(f"{seed}/{trip.title}")
    seats = {at: rng.randint(*trip.capacity) for at in trip.times}
    far = frozenset(rng.sample(sorted(trip.weekdays), min(FAR_DAYS, len(trip.weekdays))))
    cutoff = timedelta(minutes=rng.choice((15, 30, 30, 60)))
    for offset in range(-7 * WEEKS_BACK, 7 * WEEKS_AHEAD):
        day = today + timedelta(days=offset)
        close = offset in CLOSE
        if day.isoweekday() not in (trip.weekdays if close else far):
            continue
        for at in trip.times if close else trip.times[:1]:
            try:
                starts_at = to_utc(local_datetime(day, at, trip.zone))
            except InvalidInput:  # daylight saving skips this time: nothing leaves
                continue
            ends_at = starts_at + timedelta(minutes=trip.duration_min)
            yield Slot(0, index, offset, day, at, starts_at, ends_at, seats[at], cutoff, seats[at])
