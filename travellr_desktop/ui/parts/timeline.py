"""What happened, or what will: icon, title, second line and time, joined by a thin line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QLineF, QPointF, QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSpacerItem, QVBoxLayout, QWidget

from travellr_desktop.ui.parts import paint
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.theme import Theme


@dataclass(frozen=True, slots=True)
class TimelineItem:
    """`tone` colours the icon; `time` is already text in the reader's locale."""

    icon: str
    title: str
    second: str = ""
    time: str = ""
    tone: str = "text_secondary"


class _Row(QWidget):
    def __init__(self, item: TimelineItem, *, last: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._item, self._last = item, last
        theme = Theme.current()
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0 if last else 8)
        self._row.setSpacing(12)
        self._gap = QSpacerItem(theme.size("icon") + 10, 1)
        self._row.addSpacerItem(self._gap)
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(Label(item.title, "body", wrap=True))
        if item.second:
            column.addWidget(Label(item.second, "small", "text_secondary", wrap=True))
        self._row.addLayout(column, 1)
        if item.time:
            time = Label(item.time, "small", "text_secondary")
            time.setContentsMargins(0, 2, 0, 0)  # on the baseline of the title
            self._row.addWidget(time, 0, Qt.AlignmentFlag.AlignTop)
        said = (item.title, item.second, item.time)
        self.setAccessibleName(", ".join(part for part in said if part))
        theme.changed.connect(self._retheme)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = Theme.current()
        size, line = theme.size("icon"), theme.line("body")
        place = paint.leading(self, QRect(0, (line - size) // 2, size, size))
        with QPainter(self) as painter:
            paint.icon(painter, place, self._item.icon, self._item.tone)
            if not self._last:
                x = place.center().x() + 0.5
                painter.setPen(paint.pen(theme.colour("border"), 1))
                painter.drawLine(QLineF(QPointF(x, place.bottom() + 4), QPointF(x, self.height() - 1)))

    def _retheme(self) -> None:
        self._gap.changeSize(Theme.current().size("icon") + 10, 1)
        self._row.invalidate()
        self.update()


class Timeline(QWidget):
    """A list of `TimelineItem`, in the order given (details show the newest first)."""

    def __init__(self, items: Sequence[TimelineItem] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self.setAccessibleName(self.tr("Timeline"))
        self._items: tuple[TimelineItem, ...] = ()
        self.set_items(items)

    @property
    def items(self) -> tuple[TimelineItem, ...]:
        return self._items

    def set_items(self, items: Sequence[TimelineItem]) -> None:
        if tuple(items) == self._items:
            return
        self._items = tuple(items)
        while (taken := self._column.takeAt(0)) is not None:
            if (row := taken.widget()) is not None:
                row.hide()
                row.deleteLater()
        for index, item in enumerate(self._items):
            self._column.addWidget(_Row(item, last=index == len(self._items) - 1))
