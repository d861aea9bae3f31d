"""Conditions of a list: SQL with its values, and the few shapes that filters take.

Expressions are SQL written by the program (`"b.state"`); what people type is only ever a parameter.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from functools import lru_cache
from uuid import UUID

from travellr_desktop.domain.text import fold as fold_text
from travellr_desktop.errors import InvalidInput
from travellr_desktop.storage.base import utc_text


@dataclass(frozen=True, slots=True)
class Condition:
    """An SQL expression with a `?` for each of `values`."""

    sql: str
    values: tuple[object, ...] = ()


Filter = Callable[[object], Condition]
"""Makes a condition of the value that a filter was set to."""


def stored(value: object) -> object:
    """A value as the models' column types keep it in SQLite: UUIDs in hex, moments as UTC text, enums by
    value.
    """
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, Enum):
        return stored(value.value)
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise InvalidInput("A time needs its zone.")
        return utc_text(value)
    if isinstance(value, date):
        return value.isoformat()
    return value


def equals(expression: str) -> Filter:
    """The expression is the value."""
    return lambda value: Condition(f"{expression} = ?", (stored(value),))


def one_of(expression: str) -> Filter:
    """The expression is one of the values (any iterable, or a single value)."""

    def make(value: object) -> Condition:
        several = value if isinstance(value, Iterable) and not isinstance(value, str | bytes) else (value,)
        values = tuple(stored(one) for one in several)
        return Condition(f"{expression} IN ({', '.join('?' * len(values))})", values)

    return make


def between(expression: str) -> Filter:
    """Takes `(lower, upper)`: from lower, to before upper; None leaves a side open."""

    def make(value: object) -> Condition:
        if not isinstance(value, tuple) or len(value) != 2:
            raise InvalidInput("A range needs a start and an end.")
        lower, upper = value
        parts = [(f"{expression} >= ?", lower), (f"{expression} < ?", upper)]
        kept = [(sql, stored(bound)) for sql, bound in parts if bound is not None]
        if not kept:
            return Condition("1")
        return Condition(" AND ".join(sql for sql, _ in kept), tuple(bound for _, bound in kept))

    return make


def holds(expression: str) -> Filter:
    """A yes-or-no expression: a value that is true asks for the rows where it holds, False for the others."""
    return lambda value: Condition(expression if value else f"NOT ({expression})")


def contains(*expressions: str, fold: Callable[[str], str] = str.casefold) -> Callable[[str], Condition]:
    """Each word stands somewhere in one of the expressions, which hold text folded by the same `fold`."""

    def make(text: str) -> Condition:
        words = fold(text).split()
        each = " OR ".join(f"{expression} LIKE ? ESCAPE '\\'" for expression in expressions)
        values = tuple(f"%{escaped(word)}%" for word in words for _ in expressions)
        return Condition(" AND ".join([f"({each})"] * len(words)) or "1", values)

    return make


FOLDED, FOLDED_JSON = "folded", "folded_json"
"""The names by which SQL knows `fold_stored` and `fold_json`; the connections of lists have them."""


def folded(expression: str) -> str:
    """A text as `contains` looks for words in it, where the file keeps no folded one. Each row is read for it."""
    return f"{FOLDED}({expression})"


def folded_json(column: str) -> str:
    """The same of JSON, in which all but ASCII is written as numbers; most has none of it."""
    return f"CASE WHEN instr({column}, '\\u') THEN {FOLDED_JSON}({column}) ELSE lower({column}) END"


def fold_stored(text: str | None) -> str | None:
    """`domain.text.fold` of what a column holds, but for its spaces: no word that is looked for has any."""
    if text is None:
        return None
    return text.lower() if text.isascii() else _folded(text)


def fold_json(text: str) -> str:
    """The same of JSON, with its letters as they are read."""
    return fold_text(json.dumps(json.loads(text), ensure_ascii=False))


_folded = lru_cache(maxsize=4096)(fold_text)
"""The names of the few who work here stand in very many rows."""


def escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
