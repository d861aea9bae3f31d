"""The painted header of a table: titles, the arrow of the sorted column, the line below."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QMouseEvent, QPainter
from PySide6.QtWidgets import QHeaderView, QWidget

from travellr_desktop.ui.parts import paint
from travellr_desktop.ui.tables.columns import Column
from travellr_desktop.ui.theme import Theme

_ARROW = 12


class TableHeader(QHeaderView):
    """The arrow stands after the word, before it where the column is aligned to the trailing edge."""

    def __init__(self, columns: Sequence[Column[Any]], parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._columns = columns
        self._sorted, self._descending = "", False
        self._hovered = -1
        # with highlighted sections Qt would ask for each column whether all of its million cells are selected
        self.setHighlightSections(False)
        self.setSectionsClickable(True)
        self.setMouseTracking(True)
        self.setDefaultAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
        self.setAccessibleName(self.tr("Columns"))
        self.restyle()

    def restyle(self) -> None:
        theme = Theme.current()
        self.setFixedHeight(theme.size("table_header"))
        self.setMinimumSectionSize(theme.px(40))
        self.viewport().update()

    def set_sorted(self, key: str, descending: bool) -> None:
        self._sorted, self._descending = key, descending
        self.viewport().update()

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), Theme.current().size("table_header"))

    def title_width(self, column: int) -> int:
        """Room that the title needs, with its arrow if it can have one."""
        theme = Theme.current()
        arrow = theme.px(_ARROW + 4) if self._columns[column].sortable else 0
        return paint.width_of(self._columns[column].title, theme.font("small_m")) + arrow

    def ends(self) -> tuple[int, int]:
        """The first and the last column in sight, by number."""
        shown = [self.logicalIndex(at) for at in range(self.count())]
        shown = [column for column in shown if not self.isSectionHidden(column)]
        return (shown[0], shown[-1]) if shown else (-1, -1)

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        theme, column = Theme.current(), self._columns[section]
        painter.fillRect(rect, theme.colour("subtle"))
        painter.fillRect(rect.x(), rect.bottom(), rect.width(), 1, theme.colour("border"))
        is_sorted = column.key == self._sorted
        tone = "text" if is_sorted or section == self._hovered else "text_secondary"
        font, size = theme.font("small_m"), theme.px(_ARROW)
        first, last = self.ends()
        before = theme.size("edge_pad") if section == first else theme.px(8)
        after = theme.size("edge_pad") if section == last else theme.px(8)
        arrow = size + theme.px(4) if is_sorted else 0
        room = max(rect.width() - before - after - arrow, 0)
        wide = min(paint.width_of(column.title, font), room)
        # laid out left to right in the section, mirrored as a whole below
        start = rect.width() - after - wide if column.trailing else before
        words = QRect(rect.x() + start, rect.y(), wide + 1, rect.height() - 1)
        mark = QRect(0, rect.y() + (rect.height() - 1 - size) // 2, size, size)
        mark.moveLeft(words.x() - arrow if column.trailing else words.x() + wide + theme.px(4))
        paint.words(painter, self._mirrored(words, rect), column.title, font, theme.colour(tone), elide=True)
        if is_sorted:
            name = "arrow-down" if self._descending else "arrow-up"
            paint.icon(painter, self._mirrored(mark, rect), name, tone)

    def _mirrored(self, place: QRect, rect: QRect) -> QRect:
        if not self.isRightToLeft():
            return place
        return QRect(rect.right() + rect.x() - place.right(), place.y(), place.width(), place.height())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        at = self.logicalIndexAt(event.position().toPoint())
        self._hover(at if at >= 0 and self._columns[at].sortable else -1)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self._hover(-1)
        return super().viewportEvent(event)

    def _hover(self, section: int) -> None:
        if section != self._hovered:
            self._hovered = section
            self.viewport().update()
