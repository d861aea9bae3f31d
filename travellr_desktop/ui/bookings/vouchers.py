"""Vouchers of bookings: made and opened, or saved under another name."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from shutil import copyfile

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from travellr_desktop.services.booking_views import BookingDetail
from travellr_desktop.services.registry import Services
from travellr_desktop.ui.parts.button import Button
from travellr_desktop.ui.screen import Context


class Vouchers(QObject):
    """`made` tells that one was printed anew."""

    made = Signal()

    def __init__(self, context: Context, services: Services, over: QWidget) -> None:
        super().__init__(over)
        self._context, self._documents, self._over = context, services.documents, over

    def open(self, detail: BookingDetail, button: Button | None = None) -> None:
        """Make the voucher of a booking and open it; `button` was pressed for it."""
        documents, actor = self._documents, self._context.actor
        self._context.background.run(
            self,
            lambda _task: documents.voucher(actor, detail.id),
            words=self.tr("Making the voucher"),
            key=("voucher", detail.id),
            button=button,
            done=partial(self._opened, detail.reference),
        )

    def _opened(self, reference: str, path: Path) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
        self._context.say.finished(self.tr("Voucher of {0} made").format(reference))
        self.made.emit()

    def ask_where(self, detail: BookingDetail) -> None:
        """Ask where to, then make the voucher anew and put a copy there."""
        dialog = QFileDialog(self._over, self.tr("Save voucher as"), "", self.tr("PDF files (*.pdf)"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("pdf")
        dialog.selectFile(f"{detail.reference}.pdf")
        dialog.fileSelected.connect(lambda path: self.copy(detail, Path(path)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def copy(self, detail: BookingDetail, path: Path) -> None:
        """Make the voucher anew and put a copy at `path`."""
        documents, actor = self._documents, self._context.actor
        self._context.background.run(
            self,
            lambda _task: copyfile(documents.voucher(actor, detail.id), path),
            words=self.tr("Making the voucher"),
            key=("voucher", detail.id),
            done=lambda _path: self._context.say.finished(self.tr("Voucher saved as {0}").format(path.name)),
        )
