"""What would go back on another day: a line for each step of the policy, and if wished for each traveller."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from travellr_desktop.services.refund_asks import RefundPreview, Step
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.pane import Divider
from travellr_desktop.ui.parts.segments import Segments
from travellr_desktop.ui.parts.sheet import Says, Sheet, SheetColumn
from travellr_desktop.ui.records.words import Words

_TOGETHER, _EACH = "together", "each"


class RefundSteps(QWidget):
    """Hidden where no day changes anything. `switch` sets the travellers below each step."""

    def __init__(self, words: Words, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = words
        self._shown: RefundPreview | None = None
        title = self.tr("If it were cancelled on another day")
        self.sheet = Sheet(
            title,
            (
                SheetColumn(self.tr("Cancelled"), stretch=1),
                SheetColumn(self.tr("Kept"), trailing=True),
                SheetColumn(self.tr("Back"), trailing=True),
            ),
        )
        self.switch = Segments(
            self.tr("On another day"),
            [(_TOGETHER, self.tr("Together")), (_EACH, self.tr("By traveller"))],
        )
        self.switch.chosen.connect(lambda _key: self._fill())
        head = QHBoxLayout()
        head.setContentsMargins(16, 10, 16, 10)
        head.setSpacing(8)
        head.addWidget(Label(title, "lead", elide=True), 1)
        head.addWidget(self.switch)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(Divider(tone="border"))
        column.addLayout(head)
        column.addWidget(self.sheet)
        self.hide()

    def show_preview(self, preview: RefundPreview | None) -> None:
        self._shown = preview
        self._fill()

    def _fill(self) -> None:
        steps = () if self._shown is None else self._shown.steps
        several = bool(steps) and len(steps[0].lines) > 1
        self.switch.setVisible(several)
        self.sheet.clear()
        money = self._words.money
        for number, step in enumerate(steps):
            tone = "text" if number == 0 else "text_secondary"
            self.sheet.add(
                (
                    Says(self._when(step, steps[number - 1] if number else None), tone=tone),
                    Says(money(step.kept), tone=tone, role="body_m"),
                    Says(money(step.back), tone=tone, role="body_m"),
                )
            )
            if several and self.switch.value() == _EACH:
                for line in step.lines:
                    self.sheet.add(
                        (
                            _Within(line.name),
                            Says(money(line.kept), tone="text_secondary"),
                            Says(money(line.back), tone="text_secondary"),
                        )
                    )
        self.setVisible(len(steps) > 1)

    def _when(self, step: Step, before: Step | None) -> str:
        if step.until is not None:
            return self.tr("until {0}").format(self._words.formats.when(step.until, step.zone))
        if before is None or before.until is None:
            return self.tr("whenever")
        return self.tr("after {0}").format(self._words.formats.when(before.until, before.zone))


class _Within(QWidget):
    """A traveller, set in below the step."""

    def __init__(self, name: str) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addSpacing(16)
        row.addWidget(Label(name, "body", "text_secondary", elide=True), 1)
