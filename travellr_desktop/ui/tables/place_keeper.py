"""Keeps a person's place in a table: what is selected, where the cursor is, what is in sight."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex
from PySide6.QtWidgets import QTableView

from travellr_desktop.services.paged import PAGE_ROWS
from travellr_desktop.ui.tables.model import PagedModel
from travellr_desktop.ui.tables.selection import ranges, runs
from travellr_desktop.ui.tables.states import Found, Place

_IDS_KEPT = 1000
_Flag = QItemSelectionModel.SelectionFlag


class PlaceKeeper:
    """Works on a view whose model has its rows by position."""

    def __init__(self, view: QTableView, model: PagedModel[Any]) -> None:
        self._view = view
        self._model = model

    def selected_count(self) -> int:
        return sum(last - first + 1 for first, last in ranges(self._view.selectionModel()))

    def selected_rows(self, limit: int = _IDS_KEPT) -> list[Any]:
        """Selected rows that have been read, at most `limit`, from the top."""
        rows: list[Any] = []
        for first, last in ranges(self._view.selectionModel()):
            for position in range(first, min(last, first + limit) + 1):
                row = self._model.row(position)
                if row is not None:
                    rows.append(row)
                    if len(rows) >= limit:
                        return rows
        return rows

    def selected_between(self, first: int, last: int) -> set[int]:
        """Selected positions among these."""
        selected: set[int] = set()
        for top, bottom in ranges(self._view.selectionModel()):
            selected.update(range(max(top, first), min(bottom, last) + 1))
        return selected

    def place(self, first: int, last: int, cursor: Any) -> Place:
        """Where the person is, with these rows in sight. `cursor` is the row last known to have the cursor: far out
        of sight it may not be among the pages that are kept."""
        view, index = self._view, self._view.currentIndex()
        anchor = self._model.row(first)
        current = (self._model.row(index.row()) or cursor) if index.isValid() else None
        ids = [row.id for row in self.selected_rows()]
        if current is not None and view.selectionModel().isSelected(index) and current.id not in ids:
            ids.append(current.id)
        return Place(
            ids=tuple(ids),
            current=current.id if current is not None else None,
            top=first,
            anchor=anchor.id if anchor is not None else None,
            rows=max(last - first + 1, 0),
        )

    def gone_on(self, found: Found, left: Place, row: int) -> Found:
        """The person has gone on from `found.place` while the list was read again, and `left` it there, with the cursor
        on `row`: their rows are looked for among those that were read with it. A cursor that is not found among them
        stays on its row."""
        shift = found.top - found.place.top
        positions = dict(found.positions)
        for position in range(max(left.top - PAGE_ROWS, 0), left.top + left.rows + PAGE_ROWS):
            if (each := self._model.row(position)) is not None:
                positions[each.id] = position
        if left.current is not None and left.current not in positions:
            positions[left.current] = min(row, self._model.rowCount() - 1)
        return Found(left, positions, max(left.top + shift, 0))

    def put_back(self, found: Found, column: int) -> None:
        """Select by id what was selected, without scrolling to it."""
        view, model, at = self._view, self._model, found.positions
        selection = QItemSelection()
        for first, last in runs(sorted(at[one] for one in found.place.ids if one in at)):
            selection.select(model.index(first, 0), model.index(last, len(model.columns) - 1))
        current = at.get(found.place.current)
        index = model.index(current, column) if current is not None else QModelIndex()
        scrolls = view.hasAutoScroll()
        view.setAutoScroll(False)
        view.selectionModel().select(selection, _Flag.ClearAndSelect | _Flag.Rows)
        view.selectionModel().setCurrentIndex(index, _Flag.NoUpdate)
        view.setAutoScroll(scrolls)
