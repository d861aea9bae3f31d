"""What goes on: domain events, who did what, and errors of this session."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from travellr_desktop.domain.permissions import Actor, Permission, require
from travellr_desktop.logs import ErrorEntry
from travellr_desktop.storage.list_spec import ListQuery
from travellr_desktop.storage.paging import Snapshot, read_connection
from travellr_desktop.storage.repositories.lists_office import AUDIT, AuditListRow
from travellr_desktop.storage.uow import Database


@dataclass(frozen=True, slots=True)
class EventRow:
    id: UUID
    at: datetime
    name: str
    aggregate_id: UUID
    payload: dict[str, Any]
    told: bool


class ActivityService:
    """`errors` gives the newest errors that were logged, newest first."""

    def __init__(self, database: Database, errors: Callable[[], tuple[ErrorEntry, ...]]) -> None:
        self._db = database
        self._errors = errors

    def events(self, actor: Actor, page: int = 1, limit: int = 100) -> tuple[EventRow, ...]:
        """Domain events, newest first."""
        require(actor, Permission.ACTIVITY_READ)
        with self._db.read() as view:
            return tuple(
                EventRow(
                    row.id,
                    row.timestamp,
                    row.event_name,
                    row.aggregate_id,
                    row.payload,
                    row.published_at is not None,
                )
                for row in view.journal.events(page, limit)
            )

    def audit(self, actor: Actor, page: int = 1, limit: int = 100) -> tuple[AuditListRow, ...]:
        """Who did what, newest first."""
        require(actor, Permission.AUDIT_READ)
        rows = Snapshot(partial(read_connection, self._db.path), AUDIT, ListQuery())
        try:
            return tuple(row for row in rows.page((page - 1) * limit, limit) if row is not None)
        finally:
            rows.close()

    def errors(self, actor: Actor) -> tuple[ErrorEntry, ...]:
        """Errors of this session, newest first."""
        require(actor, Permission.ACTIVITY_READ)
        return self._errors()
