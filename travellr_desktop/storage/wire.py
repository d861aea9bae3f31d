"""How the values of synced rows are written when they travel: as SQLite holds them.

Ids are 32 digits, moments the text of `utc_text`, yes and no are 1 and 0, JSON is its text. What comes from a Postgres
that keeps them in types of its own is put into these words by the statement that reads it."""

from __future__ import annotations

from enum import StrEnum
from functools import cache

from sqlalchemy import Boolean, Uuid

import travellr_desktop.storage.models  # noqa: F401  (fills the metadata)
from travellr_desktop.storage.base import BOTH, Base, UtcDateTime
from travellr_desktop.storage.capture import LOCAL_COLUMNS


class Kind(StrEnum):
    """What has to be done to a value to put it into a desk's words."""

    ID = "id"
    MOMENT = "moment"
    FLAG = "flag"
    PLAIN = "plain"


@cache
def synced() -> tuple[str, ...]:
    """The tables whose rows travel, those that others point at first."""
    where = BOTH["where"]
    return tuple(table.name for table in Base.metadata.sorted_tables if table.info.get("where") == where)


@cache
def travelling(table: str) -> dict[str, Kind]:
    """The columns of a synced table that travel, in the order of the model, and what each needs."""
    local = LOCAL_COLUMNS.get(table, frozenset()) | {"version"}
    return {
        column.name: _kind(column.type)
        for column in Base.metadata.tables[table].columns
        if column.name not in local
    }


def _kind(of: object) -> Kind:
    if isinstance(of, Uuid):
        return Kind.ID
    if isinstance(of, UtcDateTime):
        return Kind.MOMENT
    return Kind.FLAG if isinstance(of, Boolean) else Kind.PLAIN
