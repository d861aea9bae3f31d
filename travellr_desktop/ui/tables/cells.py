"""What a row's cells look like, worked out once and kept while the row is in sight."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPixmap
from PySide6.QtWidgets import QWidget

from travellr_desktop.ui.parts.badge import badge_width, paint_badge
from travellr_desktop.ui.parts.seatmeter import Seats, paint_seats
from travellr_desktop.ui.tables.columns import NOTHING, Column, Kind
from travellr_desktop.ui.theme import Theme

_ROWS_KEPT = 512
_PICTURES_KEPT = 512


class Cell:
    """One cell as it is drawn: text (cut to its column where it may be), its width, colours, badge, seats."""

    __slots__ = (
        "cut",
        "end",
        "end_width",
        "picture",
        "second",
        "second_tone",
        "second_width",
        "text",
        "tone",
        "width",
    )

    def __init__(self) -> None:
        self.text = ""
        self.width = 0.0
        self.tone: QColor | None = None
        self.second = ""
        self.second_width = 0.0
        self.second_tone: QColor | None = None
        self.end = ""
        self.end_width = 0.0
        self.picture: QPixmap | None = None
        self.cut = False


class ColumnFont:
    """Font, metrics and colours of a column's cells in the theme of now."""

    __slots__ = ("font", "metrics", "second_font", "second_metrics", "second_tone", "tone")

    def __init__(self, column: Column[Any], theme: Theme) -> None:
        strong = column.strong or column.kind in (Kind.REFERENCE, Kind.MONEY, Kind.TWO_LINE)
        self.font: QFont = theme.font("body_m" if strong else "body", reference=column.kind is Kind.REFERENCE)
        self.metrics = QFontMetricsF(self.font)
        self.second_font: QFont = theme.font("small_m" if column.kind is Kind.METER else "small")
        self.second_metrics = QFontMetricsF(self.second_font)
        self.tone = theme.colour("text")
        self.second_tone = theme.colour("text_secondary")


class Cells:
    """Makes cells and keeps those of the rows in sight. `forget` after anything they depend on has changed."""

    def __init__(self, columns: Sequence[Column[Any]], widget: QWidget) -> None:
        self._columns = columns
        self._widget = widget
        self._rows: dict[int, list[Cell | None]] = {}
        self._pictures: dict[tuple[object, ...], QPixmap] = {}
        self.too_narrow: dict[int, int] = {}
        """Columns whose content must not be cut, and the room it needs; whoever widens them clears it."""
        self.restyle()

    def restyle(self) -> None:
        """Theme, text size or direction changed."""
        theme = Theme.current()
        self.fonts = [ColumnFont(column, theme) for column in self._columns]
        self._muted = theme.colour("text_muted")
        self.icon_lead = theme.size("icon") + theme.px(8)
        """What an icon and the space after it take of a text cell."""
        self._pictures.clear()
        self._rows.clear()

    def forget(self) -> None:
        self._rows.clear()

    def of(self, position: int, row: Any, places: Sequence[tuple[int, int, int]]) -> list[Cell | None]:
        """The cells of a row; `places` are (column, x, room for text) of the columns in sight."""
        cells = self._rows.get(position)
        if cells is None:
            if len(self._rows) >= _ROWS_KEPT:
                self._rows.clear()
            cells = self._rows[position] = [None] * len(self._columns)
        for column, _, room in places:
            if cells[column] is None:
                cells[column] = self._make(column, row, room)
        return cells

    def _make(self, number: int, row: Any, room: int) -> Cell:
        column, style, cell = self._columns[number], self.fonts[number], Cell()
        cell.text = column.text(row)
        if column.kind is Kind.BADGE and column.badge is not None:
            self._make_badge(cell, column.badge(row))
            self._check(number, cell.width, room)
            return cell
        if column.kind is Kind.METER and column.meter is not None:
            self._make_meter(cell, column.meter(row), room)
        tone = column.tone(row) if column.tone is not None else ""
        if tone:
            cell.tone = Theme.current().colour(tone)
        elif cell.text == NOTHING:
            cell.tone = self._muted
        cell.width = style.metrics.horizontalAdvance(cell.text)
        if column.second is not None:
            cell.second = column.second(row)
            cell.second_width = style.second_metrics.horizontalAdvance(cell.second)
            second_tone = column.second_tone(row) if column.second_tone is not None else ""
            cell.second_tone = Theme.current().colour(second_tone) if second_tone else None
        if column.second_end is not None:
            cell.end = column.second_end(row)
            cell.end_width = style.second_metrics.horizontalAdvance(cell.end)
        if column.icon is not None and (icon := column.icon(row)):
            cell.picture = self._icon(icon)
            room -= self.icon_lead
        if column.elides:
            self._cut(cell, style, room)
        else:
            gap = 8 if cell.end else 0
            self._check(number, max(cell.width, cell.second_width + cell.end_width + gap), room)
        return cell

    def _cut(self, cell: Cell, style: ColumnFont, room: int) -> None:
        right = Qt.TextElideMode.ElideRight
        if cell.width > room:
            cell.cut = True
            cell.text = style.metrics.elidedText(cell.text, right, room)
            cell.width = style.metrics.horizontalAdvance(cell.text)
        if cell.second_width > room:
            cell.cut = True
            cell.second = style.second_metrics.elidedText(cell.second, right, room)
            cell.second_width = style.second_metrics.horizontalAdvance(cell.second)

    def _check(self, column: int, width: float, room: int) -> None:
        if width > room:
            self.too_narrow[column] = max(math.ceil(width), self.too_narrow.get(column, 0))

    def _icon(self, name: str) -> QPixmap:
        theme = Theme.current()
        size = theme.size("icon")
        return theme.pixmap(name, "text_secondary", size, self._widget.devicePixelRatioF())

    def _make_badge(self, cell: Cell, status: str) -> None:
        theme = Theme.current()
        look = theme.status(status)
        word = cell.text or look.word
        wide, high = badge_width(word), theme.size("badge")

        def draw(painter: QPainter, area: QRect) -> None:
            paint_badge(painter, self._widget, area, status, word, filled=look.filled)

        cell.picture = self._picture((status, word), wide, high, draw)
        # hangs out by its padding at the start, and an unfilled one at the end as well
        cell.width = wide - theme.px(8) * (1 if look.filled else 2)

    def _make_meter(self, cell: Cell, seats: Seats, room: int) -> None:
        mirrored = self._widget.isRightToLeft()

        def draw(painter: QPainter, area: QRect) -> None:
            paint_seats(painter, area, seats, mirrored=mirrored)

        cell.picture = self._picture(
            (seats, room, mirrored), max(room, 8), Theme.current().size("meter"), draw
        )

    def _picture(
        self, key: tuple[object, ...], width: int, height: int, draw: Callable[[QPainter, QRect], None]
    ) -> QPixmap:
        """Badges and meters are painted once each: a list has thousands of rows and a dozen states."""
        ratio = self._widget.devicePixelRatioF()
        picture = self._pictures.get((*key, ratio))
        if picture is None:
            if len(self._pictures) >= _PICTURES_KEPT:
                self._pictures.clear()
            picture = QPixmap(math.ceil(width * ratio), math.ceil(height * ratio))
            picture.setDevicePixelRatio(ratio)
            picture.fill(Qt.GlobalColor.transparent)
            painter = QPainter(picture)
            painter.setLayoutDirection(self._widget.layoutDirection())
            draw(painter, QRect(0, 0, width, height))
            painter.end()
            self._pictures[*key, ratio] = picture
        return picture
