"""Lists of any length, read a page at a time: the SQL behind every table of the window.

A `ListSpec` says once how a list is read: table, joins, columns, what it sorts and filters by. A `Snapshot`
answers one `ListQuery` on a connection of its own, in three steps a caller may take or leave:

1. `first(n)`: the first rows, by `ORDER BY … LIMIT`. With an index on the sort column this costs a
   millisecond.
2. `index()`: writes the key of each row, in order, into `temp.pos`. From here every position is one step
   away, the last as near as the first, whatever the sort.
3. `page(first, n)`: rows by position.

What a snapshot promises. The *order and the number* of rows are those of the moment `index()` ran. The *rows*
are read when they are asked for: one that changed since is given as it is now (it may no longer fit the
filter), one that was deleted is None. A read transaction held open for the life of a table would give more,
but would also keep SQLite from folding the write-ahead log back into the file for as long as a window stays
open; so each step is a short read of its own, and whoever shows the rows opens a new snapshot after a write
that touches them.

Steps run on one thread at a time. `interrupt()` and `close()` may be called from any.
"""

from __future__ import annotations

import re
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar

from travellr_desktop.errors import Cancelled, InvalidInput
from travellr_desktop.storage.conditions import (
    FOLDED,
    FOLDED_JSON,
    Condition,
    Filter,
    fold_json,
    fold_stored,
    stored,
)
from travellr_desktop.storage.engine import translate
from travellr_desktop.storage.search import Finder, Search, walked

Row = TypeVar("Row")

PAGE_ROWS = 128
"""Rows a page: a screenful is 20 to 40, so most scrolls stay within one."""

_IDS_A_STATEMENT = 500  # below SQLite's oldest limit of 999 parameters


@dataclass(frozen=True, slots=True)
class ListQuery:
    """What is asked of a list: words to find, filters by name, one sort column.

    `filters` maps names of `ListSpec.filters` to values; None and empty values filter nothing. An empty
    `sort` takes the list's own order, whose direction `descending` then reverses.
    """

    text: str = ""
    filters: Mapping[str, object] = field(default_factory=dict)
    sort: str = ""
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Totals:
    """`whole`: rows without filters and words; `sums`: column key → currency → minor units, of the filtered rows."""

    whole: int
    sums: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Join:
    """A joined table and its alias. It looks up exactly one row: it must neither drop nor multiply rows of the list,
    because it is left out of statements that do not name its alias."""

    alias: str
    clause: str


@dataclass(frozen=True, slots=True)
class SumOf:
    """An amount in minor units and the expression of its currency. Rows in which `only` does not hold are not read:
    their amount is nothing."""

    amount: str
    currency: str
    only: str = ""


@dataclass(frozen=True, slots=True)
class ListSpec(Generic[Row]):
    """How a list is read. All strings are SQL written by the program; values only ever go in as parameters.

    `key` is what `temp.pos` keeps of a row: unique, never null, found by an index. An integer (`b.rowid`)
    makes the position table a third as large as a text id does. `make` turns one row of `columns` into what
    is handed out. `sortable` maps a column's key to one expression, or several; ties are always broken by
    `key`. `order` is the key in `sortable` of the list's own order. `search` makes a condition of the words
    typed into the filter field; where it is a `Search`, they are found by indexes.
    """

    table: str
    key: str
    id: str
    columns: Sequence[str]
    make: Callable[[Sequence[Any]], Row]
    sortable: Mapping[str, str | Sequence[str]]
    order: str
    order_descending: bool = False
    joins: Sequence[Join] = ()
    filters: Mapping[str, Filter] = field(default_factory=dict)
    search: Callable[[str], Condition] | None = None
    sums: Mapping[str, SumOf] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.order not in self.sortable:
            raise ValueError(f"the list's own order {self.order!r} is not among its sortable columns")


