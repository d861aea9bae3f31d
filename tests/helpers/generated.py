"""An agency that `travellr generate` made, with people who work in it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from helpers.desk import Desk, open_at
from travellr_desktop.demo.large.make import Progress, generate
from travellr_desktop.domain.clock import SystemClock
from travellr_desktop.domain.permissions import Actor, Role
from travellr_desktop.paths import Profile
from travellr_desktop.services.authority import Authority


def made(profile: Path, bookings: int) -> Path:
    """A generated agency of that size, made if it is not there yet; how far it is goes to the standard error."""
    if not (profile / "travellr.db").exists():
        print(
            f"Generating {bookings:,} bookings into {profile}; this is done once.",
            file=sys.stderr,
            flush=True,
        )
        done = generate(
            Profile.at(profile),
            bookings=bookings,
            vendors=max(2, min(200, bookings // 5_000)),
            seed=1,
            said=Progress(sys.stderr),
        )
        print(done.as_text(), file=sys.stderr, flush=True)
    return profile


@contextmanager
def at_work(folder: Path, *, authority: Authority | None = None) -> Iterator[Desk]:
    """A generated agency, with its boss and one who sells."""
    clock = SystemClock()
    program = open_at(folder, clock, authority=authority)
    try:
        with program.database.read() as view:
            users = view.users.find_all(limit=50)[0]
            people = [
                Actor(user.id, user.name, user.role)
                for role in (Role.ADMIN, Role.AGENT)
                for user in users
                if user.role is role
            ]
            trips = {trip.title: trip.id for trip in view.trips.find_all()[0]}
            vendor = view.vendors.find_all(limit=1)[0][0].id
        agent = next(each for each in people if each.role is Role.AGENT)
        yield Desk(program, clock, people[0], agent, vendor, trips)
    finally:
        program.close()
