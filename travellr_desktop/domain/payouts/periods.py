"""The days that vendors are paid for: whole weeks or months in the agency's zone, and the moment when they are over.

Whatever is free to pay by that moment is in the batch, wherever its trip was: a boat that leaves Auckland on New Year's
Day may leave in the old year for an agency in Los Angeles.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from travellr_desktop.domain.payouts.words import Schedule
from travellr_desktop.domain.periods import Period, month_of, to_utc, week_of, zone


def period_of(schedule: Schedule, period: Period, weekday: int = 0) -> Period:
    """The week or month that a period begins in. `weekday`: on which a week begins, 0 Monday to 6 Sunday."""
    if schedule is Schedule.WEEKLY:
        return week_of(period.first, weekday)
    return month_of(period.first)


def ended_before(schedule: Schedule, moment: datetime, zone_name: str, weekday: int = 0) -> Period:
    """The last week or month that is over in the zone. One that ends at that very moment is."""
    today = to_utc(moment).astimezone(zone(zone_name)).date()
    now = period_of(schedule, Period(today, today), weekday)
    before = now.first - timedelta(days=1)
    return period_of(schedule, Period(before, before), weekday)


def cut_off(period: Period, zone_name: str) -> datetime:
    """The UTC instant at which a period is over in the zone: what is free to pay by then is of it."""
    return period.bounds(zone_name)[1]


def is_over(period: Period, moment: datetime, zone_name: str) -> bool:
    return cut_off(period, zone_name) <= to_utc(moment)
