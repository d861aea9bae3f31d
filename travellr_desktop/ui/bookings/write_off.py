"""Giving up what a traveller owes: the reason, and who bears it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from travellr_desktop.services.booking_views import BookingDetail
from travellr_desktop.ui.parts.dialog import Decision
from travellr_desktop.ui.parts.field import Field
from travellr_desktop.ui.records.words import Words


class WriteOffDialog(Decision):
    """Asks why; `reason` has it."""

    def __init__(self, detail: BookingDetail, words: Words, parent: QWidget) -> None:
        amount = words.money(detail.owed)
        super().__init__("", verb="", keep="", parent=parent)
        question = self.tr("Write off {0}?").format(amount)
        self.setWindowTitle(question)
        self.setAccessibleName(question)
        self.question.setText(question)
        self.second.setText(
            self.tr(
                "{0} owes it for {1}. Nobody waits for it any more; when it is paid after all, take it as ever."
            ).format(detail.traveller_name, detail.reference)
        )
        self.second.setVisible(True)
        self.rows.add(self.tr("Loss of the agency, bad debts"), amount, strong=True)
        self.rows.add(self.tr("The vendor keeps"), words.money(detail.vendor_share), quiet=True)
        self.field = Field(self.tr("Reason"), placeholder=self.tr("They moved away and do not answer"))
        self.field.edit.setMaxLength(500)
        self.body.setContentsMargins(0, 12, 0, 0)
        self.body.addWidget(self.field)
        self.act.set_words(self.tr("Write off {0}").format(amount))
        self.keep.set_words(self.tr("Keep waiting"))
        self._none = self.tr("Say why first.")
        self.act.set_off(self._none)
        self.field.edited.connect(lambda _text: self.act.set_off(None if self.reason else self._none))
        self.field.entered.connect(lambda: self.act.click() if self.reason else None)

    @property
    def reason(self) -> str:
        return self.field.text().strip()

    def showEvent(self, event: object) -> None:
        super().showEvent(event)
        self.field.edit.setFocus(Qt.FocusReason.OtherFocusReason)
