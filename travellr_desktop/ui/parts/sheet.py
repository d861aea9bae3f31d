"""A short table of labels for a handful of rows: a header, rows of one or two lines, a row of totals.

The long lists have `ui.tables`; here rows may carry widgets, such as a check box.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.theme import Theme

_CELL, _EDGE = 8, 16


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """`trailing` for money; `stretch` takes what is left, and only such a column elides."""

    title: str
    trailing: bool = False
    stretch: int = 0


@dataclass(frozen=True, slots=True)
class Says:
    """What a cell says, in up to three lines. A `reference` and the third line are never cut."""

    text: str
    second: str = ""
    third: str = ""
    tone: str = "text"
    second_tone: str = "text_secondary"
    role: str = "body"
    reference: bool = False


class Sheet(QWidget):
    """Rows are added from the top; `clear` takes them all away."""

    def __init__(
        self,
        name: str,
        columns: Sequence[SheetColumn],
        *,
        row: str = "row",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._columns, self._row = tuple(columns), row
        self._rows = 0
        self._hidden: frozenset[int] = frozenset()
        self._titles: list[QWidget | None] = []
        self._totals: list[int] = []
        self._strong: list[int] = []
        self._short: list[int] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(0)
        for number, column in enumerate(self._columns):
            self._grid.setColumnStretch(number, column.stretch)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self._head()
        Theme.current().changed.connect(self._retheme)
        self._retheme()

    def add(
        self, cells: Sequence[Says | QWidget | None], *, line_above: bool = False, short: bool = False
    ) -> None:
        """A row, one cell a column; None leaves one empty. `line_above` sets it off from those before; `short` is of
        one line where the others have two."""
        self._rows += 1
        if line_above:
            self._strong.append(self._rows)
        if short:
            self._short.append(self._rows)
        self._fill(self._rows, cells)

    def add_total(self, cells: Sequence[Says | QWidget | None]) -> None:
        """The row of totals."""
        self._rows += 1
        self._totals.append(self._rows)
        self._fill(self._rows, cells)

    def clear(self) -> None:
        for row in range(1, self._rows + 1):
            for column in range(len(self._columns)):
                item = self._grid.itemAtPosition(row, column)
                widget = item.widget() if item is not None else None
                if widget is not None:
                    self._grid.removeWidget(widget)
                    widget.hide()
                    widget.deleteLater()
            self._grid.setRowMinimumHeight(row, 0)
        self._rows = 0
        self._totals.clear()
        self._strong.clear()
        self._short.clear()
        self.update()

    def hide_columns(self, numbers: frozenset[int]) -> bool:
        """Leave these columns out from the next row on; says whether they were others before."""
        changed, self._hidden = numbers != self._hidden, numbers
        for number, title in enumerate(self._titles):
            if title is not None:
                title.setVisible(number not in numbers)
                row = title.layout()
                edge = row.itemAt(0) if row is not None else None
                spacer = edge.spacerItem() if edge is not None else None
                if row is not None and spacer is not None:
                    spacer.changeSize(_EDGE if number == self._first else _CELL, 0)
                    row.invalidate()
        return changed

    @property
    def _first(self) -> int:
        """The first column that is shown: its edge is that of the sheet."""
        return next((n for n in range(len(self._columns)) if n not in self._hidden), 0)

    # building

    def _head(self) -> None:
        for number, column in enumerate(self._columns):
            self._titles.append(None)
            if column.title:
                words = Label(
                    column.title,
                    "small_m",
                    "text_secondary",
                    elide=bool(column.stretch),
                    align=self._align(column),
                )
                self._titles[number] = title = self._padded(number, words)
                self._grid.addWidget(title, 0, number)

    def _fill(self, row: int, cells: Sequence[Says | QWidget | None]) -> None:
        for number, (column, cell) in enumerate(zip(self._columns, cells, strict=True)):
            if cell is None or number in self._hidden:
                continue
            content = self._cell(column, cell) if isinstance(cell, Says) else cell
            self._grid.addWidget(self._padded(number, content), row, number)
        self._retheme()

    def _cell(self, column: SheetColumn, cell: Says) -> QWidget:
        elide, align = bool(column.stretch), self._align(column)
        first = Label(
            cell.text,
            cell.role,
            cell.tone,
            elide=elide and not cell.reference,
            align=align,
            reference=cell.reference,
        )
        if not cell.second:
            return first
        whole = QWidget()
        lines = QVBoxLayout(whole)
        lines.setContentsMargins(0, 4, 0, 4)
        lines.setSpacing(0)
        lines.addStretch(1)
        lines.addWidget(first)
        lines.addWidget(Label(cell.second, "small", cell.second_tone, elide=elide, align=align))
        if cell.third:
            lines.addWidget(Label(cell.third, "small", cell.second_tone, align=align))
        lines.addStretch(1)
        return whole

    @staticmethod
    def _align(column: SheetColumn) -> Qt.AlignmentFlag:
        return Qt.AlignmentFlag.AlignRight if column.trailing else Qt.AlignmentFlag.AlignLeft

    def _padded(self, number: int, content: QWidget) -> QWidget:
        around = QWidget()
        row = QHBoxLayout(around)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        # spacings are mirrored from right to left, margins are not
        row.addSpacing(_EDGE if number == self._first else _CELL)
        row.addWidget(content, 1)
        row.addSpacing(_EDGE if number == len(self._columns) - 1 else _CELL)
        return around

    # painting

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = Theme.current()
        border, divider = theme.colour("border"), theme.colour("divider")
        with QPainter(self) as painter:
            for row in range(self._rows + 1):
                area = self._row_rect(row)
                if row == 0 or row in self._totals:
                    painter.fillRect(area, theme.colour("subtle"))
                if row in self._totals or row in self._strong:
                    painter.fillRect(area.left(), area.top() - 1, area.width(), 1, border)
                edge = border if row == 0 or row in self._totals else divider
                painter.fillRect(area.left(), area.bottom(), area.width(), 1, edge)

    def _row_rect(self, row: int) -> QRect:
        cell = self._grid.cellRect(row, 0)
        return QRect(0, cell.top(), self.width(), cell.height())

    def _retheme(self) -> None:
        theme = Theme.current()
        self._grid.setRowMinimumHeight(0, theme.size("table_header"))
        for row in range(1, self._rows + 1):
            one_line = row in self._totals or row in self._short
            self._grid.setRowMinimumHeight(row, theme.size("row" if one_line else self._row))
        self.update()
