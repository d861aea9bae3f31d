"""Fields and facts in two columns, in one where there is no room for two."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.pane import Facts
from travellr_desktop.ui.theme import Theme


class Columns(QWidget):
    """Parts in two equal columns, in one where there is no room for two. Tab goes along the rows."""

    def __init__(
        self, parts: Sequence[QWidget] = (), *, gap: int = 16, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._parts = list(parts)
        self._count = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(gap)
        self._place(2)

    def add(self, part: QWidget) -> None:
        self._parts.append(part)
        columns, self._count = self._count, 0
        self._place(columns)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place(2 if event.size().width() >= Theme.current().px(440) else 1)

    def minimumSizeHint(self) -> QSize:
        return QSize(Theme.current().px(200), super().minimumSizeHint().height())

    def _place(self, columns: int) -> None:
        if columns == self._count:
            return
        self._count = columns
        for part in self._parts:
            self._grid.removeWidget(part)
        for number, part in enumerate(self._parts):
            row, column = divmod(number, columns)
            self._grid.addWidget(part, row, column, Qt.AlignmentFlag.AlignTop)
        for column in range(2):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)


class FactColumns(Columns):
    """What is told and not changed: small titles over values, none of them ever cut."""

    def __init__(self) -> None:
        super().__init__(gap=8)

    def add_fact(self, title: str, value: str = "–") -> Label:
        """Returns the label of the value, to be changed later."""
        facts = Facts(columns=1)
        shown = facts.add(title, value, wrap=True)
        self.add(facts)
        return shown
