"""One table over one file of bookings, driven as a person would: ours, or one of the ways that Qt offers.

    python tests/benchmarks/bench_tables.py ours|table|query|offset DATABASE

Prints one JSON object: milliseconds until the rows are on the screen for each thing done, the longest time in which
the window did not answer, and the memory taken. Each runs in a process of its own, so that memory is its own.

All read the same columns of the same joins, newest bookings first. The peers stand in a plain QTableView, and fetch
more rows as they do in real use; the view of QSqlTableModel, which takes one table, is a view of the same query.
"""

from __future__ import annotations

import json
import os
import sqlite3
import sys
import time
from collections import OrderedDict
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_LOGGING_RULES", "qt.qpa.*=false")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt, QTimer
from PySide6.QtSql import QSqlDatabase, QSqlQuery, QSqlQueryModel, QSqlTableModel
from PySide6.QtWidgets import QApplication, QTableView

from travellr_desktop.services.paged import ListQuery
from travellr_desktop.storage.paging import Snapshot, read_connection
from travellr_desktop.storage.repositories.lists import BOOKINGS

WINDOW = (1440, 900)
ROW = 30
KINDS = ("ours", "table", "query", "offset")

COLUMNS = ", ".join(f"{column} AS c{number}" for number, column in enumerate(BOOKINGS.columns))
FROM = f"FROM {BOOKINGS.table} {' '.join(join.clause for join in BOOKINGS.joins)}"
SORTS = {"booked": "b.created_at", "total": "b.price", "vendor": "v.name COLLATE NOCASE"}


def asked(path: Path) -> dict[str, str]:
    """What is typed: taken from the file, so that it is there."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
        (count,) = db.execute("SELECT max(rowid) FROM bookings").fetchone()
        (reference,) = db.execute("SELECT reference FROM bookings WHERE rowid >= ?", (count // 2,)).fetchone()
        (name,) = db.execute("SELECT search FROM travellers WHERE rowid >= ?", (count // 5,)).fetchone()
    return {
        "prefix": reference.casefold()[:11],
        "rare": name.split("@")[0].split()[-1][3:] if "@" in name else name[1:9],
        "common": "ana",
        "two letters": "王小",
    }


class FreezeWatch(QObject):
    """The longest time between two turns of the event loop since `reset`, in milliseconds. `busy` is the most that the
    thread of the window itself computed between two: on a machine with other work the first figure holds that too."""

    def __init__(self) -> None:
        super().__init__()
        self.longest = self.busy = 0.0
        self._last, self._computed = time.perf_counter(), time.thread_time()
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._tick)
        self._timer.start()

    def reset(self) -> None:
        self.longest = self.busy = 0.0
        self._last, self._computed = time.perf_counter(), time.thread_time()

    def _tick(self) -> None:
        now, computed = time.perf_counter(), time.thread_time()
        self.longest = max(self.longest, (now - self._last) * 1000)
        self.busy = max(self.busy, (computed - self._computed) * 1000)
        self._last, self._computed = now, computed


def memory_mb() -> float:
    """Resident memory of the process; 0 where the system does not say."""
    status = Path("/proc/self/status")
    if not status.exists():
        return 0.0
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


class Table:
    """What a person does with a table. Each returns at once; `ready` says when the rows are there."""

    def open(self) -> None:
        raise NotImplementedError

    def last(self) -> None:
        raise NotImplementedError

    def sort(self, column: str) -> None:
        raise NotImplementedError

    def find(self, how: str, text: str) -> None:
        raise NotImplementedError

    def state(self, state: str) -> None:
        raise NotImplementedError

    def ready(self) -> bool:
        return True

    def rows(self) -> int | None:
        """How many rows there are, where that is known without reading them all."""
        return None

    def close(self) -> None:
        """End what runs."""


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


def condition(how: str, text: str) -> str:
    """What a program without an index of words asks. The texts come from this file and hold no quotes."""
    if not text:
        return ""
    if how == "prefix":
        return f"b.reference LIKE '{text}%'"
    places = ("t.search", "r.search", "b.reference", "s.reference")
    return " AND ".join(
        "(" + " OR ".join(f"{place} LIKE '%{word}%'" for place in places) + ")" for word in text.split()
    )


class Peer(Table):
    """What the three have in common: a plain view, and one statement for each thing asked."""

    def __init__(self, path: Path) -> None:
        self.database = QSqlDatabase.addDatabase("QSQLITE", "bench")
        self.database.setConnectOptions("QSQLITE_OPEN_READONLY")
        self.database.setDatabaseName(str(path))
        assert self.database.open(), self.database.lastError().text()
        self.view = QTableView()
        self.view.verticalHeader().setDefaultSectionSize(ROW)
        self.view.resize(*WINDOW)
        self._sort, self._where = "booked", ""

    def open(self) -> None:
        self.view.show()
        self.ask()

    def sort(self, column: str) -> None:
        self._sort = column
        self.ask()

    def find(self, how: str, text: str) -> None:
        self._where = condition(how, text)
        self.ask()

    def state(self, state: str) -> None:
        self._where = f"b.state = '{state}'" if state else ""
        self.ask()

    def statement(self) -> str:
        where = f" WHERE {self._where}" if self._where else ""
        return f"{FROM}{where} ORDER BY {SORTS[self._sort]} DESC, b.rowid DESC"

    def ask(self) -> None:
        raise NotImplementedError

    def last(self) -> None:
        model = self.view.model()
        while model.canFetchMore(QModelIndex()):
            model.fetchMore(QModelIndex())
        self.view.scrollToBottom()


class Query(Peer):
    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.model = QSqlQueryModel()
        self.view.setModel(self.model)

    def ask(self) -> None:
        self.model.setQuery(f"SELECT {COLUMNS} {self.statement()}", self.database)
        assert not self.model.lastError().isValid(), self.model.lastError().text()


class SqlTable(Peer):
    """The columns a condition names are among those of the view."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        extra = "b.rowid AS c90, t.search AS c91, r.search AS c92, b.state AS c93, v.name AS c94"
        made = QSqlQuery(self.database)
        assert made.exec(f"CREATE TEMP VIEW listed AS SELECT {COLUMNS}, {extra} {FROM}"), (
            made.lastError().text()
        )
        self.model = QSqlTableModel(None, self.database)
        self.model.setTable("listed")
        self.view.setModel(self.model)
        for column in range(len(BOOKINGS.columns), self.model.columnCount()):
            self.view.setColumnHidden(column, True)

    _NAMES = (
        ("b.reference", "c1"),
        ("s.reference", "c3"),
        ("t.search", "c91"),
        ("r.search", "c92"),
        ("b.state", "c93"),
    )

    def ask(self) -> None:
        column = {"booked": 14, "total": 11, "vendor": len(BOOKINGS.columns) + 4}[self._sort]
        where = self._where
        for name, known in self._NAMES:
            where = where.replace(name, known)
        self.model.setSort(column, Qt.SortOrder.DescendingOrder)
        if where != self.model.filter():
            self.model.setFilter(where)  # reads as well, once there are rows
        else:
            self.model.select()
        assert not self.model.lastError().isValid(), self.model.lastError().text()


