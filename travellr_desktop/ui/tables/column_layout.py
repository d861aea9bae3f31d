"""Which columns of a table are shown, and how wide: chosen by the person, needed by the content, shared out."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QTableView

from travellr_desktop.ui.tables.delegate import RowDelegate, Span
from travellr_desktop.ui.tables.header import TableHeader
from travellr_desktop.ui.tables.memory import TableMemory
from travellr_desktop.ui.tables.model import PagedModel
from travellr_desktop.ui.tables.widths import Share, share_out
from travellr_desktop.ui.theme import Theme


class ColumnLayout:
    """Sets the sections of a view's header; `spans` say where they lie on the viewport."""

    def __init__(
        self,
        view: QTableView,
        head: TableHeader,
        model: PagedModel[Any],
        delegate: RowDelegate,
        memory: TableMemory,
    ) -> None:
        self._view = view
        self._head = head
        self._columns = model.columns
        self._delegate = delegate
        self._memory = memory
        self._chosen = memory.widths()
        self._grown: dict[str, int] = {}
        self._busy = False
        self.spans: list[Span] = []
        hidden = memory.hidden()
        for number, column in enumerate(self._columns):
            view.setColumnHidden(number, column.hidden if hidden is None else column.key in hidden)

    # what the person chooses

    def shown(self, key: str) -> bool:
        return key not in self._hidden_keys()

    def show(self, key: str, shown: bool) -> None:
        """The last column that is shown stays."""
        if not shown and len(self._hidden_keys()) >= len(self._columns) - 1:
            return
        for number, column in enumerate(self._columns):
            if column.key == key:
                self._view.setColumnHidden(number, not shown)
        self._memory.write("hidden", self._hidden_keys())
        self.lay_out()

    def resized(self, number: int, width: int) -> None:
        """A section has a new width: the person's choice, unless it is ours."""
        if self._busy:
            return
        self._chosen[self._columns[number].key] = width
        self._memory.write("widths", self._chosen)
        self.lay_out()

    def reset(self) -> None:
        """Columns and widths as they were made."""
        self._chosen.clear()
        for number, column in enumerate(self._columns):
            self._view.setColumnHidden(number, column.hidden)
        self._memory.write("widths", {})
        self._memory.write("hidden", self._hidden_keys())
        self.lay_out()

    # what the content needs

    def grow(self) -> None:
        """Widen the columns whose content is never cut and did not fit."""
        for number, room in self._delegate.cells.too_narrow.items():
            key = self._columns[number].key
            self._grown[key] = max(room, self._grown.get(key, 0))
        self._delegate.cells.too_narrow.clear()
        self.lay_out()

    def restyle(self) -> None:
        self._grown.clear()
        self.lay_out()

    # the result

    def lay_out(self) -> None:
        widths = share_out(
            [self._share(number) for number in self._shown_numbers()], self._view.viewport().width()
        )
        self._busy = True
        for number, column in enumerate(self._columns):
            if column.key in widths:
                self._view.setColumnWidth(number, widths[column.key])
        self._busy = False
        self._delegate.cells.forget()
        self.place()

    def place(self) -> None:
        """Find out where the columns lie; after scrolling sideways too."""
        first, last = self._head.ends()
        self.spans = [
            Span(
                number,
                self._view.columnViewportPosition(number),
                self._view.columnWidth(number),
                number == first,
                number == last,
            )
            for number in self._shown_numbers()
        ]

    def _share(self, number: int) -> Share:
        theme, column = Theme.current(), self._columns[number]
        first, last = self._head.ends()
        padding = self._delegate.padding(number == first, number == last)
        content = self._grown[column.key] + padding if column.key in self._grown else 0
        if column.key in self._chosen:
            return Share(column.key, self._chosen[column.key], max(content, theme.px(column.min_width)))
        title = self._head.title_width(number) + padding
        wished = max(theme.px(column.width), title)
        least = max(content, theme.px(column.min_width), min(title, theme.px(column.width)))
        return Share(column.key, wished, least, column.stretch)

    def _shown_numbers(self) -> list[int]:
        return [number for number in range(len(self._columns)) if not self._view.isColumnHidden(number)]

    def _hidden_keys(self) -> list[str]:
        return [
            column.key for number, column in enumerate(self._columns) if self._view.isColumnHidden(number)
        ]
