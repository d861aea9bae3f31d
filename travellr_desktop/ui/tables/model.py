"""The model of a paged table: what has been read of a list, and what is asked for next.

The GUI thread owns everything here but the list itself (`PagedRows`), which belongs to the reader's thread.
Steps are answered by letters; a letter of an older query is thrown away.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
)

from travellr_desktop.errors import Cancelled
from travellr_desktop.services.paged import PAGE_ROWS, ListQuery, PagedRows, RowWithId, Totals
from travellr_desktop.ui.tables.columns import Column, Kind
from travellr_desktop.ui.tables.reader import Reader, ThreadReader, Urgency
from travellr_desktop.ui.tables.states import Found, Letter, LoadState, Place, find_place, pages_in_sight

log = logging.getLogger(__name__)

R = TypeVar("R", bound=RowWithId)
Index = QModelIndex | QPersistentModelIndex

PAGES_KEPT = 64
PALE_AFTER_MS = 600

# data() is asked thousands of times a repaint; an int compares in half the time of an enum
_DISPLAY = int(Qt.ItemDataRole.DisplayRole)
_TOOLTIP = int(Qt.ItemDataRole.ToolTipRole)
_ALIGN = int(Qt.ItemDataRole.TextAlignmentRole)
_SPOKEN = int(Qt.ItemDataRole.AccessibleTextRole)
_SPOKEN_MORE = int(Qt.ItemDataRole.AccessibleDescriptionRole)
_HORIZONTAL = Qt.Orientation.Horizontal
_NOWHERE = QModelIndex()


class PagedModel(QAbstractTableModel, Generic[R]):
    """Rows of a list in pages of 128, of which the 64 used last are kept.

    `opener` opens a query; it runs on the reader's thread, as does everything asked of what it returns.
    """

    state_changed = Signal()
    shown = Signal()
    """The first rows of another query are there."""
    changing = Signal()
    """The number of rows is about to change; `counted` or `reread` follows."""
    counted = Signal(object)
    """All rows of the query are counted; carries a `Found`."""
    reread = Signal(object)
    """The same query was read again; carries a `Found`."""
    totalled = Signal()
    pages_came = Signal()
    _arrived = Signal(object)

    def __init__(
        self,
        columns: Sequence[Column[R]],
        opener: Callable[[ListQuery], PagedRows[R]],
        *,
        reader: Reader | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self.query = ListQuery()
        self.state = LoadState.EMPTY
        self.failure: Exception | None = None
        self.totals: Totals | None = None
        self.count_known = False
        self.rereading = False
        """The same query is being read again; `reread` follows, unless another is opened or it fails."""
        self.opener = opener
        """Opens the list of a query: also for whoever reads it elsewhere, on a thread of their own."""
        self._reader = reader if reader is not None else ThreadReader()
        self._rows: PagedRows[R] | None = None  # the reader's thread sets it
        self._number = 0
        self._count = 0
        self._pages: OrderedDict[int, Sequence[R | None]] = OrderedDict()
        self._wanted: frozenset[int] = frozenset()
        self._asked: set[int] = set()
        self._seen = (0, 0)
        self._keep_count = 0
        self.late = False
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(PALE_AFTER_MS)
        self._patience.timeout.connect(self._grow_late)
        self._closed = False
        self._arrived.connect(self._take)

    # asking

    def open(self, query: ListQuery, place: Place | None = None) -> None:
        """Read another query, from the top. The rows there now stay until the first of the new ones have
        come.
        """
        self._begin(query, place or Place(), again=False)

    def refresh(self, place: Place | None = None) -> None:
        """Read the same query again, after a write; the rows change under the eyes only once all is read."""
        self._begin(self.query, place or Place(), again=self.state is LoadState.READY)

    def want(self, first: int, last: int) -> None:
        """These rows are in sight now: ask for what is missing of them, forget what was asked for elsewhere."""
        self._seen = (first, last)
        if self._closed or not self.count_known or not self._count:
            return
        pages = range(max(first, 0) // PAGE_ROWS, min(last, self._count - 1) // PAGE_ROWS + 1)
        for page in pages:
            if page in self._pages:
                self._pages.move_to_end(page)
        missing = [page for page in pages if page not in self._pages]
        self._wanted = frozenset(missing)
        self._wait(bool(missing))
        for page in reversed(missing):
            self._ask(page)

    def close(self) -> None:
        """Stop reading; waits for the step that runs, which is interrupted. Nothing is read afterwards."""
        if self._closed:
            return
        self._closed = True
        self._number += 1
        self._wait(False)
        self._interrupt()
        self._reader.close(self._close_rows)

    # what there is

    def row(self, position: int) -> R | None:
        """The row at a position; None if it has not been read, or is gone."""
        page = self._pages.get(position // PAGE_ROWS)
        if page is None:
            return None
        offset = position % PAGE_ROWS
        return page[offset] if offset < len(page) else None

    def gone(self, position: int) -> bool:
        """Whether the row at a position was deleted since the list was read."""
        page = self._pages.get(position // PAGE_ROWS)
        offset = position % PAGE_ROWS
        return page is not None and offset < len(page) and page[offset] is None

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else self._count

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = _DISPLAY) -> Any:
        if role not in (_DISPLAY, _SPOKEN, _SPOKEN_MORE, _TOOLTIP, _ALIGN):
            return None
        column = self.columns[index.column()]
        if role == _ALIGN:
            side = Qt.AlignmentFlag.AlignRight if column.trailing else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        row = self.row(index.row())
        if row is None:
            return self.tr("Removed") if self.gone(index.row()) else None
        if role == _SPOKEN_MORE:
            return self.spoken(row)
        if role == _DISPLAY and column.kind is not Kind.BADGE:
            return column.text(row)
        return column.says(row)

    def spoken(self, row: R) -> str:
        """The whole row in words: "Reference BK-2026-004159, Traveller Goran Petrović, …"."""
        return ", ".join(f"{column.title} {says}" for column in self.columns if (says := column.says(row)))

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY) -> Any:
        if orientation != _HORIZONTAL:
            return section + 1 if role == _DISPLAY else None
        column = self.columns[section]
        if role == _DISPLAY:
            return column.title
        if role == _SPOKEN:
            if self.query.sort != column.key:
                return column.title
            words = (
                self.tr("{0}, sorted downwards") if self.query.descending else self.tr("{0}, sorted upwards")
            )
            return words.format(column.title)
        return None

    # reading, on the GUI thread

    def _begin(self, query: ListQuery, place: Place, *, again: bool) -> None:
        self.rereading = again and not self._closed  # first: what is in memory is read before this returns
        if self._closed:
            return
        self._number += 1
        self._interrupt()
        same_rows = self.query.filters == query.filters and self.query.text == query.text
        self.query = query
        self._wanted = frozenset()
        self._asked.clear()
        self.failure = None
        if not again:
            self.count_known = False
            if not same_rows:
                self.totals = None
            self._set_state(LoadState.LOADING)
            self._wait(self._count == 0)
        number = self._number
        self._keep_count = self._count if same_rows else 0
        self._reader.submit(lambda: self._read(number, query, place, again), Urgency.OPEN)

    def _ask(self, page: int) -> None:
        if page in self._asked:
            return
        self._asked.add(page)
        number = self._number
        self._reader.submit(lambda: self._read_page(number, page), Urgency.PAGE)

    def _take(self, letter: Letter) -> None:
        if letter.number != self._number or self._closed:
            return
        if letter.error is not None:
            self.rereading = False
            self.failure = letter.error
            self._set_state(LoadState.FAILED)
        elif letter.first is not None:
            self._show(letter.first)
        elif letter.found is not None and letter.count is not None:
            self._count_all(letter.count, letter.found, letter.pages)
        elif letter.totals is not None:
            self.totals = letter.totals
            self.totalled.emit()
        elif letter.skipped is not None:
            self._asked.discard(letter.skipped)
            if letter.skipped in self._wanted:
                self._ask(letter.skipped)
        else:
            self._add(letter.pages)

    def _show(self, first: Sequence[R]) -> None:
        """The first rows of another query. Where only the order changed, the number of rows stays."""
        self.beginResetModel()
        self._pages.clear()
        self._pages[0] = first
        self._wait(False)
        short = len(first) < PAGE_ROWS
        self._count = len(first) if short else max(self._keep_count, len(first))
        self.endResetModel()
        self._set_state(LoadState.READY)
        self.shown.emit()

    def _count_all(self, count: int, found: Found, pages: dict[int, Sequence[R | None]]) -> None:
        again = self.count_known
        self.changing.emit()
        if again:
            self._pages.clear()
        self._pages.update(pages)
        if count > self._count:
            self.beginInsertRows(_NOWHERE, self._count, count - 1)
            self._count = count
            self.endInsertRows()
        elif count < self._count:
            self.beginRemoveRows(_NOWHERE, count, self._count - 1)
            self._count = count
            self.endRemoveRows()
        for number, rows in pages.items():
            self._changed(number, rows)
        self.count_known = True
        self.rereading = False
        self._set_state(LoadState.READY)
        (self.reread if again else self.counted).emit(found)
        self.pages_came.emit()
        self.want(*self._seen)

    def _add(self, pages: dict[int, Sequence[R | None]]) -> None:
        for number, rows in pages.items():
            self._asked.discard(number)
            self._pages[number] = rows
            self._changed(number, rows)
        self._wanted -= pages.keys()
        if not self._wanted:
            self._wait(False)
        while len(self._pages) > PAGES_KEPT:
            self._pages.popitem(last=False)
        self.pages_came.emit()

    def _changed(self, page: int, rows: Sequence[R | None]) -> None:
        first = page * PAGE_ROWS
        last = min(first + len(rows), self._count) - 1
        if last >= first:
            self.dataChanged.emit(self.index(first, 0), self.index(last, len(self.columns) - 1))

    def _wait(self, missing: bool) -> None:
        """Rows in sight are missing, or no longer: begin to lose patience, or find it again."""
        if not missing:
            self._patience.stop()
            self.late = False
        elif not self.late and not self._patience.isActive():
            self._patience.start()

    def _grow_late(self) -> None:
        self.late = True
        self.pages_came.emit()

    def _set_state(self, state: LoadState) -> None:
        if state is not self.state or state is LoadState.FAILED:
            self.state = state
            self.state_changed.emit()

    def _interrupt(self) -> None:
        rows = self._rows
        if rows is not None:
            rows.interrupt()

    # reading, on the reader's thread

    def _read(self, number: int, query: ListQuery, place: Place, again: bool) -> None:
        if number != self._number:
            return
        self._close_rows()

        def step() -> None:
            rows = self._rows = self.opener(query)
            if number == self._number and not again:
                self._post(Letter(number, first=rows.first(PAGE_ROWS)))
            if number != self._number:
                return
            count = rows.index()
            found = find_place(rows, place, count)
            pages: dict[int, Sequence[R | None]] = {
                page: rows.page(page * PAGE_ROWS, PAGE_ROWS) for page in pages_in_sight(found, count)
            }
            self._post(Letter(number, count=count, found=found, pages=pages))
            self._reader.submit(lambda: self._read_totals(number), Urgency.TOTALS)

        self._try(number, step)

    def _read_page(self, number: int, page: int) -> None:
        rows = self._rows
        if number != self._number or rows is None:
            return
        skipped = Letter(number, skipped=page)
        if page not in self._wanted:
            self._post(skipped)
            return

        def step() -> None:
            read = rows.page(page * PAGE_ROWS, PAGE_ROWS)
            self._post(Letter(number, pages={page: read}))

        self._try(number, step, skipped)

    def _read_totals(self, number: int) -> None:
        rows = self._rows
        if number == self._number and rows is not None:
            self._try(number, lambda: self._post(Letter(number, totals=rows.totals())))

    def _try(self, number: int, step: Callable[[], None], stopped: Letter | None = None) -> None:
        try:
            step()
        except Cancelled:
            if stopped is not None:
                self._post(stopped)
        except Exception as error:
            log.warning("a list could not be read", exc_info=error)
            self._post(Letter(number, error=error))

    def _close_rows(self) -> None:
        if self._rows is not None:
            self._rows.close()
            self._rows = None

    def _post(self, letter: Letter) -> None:
        if not self._closed:
            self._arrived.emit(letter)
