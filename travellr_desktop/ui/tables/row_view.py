"""A `QTableView` that thinks in rows of one height: where they are, how keys and pointer move over them."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPoint, Qt
from PySide6.QtGui import QFocusEvent, QHelpEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QToolTip, QWidget

from travellr_desktop.ui.theme import Theme

_Move = QAbstractItemView.CursorAction
Index = QModelIndex | QPersistentModelIndex


class Density(StrEnum):
    """Height of rows: 28, 32 or 48 pixels; only the last shows second lines."""

    COMPACT = "row_compact"
    NORMAL = "row"
    TWO_LINE = "row_two_line"


class RowView(QTableView):
    """Rows are selected and moved over as wholes; nothing here depends on how many there are."""

    def __init__(self, density: Density, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._density = density
        self._hovered = -1
        self._focusing = False
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.viewport().setMouseTracking(True)
        rows = self.verticalHeader()
        rows.hide()
        rows.setHighlightSections(False)
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setMinimumSectionSize(8)

    @property
    def row_height(self) -> int:
        return Theme.current().size(self._density.value)

    def top_of(self, position: int) -> int:
        """Where a row begins, from the top of all rows."""
        return position * self.row_height

    def position_at(self, y: int) -> int:
        """The row at so many pixels from the top of all rows; past the last one there may be none."""
        return y // self.row_height

    def rows_in_sight(self) -> tuple[int, int]:
        """First and last position in sight; the last is before the first in an empty table."""
        offset = self.verticalOffset()
        last = self.position_at(offset + max(self.viewport().height(), 1) - 1)
        return self.position_at(offset), min(last, self.model().rowCount() - 1)

    def words_at(self, at: QPoint) -> str:
        """What the tooltip says at a point of the viewport."""
        raise NotImplementedError

    # moving

    def moveCursor(self, action: _Move, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        count, here = self.model().rowCount(), self.currentIndex().row()
        if not count or self._focusing:
            return QModelIndex()
        if here < 0:
            return self.model().index(self.rows_in_sight()[0], self._column())
        if action in (_Move.MoveLeft, _Move.MoveRight):
            ahead = (action is _Move.MoveRight) is not self.isRightToLeft()
            bar = self.horizontalScrollBar()
            bar.setValue(bar.value() + (1 if ahead else -1) * Theme.current().px(64))
            return self.currentIndex()
        page = max(self.viewport().height() // self.row_height - 1, 1)
        steps = {
            _Move.MoveUp: -1,
            _Move.MovePrevious: -1,
            _Move.MoveDown: 1,
            _Move.MoveNext: 1,
            _Move.MovePageUp: -page,
            _Move.MovePageDown: page,
            _Move.MoveHome: -count,
            _Move.MoveEnd: count,
        }
        return self.model().index(min(max(here + steps[action], 0), count - 1), self._column())

    def scrollTo(
        self, index: Index, hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible
    ) -> None:
        """By rows only: a click on a column half in sight does not scroll the table sideways."""
        if not index.isValid():
            return
        bar, high = self.verticalScrollBar(), self.row_height
        top, room = self.top_of(index.row()), self.viewport().height()
        if hint == QAbstractItemView.ScrollHint.PositionAtTop or top < bar.value():
            bar.setValue(top)
        elif hint == QAbstractItemView.ScrollHint.PositionAtCenter:
            bar.setValue(top - (room - high) // 2)
        elif hint == QAbstractItemView.ScrollHint.PositionAtBottom or top + high > bar.value() + room:
            bar.setValue(top + high - room)

    def keyboardSearch(self, search: str) -> None:
        """Typing does not search here: it would ask every row; the filter field does."""

    def _column(self) -> int:
        return max(self.horizontalHeader().logicalIndex(0), 0)

    # pointer and focus

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        position = self.position_at(self.verticalOffset() + int(event.position().y()))
        self._hover(position if position < self.model().rowCount() else -1)

    def focusInEvent(self, event: QFocusEvent) -> None:
        # Qt would put the cursor on the first row; it stays where the person left it, or nowhere
        self._focusing = True
        super().focusInEvent(event)
        self._focusing = False
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            words = self.words_at(event.pos())
            if words:
                QToolTip.showText(event.globalPos(), words, self.viewport())
            else:
                QToolTip.hideText()
            return True
        if event.type() == QEvent.Type.Leave:
            self._hover(-1)
        return super().viewportEvent(event)

    def _hover(self, position: int) -> None:
        if position == self._hovered:
            return
        for one in (self._hovered, position):
            if one >= 0:
                top = self.top_of(one) - self.verticalOffset()
                self.viewport().update(0, top, self.viewport().width(), self.row_height)
        self._hovered = position
