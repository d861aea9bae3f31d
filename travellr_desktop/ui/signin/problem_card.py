"""The profile cannot be opened: what, and what to do."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from travellr_desktop.ui.parts.button import Button, Kind
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.signin.card import Card


class ProblemCard(Card):
    again = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__("", parent=parent)
        self.title.setText(self.tr("This profile does not open"))
        self.hint = Label("", "body", "text_secondary", wrap=True, parent=self)
        self.button = Button(
            self.tr("Try again"), Kind.PRIMARY, icon="refresh-cw", height="control_primary", parent=self
        )
        self.button.clicked.connect(self.again)
        self.body.addWidget(self.hint)
        self.body.addSpacing(20)
        self.body.addWidget(self.button)
        self.second.set_tone("text")

    def set_problem(self, sentence: str, hint: str) -> None:
        self.set_second(sentence)
        self.hint.setText(hint)

    def begin(self) -> None:
        self.button.setFocus(Qt.FocusReason.OtherFocusReason)