def read_connection(path: Path, *, busy_seconds: float = 2.0) -> sqlite3.Connection:
    """A connection that cannot write to the file at `path` (its temporary tables it can). Raises
    sqlite3.OperationalError when there is no such file."""
    connection = sqlite3.connect(
        f"{path.resolve().as_uri()}?mode=ro",
        uri=True,
        timeout=busy_seconds,
        isolation_level=None,
        check_same_thread=False,
    )
    for name, function in ((FOLDED, fold_stored), (FOLDED_JSON, fold_json)):
        connection.create_function(name, 1, function, deterministic=True)
    return connection


class Snapshot(Generic[Row]):
    """One query, answered by position.

    `connect` makes the connection (autocommit, usable from other threads); it is called at the first step, on
    the thread of that step. `scope` is what this person may see at all: it narrows rows, sums and
    `Totals.whole` alike.

    Every step raises Cancelled once `interrupt()` or `close()` stopped it, a StorageRefusal when the file
    cannot be read, InvalidInput for a sort or filter the list does not have.
    """

    def __init__(
        self,
        connect: Callable[[], sqlite3.Connection],
        spec: ListSpec[Row],
        query: ListQuery,
        *,
        scope: Sequence[Condition] = (),
    ) -> None:
        self._connect = connect
        self._spec = spec
        self._scope = tuple(scope)
        self._conditions = (*self._scope, *_filters(spec, query))
        self._words = tuple(_search(spec, query))
        self._finder: Finder | None = None
        if isinstance(spec.search, Search) and self._words:
            self._finder = Finder(spec.search, query.text, spec.key)
        self._order = _order(spec, query)
        columns = ", ".join((spec.key, *spec.columns))
        self._rows = f"SELECT {columns} FROM {spec.table} {_joined(spec.joins)}"
        self._connection: sqlite3.Connection | None = None
        self._indexed = False
        self._closed = False
        self._step_lock = threading.Lock()

    def first(self, count: int = PAGE_ROWS) -> tuple[Row, ...]:
        """The first `count` rows, or all if there are fewer, without an index."""
        with self._step() as connection:
            keys = self._first_keys(connection, count)
            # joined only now: sorting whole rows would look up every join of every row
            found: dict[object, Row] = {}
            for start in range(0, len(keys), _IDS_A_STATEMENT):
                part = keys[start : start + _IDS_A_STATEMENT]
                marks = ", ".join("?" * len(part))
                for key, *values in connection.execute(
                    f"{self._rows} WHERE {self._spec.key} IN ({marks})", part
                ):
                    found[key] = self._spec.make(values)
            return tuple(found[key] for key in keys if key in found)

    def index(self) -> int:
        """Write down the order of all rows; returns how many there are. Calling it again takes a new snapshot."""
        with self._step() as connection:
            self._indexed = False
            connection.execute("DROP TABLE IF EXISTS temp.pos")
            connection.execute("CREATE TABLE temp.pos (pos INTEGER PRIMARY KEY, key NOT NULL)")
            ordered, values = self._ordered(self._words)
            if self._finder is not None:
                ordered, values = self._narrowed(connection, self._finder)
            # rows arrive in the order asked for and take the next number each: 1, 2, 3 …
            done = connection.execute(f"INSERT INTO temp.pos (key) {ordered}", values)
            self._indexed = True
            return done.rowcount

    def page(self, first: int, count: int = PAGE_ROWS) -> tuple[Row | None, ...]:
        """Rows `first` (from 0) to `first + count`, fewer at the end; None for one deleted since `index()`.

        Builds the index when that has not been done.
        """
        if not self._indexed:
            self.index()
        spec = self._spec
        # CROSS JOIN keeps SQLite from reading the whole table first and looking the positions up
        statement = (
            f"SELECT place.pos, {', '.join(spec.columns)}"
            f" FROM temp.pos place CROSS JOIN {spec.table} {_joined(spec.joins)}"
            f" WHERE place.pos > ? AND place.pos <= ? AND {spec.key} = place.key ORDER BY place.pos"
        )
        with self._step() as connection:
            (last,) = connection.execute("SELECT max(pos) FROM temp.pos").fetchone()
            rows: list[Row | None] = [None] * max(0, min(count, (last or 0) - first))
            for position, *values in connection.execute(statement, (first, first + count)):
                rows[position - 1 - first] = spec.make(values)
            return tuple(rows)

    def find(self, ids: Sequence[object]) -> dict[object, int]:
        """Where these rows stand (from 0). Ids not in the list are left out. Builds the index if need be."""
        if not self._indexed:
            self.index()
        spec = self._spec
        found: dict[object, int] = {}
        with self._step() as connection:
            for start in range(0, len(ids), _IDS_A_STATEMENT):
                by_stored = {stored(one): one for one in ids[start : start + _IDS_A_STATEMENT]}
                marks = ", ".join("?" * len(by_stored))
                by_key = dict(
                    connection.execute(
                        f"SELECT {spec.key}, {spec.id} FROM {spec.table} WHERE {spec.id} IN ({marks})",
                        tuple(by_stored),
                    ).fetchall()
                )
                marks = ", ".join("?" * len(by_key))
                for position, key in connection.execute(
                    f"SELECT pos, key FROM temp.pos WHERE key IN ({marks})",
                    tuple(by_key),
                ):
                    found[by_stored[by_key[key]]] = position - 1
        return found

    def totals(self) -> Totals:
        """How many rows there are without filters, and the sums of the filtered ones."""
        spec = self._spec
        with self._step() as connection:
            where, values = _where(self._scope)
            joins = _joined(_needed(spec.joins, where))
            statement = f"SELECT count(*) FROM {spec.table} {joins}{where}"
            (whole,) = connection.execute(statement, values).fetchone()
            return Totals(whole, self._sums(connection))

    def interrupt(self) -> None:
        """Stop the step that is running, which then raises Cancelled. Nothing happens if none is."""
        connection = self._connection
        if connection is not None:
            try:
                connection.interrupt()
            except sqlite3.ProgrammingError:
                pass  # closed between the two lines

    def close(self) -> None:
        """Stop what runs, give the connection and the position table back. May be called twice."""
        self._closed = True
        self.interrupt()
        with self._step_lock:
            if self._connection is not None:
                self._connection.close()

    def _first_keys(self, connection: sqlite3.Connection, count: int) -> list[object]:
        if self._finder is None:
            ordered, values = self._ordered(self._words)
        else:
            found = self._finder.look(connection)
            if self._finder.collect_few(connection, found):
                ordered, values = self._ordered((found.left,), collected=True)
            else:
                ordered, values = self._ordered((found.each,))
                near = walked(connection, f"{ordered} LIMIT ?", (*values, count))
                if near is not None:
                    return [key for (key,) in near]
                ordered, values = self._narrowed(connection, self._finder)
        return [key for (key,) in connection.execute(f"{ordered} LIMIT ?", (*values, count))]

    def _narrowed(self, connection: sqlite3.Connection, finder: Finder) -> _Statement:
        """The keys in order, from what the words' indexes give; of very many words, by sets."""
        found = finder.look(connection, patient=True)
        if found.owners is None:
            return self._ordered((found.sets,))
        finder.collect(connection, found)
        return self._ordered((found.left,), collected=True)

    def _ordered(self, words: Sequence[Condition], *, collected: bool = False) -> _Statement:
        spec, start = self._spec, ""
        conditions = [*self._conditions, *words]
        if collected:  # CROSS JOIN: what was collected is read first, whatever SQLite thinks of it
            start = "temp.found CROSS JOIN "
            conditions.insert(0, Condition(f"{spec.key} = found.key"))
        where, values = _where(conditions)
        joins = _joined(_needed(spec.joins, where + self._order))
        sql = f"SELECT {spec.key} FROM {start}{spec.table} {joins}{where} ORDER BY {self._order}"
        return sql, values

    def _sums(self, connection: sqlite3.Connection) -> dict[str, dict[str, int]]:
        spec = self._spec
        alike: dict[tuple[str, str], list[str]] = {}
        for name, one in spec.sums.items():
            alike.setdefault((one.currency, one.only), []).append(name)
        result: dict[str, dict[str, int]] = {name: {} for name in spec.sums}
        for (currency, only), names in alike.items():
            amounts = ", ".join(f"coalesce(sum({spec.sums[name].amount}), 0)" for name in names)
            start, conditions = "", [*self._conditions, *self._words]
            if self._words and self._indexed:  # found once is enough
                start, conditions = "temp.pos place CROSS JOIN ", [Condition(f"{spec.key} = place.key")]
            where, values = _where([*conditions, Condition(only)] if only else conditions)
            joins = _joined(_needed(spec.joins, f"{where} {currency} {amounts}"))
            tables = f"{start}{spec.table} {joins}{where}"
            statement = f"SELECT {currency}, {amounts} FROM {tables} GROUP BY 1 ORDER BY 1"
            for code, *minor in connection.execute(statement, values):
                for name, amount in zip(names, minor, strict=True):
                    if amount:
                        result[name][code] = amount
        return result

    @contextmanager
    def _step(self) -> Iterator[sqlite3.Connection]:
        with self._step_lock:
            if self._closed:
                raise Cancelled
            try:
                if self._connection is None:
                    self._connection = self._connect()
                yield self._connection
            except sqlite3.DatabaseError as error:
                raise _plain(error) from error


