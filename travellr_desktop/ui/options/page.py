"""One view of the screen: a list, the chosen row beside it, and the segments that lead to the other view."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from travellr_desktop.ui.options.panels import KeptPanel
from travellr_desktop.ui.parts.segments import Segments
from travellr_desktop.ui.screen import Context
from travellr_desktop.ui.tables import ListScreen
from travellr_desktop.ui.tables.export import CsvExport


class KeptPage(QWidget):
    """`read` gives what the panel shows of a row, in the background; `show` shows it."""

    def __init__(
        self,
        context: Context,
        lists: ListScreen,
        panel: KeptPanel,
        views: Segments,
        *,
        name: str,
        read: Callable[[UUID], Any],
        show: Callable[[Any], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._context, self._read, self._show = context, read, show
        self.lists, self.panel, self.views = lists, panel, views
        self._started = False
        lists.filters.add_leading(views)
        CsvExport(lists, context, name)
        lists.set_detail(panel)
        lists.current_changed.connect(self.read_detail)
        lists.row_activated.connect(lambda _row: panel.focus_first())
        lists.failure_asked.connect(context.failed)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(lists)

    @property
    def panes(self) -> Sequence[QWidget]:
        return (self.lists.table, self.panel, self.lists.filters)

    def refresh(self, first: Mapping[str, object]) -> None:
        """Read again; the first time with these filters."""
        if self._started:
            self.lists.refresh()
            self.read_detail(self.lists.table.current_row())
        else:
            self._started = True
            self.lists.start(first)

    def read_detail(self, row: Any) -> None:
        if row is None:
            return
        row_id = row.id

        def done(detail: Any) -> None:
            now = self.lists.table.current_row()
            if now is not None and now.id == detail.id:
                self._show(detail)

        self._context.background.run(
            self,
            lambda _task: self._read(row_id),
            key=("options.detail", id(self)),
            newest=True,
            done=done,
            refused=lambda _refusal: None,
        )

    def back(self) -> None:
        """One step: from the form to the panel, from the panel to the table, then what the list does."""
        focus = QApplication.focusWidget()
        if focus is not None and self.panel.isAncestorOf(focus):
            if not self.panel.close_form():
                self.to_table()
        else:
            self.lists.back()

    def to_table(self) -> None:
        self.lists.table.setFocus(Qt.FocusReason.OtherFocusReason)
