"""The rows of a vendor's file: written as the hub tells them, and what is derived of them.

They come as they are now, in no order, and a page may hold a row whose parent, or whose turn, is in the next one. So no
foreign key is looked at, and a row that stands where another has to be gives way to it: it was changed too, and will be
told.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from travellr_desktop.storage.page_rows import UnknownHere
from travellr_desktop.storage.search import FILL_WORDS
from travellr_desktop.storage.vendor_columns import FILLERS, filled
from travellr_desktop.storage.vendor_line_triggers import fill_vendor_lines, fill_where_they_stand
from travellr_desktop.storage.wire import Kind, synced, travelling

_GRANTS = (
    "DELETE FROM grants",
    "INSERT INTO grants (id, version, departure_id, desk_id, seats, taken) "
    "SELECT d.id, 1, d.id, h.desk_id, max(d.capacity, d.taken), d.taken FROM this_desk h CROSS JOIN ("
    "SELECT p.id, p.capacity, (SELECT count(*) FROM bookings b JOIN booking_lines l ON l.booking_id = b.id "
    "WHERE b.departure_id = p.id AND l.occupies) AS taken FROM departures p) d",
)
"""One a departure, with all of its seats: what screens count by. Who holds seats is no vendor's to see."""

_DERIVED: tuple[tuple[frozenset[str], tuple[str, ...]], ...] = (
    (frozenset({"departures", "bookings", "booking_lines"}), _GRANTS),
    (
        frozenset({"ledger", "payout_lines", "statement_entries"}),
        ("DELETE FROM vendor_lines", *fill_vendor_lines(), *fill_where_they_stand()),
    ),
    (
        frozenset({"travellers", "bookings", "sales"}),
        (
            "INSERT INTO traveller_words (traveller_words) VALUES ('delete-all')",
            "INSERT INTO reference_words (reference_words) VALUES ('delete-all')",
            *FILL_WORDS,
        ),
    ),
)
"""What is made anew where one of these tables was written."""


@dataclass(frozen=True, slots=True)
class SeenRow:
    """A row that the vendor sees, as it is now; None where it is not there any more, or not theirs to see. `fields` by
    name, `id` among them, values as SQLite holds them."""

    table: str
    row_id: str
    fields: Mapping[str, Any] | None


class VendorRows:
    """Writes them on a connection whose file lets it: one that is being made, or `this_desk.pulling` is 1."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._touched: set[str] = set()

    def write(self, rows: Iterable[SeenRow]) -> int:
        """Put rows in, or take them out. Returns how many are not here any more that were.

        Raises `UnknownHere` where a table or column is not of this program's."""
        gone = 0
        for row in rows:
            self._touched.add(row.table)
            if row.fields is not None:
                self.put(row.table, tuple(row.fields), (tuple(row.fields.values()),))
            else:
                _look(row.table, ())
                found = self._connection.execute(f"DELETE FROM {row.table} WHERE id = ?", (row.row_id,))
                gone += found.rowcount
        return gone

    def put(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
        """Rows of one table, values in the order of the columns. Returns how many."""
        names = _look(table, tuple(columns))
        update, insert = _update(table, names), _insert(table, names)
        self._touched.add(table)
        count = 0
        for row in rows:
            count += 1
            made = filled(table, dict(zip(columns, row, strict=True)))
            values = [made[name] for name in names]
            # as itself, so that a list that is open finds it where it was
            if self._connection.execute(update, (*values, made["id"])).rowcount == 0:
                self._connection.execute(insert, values)
        return count

    def clear(self) -> None:
        """Take every row out."""
        for table in synced():
            if table not in ("desks", "grants"):  # the file's own
                self._connection.execute(f"DELETE FROM {table}")
                self._touched.add(table)

    def derive(self) -> frozenset[str]:
        """Make anew what follows from the rows that were written since. Returns their tables."""
        touched, self._touched = frozenset(self._touched), set()
        for of, statements in _DERIVED:
            if touched & of:
                for statement in statements:
                    self._connection.execute(statement)
        return touched


@cache
def _look(table: str, columns: tuple[str, ...]) -> tuple[str, ...]:
    """The columns that are written when these come."""
    if table not in synced():
        raise UnknownHere(f"There is no table {table} here whose rows travel.")
    strange = set(columns) - set(travelling(table))
    if strange:
        raise UnknownHere(f"The table {table} has no {', '.join(sorted(strange))} here that travels.")
    return (*columns, *(name for name in FILLERS.get(table, ()) if name not in columns))


@cache
def _insert(table: str, names: tuple[str, ...]) -> str:
    marks = ", ".join("?" * len(names))
    return f"INSERT OR REPLACE INTO {table} (version, {', '.join(names)}) VALUES (1, {marks})"


@cache
def _update(table: str, names: tuple[str, ...]) -> str:
    return f"UPDATE OR REPLACE {table} SET {', '.join(f'{name} = ?' for name in names)} WHERE id = ?"


def kinds_of(table: str, columns: Sequence[str]) -> dict[str, Kind]:
    """These columns of a table, and what each needs. Raises `UnknownHere`."""
    _look(table, tuple(columns))
    return {name: travelling(table)[name] for name in columns}


def by_id(
    connection: sqlite3.Connection, table: str, columns: Sequence[str]
) -> dict[str, tuple[str | None, ...]]:
    """The rows of a table by their ids, each value as the hub would write it in text."""
    named = ", ".join(f"CAST({name} AS TEXT)" for name in columns)
    return {row[0]: row[1:] for row in connection.execute(f"SELECT id, {named} FROM {table}")}


def ledger_sums(connection: sqlite3.Connection) -> dict[str, int]:
    """What all entries of the ledger come to, by currency."""
    return dict(connection.execute("SELECT currency, sum(amount) FROM ledger GROUP BY currency"))
