"""What stands in the place of a list until it was read for the first time: nothing, and after a while that it is
read."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from travellr_desktop.ui.parts.empty import ProgressNote


class StillReading(QWidget):
    """`begin` when it is asked for, `end` when it is there."""

    def __init__(self, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.note = ProgressNote(words, stoppable=False)
        self.note.hide()
        self.note.set_progress(0, 0)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.note, 2)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.addStretch(1)
        column.addLayout(row)
        column.addStretch(2)

    def begin(self) -> None:
        self.note.start()

    def end(self) -> None:
        self.note.finish()
