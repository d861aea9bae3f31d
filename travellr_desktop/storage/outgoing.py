"""What a file has for its hub: where it stands there, and the ops that are still to be told of."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from travellr_desktop.errors import DatabaseDamaged, StorageRefusal
from travellr_desktop.storage.base import utc_text
from travellr_desktop.storage.neighbours import Told, told
from travellr_desktop.storage.seal import HASH

_STANDING = (
    "SELECT desk_id, incarnation, hub_id, epoch, cursor, acked, next_op - 1 AS last_op, first_synced "
    "FROM this_desk"
)
_OPS = (
    "SELECT op_no, incarnation, name, actor_id, schema_version, at, seen, body_hash FROM ops "
    "WHERE op_no > ? ORDER BY op_no LIMIT ?"
)
_CHANGES = "SELECT op_no, table_name, row_id, kind, fields FROM changes WHERE op_no BETWEEN ? AND ? ORDER BY op_no, id"
_CHANGED = (
    "SELECT op_no FROM ops o WHERE op_no BETWEEN ? AND ? AND body_hash IS NOT "
    f"(SELECT {HASH}(id, table_name, row_id, kind, base_version, fields) FROM changes WHERE op_no = o.op_no) LIMIT 1"
)
_HAS_CHANGED = (
    "SELECT EXISTS (SELECT 1 FROM changes WHERE table_name = ? AND row_id = ? AND op_no IS NOT NULL)"
)
_ROWS_OF = (
    "SELECT table_name, row_id FROM changes WHERE op_no IN (SELECT value FROM json_each(?)) "
    "GROUP BY table_name, row_id ORDER BY max(id) DESC"
)
_EVENTS = (
    "SELECT op_no, event_name, aggregate_id, timestamp, payload FROM outbox_events "
    "WHERE op_no BETWEEN ? AND ? ORDER BY op_no, rowid"
)
_KEEP = (
    "INSERT INTO hub_copies (name, body, at) VALUES (?, ?, ?) "
    "ON CONFLICT (name) DO UPDATE SET body = excluded.body, at = excluded.at"
)

_BELONG = (
    "UPDATE this_desk SET acked = CASE WHEN hub_id IS :hub AND epoch = :epoch THEN max(acked, :known) ELSE :known END, "
    "cursor = CASE WHEN hub_id IS :hub AND epoch = :epoch THEN max(cursor, :cursor) ELSE :cursor END, "
    "hub_id = :hub, epoch = :epoch"
)

Rows = list[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the file stands at its hub; at none where `hub_id` is None. All publications up to `cursor` are in it, all
    its ops up to `acked` have their outcome. `first_synced`: it was made of the hub's rows."""

    desk_id: UUID
    incarnation: UUID
    hub_id: UUID | None
    epoch: int
    cursor: int
    acked: int
    last_op: int
    first_synced: bool


@dataclass(frozen=True, slots=True)
class OutgoingChange:
    """A row that was made (I), changed (U) or removed (D). `fields` is a JSON object: what changed, new values."""

    table: str
    row_id: str
    kind: str
    fields: str


@dataclass(frozen=True, slots=True)
class OutgoingOp:
    """One op as it was sealed, with the events that go with it. `at` is the text of its moment (`base.utc_text`)."""

    op_no: int
    incarnation: UUID
    name: str
    actor_id: UUID | None
    schema_version: str
    at: str
    seen: int
    body_hash: str
    changes: tuple[OutgoingChange, ...]
    events: tuple[Told, ...]


