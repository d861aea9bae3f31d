"""The first start at a further desk of an agency: everything is taken from its central database."""

from __future__ import annotations

from PySide6.QtCore import QSettings, Qt, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QWidget

from travellr_desktop.services.central.door import Arrived, Found, SignIn
from travellr_desktop.ui.background import Background, Progress, Task
from travellr_desktop.ui.parts.button import Button, Kind
from travellr_desktop.ui.people import Newcomer
from travellr_desktop.ui.settings.central_form import CentralForm, Coming
from travellr_desktop.ui.signin.card import Card

WIDTH = 560


class JoinCard(Card):
    """The form of the settings, with one way to come. What came is opened by the window, which hears of it."""

    left = Signal()
    """Back to the first start."""

    def __init__(
        self, newcomer: Newcomer, background: Background, memory: QSettings, parent: QWidget
    ) -> None:
        super().__init__("", width=WIDTH, parent=parent)
        self._newcomer = newcomer
        self._background = background
        self.title.setText(self.tr("Join your agency"))
        self.set_second(
            self.tr(
                "Whoever looks after its central database sends an invitation of one line: paste it whole, or type "
                "what it says."
            )
        )
        self.form = CentralForm(memory, first=True)
        self.back = Button(self.tr("Back to a new agency"), Kind.LINK, height="target", parent=self)
        self.body.addWidget(self.form)
        self.body.addSpacing(12)
        self.body.addWidget(self.back, 0, Qt.AlignmentFlag.AlignLeft)
        self.form.tried.connect(self._try)
        self.form.came.connect(self._come)
        self.back.clicked.connect(self.left)

    def begin(self) -> None:
        self.form.where.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def hideEvent(self, event: QHideEvent) -> None:
        """Nothing of the password is left, and no progress of what the window has taken over."""
        super().hideEvent(event)
        self.form.kept()
        self._ended()

    def _try(self, sign_in: SignIn) -> None:
        self._background.run(
            self,
            lambda _task: self._newcomer.try_as_new(sign_in),
            words=self.tr("Asking the central database"),
            button=self.form.ask,
            done=self._tried,
            refused=self.form.refuse,
        )

    def _tried(self, found: Found) -> None:
        self.form.found(found)

    def _come(self, sign_in: SignIn, _coming: Coming) -> None:
        def work(task: Task) -> Arrived:
            def far(done: int, everything: int) -> None:
                task.check()
                task.report(done, everything)

            return self._newcomer.come_as_new(sign_in, far)

        operation = self._background.run(
            self,
            work,
            words=self.tr("Taking everything"),
            button=self.form.come,
            stoppable=True,
            progress=self._far,
            refused=self.form.refuse,
            ended=self._ended,
        )
        if operation is not None:
            self.back.set_off(self.tr("Everything is being taken"))
            self.form.start(operation.cancel)

    def _far(self, progress: Progress) -> None:
        self.form.far(progress.done, progress.total or 0)

    def _ended(self) -> None:
        self.back.set_off(None)
        self.form.finish()
