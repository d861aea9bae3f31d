"""The file of a vendor's person: a copy of what they see at the hub, which nobody but the hub changes.

It has the shape of a desk's, so all that reads a desk's file reads it. What it is, is told by its application id, which
is there before the first row is. Of triggers it has one kind: those that refuse. Foreign keys are not looked at, for a
parent may be one that no vendor sees; all else that a desk guards, the hub has guarded.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import Connection

from travellr_desktop.domain.ids import new_id
from travellr_desktop.domain.ways import ProfileKind
from travellr_desktop.storage.base import utc_text
from travellr_desktop.storage.engine import VENDORS_FILE
from travellr_desktop.storage.filling import new_file
from travellr_desktop.storage.outgoing import Outgoing
from travellr_desktop.storage.uow import Database, UnitOfWork
from travellr_desktop.storage.vendor_guards import read_only
from travellr_desktop.storage.vendor_rows import SeenRow, VendorRows
from travellr_desktop.storage.wire import synced

SEEN = "seen"
"""The name under which the file keeps what it was made of (`Seen`)."""

_OWN = ("desks", "grants")
"""Tables of which it makes rows of its own."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Of which hub a file is, and what of it: the columns by table, and the numbers of the schema that the hub spoke
    then. All that was published up to `cursor` is in it."""

    hub_id: UUID
    epoch: int
    cursor: int
    schema: Sequence[int]
    columns: Mapping[str, Sequence[str]]

    def as_json(self) -> str:
        columns = {table: list(names) for table, names in sorted(self.columns.items())}
        return json.dumps({"schema": list(self.schema), "columns": columns})


class Making:
    """A vendor's file that is being made; `finish` makes it whole. Made by `making`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.rows = VendorRows(connection)

    def finish(self, seen: Seen, name: str, copies: Mapping[str, str]) -> None:
        """`name` is what the file is called where a desk would say its own, `copies` are kept in it as the hub's
        words."""
        execute, desk = self.connection.execute, new_id().hex
        execute("INSERT INTO desks (id, version, number, name) VALUES (?, 1, 1, ?)", (desk, name))
        execute(
            "INSERT INTO this_desk (one, desk_id, incarnation, next_op, profile_kind, hub_id, epoch, cursor, acked, "
            "first_synced) VALUES (1, ?, ?, 1, ?, ?, ?, ?, 0, 1)",
            (desk, uuid4().hex, ProfileKind.DESK.value, seen.hub_id.hex, seen.epoch, seen.cursor),
        )
        self.rows.derive()
        self.connection.executemany(
            "INSERT INTO hub_copies (name, body, at) VALUES (?, ?, ?)",
            [
                (key, body, utc_text(datetime.now(UTC)))
                for key, body in {**copies, SEEN: seen.as_json()}.items()
            ],
        )
        for _name, _table, sql in read_only():
            execute(sql)
        execute("COMMIT")


@contextmanager
def making(path: Path) -> Iterator[Making]:
    """A new file at `path`, to be filled and finished; what lay there is overwritten. Raises as `filling.filling`."""
    with new_file(path) as connection:
        connection.execute(f"PRAGMA application_id = {VENDORS_FILE}")
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        yield Making(connection)


def unguard(connection: Connection) -> None:
    """Drop the triggers: a migration knows those of desks alone."""
    for (name,) in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").all():
        connection.exec_driver_sql(f"DROP TRIGGER {name}")


def guard_anew(connection: Connection) -> None:
    """After a migration: the triggers of a vendor's file, and it counts as of an earlier life of its hub, so that it is
    taken anew with what is new in it."""
    unguard(connection)
    connection.exec_driver_sql("UPDATE this_desk SET epoch = 0")
    for _name, _table, sql in read_only():
        connection.exec_driver_sql(sql)


def take_in_seen(work: UnitOfWork, rows: Sequence[SeenRow], up_to: int) -> tuple[frozenset[str], int]:
    """Write a page, after which all that was published up to `up_to` is in the file; the caller commits. Returns which
    tables were written, and how many rows went out of the file. Raises `page_rows.UnknownHere`; nothing is to be
    committed then."""
    connection = _driver(work)
    connection.execute("UPDATE this_desk SET pulling = 1")
    writing = VendorRows(connection)
    gone = writing.write(rows)
    touched = writing.derive()
    connection.execute("UPDATE this_desk SET pulling = 0, cursor = max(cursor, ?)", (up_to,))
    return touched, gone


def become(work: UnitOfWork, path: Path) -> None:
    """Have all rows of the file at `path`, one that was made of the same hub, and none besides; the caller commits."""
    connection = _driver(work)
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as new:
        connection.execute("UPDATE this_desk SET pulling = 1")
        writing = VendorRows(connection)
        writing.clear()
        for table in synced():
            if table in _OWN:
                continue
            found = new.execute(f"SELECT * FROM {table}")
            names = [column[0] for column in found.description]
            marks = ", ".join("?" * len(names))
            connection.executemany(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})", found)
        writing.derive()
        belongs = new.execute("SELECT hub_id, epoch, cursor FROM this_desk").fetchone()
        (seen,) = new.execute("SELECT body FROM hub_copies WHERE name = ?", (SEEN,)).fetchone()
    connection.execute("UPDATE this_desk SET hub_id = ?, epoch = ?, cursor = ?, pulling = 0", belongs)
    Outgoing(work.connection).keep_copy(SEEN, seen, work.now)


def fold_log(database: Database) -> None:
    """Have nothing in the log beside the file, where rows that left it would stand until it is written over. While
    somebody reads, it is left for the next time."""
    with database.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def seen(connection: Connection) -> Mapping[str, object]:
    """What the file was made of, as `Seen.as_json` has it."""
    kept = Outgoing(connection).copy(SEEN)
    found: Mapping[str, object] = json.loads(kept or "{}")
    return found


def _driver(work: UnitOfWork) -> sqlite3.Connection:
    """The connection below SQLAlchemy's, in the same transaction."""
    found = work.connection.connection.driver_connection
    assert isinstance(found, sqlite3.Connection)
    return found
