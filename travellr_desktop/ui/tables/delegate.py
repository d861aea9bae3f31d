"""How rows are painted: the one delegate of all tables.

It paints a screenful at a time, column by column, so that a font is set once for a column and not for each
cell, and it makes nothing while it paints what was in sight before. A `QStyledItemDelegate` would be called
once a cell, with a new option each, and the style sheet asked for each: several times the work.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter
from PySide6.QtWidgets import QWidget

from travellr_desktop.ui.tables.cells import Cell, Cells
from travellr_desktop.ui.tables.columns import Kind
from travellr_desktop.ui.tables.model import PagedModel
from travellr_desktop.ui.theme import Theme

_Lines = Sequence[tuple[int, list[Cell | None]]]
"""Rows to paint: where each begins, and its cells by column."""


class Span(NamedTuple):
    """A column in sight: its number, and where it lies on the viewport."""

    column: int
    x: int
    width: int
    first: bool
    last: bool


class Look(NamedTuple):
    """What of the rows depends on the person: selected and hovered rows, and whether the table has the focus."""

    selected: Collection[int]
    hovered: int
    focused: bool
    cursor: int


class RowDelegate:
    """Paints rows of a model onto a viewport. `restyle` after theme or text size changed."""

    def __init__(self, model: PagedModel[Any], viewport: QWidget) -> None:
        self._model = model
        self._viewport = viewport
        self._mirrored = False
        self.cells = Cells(model.columns, viewport)
        self.restyle()

    def restyle(self) -> None:
        theme = Theme.current()
        self.cells.restyle()
        self._surface, self._hover = theme.colour("surface"), theme.colour("hover")
        self._selection, self._divider = theme.colour("selection"), theme.colour("divider")
        self._accent, self._control = theme.colour("accent"), theme.colour("border_control")
        self._muted, self._pale = theme.colour("text_muted"), theme.colour("pressed")
        self._focus = theme.colour("focus")
        self._pad, self._edge = theme.px(theme.tokens.size["cell_pad"]), theme.size("edge_pad")
        self._bar = theme.tokens.size["selection_bar"]
        self._first_line, self._second_line = theme.line("body"), theme.line("small")
        self._icon_pad = theme.px(8)
        self._two_lines = theme.size("row_two_line")

    def room(self, span: Span) -> int:
        """Pixels that text has in a column."""
        return span.width - self._before(span) - self._after(span)

    def padding(self, first: bool, last: bool) -> int:
        """What a column needs beside its content."""
        return (self._edge if first else self._pad) + (self._edge if last else self._pad)

    def paint(
        self,
        painter: QPainter,
        positions: Iterable[int],
        top: int,
        height: int,
        spans: Sequence[Span],
        look: Look,
    ) -> None:
        """Paint rows from `top` down, each `height` high, onto the full width of the viewport."""
        model, width = self._model, self._viewport.width()
        self._mirrored = self._viewport.isRightToLeft()
        places = [(span.column, span.x, self.room(span)) for span in spans]
        lines: list[tuple[int, list[Cell | None]]] = []
        for position in positions:
            self._paint_back(painter, position, top, height, width, look)
            row = model.row(position)
            if row is not None:
                lines.append((top, self.cells.of(position, row, places)))
            elif model.gone(position):
                self._paint_gone(painter, top, height, spans)
            elif model.late:
                self.paint_pale(painter, position, top, height, spans)
            top += height
        for span in spans:
            self._paint_column(painter, span, lines, height)

    def paint_pale(
        self, painter: QPainter, position: int, top: int, height: int, spans: Sequence[Span]
    ) -> None:
        """Bars in place of a row that is taking long."""
        self._mirrored = self._viewport.isRightToLeft()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._pale)
        for span in spans:
            room = self.room(span)
            # uneven, as words are, and the same each time
            part = 0.45 + (position * 37 + span.column * 61) % 40 / 100
            long = max(room * part, min(room, 16))
            trailing = self._model.columns[span.column].trailing
            x = self._start(span, long, trailing)
            painter.drawRoundedRect(QRectF(x, top + (height - 9) // 2, long, 8), 4, 4)
        painter.restore()

    def cut_words(self, position: int, x: int, spans: Sequence[Span]) -> str:
        """All that the cell at `x` says, if it was cut; nothing for what can be read anyway."""
        row = self._model.row(position)
        for span in spans:
            if row is not None and span.x <= x < span.x + span.width:
                cell = self.cells.of(position, row, [(span.column, span.x, self.room(span))])[span.column]
                return self._model.columns[span.column].says(row) if cell is not None and cell.cut else ""
        return ""

    # one row

    def _paint_back(
        self, painter: QPainter, position: int, top: int, height: int, width: int, look: Look
    ) -> None:
        if position in look.selected:
            painter.fillRect(0, top, width, height, self._selection)
            at = width - self._bar if self._mirrored else 0
            painter.fillRect(at, top, self._bar, height, self._accent if look.focused else self._control)
        elif position == look.hovered:
            painter.fillRect(0, top, width, height, self._hover)
        painter.fillRect(0, top + height - 1, width, 1, self._divider)
        if position == look.cursor and look.focused and position not in look.selected:
            self._frame(painter, QRect(0, top, width, height - 1), self._focus)

    def _frame(self, painter: QPainter, area: QRect, colour: QColor) -> None:
        for side in (
            QRect(area.x(), area.y(), area.width(), 2),
            QRect(area.x(), area.bottom() - 1, area.width(), 2),
            QRect(area.x(), area.y(), 2, area.height()),
            QRect(area.right() - 1, area.y(), 2, area.height()),
        ):
            painter.fillRect(side, colour)

    def _paint_gone(self, painter: QPainter, top: int, height: int, spans: Sequence[Span]) -> None:
        for span in spans:
            if span.first:
                words = self._model.tr("Removed")
                style = self.cells.fonts[span.column]
                painter.setFont(style.font)
                painter.setPen(self._muted)
                at = self._start(span, style.metrics.horizontalAdvance(words), False)
                painter.drawText(round(at), self._baseline(top, height, style.metrics), words)

    # one column

    def _paint_column(self, painter: QPainter, span: Span, lines: _Lines, height: int) -> None:
        column = self._model.columns[span.column]
        two = height >= self._two_lines and column.second is not None
        if column.kind in (Kind.BADGE, Kind.METER):
            self._paint_pictures(painter, span, lines, height, two)
        if span.column in self.cells.too_narrow:
            # never cut: its column is about to grow, until then it stays inside
            painter.setClipRect(span.x, 0, span.width, self._viewport.height())
        # amounts and references read left to right in every language
        natural = column.kind in (Kind.TEXT, Kind.TWO_LINE, Kind.DATE)
        painter.setLayoutDirection(
            Qt.LayoutDirection.LayoutDirectionAuto if natural else Qt.LayoutDirection.LeftToRight
        )
        if column.kind not in (Kind.BADGE, Kind.METER):
            self._paint_first(painter, span, lines, height, two)
        if two:
            self._paint_second(painter, span, lines, height)
        painter.setClipping(False)

    def _paint_first(self, painter: QPainter, span: Span, lines: _Lines, height: int, two: bool) -> None:
        style, trailing = self.cells.fonts[span.column], self._model.columns[span.column].trailing
        high = self._first_line if two else height
        below = self._baseline((self._indent(height) if two else 0), high, style.metrics)
        painter.setFont(style.font)
        for top, cells in lines:
            cell = cells[span.column]
            if cell is not None and cell.text:
                painter.setPen(cell.tone or style.tone)
                at = self._start(span, cell.width, trailing)
                if cell.picture is not None:
                    at = self._paint_icon(painter, span, cell, top, high)
                painter.drawText(round(at), top + below, cell.text)

    def _paint_icon(self, painter: QPainter, span: Span, cell: Cell, top: int, height: int) -> float:
        """The icon before a text; returns where the text begins."""
        assert cell.picture is not None
        lead, size = self.cells.icon_lead, cell.picture.deviceIndependentSize()
        at = self._start(span, lead + cell.width, False)
        icon = at + lead + cell.width - size.width() if self._mirrored else at
        painter.drawPixmap(round(icon), top + int(height - size.height()) // 2, cell.picture)
        return at if self._mirrored else at + lead

    def _paint_second(self, painter: QPainter, span: Span, lines: _Lines, height: int) -> None:
        style, trailing = self.cells.fonts[span.column], self._model.columns[span.column].trailing
        below = self._baseline(
            self._indent(height) + self._first_line, self._second_line, style.second_metrics
        )
        painter.setFont(style.second_font)
        for top, cells in lines:
            cell = cells[span.column]
            if cell is None:
                continue
            painter.setPen(cell.second_tone or style.second_tone)
            painter.drawText(round(self._start(span, cell.second_width, trailing)), top + below, cell.second)
            if cell.end:
                painter.setPen(style.second_tone)
                at = self._start(span, cell.end_width, not trailing)
                painter.drawText(round(at), top + below, cell.end)

    def _paint_pictures(self, painter: QPainter, span: Span, lines: _Lines, height: int, two: bool) -> None:
        """Badges and meters."""
        badge = self._model.columns[span.column].kind is Kind.BADGE
        indent = self._indent(height) if two else 0
        band = self._first_line if two else height
        # a badge hangs out by its padding, so that the icons of filled and unfilled ones stand in one line
        hang = self._icon_pad * (1 if self._mirrored else -1) if badge else 0
        for top, cells in lines:
            cell = cells[span.column]
            if cell is None or cell.picture is None:
                continue
            size = cell.picture.deviceIndependentSize()
            x = self._start(span, size.width(), False) + hang
            painter.drawPixmap(round(x), top + indent + int(band - size.height()) // 2, cell.picture)

    # places

    def _indent(self, height: int) -> int:
        return (height - 1 - self._first_line - self._second_line) // 2

    def _before(self, span: Span) -> int:
        return self._edge if span.first else self._pad

    def _after(self, span: Span) -> int:
        return self._edge if span.last else self._pad

    def _start(self, span: Span, width: float, trailing: bool) -> float:
        """The left end of something `width` wide in a column."""
        if trailing is self._mirrored:
            near = self._after(span) if trailing else self._before(span)
            return span.x + near
        near = self._after(span) if trailing else self._before(span)
        return span.x + span.width - near - width

    def _baseline(self, top: int, height: int, metrics: QFontMetricsF) -> int:
        return round(top + (height - metrics.height()) / 2 + metrics.ascent())