class OffsetModel(QAbstractTableModel):
    """Pages of 128 by LIMIT and OFFSET, read where they are asked for; 64 are kept."""

    def __init__(self, database: QSqlDatabase) -> None:
        super().__init__()
        self._database = database
        self._statement = ""
        self._count = 0
        self._pages: OrderedDict[int, list[list[Any]]] = OrderedDict()

    def ask(self, statement: str) -> None:
        self.beginResetModel()
        self._statement = statement
        self._pages.clear()
        counting = QSqlQuery(self._database)
        assert counting.exec(f"SELECT count(*) {statement.rpartition(' ORDER BY ')[0]}"), (
            counting.lastError().text()
        )
        counting.next()
        self._count = int(counting.value(0))
        self.endResetModel()

    def rowCount(self, parent: Any = None) -> int:
        return 0 if parent is not None and parent.isValid() else self._count

    def columnCount(self, parent: Any = None) -> int:
        return len(BOOKINGS.columns)

    def data(self, index: Any, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        page = index.row() // 128
        if page not in self._pages:
            query = QSqlQuery(self._database)
            query.setForwardOnly(True)
            assert query.exec(f"SELECT {COLUMNS} {self._statement} LIMIT 128 OFFSET {page * 128}")
            rows = []
            while query.next():
                rows.append([query.value(column) for column in range(len(BOOKINGS.columns))])
            self._pages[page] = rows
            if len(self._pages) > 64:
                self._pages.popitem(last=False)
        return self._pages[page][index.row() % 128][index.column()]


class Offset(Peer):
    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.model = OffsetModel(self.database)
        self.view.setModel(self.model)

    def ask(self) -> None:
        self.model.ask(self.statement())

    def rows(self) -> int:
        return self.model.rowCount()

    def last(self) -> None:
        self.view.scrollToBottom()


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
