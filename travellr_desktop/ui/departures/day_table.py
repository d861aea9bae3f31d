"""The table of a day, with the line of now between what has left and what is to come.

The line stands between two rows and takes no row's place: the rows below it begin lower. It moves by itself, and
nothing scrolls for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from travellr_desktop.ui.parts import paint
from travellr_desktop.ui.tables import Density, PagedModel, TableView
from travellr_desktop.ui.theme import Theme

_HIGH = 24
_DOT = 3.0
_LEAST_RULE = 40


class DayTable(TableView):
    """`show_now` says where the line stands and what it says."""

    def __init__(self, model: PagedModel[Any], *, title: str, parent: QWidget | None = None) -> None:
        self._now_at: int | None = None
        self._now_words = ("", "")
        self._gap_row = -1
        super().__init__(model, title=title, density=Density.TWO_LINE, parent=parent)
        for arrived in (model.shown, model.counted, model.reread):
            arrived.connect(self._keep_gap)

    # the line

    @property
    def now_at(self) -> int | None:
        """The first row below the line; None where there is no line."""
        return self._now_at

    @property
    def now_words(self) -> str:
        """The line in words, for screen readers."""
        return ", ".join(part for part in self._now_words if part) if self._now_at is not None else ""

    def show_now(self, at: int | None, time: str = "", next_words: str = "") -> None:
        """Put the line above the row `at` (as many as there are rows: below the last); None takes it away."""
        self._now_at, self._now_words = at, (time, next_words)
        self.setAccessibleDescription(self.now_words)
        self.viewport().setToolTip(next_words if at is not None else "")
        self._keep_gap()
        self.viewport().update()

    def _gap(self) -> int:
        return Theme.current().px(_HIGH) if self._now_at is not None else 0

    def _keep_gap(self, *_: object) -> None:
        """The row at the line is told to Qt as higher, which keeps the length of the scroll bar right."""
        rows, count = self.verticalHeader(), self.model().rowCount()
        wanted = -1 if self._now_at is None or not count else min(self._now_at, count - 1)
        if 0 <= self._gap_row < count and self._gap_row != wanted:
            rows.resizeSection(self._gap_row, self.row_height)
        if wanted >= 0:
            rows.resizeSection(wanted, self.row_height + self._gap())
        self._gap_row = wanted
        self.updateGeometries()

    def _apply_density(self) -> None:
        super()._apply_density()
        self._keep_gap()

    # places

    def top_of(self, position: int) -> int:
        below = self._now_at is not None and position >= self._now_at
        return position * self.row_height + (self._gap() if below else 0)

    def position_at(self, y: int) -> int:
        if self._now_at is None or y < self._now_at * self.row_height:
            return y // self.row_height
        return max((y - self._gap()) // self.row_height, self._now_at)

    def runs(self, first: int, last: int) -> Sequence[range]:
        if self._now_at is None or not first < self._now_at <= last:
            return (range(first, last + 1),)
        return (range(first, self._now_at), range(self._now_at, last + 1))

    # painting

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._now_at is None or not self.model().rowCount():
            return
        top = self._now_at * self.row_height - self.verticalOffset()
        place = QRect(0, top, self.viewport().width(), self._gap())
        if place.intersects(event.rect()):
            with QPainter(self.viewport()) as painter:
                self._paint_now(painter, place)

    def _paint_now(self, painter: QPainter, place: QRect) -> None:
        theme, view = Theme.current(), self.viewport()
        painter.fillRect(place, theme.colour("surface"))
        painter.fillRect(QRect(place.x(), place.bottom(), place.width(), 1), theme.colour("divider"))
        edge, gap = theme.size("edge_pad"), theme.px(8)
        time, words = self._now_words
        strong, small = theme.font("small_m"), theme.font("small")
        wide = paint.width_of(time, strong)
        left = edge + wide + gap
        room = place.width() - left - edge - gap - theme.px(_LEAST_RULE)
        said = min(paint.width_of(words, small), max(room, 0))
        right = place.width() - edge - (said + gap if said else 0)
        high = place.height() - 1

        def at(x: int, width: int) -> QRect:
            return paint.leading(view, QRect(x, 0, width, view.height())).adjusted(
                0, place.y(), 0, place.y() + high - view.height()
            )

        accent = theme.colour("accent")
        paint.words(painter, at(edge, wide), time, strong, theme.colour("accent_text"))
        middle = place.y() + high / 2
        rule = QRectF(at(left, max(right - left, 0)))
        painter.fillRect(QRectF(rule.left(), middle - 0.75, rule.width(), 1.5), accent)
        dot = rule.right() if view.layoutDirection() is Qt.LayoutDirection.RightToLeft else rule.left()
        spot = QRectF(dot - _DOT, middle - _DOT, 2 * _DOT, 2 * _DOT)
        paint.box(painter, spot, fill=accent, radius=_DOT)
        if said:
            tone = theme.colour("text_secondary")
            trailing = Qt.AlignmentFlag.AlignRight
            paint.words(painter, at(right + gap, said), words, small, tone, trailing, elide=True)
