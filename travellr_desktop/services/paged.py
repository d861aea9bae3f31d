"""What a table of the window asks of a list: rows by position, read off the GUI thread.

`storage.paging.Snapshot` is such a list; so is anything else with these methods. Rows are frozen and have an `id`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, Protocol, TypeVar

from travellr_desktop.storage.list_spec import ListQuery
from travellr_desktop.storage.paging import PAGE_ROWS, Totals

__all__ = ["PAGE_ROWS", "InMemory", "ListQuery", "PagedRows", "RowWithId", "Totals"]


class RowWithId(Protocol):
    """A row of a list. The id is what selection is kept by when a list is read again."""

    @property
    def id(self) -> object: ...


RowT_co = TypeVar("RowT_co", bound=RowWithId, covariant=True)


class PagedRows(Protocol[RowT_co]):
    """One query, answered by position (from 0). One thread at a time; `interrupt` and `close` from any.

    Every step raises `errors.Cancelled` once it was interrupted or the list closed, a `Refusal` when the person can
    act on it.
    """

    def first(self, count: int = PAGE_ROWS) -> tuple[RowT_co, ...]:
        """The first rows, at once; fewer than `count` means that these are all."""

    def index(self) -> int:
        """Fix the order of all rows, so that pages can be had; returns their number."""

    def page(self, first: int, count: int = PAGE_ROWS) -> tuple[RowT_co | None, ...]:
        """Rows from a position on, as they are now; None for one that is gone since `index`."""

    def find(self, ids: Sequence[object]) -> dict[object, int]:
        """Where rows with these ids stand; ids that are not in the list are left out."""

    def totals(self) -> Totals:
        """Rows without filters, and sums of the filtered ones."""

    def interrupt(self) -> None:
        """Stop the step that is running."""

    def close(self) -> None:
        """Give everything back. May be called twice."""


R = TypeVar("R", bound=RowWithId)


class InMemory(Generic[R]):
    """A list that is all there already: rows in the order in which they are shown."""

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
