"""A journal as a list: the newest lines, searched and sorted, with one of them in full at the side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSettings, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from travellr_desktop.services.paged import ListQuery
from travellr_desktop.ui.activity.panel import RecordPanel
from travellr_desktop.ui.activity.record import Record, RecordRows
from travellr_desktop.ui.parts.button import Button, Kind
from travellr_desktop.ui.parts.segments import Segments
from travellr_desktop.ui.tables import Column, ListScreen, ListWords, PagedModel
from travellr_desktop.ui.tables.states import LoadState

NEWEST = 1_000
"""How many lines are read at first; each "Show older" reads as many more."""

Read = Callable[[int], Sequence[Record]]
"""Reads that many lines, the newest first. Called on the list's own thread."""


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
        read: Read,
        views: Segments,
        panel: RecordPanel,
        memory: QSettings,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.views, self.panel = views, panel
        self._read, self._limit, self._started = read, NEWEST, False
        self._model: PagedModel[Record] = PagedModel(columns, self._open)
        self.list = ListScreen(
            self._model, name=words.name, words=words.list, sort=("when", True), memory=memory
        )
        self.list.filters.add_leading(views)
        self.older = Button(self.tr("Show older"), Kind.LINK, height="control_small", parent=self)
        self.older.hide()
        self.older.clicked.connect(self._show_older)
        self.list.filters.add_trailing(self.older)
        self.list.set_detail(panel)
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

    def _open(self, query: ListQuery) -> RecordRows:
        """On the list's thread."""
        return RecordRows(self._read(self._limit), query)

    def _totalled(self) -> None:
        totals = self._model.totals
        whole = totals.whole if totals is not None else 0
        self.older.setVisible(whole >= self._limit)
        self.older.setToolTip(self.tr("Only the newest {0} are shown").format(f"{self._limit:,}"))
        self.counted.emit(whole)

    def _show_older(self) -> None:
        self._limit += NEWEST
        self.list.refresh()
