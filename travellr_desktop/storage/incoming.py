"""Writing what other desks did: a page of the hub's publications, in one transaction with the cursor.

The hub has judged what comes, so it is written by plain SQL, in its order, with the guards silent (`storage.muting`).
Each row that was touched leaves one change, as it is afterwards (P) or that it is gone (X), so that its story can be
replayed like that of a row of this desk.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from travellr_desktop.domain.ids import new_id
from travellr_desktop.errors import StorageRefusal
from travellr_desktop.storage.base import utc_text
from travellr_desktop.storage.neighbours import Told, known
from travellr_desktop.storage.page_rows import PageRows
from travellr_desktop.storage.uow import UnitOfWork
from travellr_desktop.storage.wire import synced

_OVERSOLD = "not_oversold"

_STANDING = "SELECT desk_id, cursor, acked, next_op - 1 FROM this_desk"
_PENDING = "SELECT DISTINCT table_name, row_id FROM changes WHERE op_no > ?"
_EVENT = (
    "INSERT INTO outbox_events (id, event_name, aggregate_id, timestamp, payload, published_at, worker) "
    "VALUES (?, ?, ?, ?, ?, ?, ?)"
)


@dataclass(frozen=True, slots=True)
class IncomingChange:
    """A row as the hub made (I), changed (U) or removed (D) it. `fields` by name, values as SQLite holds them: all of a
    row that was made, else what changed. `for_desk`: the change is for that desk alone."""

    table: str
    row_id: str
    kind: str
    fields: Mapping[str, Any] | None
    for_desk: UUID | None = None


@dataclass(frozen=True, slots=True)
class IncomingOp:
    """One op as it was published: by its number `pub`, done at `desk_id` as its op `op_no`. `at` is a text.
    `earlier`: it was done in an earlier file of this desk, and is not in this one."""

    pub: int
    desk_id: UUID
    op_no: int
    name: str
    actor_id: UUID | None
    at: str
    changes: tuple[IncomingChange, ...]
    events: tuple[Told, ...]
    earlier: bool = False


class OwnOpsPending(Exception):
    """Ops of this desk that have no outcome yet touch rows of the page, or leave no room for them: they go to the hub
    first, then the page is asked for again. The unit of work is not to be committed."""


class RowInTheWay(StorageRefusal):
    """A row of this desk, which the hub does not have as it is here, leaves no room for one that it has."""

    hint = "Settle what waits in the inbox; then take everything anew from the central database."


def take_in(work: UnitOfWork, ops: Sequence[IncomingOp], up_to: int) -> int:
    """Write a page, whose last publication is `up_to`; the caller commits. Ops that the file has already are passed by.
    Returns how many rows were written.

    Raises `OwnOpsPending`; `RowInTheWay`; `page_rows.UnknownHere` where a table or column is not of this program's;
    `page_rows.RowMissing` where a row that changed is not here. Nothing is to be committed then."""
    connection = _driver(work)
    desk, cursor, acked, last = connection.execute(_STANDING).fetchone()
    already = set(connection.execute("SELECT desk_id, op_no FROM already"))
    news = [op for op in ops if op.pub > cursor]
    page = [(op, _for(op, desk)) for op in news if (op.desk_id.hex, op.op_no) not in already]
    changes = _of_what_is_here(connection, [change for _op, some in page for change in some])
    if last > acked:
        _refuse_pending(connection, changes, acked)
    connection.execute("PRAGMA defer_foreign_keys = ON")
    connection.execute("UPDATE this_desk SET pulling = 1")
    rows = _written(connection, changes, pending=last > acked)
    _tell(work, connection, page, desk)
    connection.executemany(
        "DELETE FROM already WHERE desk_id = ? AND op_no = ?",
        [(op.desk_id.hex, op.op_no) for op in news if already],
    )
    connection.execute("UPDATE this_desk SET pulling = 0, cursor = max(cursor, ?)", (up_to,))
    return rows


def _driver(work: UnitOfWork) -> sqlite3.Connection:
    """The connection below SQLAlchemy's, in the same transaction: what is called a hundred thousand times."""
    found: Any = work.connection.connection.driver_connection
    connection: sqlite3.Connection = found
    return connection


def _for(op: IncomingOp, desk: str) -> tuple[IncomingChange, ...]:
    """The changes of an op that this desk has not made itself, and that are not for another one alone."""
    own = op.desk_id.hex == desk and not op.earlier
    if not own and all(change.for_desk is None for change in op.changes):
        return op.changes
    return tuple(
        change
        for change in op.changes
        if (not own if change.for_desk is None else change.for_desk.hex == desk)
    )


def _of_what_is_here(
    connection: sqlite3.Connection, changes: Sequence[IncomingChange]
) -> list[IncomingChange]:
    """Without those that put a row of this desk right which it has removed itself since."""
    made = {(change.table, change.row_id) for change in changes if change.kind == "I"}
    return [
        change
        for change in changes
        if change.for_desk is None
        or change.kind != "U"
        or (change.table, change.row_id) in made
        or change.table not in synced()
        or connection.execute(f"SELECT 1 FROM {change.table} WHERE id = ?", (change.row_id,)).fetchone()
    ]


def _refuse_pending(connection: sqlite3.Connection, changes: Iterable[IncomingChange], acked: int) -> None:
    pending = set(connection.execute(_PENDING, (acked,)))
    if any((change.table, change.row_id) in pending for change in changes):
        raise OwnOpsPending


def _written(connection: sqlite3.Connection, changes: Sequence[IncomingChange], *, pending: bool) -> int:
    """A grant may be lower for a while than what was sold from it: written off at the hub and given back, in two
    ops, while this desk has what was sold in between. Only a page that comes to that is written without conditions."""
    connection.execute("SAVEPOINT page")
    try:
        try:
            rows = PageRows(connection).write(changes)
        except sqlite3.IntegrityError as error:
            if _OVERSOLD not in str(error):
                raise
            if pending:
                raise OwnOpsPending from error
            connection.execute("ROLLBACK TO page")
            connection.execute("PRAGMA ignore_check_constraints = ON")
            try:
                rows = PageRows(connection).write(changes)
            finally:
                connection.execute("PRAGMA ignore_check_constraints = OFF")
    except sqlite3.IntegrityError as error:
        if pending:
            raise OwnOpsPending from error
        raise RowInTheWay(f"A row from the central database does not fit into this file: {error}.") from error
    connection.execute("RELEASE page")
    return rows


def _tell(
    work: UnitOfWork,
    connection: sqlite3.Connection,
    page: Sequence[tuple[IncomingOp, Sequence[IncomingChange]]],
    desk: str,
) -> None:
    """The events of ops that wrote something here, and of all that other desks did: this program hears of them by its
    bus, the others on the file by their rows."""
    happened = [event for op, changes in page if changes or op.desk_id.hex != desk for event in op.events]
    now = utc_text(work.now)
    connection.executemany(
        _EVENT,
        [
            (
                new_id().hex,
                event["event_name"],
                UUID(event["aggregate_id"]).hex,
                utc_text(datetime.fromisoformat(event["timestamp"])),
                json.dumps(event["payload"]),
                now,
                work.worker,
            )
            for event in happened
        ],
    )
    work.from_others += [event for told in happened if (event := known(told)) is not None]
