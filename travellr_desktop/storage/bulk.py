"""Writing very many rows into a new file, as the units of work would: the same tables, triggers and checks, an op
for each of their transactions, but no commit for each. For files that nobody else has open and that are thrown away
if anything fails.

Rows are tuples in the order of `columns`, with values as SQLite holds them (`storage.conditions.stored`).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.schema import SCHEMA_VERSION
from travellr_desktop.storage.seal import HASH, SEAL, OpHash

_PRAGMAS = (
    "journal_mode = OFF",  # a file that is thrown away needs no way back
    "synchronous = OFF",
    "foreign_keys = ON",
    "recursive_triggers = ON",
    "cache_size = -1000000",
    "temp_store = MEMORY",
    "locking_mode = EXCLUSIVE",
)


class BulkFile:
    """An existing file of a desk, open for writing alone. `flush` now and then; `finish` at the end."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None, cached_statements=512)
        self._connection.create_aggregate(HASH, 6, OpHash)  # type: ignore[arg-type]
        for pragma in _PRAGMAS:
            self._connection.execute(f"PRAGMA {pragma}")
        self.execute = self._connection.execute
        self.execute("BEGIN")

    def insert(
        self, table: str, columns: Sequence[str], asked: Mapping[str, str] = MappingProxyType({})
    ) -> str:
        """The statement that adds a row; give it to `execute` or `many` with the values. `asked` are further columns
        whose value is what a query says."""
        values = ", ".join([*"?" * len(columns), *(f"({query})" for query in asked.values())])
        return f"INSERT INTO {table} ({', '.join([*columns, *asked])}) VALUES ({values})"

    def many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        self._connection.executemany(sql, rows)

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        return self.execute(sql, values).fetchall()

    def seal(self, name: Commit, actor_id: str | None, at: str) -> None:
        """What was written since the last call is one op, as if committed by that name."""
        self.execute(SEAL, (name.value, actor_id, SCHEMA_VERSION, at))

    def flush(self) -> None:
        """Let SQLite check what it checks at a commit, and give its memory back."""
        self.execute("COMMIT")
        self.execute("BEGIN")

    def finish(self) -> None:
        """The file is whole and may be opened by others."""
        self.execute("COMMIT")
        self.execute("PRAGMA locking_mode = NORMAL")
        self.execute("PRAGMA journal_mode = WAL")
        self._connection.close()

    def close(self) -> None:
        """Give the file up; what was written is not to be used. Nothing happens after `finish`."""
        self._connection.close()
