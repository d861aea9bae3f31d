"""All benchmarks, as one table of ratios and as `build/bench.json`: `make bench`, `make bench SIZE=20000`.

    python tests/benchmarks/bench.py [--size N] [--rounds R] [--only tables,start,…] [--file DATABASE]

The file is generated once for a size and kept in `build/bench`. Those who are compared take turns within each round, so
that what else the machine does meets all of them; what is printed are medians over the rounds. A peer that took minutes
is asked in one round alone. A goal that is missed is printed with its figure, like one that is met.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(HERE), str(ROOT / "tests"), str(ROOT)]

SIZE, ROUNDS = 1_000_000, 3
NAMES = {"ours": "Travellr", "table": "QSqlTableModel", "query": "QSqlQueryModel", "offset": "LIMIT/OFFSET"}
FREEZE, FREEZE_OPEN = 16.0, 33.0
PATIENCE = 120.0
"""Seconds; a peer that needs longer for a round is not asked again."""
PARTS = ("tables", "start", "windows", "sales", "rush", "search", "payouts", "batch", "statements", "sync")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table. `ratio` is ours to the peer's, or the other way round, as `goal` says it; without a goal
    it is there to be seen."""

    part: str
    name: str
    ours: float
    peers: Mapping[str, float]
    unit: str
    ratio: float | None = None
    goal: str = ""
    met: bool | None = None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--size", type=int, default=SIZE)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--only", default=",".join(PARTS))
    parser.add_argument(
        "--file", type=Path, help="a database to read the tables of, instead of a generated one"
    )
    given = parser.parse_args()
    wanted = given.only.split(",")
    lines: list[Line] = []
    profile = ROOT / "build" / "bench" / str(given.size)
    if given.file is None and {"tables", "sales", "rush", "search"} & set(wanted):
        from helpers.generated import made

        made(profile, given.size)
    database = given.file or profile / "travellr.db"
    with tempfile.TemporaryDirectory(dir=profile.parent if profile.exists() else None) as folder:
        sold = Path(folder) / "profile"
        """A copy of the file, which sales may be written to."""
        if given.file is None and {"sales", "rush"} & set(wanted):
            say("Copying the file, to sell on the copy …")
            shutil.copytree(profile, sold, ignore=shutil.ignore_patterns("*.lock"))
        large, read = (None, None) if given.file else (sold, profile)
        parts: dict[str, Callable[[], list[Line]]] = {
            "tables": lambda: tables(database, given.rounds),
            "start": lambda: start(max(given.rounds, 7)),
            "windows": lambda: module("bench_windows", "ms"),
            "sales": lambda: module("bench_sales", "", large),
            "rush": lambda: module("bench_rush", "", large),
            "search": lambda: module("bench_search", "ms", read),
            "payouts": lambda: module("bench_payouts", "ms", given.size),
            "batch": lambda: module("bench_batch", "ms", min(max(given.size // 500, 40), 2_000)),
            "statements": lambda: module("bench_statements", "ms"),
            "sync": lambda: module("bench_sync", "", min(given.size, 300_000)),
        }
        for part in PARTS:
            if part in wanted:
                say(f"{part} …")
                lines += parts[part]()
    show(lines)
    if given.file is None and given.size < SIZE:
        print(f"The goals are meant for {SIZE:,} bookings; this file has {given.size:,}.")
    write(lines, given.size, database)


def say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


# tables


def tables(database: Path, rounds: int) -> list[Line]:
    found: dict[str, list[dict[str, Any]]] = {kind: [] for kind in NAMES}
    slow: set[str] = set()
    for number in range(rounds):
        kinds = list(NAMES)
        for kind in kinds[number % len(kinds) :] + kinds[: number % len(kinds)]:
            if kind in slow:
                continue
            say(f"  round {number + 1} of {rounds}: {NAMES[kind]}")
            began = time.monotonic()
            found[kind].append(child("bench_tables.py", kind, str(database)))
            if kind != "ours" and time.monotonic() - began > PATIENCE:
                slow.add(kind)
    steps = list(found["ours"][0]["ms"])
    _same_rows(found["ours"][0]["rows"], found["offset"][0]["rows"])
    lines = []
    for step in steps:
        times = {kind: median(kind, found, "ms", step) for kind in NAMES}
        lines.append(_table_line(step, times))
    memory = {kind: statistics.median(one["memory"] for one in found[kind]) for kind in NAMES}
    ratio = memory["table"] / max(memory["ours"], 0.1)
    lines.append(
        Line(
            "tables",
            "memory after the jump",
            memory["ours"],
            _peers(memory),
            "MB",
            ratio,
            "≥ 10× smaller than QSqlTableModel",
            ratio >= 10,
        )
    )
    rest = steps[1:]
    for name, what, some, most in (
        ("longest freeze at open", "freeze", steps[:1], FREEZE_OPEN),
        ("longest freeze after that", "freeze", rest, FREEZE),
        ("of it computed by the window's own thread", "busy", rest, 0.0),
    ):
        longest = {
            kind: statistics.median(max(one[what].get(step, 0.0) for step in some) for one in found[kind])
            for kind in NAMES
        }
        goal, met = (f"≤ {most:.0f} ms", longest["ours"] <= most) if most else ("", None)
        lines.append(Line("tables", name, longest["ours"], _peers(longest), "ms", None, goal, met))
    return lines


def _same_rows(ours: Mapping[str, int], peer: Mapping[str, int]) -> None:
    """Figures of different answers would say nothing. Of a prefix the peers are asked less: references alone."""
    for step, count in peer.items():
        if step in ours and not step.startswith("prefix") and ours[step] != count:
            raise SystemExit(f"{step}: {ours[step]:,} rows here, {count:,} there.")


def _table_line(step: str, times: Mapping[str, float]) -> Line:
    ours, peers = times["ours"], _peers(times)
    if step.startswith("open"):
        ratio = ours / times["query"]
        return Line("tables", step, ours, peers, "ms", ratio, "≤ 2× QSqlQueryModel", ratio <= 2)
    if step.startswith("jump"):
        ratio = times["table"] / ours
        return Line("tables", step, ours, peers, "ms", ratio, "≥ 40× faster than QSqlTableModel", ratio >= 40)
    return Line("tables", step, ours, peers, "ms")


def _peers(values: Mapping[str, float]) -> dict[str, float]:
    return {NAMES[kind]: value for kind, value in values.items() if kind != "ours" and value == value}


def median(kind: str, found: Mapping[str, Sequence[Mapping[str, Any]]], what: str, step: str) -> float:
    values = [one[what][step] for one in found[kind] if step in one[what]]
    return statistics.median(values) if values else float("nan")


# the others


def start(rounds: int) -> list[Line]:
    times: dict[str, list[float]] = {"ours": [], "bare": []}
    with tempfile.TemporaryDirectory() as folder:
        for number in range(rounds + 1):
            for kind in times if number % 2 else reversed(times):
                began = time.time()
                painted = child("bench_start.py", kind, folder)
                if number:  # the first of each fills the caches of the disk
                    times[kind].append((painted - began) * 1000)
    ours, bare = statistics.median(times["ours"]), statistics.median(times["bare"])
    ratio = ours / bare
    peers = {"bare PySide6": bare}
    return [
        Line("start", "first painted window", ours, peers, "ms", ratio, "≤ 1.5× a bare window", ratio <= 1.5)
    ]


def module(name: str, unit: str, *given: Any) -> list[Line]:
    """What another benchmark found. A goal is the least of a ratio where there is no unit, else the most of ours; or
    the row says itself what it is (`words`) and whether it was `met`."""
    lines = []
    for row in import_module(name).run(*given)["rows"]:
        goal, ours, ratio = row.get("goal"), row["ours"], row.get("ratio")
        at_least = ratio is not None and unit == ""
        judged = ratio if at_least else ours
        met = None if goal is None else judged >= goal if at_least else judged <= goal
        words = "" if goal is None else f"{'≥' if at_least else '≤'} {goal:g}"
        words, met = row.get("words", words), row.get("met", met)
        peers = {} if row.get("peer") is None else {"peer": row["peer"]}
        lines.append(Line(name.removeprefix("bench_"), row["name"], ours, peers, unit, ratio, words, met))
    return lines


def child(script: str, *arguments: str) -> Any:
    done = subprocess.run(
        [sys.executable, str(HERE / script), *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        check=True,
        env={**os.environ, "QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen")},
    )
    return json.loads(done.stdout.splitlines()[-1])


# what is said


def show(lines: Sequence[Line]) -> None:
    part = ""
    for line in lines:
        if line.part != part:
            part = line.part
            print(f"\n{part}")
        peers = "  ".join(f"{name} {_figure(value)}" for name, value in line.peers.items())
        ratio = f"{line.ratio:.2f}×" if line.ratio is not None else ""
        verdict = "" if line.met is None else "met" if line.met else "MISSED"
        print(
            f"  {line.name:<44}{_figure(line.ours):>11} {line.unit:<3}{ratio:>10}  {line.goal:<34}{verdict:<8}{peers}"
        )
    missed = [line.name for line in lines if line.met is False]
    met = sum(line.met is True for line in lines)
    print(f"\n{met} goals met, {len(missed)} missed" + (f": {', '.join(missed)}" if missed else ""))


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:,.1f}" if value >= 1 else f"{value:.3g}"


def write(lines: Sequence[Line], size: int, database: Path) -> None:
    told = {
        "size": size,
        "bytes": database.stat().st_size if database.exists() else None,
        "python": platform.python_version(),
        "processors": os.cpu_count(),
        "load": os.getloadavg() if hasattr(os, "getloadavg") else None,
        "lines": [asdict(line) for line in lines],
    }
    (ROOT / "build").mkdir(exist_ok=True)
    (ROOT / "build" / "bench.json").write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
