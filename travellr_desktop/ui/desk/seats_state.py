"""Choosing seats on plans: whose seat is where, and what is asked of the services. Shows nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import cast

from PySide6.QtCore import QObject, Signal

from travellr_desktop.domain.party import TravellerType
from travellr_desktop.domain.seat_places import (
    Neighbour,
    Neighbours,
    children_alone,
    mending_seat,
    neighbours,
    next_free,
)
from travellr_desktop.errors import Refusal
from travellr_desktop.events import BookingCancelled, BookingChanged, BookingConfirmed, Event, HoldChanged
from travellr_desktop.services.holds import HoldView
from travellr_desktop.services.registry import Services
from travellr_desktop.services.seats import SeatMap, SeatNow, SeatState
from travellr_desktop.ui.desk.draft import Line
from travellr_desktop.ui.desk.session import Session
from travellr_desktop.ui.screen import Context


@dataclass(frozen=True, slots=True)
class Sitter:
    """Somebody of a line's party who sits. `position` is theirs in the party, from 1; `name` is "" where it is not
    known; `label` None where the seat is gone."""

    position: int
    kind: TravellerType
    name: str
    label: str | None
    letter: str


class LinePlan:
    """A line of the basket on the plan of its departure, as it was read last."""

    def __init__(self, line: Line, seen: SeatMap) -> None:
        self.line = line
        self.map = seen

    @cached_property
    def neighbours(self) -> Neighbours:
        return neighbours(self.map.layout)

    @property
    def own(self) -> dict[int, str]:
        """The seats of this line, by the traveller's position."""
        return {
            seat.position: seat.label
            for seat in self.map.seats
            if seat.state is SeatState.YOURS and seat.hold_id == self.line.hold.id
        }

    @property
    def sitters(self) -> tuple[Sitter, ...]:
        own = self.own
        found: list[Sitter] = []
        for position, (kind, name) in enumerate(zip(self.line.hold.party, self.line.names, strict=True), 1):
            if kind in self.map.laps:
                continue
            name = name.strip()
            letter = name[0].upper() if name else str(len(found) + 1)
            found.append(Sitter(position, kind, name, own.get(position), letter))
        return tuple(found)

    @property
    def lost(self) -> tuple[str, ...]:
        """Seats that were this line's own before its hold lapsed, and are somebody else's now."""
        others = (SeatState.HELD, SeatState.SOLD)
        there = self.map.by_label
        return tuple(each for each in self.line.hold.labels if each in there and there[each].state in others)

    def seat(self, label: str) -> SeatNow:
        return self.map.by_label[label]

    def sitter_at(self, label: str) -> Sitter | None:
        return next((each for each in self.sitters if each.label == label), None)

    def near(self, label: str) -> tuple[tuple[Neighbour, Sitter], ...]:
        """Those of the party beside a seat, at its table or over the aisle."""
        there = {each.label: each for each in self.sitters if each.label is not None}
        return tuple(
            (neighbour, there[neighbour.label])
            for neighbour in self.neighbours[label]
            if neighbour.label in there
        )

    def alone(self) -> tuple[tuple[int, str | None], ...]:
        """Children who sit with no grown-up of the party beside them: their number in `sitters`, and the seat that
        mends it."""
        sitters = self.sitters
        seats = [each.label for each in sitters]
        children = [each.kind is TravellerType.CHILD for each in sitters]
        taken = self.map.taken
        return tuple(
            (who, mending_seat(self.map.layout, taken, seats, children, who, self.neighbours))
            for who in children_alone(seats, children, self.neighbours)
        )


