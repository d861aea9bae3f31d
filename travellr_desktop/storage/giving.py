"""The rows of a file as they travel, for a hub that is to have all of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from travellr_desktop.storage.engine import translate
from travellr_desktop.storage.wire import synced, travelling


class Giving:
    """A file as it is at one moment, also while others write to it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def rows(self, table: str) -> Iterator[tuple[Any, ...]]:
        """All rows of a synced table, in the columns of `wire.travelling`."""
        columns = ", ".join(travelling(table))
        yield from self._connection.execute(f"SELECT {columns} FROM {table} ORDER BY id")

    def counts(self) -> dict[str, int]:
        """How many rows each synced table has."""
        return {
            table: int(self._connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
            for table in synced()
        }

    def last_op(self) -> int:
        """The last op that these rows have in them."""
        found = self._connection.execute("SELECT next_op - 1 FROM this_desk").fetchone()
        return int(found[0]) if found else 0


@contextmanager
def giving(path: Path) -> Iterator[Giving]:
    """Raises a `StorageRefusal` where the file cannot be read."""
    try:
        connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, isolation_level=None)
        try:
            connection.execute("BEGIN")
            yield Giving(connection)
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise (translate(error) or error) from error
