from __future__ import annotations

from datetime import UTC, datetime

from travellr_desktop.domain.clock import Clock, SystemClock


def test_the_machines_clock_tells_the_time_in_utc() -> None:
    clock: Clock = SystemClock()
    before = datetime.now(UTC)
    now = clock.now()
    assert before <= now <= datetime.now(UTC)
    assert now.tzinfo is UTC
