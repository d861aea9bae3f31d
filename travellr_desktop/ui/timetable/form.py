"""What the dialogs of the timetable share: a form that stays open until it is saved, and what is typed into it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import time, timedelta
from uuid import UUID

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QApplication, QGridLayout, QWidget

from travellr_desktop.errors import InvalidInput, Refusal
from travellr_desktop.services.plans import PlanView
from travellr_desktop.ui.parts.button import Kind
from travellr_desktop.ui.parts.choice import Choice
from travellr_desktop.ui.parts.dialog import Decision
from travellr_desktop.ui.parts.field import Field
from travellr_desktop.ui.parts.note import Note
from travellr_desktop.ui.parts.shade import SHADE
from travellr_desktop.ui.theme import Theme

MOST_SEATS = 10_000
_TIME = re.compile(r"([01]?[0-9]|2[0-3])[:.]?([0-5][0-9])")


def say(text: str) -> str:
    return QCoreApplication.translate("Timetable", text)


class FormDialog(Decision):
    """A question with fields. `fields` are named as the service names what was wrong; `grid` holds two in a row."""

    width_px = 460

    def __init__(self, question: str, *, verb: str, second: str = "", parent: QWidget) -> None:
        super().__init__(
            question, verb=verb, keep=say("Cancel"), second=second, kind=Kind.PRIMARY, parent=parent
        )
        self.fields: dict[str, Field] = {}
        self.grid = QGridLayout()
        self.grid.setHorizontalSpacing(16)
        self.grid.setVerticalSpacing(12)
        self.grid.setColumnStretch(0, 1)
        self.grid.setColumnStretch(1, 1)
        self.note = Note("bad", "")
        self.note.hide()
        self.body.addLayout(self.grid)
        self.body.addWidget(self.note)
        self.act.clicked.disconnect()
        self.act.clicked.connect(self.save)

    def save(self) -> None:
        """Send what was typed."""
        raise NotImplementedError

    def add_field(self, name: str, field: Field, row: int, column: int, span: int = 1) -> Field:
        """Enter goes on to the next field, and saves from the last."""
        self.fields[name] = field
        field.edited.connect(lambda _text: self._edited(field))
        field.entered.connect(self.focusNextChild)
        self.grid.addWidget(field, row, column, 1, span, Qt.AlignmentFlag.AlignTop)
        return field

    def _edited(self, field: Field) -> None:
        field.set_error(None)
        self.note.hide()

    def refuse(self, refusal: Refusal) -> None:
        """It was not done: why, at its field or below all of them."""
        self.set_busy(None)
        field = self.fields.get(refusal.field or "")
        if field is not None:
            field.set_error(f"{refusal} {refusal.hint}".strip())
            field.edit.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.note.say("bad", str(refusal), refusal.hint)
            self.note.show()
        self.adjustSize()

    def showEvent(self, event: object) -> None:
        super().showEvent(event)
        first = next(iter(self.fields.values()), None)
        if first is not None:
            first.edit.setFocus(Qt.FocusReason.OtherFocusReason)
            first.edit.selectAll()

    def _fit(self) -> None:
        super()._fit()
        screen = QApplication.primaryScreen().availableGeometry().width() - 64
        self.setFixedWidth(max(self.width(), min(Theme.current().px(self.width_px), screen) + 2 * SHADE))


def time_of(field: Field, name: str) -> time:
    """`8:30`, `08.30` or `0830`. Raises `InvalidInput(name)`."""
    found = _TIME.fullmatch(field.text().strip())
    if found is None:
        raise InvalidInput(say("This is no time."), hint=say("Write it like 08:30."), field=name)
    return time(int(found[1]), int(found[2]))


def seats_of(field: Field) -> int:
    """Raises `InvalidInput` naming `capacity`."""
    text = field.text().strip()
    if not text.isdecimal() or not 0 < int(text) <= MOST_SEATS:
        raise InvalidInput(
            say("This is no number of seats."), hint=say("Write it like 12."), field="capacity"
        )
    return int(text)


def cutoff_of(field: Field) -> timedelta:
    """Minutes, or hours and minutes as `2:30`. Raises `InvalidInput` naming `cutoff`."""
    found = re.fullmatch(r"([0-9]{1,4})(?::([0-5][0-9]))?", field.text().strip())
    if found is None:
        raise InvalidInput(
            say("This is no length of time."), hint=say("Write minutes, or 2:30."), field="cutoff"
        )
    if found[2] is None:
        return timedelta(minutes=int(found[1]))
    return timedelta(hours=int(found[1]), minutes=int(found[2]))


def cutoff_text(cutoff: timedelta) -> str:
    minutes = int(cutoff.total_seconds()) // 60
    return str(minutes) if minutes < 120 else f"{minutes // 60}:{minutes % 60:02}"


class PlanChoice(Choice):
    """Open seating, or one of the plans in use; `plan` is its id. A plan that was put away is offered where it is the
    chosen one: what is on it keeps it."""

    def __init__(self, plans: Sequence[PlanView], chosen: UUID | None = None) -> None:
        self._plans = {plan.id: plan for plan in plans if plan.active or plan.id == chosen}
        offered = [("", say("Open seating"))]
        offered += [(str(plan.id), _plan_words(plan)) for plan in self._plans.values()]
        super().__init__(say("Seats"), offered)
        if chosen in self._plans:
            self.set_value(str(chosen))

    @property
    def plan(self) -> UUID | None:
        return UUID(self.value()) if self.value() else None

    @property
    def most(self) -> int | None:
        """How many seats the plan has; None for open seating."""
        return None if self.plan is None else self._plans[self.plan].seats


def _plan_words(plan: PlanView) -> str:
    words = say("{0}, {1} seats") if plan.active else say("{0}, {1} seats (put away)")
    return words.format(plan.name, plan.seats)
