"""What would go back on another day: a line for each step of the policy."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from travellr_desktop.services.refund_asks import RefundPreview, Step
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.pane import Divider
from travellr_desktop.ui.parts.sheet import Says, Sheet, SheetColumn
from travellr_desktop.ui.records.words import Words


class RefundSteps(QWidget):
    """Hidden where no day changes anything."""

    def __init__(self, words: Words, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = words
        title = self.tr("If it were cancelled on another day")
        self.sheet = Sheet(
            title,
            (
                SheetColumn(self.tr("Cancelled"), stretch=1),
                SheetColumn(self.tr("Kept"), trailing=True),
                SheetColumn(self.tr("Back"), trailing=True),
            ),
        )
        head = Label(title, "lead")
        head.setContentsMargins(16, 10, 16, 10)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(Divider(tone="border"))
        column.addWidget(head)
        column.addWidget(self.sheet)
        self.hide()

    def show_preview(self, preview: RefundPreview | None) -> None:
        steps = () if preview is None else preview.steps
        self.sheet.clear()
        for number, step in enumerate(steps):
            money = self._words.money
            tone = "text" if number == 0 else "text_secondary"
            self.sheet.add(
                (
                    Says(self._when(step, steps[number - 1] if number else None), tone=tone),
                    Says(money(step.kept), tone=tone, role="body_m"),
                    Says(money(step.back), tone=tone, role="body_m"),
                )
            )
        self.setVisible(len(steps) > 1)

    def _when(self, step: Step, before: Step | None) -> str:
        if step.until is not None:
            return self.tr("until {0}").format(self._words.formats.when(step.until, step.zone))
        if before is None or before.until is None:
            return self.tr("whenever")
        return self.tr("after {0}").format(self._words.formats.when(before.until, before.zone))
