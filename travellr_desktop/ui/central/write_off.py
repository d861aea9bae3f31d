"""Writing off what a silent desk may still sell: what follows, and its name typed by whoever decides."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from travellr_desktop.domain.clock import Clock
from travellr_desktop.errors import Refusal
from travellr_desktop.services.central.service import CentralService
from travellr_desktop.services.central.views import DeskDetail
from travellr_desktop.ui.central.words import say
from travellr_desktop.ui.parts.dialog import Decision
from travellr_desktop.ui.parts.field import Field
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.note import Note
from travellr_desktop.ui.records.words import Words
from travellr_desktop.ui.screen import Context


class WriteOffDesk(Decision):
    """`typed` has the name. It stays open until the seats are written off, or somebody keeps them."""

    def __init__(self, detail: DeskDetail, words: Words, clock: Clock, parent: QWidget) -> None:
        desk = detail.desk
        super().__init__(
            say("Write off the seats of {0}?").format(desk.name),
            verb=say("Write off {0} seats").format(f"{desk.left:,}"),
            keep=say("Keep them"),
            second=self._seen(detail, words, clock),
            parent=parent,
        )
        self.detail = detail
        departures = len(detail.next) + detail.more
        self.rows.add(say("Seats that others can sell then"), f"{desk.left:,}", strong=True)
        self.rows.add(say("Of departures to come"), f"{departures:,}", quiet=True)
        follows = QVBoxLayout()
        follows.setSpacing(6)
        for sentence in (
            say("It may be selling right now, with nobody knowing: what it sells stands, paid or not."),
            say("Where that is too many, the departure comes to Conflicts, for every desk to see."),
            say("Refunds and payouts that it had begun may be taken over by others. This cannot be undone."),
        ):
            follows.addWidget(Label(sentence, "body", "text_secondary", wrap=True))
        self.field = Field(say("Type the name of the desk"))
        self.field.edit.setMaxLength(200)
        self.problem = Note("bad", "-")
        self.problem.hide()
        self.body.setContentsMargins(0, 12, 0, 0)
        self.body.addLayout(follows)
        self.body.addWidget(self.field)
        self.body.addWidget(self.problem)
        self.field.edited.connect(lambda _text: self._changed())
        self.field.entered.connect(lambda: self.act.click() if self.act.isEnabled() else None)
        self.act.clicked.disconnect(self.accept)  # who asked for it says when it is done
        self._changed()

    @staticmethod
    def _seen(detail: DeskDetail, words: Words, clock: Clock) -> str:
        desk = detail.desk
        if desk.seen is None:
            return say("It was never there.")
        return say("It was last seen {0}.").format(words.stamp(desk.seen, clock.now()))

    @property
    def typed(self) -> str:
        return self.field.text().strip()

    def refuse(self, refusal: Refusal) -> None:
        """Say why it could not be done: at the field, or above the buttons."""
        if refusal.field == "name":
            self.field.set_error(f"{refusal} {refusal.hint}".strip())
            self.field.edit.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.problem.say("bad", str(refusal), refusal.hint)
        self.problem.show()
        self._fit_height()

    def _fit_height(self) -> None:
        """As high as its sentences need; Qt's own way stops at two thirds of the screen."""
        column = self.layout()
        if column is not None:
            height = column.totalHeightForWidth(self.width())
            self.move(self.x(), self.y() - (height - self.height()) // 2)
            self.resize(self.width(), height)

    def _changed(self) -> None:
        self.field.set_error(None)
        same = self.typed.casefold() == self.detail.desk.name.strip().casefold()
        self.act.set_off(None if same else say("Type the name of the desk first"))

    def showEvent(self, event: object) -> None:
        super().showEvent(event)
        self._fit_height()
        self.field.edit.setFocus(Qt.FocusReason.OtherFocusReason)


class WritingOff(QObject):
    """Asks, and does it. `changed` when seats were written off, `closed` when nothing is asked any more."""

    changed = Signal()
    closed = Signal()

    def __init__(self, context: Context, central: CentralService, words: Words, over: QWidget) -> None:
        super().__init__(over)
        self._context, self._central, self._words, self._over = context, central, words, over
        self.dialog: WriteOffDesk | None = None

    def ask(self, detail: DeskDetail) -> None:
        """Show what follows, and ask for the name of the desk."""
        dialog = self.dialog = WriteOffDesk(detail, self._words, self._context.clock, self._over)
        dialog.act.clicked.connect(self._do)
        dialog.finished.connect(dialog.deleteLater)
        dialog.finished.connect(self._closed)
        dialog.open()

    def _closed(self) -> None:
        self.dialog = None
        self.closed.emit()

    def _do(self) -> None:
        dialog = self.dialog
        if dialog is None:
            return
        central, actor, desk, typed = self._central, self._context.actor, dialog.detail.desk, dialog.typed
        dialog.problem.hide()
        self._context.background.run(
            self,
            lambda _task: central.write_off(actor, desk.id, typed),
            words=say("Writing them off"),
            button=dialog.act,
            key=("central.write_off", desk.id),
            done=partial(self._done, desk.name),
            refused=dialog.refuse,
        )

    def _done(self, name: str, departures: int) -> None:
        if self.dialog is not None:
            self.dialog.act.set_busy(None)
            self.dialog.accept()
        words = say("The seats of {0} are written off, of {1} departures").format(name, f"{departures:,}")
        self._context.say.finished(words)
        self.changed.emit()
