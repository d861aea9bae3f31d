"""The list as a file: a button beside the filters, the question where to, and the writing in the background."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, cast

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QAbstractButton, QFileDialog, QWidget

from travellr_desktop.services.exporting import Exported, ExportService
from travellr_desktop.services.paged import PagedRows
from travellr_desktop.ui.background import Task
from travellr_desktop.ui.last_folder import keep_folder, last_folder
from travellr_desktop.ui.parts.button import IconButton
from travellr_desktop.ui.screen import Context
from travellr_desktop.ui.tables.list_screen import ListScreen
from travellr_desktop.ui.tables.model import PagedModel

Opener = Callable[[], PagedRows[Any]]
"""What opens rows; called in the background."""
Write = Callable[[PagedRows[Any], Path, Callable[[int, int], None]], Exported]
"""What writes rows to a file, telling how many of how many are done; called in the background."""


class RowsToFile(QObject):
    """A button that saves rows. `title` heads the question where to, `kind` is what its files are called there. Who
    inherits says what is written, and how."""

    suffix: str

    def __init__(
        self, owner: QWidget, context: Context, button: QAbstractButton, title: str, kind: str
    ) -> None:
        super().__init__(owner)
        self._owner, self._context, self.button = owner, context, button
        self._title, self._kind = title, kind
        button.clicked.connect(self.ask)

    def file_name(self) -> str:
        """What is offered as the file's name, without its suffix."""
        raise NotImplementedError

    def opener(self) -> Opener:
        """The rows as they are now: asked as the writing begins."""
        raise NotImplementedError

    def writer(self) -> Write:
        raise NotImplementedError

    def counted(self, rows: int) -> str:
        """How many were saved, in words."""
        return self.tr("1 row") if rows == 1 else self.tr("{0} rows").format(f"{rows:,}")

    def ask(self) -> QFileDialog:
        """Ask where to; the answer begins the writing."""
        dialog = QFileDialog(self._owner, self._title, str(last_folder(self._context.memory)))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(self._kind)
        dialog.setDefaultSuffix(self.suffix)
        dialog.selectFile(f"{self.file_name()}.{self.suffix}")
        dialog.fileSelected.connect(lambda path: self.save(Path(path)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog

    def save(self, path: Path) -> None:
        """Write the rows as they are now to `path`."""
        keep_folder(self._context.memory, path)
        opener, write = self.opener(), self.writer()

        def work(task: Task) -> Exported:
            rows = opener()
            task.on_cancel(rows.interrupt)

            def progress(done: int, total: int) -> None:
                task.check()
                task.report(done, total)

            try:
                return write(rows, path, progress)
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
        words = self.tr("{0} saved in {1}").format(self.counted(exported.rows), exported.path.name)
        self._context.say.finished(words)


class CsvButton(RowsToFile):
    """A button that offers `rows` as CSV while `model` has any. `rows` is asked at the click for what opens them, which
    is called in the background; `name` begins the file's name, `words` say what is saved."""

    suffix = "csv"

    def __init__(
        self,
        owner: QWidget,
        context: Context,
        name: str,
        model: PagedModel[Any],
        rows: Callable[[], Opener],
        words: str,
    ) -> None:
        super().__init__(owner, context, IconButton("download", words), words, owner.tr("CSV files (*.csv)"))
        self._name, self._model, self._rows = name, model, rows
        model.counted.connect(self._offer)
        model.reread.connect(self._offer)
        self._offer()

    def _offer(self, *_: object) -> None:
        self.button.setEnabled(bool(self._model.rowCount()))

    def file_name(self) -> str:
        return f"{self._name}-{self._context.clock.now():%Y-%m-%d}"

    def opener(self) -> Opener:
        return self._rows()

    def writer(self) -> Write:
        exports = cast(ExportService, self._context.services.exports)
        return partial(exports.to_csv, self._context.actor, self._name)


class CsvExport(CsvButton):
    """Offers a list as CSV: what its filters let through, in its order. Keep no reference: it lives with the list."""

    def __init__(self, lists: ListScreen, context: Context, name: str) -> None:
        def rows() -> Opener:
            return partial(lists.model.opener, lists.query())

        super().__init__(lists, context, name, lists.model, rows, lists.tr("Save these rows as CSV"))
        lists.filters.add_trailing(self.button)
