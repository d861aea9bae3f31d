"""A table of a batch: its rows are read a page at a time, and read again where they are while it is sent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, TypeVar

from PySide6.QtCore import Signal

from travellr_desktop.services.paged import ListQuery, PagedRows, RowWithId
from travellr_desktop.ui.payouts.sources import Source, nothing
from travellr_desktop.ui.tables import Column, LoadState, PagedModel, TableView
from travellr_desktop.ui.theme import Theme

R = TypeVar("R", bound=RowWithId)


class BatchTable(TableView, Generic[R]):
    """In the order of a column. `natural_height` is that of all its rows; `failed` tells why they cannot be read."""

    failed = Signal(object)

    def __init__(self, name: str, columns: Sequence[Column[R]], first: tuple[str, bool]) -> None:
        self._source: Source[R] = nothing
        self._query = ListQuery(sort=first[0], descending=first[1])
        self._of: object = None
        self._count = 0
        self._once_more = self._to_first = False
        self.rows_model: PagedModel[R] = PagedModel(tuple(columns), self._open)
        super().__init__(self.rows_model, title=name)
        self.setSelectionMode(TableView.SelectionMode.SingleSelection)
        self.set_sorted(*first)
        self.sort_asked.connect(self._sort_by)
        for came in (self.rows_model.counted, self.rows_model.reread):
            came.connect(self._came)
        self.rows_model.state_changed.connect(self._state)

    def show_rows(self, source: Source[R], of: object, count: int) -> None:
        """Rows of something else, from the top; or what is shown, read again with the cursor and the place where they
        are. `count` is how many there are."""
        model = self.rows_model
        self._source, self._count = source, count
        if of != self._of or model.state in (LoadState.EMPTY, LoadState.FAILED):
            self._of, self._once_more = of, False
            model.open(self._query, self.place())
        elif model.rereading or not model.count_known:
            self._once_more = True  # begun anew with every change it would never be read to its end
        else:
            model.refresh(self.place())

    @property
    def rows(self) -> tuple[R, ...]:
        """What of them has been read, from the top."""
        found = (self.rows_model.row(position) for position in range(self.rows_model.rowCount()))
        return tuple(row for row in found if row is not None)

    def stand_on_first(self) -> None:
        """Mark the first row, now or when it has come, unless one is marked by then."""
        self._to_first = not self.rows_model.count_known
        if not self._to_first and self.rows_model.rowCount() and not self.currentIndex().isValid():
            self.go_to(0)

    @property
    def natural_height(self) -> int:
        bar = self.horizontalScrollBar()
        below = bar.sizeHint().height() if bar.maximum() > 0 else 0
        return Theme.current().size("table_header") + self._count * self.row_height + below

    def close_down(self) -> None:
        """End the thread that reads."""
        self.rows_model.close()

    def _open(self, query: ListQuery) -> PagedRows[R]:
        """On the thread that reads: whatever is the source by then."""
        return self._source(query)

    def _came(self, _found: object) -> None:
        if self._to_first:
            self.stand_on_first()
        if self._once_more:
            self._once_more = False
            self.rows_model.refresh(self.place())

    def _state(self) -> None:
        if self.rows_model.state is LoadState.FAILED:
            self.failed.emit(self.rows_model.failure)

    def _sort_by(self, key: str, descending: bool) -> None:
        self._query = ListQuery(sort=key, descending=descending)
        self.set_sorted(key, descending)
        self.rows_model.open(self._query, self.place())
