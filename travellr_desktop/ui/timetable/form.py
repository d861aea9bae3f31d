"""What the dialogs of the timetable share: a form that stays open until it is saved, and what is typed into it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import time, timedelta
from typing import TypeVar
from uuid import UUID

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QApplication, QGridLayout, QWidget

from travellr_desktop.domain import lengths
from travellr_desktop.domain.text import clean_line
from travellr_desktop.errors import InvalidInput, Refusal
from travellr_desktop.services.plans import PlanView
from travellr_desktop.ui.parts.button import Kind
from travellr_desktop.ui.parts.choice import Choice
from travellr_desktop.ui.parts.dialog import Decision
from travellr_desktop.ui.parts.field import Field
from travellr_desktop.ui.parts.form import Part, first_wrong, follow, go_to, say_wrong
from travellr_desktop.ui.parts.note import Note
from travellr_desktop.ui.parts.shade import SHADE
from travellr_desktop.ui.theme import Theme

MOST_SEATS = 10_000
_TIME = re.compile(r"([01]?[0-9]|2[0-3])[:.]?([0-5][0-9])")


P = TypeVar("P", bound=Part)


def say(text: str) -> str:
    return QCoreApplication.translate("Timetable", text)


class FormDialog(Decision):
    """A question with fields. `fields` are named as the service names what was wrong; `grid` holds two in a row."""

    width_px = 460

    def __init__(self, question: str, *, verb: str, second: str = "", parent: QWidget) -> None:
        super().__init__(
            question, verb=verb, keep=say("Cancel"), second=second, kind=Kind.PRIMARY, parent=parent
        )
        self.fields: dict[str, Part] = {}
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

    def keep_part(self, name: str, part: P, row: int, column: int, span: int = 1) -> P:
        """Take a part in under the name of its field. Enter goes on to the next."""
        self.fields[name] = part
        follow(part, self.note.hide, self.focusNextChild)
        self.grid.addWidget(part, row, column, 1, span, Qt.AlignmentFlag.AlignTop)
        return part

    def refuse(self, refusal: Refusal) -> None:
        """It was not done: why, at each field that is at fault, and below all of them what is about none."""
        self.set_busy(None)
        left = say_wrong(self.fields, refusal)
        first = first_wrong(self.fields)
        if first is not None:
            go_to(first)
        if left:
            self.note.say("bad", str(left[0]), left[0].hint)
        self.note.setVisible(bool(left))
        self._grow()

    def _grow(self) -> None:
        """As high as what is said needs it; Qt's own adjusting stops at two thirds of the screen."""
        layout = self.layout()
        assert layout is not None
        layout.activate()
        self.resize(self.width(), layout.totalHeightForWidth(self.width()))

    def showEvent(self, event: object) -> None:
        super().showEvent(event)
        first = next((part for part in self.fields.values() if isinstance(part, Field)), None)
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


def release_of(field: Field) -> int | None:
    """Days, or nothing. Raises `InvalidInput` naming `release_days`."""
    text = field.text().strip()
    if not text:
        return None
    if not text.isascii() or not text.isdecimal() or len(text) > 3:
        raise InvalidInput(
            say("This is no number of days."), hint=say("Write it like 7."), field="release_days"
        )
    return int(text)


def release_text(days: int | None) -> str:
    return "" if days is None else str(days)


def note_of(field: Field) -> str:
    """Raises `InvalidInput` naming `note`."""
    return clean_line(field.text(), "note", lengths.CREW_NOTE, required=False)


class PlanChoice(Choice):
    """Open seating, or one of the plans in use that a vendor's departures may have: theirs and the agency's; `plan` is
    its id. A plan that was put away is offered where it is the chosen one: what is on it keeps it."""

    def __init__(self, plans: Sequence[PlanView], vendor_id: UUID | None, chosen: UUID | None = None) -> None:
        self._all = {plan.id: plan for plan in plans if plan.active or plan.id == chosen}
        super().__init__(say("Seats"), [("", say("Open seating"))])
        self.offer_plans_of(vendor_id)
        if chosen in self._all:
            self.set_value(str(chosen))

    def offer_plans_of(self, vendor_id: UUID | None) -> None:
        """Offer the plans of a vendor and of the agency; what was chosen stays where it is among them."""
        before = self.value()
        offered = [("", say("Open seating"))]
        offered += [
            (str(plan.id), _plan_words(plan))
            for plan in self._all.values()
            if plan.vendor_id in (None, vendor_id)
        ]
        self.offer(offered)
        if any(before == key for key, _ in offered):
            self.set_value(before)

    @property
    def plan(self) -> UUID | None:
        return UUID(self.value()) if self.value() else None

    @property
    def most(self) -> int | None:
        """How many seats the plan has; None for open seating."""
        return None if self.plan is None else self._all[self.plan].seats


def _plan_words(plan: PlanView) -> str:
    words = say("{0}, {1} seats") if plan.active else say("{0}, {1} seats (put away)")
    return words.format(plan.name, plan.seats)
