"""A list with a panel at its side that shows the row with the cursor."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QSplitter, QWidget

from travellr_desktop.ui.tables.memory import TableMemory
from travellr_desktop.ui.tables.model import PagedModel
from travellr_desktop.ui.tables.states import LoadState
from travellr_desktop.ui.tables.view import TableView
from travellr_desktop.ui.theme import Theme

_WIDTH = (300, 560)  # least and most of the panel


class Beside(QSplitter):
    """The panel comes with a row and goes with it, while the person wants it at all; that, and its width, come back as
    they were left."""

    def __init__(
        self, left: QWidget, table: TableView, model: PagedModel[Any], memory: TableMemory, parent: QWidget
    ) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._table, self._model, self._memory = table, model, memory
        self.panel: QWidget | None = None
        self._first_width = 0
        self._wanted = memory.read("detail") is not False
        self._without_row = False
        self._leaving = QTimer(self, singleShot=True, interval=0)
        self._leaving.timeout.connect(self._leave)
        self.setHandleWidth(0)
        self.setChildrenCollapsible(False)
        self.addWidget(left)
        self.setStretchFactor(0, 1)
        self.splitterMoved.connect(self._moved)
        for read in (model.reread, model.counted):
            read.connect(lambda *_: self._leaving.start())
        Theme.current().changed.connect(self._bound)

    @property
    def is_open(self) -> bool:
        return self.panel is not None and self.panel.isVisible()

    def set_panel(self, panel: QWidget, width: int) -> None:
        """`width` at first, where a panel needs more than the usual; 0 for that."""
        self.panel, self._first_width = panel, width
        self.addWidget(panel)
        self.setStretchFactor(1, 0)
        panel.hide()
        self._bound()

    def want(self, wanted: bool, *, without_row: bool = False) -> None:
        """The person wants the panel, or not any more; `without_row` also where no row has the cursor."""
        self._wanted, self._without_row = wanted, without_row
        self._memory.write("detail", wanted)
        self.follow()

    def follow(self) -> None:
        """The cursor has moved: the panel comes or goes."""
        if self.panel is None:
            return
        row = self._table.current_row()
        self._without_row = self._without_row and row is None
        wanted = self._wanted and (self._without_row or row is not None)
        if wanted and not self.panel.isVisibleTo(self):
            self._show(self.panel)
        elif self._wanted and not wanted and self.panel.isAncestorOf(self.window().focusWidget()):
            self._leaving.start()  # a list that is read again may find its row in a moment
        elif not wanted:
            self.panel.hide()

    def _show(self, panel: QWidget) -> None:
        panel.show()
        kept = self._memory.read("detail_width")
        first = Theme.current().px(self._first_width) or Theme.current().size("detail")
        width = kept if isinstance(kept, int) else first
        self.setSizes([max(self.width() - width, 1), width])

    def _leave(self) -> None:
        """Once the list has been read again: where it has no row with the cursor the panel goes after all."""
        reading = self._model.rereading or self._model.state is LoadState.LOADING
        if self.panel is None or reading or self._without_row or self._table.current_row() is not None:
            return
        self.panel.hide()

    def _bound(self) -> None:
        if self.panel is not None:
            self.panel.setMinimumWidth(Theme.current().px(_WIDTH[0]))
            self.panel.setMaximumWidth(Theme.current().px(_WIDTH[1]))

    def _moved(self) -> None:
        if self.panel is not None and self.panel.isVisible():
            self._memory.write("detail_width", self.panel.width())
