"""Figures of the table: open, jump to the last row, sort without an index, scroll; freezes and memory.

    python tests/benchmarks/bench_table.py [rows …]

Makes a file of that many rows (default 200,000 and 1,000,000) in a temporary folder, shows a real table of ten
columns off the screen, and watches the GUI thread with a timer of no interval: the longest gap between two ticks is
the longest freeze.
"""

from __future__ import annotations

import os
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_LOGGING_RULES", "qt.qpa.*=false")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from travellr_desktop.storage.conditions import contains, one_of
from travellr_desktop.storage.paging import Join, ListQuery, ListSpec, Snapshot, SumOf, read_connection
from travellr_desktop.ui.tables import Column, Kind, LoadState, PagedModel
from travellr_desktop.ui.tables.list_screen import ListScreen
from travellr_desktop.ui.tables.nothing import ListWords
from travellr_desktop.ui.theme import Mode, Theme

STATES = ("confirmed", "pending", "pay_unknown", "cancelled", "completed")
WINDOW = (1440, 900)


@dataclass(frozen=True, slots=True)
class Booking:
    id: UUID
    reference: str
    traveller: str
    trip: str
    departs: str
    pax: int
    state: str
    total: int
    due: int
    desk: str
    note: str


def make(values: Sequence[Any]) -> Booking:
    return Booking(UUID(values[0]), *values[1:])


def amount(minor: int, currency: str) -> str:
    return f"{currency} {minor // 100:,}.{minor % 100:02d}"


SPEC = ListSpec(
    table="booking b",
    key="b.rowid",
    id="b.id",
    columns=(
        "b.id",
        "b.reference",
        "p.name",
        "t.title",
        "b.departs_at",
        "b.pax",
        "b.state",
        "b.total",
        "b.due",
        "b.desk",
        "b.note",
    ),
    make=make,
    joins=(Join("p", "JOIN person p ON p.id = b.person_id"), Join("t", "JOIN trip t ON t.id = b.trip_id")),
    sortable={
        "reference": "b.reference",
        "traveller": "p.name",
        "departs": "b.departs_at",
        "total": "b.total",
    },
    order="departs",
    filters={"state": one_of("b.state")},
    search=contains("b.reference", "p.name"),
    sums={"total": SumOf("b.total", "b.currency"), "due": SumOf("b.due", "b.currency")},
)

COLUMNS: tuple[Column[Booking], ...] = (
    Column("reference", "Reference", lambda row: row.reference, Kind.REFERENCE, width=136),
    Column("traveller", "Traveller", lambda row: row.traveller, width=128, stretch=1),
    Column("trip", "Trip", lambda row: row.trip, width=172, stretch=1),
    Column("departs", "Departs", lambda row: row.departs[:16], Kind.DATE, width=132),
    Column("pax", "Pax", lambda row: str(row.pax), Kind.NUMBER, width=48),
    Column("state", "Status", kind=Kind.BADGE, badge=lambda row: row.state, width=150),
    Column("total", "Total", lambda row: amount(row.total, "€"), Kind.MONEY, width=84, sum="total"),
    Column("due", "Due", lambda row: amount(row.due, "€"), Kind.MONEY, width=84, sum="due"),
    Column("desk", "Desk", lambda row: row.desk, width=90),
    Column("note", "Note", lambda row: row.note, width=90),
)


def fill(path: Path, rows: int) -> None:
    """`rows` bookings of 20,000 people on 200 trips; departures have an index, totals have none."""
    with closing(sqlite3.connect(path)) as db:
        db.executescript(
            f"""
            PRAGMA journal_mode = WAL;
            CREATE TABLE person (id INTEGER PRIMARY KEY, name TEXT);
            CREATE TABLE trip (id INTEGER PRIMARY KEY, title TEXT);
            CREATE TABLE booking (
                id TEXT, reference TEXT, person_id INTEGER, trip_id INTEGER, departs_at TEXT, pax INTEGER,
                state TEXT, total INTEGER, due INTEGER, currency TEXT, desk TEXT, note TEXT
            );
            WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 19999)
                INSERT INTO person SELECT i, 'Traveller ' || (i * 7919 % 20000) FROM n;
            WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 199)
                INSERT INTO trip SELECT i, 'Trip to the island ' || i FROM n;
            WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {rows - 1})
                INSERT INTO booking SELECT
                    printf('%032x', i), printf('BK-2026-%07d', i), i * 31 % 20000, i % 200,
                    strftime('%Y-%m-%dT%H:%M:00.000000Z', 1750000000 + i * 7919 % {rows} * 60, 'unixepoch'),
                    i % 8 + 1, CASE i % 5 WHEN 0 THEN '{STATES[0]}' WHEN 1 THEN '{STATES[1]}'
                        WHEN 2 THEN '{STATES[2]}' WHEN 3 THEN '{STATES[3]}' ELSE '{STATES[4]}' END,
                    i * 104729 % 100000, i % 7 * 1000, 'EUR', 'Kotor Riva', 'note ' || i
                FROM n;
            CREATE UNIQUE INDEX booking_id ON booking (id);
            CREATE INDEX booking_departs ON booking (departs_at);
            ANALYZE;
            """
        )


