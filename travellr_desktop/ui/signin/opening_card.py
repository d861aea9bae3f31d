"""Another file is being opened: for some moments there is nothing to be done here."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.signin.card import Card


class OpeningCard(Card):
    def __init__(self, parent: QWidget) -> None:
        super().__init__("", parent=parent)
        self.title.setText(self.tr("Opening what came"))
        self.set_second(
            self.tr(
                "Everything from the central database is here. What this profile had goes to its back-ups."
            )
        )
        self.body.addWidget(
            Label(
                self.tr("Nothing is lost if Travellr ends now: it opens the same at its next start."),
                "small",
                "text_secondary",
                wrap=True,
                parent=self,
            )
        )
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)

    def begin(self) -> None:
        self.setFocus(Qt.FocusReason.OtherFocusReason)
