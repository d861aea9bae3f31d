"""Command keys, audit, and what waits to be published."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, delete, exists, func, literal_column, select
from sqlalchemy.orm import Session

from travellr_desktop.storage.base import utc_moment
from travellr_desktop.storage.models import AuditRow, OutboxEvent, ThisDesk
from travellr_desktop.storage.rows import Insert, plain_all
from travellr_desktop.storage.seal import GROUND, Ground, ground, stand_on


@dataclass(frozen=True, slots=True)
class CommandRow:
    """A command as it begins. One that ends within the same transaction, whatever comes, has its result at once."""

    key: UUID
    name: str
    content_hash: str
    actor_id: UUID | None
    aggregate_id: UUID | None
    worker: str
    started_at: datetime
    result: Any = None  # plain JSON
    finished_at: datetime | None = None


_BEGIN = Insert("commands", CommandRow, synced=False)
_FIND = "SELECT content_hash, actor_id, aggregate_id, worker, result, finished_at FROM commands WHERE key = ?"
_NOTE = "UPDATE commands SET aggregate_id = ? WHERE key = ?"
_FINISH = (
    "UPDATE commands SET result = ?, finished_at = ?, aggregate_id = coalesce(?, aggregate_id) "
    "WHERE key = ? AND finished_at IS NULL"
)
_FORGET = "DELETE FROM commands WHERE started_at < ? AND finished_at IS NOT NULL"


class CommandRepository:
    """Idempotency records."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def begin(self, command: CommandRow) -> CommandRow | None:
        """Keep a command under its key; or, where the key is there already, give what is kept under it."""
        return None if _BEGIN.write_new(self.connection, command) else self._kept(command)

    def begin_on_ground(self, command: CommandRow) -> tuple[CommandRow | None, Ground | None]:
        """The same as the first thing in a transaction, with what that begins on: a statement for both. Raises as
        `seal.ground`."""
        found = _BEGIN.write_new_reading(self.connection, command, GROUND)
        if found is None:
            return self._kept(command), stand_on(self.connection)
        return None, ground(found[0])

    def _kept(self, command: CommandRow) -> CommandRow:
        row = self.connection.exec_driver_sql(_FIND, plain_all(command.key)).one()
        kept, actor_id, aggregate_id, worker, result, finished_at = row
        return replace(
            command,
            content_hash=kept,
            actor_id=None if actor_id is None else UUID(actor_id),
            aggregate_id=None if aggregate_id is None else UUID(aggregate_id),
            worker=worker,
            result=None if result is None else json.loads(result),
            finished_at=None if finished_at is None else utc_moment(finished_at),
        )

    def note(self, key: UUID, aggregate_id: UUID) -> None:
        """What a command works on."""
        self.connection.exec_driver_sql(_NOTE, plain_all(aggregate_id, key))

    def finish(self, key: UUID, result: Any, aggregate_id: UUID | None, at: datetime) -> None:
        """Keep the result (plain JSON) of one that was not finished yet."""
        self.connection.exec_driver_sql(_FINISH, (json.dumps(result), *plain_all(at, aggregate_id, key)))

    def forget_before(self, moment: datetime) -> int:
        """Forget the finished ones that began before `moment`; how many."""
        return self.connection.exec_driver_sql(_FORGET, plain_all(moment)).rowcount


class JournalRepository:
    """The audit trail and the event outbox."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def audit(self, page: int = 1, limit: int = 100) -> Sequence[AuditRow]:
        """Who did what, newest first."""
        return self.session.scalars(
            select(AuditRow).order_by(AuditRow.id.desc()).offset((page - 1) * limit).limit(limit)
        ).all()

    def audit_of(self, entity: str, entity_id: UUID) -> Sequence[AuditRow]:
        """What was done to one thing, oldest first."""
        return self.session.scalars(
            select(AuditRow)
            .where(AuditRow.entity == entity, AuditRow.entity_id == entity_id)
            .order_by(AuditRow.id)
        ).all()

    def events(self, page: int = 1, limit: int = 100) -> Sequence[OutboxEvent]:
        """Domain events, newest first."""
        return self.session.scalars(
            select(OutboxEvent).order_by(OutboxEvent.id.desc()).offset((page - 1) * limit).limit(limit)
        ).all()

    def unpublished(self, limit: int = 1000) -> Sequence[OutboxEvent]:
        """Events of which it was not noted that the bus was told, oldest first."""
        return self.session.scalars(
            select(OutboxEvent)
            .where(OutboxEvent.published_at.is_(None))
            .order_by(OutboxEvent.id)
            .limit(limit)
        ).all()

    def forget_events_before(self, moment: datetime) -> int:
        """Forget published events older than `moment`; how many. The last one written stays whatever its age:
        without it SQLite would give its rowid again, and `storage.neighbours` would take what is new for known. So do
        those that are still to go to the hub with their op."""
        last = (
            select(func.max(literal_column("rowid")))
            .select_from(OutboxEvent)
            .correlate(None)
            .scalar_subquery()
        )
        query = delete(OutboxEvent).where(
            OutboxEvent.timestamp < moment,
            OutboxEvent.published_at.is_not(None),
            literal_column("rowid") < last,
            ~exists(
                select(ThisDesk.one).where(ThisDesk.hub_id.is_not(None), OutboxEvent.op_no > ThisDesk.acked)
            ),
        )
        return self.session.execute(query).rowcount  # type: ignore[attr-defined, no-any-return]

    def last_of(self, entity: str, entity_id: UUID, action: str) -> datetime | None:
        """When something was last done to a thing, or None."""
        return self.session.scalar(
            select(AuditRow.at)
            .where(AuditRow.entity == entity, AuditRow.entity_id == entity_id, AuditRow.action == action)
            .order_by(AuditRow.id.desc())
            .limit(1)
        )
