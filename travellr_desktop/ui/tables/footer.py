"""The line below a table: what is selected, how many rows there are, and their sums."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from travellr_desktop.ui.parts import paint
from travellr_desktop.ui.theme import Theme


class TableFooter(QWidget):
    """`sums` are (title, amounts) of what is filtered, one amount a currency. Its accessible name says it
    all.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._selected = 0
        self._hint = ""
        self._rows = ""
        self._sums: tuple[tuple[str, str], ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        Theme.current().changed.connect(self._retheme)

    def set_selected(self, count: int, hint: str = "") -> None:
        """Nothing is said of no selection; the hint stands after the number."""
        self._selected, self._hint = count, hint
        self._said()

    def set_rows(self, words: str) -> None:
        self._rows = words
        self._said()

    def set_sums(self, sums: Sequence[tuple[str, str]]) -> None:
        self._sums = tuple(sums)
        self._said()

    @property
    def words(self) -> str:
        """Everything it shows, as one sentence."""
        parts = [self._selected_words, self._rows, *(f"{title} {amount}" for title, amount in self._sums)]
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
        for text, role, tone, before in reversed(self._trailing()):
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

    def _trailing(self) -> list[tuple[str, str, str, int]]:
        """(text, font, tone, space before) from left to right."""
        near, far = Theme.current().px(6), Theme.current().px(12)
        parts = [(self._rows, "small", "text_secondary", far)]
        for title, amount in self._sums:
            parts += [(title, "small", "text_secondary", far), (amount, "body_b", "text", near)]
        return parts

    def _words(self, painter: QPainter, x: int, wide: int, text: str, role: str, tone: str) -> None:
        theme = Theme.current()
        place = paint.leading(self, QRect(x, 1, wide + 1, self.height() - 1))
        align = Qt.AlignmentFlag.AlignLeft
        paint.words(painter, place, text, theme.font(role), theme.colour(tone), align)

    def _said(self) -> None:
        self.setAccessibleName(self.words)
        self.update()

    def _retheme(self) -> None:
        self.updateGeometry()
        self.update()


def sums_of(
    sums: Mapping[str, Mapping[str, int]], titles: Mapping[str, str], amount: Callable[[int, str], str]
) -> list[tuple[str, str]]:
    """The list's sums as words: columns in the order of `titles`, amounts of several currencies side by side.

    `amount` makes words of minor units and a currency. A sum of nothing is left out.
    """
    return [
        (title, " + ".join(amount(minor, currency) for currency, minor in sums[key].items()))
        for key, title in titles.items()
        if sums.get(key)
    ]
