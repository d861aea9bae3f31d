"""Where the demonstration lives: a profile of its own, marked as such, made whole or not at all."""

from __future__ import annotations

import contextlib
import gc
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from travellr_desktop.demo.agency import AgencyBuilder, Said
from travellr_desktop.demo.clocks import SetClock
from travellr_desktop.demo.data import load_demo_data
from travellr_desktop.demo.desk import demo_settings, open_desk
from travellr_desktop.demo.mark import DemoSignIn, Mark, demo_profile, read_mark, write_mark
from travellr_desktop.demo.plan import Size, make_plan
from travellr_desktop.errors import Refusal
from travellr_desktop.paths import Profile
from travellr_desktop.payments.sandbox.control import SandboxControl

if TYPE_CHECKING:
    from travellr_desktop.ui.background import Task

_BUILDING = ".building"


class NotADemo(Refusal):
    """The folder holds something else; it was left untouched."""

    hint = "Choose an empty folder with --profile."


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
            write_mark(profile, Mark(seed, now.date(), size.bookings))
        finally:
            shutil.rmtree(building.folder, ignore_errors=True)
    return True


def open_for_window(
    own: Profile, task: Task, move_to: Callable[[Profile], object], *, size: Size | None = None
) -> DemoSignIn:
    """What the first start's button does: make the demonstration beside the person's profile, and go there.

    The person may stop it while it is made."""

    def said(done: int, total: int, words: str) -> None:
        task.check()
        task.report(done, total, words)

    profile = demo_profile(own)
    mark = read_mark(profile)
    ensure_demo(profile, seed=1 if mark is None else mark.seed, now=datetime.now(UTC), size=size, said=said)
    move_to(profile)
    return DemoSignIn()


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
        SandboxControl(building.sandbox, clock=clock) as sandbox,
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
