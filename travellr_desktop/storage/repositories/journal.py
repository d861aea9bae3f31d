"""Command keys, audit, and what waits to be published."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, literal_column, select
from sqlalchemy.orm import Session

from travellr_desktop.storage.models import AuditRow, Command, OutboxEvent


class CommandRepository:
    """Idempotency records."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def find(self, key: UUID) -> Command | None:
        return self.session.get(Command, key)

    def add(self, command: Command) -> Command:
        self.session.add(command)
        self.session.flush()
        return command

    def forget_before(self, moment: datetime) -> int:
        """Forget the finished ones that began before `moment`; how many."""
        query = delete(Command).where(Command.started_at < moment, Command.finished_at.is_not(None))
        return self.session.execute(query).rowcount  # type: ignore[attr-defined, no-any-return]


class JournalRepository:
    """The audit trail and the event outbox."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def audit(self, page: int = 1, limit: int = 100) -> Sequence[AuditRow]:
        """Who did what, newest first."""
        return self.session.scalars(
            select(AuditRow).order_by(AuditRow.id.desc()).offset((page - 1) * limit).limit(limit)
        ).all()

    def audit_of(self, entity_id: UUID) -> Sequence[AuditRow]:
        """What was done to one thing, oldest first."""
        return self.session.scalars(
            select(AuditRow).where(AuditRow.entity_id == entity_id).order_by(AuditRow.id)
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
        without it SQLite would give its rowid again, and `storage.neighbours` would take what is new for known."""
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
        )
        return self.session.execute(query).rowcount  # type: ignore[attr-defined, no-any-return]

    def last_of(self, entity_id: UUID, action: str) -> datetime | None:
        """When something was last done to a thing, or None."""
        return self.session.scalar(
            select(AuditRow.at)
            .where(AuditRow.entity_id == entity_id, AuditRow.action == action)
            .order_by(AuditRow.id.desc())
            .limit(1)
        )
