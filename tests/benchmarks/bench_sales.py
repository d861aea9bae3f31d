"""Sales and refunds a second, beside SQLite alone.

    python tests/benchmarks/bench_sales.py [--file PROFILE] [--sales N]

A cash sale of two adults: seats held, sold, confirmed, in two durable commits; and its cancellation with the cash given
back, in one. Beside each the same row writes in the same commits by the sqlite3 module alone (`helpers.floor`), one
after the other in the same run on the same disk. The floor has the file's triggers: they write the change rows and
count the seats, and those are row writes of the same commits. It is told all values beforehand; it reads nothing,
checks no rule, reckons no price, hashes nothing and tells nobody.
"""

from __future__ import annotations

import argparse
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

sys.path[:0] = [str(Path(__file__).resolve().parents[1]), str(Path(__file__).resolve().parents[2])]

from sqlalchemy import event

from helpers.desk import CASH, Desk, desk_again, desk_at
from helpers.floor import Chain, Recorded, floor, new_ids, play, record
from travellr_desktop.domain.party import Party
from travellr_desktop.services.outcomes import SaleOutcome
from travellr_desktop.services.sales import Sell, SellLine

GOAL = 0.25
"""Of the floor's sales a second."""
MOST_STATEMENTS = 25
SALES = 300
WARM = 20
SEATS = 40
PARTY = Party(adult=2)


@dataclass
class Times:
    """How long each took, in seconds."""

    ours: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)

    @property
    def ratio(self) -> float:
        """Of the bare sales a second, by the medians: another program on the machine moves single ones."""
        return statistics.median(self.bare) / statistics.median(self.ours)


@contextmanager
def timed(into: list[float]) -> Iterator[None]:
    began = time.perf_counter()
    yield
    into.append(time.perf_counter() - began)