class FreezeWatch(QObject):
    """The longest time between two turns of the event loop since `reset`, in milliseconds."""

    def __init__(self) -> None:
        super().__init__()
        self.longest = 0.0
        self._last = time.perf_counter()
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._tick)
        self._timer.start()

    def reset(self) -> None:
        self.longest, self._last = 0.0, time.perf_counter()

    def stop(self) -> None:
        self._timer.stop()

    def _tick(self) -> None:
        now = time.perf_counter()
        self.longest = max(self.longest, (now - self._last) * 1000)
        self._last = now


def memory_mb() -> float:
    """Resident memory of the process; 0 where the system does not say."""
    status = Path("/proc/self/status")
    if not status.exists():
        return 0.0
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


class Bench:
    """One table over one file, driven as a person would."""

    def __init__(self, app: QApplication, path: Path, rows: int) -> None:
        self.app, self.rows = app, rows
        self.watch = FreezeWatch()
        self.before = memory_mb()

        def opener(query: ListQuery) -> Snapshot[Booking]:
            return Snapshot(lambda: read_connection(path), SPEC, query)

        self.model: PagedModel[Booking] = PagedModel(COLUMNS, opener)
        words = ListWords("Bookings", "bookings")
        self.screen = ListScreen(self.model, name="bench", words=words, amount=amount)
        self.screen.resize(*WINDOW)
        self.screen.show()
        app.processEvents()

    def until(self, done: Callable[[], bool], limit: float = 60.0) -> float:
        """Turn the event loop until `done`; milliseconds."""
        start = time.perf_counter()
        while not done():
            self.app.processEvents()
            if time.perf_counter() - start > limit:
                raise TimeoutError
        self.app.processEvents()
        return (time.perf_counter() - start) * 1000

    def shown(self) -> bool:
        return self.model.state is LoadState.READY and self.model.rowCount() > 0

    def line(self, what: str, milliseconds: float) -> None:
        print(f"  {what:<34}{milliseconds:>9.1f} ms{self.watch.longest:>12.1f} ms longest freeze")
        self.watch.reset()

    def run(self) -> None:
        table, model = self.screen.table, self.model
        self.watch.reset()
        start = time.perf_counter()
        self.screen.start()
        self.line("open: first rows", self.until(self.shown))
        self.until(lambda: model.count_known)
        self.line("open: all rows counted", (time.perf_counter() - start) * 1000)
        self.until(lambda: model.totals is not None)
        self.line("open: sums", (time.perf_counter() - start) * 1000)
        start = time.perf_counter()
        table.go_to(self.rows - 1)
        self.until(lambda: model.row(self.rows - 1) is not None)
        self.line("jump to the last row", (time.perf_counter() - start) * 1000)
        start = time.perf_counter()
        table.sort_asked.emit("total", True)
        self.until(self.shown)
        self.line("sort without index: first rows", (time.perf_counter() - start) * 1000)
        self.until(lambda: model.count_known)
        self.line("sort without index: all rows", (time.perf_counter() - start) * 1000)
        self.until(lambda: model.totals is not None)
        self.line("scroll through 200 screens", self.scroll(200))
        start = time.perf_counter()
        table.selectAll()
        self.app.processEvents()
        self.line("select all", (time.perf_counter() - start) * 1000)
        table.go_to(40)
        start = time.perf_counter()
        count: list[object] = []
        model.reread.connect(count.append)
        self.screen.refresh()
        self.until(lambda: bool(count))
        self.line("read again, place kept", (time.perf_counter() - start) * 1000)
        self.line("one repaint of the window", self.repaint())
        print(f"  memory: {memory_mb() - self.before:.0f} MB more than before, {memory_mb():.0f} MB in all")
        self.screen.close_down()
        self.watch.stop()

    def scroll(self, screens: int) -> float:
        start, bar = time.perf_counter(), self.screen.table.verticalScrollBar()
        for step in range(screens):
            bar.setValue(bar.maximum() * step // screens)
            self.app.processEvents()
        position = self.screen.table.rows_in_sight()[0]
        self.until(lambda: self.model.row(position) is not None)
        return (time.perf_counter() - start) * 1000

    def repaint(self) -> float:
        start = time.perf_counter()
        for _ in range(20):
            self.screen.table.viewport().repaint()
        return (time.perf_counter() - start) * 1000 / 20


def main(sizes: Sequence[int]) -> None:
    app = QApplication([])
    Theme(mode=Mode.LIGHT).apply(app)
    with tempfile.TemporaryDirectory() as folder:
        for rows in sizes:
            path = Path(folder) / f"{rows}.db"
            fill(path, rows)
            print(f"{rows:,} rows, {path.stat().st_size / 1e6:.0f} MB")
            Bench(app, path, rows).run()


if __name__ == "__main__":
    main([int(text.replace(",", "")) for text in sys.argv[1:]] or [200_000, 1_000_000])
