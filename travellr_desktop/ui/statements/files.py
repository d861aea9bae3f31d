"""Statements as files: made in the background, opened, or put where the person wants them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from shutil import copyfile
from uuid import UUID

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QAbstractButton, QFileDialog, QWidget

from travellr_desktop.services.registry import Services
from travellr_desktop.services.statements.exporting import FileForm
from travellr_desktop.services.statements.views import StatementDetail
from travellr_desktop.ui.desk.vouchers import open_file
from travellr_desktop.ui.last_folder import keep_folder, last_folder
from travellr_desktop.ui.screen import Context


class StatementFiles(QObject):
    made = Signal(object)
    """The path of a PDF that was made to be opened."""
    saved = Signal(object)

    def __init__(
        self,
        context: Context,
        services: Services,
        over: QWidget,
        opener: Callable[[Path], bool] = open_file,
    ) -> None:
        super().__init__(over)
        self._context, self._services, self._over, self._opener = context, services, over, opener

    def open(self, statement_id: UUID, button: QAbstractButton | None = None) -> None:
        """Make the PDF of a statement, and open it: it is printed from there."""
        documents, actor = self._services.documents, self._context.actor
        self._context.background.run(
            self,
            lambda _task: documents.statement(actor, statement_id),
            words=self.tr("Making the PDF"),
            key=("statement.pdf", statement_id),
            button=button,
            done=self._made,
        )

    def _made(self, path: Path) -> None:
        self.made.emit(path)
        self._opener(path)

    def ask(self, detail: StatementDetail, form: FileForm) -> QFileDialog:
        """Ask where to, then put the file there."""
        kinds = {
            FileForm.PDF: self.tr("PDF files (*.pdf)"),
            FileForm.CSV: self.tr("CSV files (*.csv)"),
            FileForm.XLSX: self.tr("Excel files (*.xlsx)"),
        }
        folder = last_folder(self._context.memory)
        dialog = QFileDialog(self._over, self.tr("Save the statement as"), str(folder), kinds[form])
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(form.value)
        dialog.selectFile(f"{detail.number}.{form.value}")
        dialog.fileSelected.connect(lambda path: self.save(detail, form, Path(path)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog

    def save(self, detail: StatementDetail, form: FileForm, path: Path) -> None:
        """Put the statement at `path`."""
        documents, actor = self._services.documents, self._context.actor
        keep_folder(self._context.memory, path)
        self._context.background.run(
            self,
            lambda _task: copyfile(documents.statement(actor, detail.id, form), path),
            words=self.tr("Writing {0}").format(path.name),
            key=("statement.file", detail.id, form),
            done=self._saved,
        )

    def _saved(self, path: Path) -> None:
        self._context.say.finished(self.tr("Saved as {0}").format(path.name))
        self.saved.emit(path)
