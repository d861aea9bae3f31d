"""Rows of this file that have what a row of a page is to have, where only one can."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, UniqueConstraint

from travellr_desktop.storage.base import Base
from travellr_desktop.storage.page_rows import RowChange
from travellr_desktop.storage.wire import synced


def in_the_way(connection: Connection, changes: Iterable[RowChange]) -> list[tuple[str, str]]:
    """Table and id of each, once. Rows of tables that are not this program's are passed by."""
    found: dict[tuple[str, str], None] = {}
    for change in changes:
        if change.kind == "D" or change.table not in synced():
            continue
        fields = change.fields or {}
        for columns in _unique(change.table):
            if fields.keys().isdisjoint(columns):
                continue
            values = _whole(connection, change, fields, columns)
            if values is None or None in values:
                continue
            same = " AND ".join(f"{name} = ?" for name in columns)
            query = f"SELECT id FROM {change.table} WHERE {same} AND id <> ?"
            for (row_id,) in connection.exec_driver_sql(query, (*values, change.row_id)):
                found[change.table, row_id] = None
    return list(found)


def _whole(
    connection: Connection, change: RowChange, fields: Mapping[str, Any], columns: Sequence[str]
) -> tuple[Any, ...] | None:
    """The columns as the change leaves them; None where a row that was changed is not here."""
    if all(name in fields for name in columns):
        return tuple(fields[name] for name in columns)
    query = f"SELECT {', '.join(columns)} FROM {change.table} WHERE id = ?"
    row = connection.exec_driver_sql(query, (change.row_id,)).one_or_none()
    if row is None:
        return None
    return tuple(fields.get(name, value) for name, value in zip(columns, row, strict=True))


@cache
def _unique(table: str) -> tuple[tuple[str, ...], ...]:
    """The columns of each unique rule of a table. One that holds for some of its rows only is taken for a rule of all:
    whoever is found for it becomes what the hub has, which is what it is to be anyhow."""
    found = Base.metadata.tables[table]
    rules = [each.columns for each in found.constraints if isinstance(each, UniqueConstraint)]
    rules += [each.columns for each in found.indexes if each.unique]
    return tuple(tuple(column.name for column in columns) for columns in rules)
