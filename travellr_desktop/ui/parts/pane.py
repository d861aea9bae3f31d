"""Surfaces and lines: panes with 1 px edges, cards for peers, dividers, scrolling, key and money rows."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from travellr_desktop.ui.parts import paint
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.theme import Theme

Edge = Literal["left", "right", "top", "bottom"]


class Pane(QWidget):
    """A plain area with lines on the named edges ("left" is the leading one). Give it any layout."""

    def __init__(
        self, fill: str = "surface", *, edges: tuple[Edge, ...] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._fill, self._edges = fill, edges
        Theme.current().changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = Theme.current()
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), theme.colour(self._fill))
            wide, high, line = self.width(), self.height(), theme.colour("border")
            places = {
                "left": paint.leading(self, QRect(0, 0, 1, high)),
                "right": paint.leading(self, QRect(wide - 1, 0, 1, high)),
                "top": QRect(0, 0, wide, 1),
                "bottom": QRect(0, high - 1, wide, 1),
            }
            for edge in self._edges:
                painter.fillRect(places[edge], line)


class Card(QWidget):
    """A bordered box with rounded corners, for peers and for what stands apart. Give it any layout."""

    def __init__(
        self,
        fill: str = "surface",
        *,
        line: str = "border",
        radius: str = "card",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._fill, self._line, self._radius = fill, line, radius
        Theme.current().changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = Theme.current()
        with QPainter(self) as painter:
            fill, line = theme.colour(self._fill), theme.colour(self._line)
            paint.box(painter, self.rect(), fill=fill, line=line, radius=theme.radius(self._radius))


class Divider(QWidget):
    """A hairline. Horizontal unless `upright`."""

    def __init__(
        self, *, upright: bool = False, tone: str = "divider", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._tone = tone
        fixed, free = QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding
        self.setSizePolicy(fixed if upright else free, free if upright else fixed)
        Theme.current().changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(1, 1)

    def minimumSizeHint(self) -> QSize:
        return QSize(1, 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), Theme.current().colour(self._tone))


class ScrollArea(QScrollArea):
    """Scrolls its content up and down only; the content is as wide as the area."""

    def __init__(self, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setAutoFillBackground(False)
        content.setAutoFillBackground(False)
        self.setWidget(content)
        content.setAutoFillBackground(False)  # setWidget switches it on
        content.installEventFilter(self)

    def minimumSizeHint(self) -> QSize:
        content = self.widget()
        return QSize(content.minimumSizeHint().width() if content else 0, 48)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)


class Section(QWidget):
    """A title (`lead`, or `small_m` when `quiet`) with room for one action, and a `body` layout below."""

    def __init__(
        self,
        title: str,
        *,
        quiet: bool = False,
        action: QWidget | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.title = Label(
            title,
            "small_m" if quiet else "lead",
            "text_secondary" if quiet else "text",
            elide=True,
        )
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.title, 1)
        if action is not None:
            head.addWidget(action)
        self.body = QVBoxLayout()
        self.body.setSpacing(8)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(head)
        column.addLayout(self.body)


class MoneyRows(QWidget):
    """Words at the leading edge, amounts at the trailing one, each in its weight."""

    def __init__(self, *, gap: int = 4, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(gap)
        self._grid.setColumnStretch(0, 1)

    def sizeHint(self) -> QSize:
        """As high as its words are in the width it has: a fixed height knows nothing of words that wrap."""
        hint = super().sizeHint()
        return QSize(hint.width(), self.heightForWidth(self.width()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def add(
        self,
        words: str,
        amount: str,
        *,
        strong: bool = False,
        quiet: bool = False,
        tone: str | None = None,
    ) -> tuple[Label, Label]:
        """A row: `strong` for totals, `quiet` for shares; `tone` colours both sides (what is due)."""
        role = "body_b" if strong else "small" if quiet else "body"
        words_tone = tone or ("text" if strong else "text_muted" if quiet else "text_secondary")
        amount_role = "body_b" if strong or tone else "small" if quiet else "body_m"
        left = Label(words, role, words_tone, wrap=True)
        amount_tone = tone or ("text_muted" if quiet else "text")
        right = Label(amount, amount_role, amount_tone, align=Qt.AlignmentFlag.AlignRight)
        at = self._grid.rowCount()
        self._grid.addWidget(left, at, 0)
        self._grid.addWidget(right, at, 1, Qt.AlignmentFlag.AlignTop)
        right.setAccessibleName(f"{words} {amount}")
        return left, right

    def add_total(self, words: str, amount: str) -> tuple[Label, Label]:
        """The total of a ticket, with the amount in the size `total`."""
        left = Label(words, "lead", elide=True)
        right = Label(amount, "total", align=Qt.AlignmentFlag.AlignRight)
        at = self._grid.rowCount()
        self._grid.addWidget(left, at, 0)
        self._grid.addWidget(right, at, 1)
        right.setAccessibleName(f"{words} {amount}")
        return left, right

    def clear(self) -> None:
        while (taken := self._grid.takeAt(0)) is not None:
            if (label := taken.widget()) is not None:
                label.hide()
                label.deleteLater()


class Facts(QWidget):
    """Small titles over stronger values, in as many equal columns as asked for: "Free now" over "3 of 6"."""

    def __init__(self, *, columns: int = 2, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._columns, self._count = columns, 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(20)
        self._grid.setVerticalSpacing(0)

    def add(self, title: str, value: str, *, tone: str = "text", wrap: bool = False) -> Label:
        """Returns the label of the value, to be changed later."""
        row, column = divmod(self._count, self._columns)
        if row:
            self._grid.setRowMinimumHeight(3 * row - 1, 8)
        self._grid.addWidget(Label(title, "small", "text_secondary", elide=True), 3 * row, column)
        shown = Label(value, "body_m", tone, wrap=wrap)
        shown.setAccessibleName(f"{title}: {value}")
        self._grid.addWidget(shown, 3 * row + 1, column, Qt.AlignmentFlag.AlignTop)
        self._count += 1
        return shown