class Outgoing:
    """What is read needs no more than a view of the file; what is written is committed by its unit of work."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def standing(self) -> Standing:
        """Raises `StorageRefusal` where the file belongs to no desk yet."""
        row = self._connection.exec_driver_sql(_STANDING).one_or_none()
        if row is None:
            raise StorageRefusal("This file belongs to no desk.", hint="Start the program's window once.")
        return Standing(
            desk_id=UUID(row.desk_id),
            incarnation=UUID(row.incarnation),
            hub_id=None if row.hub_id is None else UUID(row.hub_id),
            epoch=row.epoch,
            cursor=row.cursor,
            acked=row.acked,
            last_op=row.last_op,
            first_synced=bool(row.first_synced),
        )

    def ops(self, after: int, most: int, most_bytes: int) -> Iterator[OutgoingOp]:
        """The ops after that number, in their order: at most so many, and as many as come to so many letters of
        changes and events together; the first one whatever it comes to.

        Raises `DatabaseDamaged` where one of them is not as it was sealed."""
        found = self._connection.exec_driver_sql(_OPS, (after, most)).all()
        if not found:
            return
        ends, so_far = (found[0].op_no, found[-1].op_no), 0
        self._look_at(*ends)
        with (
            self._connection.exec_driver_sql(_CHANGES, ends) as changed,
            self._connection.exec_driver_sql(_EVENTS, ends) as happened,
        ):
            changes, events = _ByOp(changed), _ByOp(happened)
            for op in found:
                made, said = changes.of(op.op_no), events.of(op.op_no)
                so_far += sum(len(each[-1]) for each in (*made, *said))
                if so_far > most_bytes and op is not found[0]:
                    return
                yield _op(op, made, said)

    def _look_at(self, first: int, last: int) -> None:
        changed = self._connection.exec_driver_sql(_CHANGED, (first, last)).scalar()
        if changed is not None:
            raise DatabaseDamaged(
                f"Another program has written to the database behind Travellr's back (in change {changed}).",
                hint="Run travellr check to see what; then restore the newest file from the profile's backups folder.",
            )

    def rows_of(self, ops: Sequence[int]) -> list[tuple[str, str]]:
        """Table and id of every row that these ops touched: what was touched last first, so that what points at another
        row comes before it."""
        found = self._connection.exec_driver_sql(_ROWS_OF, (json.dumps(list(ops)),))
        return [(row[0], row[1]) for row in found]

    def has_changed(self, table: str, row_id: str) -> bool:
        """Whether an op of this file touched a row."""
        return bool(self._connection.exec_driver_sql(_HAS_CHANGED, (table, row_id)).scalar())

    def acknowledge(self, op_no: int) -> None:
        """All own ops up to that one have their outcome at the hub. The database refuses one that is not written, and
        to take any back."""
        self._connection.exec_driver_sql("UPDATE this_desk SET acked = max(acked, ?)", (op_no,))

    def belong(self, hub_id: UUID, epoch: int, known: int, cursor: int = 0) -> None:
        """The file belongs to that hub from now on, which knows its ops up to `known` and whose publications up to
        `cursor` it has; the same again takes nothing back."""
        values = {"hub": hub_id.hex, "epoch": epoch, "known": known, "cursor": cursor}
        self._connection.execute(text(_BELONG), values)

    def leave(self) -> None:
        """The file belongs to no hub any more, and keeps all that is in it; which ops that one knew, too: what is
        before the first op of a file that was made of a hub's rows is known by it."""
        self._connection.exec_driver_sql("UPDATE this_desk SET hub_id = NULL, epoch = 0, cursor = 0")
        for table in ("already", "hub_copies"):
            self._connection.exec_driver_sql(f"DELETE FROM {table}")

    def copy(self, name: str) -> str | None:
        """What was kept last under that name, as the text it was; None where nothing was."""
        found = self._connection.exec_driver_sql("SELECT body FROM hub_copies WHERE name = ?", (name,))
        kept: str | None = found.scalar()
        return kept

    def copied_at(self, name: str) -> str | None:
        """When it was kept, as text (`base.utc_text`)."""
        found = self._connection.exec_driver_sql("SELECT at FROM hub_copies WHERE name = ?", (name,))
        kept: str | None = found.scalar()
        return kept

    def keep_copy(self, name: str, body: str, at: datetime) -> None:
        """Keep what the hub said, a JSON text, for when it cannot be asked."""
        self._connection.exec_driver_sql(_KEEP, (name, body, utc_text(at)))


def _op(row: Any, changes: Rows, events: Rows) -> OutgoingOp:
    return OutgoingOp(
        op_no=row.op_no,
        incarnation=UUID(row.incarnation),
        name=row.name,
        actor_id=None if row.actor_id is None else UUID(row.actor_id),
        schema_version=row.schema_version,
        at=row.at,
        seen=row.seen,
        body_hash=row.body_hash,
        changes=tuple(OutgoingChange(*each) for each in changes),
        events=tuple(told(*each) for each in events),
    )


class _ByOp:
    """Rows that begin with the number of their op and are in its order, asked for op after op."""

    def __init__(self, rows: Iterable[Any]) -> None:
        self._groups = groupby(rows, lambda row: int(row[0]))
        self._next = next(self._groups, None)

    def of(self, op_no: int) -> Rows:
        """What follows the number in the rows of an op."""
        if self._next is None or self._next[0] != op_no:
            return []
        found = [tuple(row[1:]) for row in self._next[1]]
        self._next = next(self._groups, None)
        return found
