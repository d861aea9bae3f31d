"""Amounts, dates and times as a person reads them: by locale, and in the place where they happen."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date, datetime

from babel.dates import format_date, format_skeleton, format_time, get_day_names, get_timezone_location

from travellr_desktop.domain.locales import locale_of
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.money_text import format_money
from travellr_desktop.domain.periods import zone as zone_of


class Formats:
    """Writes for one locale; `zone` is the agency's own, in which the desk's clock runs."""

    def __init__(self, locale: str, zone: str = "UTC") -> None:
        self.locale = locale
        self.zone = zone
        self._babel = locale_of(locale)
        exact = self._babel.datetime_skeletons.get("MMMMEEEEd")
        self._long = exact.pattern if exact else _without_year(self._babel.date_formats["full"].pattern)

    def money(self, amount: Money, *, sign: bool = False) -> str:
        return format_money(amount, self.locale, sign=sign)

    # days

    def day(self, day: date) -> str:
        """`Sat 20 Jun`."""
        return self._skeleton("MMMEd", day)

    def day_long(self, day: date) -> str:
        """`Saturday 20 June`."""
        return str(format_date(day, self._long, locale=self._babel))

    def day_brief(self, day: date) -> str:
        """`Sun 21`, for a row of days that lie close together."""
        return self._skeleton("Ed", day)

    def day_of_year(self, day: date) -> str:
        """`1 May`."""
        return self._skeleton("MMMd", day)

    def weekday(self, number: int) -> str:
        """`Mon` for 0 to `Sun` for 6."""
        return str(get_day_names("abbreviated", locale=self._babel)[number])

    def weekdays(self, numbers: Collection[int]) -> str:
        """`Mon, Thu`, and `Daily` for all seven."""
        return "Daily" if len(numbers) == 7 else ", ".join(self.weekday(number) for number in sorted(numbers))

    # moments

    def local(self, moment: datetime, zone: str) -> datetime:
        """The moment on the clocks of `zone`."""
        return moment.astimezone(zone_of(zone))

    def time(self, moment: datetime, zone: str) -> str:
        """`08:30` on the clocks of `zone`."""
        return str(format_time(self.local(moment, zone), "short", locale=self._babel))

    def desk_time(self, moment: datetime) -> str:
        """`10:44:36` on the desk's own clock."""
        return str(format_time(self.local(moment, self.zone), "medium", locale=self._babel))

    def when(self, moment: datetime, zone: str) -> str:
        """`Sat 20 Jun, 08:30`; the place of the clock follows where it differs from the desk's."""
        says = f"{self.day(self.local(moment, zone).date())}, {self.time(moment, zone)}"
        place = self.elsewhere(moment, zone)
        return f"{says} ({place})" if place else says

    def elsewhere(self, moment: datetime, zone: str) -> str:
        """`Lisbon time` where the clocks of `zone` differ from the desk's at that moment, else nothing."""
        city = self.elsewhere_city(moment, zone)
        return f"{city} time" if city else ""

    def elsewhere_city(self, moment: datetime, zone: str) -> str:
        """`Lisbon`, for a narrow column, where its clocks differ from the desk's at that moment, else nothing."""
        if self.local(moment, zone).utcoffset() == self.local(moment, self.zone).utcoffset():
            return ""
        city = get_timezone_location(zone_of(zone), locale=self._babel, return_city=True)
        return str(city.rpartition("/")[2])

    def _skeleton(self, skeleton: str, day: date) -> str:
        return str(format_skeleton(skeleton, day, locale=self._babel))


# the year with the words and signs that belong to it, at either end of a locale's full date
_YEAR = re.compile(r"[,،\s]*('[^']*')?\s*y+\.?\s*('[^']*')?\.?$|^y+\s*('[^']*')?[.年년]?\s*")


def _without_year(pattern: str) -> str:
    """`EEEE, d. MMMM y` as `EEEE, d. MMMM`: the locale's own order, where it has no form of its own for this."""
    return _YEAR.sub("", pattern)


def duration(minutes: int) -> str:
    """`2 h 30`, `45 min`, `3 d`; a trip of days is told in whole days where it is."""
    if minutes < 60:
        return f"{minutes} min"
    hours, rest = divmod(minutes, 60)
    if rest == 0 and hours % 24 == 0:
        return f"{hours // 24} d"
    return f"{hours} h {rest:02d}" if rest else f"{hours} h"


def clock(seconds: float) -> str:
    """`3:12` left; nothing below zero."""
    whole = max(int(seconds), 0)
    if whole >= 3600:
        return f"{whole // 3600} h {whole % 3600 // 60:02d}"
    return f"{whole // 60}:{whole % 60:02d}"
