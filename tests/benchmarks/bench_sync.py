"""Desks and their hub: whole files up and down beside plain copies, ops a second, and how soon others see them.

    python tests/benchmarks/bench_sync.py [--bookings N] [--only copies,steady,windows,desks]

The hub is a Postgres of its own with durable commits on this machine.

Up: a generated file joins an empty hub; keys, foreign keys, checks and indexes are made and looked at. Down: a first
sync, with every index, trigger and word for searching made and the file proved. Their peers (`helpers.sync_peers`) move
the same rows and do none of that; it is held against each other how many rows and bytes are there then.

Steady: sales of one desk are told to the hub, and taken in at another, beside hubs of other sizes.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "packaging"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import bench_sync_desks, bench_sync_windows
from helpers import sync_peers
from helpers.central_hub import Either, Enrolled, HubPlace, hub_place
from helpers.desk import Desk
from helpers.generated import at_work, made
from helpers.hub_agency import server_cpu
from helpers.postgres import Central
from helpers.selling_on import SellingOn
from helpers.sync_peers import Held, Way, held_at, held_in
from postgres import Postgres
from travellr_desktop.domain.ways import PaymentsKind, ProfileKind
from travellr_desktop.sync.authority import HubAuthority
from travellr_desktop.sync.first_sync import first_sync
from travellr_desktop.sync.hub import Hub
from travellr_desktop.sync.joining import join
from travellr_desktop.sync.pulling import pull_all
from travellr_desktop.sync.pushing import push_all

ROOT = Path(__file__).resolve().parents[2]
BOOKINGS = 300_000
SMALLER = (100, 3_000)
"""Bookings at the other hubs, where as many come to some 1,000 and 40,000 rows."""
BATCHES, SALES = 7, 50
PARTS = ("copies", "steady", "windows", "desks")

UP: dict[str, Way] = {
    "pgloader": sync_peers.pgloader_in,
    "raw COPY": sync_peers.copy_in,
    "COPY to temp and merge": sync_peers.copy_and_merge,
    "SQLAlchemy Core": sync_peers.core_in,
}
DOWN: dict[str, Way] = {
    "server cursor and executemany": sync_peers.cursor_out,
    "COPY out": sync_peers.copy_out,
    "SQLAlchemy Core": sync_peers.core_out,
}
GOALS = {"pgloader": 1.0, "server cursor and executemany": 0.8}
"""Ours to theirs, in rows a second."""
FLAT = 0.8
"""Of the ops a second at the smallest hub."""

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Grown:
    """A hub that was brought a generated file, and a second desk's file of it; seconds that each took."""

    place: HubPlace
    file: Path
    desk: Desk
    hub: Hub
    second: Path
    hub_2: Hub
    up: float
    down: float
    held: Held


def run(bookings: int = BOOKINGS, parts: tuple[str, ...] = PARTS) -> dict[str, list[Row]]:
    """Rows of {name, ours, peer, ratio, goal}; a ratio is ours to the peer's, in rows or ops a second."""
    rows: list[Row] = []
    steady: list[tuple[int, dict[str, float]]] = []
    sizes = [size for size in SMALLER if size < bookings] if "steady" in parts else []
    for size in [*sizes, bookings] if {"copies", "steady"} & set(parts) else []:
        with _server() as server, _grown(server, size) as grown:
            if "copies" in parts and size == bookings:
                rows += _copies(grown)
            if "steady" in parts:
                steady.append((sum(count for count, _ in grown.held.values()), _steady(server, grown)))
    rows += _beside_the_smallest(steady)
    if "windows" in parts:
        rows += bench_sync_windows.run()["rows"]
    if "desks" in parts:
        rows += bench_sync_desks.run()["rows"]
    return {"rows": rows}


def _server() -> Postgres:
    return Postgres(durable=True, settings={"max_wal_size": "4GB"})


@contextmanager
def _grown(server: Postgres, bookings: int) -> Iterator[Grown]:
    profile = made(ROOT / "build" / "bench" / str(bookings), bookings)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=ROOT / "build")))
        shutil.copytree(profile, folder / "first", ignore=shutil.ignore_patterns("*.lock"))
        server.create_database("hub")
        place = stack.enter_context(hub_place(Central(server, "hub")))
        either = Either()
        desk = stack.enter_context(at_work(folder / "first", authority=either))
        file, sign_in = desk.database.path, place.sign_in("Kotor")
        hub = place.reach(sign_in)
        up, _ = _timed(lambda: join(desk.database, hub))
        push_all(desk.database, hub)  # what it shares from now on
        held = _same(file, place.central.url())
        either.real = HubAuthority(desk.database, Enrolled(desk, hub, sign_in))
        second = folder / "second"
        second.mkdir()
        hub_2 = place.reach(place.sign_in("Budva"))
        down, _ = _timed(
            lambda: first_sync(
                hub_2,
                second / "travellr.db",
                profile_kind=ProfileKind.DESK,
                payments_kind=PaymentsKind.SANDBOX,
            )
        )
        _same(second / "travellr.db", place.central.url())
        yield Grown(place, file, desk, hub, second, hub_2, up, down, held)


