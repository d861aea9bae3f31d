"""The row of totals below a table, in the table's own columns."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from travellr_desktop.ui.parts import paint
from travellr_desktop.ui.tables import PagedModel, TableView
from travellr_desktop.ui.theme import Theme


class TotalsRow(QWidget):
    """Stands right below `table`, and moves with its columns. Its accessible name says it all."""

    def __init__(self, table: TableView, model: PagedModel, parent: QWidget | None = None) -> None:  # type: ignore[type-arg]
        super().__init__(parent)
        self._table, self._columns = table, model.columns
        self._says: Mapping[str, str] = {}
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        head = table.horizontalHeader()
        head.sectionResized.connect(lambda *_: self.update())
        table.horizontalScrollBar().valueChanged.connect(lambda _: self.update())
        Theme.current().changed.connect(self._retheme)

    def show_totals(self, says: Mapping[str, str]) -> None:
        """What stands in which column, by its key."""
        self._says = dict(says)
        titles = {column.key: column.title for column in self._columns}
        self.setAccessibleName(", ".join(f"{titles[key]} {text}" for key, text in says.items() if text))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, Theme.current().size("row"))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, area = Theme.current(), self.rect()
        offset = self._table.viewport().geometry().left()
        font, tone = theme.font("body_b"), theme.colour("text")
        edge, pad = theme.size("edge_pad"), theme.px(theme.tokens.size["cell_pad"])
        with QPainter(self) as painter:
            painter.fillRect(area, theme.colour("subtle"))
            painter.fillRect(0, 0, area.width(), 1, theme.colour("border"))
            painter.fillRect(0, area.bottom(), area.width(), 1, theme.colour("border"))
            for span in self._table.layout_of_columns.spans:
                column = self._columns[span.column]
                text = self._says.get(column.key, "")
                if not text:
                    continue
                before, after = edge if span.first else pad, edge if span.last else pad
                if self.isRightToLeft():
                    before, after = after, before
                place = QRect(offset + span.x + before, 0, max(span.width - before - after, 0), area.height())
                if column.trailing:  # amounts are never cut: what they lack they take from the column before
                    grow = max(paint.width_of(text, font) - place.width(), 0)
                    place.adjust(*((0, 0, grow, 0) if self.isRightToLeft() else (-grow, 0, 0, 0)))
                align = Qt.AlignmentFlag.AlignRight if column.trailing else Qt.AlignmentFlag.AlignLeft
                paint.words(painter, place, text, font, tone, align, elide=not column.trailing)

    def _retheme(self) -> None:
        self.updateGeometry()
        self.update()
