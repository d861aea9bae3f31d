"""Rows written by hand: a frozen dataclass a table, whose fields are the columns.

For what is written so often that the ORM's bookkeeping counts. The rules of the tables hold all the same: they are the
file's own.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import fields
from operator import attrgetter
from types import MappingProxyType
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import Connection

from travellr_desktop.storage.conditions import stored

R = TypeVar("R")


class Insert(Generic[R]):
    """Adds rows of one table. `synced`: they travel, and begin at version 1. `asked` are columns whose value is what
    a query says."""

    def __init__(
        self,
        table: str,
        kind: type[R],
        *,
        synced: bool = True,
        asked: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        names = [field.name for field in fields(kind)]  # type: ignore[arg-type]
        columns = ", ".join([*names, *asked])
        values = ", ".join([*"?" * len(names), *(f"({query})" for query in asked.values())])
        if synced:
            columns, values = f"{columns}, version", f"{values}, 1"
        self.sql = f"INSERT INTO {table} ({columns}) VALUES ({values})"
        self._values = attrgetter(*names)

    def write(self, connection: Connection, *rows: R) -> None:
        """Add the rows, in their order, in one call of the driver."""
        if not rows:
            return
        values = [tuple(map(plain, self._values(row))) for row in rows]
        connection.exec_driver_sql(self.sql, values if len(values) > 1 else values[0])

    def write_new(self, connection: Connection, row: R) -> bool:
        """Add a row; False, and nothing changed, where one of its key is there already."""
        values = tuple(map(plain, self._values(row)))
        return connection.exec_driver_sql(f"{self.sql} ON CONFLICT DO NOTHING", values).rowcount == 1

    def write_new_reading(self, connection: Connection, row: R, what: str) -> Sequence[Any] | None:
        """The same, and what the SQL expression `what` over other tables says, in one statement; None, and nothing
        changed or read, where one of its key is there already."""
        values = tuple(map(plain, self._values(row)))
        return connection.exec_driver_sql(
            f"{self.sql} ON CONFLICT DO NOTHING RETURNING {what}", values
        ).one_or_none()


def plain(value: object) -> object:
    """A value as the models' column types keep it: as `conditions.stored`, and what is JSON as text."""
    kind = type(value)
    if kind is str or kind is int or value is None:
        return value
    if kind is UUID:
        return value.hex  # type: ignore[attr-defined]
    if kind is dict or kind is list:
        return json.dumps(value)
    return stored(value)


def plain_all(*values: object) -> Sequence[Any]:
    return tuple(map(plain, values))
