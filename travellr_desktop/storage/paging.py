"""Lists of any length, read a page at a time: the SQL behind every table of the window.

A `ListSpec` (`storage.list_spec`) says once how a list is read. A `Snapshot` answers one `ListQuery` on a
connection of its own, in three steps a caller may take or leave:

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

import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic

from travellr_desktop.errors import Cancelled
from travellr_desktop.storage.conditions import (
    FOLDED,
    FOLDED_JSON,
    Condition,
    fold_json,
    fold_stored,
    stored,
)
from travellr_desktop.storage.engine import translate
from travellr_desktop.storage.list_spec import (
    ListQuery,
    ListSpec,
    Row,
    filters_of,
    joined,
    needed,
    order_of,
    where_all,
    words_of,
)
from travellr_desktop.storage.search import Finder, Search, walked

PAGE_ROWS = 128
"""Rows a page: a screenful is 20 to 40, so most scrolls stay within one."""

_IDS_A_STATEMENT = 500  # below SQLite's oldest limit of 999 parameters


@dataclass(frozen=True, slots=True)
class Totals:
    """`whole`: rows without filters and words; `sums`: column key → currency → minor units, of the filtered rows."""

    whole: int
    sums: Mapping[str, Mapping[str, int]]


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
        self._conditions = (*self._scope, *filters_of(spec, query))
        self._words = tuple(words_of(spec, query))
        self._finder: Finder | None = None
        if isinstance(spec.search, Search) and self._words:
            self._finder = Finder(spec.search, query.text, spec.key)
        self._order = order_of(spec, query)
        columns = ", ".join((spec.key, *spec.columns))
        self._rows = f"SELECT {columns} FROM {spec.table} {joined(spec.joins)}"
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
            f" FROM temp.pos place CROSS JOIN {spec.table} {joined(spec.joins)}"
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
            where, values = where_all(self._scope)
            joins = joined(needed(spec.joins, where))
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
        where, values = where_all(conditions)
        joins = joined(needed(spec.joins, where + self._order))
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
            where, values = where_all([*conditions, Condition(only)] if only else conditions)
            joins = joined(needed(spec.joins, f"{where} {currency} {amounts}"))
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


def _plain(error: sqlite3.DatabaseError) -> Exception:
    if getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_INTERRUPT:
        return Cancelled()
    return translate(error) or error


def query_plan(connection: sqlite3.Connection, spec: ListSpec[Any], query: ListQuery) -> list[str]:
    """SQLite's plan of `first()`, a line each: for tests that watch that an index is used."""
    where, values = where_all((*filters_of(spec, query), *words_of(spec, query)))
    statement = (
        f"EXPLAIN QUERY PLAN SELECT {spec.key} FROM {spec.table} {joined(spec.joins)}{where}"
        f" ORDER BY {order_of(spec, query)} LIMIT 1"
    )
    with closing(connection.execute(statement, values)) as rows:
        return [row[3] for row in rows]
