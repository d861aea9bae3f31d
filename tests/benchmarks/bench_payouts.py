"""A dry run over very many open lines, beside the bare sums over the same index.

    python tests/benchmarks/bench_payouts.py [--lines N] [--vendors V]

What is asked is `services.payouts.dry_run`, whole: sums, what is held and disputed, vendors, minimums, papers, who is
kept out, decisions, digest, rows. Peers are two statements of SQL alone, with the index that is best for them: what
each vendor has by currency, and the same with the five figures of a dry run as plain `CASE` sums. Vendors are paid by
the bank: how fast a provider answers is nobody's SQL.
"""

from __future__ import annotations

import argparse
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from helpers.batches import given, prepared, vendor
from helpers.clock import START, HandClock
from helpers.desk import desk_again, desk_at
from travellr_desktop.domain.payouts.words import BatchKind
from travellr_desktop.storage.base import utc_text
from travellr_desktop.storage.paging import read_connection

LINES, VENDORS, TIMES = 1_000_000, 2_000, 7
GOAL = 1.5
DAY = datetime(2026, 6, 17, tzinfo=UTC).date()

SUM = """
SELECT vendor_id, currency, sum(amount) FROM vendor_lines INDEXED BY ix_vendor_lines_open
WHERE payout_id IS NULL AND free_at <= ? GROUP BY vendor_id, currency
"""
FIGURES = """
SELECT vendor_id, currency,
  sum(CASE WHEN statement_id IS NULL AND part IN ('charge', 'more', 'again') THEN amount + commission ELSE 0 END),
  sum(CASE WHEN statement_id IS NULL AND part IN ('charge', 'more', 'again') THEN commission ELSE 0 END),
  sum(CASE WHEN statement_id IS NULL AND part = 'refund' THEN amount ELSE 0 END),
  sum(CASE WHEN statement_id IS NULL AND part IN ('adjustment', 'returned') THEN amount ELSE 0 END),
  sum(CASE WHEN statement_id IS NOT NULL THEN amount ELSE 0 END),
  sum(amount), count(*)
FROM vendor_lines INDEXED BY ix_vendor_lines_open
WHERE payout_id IS NULL AND free_at <= ? GROUP BY vendor_id, currency
"""


