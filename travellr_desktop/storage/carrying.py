"""Ops of a desk that its new file takes over from its old one, because the hub has not got them, or has lost them."""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from travellr_desktop.domain.ways import PaymentsKind, ProfileKind
from travellr_desktop.storage.base import utc_text
from travellr_desktop.storage.outgoing import OutgoingChange, OutgoingOp
from travellr_desktop.storage.schema import SCHEMA_VERSION
from travellr_desktop.storage.seal import body_hash
from travellr_desktop.storage.wire import travelling

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Belongs:
    """Whose file it becomes: a desk of a hub, where it stands there, and the number of its next op."""

    desk_id: UUID
    incarnation: UUID
    hub_id: UUID
    epoch: int
    cursor: int
    last_op: int
    profile_kind: ProfileKind
    payments_kind: PaymentsKind | None


Given = tuple[str, str, Mapping[str, Any]]
"""A row that this desk was given by the hub: table, id and the fields that travel."""

RETOLD = "sync.retold"
"""The op that says once more what the desk was given."""

_GONE = "INSERT INTO changes (op_no, table_name, row_id, kind, base_version, fields) VALUES (NULL, ?, ?, 'X', ?, '{}')"

GIVEN = ("grants", "seat_grants", "number_series")
"""Where the rows are that the hub gives a desk."""


def given_to(connection: Connection) -> Iterator[Given]:
    """What this desk has been given, as its file has it."""
    for table in GIVEN:
        columns = tuple(travelling(table))
        query = f"SELECT {', '.join(columns)} FROM {table} WHERE desk_id = (SELECT desk_id FROM this_desk)"
        for row in connection.exec_driver_sql(query):
            fields = dict(zip(columns, row, strict=True))
            yield table, fields["id"], fields


def departures_made_by(connection: Connection) -> frozenset[str]:
    """Departures that the ops of this file made."""
    found = connection.exec_driver_sql(
        "SELECT row_id FROM changes WHERE table_name = 'departures' AND kind = 'I' AND op_no IS NOT NULL"
    )
    return frozenset(row[0] for row in found)


def carry(
    connection: sqlite3.Connection,
    ops: Iterable[OutgoingOp],
    belongs: Belongs,
    given: Sequence[Given],
    made_here: frozenset[str],
) -> int:
    """Write them after the last op that the hub has, and into the rows; in a file without triggers. What there is no
    room for in a row is left to the hub, which will say so. What the hub has forgotten of what it gave comes first, as
    an op of its own for each departure: some may be of another desk that has not told of them again yet. Of those that
    this desk made itself it comes after them. How many seats it let go or was given on the way is in there already.
    Returns how many."""
    number = belongs.last_op
    there = {row[0] for row in connection.execute("SELECT id FROM departures")}
    first = [row for row in given if row[2].get("departure_id") not in made_here - there]
    finally_ = {(table, row_id): fields for table, row_id, fields in given}

    def all_ops() -> Iterator[OutgoingOp]:
        yield from _retold(connection, first, belongs)
        yield from (_as_given(op, finally_) for op in ops) if given else ops
        yield from _retold(connection, given, belongs)

    absent: dict[tuple[str, str], int] = {}
    for op in all_ops():
        if not op.changes:
            continue
        number += 1
        changes = [_made(connection, change, absent) for change in op.changes]
        connection.execute(
            "INSERT INTO ops (op_no, desk_id, incarnation, name, actor_id, schema_version, at, body_hash, seen) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                number,
                belongs.desk_id.hex,
                belongs.incarnation.hex,
                op.name,
                None if op.actor_id is None else op.actor_id.hex,
                op.schema_version,
                op.at,
                body_hash(changes),
                min(op.seen, belongs.cursor),  # what it had seen since, the hub may have lost
            ),
        )
        connection.executemany(
            "INSERT INTO changes (op_no, table_name, row_id, kind, base_version, fields) VALUES (?, ?, ?, ?, ?, ?)",
            [
                (number, each.table_name, each.row_id, each.kind, each.base_version, each.fields)
                for each in changes
            ],
        )
    connection.executemany(_GONE, [(*row, version) for row, version in absent.items()])
    return number - belongs.last_op


def _retold(connection: sqlite3.Connection, given: Iterable[Given], belongs: Belongs) -> Iterator[OutgoingOp]:
    forgotten: dict[str, list[OutgoingChange]] = {}
    for row in given:
        if (change := _forgotten(connection, *row)) is not None:
            forgotten.setdefault(row[2].get("departure_id", ""), []).append(change)
    for changes in forgotten.values():
        yield _as_op(tuple(changes), belongs)