_Statement = tuple[str, tuple[object, ...]]


def _filters(spec: ListSpec[Any], query: ListQuery) -> Iterator[Condition]:
    for name, value in query.filters.items():
        if value is None or value == "" or value == () or value == [] or value == frozenset():
            continue
        if name not in spec.filters:
            raise InvalidInput(f"This list has no filter “{name}”.", field=name)
        yield spec.filters[name](value)


def _search(spec: ListSpec[Any], query: ListQuery) -> Iterator[Condition]:
    if spec.search is not None and query.text.strip():
        yield spec.search(query.text)


def _order(spec: ListSpec[Any], query: ListQuery) -> str:
    column = query.sort or spec.order
    if column not in spec.sortable:
        raise InvalidInput(f"This list cannot be sorted by “{column}”.", field="sort")
    descending = query.descending if query.sort else query.descending != spec.order_descending
    expressions = spec.sortable[column]
    parts = [expressions] if isinstance(expressions, str) else list(expressions)
    if spec.key not in parts:
        parts.append(spec.key)
    # one direction for all of them: an index can be walked backwards as a whole, not in part
    return ", ".join(f"{part} DESC" if descending else part for part in parts)


def _where(conditions: Sequence[Condition]) -> tuple[str, tuple[object, ...]]:
    if not conditions:
        return "", ()
    text = " AND ".join(f"({condition.sql})" for condition in conditions)
    return f" WHERE {text}", tuple(value for condition in conditions for value in condition.values)


def _joined(joins: Sequence[Join]) -> str:
    return " ".join(join.clause for join in joins)


def _needed(joins: Sequence[Join], text: str) -> list[Join]:
    """The joins whose alias is named in `text`, or by a later join that is needed itself."""
    kept: list[Join] = []
    for join in reversed(joins):
        if re.search(rf"\b{re.escape(join.alias)}\.", text):
            kept.append(join)
            text += " " + join.clause
    return kept[::-1]


def _plain(error: sqlite3.DatabaseError) -> Exception:
    if getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_INTERRUPT:
        return Cancelled()
    return translate(error) or error


def query_plan(connection: sqlite3.Connection, spec: ListSpec[Any], query: ListQuery) -> list[str]:
    """SQLite's plan of `first()`, a line each: for tests that watch that an index is used."""
    where, values = _where((*_filters(spec, query), *_search(spec, query)))
    statement = (
        f"EXPLAIN QUERY PLAN SELECT {spec.key} FROM {spec.table} {_joined(spec.joins)}{where}"
        f" ORDER BY {_order(spec, query)} LIMIT 1"
    )
    with closing(connection.execute(statement, values)) as rows:
        return [row[3] for row in rows]