def run(lines: int = LINES, vendors: int = VENDORS) -> dict[str, Any]:
    """Rows of {name, ours, peer, ratio}: milliseconds; a ratio is ours to the bare statement's."""
    vendors = max(1, min(vendors, lines // 20))  # of few lines some vendor would have none
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made) / "profile"
        batch = make(folder, lines, vendors)
        with desk_again(folder, HandClock(START)) as desk:
            service = desk.services.payouts
            found = service.dry_run(desk.admin, batch)
            assert found.payouts + found.left >= vendors
            cutoff = utc_text(found.batch.cutoff_at)
            with closing(read_connection(desk.profile.database)) as bare:
                asked = {
                    "ours": lambda: service.dry_run(desk.admin, batch),
                    "sum": lambda: bare.execute(SUM, (cutoff,)).fetchall(),
                    "figures": lambda: bare.execute(FIGURES, (cutoff,)).fetchall(),
                }
                _same(found, bare.execute(SUM, (cutoff,)).fetchall())
                times = _medians(asked)
    return {"rows": list(_told(times, lines, vendors))}


def _told(times: dict[str, float], lines: int, vendors: int) -> Iterator[dict[str, Any]]:
    whole = f"dry run of {lines:,} lines of {vendors:,} vendors"
    for peer, words in (("figures", "its figures in SQL alone"), ("sum", "one sum a vendor in SQL alone")):
        ratio = times["ours"] / times[peer]
        yield {
            "name": f"{whole}, beside {words}",
            "ours": times["ours"],
            "peer": times[peer],
            "ratio": ratio,
            "words": f"≤ {GOAL:g} ×",
            "met": ratio <= GOAL,
        }


def _same(found: Any, sums: list[Any]) -> None:
    """Nothing is left out of the dry run that the bare sum has."""
    ours = {
        (row.vendor_id.hex, row.currency): row.to_pay.minor + row.disputed.minor
        for each in found.currencies
        for row in (*each.rows, *each.left)
    }
    assert all(ours[own, currency] == minor for own, currency, minor in sums)


def _medians(asked: dict[str, Callable[[], object]]) -> dict[str, float]:
    """In milliseconds; they take turns."""
    times: dict[str, list[float]] = {name: [] for name in asked}
    for _ in range(TIMES):
        for name, ask in asked.items():
            began = time.perf_counter()
            ask()
            times[name].append(time.perf_counter() - began)
    return {name: 1000 * statistics.median(each) for name, each in times.items()}


# the file


def make(folder: Path, lines: int, vendors: int) -> UUID:
    """A draft, and a profile in which so many lines of so many vendors are open: most of them charges of bookings that
    are nowhere else, some taken back, some carried from an earlier statement, a few not free yet, in three
    currencies."""
    with desk_at(folder, HandClock(START - timedelta(days=2))) as desk:
        given(desk, vendor(desk, "First"), 6_000)
        assert isinstance(desk.clock, HandClock)
        desk.clock.at(START)
        batch = prepared(desk, BatchKind.EXTRA, DAY, DAY)
    with closing(sqlite3.connect(folder / "travellr.db", isolation_level=None)) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("BEGIN")
        ids = _add_vendors(connection, vendors)
        connection.executemany(
            "INSERT INTO vendor_lines (ledger_id, vendor_id, currency, booking_id, event, part, amount, commission, "
            "at, free_at, statement_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            _lines(ids, lines),
        )
        connection.execute("COMMIT")
    return batch


def _add_vendors(connection: sqlite3.Connection, count: int) -> list[str]:
    found = connection.execute("SELECT * FROM vendors LIMIT 1")
    names = [column[0] for column in found.description]
    like = dict(zip(names, found.fetchone(), strict=True))
    ids = [UUID(int=number + 1).hex for number in range(count)]
    rows = [
        {
            **like,
            "id": own,
            "name": f"Vendor {number:05}",
            "code": "",
            "payout_way": "bank",
            "iban": "DE89370400440532013000",
            "bic": "COBADEFF",
            "holder": "Somebody",
        }
        for number, own in enumerate(ids)
    ]
    marks = ", ".join(f":{name}" for name in names)
    connection.executemany(f"INSERT INTO vendors ({', '.join(names)}) VALUES ({marks})", rows)
    return ids


def _lines(vendors: list[str], count: int) -> Iterator[tuple[object, ...]]:
    random_ = random.Random(1)
    kinds = [("trip_done", "charge")] * 90 + [("refund_approved_after_trip", "refund")] * 8
    kinds += [("trip_done", "more"), ("vendor_adjusted", "adjustment")]
    currencies = {each: random_.choice(("EUR", "EUR", "EUR", "USD", "JPY")) for each in vendors}
    for number in range(count):
        own = random_.choice(vendors)
        event, part = random_.choice(kinds)
        amount = random_.randrange(1_000, 50_000)
        free = START - timedelta(days=random_.randrange(-1, 200), minutes=random_.randrange(1_000))
        yield (
            UUID(int=number << 64).hex,
            own,
            currencies[own],
            None if part == "adjustment" else UUID(int=(number << 64) + 1).hex,
            event,
            part,
            -amount if part == "refund" else amount,
            amount // 4 if part == "charge" else 0,
            utc_text(free),
            utc_text(free),
            UUID(int=int(own, 16) << 32).hex if random_.random() < 0.03 else None,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--lines", type=int, default=LINES)
    parser.add_argument("--vendors", type=int, default=VENDORS)
    asked = parser.parse_args()
    for row in run(asked.lines, asked.vendors)["rows"]:
        print(
            f"{row['name']}: {row['ours']:.0f} ms, {row['peer']:.0f} ms: {row['ratio']:.2f} × ({row['words']})"
        )


if __name__ == "__main__":
    main()
