"""Sealing: the change rows that triggers wrote become one op, with a dense number and a hash over its body."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from travellr_desktop.domain.ledger import CHAIN_START
from travellr_desktop.errors import DatabaseDamaged
from travellr_desktop.storage.conditions import stored
from travellr_desktop.storage.schema import SCHEMA_VERSION

HASH = "op_hash"
"""The name by which SQL knows `OpHash`: of id, table_name, row_id, kind, base_version and fields."""

SEAL = f"""
INSERT INTO ops (op_no, desk_id, incarnation, name, actor_id, schema_version, at, seen, body_hash)
SELECT d.next_op, d.desk_id, d.incarnation, ?, ?, ?, ?, d.cursor,
       {HASH}(c.id, c.table_name, c.row_id, c.kind, c.base_version, c.fields)
FROM this_desk d JOIN changes c ON c.op_no = d.next_op GROUP BY d.next_op
"""

SEALED_BY = "SELECT next_op FROM this_desk WHERE EXISTS (SELECT 1 FROM changes WHERE op_no = next_op)"
"""The number of the op that `seal` is about to write, as a query; no row where it will write none."""

GROUND = """
(SELECT json_array(d.desk_id, l.seq, l.hash, (SELECT table_name FROM changes WHERE op_no = d.next_op LIMIT 1))
 FROM this_desk d LEFT JOIN ledger l
   ON l.desk_id = d.desk_id AND l.seq = (SELECT max(seq) FROM ledger WHERE desk_id = d.desk_id))
"""
"""What `ground` makes a `Ground` of, as one value in a statement."""

_encoder = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def body_hash(changes: Iterable[Any]) -> str:
    """SHA-256 over the changes in the order in which they were made."""
    return _hash((c.table_name, c.row_id, c.kind, c.base_version, c.fields) for c in changes)


def _hash(changes: Iterable[tuple[Any, ...]]) -> str:
    digest = hashlib.sha256()
    for change in changes:
        digest.update(_encoder.encode(change).encode())
        digest.update(b"\n")
    return digest.hexdigest()


class OpHash:
    """`body_hash` as SQLite calls it: with each change, in whichever order, then for the hash."""

    def __init__(self) -> None:
        self._changes: list[tuple[Any, ...]] = []

    def step(self, *change: Any) -> None:
        self._changes.append(change)

    def finalize(self) -> str:
        return _hash(change[1:] for change in sorted(self._changes, key=lambda change: change[0]))


@dataclass(frozen=True, slots=True)
class Ground:
    """What a transaction that holds the write lock begins on: whose file it is, and where its ledger ends."""

    desk_id: UUID
    ledger_seq: int
    ledger_hash: str


def stand_on(connection: Connection) -> Ground | None:
    """None before the agency is set up: there is no desk to write for. Raises as `ground`."""
    return ground(connection.exec_driver_sql(f"SELECT {GROUND}").scalar())


def ground(found: str | None) -> Ground | None:
    """What was read as `GROUND`.

    Raises `DatabaseDamaged` where somebody wrote without sealing, which only a program that switches foreign keys off
    can do. Its changes must not become part of the next honest op."""
    if found is None:
        return None
    desk_id, seq, last, table = json.loads(found)
    if table is not None:
        raise DatabaseDamaged(
            f"Another program has written to the database behind Travellr's back (in {table}).",
            hint="Run travellr check to see what; then restore the newest file from the profile's backups folder.",
        )
    return Ground(UUID(desk_id), seq or 0, last or CHAIN_START)


def seal(connection: Connection, *, name: str, actor_id: UUID | None, at: datetime) -> None:
    """Write the op of the changes made so far in this transaction; nothing where there are none.

    Until it is written the transaction cannot commit: each change points at its op by a deferred foreign key. The
    database moves on to the next number by itself."""
    values = (str(name), stored(actor_id), SCHEMA_VERSION, stored(at))
    connection.exec_driver_sql(SEAL, values)
