"""Days on which banks carry payments out."""

from __future__ import annotations

from datetime import date, timedelta

_DAY = timedelta(days=1)


def bank_day(day: date, currency: str) -> date:
    """The day itself, or the next on which a payment of that currency is carried out: never a Saturday or Sunday, for
    EUR none of the days on which TARGET rests. Of other currencies the holidays are not known here; a bank moves a
    payment that falls on one."""
    while day.weekday() >= 5 or (currency == "EUR" and _target_rests(day)):
        day += _DAY
    return day


def _target_rests(day: date) -> bool:
    """New Year, Good Friday, Easter Monday, 1 May, 25 and 26 December: the Governing Council of the ECB, since 2002."""
    if (day.month, day.day) in {(1, 1), (5, 1), (12, 25), (12, 26)}:
        return True
    return day - easter(day.year) in {-2 * _DAY, _DAY}


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar, by the rule of Meeus, Jones and Butcher."""
    golden = year % 19
    century, rest = divmod(year, 100)
    leap, part = divmod(century, 4)
    moved = (century - (century + 8) // 25 + 1) // 3
    moon = (19 * golden + century - leap - moved + 15) % 30
    fours, last = divmod(rest, 4)
    week = (32 + 2 * part + 2 * fours - moon - last) % 7
    late = (golden + 11 * moon + 22 * week) // 451
    month, before = divmod(moon + week - 7 * late + 114, 31)
    return date(year, month, before + 1)
