"""Why something is cancelled: the field, with what becomes of it beside it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from travellr_desktop.ui.parts.field import Field
from travellr_desktop.ui.parts.label import Label


class ReasonRow(QWidget):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = Field(self.tr("Reason"), placeholder=self.tr("The traveller is ill"))
        words = self.tr("It is kept with the booking, and in the audit trail.")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addWidget(self.field, 3)
        row.addWidget(Label(words, "small", "text_secondary", wrap=True), 2, Qt.AlignmentFlag.AlignBottom)
