"""Small demonstrations, for tests."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

from filelock import FileLock

from helpers import compiled
from travellr_desktop.demo.mark import read_mark
from travellr_desktop.demo.place import ensure_demo
from travellr_desktop.demo.plan import Size
from travellr_desktop.paths import Profile

SMALL = Size(vendors=6, bookings=60)
TINY = Size(vendors=1, bookings=6)


def just_now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=1)


def make(folder: Path, *, seed: int = 1, size: Size = SMALL, now: datetime | None = None) -> Profile:
    compiled.share()
    profile = Profile.at(folder)
    assert ensure_demo(profile, seed=seed, now=now or just_now(), size=size, said=lambda *_: None)
    return profile


def made_once(place: Path) -> Profile:
    """Six vendors and sixty bookings around today, in `place`; who comes later, in whichever process, finds it."""
    folder = place / "demonstration"
    with FileLock(f"{folder}.lock"):
        profile = Profile.at(folder)
        if read_mark(profile) is None:
            make(folder)
        return profile


def copy_of(made: Profile, folder: Path) -> Profile:
    shutil.copytree(made.folder, folder)
    return Profile.at(folder)
