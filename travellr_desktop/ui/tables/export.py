"""The list as a file: a button beside the filters, the question where to, and the writing in the background."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from PySide6.QtCore import QObject, QStandardPaths
from PySide6.QtWidgets import QFileDialog

from travellr_desktop.services.exporting import Exported, ExportService
from travellr_desktop.ui.background import Task
from travellr_desktop.ui.parts.button import IconButton
from travellr_desktop.ui.screen import Context
from travellr_desktop.ui.tables.list_screen import ListScreen

FOLDER = "export/folder"
"""Where in the memory the folder of the last file is."""


class CsvExport(QObject):
    """Offers a list as CSV: what its filters let through, in its order. `name` begins the file's name.

    Keep no reference: it lives with the list."""

    def __init__(self, lists: ListScreen, context: Context, name: str) -> None:
        super().__init__(lists)
        self._lists, self._context, self._name = lists, context, name
        self.button = IconButton("download", self.tr("Save these rows as CSV"))
        self.button.clicked.connect(self.ask)
        lists.filters.add_trailing(self.button)
        lists.model.counted.connect(self._offer)
        lists.model.reread.connect(self._offer)
        self._offer()

    def _offer(self, *_: object) -> None:
        self.button.setEnabled(bool(self._lists.model.rowCount()))

    def ask(self) -> QFileDialog:
        """Ask where to; the answer begins the writing."""
        memory = self._context.memory
        documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        folder = Path(str(memory.value(FOLDER, documents)))
        if not folder.is_dir():
            folder = Path(documents)
        dialog = QFileDialog(self._lists, self.tr("Save these rows as CSV"), str(folder))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(self.tr("CSV files (*.csv)"))
        dialog.setDefaultSuffix("csv")
        dialog.selectFile(f"{self._name}-{self._context.clock.now():%Y-%m-%d}.csv")
        dialog.fileSelected.connect(lambda path: self.save(Path(path)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog

    def save(self, path: Path) -> None:
        """Write what the list shows now to `path`."""
        self._context.memory.setValue(FOLDER, str(path.parent))
        exports = cast(ExportService, self._context.services.exports)
        opener, query, actor = self._lists.model.opener, self._lists.query(), self._context.actor

        def work(task: Task) -> Exported:
            rows = opener(query)
            task.on_cancel(rows.interrupt)

            def progress(done: int, total: int) -> None:
                task.check()
                task.report(done, total)

            try:
                return exports.to_csv(actor, self._name, rows, path, progress)
            finally:
                rows.close()

        self._context.background.run(
            self._lists,
            work,
            words=self.tr("Writing {0}").format(path.name),
            key=("export", str(path)),
            stoppable=True,
            button=self.button,
            done=self._saved,
        )

    def _saved(self, exported: Exported) -> None:
        count = f"{exported.rows:,}"
        rows = self.tr("1 row") if exported.rows == 1 else self.tr("{0} rows").format(count)
        self._context.say.finished(self.tr("{0} saved in {1}").format(rows, exported.path.name))
