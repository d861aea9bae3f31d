"""Sales and refunds a second, beside SQLite alone.

    python tests/benchmarks/bench_sales.py [--file PROFILE] [--sales N]

A cash sale of two adults in three durable commits: seats held; sold, with the payment pending; paid and confirmed. And
its cancellation with the cash given back, in one. Beside each the same row writes in the same commits by the sqlite3
module alone (`helpers.floor`), one after the other in the same run on the same disk. The floor has the file's triggers:
they write the change rows and count the seats, and those are row writes of the same commits. It is told all values
beforehand; it reads nothing, checks no rule, reckons no price, hashes nothing and tells nobody.

A statement is a call of the driver that reads or writes: one for many rows of a table is one. What begins and commits a
transaction is counted beside them. The floor's own are counted the same way.
"""

from __future__ import annotations

import argparse
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from sqlalchemy import event

from helpers.desk import CASH, Desk
from helpers.floor import Chain, Recorded, floor, new_ids, play, record
from helpers.generated import at_work
from travellr_desktop.demo.large.make import generate
from travellr_desktop.domain.party import Party
from travellr_desktop.paths import Profile
from travellr_desktop.services.outcomes import SaleOutcome
from travellr_desktop.services.sales import Sell, SellLine

GOAL = 0.25
"""Of the floor's sales a second."""
GROWTH = 1.25
"""Times a sale at 1,000 bookings, at the most."""
MOST_STATEMENTS = 25
"""That read or write, those of the hold among them."""
COMMITS = 3
SMALL = 1_000
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
        first = desk.clock.now().date() + timedelta(days=30)
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
        """The commits of a sale: the hold, what is pending, and its outcome."""
        file, agent = self.desk.database.path, self.desk.agent
        made: dict[str, Any] = {}

        def hold(key: UUID) -> None:
            made["hold"] = self.desk.services.holds.hold(agent, departure, PARTY, key=key)

        def sell(key: UUID) -> None:
            order = Sell((SellLine(made["hold"].id),), self.buyer, CASH)
            made["sale"] = self.desk.services.sales.sell(agent, order, key=key)

        commits = [*record(file, hold), *record(file, sell)]
        assert len(commits) == COMMITS
        return made["sale"], commits

    def statements(self, departure: UUID) -> tuple[int, int]:
        """How many statements a sale sends that read or write, and how many that begin or commit."""
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
        control = sum(each in ("BEGIN IMMEDIATE", "COMMIT") for each in seen)
        return len(seen) - control, control


def measure(desk: Desk, sales: int) -> dict[str, Any]:
    """Time a desk beside the floor on a copy of its file."""
    bench = Bench(desk, sales)
    places = bench.places()
    for departure, _ in islice(places, WARM):
        bench.sale(departure)
    here, grant = next(places)
    first, commits = bench.recorded(here)
    counted = bench.statements(next(places)[0])
    bare = _copy(desk.database.path, "bare.db")
    (back,) = record(desk.database.path, lambda key: _cancel(desk, first, key))
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
    bare.unlink()
    return {
        "sold": sold,
        "refunded": refunded,
        "statements": counted,
        "floor": sum(len(commit) for commit in statements),
        "commits": commits,
    }


def _copy(file: Path, name: str) -> Path:
    made = file.with_name(name)
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(made)) as target:
        source.backup(target)
    return made


def growth(small: Desk, large: Desk, sales: int) -> tuple[float, float]:
    """The median of a cash sale in each, in seconds, one after the other."""
    both = [(Bench(desk, sales), Times()) for desk in (small, large)]
    places = [islice(bench.places(), sales + WARM) for bench, _ in both]
    for number, turn in enumerate(zip(*places, strict=True)):
        for (bench, times), (departure, _) in zip(both, turn, strict=True):
            with timed(times.ours if number >= WARM else []):
                bench.sale(departure)
    one, other = (statistics.median(times.ours) for _, times in both)
    return one, other


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
    """Rows of {name, ours, peer, ratio, goal}: sales and refunds a second at 1,000 bookings beside the floor's, the
    statements of a sale, and with `file` how much longer a sale takes there.

    `file` is a large profile made by `travellr generate`; it is sold on."""
    with tempfile.TemporaryDirectory(dir=None if file is None else file.parent) as made:
        small = Path(made) / "small"
        generate(Profile.at(small), bookings=SMALL, vendors=10, seed=1, said=lambda *_: None)
        rows = []
        with at_work(small) as desk:
            found = measure(desk, sales)
            if file is not None:
                with at_work(file) as large, large.database.read() as view:
                    count = view.bookings.find_all(limit=1)[1]
                    view.connection.rollback()  # an open view would keep the file from being checkpointed
                    little, much = growth(desk, large, sales)
                name = f"a cash sale at {count:,} bookings, times one at {SMALL:,} ({1000 * much:.2f} ms)"
                rows.append(
                    {"name": name, "ours": much / little, "peer": None, "ratio": None, "goal": GROWTH}
                )
            assert desk.services.check.run().problems == ()
    for name, times, goal in (
        ("cash sales a second", found["sold"], GOAL),
        ("cash refunds a second", found["refunded"], None),
    ):
        ours, bare = (1 / statistics.median(each) for each in (times.ours, times.bare))
        rows.append({"name": name, "ours": ours, "peer": bare, "ratio": times.ratio, "goal": goal})
    written = sum(commit.rows for commit in found["commits"])
    sent, control = found["statements"]
    rows.append(
        {
            "name": f"statements of a cash sale, and {control} that begin or commit "
            f"({written} row writes beside those of triggers)",
            "ours": sent,
            "peer": found["floor"],
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
