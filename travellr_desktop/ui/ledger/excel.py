"""Trial balance and entries as an Excel file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial

from PySide6.QtWidgets import QWidget

from travellr_desktop.services.registry import Services
from travellr_desktop.ui.parts.button import Button
from travellr_desktop.ui.screen import Context
from travellr_desktop.ui.tables import ListScreen
from travellr_desktop.ui.tables.export import Opener, RowsToFile, Write


class ExcelButton(RowsToFile):
    """A button that saves the trial balance of `day()` and the entries that `lists` shows now."""

    suffix = "xlsx"

    def __init__(
        self,
        owner: QWidget,
        context: Context,
        services: Services,
        lists: ListScreen,
        day: Callable[[], date | None],
    ) -> None:
        words = owner.tr("Excel file")
        button = Button(words, icon="download", height="control_small")
        super().__init__(owner, context, button, words, owner.tr("Excel files (*.xlsx)"))
        self._services, self._lists, self._day = services, lists, day
        button.setToolTip(self.tr("The trial balance of this day, and the entries as they are filtered"))

    def file_name(self) -> str:
        return f"ledger-{self._day() or self._context.clock.now().date():%Y-%m-%d}"

    def opener(self) -> Opener:
        return partial(self._lists.model.opener, self._lists.query())

    def writer(self) -> Write:
        return partial(self._services.workbooks.save, self._context.actor, self._day())

    def counted(self, rows: int) -> str:
        return self.tr("1 entry") if rows == 1 else self.tr("{0} entries").format(f"{rows:,}")
