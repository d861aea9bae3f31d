"""Turning a line of the basket into an option. Asks the services; shows nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID, uuid4

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QAbstractButton

from travellr_desktop.errors import Refusal
from travellr_desktop.services.holds import HoldView
from travellr_desktop.services.options import OptionView
from travellr_desktop.services.registry import Services
from travellr_desktop.ui.desk.draft import Attempt, Draft, Line
from travellr_desktop.ui.screen import Context


@dataclass(slots=True)
class KeepForm:
    """What was chosen and typed for a line, so that it is there again when lines are made anew."""

    until: datetime | None = None
    remind: int = 0
    note: str = ""


class Keeping(QObject):
    """The forms that are open, by hold; `kept(OptionView)` and `refused(Line, Refusal)` say how one came out."""

    kept = Signal(object)
    refused = Signal(object, object)
    opened = Signal(object)
    """A form was opened or closed for a `Line`."""

    def __init__(self, context: Context, draft: Draft) -> None:
        super().__init__(draft)
        self._context, self._draft = context, draft
        self._services = cast(Services, context.services)
        self._forms: dict[UUID, KeepForm] = {}
        self._attempt = Attempt()

    def form_of(self, line: Line) -> KeepForm | None:
        return self._forms.get(line.hold.id)

    def open(self, line: Line) -> None:
        """Ask until when its seats are kept."""
        self._forms.setdefault(line.hold.id, KeepForm())
        self.opened.emit(line)

    def close(self, line: Line) -> None:
        if self._forms.pop(line.hold.id, None) is not None:
            self.opened.emit(line)

    def keep(
        self,
        line: Line,
        until: datetime,
        remind_at: datetime | None,
        note: str,
        button: QAbstractButton,
    ) -> None:
        """Keep the seats of a line for the traveller of the basket; the line leaves it."""
        traveller = self._draft.traveller
        if traveller is None:
            return
        actor, options, hold_id = self._context.actor, self._services.options, line.hold.id
        key = self._attempt.key_for((hold_id, until, remind_at, note, traveller.id))

        def done(option: OptionView) -> None:
            self._attempt.answered()
            self._forms.pop(hold_id, None)
            self._draft.lines = [each for each in self._draft.lines if each.hold.id != hold_id]
            self._draft.lines_changed.emit()
            self.kept.emit(option)

        def refused(refusal: Refusal) -> None:
            self._attempt.answered(refusal)
            self.refused.emit(line, refusal)

        self._context.background.run(
            self,
            lambda _task: options.keep(actor, hold_id, until, traveller.id, note, remind_at, key=key),
            words=self.tr("Keeping the seats"),
            key=("desk.keep", hold_id),
            button=button,
            done=done,
            refused=refused,
        )

    def undo(self, option: OptionView) -> None:
        """Bring what was just kept back into the basket."""
        actor, options, key = self._context.actor, self._services.options, uuid4()

        def done(hold: HoldView) -> None:
            self._draft.take_up((hold,))

        self._context.background.run(
            self,
            lambda _task: options.take_up(actor, option.id, key=key),
            key=("desk.take_up", option.id),
            done=done,
            refused=self._draft.refused.emit,
        )
