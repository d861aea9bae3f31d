"""Statements for those who may read them: the office all of them, a vendor's person their own."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from travellr_desktop.domain.permissions import Actor, Permission, require, vendor_scope
from travellr_desktop.services.statements.reading import detail_of, own
from travellr_desktop.services.statements.views import StatementDetail
from travellr_desktop.storage.uow import Database


@dataclass(frozen=True, slots=True)
class StatementChoices:
    """What a list of statements can be narrowed down to: years, newest first, and vendors by name (none for a vendor's
    person)."""

    years: tuple[int, ...]
    vendors: tuple[tuple[UUID, str], ...]


class StatementService:
    """Their lists are in `services.lists`, their files in `services.documents`."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def detail(self, actor: Actor, statement_id: UUID) -> StatementDetail:
        """Raises `NotFound`, also for another vendor's."""
        require(actor, Permission.EARNINGS_READ)
        with self._db.read() as view:
            return detail_of(view, own(actor, view.statements.find_full(statement_id)))

    def find(self, actor: Actor, number: str) -> StatementDetail:
        """A statement by its number. Raises `NotFound`, also for another vendor's."""
        require(actor, Permission.EARNINGS_READ)
        with self._db.read() as view:
            return detail_of(view, own(actor, view.statements.find_by_number(number.strip().upper())))

    def choices(self, actor: Actor) -> StatementChoices:
        require(actor, Permission.EARNINGS_READ)
        scope = vendor_scope(actor)
        with self._db.read() as view:
            vendors = tuple(view.statements.told()) if scope is None else ()
            return StatementChoices(tuple(view.statements.years(scope)), vendors)
