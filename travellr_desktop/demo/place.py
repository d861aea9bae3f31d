"""Where the demonstration lives: a profile of its own, marked as such, made whole or not at all."""

from __future__ import annotations

import contextlib
import gc
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from travellr_desktop.demo.agency import AgencyBuilder, Said
from travellr_desktop.demo.clocks import SetClock
from travellr_desktop.demo.data import load_demo_data
from travellr_desktop.demo.desk import demo_settings, open_desk
from travellr_desktop.demo.plan import Size, make_plan
from travellr_desktop.errors import Refusal
from travellr_desktop.paths import Profile
from travellr_desktop.payments.sandbox.control import SandboxControl

MARK = "demo.json"
_BUILDING = ".building"


class NotADemo(Refusal):
    """The folder holds something else; it was left untouched."""

    hint = "Choose an empty folder with --profile."


@dataclass(frozen=True, slots=True)
class Mark:
    """What `demo.json` says of the agency beside it. `today` is the day it was made around."""

    seed: int
    today: date
    bookings: int


def demo_profile(own: Profile) -> Profile:
    """Where the demonstration is kept for a person with that profile."""
    return Profile.at(own.folder.with_name(f"{own.folder.name}-demo"))


def read_mark(profile: Profile) -> Mark | None:
    """What the folder's mark says; None where it holds no demonstration."""
    try:
        found = json.loads((profile.folder / MARK).read_text("utf-8"))
        mark = Mark(int(found["seed"]), date.fromisoformat(found["today"]), int(found["bookings"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return mark if profile.database.exists() else None


def ensure_demo(profile: Profile, *, seed: int, now: datetime, size: Size | None = None, said: Said) -> bool:
    """Make the agency in `profile`, unless it is there. Returns whether it was made.

    `now` is the moment that it ends at. `said` may raise to stop it; nothing is left behind then. Raises `NotADemo`
    where the folder holds anything else, or the agency of another seed."""
    size = size or Size()
    if _is_there(profile, seed):
        return False
    profile.make()
    with _alone(profile):
        if _is_there(profile, seed):
            return False
        building = Profile.at(profile.folder / _BUILDING)
        shutil.rmtree(building.folder, ignore_errors=True)
        try:
            _build(building, seed, now, size, said)
            for name in (building.sandbox.name, building.database.name):
                _move(building.folder / name, profile.folder / name)
            _write_mark(profile, Mark(seed, now.date(), size.bookings))
        finally:
            shutil.rmtree(building.folder, ignore_errors=True)
    return True


def _is_there(profile: Profile, seed: int) -> bool:
    mark = read_mark(profile)
    if mark is None:
        if profile.database.exists() or profile.sandbox.exists():
            raise NotADemo(f"{profile.folder} holds an agency that is not the demonstration.")
        if profile.folder == Profile.default().folder:
            raise NotADemo("This folder is for your own agency.")
        return False
    if mark.seed != seed:
        raise NotADemo(
            f"{profile.folder} holds the demonstration of seed {mark.seed}, not of {seed}.",
            hint=f"Leave out --seed, give --seed {mark.seed}, or choose another folder.",
        )
    return True


def _build(building: Profile, seed: int, now: datetime, size: Size, said: Said) -> None:
    data = load_demo_data()
    plan = make_plan(data, now.date(), seed, size)
    clock = SetClock(plan.opened)
    with (
        _fewer_collections(),
        open_desk(
            building, clock=clock, settings=demo_settings(building), sleep=lambda _seconds: None
        ) as desk,
        SandboxControl(building.sandbox) as sandbox,
    ):
        AgencyBuilder(desk.services, desk.database, sandbox, clock, data, plan, now=now, said=said).build()


@contextmanager
def _fewer_collections() -> Iterator[None]:
    """Half a million short-lived rows: looking for cycles among them all the time takes a tenth of it."""
    before = gc.get_threshold()
    gc.set_threshold(50_000, 20, 50)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _move(made: Path, to: Path) -> None:
    """Put a file where it belongs; it is closed, so that nothing of it is in another one beside it."""
    with made.open("rb+") as file:
        os.fsync(file.fileno())
    made.replace(to)


def _write_mark(profile: Profile, mark: Mark) -> None:
    text = json.dumps(asdict(mark) | {"today": mark.today.isoformat()})
    partial = profile.folder / f"{MARK}.new"
    partial.write_text(text, "utf-8")
    partial.replace(profile.folder / MARK)


@contextmanager
def _alone(profile: Profile) -> Iterator[None]:
    lock = FileLock(profile.locks / "demo.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise NotADemo(
            "Another program is making the demonstration in this folder.", hint="Wait until it is there."
        ) from None
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            lock.release()
