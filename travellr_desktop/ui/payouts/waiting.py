"""Where a batch will be, while the provider is asked of very many accounts before its first dry run."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from travellr_desktop.ui.parts.button import Button, Kind
from travellr_desktop.ui.parts.empty import ProgressNote
from travellr_desktop.ui.parts.note import Note
from travellr_desktop.ui.parts.pane import Pane
from travellr_desktop.ui.payouts.words import say
from travellr_desktop.ui.theme import Theme

_WIDE = 440
"""Of the notes, in logical pixels."""


class Waiting(Pane):
    """Empty at first; then how far the asking is, or that it was stopped. `stopped` asks for its end, `again` to go on,
    `left` leads back to all batches."""

    stopped = Signal()
    again = Signal()
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("surface", parent=parent)
        self.progress = ProgressNote(say("Asking whether the accounts can be paid to"))
        self.note = Note("wait", "")
        self.to_all = Button(say("All batches"), Kind.QUIET, icon="arrow-left")
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # the keyboard stands here until there are rows
        self._asking = False
        self._inner = QWidget()
        column = QVBoxLayout(self._inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.progress)
        column.addWidget(self.note)
        column.addWidget(self.to_all, 0, Qt.AlignmentFlag.AlignHCenter)
        middle = QHBoxLayout()
        middle.setContentsMargins(16, 0, 16, 0)
        middle.addStretch(1)
        middle.addWidget(self._inner, 8)
        middle.addStretch(1)
        around = QVBoxLayout(self)
        around.addStretch(1)
        around.addLayout(middle)
        around.addStretch(2)
        self.progress.installEventFilter(self)
        self.progress.stopped.connect(self.stopped)
        self.note.acted.connect(self.again)
        self.to_all.clicked.connect(self.left)
        Theme.current().changed.connect(self._fit)
        self._fit()
        self.clear()

    def clear(self) -> None:
        """Nothing is asked, or not for long."""
        self._asking = False
        self.progress.finish()
        self.note.hide()
        self.to_all.hide()

    def tell(self, done: int, total: int) -> None:
        """How many accounts were answered for."""
        if not self._asking:
            self._asking = True
            self.note.hide()
            self.progress.start()
        self.progress.set_progress(done, total)

    def say_stopped(self, done: int, total: int) -> None:
        """It was stopped: nothing can be reckoned, and what was answered is kept."""
        self.clear()
        first, second = stopped_words(done, total)
        self.note.say("wait", first, second, action=say("Go on"))
        self.note.show()
        self.to_all.show()
        if self.isVisible():
            self.note.button.setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.progress and event.type() == QEvent.Type.Show:  # not before it takes long
            self.to_all.show()
        return super().eventFilter(watched, event)

    def _fit(self) -> None:
        self._inner.setMaximumWidth(Theme.current().px(_WIDE))


def stopped_words(done: int, total: int) -> tuple[str, str]:
    """That the asking was stopped, and what of it is kept."""
    answered = say("The provider has answered for {0} of {1} accounts.").format(f"{done:,}", f"{total:,}")
    return say("It was stopped."), f"{answered} {say('It goes on from there.')}"
