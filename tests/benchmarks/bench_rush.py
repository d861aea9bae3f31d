"""Eight programs that want the last hundred seats of one departure at once, each selling one seat at a time for cash.

    python tests/benchmarks/bench_rush.py [--file PROFILE]

They are forked from one process that has imported what they need, and begin together. A program that is told that there
are no more seats stops; whatever else it is told is counted as shown to somebody.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from helpers.desk import CASH
from helpers.generated import at_work
from travellr_desktop.demo.large.make import generate
from travellr_desktop.domain.party import Party
from travellr_desktop.errors import SeatsGone
from travellr_desktop.paths import Profile
from travellr_desktop.services.sales import Sell, SellLine
from travellr_desktop.storage.paging import read_connection

PROGRAMS, SEATS = 8, 100
SMALL = 1_000
GREEDIEST = 40.0
"""Percent of the sales, at the most, that one of the programs has."""


SOLD = (
    "SELECT coalesce(sum(l.occupies), 0) FROM booking_lines l JOIN bookings b ON b.id = l.booking_id "
    "WHERE b.departure_id = ? AND b.state = 'confirmed'"
)
STRANDED = "SELECT count(*) FROM holds WHERE departure_id = ? AND state <> 'consumed'"


@dataclass(frozen=True, slots=True)
class Result:
    """Of one program: seats sold, the longest sale in milliseconds, what it was told beside that the seats are gone."""

    sold: int
    longest: float
    told: tuple[str, ...]


def _program(folder: Path, departure: UUID, buyer: UUID, together: Barrier, found: Queue[Result]) -> None:
    sold, longest, told = 0, 0.0, []
    with at_work(folder) as desk:
        holds, sales, agent = desk.services.holds, desk.services.sales, desk.agent
        together.wait()
        for _ in range(2 * SEATS):
            began = time.perf_counter()
            try:
                hold = holds.hold(agent, departure, Party(adult=1), key=uuid4())
                sales.sell(agent, Sell((SellLine(hold.id),), buyer, CASH), key=uuid4())
                sold += 1
            except SeatsGone:
                break
            except Exception as problem:
                told.append(f"{type(problem).__name__}: {problem}")
            longest = max(longest, 1000 * (time.perf_counter() - began))
    found.put(Result(sold, longest, tuple(told)))


def rush(folder: Path) -> tuple[list[Result], dict[str, int], float]:
    """What each program found, what stands in the file afterwards, and the seconds it took."""
    with at_work(folder) as desk:
        day = desk.clock.now().date() + timedelta(days=30)
        departure = desk.add_departure(day=day, capacity=SEATS)
        buyer = desk.traveller("Henrik Söderberg").id
    context = multiprocessing.get_context("fork")
    together: Barrier = context.Barrier(PROGRAMS + 1, timeout=300)
    found: Queue[Result] = context.Queue()
    programs = [
        context.Process(target=_program, args=(folder, departure, buyer, together, found))
        for _ in range(PROGRAMS)
    ]
    for program in programs:
        program.start()
    together.wait()
    began = time.perf_counter()
    results = [found.get(timeout=600) for _ in programs]
    took = time.perf_counter() - began
    for program in programs:
        program.join()
    return results, _left(folder, departure), took


def _left(folder: Path, departure: UUID) -> dict[str, int]:
    """How many seats are sold, and how many holds neither were sold nor ended."""
    with closing(read_connection(Profile.at(folder).database)) as connection:
        return {
            name: connection.execute(question, (departure.hex,)).fetchone()[0]
            for name, question in (("seats", SOLD), ("stranded", STRANDED))
        }


def run(file: Path | None = None) -> dict[str, Any]:
    """Rows of {name, ours, peer, words, met}. `file` is a profile made by `travellr generate`; it is sold on."""
    with tempfile.TemporaryDirectory() as made:
        folder = file or Path(made) / "small"
        if file is None:
            generate(Profile.at(folder), bookings=SMALL, vendors=10, seed=1, said=lambda *_: None)
        results, left, took = rush(folder)
    sold = sum(result.sold for result in results)
    greediest = 100 * max(result.sold for result in results) / max(sold, 1)
    told = sorted({words for result in results for words in result.told})
    exactly = sold == SEATS == left["seats"]
    rows = [
        {"name": "seats sold of the last 100", "ours": left["seats"], "words": "exactly 100", "met": exactly},
        {
            "name": "holds left stranded",
            "ours": left["stranded"],
            "words": "none",
            "met": not left["stranded"],
        },
        {
            "name": "errors shown" + "".join(f"; {words}" for words in told),
            "ours": len(told),
            "words": "none",
            "met": not told,
        },
        {
            "name": "percent of the sales of the greediest",
            "ours": greediest,
            "words": f"≤ {GREEDIEST:.0f} %",
            "met": greediest <= GREEDIEST,
        },
        {"name": "longest sale of any, ms", "ours": max(result.longest for result in results)},
        {"name": "sales a second of all together", "ours": sold / took},
    ]
    return {"rows": rows}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--file", type=Path)
    for row in run(parser.parse_args().file)["rows"]:
        print(row)


if __name__ == "__main__":
    main()
