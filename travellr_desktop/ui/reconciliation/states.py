"""What stands in place of the differences: everything agrees, nothing was paid yet, it is read, it could not be."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from travellr_desktop.errors import Refusal
from travellr_desktop.ui.bug_report import BugReport
from travellr_desktop.ui.parts.button import Button
from travellr_desktop.ui.parts.empty import EmptyState, LoadFailed
from travellr_desktop.ui.parts.pane import Pane
from travellr_desktop.ui.reconciliation.words import say

_NOT_ALLOWED = "KeyNotAllowed"


class Instead(Pane):
    """`again` matches once more, `settings` leads to the key, `details` tells the whole failure."""

    again = Signal()
    settings = Signal()
    details = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("surface", parent=parent)
        self._stack = QStackedWidget()
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(self._stack)
        self._agrees = EmptyState("circle-check", "", tone="ok")
        self._first_use = EmptyState(
            "scale",
            self.tr("No card payments yet"),
            self.tr("From the first one on the books are matched here with what the provider says moved."),
        )
        self._reading = EmptyState(
            "loader",
            self.tr("The provider's list is being fetched"),
            self.tr("Each movement is matched with the books."),
        )
        self.to_match = Button(self.tr("Match these days"), icon="refresh-cw", key="F5")
        self.to_match.clicked.connect(self.again)
        self._stopped = EmptyState("circle-slash", self.tr("Stopped"), buttons=(self.to_match,))
        self.to_settings = Button(self.tr("Open Settings"), icon="key-round")
        self.to_settings.clicked.connect(self.settings)
        self._key = EmptyState("key-round", "", buttons=(self.to_settings,), tone="wait")
        self.failed = LoadFailed("")
        self.failed.again.connect(self.again)
        self.failed.details.connect(self.details)
        for page in (
            self._reading,
            self._agrees,
            self._first_use,
            self._stopped,
            self._key,
            self.failed,
        ):
            self._stack.addWidget(page)

    @property
    def words(self) -> str:
        """What it says now."""
        shown = self._stack.currentWidget()
        return shown.accessibleName() if shown is not None else ""

    def show_reading(self) -> None:
        self._stack.setCurrentWidget(self._reading)

    def show_stopped(self) -> None:
        self._stack.setCurrentWidget(self._stopped)

    def show_first_use(self) -> None:
        self._stack.setCurrentWidget(self._first_use)

    def show_agrees(self, days: str, proof: str = "") -> None:
        """Calm: these days need nobody."""
        self._agrees.say(proof or self.tr("Everything agrees"), days)
        self._stack.setCurrentWidget(self._agrees)

    def show_failure(self, failure: Refusal | BugReport) -> None:
        """Why it could not be matched, and what to do about it."""
        page = self._key if _is_key(failure) else self.failed
        page.say(*failure_words(failure))
        self._stack.setCurrentWidget(page)


def failure_words(failure: Refusal | BugReport) -> tuple[str, str]:
    """What could not be done, and what to do about it."""
    if _is_key(failure):
        return (
            say("This desk's key may not read the balance"),
            say("Match at the office, whose key may, or enter that key in Settings."),
        )
    words = say("The program made a mistake.")
    if isinstance(failure, Refusal):
        words = " ".join(part for part in (str(failure), failure.hint) if part)
    return say("The books could not be matched"), words


def _is_key(failure: Refusal | BugReport) -> bool:
    return isinstance(failure, Refusal) and failure.code == _NOT_ALLOWED
