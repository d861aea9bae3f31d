"""A clock that a test moves by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

START = datetime(2026, 6, 18, 8, 42, tzinfo=UTC)


class HandClock:
    """Stands still until `forward` or `at` moves it."""

    def __init__(self, start: datetime = START) -> None:
        self._now = start

    def now(self) -> datetime:
        return self._now

    def forward(self, by: timedelta) -> None:
        self._now += by

    def at(self, moment: datetime) -> None:
        self._now = moment