class Bench:
    """A desk and the floor on a copy of its file, selling the same seats."""

    def __init__(self, desk: Desk, sales: int) -> None:
        self.desk = desk
        self.buyer = desk.traveller("Henrik Söderberg").id
        count = (sales + WARM + 2) * PARTY.pax // SEATS + 2
        first = date(2026, 7, 4)
        self.departures = [
            desk.add_departure(day=first + timedelta(days=number), capacity=SEATS) for number in range(count)
        ]
        with desk.database.read() as view:
            desk_id = view.agency.this_desk().id
            grants = [view.departures.grant(departure, desk_id) for departure in self.departures]
        self.grants = [grant.id for grant in grants if grant is not None]

    def places(self) -> Iterator[tuple[UUID, UUID]]:
        """Where the next sale is: departure and grant, each as often as it has seats."""
        pairs = zip(self.departures, self.grants, strict=True)
        return (pair for pair in pairs for _ in range(SEATS // PARTY.pax))

    def sale(self, departure: UUID) -> SaleOutcome:
        holds, sales, agent = self.desk.services.holds, self.desk.services.sales, self.desk.agent
        hold = holds.hold(agent, departure, PARTY, key=uuid4())
        return sales.sell(agent, Sell((SellLine(hold.id),), self.buyer, CASH), key=uuid4())

    def refund(self, outcome: SaleOutcome) -> None:
        self.desk.cancel(outcome.bookings[0].id, reason="Ill")

    def recorded(self, departure: UUID) -> tuple[SaleOutcome, list[Recorded]]:
        """The commits of a sale: the hold, and the sale itself."""
        file, agent = self.desk.database.path, self.desk.agent
        made: dict[str, Any] = {}

        def hold(key: UUID) -> None:
            made["hold"] = self.desk.services.holds.hold(agent, departure, PARTY, key=key)

        def sell(key: UUID) -> None:
            order = Sell((SellLine(made["hold"].id),), self.buyer, CASH)
            made["sale"] = self.desk.services.sales.sell(agent, order, key=key)

        commits = [record(file, hold), record(file, sell)]
        return made["sale"], commits

    def statements(self, departure: UUID) -> int:
        """How many statements a sale sends to the driver, transactions begun and committed included."""
        seen: list[str] = []
        engine = self.desk.database.engine

        def count(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
            seen.append(statement)

        def committed(_connection: Any) -> None:
            seen.append("COMMIT")

        event.listen(engine, "before_cursor_execute", count)
        event.listen(engine, "commit", committed)
        self.sale(departure)
        event.remove(engine, "before_cursor_execute", count)
        event.remove(engine, "commit", committed)
        return len(seen)


def measure(folder: Path, sales: int) -> dict[str, Any]:
    """Time the desk in `folder` beside the floor on a copy of its file."""
    with desk_again(folder) as desk:
        bench = Bench(desk, sales)
        places = bench.places()
        for departure, _ in islice(places, WARM):
            bench.sale(departure)
        here, grant = next(places)
        first, commits = bench.recorded(here)
        counted = bench.statements(next(places)[0])
        bare = folder / "bare.db"
        with closing(sqlite3.connect(desk.database.path)) as source, closing(sqlite3.connect(bare)) as target:
            source.backup(target)
        back = record(desk.database.path, lambda key: _cancel(desk, first, key))
        sold, refunded = Times(), Times()
        chain = Chain(bare)
        with floor(bare) as plain:
            done = []
            for number, (departure, seats) in enumerate(islice(places, sales), 1):
                names = {
                    here.hex: departure.hex,
                    str(here): str(departure),
                    grant.hex: seats.hex,
                    first.reference: f"SA-F-{number:06}",
                    first.bookings[0].reference: f"BK-F-{number:06}",
                    **new_ids(*commits),
                    **_codes(commits, number),
                }
                statements = [play(commit, names, chain) for commit in commits]
                with timed(sold.ours):
                    outcome = bench.sale(departure)
                with timed(sold.bare):
                    for commit in statements:
                        plain.write(commit)
                done.append((outcome, names))
            for outcome, names in done:
                again = play(back, {**names, **new_ids(back)}, chain)
                with timed(refunded.ours):
                    bench.refund(outcome)
                with timed(refunded.bare):
                    plain.write(again)
        assert desk.services.check.run().problems == ()
    bare.unlink()
    return {"sold": sold, "refunded": refunded, "statements": counted, "commits": commits, "back": back}


def _cancel(desk: Desk, outcome: SaleOutcome, key: UUID) -> None:
    ids = [outcome.bookings[0].id]
    shown = desk.services.cancellations.preview(desk.agent, ids)
    desk.services.cancellations.cancel(desk.agent, ids, "Ill", shown.back, key=key)


def _codes(commits: list[Recorded], number: int) -> dict[str, str]:
    """Another voucher code for the recorded booking's."""
    for sql, values in commits[1].statements:
        if sql.startswith("INSERT INTO bookings"):
            names = sql.partition("(")[2].partition(")")[0].split(", ")
            return {values[names.index("voucher_code")]: f"F-{number:07}"}
    raise AssertionError("no booking in a sale")


def run(file: Path | None = None, sales: int = SALES) -> dict[str, Any]:
    """Rows of {name, ours, peer, ratio, goal}: sales and refunds a second beside the floor's; the statements of a sale.

    `file` is a profile made beforehand, and is left as it is; else a small desk is made."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made) / "profile"
        if file is None:
            with desk_at(folder):
                pass
        else:
            shutil.copytree(file, folder, ignore=shutil.ignore_patterns("*.lock"))
        found = measure(folder, sales)
    rows = []
    for name, times in (("cash sales a second", found["sold"]), ("cash refunds a second", found["refunded"])):
        ours, bare = (1 / statistics.median(each) for each in (times.ours, times.bare))
        goal = GOAL if name.startswith("cash sales") else None
        rows.append({"name": name, "ours": ours, "peer": bare, "ratio": times.ratio, "goal": goal})
    written = sum(commit.rows for commit in found["commits"])
    rows.append(
        {
            "name": f"statements of a cash sale ({written} row writes beside those of triggers)",
            "ours": found["statements"],
            "peer": None,
            "ratio": None,
            "goal": MOST_STATEMENTS,
        }
    )
    return {"rows": rows, "median_ms": 1000 * statistics.median(found["sold"].ours)}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--file", type=Path)
    parser.add_argument("--sales", type=int, default=SALES)
    given = parser.parse_args()
    found = run(given.file, given.sales)
    for row in found["rows"]:
        print({name: round(value, 3) if isinstance(value, float) else value for name, value in row.items()})
    print(f"median of a cash sale: {found['median_ms']:.2f} ms")


if __name__ == "__main__":
    main()
