"""The list as a file: a button beside the filters, the question where to, and the writing in the background."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, cast

from PySide6.QtCore import QObject, QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget

from travellr_desktop.services.exporting import Exported, ExportService
from travellr_desktop.services.paged import PagedRows
from travellr_desktop.ui.background import Task
from travellr_desktop.ui.parts.button import IconButton
from travellr_desktop.ui.screen import Context
from travellr_desktop.ui.tables.list_screen import ListScreen
from travellr_desktop.ui.tables.model import PagedModel

FOLDER = "export/folder"
"""Where in the memory the folder of the last file is."""


class CsvButton(QObject):
    """A button that offers `rows` as CSV while `model` has any. `rows` is asked at the click for what opens them, which
    is called in the background; `name` begins the file's name, `words` say what is saved."""

    def __init__(
        self,
        owner: QWidget,
        context: Context,
        name: str,
        model: PagedModel[Any],
        rows: Callable[[], Callable[[], PagedRows[Any]]],
        words: str,
    ) -> None:
        super().__init__(owner)
        self._owner, self._context, self._name, self._words = owner, context, name, words
        self._model, self._rows = model, rows
        self.button = IconButton("download", words)
        self.button.clicked.connect(self.ask)
        model.counted.connect(self._offer)
        model.reread.connect(self._offer)
        self._offer()

    def _offer(self, *_: object) -> None:
        self.button.setEnabled(bool(self._model.rowCount()))

    def ask(self) -> QFileDialog:
        """Ask where to; the answer begins the writing."""
        memory = self._context.memory
        documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        folder = Path(str(memory.value(FOLDER, documents)))
        if not folder.is_dir():
            folder = Path(documents)
        dialog = QFileDialog(self._owner, self._words, str(folder))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(self.tr("CSV files (*.csv)"))
        dialog.setDefaultSuffix("csv")
        dialog.selectFile(f"{self._name}-{self._context.clock.now():%Y-%m-%d}.csv")
        dialog.fileSelected.connect(lambda path: self.save(Path(path)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog

    def save(self, path: Path) -> None:
        """Write the rows as they are now to `path`."""
        self._context.memory.setValue(FOLDER, str(path.parent))
        exports = cast(ExportService, self._context.services.exports)
        opener, actor = self._rows(), self._context.actor

        def work(task: Task) -> Exported:
            rows = opener()
            task.on_cancel(rows.interrupt)

            def progress(done: int, total: int) -> None:
                task.check()
                task.report(done, total)

            try:
                return exports.to_csv(actor, self._name, rows, path, progress)
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
        count = f"{exported.rows:,}"
        rows = self.tr("1 row") if exported.rows == 1 else self.tr("{0} rows").format(count)
        self._context.say.finished(self.tr("{0} saved in {1}").format(rows, exported.path.name))


class CsvExport(CsvButton):
    """Offers a list as CSV: what its filters let through, in its order. Keep no reference: it lives with the list."""

    def __init__(self, lists: ListScreen, context: Context, name: str) -> None:
        def rows() -> Callable[[], PagedRows[Any]]:
            return partial(lists.model.opener, lists.query())

        super().__init__(lists, context, name, lists.model, rows, lists.tr("Save these rows as CSV"))
        lists.filters.add_trailing(self.button)
