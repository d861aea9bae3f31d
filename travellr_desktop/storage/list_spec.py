"""How a list is read, said once (`ListSpec`), what is asked of it (`ListQuery`), and the pieces of SQL that come of the
two. `storage.paging` reads by them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from travellr_desktop.errors import InvalidInput
from travellr_desktop.storage.conditions import Condition, Filter

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class ListQuery:
    """What is asked of a list: words to find, filters by name, one sort column.

    `filters` maps names of `ListSpec.filters` to values; None and empty values filter nothing. An empty
    `sort` takes the list's own order, whose direction `descending` then reverses.
    """

    text: str = ""
    filters: Mapping[str, object] = field(default_factory=dict)
    sort: str = ""
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Join:
    """A joined table and its alias. It looks up exactly one row: it must neither drop nor multiply rows of the list,
    because it is left out of statements that do not name its alias."""

    alias: str
    clause: str


@dataclass(frozen=True, slots=True)
class SumOf:
    """An amount in minor units and the expression of its currency. Rows in which `only` does not hold are not read:
    their amount is nothing."""

    amount: str
    currency: str
    only: str = ""


@dataclass(frozen=True, slots=True)
class ListSpec(Generic[Row]):
    """How a list is read. All strings are SQL written by the program; values only ever go in as parameters.

    `key` is what `temp.pos` keeps of a row: unique, never null, found by an index. An integer (`b.rowid`)
    makes the position table a third as large as a text id does. `make` turns one row of `columns` into what
    is handed out. `sortable` maps a column's key to one expression, or several; ties are always broken by
    `key`. `order` is the key in `sortable` of the list's own order. `search` makes a condition of the words
    typed into the filter field; where it is a `Search`, they are found by indexes.
    """

    table: str
    key: str
    id: str
    columns: Sequence[str]
    make: Callable[[Sequence[Any]], Row]
    sortable: Mapping[str, str | Sequence[str]]
    order: str
    order_descending: bool = False
    joins: Sequence[Join] = ()
    filters: Mapping[str, Filter] = field(default_factory=dict)
    search: Callable[[str], Condition] | None = None
    sums: Mapping[str, SumOf] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.order not in self.sortable:
            raise ValueError(f"the list's own order {self.order!r} is not among its sortable columns")


def filters_of(spec: ListSpec[Any], query: ListQuery) -> Iterator[Condition]:
    """What each filter of a query asks. Raises `InvalidInput` for one that the list does not have."""
    for name, value in query.filters.items():
        if value is None or value == "" or value == () or value == [] or value == frozenset():
            continue
        if name not in spec.filters:
            raise InvalidInput(f"This list has no filter “{name}”.", field=name)
        yield spec.filters[name](value)


def words_of(spec: ListSpec[Any], query: ListQuery) -> Iterator[Condition]:
    """What the words of a query ask, where there are any."""
    if spec.search is not None and query.text.strip():
        yield spec.search(query.text)


def order_of(spec: ListSpec[Any], query: ListQuery) -> str:
    """What comes after ORDER BY. Raises `InvalidInput` for a column that the list is not sorted by."""
    column = query.sort or spec.order
    if column not in spec.sortable:
        raise InvalidInput(f"This list cannot be sorted by “{column}”.", field="sort")
    descending = query.descending if query.sort else query.descending != spec.order_descending
    expressions = spec.sortable[column]
    parts = [expressions] if isinstance(expressions, str) else list(expressions)
    if spec.key not in parts:
        parts.append(spec.key)
    # one direction for all of them: an index can be walked backwards as a whole, not in part
    return ", ".join(f"{part} DESC" if descending else part for part in parts)


def where_all(conditions: Sequence[Condition]) -> tuple[str, tuple[object, ...]]:
    """` WHERE …` with all conditions, and their values; nothing where there are none."""
    if not conditions:
        return "", ()
    text = " AND ".join(f"({condition.sql})" for condition in conditions)
    return f" WHERE {text}", tuple(value for condition in conditions for value in condition.values)


def joined(joins: Sequence[Join]) -> str:
    """The clauses one after another."""
    return " ".join(join.clause for join in joins)


def needed(joins: Sequence[Join], text: str) -> list[Join]:
    """The joins whose alias is named in `text`, or by a later join that is needed itself."""
    kept: list[Join] = []
    for join in reversed(joins):
        if re.search(rf"\b{re.escape(join.alias)}\.", text):
            kept.append(join)
            text += " " + join.clause
    return kept[::-1]
