"""A journal as a list, searched and sorted, with one of its lines in full at the side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from travellr_desktop.services.paged import ListQuery, PagedRows
from travellr_desktop.ui.activity.panel import RecordPanel
from travellr_desktop.ui.activity.record import Record, RecordRows
from travellr_desktop.ui.parts.button import Button, Kind
from travellr_desktop.ui.parts.segments import Segments
from travellr_desktop.ui.screen import Context
from travellr_desktop.ui.tables import Column, ListFilter, ListScreen, ListWords, PagedModel
from travellr_desktop.ui.tables.export import CsvExport
from travellr_desktop.ui.tables.states import LoadState

NEWEST = 1_000
"""How many lines are read at first; each "Show older" reads as many more."""

Read = Callable[[int], Sequence[Record]]
"""Reads that many lines, the newest first. Called on the list's own thread."""

Opener = Callable[[ListQuery], PagedRows[Record]]


class Newest:
    """Opens the newest lines, more of them each time `more` was asked for."""

    def __init__(self, read: Read) -> None:
        self._read, self.limit = read, NEWEST

    def more(self) -> None:
        self.limit += NEWEST

    def __call__(self, query: ListQuery) -> RecordRows:
        return RecordRows(self._read(self.limit), query)


@dataclass(frozen=True, slots=True)
class JournalWords:
    """`name` is the table's in what is remembered."""

    name: str
    list: ListWords
    panel: str
    written: str
    copy: str
    wrap: bool = True


class JournalPage(QWidget):
    counted = Signal(int)
    """How many lines there are without filters, as far as they were read."""

    def __init__(
        self,
        words: JournalWords,
        columns: Sequence[Column[Record]],
        opener: Opener,
        views: Segments,
        panel: RecordPanel,
        context: Context,
        filters: Sequence[ListFilter] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.views, self.panel = views, panel
        self._newest = opener if isinstance(opener, Newest) else None
        self._started = False
        self._model: PagedModel[Record] = PagedModel(columns, opener)
        self.list = ListScreen(
            self._model,
            name=words.name,
            words=words.list,
            filters=filters,
            sort=("when", True),
            memory=context.memory,
        )
        self.list.filters.add_leading(views)
        self.older = Button(self.tr("Show older"), Kind.LINK, height="control_small", parent=self)
        self.older.hide()
        self.older.clicked.connect(self._show_older)
        self.list.filters.add_trailing(self.older)
        CsvExport(self.list, context, words.name)
        self.list.set_detail(panel)
        self.list.failure_asked.connect(context.failed)
        self.list.current_changed.connect(panel.show_record)
        self._model.totalled.connect(self._totalled)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.list)

    def refresh(self) -> None:
        """Read, for the first time or again; place and selection stay."""
        if self._started and self._model.state is not LoadState.FAILED:
            self.list.refresh()
            return
        self._started = True
        self.list.start()

    def close_down(self) -> None:
        self.list.close_down()

    def _totalled(self) -> None:
        totals = self._model.totals
        whole = totals.whole if totals is not None else 0
        if self._newest is not None:
            self.older.setVisible(whole >= self._newest.limit)
            self.older.setToolTip(self.tr("Only the newest {0} are shown").format(f"{self._newest.limit:,}"))
        self.counted.emit(whole)

    def _show_older(self) -> None:
        if self._newest is not None:
            self._newest.more()
        self.list.refresh()
