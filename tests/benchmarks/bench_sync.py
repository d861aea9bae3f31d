"""Desks and their hub: a whole file up and down beside plain copies of its rows, ops a second, and how soon others see.

    python tests/benchmarks/bench_sync.py [--bookings N] [--only copies,steady,windows,desks]

The hub is a Postgres of its own with durable commits on this machine. Up: a generated file joins an empty hub (keys,
foreign keys, checks and indexes are there, and looked at). Down: a first sync, with every index, trigger and word for
searching made and the file proved. Their peers move the same rows and do none of that (`helpers.sync_peers`). Steady:
sales of one desk are told, and taken in at another. What was moved is held against the hub: rows of each table, and
sums of the ledger.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "packaging"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parent))

import bench_sync_desks
from bench_sales import Bench

from helpers import sync_peers
from helpers.central_hub import Either, Enrolled, HubPlace, hub_place
from helpers.desk import Desk
from helpers.generated import at_work
from helpers.postgres import Central
from helpers.sync_peers import Way
from postgres import Postgres
from travellr_desktop.domain.ways import PaymentsKind, ProfileKind
from travellr_desktop.storage.outgoing import Outgoing
from travellr_desktop.storage.wire import synced
from travellr_desktop.sync.authority import HubAuthority
from travellr_desktop.sync.first_sync import first_sync
from travellr_desktop.sync.joining import join
from travellr_desktop.sync.pulling import pull_all
from travellr_desktop.sync.pushing import push_all

ROOT = Path(__file__).resolve().parents[2]
BOOKINGS = 300_000
SMALL = 1_000
SALES = 100
PARTS = ("copies", "steady", "windows", "desks")

UP: dict[str, Way] = {
    "raw COPY": sync_peers.copy_in,
    "COPY to temp and merge": sync_peers.copy_and_merge,
    "SQLAlchemy Core": sync_peers.core_in,
}
DOWN: dict[str, Way] = {
    "server cursor and executemany": sync_peers.cursor_out,
    "COPY out": sync_peers.copy_out,
    "SQLAlchemy Core": sync_peers.core_out,
}
GOALS = {"COPY to temp and merge": 1.0, "server cursor and executemany": 0.8}
"""Ours to theirs, in rows a second."""
FLAT = 0.8
"""Of the ops a second at 1,000 bookings."""

Row = dict[str, Any]


def run(bookings: int = BOOKINGS, parts: tuple[str, ...] = PARTS) -> dict[str, list[Row]]:
    """Rows of {name, ours, peer, ratio, goal}; a ratio is ours to the peer's, in rows or ops a second."""
    rows: list[Row] = []
    if {"copies", "steady"} & set(parts):
        sizes = [SMALL, bookings] if "steady" in parts else [bookings]
        steady: list[dict[str, float]] = []
        for size in sizes:
            with _server() as server, tempfile.TemporaryDirectory(dir=ROOT / "build") as folder:
                copied, ops = _size(server, Path(folder), size, "copies" in parts and size == bookings)
            rows += copied
            steady.append(ops)
        if "steady" in parts:
            for way, here in steady[1].items():
                rows.append(_row(f"{way}, ops/s, beside {SMALL:,} bookings", here, steady[0][way], FLAT))
    with _server() as server:
        if "windows" in parts:
            rows += bench_sync_desks.windows(server)
        if "desks" in parts:
            rows += bench_sync_desks.desks(server)
    return {"rows": rows}


def _server() -> Postgres:
    return Postgres(durable=True, settings={"max_connections": "120", "max_wal_size": "4GB"})


