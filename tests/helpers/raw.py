"""The desk's file as a stranger with the sqlite3 module sees it: no models, no services, no unit of work."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any


@contextmanager
def raw(path: Path) -> Iterator[sqlite3.Connection]:
    """A plain connection with foreign keys on; transactions are begun and ended by hand."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA foreign_keys = ON")
        yield connection


def one(connection: sqlite3.Connection, query: str, *values: Any) -> Any:
    """The first column of the first row. Fails where there is none."""
    row = connection.execute(query, values).fetchone()
    assert row is not None, query
    return row[0]


def rows(path: Path, query: str, *values: Any) -> list[tuple[Any, ...]]:
    """All rows of a query, on a connection of its own."""
    with raw(path) as connection:
        return connection.execute(query, values).fetchall()


def value(path: Path, query: str, *values: Any) -> Any:
    """One value, on a connection of its own."""
    with raw(path) as connection:
        return one(connection, query, *values)


def tables(connection: sqlite3.Connection) -> list[str]:
    """Every table of the file that is not SQLite's, Alembic's or the search's own."""
    query = (
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' "
        "AND name NOT LIKE 'sqlite_%' AND name <> 'alembic_version' ORDER BY name"
    )
    return [row[0] for row in connection.execute(query)]


def dump(path: Path) -> list[str]:
    """Everything that the file holds, as SQL."""
    with raw(path) as connection:
        return list(connection.iterdump())


def copied(path: Path, to: Path) -> Path:
    """A copy of a file that nobody has open."""
    shutil.copyfile(path, to)
    return to
