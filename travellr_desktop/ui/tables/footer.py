"""The line below a table: what is selected, how many rows there are, and their sums."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from travellr_desktop.ui.parts import paint
from travellr_desktop.ui.tables.sums import Sum, forms
from travellr_desktop.ui.theme import Theme


class TableFooter(QWidget):
    """What does not fit is left out whole, the rarer currencies first, and said in the tooltip. Its accessible
    name says it all.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._selected = 0
        self._hint = ""
        self._rows = ""
        self._sums: tuple[Sum, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        Theme.current().changed.connect(self._retheme)

    def set_selected(self, count: int, hint: str = "") -> None:
        """Nothing is said of no selection; the hint stands after the number."""
        self._selected, self._hint = count, hint
        self._said()

    def set_rows(self, words: str) -> None:
        self._rows = words
        self._said()

    def set_sums(self, sums: Sequence[Sum]) -> None:
        self._sums = tuple(sums)
        self._said()

    @property
    def words(self) -> str:
        """Everything it shows, as one sentence."""
        parts = [self._selected_words, self._rows, *(each.words for each in self._sums)]
        return " · ".join(part for part in parts if part)

    @property
    def _selected_words(self) -> str:
        return self.tr("{0} selected").format(f"{self._selected:,}") if self._selected else ""

    def sizeHint(self) -> QSize:
        return QSize(200, Theme.current().size("table_header"))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, rect = Theme.current(), self.rect()
        painter = QPainter(self)
        painter.fillRect(rect, theme.colour("subtle"))
        painter.fillRect(0, 0, rect.width(), 1, theme.colour("border"))
        edge, gap = theme.size("edge_pad"), theme.px(8)
        right = rect.width() - edge
        for text, role, tone, before in reversed(self._fitting()):
            wide = paint.width_of(text, theme.font(role))
            right -= wide
            self._words(painter, right, wide, text, role, tone)
            right -= before
        left = edge
        for text, role, tone in (
            (self._selected_words, "small_m", "text"),
            (self._hint if self._selected else "", "small", "text_muted"),
        ):
            wide = paint.width_of(text, theme.font(role))
            if text and left + wide <= right:
                self._words(painter, left, wide, text, role, tone)
                left += wide + gap
        painter.end()

    def _fitting(self) -> list[tuple[str, str, str, int]]:
        """The fullest form that leaves room for what is selected; (text, font, tone, space before) each."""
        theme = Theme.current()
        room = self.width() - 2 * theme.size("edge_pad")
        if self._selected:
            room -= paint.width_of(self._selected_words, theme.font("small_m"))
        for sums in forms(self._sums, self._more):
            parts = self._trailing(sums)
            if self._wide(parts) <= room:
                return parts
        return []

    @property
    def shown(self) -> str:
        """The rows and sums that fit, as one line."""
        return " ".join(text for text, *_ in self._fitting())

    def _more(self, count: int) -> str:
        return self.tr("1 currency") if count == 1 else self.tr("{0} currencies").format(count)

    @staticmethod
    def _wide(parts: Sequence[tuple[str, str, str, int]]) -> int:
        theme = Theme.current()
        return sum(paint.width_of(text, theme.font(role)) + before for text, role, _, before in parts if text)

    def _trailing(self, sums: Sequence[tuple[str, str]]) -> list[tuple[str, str, str, int]]:
        """(text, font, tone, space before) from left to right."""
        near, far = Theme.current().px(6), Theme.current().px(12)
        parts = [(self._rows, "small", "text_secondary", far)]
        for title, amount in sums:
            parts += [(title, "small", "text_secondary", far), (amount, "body_b", "text", near)]
        return parts

    def _words(self, painter: QPainter, x: int, wide: int, text: str, role: str, tone: str) -> None:
        theme = Theme.current()
        place = paint.leading(self, QRect(x, 1, wide + 1, self.height() - 1))
        align = Qt.AlignmentFlag.AlignLeft
        paint.words(painter, place, text, theme.font(role), theme.colour(tone), align)

    def _said(self) -> None:
        self.setAccessibleName(self.words)
        self._tip()
        self.update()

    def _tip(self) -> None:
        """What is left out, a line a column."""
        whole = " ".join(text for text, *_ in self._trailing(next(forms(self._sums, self._more))))
        cut = bool(self._sums) and self.shown != whole
        self.setToolTip("\n".join(each.words for each in self._sums) if cut else "")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._tip()

    def _retheme(self) -> None:
        self._tip()
        self.updateGeometry()
        self.update()