class Seating(QObject):
    """The plans of the lines in the basket whose seats are numbered; open while somebody chooses on them."""

    changed = Signal()
    """Plans, the line, or whose seat is chosen."""
    opened = Signal(bool)
    refused = Signal(object)
    """Seats could not be taken: a `Refusal`."""
    taken = Signal()
    """Seats were taken as asked."""

    def __init__(self, context: Context, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context, self.session = context, session
        self._services = cast(Services, context.services)
        self.plans: list[LinePlan] = []
        self.line: Line | None = None
        self.who = 0
        self.is_open = False
        self.read_at: datetime | None = None
        session.held.connect(self._held)
        session.seats_asked.connect(self.open)
        session.lines_changed.connect(self._lines_changed)
        session.outcome_changed.connect(self._outcome)
        context.bridge.happened.connect(self._heard)

    # what is there

    @property
    def lines(self) -> tuple[Line, ...]:
        """Lines of the basket whose seats have numbers."""
        return tuple(line for line in self.session.lines if line.hold.labels)

    @property
    def plan(self) -> LinePlan | None:
        return next((plan for plan in self.plans if plan.line is self.line), None)

    @property
    def sitter(self) -> Sitter | None:
        """Whose seat is being chosen."""
        sitters = self.plan.sitters if self.plan is not None else ()
        return sitters[self.who] if self.who < len(sitters) else None

    def living(self, line: Line) -> bool:
        """Whether the hold of a line is still there."""
        return line.seconds(self.session.now) > 0

    # opening and moving about

    def open(self, line: Line | None = None) -> None:
        """Show the plans; on a line, or the first that has one."""
        lines = self.lines
        if not lines or self.session.outcome is not None:
            return
        self.line = line if line in lines else lines[0]
        self.who = 0
        was_open, self.is_open = self.is_open, True
        if not was_open:
            self.plans = []
            self.opened.emit(True)
        self.read()

    def close(self) -> None:
        if self.is_open:
            self.is_open, self.line, self.plans = False, None, []
            self.opened.emit(False)

    def choose_line(self, line: Line) -> None:
        if line is not self.line and line in self.lines:
            self.line, self.who = line, 0
            self.changed.emit()

    def choose_person(self, number: int) -> bool:
        """Whose seat is chosen from now on, counted from 0; False where there is nobody of that number."""
        if self.plan is None or not 0 <= number < len(self.plan.sitters):
            return False
        self.who = number
        self.changed.emit()
        return True

    def next_free(self, after: str) -> str | None:
        plan = self.plan
        return None if plan is None else next_free(plan.map.layout, plan.map.taken, after)

    # asking the services

    def read(self) -> None:
        """Read all plans again."""
        actor, seats = self._context.actor, self._services.seats
        lines = self.lines
        if not self.is_open or not lines:
            return

        def work(_task: object) -> list[tuple[Line, SeatMap]]:
            return [(line, seats.plan_of(actor, line.hold.departure_id)) for line in lines]

        self._context.background.run(
            self, work, key="desk.seats", newest=True, done=self._read, refused=self.refused.emit
        )

    def take(self, label: str) -> None:
        """Sit the person whose seat is chosen there; somebody of the party who has it changes places with them."""
        plan, sitter = self.plan, self.sitter
        if plan is None or sitter is None or sitter.label == label:
            return
        other = plan.sitter_at(label)
        seats = {each.position: each.label for each in plan.sitters}
        seats[sitter.position] = label
        if other is not None:
            seats[other.position] = sitter.label
        self._choose(plan, [seats[each.position] for each in plan.sitters])

    def move(self, who: int, label: str) -> None:
        """Sit one of the party, by number, on a seat."""
        if self.choose_person(who):
            self.take(label)

    def best(self) -> None:
        """Sit the party of the line on the best seats together."""
        plan = self.plan
        if plan is None or not self.living(plan.line):
            return
        actor, seats, line = self._context.actor, self._services.seats, plan.line
        self._run(line, lambda: seats.best(actor, line.hold.id))

    def _choose(self, plan: LinePlan, labels: list[str | None]) -> None:
        chosen = [label for label in labels if label is not None]
        if not self.living(plan.line) or len(chosen) != len(labels):
            self.refused.emit(Refusal(self.tr("The hold has lapsed."), hint=self.tr("Hold the seats again.")))
            return
        actor, seats, line = self._context.actor, self._services.seats, plan.line
        self._run(line, lambda: seats.choose(actor, line.hold.id, chosen))

    def _run(self, line: Line, ask: Callable[[], HoldView]) -> None:
        def done(hold: HoldView) -> None:
            line.hold = hold
            self.session.lines_changed.emit()
            self.taken.emit()
            self.read()

        def refused(refusal: Refusal) -> None:
            self.refused.emit(refusal)
            self.read()

        self._context.background.run(
            self, lambda _task: ask(), key=("desk.seats.choose", line.hold.id), done=done, refused=refused
        )

    # what happened

    def _read(self, found: list[tuple[Line, SeatMap]]) -> None:
        if not self.is_open:
            return
        self.read_at = self.session.now
        self.plans = [LinePlan(line, seen) for line, seen in found if line in self.session.lines]
        basket_changed = False
        for plan in self.plans:
            own, hold = plan.own, plan.line.hold
            labels = tuple(own[position] for position in sorted(own))
            if labels and labels != hold.labels:
                plan.line.hold = replace(hold, labels=labels)
                basket_changed = True
        if basket_changed:
            self.session.lines_changed.emit()
        self.changed.emit()

    def _held(self, line: Line) -> None:
        if line.hold.labels:
            self.open(line)

    def _lines_changed(self) -> None:
        if not self.is_open:
            return
        if not self.lines:
            self.close()
            return
        if self.line not in self.lines:
            self.line, self.who = self.lines[0], 0
        self.plans = [plan for plan in self.plans if plan.line in self.lines]
        if len(self.plans) != len(self.lines):
            self.read()
        self.changed.emit()

    def _outcome(self) -> None:
        if self.session.outcome is not None:
            self.close()

    def _heard(self, event: Event) -> None:
        kinds = (HoldChanged, BookingConfirmed, BookingCancelled, BookingChanged)
        if not self.is_open or not isinstance(event, kinds):
            return
        if any(line.hold.departure_id == event.departure_id for line in self.lines):
            self.read()
