"""A new file, filled with rows as they are elsewhere.

While rows come in nothing is captured, refused or derived, and no index but those of the keys is kept; at the end all
of it is made at once, and the file is proved before anybody opens it. The file is thrown away if anything fails: its
maker moves it into its place when it is whole.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from travellr_desktop.errors import DatabaseDamaged
from travellr_desktop.storage.base import utc_text
from travellr_desktop.storage.carrying import Belongs, Given, carry, take_out_strays
from travellr_desktop.storage.engine import translate
from travellr_desktop.storage.outgoing import OutgoingOp
from travellr_desktop.storage.search import FILL_WORDS
from travellr_desktop.storage.startup import make_empty
from travellr_desktop.storage.tallying import Tally, tally
from travellr_desktop.storage.vendor_line_triggers import fill_vendor_lines, fill_where_they_stand

_PRAGMAS = (
    "journal_mode = OFF",  # a file that is thrown away needs no way back
    "synchronous = OFF",
    "foreign_keys = OFF",  # looked at once, at the end
    "cache_size = -262144",
    "temp_store = MEMORY",
    "locking_mode = EXCLUSIVE",
)

_TAKEN = """
UPDATE grants SET taken =
  (SELECT coalesce(sum(h.seats), 0) FROM holds h
   WHERE h.departure_id = grants.departure_id AND h.grant_id = grants.id AND h.state = 'active')
  + (SELECT count(*) FROM bookings b JOIN booking_lines l ON l.booking_id = b.id
     WHERE b.departure_id = grants.departure_id AND b.grant_id = grants.id AND l.occupies)
"""
"""As the triggers of holds and lines count it."""


class Filling:
    """A file that is being filled; `finish` makes it whole. Made by `filling`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._indexes, self._triggers = self._set_aside("index"), self._set_aside("trigger")

    def rows(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
        """Add rows that have met every check where they come from, values as SQLite holds them or as text of them.
        Returns how many."""
        marks = ", ".join("?" * len(columns))
        sql = f"INSERT INTO {table} (version, {', '.join(columns)}) VALUES (1, {marks})"
        self._connection.execute(
            "PRAGMA ignore_check_constraints = ON"
        )  # they are the same, and half of the work
        try:
            return self._connection.executemany(sql, rows).rowcount
        finally:
            self._connection.execute("PRAGMA ignore_check_constraints = OFF")

    def tally(self) -> Tally:
        """How much there is of everything now."""
        return tally(self._connection.execute)

    def already(self, ops: Iterable[tuple[UUID, int]]) -> None:
        """Ops whose changes these rows have, though they are to be published later."""
        self._connection.executemany(
            "INSERT INTO already (desk_id, op_no) VALUES (?, ?)", ((desk.hex, op_no) for desk, op_no in ops)
        )

    def copies(self, kept: Mapping[str, str]) -> None:
        """What the hub said, by the names under which the file keeps it."""
        self._connection.executemany(
            "INSERT INTO hub_copies (name, body, at) VALUES (?, ?, ?)",
            ((name, body, utc_text(datetime.now(UTC))) for name, body in kept.items()),
        )

    def carry(
        self,
        ops: Iterable[OutgoingOp],
        belongs: Belongs,
        given: Sequence[Given] = (),
        made_here: frozenset[str] = frozenset(),
    ) -> int:
        """Ops of an earlier file of the same desk that the hub has not: they come after the last that it has, to be
        told to it again, and their rows become what they made of them; before them what the desk was `given`, but of
        departures `made_here`. Returns how many ops."""
        return carry(self._connection, ops, belongs, given, made_here)

    def finish(self, belongs: Belongs) -> None:
        """Derive what is derived, put back what was set aside, and prove it.

        Raises `DatabaseDamaged` where a row points at one that is not there."""
        execute = self._connection.execute
        for statement in self._indexes:  # first: what is derived looks rows up
            execute(statement)
        if execute("SELECT 1 FROM ops").fetchone():
            take_out_strays(self._connection)
        execute(_TAKEN)
        execute("DELETE FROM vendor_lines")
        for statement in (*fill_vendor_lines(), *fill_where_they_stand(), *FILL_WORDS):
            execute(statement)
        for statement in self._triggers:
            execute(statement)
        execute(
            "INSERT INTO this_desk (one, desk_id, incarnation, next_op, payments_kind, profile_kind, hub_id, epoch, "
            "cursor, acked, first_synced) VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)",
            (
                belongs.desk_id.hex,
                belongs.incarnation.hex,
                belongs.last_op + 1 + self._connection.execute("SELECT count(*) FROM ops").fetchone()[0],
                belongs.payments_kind,
                belongs.profile_kind,
                belongs.hub_id.hex,
                belongs.epoch,
                belongs.cursor,
                belongs.last_op,
            ),
        )
        broken = execute("PRAGMA foreign_key_check").fetchone()
        if broken is not None:
            raise DatabaseDamaged(f"A row of {broken[0]} points at a row of {broken[2]} that is not there.")
        execute("COMMIT")

    def _set_aside(self, kind: str) -> list[str]:
        """Drop all triggers, or all indexes that no key needs; returns the statements that make them again."""
        found = self._connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND type = ? ORDER BY rowid", (kind,)
        ).fetchall()
        for name, _sql in found:
            self._connection.execute(f"DROP {kind} {name}")
        return [sql for _name, sql in found]


@contextmanager
def filling(path: Path) -> Iterator[Filling]:
    """A new file at `path`, to be filled and finished; what lay there is overwritten. On the way out its bytes are on
    the disk. Raises a `StorageRefusal`; the file is then not to be used."""
    with new_file(path) as connection:
        yield Filling(connection)


@contextmanager
def new_file(path: Path) -> Iterator[sqlite3.Connection]:
    """The connection that fills it, in a transaction that whoever fills it commits. Raises as `filling`."""
    make_empty(path)
    connection = sqlite3.connect(path, isolation_level=None, cached_statements=256)
    try:
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("BEGIN")
        yield connection
        connection.execute("PRAGMA locking_mode = NORMAL")
        connection.execute("PRAGMA journal_mode = WAL")
    except sqlite3.Error as error:
        raise (translate(error) or error) from error
    finally:
        connection.close()
    with path.open("rb") as file:
        os.fsync(file.fileno())
