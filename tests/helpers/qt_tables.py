"""The ways that Qt offers to show a million rows: what the table of the program is compared with.

All read the same columns of the same joins, newest bookings first. They stand in a plain QTableView, and fetch more
rows as they do in real use; the view of QSqlTableModel, which takes one table, is a view of the same query.
"""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, Qt
from PySide6.QtSql import QSqlDatabase, QSqlQuery, QSqlQueryModel, QSqlTableModel
from PySide6.QtWidgets import QTableView

from helpers.driven_table import ROW, WINDOW, Table
from travellr_desktop.storage.repositories.lists import BOOKINGS

COLUMNS = ", ".join(f"{column} AS c{number}" for number, column in enumerate(BOOKINGS.columns))
FROM = f"FROM {BOOKINGS.table} {' '.join(join.clause for join in BOOKINGS.joins)}"
SORTS = {"booked": "b.created_at", "total": "b.price", "vendor": "v.name COLLATE NOCASE"}


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
