"""Many desks over one hub, each a process with a file of its own.

    python tests/benchmarks/bench_sync_desks.py [--desks N] [--seconds S] [--every E]

Each desk sells by itself, first at a pace (a cash sale every so many seconds, at odd moments), then as fast as it can;
all of them, the hub and what measures share this machine. Of each sale it is measured when the hub's answer to its last
op was at the desk, and when the last of all other desks had it in its file. Then hub and files are held against each
other. What is computed from it, see docs/sync.md.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "packaging"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from helpers.enrolled_desk import starting
from helpers.hub_agency import Agency
from helpers.neighbour import Neighbour
from postgres import Postgres

DESKS = 20
SECONDS = 30.0
EVERY = 10.0
RUSH_SECONDS = 5.0
REST_SECONDS = 20.0
"""Some of the turns that each desk takes every few seconds anyhow."""

Row = dict[str, Any]


def run(
    count: int = DESKS, seconds: float = SECONDS, every: float = EVERY, rush: float = RUSH_SECONDS
) -> dict[str, list[Row]]:
    """Rows of {name, ours}; no goal is set for them."""
    settings = {"max_connections": str(2 * count + 20)}
    with Postgres(durable=True, settings=settings) as server, ExitStack() as stack:
        agency = Agency(server, "desks", stack)
        files = [(agency.first, agency.url), *(agency.another(number) for number in range(1, count))]
        desks = []
        for file in files:
            desks.append(stack.enter_context(starting(*file)))
            assert desks[-1].answer() == "ready"
        meter = _Meter(agency, desks)
        meter.caught(0)
        connections = agency.place.one(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            "AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )
        resting, memory = meter.resting(), agency.memory() / connections
        steadily = meter.selling(seconds, every)
        rushing = meter.selling(rush, 0)
        _proved(agency, desks)
    at_a_pace = f"{count} desks, a sale each {every:g} s"
    return {
        "rows": [
            _row(f"{count} desks: connections", connections),
            _row(f"{count} desks: hub's memory, MB a connection", memory / 1e6),
            _row(f"{count} desks at rest: hub's processor, ms a desk and second", resting / count * 1000),
            *_told(at_a_pace, steadily),
            *_told(f"{count} desks, as fast as they can", rushing),
        ]
    }


@dataclass(frozen=True, slots=True)
class Found:
    """Of a time in which all sold: seconds, milliseconds after each sale, seconds of a core, bytes."""

    seconds: float
    sales: int
    ops: int
    at_hub: list[float]
    everywhere: list[float]
    hub_cpu: float
    desk_cpu: float
    wire: int
    ops_bytes: int
    changes_bytes: int
    changes: int
    wal: int


class _Meter:
    def __init__(self, agency: Agency, desks: list[Neighbour]) -> None:
        self._agency = agency
        self._desks = desks

    def caught(self, sales: int) -> list[dict[str, Any]]:
        """Every desk has everything, so many sales since it was asked last; what each of them says of that time."""
        published = self._agency.place.one("SELECT last_pub FROM hub.state")
        for desk in self._desks:
            desk.tell(f"caught {published} {sales}")
        return [desk.answer() for desk in self._desks]

    def resting(self) -> float:
        """Seconds of a core that the hub uses in a second in which nobody does anything."""
        cpu = self._agency.cpu()
        time.sleep(REST_SECONDS)
        return (self._agency.cpu() - cpu) / REST_SECONDS

    def selling(self, seconds: float, every: float) -> Found:
        cpu, before = self._agency.cpu(), self._sizes()
        for desk in self._desks:
            desk.tell(f"rush {seconds} {every}")
        told = [desk.answer() for desk in self._desks]
        self._agency.place.one("SELECT hub.publish()")
        sales = [one for each in told for one in each["sales"]]
        heard = self.caught(len(sales))
        after = self._sizes()
        came: dict[str, list[float]] = {one["id"]: [] for one in sales}
        for each in heard:
            for booking, at in each["heard"]:
                came[booking].append(at)
        if any(len(moments) != len(self._desks) for moments in came.values()):
            raise SystemExit("A sale is not everywhere, or twice.")
        ops_bytes, changes_bytes, changes, wal = (now - then for now, then in zip(after, before, strict=True))
        return Found(
            seconds=seconds + max(each["behind"] for each in told),
            sales=len(sales),
            ops=sum(each["ops"] for each in told),
            at_hub=[one["told"] * 1000 for one in sales],
            everywhere=[(max(came[one["id"]]) - one["at"]) * 1000 for one in sales],
            hub_cpu=self._agency.cpu() - cpu,
            desk_cpu=sum(each["cpu"] for each in heard),
            wire=sum(each["bytes"] for each in heard),
            ops_bytes=ops_bytes,
            changes_bytes=changes_bytes,
            changes=changes,
            wal=wal,
        )

    def _sizes(self) -> tuple[int, int, int, int]:
        place = self._agency.place
        return (
            int(place.one("SELECT pg_total_relation_size('hub.ops')")),
            int(place.one("SELECT pg_total_relation_size('hub.changes')")),
            int(place.one("SELECT count(*) FROM hub.changes")),
            int(place.one("SELECT pg_current_wal_lsn() - '0/0'::pg_lsn")),
        )


def _proved(agency: Agency, desks: list[Neighbour]) -> None:
    """Nothing waits in the inbox, and every desk has what the hub has."""
    if agency.place.one("SELECT count(*) FROM hub.conflicts"):
        raise SystemExit("Something lies in the inbox.")
    for desk in desks:
        desk.tell("count")
    there = int(agency.place.one("SELECT count(*) FROM agency.ledger"))
    here = [desk.answer() for desk in desks]
    if any(each != there for each in here):
        raise SystemExit(f"{there} ledger entries at the hub, {here} at the desks.")


def _told(name: str, found: Found) -> list[Row]:
    each = max(found.sales, 1)
    return [
        _row(f"{name}: sales/s, all together", found.sales / found.seconds),
        _row(f"{name}: ops/s at the hub", found.ops / found.seconds),
        _row(f"{name}: until the hub has a sale, ms: median", statistics.median(found.at_hub)),
        _row(f"{name}: until the hub has a sale, ms: worst", max(found.at_hub)),
        _row(f"{name}: until all others have it, ms: median", statistics.median(found.everywhere)),
        _row(f"{name}: until all others have it, ms: worst", max(found.everywhere)),
        _row(f"{name}: hub's processor, ms a sale", found.hub_cpu / each * 1000),
        _row(f"{name}: hub's processor, cores", found.hub_cpu / found.seconds),
        _row(f"{name}: desks' processors, ms a sale, all together", found.desk_cpu / each * 1000),
        _row(f"{name}: on the wire, kB a sale, all together", found.wire / each / 1000),
        _row(f"{name}: hub.ops, kB a sale", found.ops_bytes / each / 1000),
        _row(f"{name}: hub.changes, kB a sale", found.changes_bytes / each / 1000),
        _row(f"{name}: hub.changes, rows a sale", found.changes / each),
        _row(f"{name}: write-ahead log, kB a sale", found.wal / each / 1000),
    ]


def _row(name: str, ours: float) -> Row:
    return {"name": name, "ours": float(ours), "peer": None, "ratio": None, "goal": None}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--desks", type=int, default=DESKS)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--every", type=float, default=EVERY)
    given = parser.parse_args()
    for row in run(given.desks, given.seconds, given.every)["rows"]:
        print(json.dumps(row), flush=True)


if __name__ == "__main__":
    main()
