"""`travellr generate`: a new profile with an agency, its staff, trips of many vendors, and years of sales.

The office and the catalogue are made by the services; departures, sales and what becomes of them by `season`. The file
is made in a folder of its own and moved into place when it is whole.
"""

from __future__ import annotations

import gc
import json
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path
from random import Random
from typing import Any, TextIO
from uuid import UUID

from travellr_desktop.demo.agency import trip_draft
from travellr_desktop.demo.clocks import SetClock
from travellr_desktop.demo.data import load_demo_data
from travellr_desktop.demo.desk import demo_settings, open_desk
from travellr_desktop.demo.large.books import Books
from travellr_desktop.demo.large.facts import TripFacts
from travellr_desktop.demo.large.season import Season
from travellr_desktop.demo.mark import PASSWORD
from travellr_desktop.domain.permissions import Actor, Role
from travellr_desktop.errors import InvalidInput, Refusal
from travellr_desktop.paths import Profile
from travellr_desktop.services.trips import TripDraft
from travellr_desktop.services.upkeep import EVENTS_KEPT
from travellr_desktop.services.users import FirstAdmin, NewUser
from travellr_desktop.services.vendors import VendorDraft
from travellr_desktop.storage.bulk import BulkFile

MOST = 5_000_000
_BUILDING = ".generating"
_TRIPS_A_VENDOR = (1, 6)
_FLUSHED = 5_000
_QUIET = timedelta(hours=26)
"""How long before the end the last sale is: keys of commands are kept for a day, and none are written."""

Said = Callable[[int, int, str], None]


class NotEmpty(Refusal):
    """The profile holds something already; it was left untouched."""

    hint = "Name an empty folder with --profile."


@dataclass(frozen=True, slots=True)
class Generated:
    """What was made. `seconds` is how long the sales took, `bytes` the size of the file."""

    bookings: int
    travellers: int
    departures: int
    seconds: float
    bytes: int
    folder: Path

    @property
    def ok(self) -> bool:
        return True

    def as_json(self) -> Mapping[str, Any]:
        return {
            "ok": True,
            "bookings": self.bookings,
            "travellers": self.travellers,
            "departures": self.departures,
            "seconds": round(self.seconds, 1),
            "bookings_a_second": round(self.bookings / self.seconds) if self.seconds else None,
            "bytes": self.bytes,
            "bytes_a_booking": round(self.bytes / self.bookings),
            "profile": str(self.folder),
            "sign_in": f"ana.vukovic@bokatrips.example / {PASSWORD}",
        }

    def as_text(self) -> str:
        return (
            f"{self.bookings:,} bookings of {self.travellers:,} travellers on {self.departures:,} departures in "
            f"{self.seconds:,.0f} s ({self.bookings / max(self.seconds, 0.001):,.0f} a second); "
            f"{self.bytes / 1e6:,.0f} MB, {self.bytes / self.bookings / 1000:.1f} kB a booking.\n"
            f"Sign in with {self.as_json()['sign_in']}"
        )


