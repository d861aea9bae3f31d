"""The rows of a page, written with as few statements as there are different ones: no models, no version read."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from functools import cache
from itertools import groupby
from typing import Any, Protocol

from travellr_desktop.errors import StorageRefusal
from travellr_desktop.storage.base import Base
from travellr_desktop.storage.wire import synced, travelling


class UnknownHere(StorageRefusal):
    """What came has a table or column that this program does not have."""

    hint = "Install the newer program at this desk."


class RowMissing(StorageRefusal):
    """A row that was changed is not in this file, though all before is said to be."""

    hint = "Take everything anew from the central database."


class RowChange(Protocol):
    """A change as `incoming.IncomingChange` has it."""

    @property
    def table(self) -> str: ...
    @property
    def row_id(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def fields(self) -> Mapping[str, Any] | None: ...


Shape = tuple[str, str, tuple[str, ...]]
"""Kind, table and columns: changes of one shape are one statement."""


class PageRows:
    """Writes the changes of one page; for once."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._touched: dict[str, dict[str, None]] = {}
        self._removed: dict[tuple[str, str], int] = {}

    def write(self, changes: Iterable[RowChange]) -> int:
        """Write them in their order, then what they came to. Returns how many rows were touched.

        Raises `sqlite3.IntegrityError` where one does not fit, also for what would else be found by the commit."""
        for shape, some in groupby(changes, key=_shape):
            kind, _table, columns = shape
            self._apply(shape, [_values(change, kind, columns) for change in some])
        self._keys()
        return self._note()

    def _keys(self) -> None:
        """A row of this desk may be gone that one which came points at, or point at one that is gone now."""
        for table, ids in self._touched.items():
            query = _astray(table)
            if ids and query and self._connection.execute(query, (json.dumps([*ids]),)).fetchone():
                raise sqlite3.IntegrityError(f"a row of {table} points at one that is not here")
        for table, row_id in self._removed:
            for child, query in _pointing(table).items():
                if self._connection.execute(query, (row_id, row_id)).fetchone():
                    raise sqlite3.IntegrityError(f"a row of {child} points at one of {table} that is gone")

    def _apply(self, shape: Shape, rows: list[tuple[Any, ...]]) -> None:
        kind, table, columns = shape
        touched = self._touched.setdefault(table, {})
        if kind == "D":
            for (row_id,) in rows:
                found = self._connection.execute(_delete(table), (row_id,)).fetchone()
                if found is not None:
                    self._removed[table, row_id] = found[0]
            return
        touched.update(dict.fromkeys(row[-1] for row in rows))
        if kind == "I":
            self._connection.executemany(_insert(table, columns), rows)
        elif self._connection.executemany(_update(table, columns), rows).rowcount != len(rows):
            raise RowMissing(f"A row of {table} that was changed is not in this file.")

    def _note(self) -> int:
        """One change a row: as it is now, or that it is gone."""
        count = 0
        for table, ids in self._touched.items():
            if ids:
                count += self._connection.execute(_taken_in(table), (json.dumps([*ids]),)).rowcount
        for (table, row_id), version in self._removed.items():
            count += self._connection.execute(_gone(table), (row_id, version, row_id)).rowcount
        return count


def _shape(change: RowChange) -> Shape:
    fields = change.fields or {}
    kind = change.kind
    names = () if kind == "D" else tuple(fields)
    _look(change.table, kind, names)
    return kind, change.table, tuple(name for name in names if name != "id")


@cache
def _look(table: str, kind: str, names: tuple[str, ...]) -> None:
    """Raises `UnknownHere`."""
    if table not in synced():
        raise UnknownHere(f"There is no table {table} here whose rows travel.")
    strange = set(names) - set(travelling(table))
    if strange:
        raise UnknownHere(f"The table {table} has no {', '.join(sorted(strange))} here that travels.")
    if kind not in ("I", "U", "D"):
        raise UnknownHere(f"A row of {table} was neither made, changed nor removed: {kind}.")


def _values(change: RowChange, kind: str, columns: tuple[str, ...]) -> tuple[Any, ...]:
    fields = change.fields or {}
    return (change.row_id,) if kind == "D" else (*(fields[name] for name in columns), change.row_id)


@cache
def _insert(table: str, columns: tuple[str, ...]) -> str:
    """A row that is there already is written over, as far as the row that came says."""
    names, marks = ", ".join((*columns, "id")), ", ".join("?" * (len(columns) + 1))
    sets = ", ".join([*(f"{name} = excluded.{name}" for name in columns), f"version = {table}.version + 1"])
    return f"INSERT INTO {table} ({names}, version) VALUES ({marks}, 1) ON CONFLICT (id) DO UPDATE SET {sets}"


@cache
def _update(table: str, columns: tuple[str, ...]) -> str:
    sets = ", ".join([*(f"{name} = ?" for name in columns), "version = version + 1"])
    return f"UPDATE {table} SET {sets} WHERE id = ?"


@cache
def _delete(table: str) -> str:
    return f"DELETE FROM {table} WHERE id = ? RETURNING version"


@cache
def _taken_in(table: str) -> str:
    whole = ", ".join(f"'{name}', t.{name}" for name in travelling(table))
    return (
        "INSERT INTO changes (op_no, table_name, row_id, kind, base_version, fields) "
        f"SELECT NULL, '{table}', t.id, 'P', t.version - 1, json_object({whole}) "
        f"FROM json_each(?) j CROSS JOIN {table} t WHERE t.id = j.value"
    )


@cache
def _astray(table: str) -> str:
    """Finds a row, of those given, that points at one that is not there; empty where the table points at nothing."""
    lost = " OR ".join(
        f"(t.{key.parent.name} IS NOT NULL AND NOT EXISTS "
        f"(SELECT 1 FROM {key.column.table.name} p WHERE p.id = t.{key.parent.name}))"
        for key in sorted(Base.metadata.tables[table].foreign_keys, key=lambda each: each.parent.name)
    )
    found = f"SELECT 1 FROM json_each(?) j CROSS JOIN {table} t WHERE t.id = j.value AND ({lost}) LIMIT 1"
    return found if lost else ""


@cache
def _pointing(table: str) -> Mapping[str, str]:
    """For each table that points at this one what finds a row that does, once the one it points at is gone."""
    found = {}
    for child in synced():
        names = [
            key.parent.name
            for key in Base.metadata.tables[child].foreign_keys
            if key.column.table.name == table
        ]
        if names:
            marks = " OR ".join(f"{name} = ?1" for name in sorted(names))
            found[child] = (
                f"SELECT 1 FROM {child} WHERE ({marks}) "
                f"AND NOT EXISTS (SELECT 1 FROM {table} WHERE id = ?2) LIMIT 1"
            )
    return found


@cache
def _gone(table: str) -> str:
    return (
        "INSERT INTO changes (op_no, table_name, row_id, kind, base_version, fields) "
        f"SELECT NULL, '{table}', ?, 'X', ?, '{{}}' WHERE NOT EXISTS (SELECT 1 FROM {table} WHERE id = ?)"
    )