def _size(server: Postgres, folder: Path, bookings: int, copies: bool) -> tuple[list[Row], dict[str, float]]:
    from bench import made

    profile = ROOT / "build" / "bench" / str(bookings)
    made(profile, bookings)
    shutil.copytree(profile, folder / "first", ignore=shutil.ignore_patterns("*.lock"))
    server.create_database("hub")
    central = Central(server, "hub")
    rows: list[Row] = []
    with hub_place(central) as place, _desk(place, folder / "first") as (desk, either):
        file = desk.database.path
        sign_in = place.sign_in("Kotor")
        hub = place.reach(sign_in)
        took, _ = _timed(lambda: join(desk.database, hub))
        here = _counted(file)
        if here != _counted_at(place):
            raise SystemExit("The hub has not what was brought.")
        if copies:
            moved = sum(counts for counts, _sum in here.values())
            rows += _beside("up", moved / took, moved, UP, lambda: (file, central.url()))
        either.real = HubAuthority(desk.database, Enrolled(desk, hub, sign_in))
        desk.services.numbers.top_up()
        push_all(desk.database, hub)
        hub_2 = place.reach(place.sign_in("Budva"))
        second = folder / "second"
        second.mkdir()
        took, _ = _timed(
            lambda: first_sync(
                hub_2,
                second / "travellr.db",
                profile_kind=ProfileKind.DESK,
                payments_kind=PaymentsKind.SANDBOX,
            )
        )
        there = _counted(second / "travellr.db")
        if there != _counted_at(place):
            raise SystemExit("The new file has not what the hub has.")
        if copies:
            moved = sum(counts for counts, _sum in there.values())
            fresh = iter(range(1_000))
            rows += _beside(
                "down",
                moved / took,
                moved,
                DOWN,
                lambda: (folder / f"peer{next(fresh)}.db", central.url()),
            )
        steady = _steady(place, desk, hub, second, hub_2)
    server.drop_database("hub")
    return rows, steady


@contextmanager
def _desk(place: HubPlace, folder: Path) -> Iterator[tuple[Desk, Either]]:
    either = Either()
    with at_work(folder, authority=either) as desk:
        yield desk, either


def _steady(place: HubPlace, desk: Desk, hub: Any, second: Path, hub_2: Any) -> dict[str, float]:
    """Ops a second, told by one desk and taken in by the other."""
    bench = Bench(desk, SALES)
    push_all(desk.database, hub)
    with at_work(second) as other:
        pull_all(other.database, hub_2)
        places = bench.places()
        for _ in range(SALES):
            bench.sale(next(places)[0])
        waiting = _waiting(desk)
        push, pushed = _timed(lambda: push_all(desk.database, hub))
        pull, pulled = _timed(lambda: pull_all(other.database, hub_2))
        if pushed.in_inbox or not pushed.ops == waiting == pulled.ops:
            raise SystemExit(f"{waiting} ops, of which {pushed} and {pulled}.")
        pull_all(desk.database, hub)  # what the hub gave the desk, and that there is another one
        if not _counted(desk.database.path) == _counted(other.database.path) == _counted_at(place):
            raise SystemExit("Desks and hub differ.")
    return {"told": pushed.ops / push, "taken in": pulled.ops / pull}


def _waiting(desk: Desk) -> int:
    with desk.database.read() as view:
        here = Outgoing(view.connection).standing()
        return here.last_op - here.acked


def _beside(
    way: str, ours: float, moved: int, peers: dict[str, Way], given: Callable[[], tuple[Path, str]]
) -> list[Row]:
    rows = []
    for name, peer in peers.items():
        took, came = _timed(lambda peer=peer: peer(*given()))  # type: ignore[misc]
        if came != moved:
            raise SystemExit(f"{name} moved {came:,} rows of {moved:,}.")
        rows.append(_row(f"{way}, rows/s, beside {name}", ours, moved / took, GOALS.get(name)))
    return rows


def _row(name: str, ours: float, peer: float, goal: float | None) -> Row:
    return {"name": name, "ours": ours, "peer": peer, "ratio": ours / peer, "goal": goal}


def _timed(what: Callable[[], Any]) -> tuple[float, Any]:
    began = time.perf_counter()
    done = what()
    return time.perf_counter() - began, done


def _counted(file: Path) -> dict[str, tuple[int, int]]:
    """Rows of each table; of the ledger also its amounts, whatever their currency."""
    with closing(sqlite3.connect(file)) as here:
        return {
            table: (
                int(here.execute(f"SELECT count(*) FROM {table}").fetchone()[0]),
                int(here.execute("SELECT sum(abs(amount)) FROM ledger").fetchone()[0] or 0)
                if table == "ledger"
                else 0,
            )
            for table in synced()
        }


def _counted_at(place: HubPlace) -> dict[str, tuple[int, int]]:
    return {
        table: (
            int(place.one(f"SELECT count(*) FROM agency.{table}")),
            int(place.one("SELECT coalesce(sum(abs(amount)), 0) FROM agency.ledger"))
            if table == "ledger"
            else 0,
        )
        for table in synced()
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--bookings", type=int, default=BOOKINGS)
    parser.add_argument("--only", default=",".join(PARTS))
    given = parser.parse_args()
    for row in run(given.bookings, tuple(given.only.split(",")))["rows"]:
        print(json.dumps(row), flush=True)


if __name__ == "__main__":
    main()
