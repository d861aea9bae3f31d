"""A list that is all there already, as a table reads it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, TypeVar

from travellr_desktop.services.paged import PAGE_ROWS, RowWithId, Totals

R = TypeVar("R", bound=RowWithId)


class InMemory(Generic[R]):
    """Rows in the order in which they are shown."""

    def __init__(self, rows: Sequence[R]) -> None:
        self._rows = tuple(rows)

    def first(self, count: int = PAGE_ROWS) -> tuple[R, ...]:
        return self._rows[:count]

    def index(self) -> int:
        return len(self._rows)

    def page(self, first: int, count: int = PAGE_ROWS) -> tuple[R | None, ...]:
        return self._rows[first : first + count]

    def find(self, ids: Sequence[object]) -> dict[object, int]:
        return {row.id: at for at, row in enumerate(self._rows) if row.id in ids}

    def totals(self) -> Totals:
        return Totals(whole=len(self._rows), sums={})

    def interrupt(self) -> None:
        pass

    def close(self) -> None:
        pass
