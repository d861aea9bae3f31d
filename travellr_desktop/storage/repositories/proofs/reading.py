"""How the proofs read: plain SQL, rows as SQLite gives them, never all of them at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy import Connection

BATCH = 500
"""How many rows are in memory at a time."""

POSTED = "CASE WHEN json_valid(m.posted) THEN m.posted ELSE '[]' END"
"""What was posted of a movement `m`, as JSON: nothing where somebody wrote over it with what is none."""

POSTED_IDS = f"SELECT p.value FROM provider_moves m, json_each({POSTED}) p WHERE p.value IS NOT NULL"
"""The entries that some movement knows of."""

T = TypeVar("T")


class Reader:
    """Proofs of one subject, on a connection that stays open while what they yield is used."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def _rows(self, sql: str, *values: object) -> Iterator[Any]:
        """The rows of a query, a batch at a time."""
        with self._connection.exec_driver_sql(sql, values) as result:
            for batch in result.partitions(BATCH):
                yield from batch

    def _value(self, sql: str, *values: object) -> Any:
        """The one value of a query, or None where there is no row."""
        return self._connection.exec_driver_sql(sql, values).scalar()

    def _each(self, kind: Callable[..., T], sql: str, *values: object) -> Iterator[T]:
        """The rows of a query as `kind`, whose fields are the columns in their order."""
        for row in self._rows(sql, *values):
            yield kind(*row)


def marks(count: int) -> str:
    """Placeholders for a list of `count` values."""
    return ", ".join("?" * count)


def moment(text: object) -> datetime:
    """The moment that a text of the file means. Raises `ValueError` or `TypeError` where it is none."""
    if not isinstance(text, str):
        raise TypeError("a moment is kept as text")
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