def _as_given(op: OutgoingOp, finally_: Mapping[tuple[str, str], Mapping[str, Any]]) -> OutgoingOp:
    """The op without what became of grants on the way: what it says of them is what they are in the end."""
    return replace(op, changes=tuple(each for one in op.changes if (each := _in_the_end(one, finally_))))


def _in_the_end(
    change: OutgoingChange, finally_: Mapping[tuple[str, str], Mapping[str, Any]]
) -> OutgoingChange | None:
    fields = finally_.get((change.table, change.row_id))
    if change.table == "seat_grants" and change.kind == "I" and fields is None:
        return None
    if change.table != "grants" or fields is None or change.kind == "D":
        return change
    said = {**json.loads(change.fields), "seats": fields["seats"]}
    if change.kind == "U":
        del said["seats"]
    return replace(change, fields=json.dumps(said)) if said else None


def _forgotten(
    connection: sqlite3.Connection, table: str, row_id: str, fields: Mapping[str, Any]
) -> OutgoingChange | None:
    """The change that makes the hub's row, as it is in this file, what the desk was given; None where it is."""
    found = connection.execute(f"SELECT {', '.join(fields)} FROM {table} WHERE id = ?", (row_id,)).fetchone()
    if found is None:
        return OutgoingChange(table, row_id, "I", json.dumps(fields))
    there = dict(zip(fields, found, strict=True))
    other = {name: value for name, value in fields.items() if there[name] != value}
    return OutgoingChange(table, row_id, "U", json.dumps(other)) if other else None


def _as_op(changes: tuple[OutgoingChange, ...], belongs: Belongs) -> OutgoingOp:
    at = utc_text(datetime.now(UTC))
    return OutgoingOp(
        0, belongs.incarnation, RETOLD, None, SCHEMA_VERSION, at, belongs.cursor, "", changes, ()
    )


def take_out_strays(connection: sqlite3.Connection) -> None:
    """Rows of carried ops that point at what the hub does not have, or not yet: they come once it has taken their
    ops."""
    while strays := connection.execute("PRAGMA foreign_key_check").fetchall():
        if not sum(_taken_out(connection, table, rowid) for table, rowid, _parent, _key in strays):
            return


def _taken_out(connection: sqlite3.Connection, table: str, rowid: int) -> int:
    gone = connection.execute(
        f"DELETE FROM {table} WHERE rowid = ? AND id IN (SELECT row_id FROM changes WHERE table_name = ?) "
        "RETURNING id, version",
        (rowid, table),
    ).fetchone()
    if gone is None:
        return 0
    connection.execute(_GONE, (table, *gone))
    return 1


def _made(
    connection: sqlite3.Connection, change: OutgoingChange, absent: dict[tuple[str, str], int]
) -> SimpleNamespace:
    """The change as it is here: its base is the version that the row has in this file, or would have if it were in it:
    that is kept in `absent`."""
    found = connection.execute(
        f"SELECT version FROM {change.table} WHERE id = ?", (change.row_id,)
    ).fetchone()
    row = (change.table, change.row_id)
    version = int(found[0]) if found is not None else absent.get(row, 0 if change.kind == "I" else 1)
    try:
        _write(connection, change, version)
        here = found is not None or change.kind == "I"
    except sqlite3.IntegrityError as error:
        log.warning("no room for a row of %s: %s", change.table, error)
        here = found is not None
    if here:
        absent.pop(row, None)
    else:
        absent[row] = version + 1
    return SimpleNamespace(
        table_name=change.table,
        row_id=change.row_id,
        kind=change.kind,
        base_version=version,
        fields=change.fields,
    )


def _write(connection: sqlite3.Connection, change: OutgoingChange, version: int) -> None:
    if change.kind == "D":
        connection.execute(f"DELETE FROM {change.table} WHERE id = ?", (change.row_id,))
        return
    fields = {
        name: value for name, value in json.loads(change.fields).items() if name in travelling(change.table)
    }
    if change.kind == "I":
        columns = {**fields, "id": change.row_id, "version": 1}
        marks = ", ".join("?" * len(columns))
        connection.execute(
            f"INSERT INTO {change.table} ({', '.join(columns)}) VALUES ({marks})", tuple(columns.values())
        )
    elif fields:
        sets = ", ".join(f"{name} = ?" for name in fields)
        connection.execute(
            f"UPDATE {change.table} SET {sets}, version = ? WHERE id = ?",
            (*fields.values(), version + 1, change.row_id),
        )
