"""Small demonstrations, for tests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from travellr_desktop.demo.place import ensure_demo
from travellr_desktop.demo.plan import Size
from travellr_desktop.paths import Profile

NOW = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=1)
SMALL = Size(vendors=6, bookings=60)


def make(folder: Path, *, seed: int = 1, size: Size = SMALL, now: datetime = NOW) -> Profile:
    profile = Profile.at(folder)
    assert ensure_demo(profile, seed=seed, now=now, size=size, said=lambda *_: None)
    return profile
