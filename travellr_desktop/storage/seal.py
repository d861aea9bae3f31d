"""Sealing: the change rows that triggers wrote become one op, with a dense number and a hash over its body."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from travellr_desktop.errors import DatabaseDamaged
from travellr_desktop.storage.models import Change, Op, ThisDesk
from travellr_desktop.storage.schema import SCHEMA_VERSION


def body_hash(changes: Iterable[Any]) -> str:
    """SHA-256 over the changes in the order in which they were made."""
    digest = hashlib.sha256()
    for change in changes:
        line = [change.table_name, change.row_id, change.kind, change.base_version, change.fields]
        digest.update(json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode())
        digest.update(b"\n")
    return digest.hexdigest()


def refuse_unsealed(session: Session) -> None:
    """Raises `DatabaseDamaged` where somebody wrote without sealing, which only a program that switches foreign keys
    off can do. Its changes must not become part of the next honest op."""
    unsealed = select(Change.table_name).join(ThisDesk, Change.op_no == ThisDesk.next_op).limit(1)
    table = session.scalar(unsealed)
    if table is not None:
        raise DatabaseDamaged(
            f"Another program has written to the database behind Travellr's back (in {table}).",
            hint="Run travellr check to see what; then restore the newest file from the profile's backups folder.",
        )


def seal(session: Session, *, name: str, actor_id: UUID | None, at: datetime) -> int | None:
    """Write the op of the changes made so far in this transaction; None where there are none.

    Until it is written the transaction cannot commit: each change points at its op by a deferred foreign key."""
    desk = session.execute(select(ThisDesk.desk_id, ThisDesk.incarnation, ThisDesk.next_op)).one_or_none()
    if desk is None:  # before the agency is set up there is no desk to write for
        return None
    op_no: int = desk.next_op
    columns = (Change.table_name, Change.row_id, Change.kind, Change.base_version, Change.fields)
    changes = session.execute(select(*columns).where(Change.op_no == op_no).order_by(Change.id)).all()
    if not changes:
        return None
    session.execute(
        insert(Op).values(
            op_no=op_no,
            desk_id=desk.desk_id,
            incarnation=desk.incarnation,
            name=name,
            actor_id=actor_id,
            schema_version=SCHEMA_VERSION,
            at=at,
            body_hash=body_hash(changes),
        )
    )
    session.execute(update(ThisDesk).values(next_op=op_no + 1))
    return op_no
