"""A figure with where it comes from: cards of rows, each of which opens its bookings."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from travellr_desktop.ui.parts import paint
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.pane import Card, Divider
from travellr_desktop.ui.parts.press import Pressable
from travellr_desktop.ui.theme import Theme

_GAP = 8
_AROUND = 6


class FigureRow(Pressable):
    """An icon, words, quieter words and an amount on one line, pressed to see what is behind it. The quieter words
    are left to the tooltip where there is too little room for all of them."""

    def __init__(
        self,
        words: str,
        amount: str = "",
        *,
        quiet: str = "",
        icon: str = "",
        tone: str = "text_secondary",
        strong: bool = False,
        opens: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.words, self.amount, self.quiet = words, amount, quiet
        self._icon, self._tone, self._strong, self._opens = icon, tone, strong, opens
        self.setAccessibleName(" ".join(part for part in (words, quiet, amount) if part))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._tip()

    def _font_names(self) -> tuple[str, str]:
        return ("lead" if self._opens else "body_b", "body_b") if self._strong else ("body", "body_m")

    def _least(self) -> int:
        """Without the quieter words."""
        theme = Theme.current()
        words, amount = self._font_names()
        wide = paint.width_of(self.words, theme.font(words)) + paint.width_of(self.amount, theme.font(amount))
        wide += theme.size("icon") + theme.px(_GAP) if self._icon else 0
        wide += theme.size("icon") if self._opens else 0
        return wide + (theme.px(2 * _GAP) if self.amount else 0) + 2 * _AROUND

    def sizeHint(self) -> QSize:
        theme = Theme.current()
        quiet = theme.px(_GAP) + paint.width_of(self.quiet, theme.font("small")) if self.quiet else 0
        return QSize(self._least() + quiet, theme.px(24))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._least(), self.sizeHint().height())

    def _tip(self) -> None:
        self.setToolTip(self.quiet)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = Theme.current()
        words_font, amount_font = (theme.font(name) for name in self._font_names())
        with QPainter(self) as painter:
            if self.over or self.ring:
                fill = theme.colour("hover") if self.over else None
                line = theme.colour("focus") if self.ring else None
                paint.box(painter, self.rect(), fill=fill, line=line, radius=4, width=2)
            around, gap, high = _AROUND, theme.px(_GAP), self.height()
            at, end = around, self.width() - around

            def place(x: int, wide: int) -> QRect:
                return paint.leading(self, QRect(x, 0, wide, high))

            if self._icon:
                size = theme.size("icon")
                paint.icon(painter, paint.centred(place(at, size), size), self._icon, self._tone)
                at += size + gap
            if self._opens:
                size = theme.size("icon")
                end -= size
                paint.icon(painter, paint.centred(place(end, size), size), "chevron-right", "text_secondary")
            if self.amount:
                wide = paint.width_of(self.amount, amount_font)
                end -= wide
                paint.words(painter, place(end, wide), self.amount, amount_font, theme.colour("text"))
                end -= gap
            tone = "text" if self._strong or self._icon else "text_secondary"
            wide = paint.width_of(self.words, words_font)
            paint.words(painter, place(at, wide), self.words, words_font, theme.colour(tone))
            at += wide + gap
            small = theme.font("small")
            if self.quiet and end - at >= paint.width_of(self.quiet, small):
                paint.words(painter, place(at, end - at), self.quiet, small, theme.colour("text_secondary"))


class FigureCard(Card):
    """A title, one loud figure, a sentence, and the rows that it is made of. `asked(key)` names what was pressed:
    "" for the title."""

    asked = Signal(str)

    def __init__(self, icon: str, tone: str, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._icon, self._tone, self.title = icon, tone, title
        self.rows: list[FigureRow] = []
        self.head = FigureRow(title, icon=icon, tone=tone, strong=True, opens=True)
        self.head.clicked.connect(lambda: self.asked.emit(""))
        self.figure = Label("", "figure")
        self.second = Label("", "body", "text_secondary", wrap=True)
        self._body = QVBoxLayout()
        self._body.setSpacing(0)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(10, 12, 10, 12)
        self._column.setSpacing(0)
        self._column.addWidget(self.head)
        for label in (self.figure, self.second):
            label.setContentsMargins(_AROUND, 0, _AROUND, 0)
            self._column.addWidget(label)
        self._column.addSpacing(8)
        self._column.addWidget(Divider())
        self._column.addSpacing(6)
        self._column.addLayout(self._body)
        self._column.addStretch(1)

    def show_figure(self, title: str, figure: str, second: str, rows: list[tuple[str, FigureRow]]) -> None:
        """`rows` with the key that each asks for."""
        if title != self.title:
            self.title = title
            self.head.words = title
            self.head.setAccessibleName(title)
            self.head.retheme()
        self.figure.setText(figure)
        self.figure.setAccessibleName(f"{title} {figure}")
        self.second.setText(second)
        self.second.setVisible(bool(second))
        refill(self._body, self.rows, [row for _key, row in rows])
        for key, row in rows:
            row.clicked.connect(lambda _on=False, key=key: self.asked.emit(key))


def refill(column: QVBoxLayout, before: list[FigureRow], now: list[FigureRow]) -> None:
    """Put other rows in place of those there; the keyboard stays at the place where it was."""
    at = next((index for index, row in enumerate(before) if row.hasFocus()), None)
    for row in now:
        column.addWidget(row)
        row.show()  # now: what is not shown yet takes no keyboard
    if at is not None and now:
        now[min(at, len(now) - 1)].setFocus()
    for row in before:
        column.removeWidget(row)
        row.hide()
        row.deleteLater()
    before[:] = now
