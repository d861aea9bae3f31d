"""The passphrase of the vault, asked for once at the start; the status bar leads here again."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from travellr_desktop.domain.permissions import Actor
from travellr_desktop.errors import Refusal
from travellr_desktop.ui.background import Background
from travellr_desktop.ui.parts.button import Kind
from travellr_desktop.ui.parts.dialog import Decision
from travellr_desktop.ui.parts.field import Field


class UnlockDialog(Decision):
    """Closes once the vault is open; a wrong passphrase is said at the field."""

    def __init__(self, services: Any, background: Background, actor: Actor, parent: QWidget) -> None:
        super().__init__(
            parent.tr("Open the vault with the payment key"),
            verb=parent.tr("Unlock"),
            keep=parent.tr("Not now"),
            second=parent.tr("Until it is open no card is charged. Cash can be taken all the same."),
            kind=Kind.PRIMARY,
            parent=parent,
        )
        self._services = services
        self._background = background
        self._actor = actor
        self.field = Field(self.tr("Passphrase"), password=True)
        self.field.edit.setMaxLength(256)
        self.field.edited.connect(lambda: self.field.set_error(None))
        self.body.addWidget(self.field)

    def accept(self) -> None:
        passphrase = self.field.text()
        if not passphrase or self.act.busy:
            self.field.edit.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.set_busy(self.tr("Unlocking"))
        self._background.run(
            self,
            lambda _: self._services.vault.unlock(self._actor, passphrase),
            words=self.tr("Opening the vault"),
            done=lambda _: self._opened(),
            refused=self._refused,
        )

    def _opened(self) -> None:
        self.set_busy(None)
        self.field.set_text("")
        super().accept()

    def _refused(self, refusal: Refusal) -> None:
        self.set_busy(None)
        self.field.set_error(str(refusal) if refusal.field else f"{refusal} {refusal.hint}".strip())
        self.adjustSize()
        self.field.edit.setFocus(Qt.FocusReason.OtherFocusReason)
        self.field.edit.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and self.field.edit.hasFocus():
            self.accept()
            return
        super().keyPressEvent(event)

    def showEvent(self, event: object) -> None:
        super().showEvent(event)
        self.field.edit.setFocus(Qt.FocusReason.OtherFocusReason)
