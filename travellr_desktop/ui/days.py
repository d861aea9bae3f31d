"""Ranges of days to choose from, as filters of lists take them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from travellr_desktop.domain.clock import Clock
from travellr_desktop.domain.periods import day_bounds, month_of, week_of
from travellr_desktop.ui.formats import Formats
from travellr_desktop.ui.tables.filters import Choice

Range = tuple[datetime | None, datetime | None]


class Days:
    """Ranges of days on the desk's calendar, as a list's query takes them."""

    def __init__(self, formats: Formats, clock: Clock) -> None:
        self._formats, self._clock = formats, clock

    @property
    def today(self) -> date:
        return self._formats.local(self._clock.now(), self._formats.zone).date()

    def range(self, first: date | None, last: date | None) -> Range:
        """From the start of one day to the end of another; None leaves a side open."""
        zone = self._formats.zone
        return (
            None if first is None else day_bounds(first, zone)[0],
            None if last is None else day_bounds(last, zone)[1],
        )

    def coming(self) -> Range:
        return self.range(self.today, None)

    def ahead(self) -> Sequence[Choice]:
        """Choices for what is to come."""
        today = self.today
        tomorrow = today + timedelta(days=1)
        week, month = week_of(today), month_of(today)
        return (
            Choice(self.range(today, today), "Today"),
            Choice(self.range(tomorrow, tomorrow), "Tomorrow"),
            Choice(self.range(week.first, week.last), "This week"),
            Choice(self.range(today, today + timedelta(days=6)), "Next 7 days"),
            Choice(self.range(today, today + timedelta(days=29)), "Next 30 days"),
            Choice(self.range(month.first, month.last), "This month"),
            Choice(self.coming(), "Today and later"),
            Choice(self.range(None, today - timedelta(days=1)), "Before today"),
        )

    def behind(self) -> Sequence[Choice]:
        """Choices for what has been."""
        today = self.today
        before = today - timedelta(days=1)
        week, month = week_of(today), month_of(today)
        return (
            Choice(self.range(today, today), "Today"),
            Choice(self.range(before, before), "Yesterday"),
            Choice(self.range(week.first, week.last), "This week"),
            Choice(self.range(today - timedelta(days=6), today), "Last 7 days"),
            Choice(self.range(today - timedelta(days=29), today), "Last 30 days"),
            Choice(self.range(month.first, month.last), "This month"),
        )
