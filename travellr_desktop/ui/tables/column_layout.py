"""Which columns of a table are shown, and how wide: chosen by the person, needed by the content, shared out; what
yields where there is no room."""

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
        self._off = self._as_made() if hidden is None else set(hidden)
        self._crowded: set[str] = set()
        self._hide()

    # what the person chooses

    def shown(self, key: str) -> bool:
        """Whether the person wants it; also while there is no room for it."""
        return key not in self._off

    def crowded_out(self, key: str) -> bool:
        """Whether it is wanted and there is no room for it."""
        return key in self._crowded

    def show(self, key: str, shown: bool) -> None:
        """The last column that is shown stays."""
        if not shown and len(self._off) >= len(self._columns) - 1:
            return
        self._off = self._off - {key} if shown else self._off | {key}
        self._remember()
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
        self._off = self._as_made()
        self._memory.write("widths", {})
        self._remember()
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
        room = self._view.viewport().width()
        self._crowded = self._without_room(room)
        self._busy = True
        self._hide()
        widths = share_out(self._shares(self._shown_numbers()), room)
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

    def _without_room(self, room: int) -> set[str]:
        """What is left out so that the rest fits."""
        wanted = [
            number for number, column in enumerate(self._columns) if column.key not in self._off and room > 0
        ]
        shares = dict(zip(wanted, self._shares(wanted), strict=True))
        needed = {
            number: each.least if each.stretch else max(each.wished, each.least)
            for number, each in shares.items()
        }
        out: set[str] = set()
        for number in sorted(wanted, key=lambda number: -self._columns[number].yields):
            if not self._columns[number].yields or sum(needed.values()) <= room:
                break
            del needed[number]
            out.add(self._columns[number].key)
        return out

    def _shares(self, numbers: list[int]) -> list[Share]:
        ends = sorted(numbers, key=self._head.visualIndex)
        return [self._share(number, number == ends[0], number == ends[-1]) for number in numbers]

    def _share(self, number: int, first: bool, last: bool) -> Share:
        theme, column = Theme.current(), self._columns[number]
        padding = self._delegate.padding(first, last)
        content = self._grown[column.key] + padding if column.key in self._grown else 0
        if column.key in self._chosen:
            return Share(column.key, self._chosen[column.key], max(content, theme.px(column.min_width)))
        title = self._head.title_width(number) + padding
        wished = max(theme.px(column.width), title)
        least = max(content, theme.px(column.min_width), min(title, theme.px(column.width)))
        return Share(column.key, wished, least, column.stretch)

    def _shown_numbers(self) -> list[int]:
        return [number for number in range(len(self._columns)) if not self._view.isColumnHidden(number)]

    def _hide(self) -> None:
        for number, column in enumerate(self._columns):
            hidden = column.key in self._off or column.key in self._crowded
            if hidden != self._view.isColumnHidden(number):
                self._view.setColumnHidden(number, hidden)

    def _as_made(self) -> set[str]:
        return {column.key for column in self._columns if column.hidden}

    def _remember(self) -> None:
        self._memory.write("hidden", [column.key for column in self._columns if column.key in self._off])
