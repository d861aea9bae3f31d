"""The table: a `QTableView` that scrolls over a million rows, paints them itself and keeps its place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QWidget

from travellr_desktop.ui.tables.column_layout import ColumnLayout
from travellr_desktop.ui.tables.delegate import Look, RowDelegate
from travellr_desktop.ui.tables.header import TableHeader
from travellr_desktop.ui.tables.memory import TableMemory
from travellr_desktop.ui.tables.model import PagedModel
from travellr_desktop.ui.tables.place_keeper import PlaceKeeper
from travellr_desktop.ui.tables.row_view import Density, RowView
from travellr_desktop.ui.tables.states import Found, LoadState, Place
from travellr_desktop.ui.theme import Theme

_Select = QItemSelectionModel.SelectionFlag
_ROWS = _Select.Rows
_KEYPAD = Qt.KeyboardModifier.KeypadModifier
Index = QModelIndex | QPersistentModelIndex


class TableView(RowView):
    """A table of rows. Connect to the signals; ask `current_row` and `selected_rows`.

    Keys: arrows, Page Up and Down, Home and End move by rows; Enter activates; Shift and Ctrl select as
    usual.
    """

    current_changed = Signal(object)
    """The row with the cursor, or None; also when it was read again and has changed."""
    selection_counted = Signal(int)
    row_activated = Signal(object)
    """Enter or a double click on a row."""
    sort_asked = Signal(str, bool)
    """A header was clicked: column key, downwards."""

    def __init__(
        self,
        model: PagedModel[Any],
        *,
        title: str = "",
        density: Density = Density.NORMAL,
        memory: TableMemory | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(density, parent)
        self._model = model
        self._memory = memory or TableMemory(None, "")
        self._restoring = False
        self._left = Place()
        self._current: object = None
        self._head = TableHeader(model.columns, self)
        self.setAccessibleName(title)
        self.setHorizontalHeader(self._head)
        self.setModel(model)
        self._delegate = RowDelegate(model, self.viewport())
        self._keeper = PlaceKeeper(self, model)
        self._columns = ColumnLayout(self, self._head, model, self._delegate, self._memory)
        self._growing = QTimer(self)
        self._growing.setSingleShot(True)
        self._growing.setInterval(0)
        self._growing.timeout.connect(self._grow)
        self._apply_density()
        self._connect()

    def _connect(self) -> None:
        model = self._model
        self._head.sectionResized.connect(self._resized)
        self._head.sectionClicked.connect(self._clicked)
        self.doubleClicked.connect(self._activate)
        self.selectionModel().currentChanged.connect(self._cursor_moved)
        self.selectionModel().selectionChanged.connect(self._selection_moved)
        model.shown.connect(self._shown)
        model.changing.connect(self._hold)
        model.counted.connect(self._counted)
        model.reread.connect(self._reread)
        model.pages_came.connect(self._pages_came)
        model.state_changed.connect(self.viewport().update)
        Theme.current().changed.connect(self._restyle)

    # the person's place

    def current_row(self) -> Any:
        """The row with the cursor, or None if there is none or it has not been read yet."""
        index = self.currentIndex()
        return self._model.row(index.row()) if index.isValid() else None

    def selected_count(self) -> int:
        """How many rows are selected, read or not."""
        return self._keeper.selected_count()

    def selected_rows(self) -> list[Any]:
        """Selected rows that have been read, at most 1,000, from the top."""
        return self._keeper.selected_rows()

    def place(self) -> Place:
        """Where the person is, for `PagedModel.open` and `refresh`."""
        return self._keeper.place(*self.rows_in_sight(), self._current)

    def go_to(self, position: int) -> None:
        """Put the cursor on a row and select it."""
        index = self._model.index(position, self._column())
        if index.isValid():
            self.selectionModel().setCurrentIndex(index, _Select.ClearAndSelect | _ROWS)

    # how it looks

    @property
    def density(self) -> Density:
        return self._density

    def set_density(self, density: Density) -> None:
        """The row at the top stays there."""
        top = self.rows_in_sight()[0]
        self._density = density
        self._memory.write("density", density.value)
        self._apply_density()
        self.verticalScrollBar().setValue(self.top_of(top))

    @property
    def layout_of_columns(self) -> ColumnLayout:
        """Which columns are shown and how wide."""
        return self._columns

    def set_sorted(self, key: str, descending: bool) -> None:
        """Show by which column the list is sorted."""
        self._head.set_sorted(key, descending)

    def _apply_density(self) -> None:
        # the default size of the rows costs nothing; setting each row's would cost a million steps
        self.verticalHeader().setDefaultSectionSize(self.row_height)
        self.updateGeometries()
        self.verticalScrollBar().setSingleStep(self.row_height)
        self._delegate.cells.forget()
        self._tell_wanted()
        self.viewport().update()

    def _restyle(self) -> None:
        self._head.restyle()
        self._delegate.restyle()
        self._apply_density()
        self._columns.restyle()

    def _grow(self) -> None:
        self._columns.grow()
        self.viewport().update()

    def _resized(self, number: int, _before: int, width: int) -> None:
        self._columns.resized(number, width)
        self.viewport().update()

    def _clicked(self, number: int) -> None:
        column = self._model.columns[number]
        if not column.sortable:
            return
        query = self._model.query
        descending = not query.descending if query.sort == column.key else column.descending_first
        self.sort_asked.emit(column.key, descending)

    # painting

    def paintEvent(self, event: QPaintEvent) -> None:
        model, high = self._model, self.row_height
        area, offset = event.rect(), self.verticalOffset()
        painter = QPainter(self.viewport())
        if model.rowCount() == 0:
            if model.late and model.state is LoadState.LOADING:
                for line in range(area.bottom() // high + 1):
                    self._delegate.paint_pale(painter, line, line * high, high, self._columns.spans)
            painter.end()
            return
        first = self.position_at(offset + area.top())
        last = min(self.position_at(offset + area.bottom()), model.rowCount() - 1)
        look = Look(
            self._keeper.selected_between(first, last),
            self._hovered,
            self.hasFocus(),
            self.currentIndex().row(),
        )
        spans = [
            span
            for span in self._columns.spans
            if span.x <= area.right() and span.x + span.width > area.left()
        ]
        for rows in self.runs(first, last):
            self._delegate.paint(painter, rows, self.top_of(rows.start) - offset, high, spans, look)
        painter.end()
        if self._delegate.cells.too_narrow and not self._growing.isActive():
            self._growing.start()

    def runs(self, first: int, last: int) -> Sequence[range]:
        """The rows from one to another, in parts within which each begins where the one before ends."""
        return (range(first, last + 1),)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers() & ~_KEYPAD:
            self._activate(self.currentIndex())
            return
        if event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Escape) or (
            event.text().isprintable() and event.text()
        ):
            if event.key() == Qt.Key.Key_Space and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                super().keyPressEvent(event)
                return
            if not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                event.ignore()  # goes on to the screen
                return
        super().keyPressEvent(event)

    def _activate(self, index: Index) -> None:
        row = self._model.row(index.row()) if index.isValid() else None
        if row is not None:
            self.row_activated.emit(row)

    # events

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._columns.lay_out()
        self._keep_in_sight(event.oldSize().height())
        self._tell_wanted()

    def _keep_in_sight(self, height_before: int) -> None:
        """A row with the cursor that was in sight stays so when what stands below the table takes room."""
        row, offset = self.currentIndex().row(), self.verticalOffset()
        end = self.top_of(row) + self.row_height - offset
        if row >= 0 and self.viewport().height() < end <= height_before:
            self.scrollTo(self.currentIndex())

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        super().scrollContentsBy(dx, dy)
        if dx:
            self._columns.place()
            self.viewport().update()
        if dy:
            self._hover(-1)
            self._tell_wanted()

    def words_at(self, at: QPoint) -> str:
        position = self.position_at(self.verticalOffset() + at.y())
        return self._delegate.cut_words(position, at.x(), self._columns.spans)

    # what the model tells

    def _tell_wanted(self) -> None:
        first, last = self.rows_in_sight()
        around = last - first + 1  # a screenful ahead both ways
        self._model.want(first - around, last + around)

    def _shown(self) -> None:
        self._delegate.cells.forget()
        self.verticalScrollBar().setValue(0)
        self._hover(-1)
        self.viewport().update()

    def _hold(self) -> None:
        """Rows come and go: where Qt puts the cursor meanwhile is not told."""
        self._restoring = True
        self._left = self.place()

    def _counted(self, found: Found) -> None:
        self.executeDelayedItemsLayout()  # the scroll bar learns of the new rows now
        if not self.currentIndex().isValid():
            self._keeper.put_back(found, self._column())
        self._settle()
        self._tell_wanted()

    def _reread(self, found: Found) -> None:
        self.executeDelayedItemsLayout()
        if self._left != found.place:
            found = self._keeper.gone_on(found, self._left, self.currentIndex().row())
        self._keeper.put_back(found, self._column())
        self._settle()
        if found.place.top:
            within = self.verticalOffset() - self.top_of(found.place.top)
            self.verticalScrollBar().setValue(self.top_of(found.top) + max(0, min(within, self.row_height)))
        self._tell_wanted()

    def _settle(self) -> None:
        self._restoring = False
        self._selection_moved()
        self._cursor_moved()

    def _pages_came(self) -> None:
        self._delegate.cells.forget()
        self._cursor_moved()
        self.viewport().update()

    def _cursor_moved(self, *_: object) -> None:
        if self._restoring:
            return
        index = self.currentIndex()
        row = self.current_row()
        waiting = index.isValid() and row is None and not self._model.gone(index.row())
        if row != self._current and not waiting:
            self._current = row
            self.current_changed.emit(row)

    def _selection_moved(self, *_: object) -> None:
        if not self._restoring:
            self.selection_counted.emit(self.selected_count())
