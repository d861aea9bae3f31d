"""Clocks of the demonstration: one that is set by hand, one that runs beside the machine's own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class SetClock:
    """Stands still until it is set; used while months of business are made in a minute."""

    def __init__(self, start: datetime) -> None:
        self._now = start

    def now(self) -> datetime:
        return self._now

    def set(self, moment: datetime) -> None:
        """Go to `moment`; never backwards, so that what follows is never written before what it follows from."""
        self._now = max(self._now, moment)


class ShiftedClock:
    """The machine's clock, a fixed span ahead or behind: it ticks, on another day."""

    def __init__(self, shift: timedelta) -> None:
        self.shift = shift

    @classmethod
    def showing(cls, moment: datetime) -> ShiftedClock:
        """One that shows `moment` now."""
        return cls(moment - datetime.now(UTC))

    def now(self) -> datetime:
        return datetime.now(UTC) + self.shift
