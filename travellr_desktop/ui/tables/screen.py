"""What the screens have in common that are one list with the chosen row beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import cast
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from travellr_desktop.services.agency import AgencyView
from travellr_desktop.services.registry import Services
from travellr_desktop.ui.actions import Act, Handler
from travellr_desktop.ui.leaving import ask_discard
from travellr_desktop.ui.parts.detail import DetailPanel
from travellr_desktop.ui.screen import Context, Screen
from travellr_desktop.ui.tables.export import CsvExport
from travellr_desktop.ui.tables.list_screen import ListScreen


class ListedScreen(Screen):
    """Whoever inherits sets `name`, makes `lists` and `panel`, calls `_connect`, and starts the list in `_begin`."""

    name: str
    """What the list is called in the name of a file."""
    lists: ListScreen
    panel: DetailPanel
    panel_width = 0
    """How wide the panel is at first, where it needs more than panels have."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._services = cast(Services, context.services)
        self._actor = context.actor
        self._started = False

    def _connect(self) -> None:
        CsvExport(self.lists, self.context, self.name)
        self.lists.set_detail(self.panel, width=self.panel_width)
        self.lists.row_activated.connect(lambda _row: self.panel.focus_first())
        self.lists.failure_asked.connect(self.context.failed)

    def _begin(self, agency: AgencyView | None) -> None:
        """Start the list for the first time; `agency` None where it could not be read."""
        raise NotImplementedError

    def _read_again(self) -> None:
        self.lists.refresh()

    # what the shell asks

    def handlers(self) -> Mapping[Act, Handler]:
        return {
            Act.FIND: self.lists.focus_search,
            Act.FILTER: self.lists.choose_filter,
            Act.BACK: self.back,
        }

    def panes(self) -> Sequence[QWidget]:
        return (self.lists.table, self.panel, self.lists.filters)

    def refresh(self) -> None:
        super().refresh()
        if self._started:
            self._read_again()
            return
        self._started = True
        agency = self._services.agency
        self.context.background.run(
            self, lambda _task: agency.view(), done=self._begin, failed=lambda _bug: self._begin(None)
        )

    def activate(self) -> None:
        first_time = not self._started
        super().activate()
        if first_time:  # Qt has put the focus on whatever comes first in the order of Tab
            self.focus_pane(0)

    def close_down(self) -> None:
        self.lists.close_down()

    # what the person does

    def back(self) -> None:
        """One step: from the panel to the table, then what the list does."""
        if self._in_panel():
            self._to_table()
        else:
            self.lists.back()

    def _ask_discard(self, leave: Callable[[], None]) -> None:
        """Before what was typed is forgotten."""
        ask_discard(self, leave)

    def _in_panel(self) -> bool:
        """Whether the keyboard is in the panel."""
        focus = QApplication.focusWidget()
        return focus is not None and self.panel.isAncestorOf(focus)

    def _to_table(self) -> None:
        self.lists.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _go_to_row(self, row_id: UUID) -> bool:
        """Put the cursor on a row that has been read; says whether it is there."""
        model = self.lists.model
        for position in range(model.rowCount()):
            row = model.row(position)
            if row is not None and row.id == row_id:
                self.lists.table.go_to(position)
                return True
        return False