class Progress:
    """Says on a stream how far it is, some times a minute; on a terminal in one line."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._ending = "\r" if stream.isatty() else "\n"
        self._next = 0.0

    def __call__(self, done: int, total: int, words: str) -> None:
        now = time.monotonic()
        if now >= self._next or done == total:
            self._next = now + (0.2 if self._ending == "\r" else 10.0)
            ending = "\n" if done == total else self._ending
            self._stream.write(f"{words}: {done:,} of {total:,}{ending}")
            self._stream.flush()


def generate(
    profile: Profile, *, bookings: int, vendors: int, seed: int, now: datetime | None = None, said: Said
) -> Generated:
    """Make a profile with so many bookings. The same seed gives the same on the same day.

    `said` hears of the progress and may raise to stop; nothing is left behind then. Raises `NotEmpty`,
    `InvalidInput` for counts that make no agency."""
    if not 1 <= bookings <= MOST:
        raise InvalidInput(f"1 to {MOST:,} bookings can be generated.", field="bookings")
    if not 1 <= vendors <= 2_000:
        raise InvalidInput("1 to 2,000 vendors can be generated.", field="vendors")
    if profile.database.exists() or profile.sandbox.exists():
        raise NotEmpty(f"{profile.folder} holds an agency already.")
    now = now or datetime.now(UTC)
    end = datetime.combine(now.date(), time_of_day(), tzinfo=UTC)
    building = Profile.at(profile.folder / _BUILDING)
    shutil.rmtree(building.folder, ignore_errors=True)
    try:
        with _no_collections():
            made = _make(building, bookings, vendors, seed, end, said)
        for name in (building.sandbox.name, building.database.name):
            (building.folder / name).replace(profile.folder / name)
        return Generated(*made, profile.database.stat().st_size, profile.folder)
    finally:
        shutil.rmtree(building.folder, ignore_errors=True)


def _make(
    building: Profile, bookings: int, vendors: int, seed: int, end: datetime, said: Said
) -> tuple[int, int, int, float]:
    rng = Random(f"generate/{seed}/{bookings}/{vendors}")
    days = min(max(bookings // 150, 120), 3 * 365)
    first = (end - _QUIET).date() - timedelta(days=days)
    opened = datetime.combine(first - timedelta(days=1), time_of_day(8), tzinfo=UTC)
    agents, trips = _office(building, vendors, rng, opened, lambda done, what: said(done, vendors, what))
    started = time.perf_counter()
    file = BulkFile(building.database)
    try:
        books = Books(file, rng, worker="generate", told_after=end - EVENTS_KEPT)
        season = Season(books, trips, agents, rng, first=first, end=end - _QUIET, bookings=bookings)

        flushed = 0

        def told(done: int) -> None:
            nonlocal flushed
            if done - flushed >= _FLUSHED:  # each writes what the tables of words hold in memory
                file.flush()
                flushed = done
            said(done, bookings, "Bookings")

        season.play(told)
        (travellers,), (departures,) = (
            file.rows(f"SELECT count(*) FROM {table}")[0] for table in ("travellers", "departures")
        )
        file.finish()
    finally:
        file.close()
    return season.made, travellers, departures, time.perf_counter() - started


def _office(
    building: Profile, vendors: int, rng: Random, opened: datetime, said: Callable[[int, str], None]
) -> tuple[list[str], list[TripFacts]]:
    """The agency, its people and what it sells, by the services; gives who sells, and the trips in the order of how
    much of them is sold."""
    data, clock = load_demo_data(), SetClock(opened)
    with open_desk(building, clock=clock, settings=demo_settings(building)) as desk:
        users, agency = desk.services.users, data.agency
        boss = FirstAdmin(
            "Mira Kovač",
            "mira@bokatrips.example",
            PASSWORD,
            agency.name,
            agency.zone,
            agency.currency,
            agency.desks[0],
        )
        admin = users.create_first_admin(boss).actor
        names = ("Ana Vuković", "Luka Perović", "Jelena Ćetković", "Marko Živković")
        agents: list[Actor] = []
        for name, email in zip(names, ("ana.vukovic", "luka", "jelena", "marko"), strict=True):
            row = users.register(admin, NewUser(name, f"{email}@bokatrips.example", PASSWORD, Role.AGENT))
            agents.append(Actor(row.id, row.name, row.role))
        trips: list[TripFacts] = []
        for number in range(vendors):
            like = rng.choice(data.vendors)
            draft = VendorDraft(
                name=like.name if number < 1 else f"{like.name} {number + 1}",
                email=like.email,
                phone=like.phone,
                commission_bps=like.commission_bps,
                holdback_days=rng.choice((2, 2, 3, 7)),
            )
            vendor_id = desk.services.vendors.create(admin, draft)
            for variant in range(rng.randint(*_TRIPS_A_VENDOR)):
                trip = rng.choice(like.trips)
                made = replace(trip_draft(vendor_id, trip), title=f"{trip.title} {number + 1}.{variant + 1}")
                trip_id = desk.services.trips.create(admin, made)
                trips.append(_facts(trip_id, made, draft))
            said(number + 1, "Vendors and trips")
    rng.shuffle(trips)
    return [agent.user_id.hex for agent in agents if agent.user_id], trips


def _facts(trip_id: UUID, draft: TripDraft, vendor: VendorDraft) -> TripFacts:
    return TripFacts(
        id=trip_id.hex,
        vendor_id=draft.vendor_id.hex,
        currency=draft.currency,
        zone=draft.zone,
        duration=timedelta(minutes=draft.duration_min),
        tax_bps=draft.tax_bps,
        deposit_bps=draft.deposit_bps,
        balance_days=draft.balance_days,
        commission_bps=vendor.commission_bps,
        holdback_days=vendor.holdback_days,
        policy_text=json.dumps(draft.policy.to_json()),
        policy=draft.policy,
        prices=dict(draft.prices),
        takes_seat={kind: draft.takes_seat[kind] for kind in draft.prices},
    )


@contextmanager
def _no_collections() -> Iterator[None]:
    """Nothing that is made here has cycles; looking for them among a million rows takes a fifth of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
