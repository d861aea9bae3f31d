"""What a column of a synced table holds, as far as a person can type it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Boolean, Date, Integer, String, Text

from travellr_desktop.storage.base import Base, EnumText, UtcDateTime
from travellr_desktop.storage.wire import synced, travelling


class Holds(StrEnum):
    TEXT = "text"
    NUMBER = "number"
    DAY = "day"
    FLAG = "flag"
    ONE_OF = "one_of"
    ROW = "row"  # the id of a row of another table


@dataclass(frozen=True, slots=True)
class Typed:
    """`values` are those of `ONE_OF`, `table` that of `ROW`. `empty`: it may hold nothing."""

    holds: Holds
    empty: bool
    values: tuple[str, ...] = ()
    table: str = ""


def typed(table: str, field: str) -> Typed | None:
    """What a column holds; None for one that nobody types (moments, lists), or that there is none."""
    if table not in synced() or field not in travelling(table) or field == "id":
        return None
    column = Base.metadata.tables[table].columns[field]
    empty, kind = bool(column.nullable), column.type
    for key in column.foreign_keys:
        return Typed(Holds.ROW, empty, table=key.column.table.name)
    if isinstance(kind, EnumText):
        return Typed(Holds.ONE_OF, empty, tuple(member.value for member in kind.enum))
    if isinstance(kind, Boolean):
        return Typed(Holds.FLAG, empty)
    if isinstance(kind, Date):
        return Typed(Holds.DAY, empty)
    if isinstance(kind, Integer):
        return Typed(Holds.NUMBER, empty)
    if isinstance(kind, String | Text) and not isinstance(kind, UtcDateTime):
        return Typed(Holds.TEXT, empty)
    return None
