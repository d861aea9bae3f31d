"""One table over one file of bookings, driven as a person would: ours, or one of the ways that Qt offers.

    python tests/benchmarks/bench_tables.py ours|table|query|offset DATABASE

Prints one JSON object: milliseconds until the rows are on the screen for each thing done, the longest time in which
the window did not answer, and the memory taken. Each runs in a process of its own, so that memory is its own.
"""

from __future__ import annotations

import json
import os
import sqlite3
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_LOGGING_RULES", "qt.qpa.*=false")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from PySide6.QtWidgets import QApplication

from helpers.driven_table import WINDOW, Table
from helpers.freezes import FreezeWatch
from helpers.qt_tables import Offset, Query, SqlTable
from travellr_desktop.services.paged import ListQuery
from travellr_desktop.storage.paging import Snapshot, read_connection
from travellr_desktop.storage.repositories.lists import BOOKINGS


def asked(path: Path) -> dict[str, str]:
    """What is typed: taken from the file, so that it is there."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
        (count,) = db.execute("SELECT max(rowid) FROM bookings").fetchone()
        (reference,) = db.execute("SELECT reference FROM bookings WHERE rowid >= ?", (count // 2,)).fetchone()
        (name,) = db.execute("SELECT search FROM travellers WHERE rowid >= ?", (count // 5,)).fetchone()
        (other,) = db.execute("SELECT search FROM travellers WHERE rowid >= ?", (count // 7,)).fetchone()
    return {
        "prefix": reference.casefold()[:11],
        "rare": name.split("@")[0].split()[-1][3:] if "@" in name else name[1:9],
        "common": "ana",
        "two letters": other[:2],
    }


def memory_mb() -> float:
    """Resident memory of the process; 0 where the system does not say."""
    status = Path("/proc/self/status")
    if not status.exists():
        return 0.0
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


class Ours(Table):
    def __init__(self, path: Path) -> None:
        from travellr_desktop.domain.clock import SystemClock
        from travellr_desktop.ui.bookings.columns import booking_columns
        from travellr_desktop.ui.collector import Collector
        from travellr_desktop.ui.records.words import Words
        from travellr_desktop.ui.tables import ListFilter, ListWords, LoadState, PagedModel
        from travellr_desktop.ui.tables.list_screen import ListScreen
        from travellr_desktop.ui.theme import Mode, Theme

        application = QApplication.instance()
        assert isinstance(application, QApplication)
        Theme(mode=Mode.LIGHT).apply(application)
        words = Words("en_GB")

        def opener(query: ListQuery) -> Snapshot[Any]:
            return Snapshot(lambda: read_connection(path), BOOKINGS, query)

        self._ready_state = LoadState.READY
        self.model = PagedModel(booking_columns(words, SystemClock()), opener)
        filters = (ListFilter("state", "Status", ()),)
        self.screen = ListScreen(
            self.model,
            name="bench",
            words=ListWords("Bookings", "bookings"),
            filters=filters,
            amount=words.minor,
        )
        self.screen.table.sort_asked.emit("booked", True)
        self.screen.resize(*WINDOW)
        self._wanted: Callable[[], bool] = lambda: True
        self._collector = Collector()
        self._collector.start()  # as the program does: no other thread collects while it holds the interpreter

    def open(self) -> None:
        self.screen.show()
        self.screen.start()
        self._wanted = self._first

    def counted(self) -> bool:
        return self.model.count_known and not self.model.rereading and self.model.totals is not None

    def last(self) -> None:
        self.screen.table.go_to(self.model.rowCount() - 1)
        self._wanted = lambda: self.model.row(self.model.rowCount() - 1) is not None

    def sort(self, column: str) -> None:
        self.screen.table.sort_asked.emit(column, True)
        self._wanted = self._first

    def find(self, how: str, text: str) -> None:
        self.screen.filters.set_all({}, text)
        self._wanted = self._first

    def state(self, state: str) -> None:
        self.screen.set_always({"state": state} if state else {})
        self._wanted = self._first

    def rows(self) -> int:
        return self.model.rowCount()

    def again(self) -> None:
        """After a write: read again, the place kept."""
        self.screen.refresh()
        self._wanted = lambda: not self.model.rereading

    def _first(self) -> bool:
        return self.model.state is self._ready_state

    def ready(self) -> bool:
        return self._wanted()

    def close(self) -> None:
        self.screen.close_down()
        self._collector.stop()


MAKE: dict[str, Callable[[Path], Table]] = {"ours": Ours, "table": SqlTable, "query": Query, "offset": Offset}


class Bench:
    def __init__(self, kind: str, path: Path) -> None:
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        self._application = application
        self._table = MAKE[kind](path)
        self._texts = asked(path)
        self.watch = FreezeWatch()
        self.found: dict[str, float] = {}
        self.freezes: dict[str, float] = {}
        self.busy: dict[str, float] = {}
        self.rows: dict[str, int | None] = {}

    def until(self, done: Callable[[], bool], limit: float = 300.0) -> None:
        end = time.perf_counter() + limit
        while not done():
            self._application.processEvents()
            if time.perf_counter() > end:
                raise TimeoutError
        self._application.processEvents()  # and painted

    def step(self, name: str, act: Callable[[], None]) -> None:
        self.settle()
        self.watch.reset()
        start = time.perf_counter()
        act()
        self.until(self._table.ready)
        self.found[name] = (time.perf_counter() - start) * 1000
        self.settle()
        self._application.processEvents()
        self.freezes[name] = self.watch.longest
        self.busy[name] = self.watch.busy
        self.rows[name] = self._table.rows()

    def settle(self) -> None:
        """Ours goes on counting in the background; what it does there may freeze the window as well."""
        if isinstance(self._table, Ours) and self.found:
            self.until(self._table.counted)
        for _ in range(3):
            self._application.processEvents()

    def run(self) -> dict[str, Any]:
        table, before = self._table, memory_mb()
        self.step("open: first rows", table.open)
        self.step("jump to the last row", table.last)
        taken = memory_mb() - before
        self.step("sort by an indexed column", lambda: table.sort("total"))
        self.step("sort by an unindexed column", lambda: table.sort("vendor"))
        self.step("back to the first order", lambda: table.sort("booked"))
        for name, how in (
            ("prefix", "prefix"),
            ("rare", "substring"),
            ("common", "substring"),
            ("two letters", "substring"),
        ):
            words = "prefix of a reference" if name == "prefix" else f"{how}, {name}"
            self.step(words, lambda name=name, how=how: table.find(how, self._texts[name]))  # type: ignore[misc]
        self.step("no words any more", lambda: table.find("", ""))
        self.step("one state", lambda: table.state("cancelled"))
        self.step("every state again", lambda: table.state(""))
        if isinstance(table, Ours):
            self.step("read again after a write", table.again)
        table.close()
        return {
            "ms": self.found,
            "freeze": self.freezes,
            "busy": self.busy,
            "memory": taken,
            "rows": self.rows,
        }


def main(kind: str, path: Path) -> None:
    application = QApplication([])
    print(json.dumps(Bench(kind, path).run()), flush=True)
    del application
    os._exit(0)  # the models of Qt take seconds to let a million rows go


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
