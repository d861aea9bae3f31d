"""Trial balance and entries as an Excel file: the question where to, and the writing in the background."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget

from travellr_desktop.services.exporting import Exported
from travellr_desktop.services.registry import Services
from travellr_desktop.ui.background import Task
from travellr_desktop.ui.parts.button import Button, Kind
from travellr_desktop.ui.screen import Context
from travellr_desktop.ui.tables import ListScreen
from travellr_desktop.ui.tables.export import FOLDER


class ExcelButton(QObject):
    """A button that saves the trial balance of `day()` and the entries that `lists` shows now."""

    def __init__(
        self,
        owner: QWidget,
        context: Context,
        services: Services,
        lists: ListScreen,
        day: Callable[[], date | None],
    ) -> None:
        super().__init__(owner)
        self._owner, self._context, self._services, self._lists, self._day = (
            owner,
            context,
            services,
            lists,
            day,
        )
        self.button = Button(self.tr("Save for Excel"), Kind.QUIET, icon="download", height="control_small")
        self.button.setToolTip(self.tr("The trial balance of this day, and the entries as they are filtered"))
        self.button.clicked.connect(self.ask)

    def ask(self) -> QFileDialog:
        """Ask where to; the answer begins the writing."""
        documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        folder = Path(str(self._context.memory.value(FOLDER, documents)))
        dialog = QFileDialog(self._owner, self.button.text(), str(folder if folder.is_dir() else documents))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(self.tr("Excel files (*.xlsx)"))
        dialog.setDefaultSuffix("xlsx")
        day = self._day() or self._context.clock.now().date()
        dialog.selectFile(f"ledger-{day:%Y-%m-%d}.xlsx")
        dialog.fileSelected.connect(lambda path: self.save(Path(path)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog

    def save(self, path: Path) -> None:
        """Write both to `path`."""
        self._context.memory.setValue(FOLDER, str(path.parent))
        opener = partial(self._lists.model.opener, self._lists.query())
        workbooks, actor, day = self._services.workbooks, self._context.actor, self._day()

        def work(task: Task) -> Exported:
            rows = opener()
            task.on_cancel(rows.interrupt)

            def progress(done: int, total: int) -> None:
                task.check()
                task.report(done, total)

            try:
                return workbooks.save(actor, day, rows, path, progress)
            finally:
                rows.close()

        self._context.background.run(
            self._owner,
            work,
            words=self.tr("Writing {0}").format(path.name),
            key=("export", str(path)),
            stoppable=True,
            button=self.button,
            done=self._saved,
        )

    def _saved(self, exported: Exported) -> None:
        count = (
            self.tr("1 entry") if exported.rows == 1 else self.tr("{0} entries").format(f"{exported.rows:,}")
        )
        self._context.say.finished(self.tr("{0} saved in {1}").format(count, exported.path.name))
