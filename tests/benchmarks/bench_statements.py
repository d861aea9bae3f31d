"""A statement of 500 lines as PDF, beside a bare table of the same words set by the same typesetter.

    python tests/benchmarks/bench_statements.py [--lines N]

Ours is what a person waits for: the rows are read and set. The peer has no head, no figures and no
pages of its own: what a table costs by itself.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from helpers.clock import HandClock
from helpers.desk import CASH, Desk, desk_at
from helpers.statements import done, told
from travellr_desktop import paths
from travellr_desktop.services.exporting import plain_decimal
from travellr_desktop.services.statements.exporting import csv_bytes, xlsx_bytes
from travellr_desktop.services.statements.paper import render_statement
from travellr_desktop.services.statements.views import StatementDetail

LINES, TOGETHER, TIMES = 500, 20, 7
GOAL_MS = 1_500.0

BARE = """
#let d = json(bytes(sys.inputs.data))
#set text(font: "Inter", size: 8pt)
#table(columns: d.rows.first().len(), ..d.rows.flatten())
"""


def run(lines: int = LINES) -> dict[str, Any]:
    """Rows of {name, ours, peer, ratio, goal} in milliseconds."""
    with tempfile.TemporaryDirectory() as place, desk_at(Path(place), HandClock()) as desk:
        issued = of_lines(desk, lines).id

        def read(turn: int) -> StatementDetail:
            return another(desk.services.statements.detail(desk.admin, issued), turn)

        pdf = median(lambda turn: render_statement(read(turn)))
        sheets = median(lambda turn: xlsx_bytes(read(turn)))
        rows = median(lambda turn: csv_bytes(read(turn)))
        peer = median(lambda turn: bare(read(turn)))
    return {
        "rows": [
            {
                "name": f"a statement of {lines} lines as PDF",
                "ours": pdf,
                "peer": peer,
                "ratio": pdf / peer,
                "goal": GOAL_MS,
            },
            {"name": "the same as Excel file", "ours": sheets, "peer": None},
            {"name": "the same as CSV", "ours": rows, "peer": None},
        ]
    }


def another(statement: StatementDetail, turn: int) -> StatementDetail:
    """The typesetter remembers what it has set: every line says something else in every turn."""
    lines = tuple(replace(line, reference=f"{line.reference[:-2]}{turn:02}") for line in statement.lines)
    return replace(statement, lines=lines)


def of_lines(desk: Desk, lines: int) -> StatementDetail:
    """A vendor's statement of so many bookings."""
    departures = []
    for begun in range(0, lines, TOGETHER):
        day = desk.clock.now().date() + timedelta(days=5 + begun // TOGETHER)
        departure = desk.add_departure(day=day, capacity=TOGETHER)
        count = min(TOGETHER, lines - begun)
        desk.sell(*(desk.hold(departure, adult=1) for _ in range(count)), pay=CASH)
        departures.append(departure)
    for _ in range(1 + lines // TOGETHER // 30):
        done(desk)
    done(desk, *departures)
    (statement,) = told(desk)
    return statement


def bare(statement: StatementDetail) -> bytes:
    import typst

    rows = [
        [line.reference, line.title, str(line.pax), line.kind.value]
        + [plain_decimal(amount) for amount in (line.retail, line.commission, line.net)]
        for line in statement.lines
    ]
    made = typst.compile(
        BARE.encode(), font_paths=fonts(), format="pdf", sys_inputs={"data": json.dumps({"rows": rows})}
    )
    assert isinstance(made, bytes)
    return made


@cache
def fonts() -> Any:
    import typst

    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(paths.resource("fonts"))]
    )


def median(work: Callable[[int], object]) -> float:
    """Milliseconds; once before, so that library and fonts are loaded."""
    work(0)
    found = []
    for turn in range(1, TIMES + 1):
        began = time.perf_counter()
        work(turn)
        found.append((time.perf_counter() - began) * 1000)
    return statistics.median(found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--lines", type=int, default=LINES)
    for row in run(parser.parse_args().lines)["rows"]:
        beside = f", {row['peer']:.0f} ms bare: {row['ratio']:.2f} ×" if row["peer"] else ""
        print(f"{row['name']}: {row['ours']:.0f} ms{beside}")


if __name__ == "__main__":
    main()
