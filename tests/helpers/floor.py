"""The least that a command of the program costs: the row writes it made, written again by the sqlite3 module alone.

A commit is recorded as statements with their values: every row that the program inserted or changed, in its order. It
is played again with other ids, references and hashes, all made beforehand, so that only SQLite's own work is timed.
Its file is a copy of the program's, with its indexes, constraints and triggers: the triggers write the change rows and
count the seats, which are row writes of the same commit, and nobody could write to this file without them.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from travellr_desktop.storage.commits import Commit, Moment, set_failpoint

Statement = tuple[str, list[tuple[Any, ...]]]
"""SQL, and the values of each row it is run with."""
Names = Mapping[str, str]
"""What stands in a recorded value, and what stands there when it is played."""

OP = (
    "INSERT INTO ops (op_no, desk_id, incarnation, name, actor_id, schema_version, at, body_hash) "
    "SELECT next_op, desk_id, incarnation, ?, ?, ?, ?, ? FROM this_desk"
)


@dataclass(frozen=True)
class Recorded:
    """One commit: its statements in order, and the ids of the rows it made."""

    statements: tuple[tuple[str, tuple[Any, ...]], ...]
    made: tuple[str, ...]

    @property
    def rows(self) -> int:
        return len(self.statements)


def record(file: Path, act: Callable[[UUID], object]) -> list[Recorded]:
    """What `act`, sent under the key it is given, writes to `file`: each of its commits."""
    key, made = uuid4(), []
    with closing(sqlite3.connect(file)) as connection:
        connection.row_factory = sqlite3.Row
        watch = _Watch(connection, key.hex)

        def committed(_commit: Commit, moment: Moment) -> None:
            if moment is Moment.AFTER:
                made.append(watch.look())

        set_failpoint(committed)
        try:
            act(key)
        finally:
            set_failpoint(None)
    return made


class _Watch:
    """Reads after each commit what it wrote."""

    def __init__(self, connection: sqlite3.Connection, key: str) -> None:
        self._connection, self._key = connection, key
        self._op = connection.execute("SELECT max(op_no) FROM ops").fetchone()[0]
        self._event = connection.execute("SELECT coalesce(max(rowid), 0) FROM outbox_events").fetchone()[0]
        self._command: dict[str, Any] | None = None

    def look(self) -> Recorded:
        execute = self._connection.execute
        (op,) = execute("SELECT * FROM ops WHERE op_no > ?", (self._op,)).fetchall()
        changes = execute("SELECT * FROM changes WHERE op_no = ? ORDER BY id", (op["op_no"],)).fetchall()
        events = execute("SELECT rowid, * FROM outbox_events WHERE rowid > ?", (self._event,)).fetchall()
        made = [change["row_id"] for change in changes if change["kind"] == "I"]
        statements = [_written(change) for change in changes]
        statements += self._of_command(made)
        for row in events:
            event = dict(row)
            self._event = event.pop("rowid")
            statements.append(_insert("outbox_events", event))
            made.append(event["id"])
        self._op = op["op_no"]
        statements.append((OP, (op["name"], op["actor_id"], op["schema_version"], op["at"], op["body_hash"])))
        return Recorded(tuple(statements), tuple(made))

    def _of_command(self, made: list[str]) -> list[tuple[str, tuple[Any, ...]]]:
        """The command's row as it begins, then what of it has changed."""
        row = self._connection.execute("SELECT * FROM commands WHERE key = ?", (self._key,)).fetchone()
        before, self._command = self._command, dict(row) if row is not None else None
        if self._command is None or self._command == before:
            return []
        if before is None:
            made.append(self._key)
            return [_insert("commands", self._command)]
        changed = {name: value for name, value in self._command.items() if before[name] != value}
        sets = ", ".join(f"{name} = ?" for name in changed)
        return [(f"UPDATE commands SET {sets} WHERE key = ?", (*changed.values(), self._key))]


def _written(change: sqlite3.Row) -> tuple[str, tuple[Any, ...]]:
    fields: dict[str, Any] = json.loads(change["fields"])
    table = change["table_name"]
    if change["kind"] == "I":
        return _insert(table, {**fields, "version": 1})
    if table == "number_series":
        return (
            "UPDATE number_series SET next = next + 1, version = version + 1 WHERE id = ?",
            (change["row_id"],),
        )
    sets = ", ".join(f"{name} = ?" for name in fields)
    return (
        f"UPDATE {table} SET {sets}, version = version + 1 WHERE id = ?",
        (*fields.values(), change["row_id"]),
    )


def _insert(table: str, values: Mapping[str, Any]) -> tuple[str, tuple[Any, ...]]:
    return (
        f"INSERT INTO {table} ({', '.join(values)}) VALUES ({', '.join('?' * len(values))})",
        tuple(values.values()),
    )


def new_ids(*commits: Recorded) -> dict[str, str]:
    """Another id for each row that the commits made, as it stands in columns and as it stands in JSON."""
    names = {}
    for old in (row for commit in commits for row in commit.made):
        new = uuid4()
        names[old] = new.hex
        names[str(UUID(old))] = str(new)
    return names


class Chain:
    """The ledger's links: what the next rows carry."""

    def __init__(self, file: Path) -> None:
        with closing(sqlite3.connect(file)) as connection:
            found = connection.execute("SELECT seq, hash FROM ledger ORDER BY seq DESC LIMIT 1").fetchone()
        self.seq: int
        self.hash: str
        self.seq, self.hash = found or (0, "0" * 64)

    def next(self) -> tuple[int, str, str]:
        before, self.hash, self.seq = self.hash, secrets.token_hex(32), self.seq + 1
        return self.seq, before, self.hash


def play(commit: Recorded, names: Names, chain: Chain) -> list[Statement]:
    """The statements of a commit with other names in them, in as few calls as there are different ones in a row."""
    made = ((sql, _renamed(sql, values, names, chain)) for sql, values in commit.statements)
    return [(sql, [values for _, values in group]) for sql, group in groupby(made, lambda each: each[0])]


def _renamed(sql: str, values: tuple[Any, ...], names: Names, chain: Chain) -> tuple[Any, ...]:
    renamed = [_other(value, names) for value in values]
    if sql.startswith("INSERT INTO ledger"):
        columns = sql.partition("(")[2].partition(")")[0].split(", ")
        for column, value in zip(("seq", "prev_hash", "hash"), chain.next(), strict=True):
            renamed[columns.index(column)] = value
    return tuple(renamed)


def _other(value: Any, names: Names) -> Any:
    if not isinstance(value, str) or len(value) < 9:
        return value
    if value in names:
        return names[value]
    if value[0] in "{[":
        for old, new in names.items():
            value = value.replace(old, new)
    return value


class Floor:
    """A connection as the program has one, and nothing else."""

    def __init__(self, file: Path) -> None:
        self._connection = sqlite3.connect(file, isolation_level=None)
        for pragma in (
            "journal_mode = WAL",
            "synchronous = FULL",
            "foreign_keys = ON",
            "recursive_triggers = ON",
        ):
            self._connection.execute(f"PRAGMA {pragma}")

    def write(self, statements: Sequence[Statement]) -> None:
        """One durable commit."""
        connection = self._connection
        connection.execute("BEGIN IMMEDIATE")
        for sql, rows in statements:
            if len(rows) == 1:
                connection.execute(sql, rows[0])
            else:
                connection.executemany(sql, rows)
        connection.execute("COMMIT")

    def close(self) -> None:
        self._connection.close()


@contextmanager
def floor(file: Path) -> Iterator[Floor]:
    made = Floor(file)
    try:
        yield made
    finally:
        made.close()
