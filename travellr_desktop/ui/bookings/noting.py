"""Notes on bookings: asked for, kept, taken back."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from travellr_desktop.services.booking_views import BookingDetail
from travellr_desktop.services.registry import Services
from travellr_desktop.ui.bookings.panel_parts import NoteDialog
from travellr_desktop.ui.screen import Context


class Noting(QObject):
    """`changed` tells that a note was written, or taken back."""

    changed = Signal()

    def __init__(self, context: Context, services: Services, over: QWidget) -> None:
        super().__init__(over)
        self._context, self._notes, self._over = context, services.notes, over
        self.dialog: NoteDialog | None = None

    def ask(self, detail: BookingDetail) -> None:
        """Ask for the words of a note."""
        dialog = self.dialog = NoteDialog(detail.reference, self._over)
        dialog.accepted.connect(lambda: self._keep(detail, dialog.text))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def drop(self, note_id: UUID) -> None:
        """Take a note back."""
        actor = self._context.actor
        self._context.background.run(
            self,
            lambda _task: self._notes.remove(actor, note_id),
            words=self.tr("Taking the note back"),
            key=("note", note_id),
            done=lambda _none: self.changed.emit(),
        )

    def _keep(self, detail: BookingDetail, text: str) -> None:
        actor = self._context.actor
        self._context.background.run(
            self,
            lambda _task: self._notes.add(actor, text, booking_id=detail.id),
            words=self.tr("Keeping the note"),
            key=("note", detail.id),
            done=partial(self._kept, detail.reference),
        )

    def _kept(self, reference: str, note_id: UUID) -> None:
        self._context.say.finished(self.tr("Noted on {0}").format(reference), partial(self.drop, note_id))
        self.changed.emit()
