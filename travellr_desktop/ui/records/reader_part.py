"""A payment that a card reader asks for, beside a list: which reader, how long still, and a way to have it stop."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from travellr_desktop.domain.clock import Clock
from travellr_desktop.services.asking import LASTS
from travellr_desktop.services.outcomes import ReaderView
from travellr_desktop.ui.parts.button import Button, Kind
from travellr_desktop.ui.parts.field import Glyph
from travellr_desktop.ui.parts.holdring import HoldRing
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.pane import Section


class ReaderPart(Section):
    """`cancel_asked(button)` asks to have the reader stop; who may not is not offered it."""

    cancel_asked = Signal(object)

    def __init__(
        self, reader: ReaderView, clock: Clock, *, may_cancel: bool, parent: QWidget | None = None
    ) -> None:
        super().__init__(QCoreApplication.translate("ReaderPart", "Card reader"), parent=parent)
        self.reader, self._clock = reader, clock
        first = QHBoxLayout()
        first.setSpacing(8)
        first.addWidget(Glyph("smartphone-nfc", "info"))
        self.words = Label(self.tr("Waiting for a card"), "body_m", wrap=True)
        first.addWidget(self.words, 1)
        first.addWidget(Label(self.tr("asks for"), "small", "text_secondary"))
        self.ring = HoldRing(self.seconds, LASTS.total_seconds())
        first.addWidget(self.ring)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(Label(reader.label, "small", "text_secondary", elide=True), 1)
        self.end = Button(self.tr("Cancel on the reader"), Kind.DANGER_PLAIN, height="control_small")
        self.end.clicked.connect(lambda: self.cancel_asked.emit(self.end))
        if may_cancel:
            row.addWidget(self.end)
        else:
            self.end.setParent(self)
            self.end.hide()
        self.body.addLayout(first)
        self.body.addWidget(
            Label(self.tr("Nothing is charged before a card is presented."), "small", wrap=True)
        )
        self.body.addLayout(row)

    def seconds(self) -> float:
        """How long the reader asks still."""
        return (self.reader.asks_until - self._clock.now()).total_seconds()