def _same(file: Path, url: str) -> Held:
    here, there = held_in(file), held_at(url)
    if other := [table for table in here if here[table] != there[table]]:
        raise SystemExit(f"File and hub differ in {', '.join(other)}.")
    return here


# whole files


def _copies(grown: Grown) -> list[Row]:
    """Ours, timed already, and every peer in turn."""
    rows: list[Row] = []
    url, fresh = grown.place.central.url(), count()
    held = held_at(url)
    moved = sum(number for number, _ in held.values())
    with tempfile.TemporaryDirectory(dir=ROOT / "build") as folder:
        bare = sync_peers.bare_copy(grown.second / "travellr.db", Path(folder) / "bare.db")
        for name, peer in UP.items():
            if name == "pgloader" and shutil.which(name) is None:
                print("pgloader is not installed.", file=sys.stderr, flush=True)
                continue
            try:
                took = _took(name, peer, bare, url, moved)
            except sync_peers.PeerFailed as why:
                print(f"{name} failed: {why}", file=sys.stderr, flush=True)
                continue
            if held_at(url, "peer") != held:
                raise SystemExit(f"{name} has not moved what was there.")
            rows.append(_row(f"up, rows/s, beside {name}", moved / grown.up, moved / took, GOALS.get(name)))
        for name, peer in DOWN.items():
            file = Path(folder) / f"peer{next(fresh)}.db"
            took = _took(name, peer, file, url, moved)
            if held_in(file) != held:
                raise SystemExit(f"{name} has not moved what was there.")
            file.unlink()
            rows.append(
                _row(f"down, rows/s, beside {name}", moved / grown.down, moved / took, GOALS.get(name))
            )
    size = sum(size for _, size in held.values())
    return [*rows, _row("rows of each copy", moved), _row("MB of each copy, as text", size / 1e6)]


def _took(name: str, peer: Way, file: Path, url: str, moved: int) -> float:
    took, came = _timed(lambda: peer(file, url))
    if came != moved:
        raise SystemExit(f"{name} moved {came:,} rows of {moved:,}.")
    return took


# op after op


def _steady(server: Postgres, grown: Grown) -> dict[str, float]:
    """Ops a second, told by one desk and taken in by the other, and what of the hub's processor one of them takes."""
    database, hub, hub_2 = grown.desk.database, grown.hub, grown.hub_2
    grown.desk.services.numbers.top_up()
    selling = SellingOn(grown.desk, BATCHES * SALES)
    push_all(database, hub)
    told, taken, told_cpu, taken_cpu = [], [], [], []
    with at_work(grown.second) as other:
        pull_all(other.database, hub_2)
        for _ in range(BATCHES):
            for _ in range(SALES):
                selling.sale()
            began = server_cpu(server)
            push, pushed = _timed(lambda: push_all(database, hub))
            between = server_cpu(server)
            pull, pulled = _timed(lambda: pull_all(other.database, hub_2))
            if pushed.in_inbox or not SALES <= pushed.ops == pulled.ops:
                raise SystemExit(f"{pushed} and {pulled}.")
            told.append(pushed.ops / push)
            taken.append(pulled.ops / pull)
            told_cpu.append((between - began) / pushed.ops)
            taken_cpu.append((server_cpu(server) - between) / pulled.ops)
        pull_all(database, hub)  # what the hub gave the desk
        here = _same(database.path, grown.place.central.url())
        if held_in(other.database.path) != here:
            raise SystemExit("The desks differ.")
    return {
        "told, ops/s": statistics.median(told),
        "taken in, ops/s": statistics.median(taken),
        "told, ms of the hub's processor an op": statistics.mean(told_cpu) * 1000,
        "taken in, ms of the hub's processor an op": statistics.mean(taken_cpu) * 1000,
    }


def _beside_the_smallest(steady: list[tuple[int, dict[str, float]]]) -> list[Row]:
    rows: list[Row] = []
    for size, found in steady:
        for name, ours in found.items():
            first = steady[0][1][name]
            if size == steady[0][0] or not name.endswith("ops/s"):
                rows.append(_row(f"{name}, at a hub of {size:,} rows", ours))
            else:
                beside = f"{name}, at a hub of {size:,} rows beside {steady[0][0]:,}"
                rows.append(_row(beside, ours, first, FLAT))
    return rows


def _row(name: str, ours: float, peer: float | None = None, goal: float | None = None) -> Row:
    return {"name": name, "ours": ours, "peer": peer, "ratio": peer and ours / peer, "goal": goal}


def _timed(what: Callable[[], Any]) -> tuple[float, Any]:
    began = time.perf_counter()
    done = what()
    return time.perf_counter() - began, done


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--bookings", type=int, default=BOOKINGS)
    parser.add_argument("--only", default=",".join(PARTS))
    given = parser.parse_args()
    for row in run(given.bookings, tuple(given.only.split(",")))["rows"]:
        print(json.dumps(row), flush=True)


if __name__ == "__main__":
    main()
