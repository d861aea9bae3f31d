"""What every repository does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Generic, TypeVar
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.interfaces import ORMOption

from travellr_desktop.errors import NotFound
from travellr_desktop.storage.base import Synced

MOST = 500
"""No page is longer than this."""


T = TypeVar("T", bound=Synced)


class Repository(Generic[T]):
    """Rows of one table, within one transaction. Pages count from 1."""

    model: ClassVar[type[Synced]]
    word: ClassVar[str]  # what a person calls it: "booking"
    whole: ClassVar[tuple[ORMOption, ...]] = ()  # what `find_full` loads with a row

    def __init__(self, session: Session) -> None:
        self.session = session

    def save(self, row: T) -> T:
        """Add a new row and write it, so that the database can refuse it here."""
        self.session.add(row)
        self.session.flush()
        return row

    def update(self, row: T) -> T:
        """Write what was changed on a row that was read here."""
        self.session.flush()
        return row

    def delete(self, row_id: UUID) -> None:
        """Remove a row. Raises `NotFound`."""
        self.session.delete(self.get(row_id))
        self.session.flush()

    def find_by_id(self, row_id: UUID) -> T | None:
        return self.session.get(self.model, row_id)  # type: ignore[return-value]

    def get(self, row_id: UUID) -> T:
        """The row. Raises `NotFound`."""
        row = self.find_by_id(row_id)
        if row is None:
            raise NotFound(f"There is no such {self.word}.")
        return row

    def find_full(self, row_id: UUID) -> T | None:
        """The row with all that belongs to it, read anew where it was not read whole before."""
        query = select(self.model).where(self.model.id == row_id).options(*self.whole)
        return self.session.scalar(query)  # type: ignore[return-value]

    def get_full(self, row_id: UUID) -> T:
        """As `find_full`. Raises `NotFound`."""
        row = self.find_full(row_id)
        if row is None:
            raise NotFound(f"There is no such {self.word}.")
        return row

    def find_all(self, page: int = 1, limit: int = 50) -> tuple[Sequence[T], int]:
        """A page of rows in the order in which they were made, and how many there are in all."""
        limit = min(limit, MOST)
        total = self.session.scalar(select(func.count()).select_from(self.model)) or 0
        rows = self.session.scalars(
            select(self.model).order_by(self.model.id).offset((page - 1) * limit).limit(limit)
        ).all()
        return rows, total  # type: ignore[return-value]
