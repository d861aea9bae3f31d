"""One departure: a new one, or another time, cut-off, note and plan of one that is there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time, timedelta
from typing import cast
from uuid import UUID

from PySide6.QtWidgets import QWidget

from travellr_desktop.domain import lengths
from travellr_desktop.domain.faults import Faults
from travellr_desktop.errors import InvalidInput
from travellr_desktop.services.board import TripChoice
from travellr_desktop.services.plans import PlanView
from travellr_desktop.services.registry import Services
from travellr_desktop.services.timetable import DepartureDetail, DepartureDraft, DepartureEdit
from travellr_desktop.ui.background import Task
from travellr_desktop.ui.day_text import day_of, typed_day
from travellr_desktop.ui.formats import Formats
from travellr_desktop.ui.parts.choice import Choice
from travellr_desktop.ui.parts.field import Field
from travellr_desktop.ui.screen import Context
from travellr_desktop.ui.timetable.form import (
    FormDialog,
    PlanChoice,
    cutoff_of,
    cutoff_text,
    note_of,
    release_of,
    release_text,
    say,
    seats_of,
    time_of,
)


class NewDeparture(FormDialog):
    """Adds a departure of a trip."""

    def __init__(
        self,
        context: Context,
        trips: Sequence[TripChoice],
        trip_id: UUID | None,
        plans: Sequence[PlanView],
        day: date,
        parent: QWidget,
    ) -> None:
        super().__init__(say("New departure"), verb=say("Add the departure"), parent=parent)
        self._context, self._services = context, cast(Services, context.services)
        self._vendors = {str(trip.id): trip.vendor_id for trip in trips}
        self.trip = Choice(
            say("Trip"), [(str(trip.id), f"{trip.title}, {trip.vendor_name}") for trip in trips]
        )
        if str(trip_id) in self._vendors:
            self.trip.set_value(str(trip_id))
        self.keep_part("trip", self.trip, 0, 0, 2)
        locale = self._services.locale
        self.day = self.keep_part("day", Field(say("Day"), text=typed_day(day, locale)), 1, 0)
        self.at = self.keep_part("at", Field(say("Leaves at"), placeholder="08:30"), 1, 1)
        self.plan = self.keep_part("plan_id", PlanChoice(plans, self._vendor_id), 2, 0)
        self.seats = self.keep_part("capacity", Field(say("How many seats"), placeholder="12"), 2, 1)
        self.cutoff = self.keep_part(
            "cutoff", Field(say("Sales close"), text="30", unit=say("min before")), 3, 0
        )
        self.words = self.keep_part(
            "note",
            Field(say("Note for the crew"), placeholder=say("Second boat"), longest=lengths.CREW_NOTE),
            3,
            1,
        )
        self.plan.box.currentIndexChanged.connect(self._planned)
        self.trip.box.currentIndexChanged.connect(lambda _: self.plan.offer_plans_of(self._vendor_id))

    @property
    def _vendor_id(self) -> UUID:
        return self._vendors[self.trip.value()]

    def draft(self) -> DepartureDraft:
        """Raises `InvalidInput` naming every field at fault."""
        faults = Faults()
        draft = DepartureDraft(
            day=faults.read(date.max, day_of, self.day.text(), self._services.locale, "day"),
            at=faults.read(time(), time_of, self.at, "at"),
            plan_id=self.plan.plan,
            capacity=faults.read(1, seats_of, self.seats),
            cutoff=faults.read(timedelta(0), cutoff_of, self.cutoff),
            note=faults.read("", note_of, self.words),
        )
        faults.end()
        return draft

    def _planned(self) -> None:
        if self.plan.most is not None:
            self.seats.set_text(str(self.plan.most))

    def save(self) -> None:
        try:
            draft = self.draft()
        except InvalidInput as wrong:
            self.refuse(wrong)
            return
        trip_id, actor = UUID(self.trip.value()), self._context.actor
        timetable = self._services.timetable
        self.set_busy(say("Adding the departure"))
        self._context.background.run(
            self,
            lambda _task: timetable.add_departures(actor, trip_id, [draft]),
            words=say("Adding the departure"),
            key="timetable.new",
            done=self._added,
            refused=self.refuse,
        )

    def _added(self, made: tuple[UUID, ...]) -> None:
        self.set_busy(None)
        self.accept()
        services, actor = self._services, self._context.actor

        def undo() -> None:
            self._context.background.run(
                self._context.background,
                lambda _task: services.removal.departures(actor, made),
                words=say("Taking the departure back"),
            )

        self._context.say.finished(say("The departure is added"), undo)


class EditDeparture(FormDialog):
    """Another time, cut-off, note or plan of a departure. Its day and trip stay."""

    def __init__(
        self, context: Context, detail: DepartureDetail, plans: Sequence[PlanView], parent: QWidget
    ) -> None:
        services = cast(Services, context.services)
        formats = Formats(services.locale, detail.zone)
        question = say("Change {0}, {1}").format(detail.title, formats.when(detail.starts_at, detail.zone))
        super().__init__(question, verb=say("Save"), parent=parent)
        self._context, self._services, self._detail = context, services, detail
        edit = detail.edit
        self.at = self.keep_part("at", Field(say("Leaves at"), text=f"{edit.at:%H:%M}"), 0, 0)
        self.cutoff = self.keep_part(
            "cutoff", Field(say("Sales close"), text=cutoff_text(edit.cutoff), unit=say("min before")), 0, 1
        )
        note = Field(say("Note for the crew"), text=edit.note, longest=lengths.CREW_NOTE)
        self.words = self.keep_part("note", note, 1, 0)
        self.plan = self.keep_part("plan_id", PlanChoice(plans, detail.vendor_id, edit.plan_id), 1, 1)
        release = Field(
            say("Desks give unsold seats back"),
            text=release_text(edit.release_days),
            unit=say("days before"),
            placeholder=say("as always"),
        )
        self.release = self.keep_part("release_days", release, 2, 0)

    def draft(self) -> DepartureEdit:
        """Raises `InvalidInput` naming every field at fault."""
        faults = Faults()
        edit = DepartureEdit(
            at=faults.read(time(), time_of, self.at, "at"),
            cutoff=faults.read(timedelta(0), cutoff_of, self.cutoff),
            note=faults.read("", note_of, self.words),
            plan_id=self.plan.plan,
            release_days=faults.read(None, release_of, self.release),
        )
        faults.end()
        return edit

    def save(self) -> None:
        try:
            edit = self.draft()
        except InvalidInput as wrong:
            self.refuse(wrong)
            return
        timetable, actor, detail = self._services.timetable, self._context.actor, self._detail
        self.set_busy(say("Saving"))
        self._context.background.run(
            self,
            lambda _task: timetable.update(actor, detail.id, edit, before=detail.edit),
            words=say("Saving the departure"),
            key=("timetable", detail.id),
            done=self._saved,
            refused=self.refuse,
        )

    def _saved(self, _detail: DepartureDetail) -> None:
        self.set_busy(None)
        self.accept()
        self._context.say.finished(say("The departure is changed"))


def new_departure(context: Context, parent: QWidget, trip_id: UUID | None, day: date) -> None:
    """Ask for a new departure on or after `day`."""
    services, actor = cast(Services, context.services), context.actor

    def read(_task: Task) -> tuple[Sequence[TripChoice], Sequence[PlanView], date]:
        agency = services.agency.view()
        formats = Formats(services.locale, agency.zone if agency is not None else "UTC")
        tomorrow = formats.local(context.clock.now(), formats.zone).date() + timedelta(days=1)
        return services.board.trips(actor), services.plans.list(actor), max(day, tomorrow)

    def ask(found: tuple[Sequence[TripChoice], Sequence[PlanView], date]) -> None:
        trips, plans, first = found
        if not trips:
            context.say.refused(
                InvalidInput(say("There is no trip to leave."), hint=say("Add one under Trips first."))
            )
            return
        dialog = NewDeparture(context, trips, trip_id, plans, first, parent)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    context.background.run(parent, read, key="timetable.ask", done=ask)


def edit_departure(context: Context, parent: QWidget, departure_id: UUID) -> None:
    """Ask what is to be another one."""
    services, actor = cast(Services, context.services), context.actor

    def read(_task: Task) -> tuple[DepartureDetail, Sequence[PlanView]]:
        return services.timetable.departure(actor, departure_id), services.plans.list(actor, everything=True)

    def ask(found: tuple[DepartureDetail, Sequence[PlanView]]) -> None:
        dialog = EditDeparture(context, *found, parent)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    context.background.run(parent, read, key="timetable.ask", done=ask)
