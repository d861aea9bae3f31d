"""What the window does at this moment, and how far it is."""

from __future__ import annotations

from time import monotonic
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from travellr_desktop.ui.background import Background, Operation
from travellr_desktop.ui.parts.button import Button, Kind
from travellr_desktop.ui.parts.empty import Bar
from travellr_desktop.ui.parts.field import Glyph
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.theme import Theme


class NowList(QWidget):
    """One line for each operation that has words. `tick` brings the times up to date."""

    def __init__(self, background: Background, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._background = background
        self._lines: dict[Operation[Any], _Line] = {}
        self._nothing = Label(
            self.tr("Nothing is under way. What you start shows here while it runs."),
            "body",
            "text_secondary",
            wrap=True,
        )
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self._column.addWidget(self._nothing)
        background.changed.connect(self.tick)
        self.tick()

    @property
    def lines(self) -> tuple[str, ...]:
        """What runs, in words."""
        return tuple(operation.words for operation in self._lines)

    def tick(self) -> None:
        running = [operation for operation in self._background.running if operation.words]
        for operation in [gone for gone in self._lines if gone not in running]:
            line = self._lines.pop(operation)
            line.hide()
            line.deleteLater()
        for operation in running:
            if operation not in self._lines:
                self._lines[operation] = _Line(operation)
                self._column.addWidget(self._lines[operation])
            self._lines[operation].tick()
        self._nothing.setVisible(not running)


class _Line(QWidget):
    def __init__(self, operation: Operation[Any]) -> None:
        super().__init__()
        self._operation = operation
        self._far = Label("", "small", "text_secondary")
        self._time = Label("", "small_m", "text_secondary")
        self._bar = Bar()
        self._bar.setAccessibleName(operation.words)
        self._bar.setFixedWidth(Theme.current().px(120))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(Glyph("loader", "info"))
        row.addWidget(Label(operation.words, "body_m", elide=True), 1)
        row.addWidget(self._far)
        row.addWidget(self._bar)
        row.addWidget(self._time)
        if operation.stoppable:
            self.stop = Button(self.tr("Stop"), Kind.LINK, height="control_small")
            self.stop.clicked.connect(operation.cancel)
            row.addWidget(self.stop)

    def tick(self) -> None:
        progress = self._operation.progress
        known = progress is not None and progress.total is not None
        self._bar.setVisible(known)
        if progress is not None and progress.total is not None:
            self._bar.setRange(0, max(progress.total, 1))
            self._bar.setValue(progress.done)
            self._far.setText(self.tr("{0} of {1}").format(f"{progress.done:,}", f"{progress.total:,}"))
        self._time.setText(self.tr("{0} s").format(int(monotonic() - self._operation.started)))
