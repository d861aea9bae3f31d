"""Series: a rule of days and a time, what it would make day by day, and what becomes of one that is there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time, timedelta
from typing import cast
from uuid import UUID

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from travellr_desktop.domain.faults import Faults
from travellr_desktop.domain.series import DayKind
from travellr_desktop.errors import InvalidInput, Refusal
from travellr_desktop.services.plans import PlanView
from travellr_desktop.services.registry import Services
from travellr_desktop.services.timetable import SeriesDraft, SeriesOutcome, SeriesPreview, SeriesView
from travellr_desktop.ui.background import Task
from travellr_desktop.ui.day_text import day_of, typed_day
from travellr_desktop.ui.formats import Formats
from travellr_desktop.ui.parts.choices import CheckBox
from travellr_desktop.ui.parts.field import Field
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.pane import Divider, ScrollArea
from travellr_desktop.ui.screen import Context
from travellr_desktop.ui.theme import Theme
from travellr_desktop.ui.timetable.form import (
    FormDialog,
    PlanChoice,
    cutoff_of,
    cutoff_text,
    say,
    seats_of,
    time_of,
)

USUAL_WEEKS = 8
_PATIENCE_MS = 250
_MOST_LINES = 60
_EXAMPLES = (date(2026, 8, 15), date(2026, 8, 16))


class SeriesDialog(FormDialog):
    """A new series, or `series` anew. What it would do is reckoned while one types."""

    width_px = 620

    def __init__(
        self,
        context: Context,
        trip_id: UUID,
        title: str,
        vendor_id: UUID,
        plans: Sequence[PlanView],
        first: date,
        series: SeriesView | None,
        parent: QWidget,
    ) -> None:
        new = series is None
        question = say("New series of {0}") if new else say("Change a series of {0}")
        verb = say("Add the series") if new else say("Change the series")
        super().__init__(question.format(title), verb=verb, parent=parent)
        self._context, self._services = context, cast(Services, context.services)
        self._trip_id, self._vendor_id, self._series, self._first = trip_id, vendor_id, series, first
        self._formats = Formats(self._services.locale)
        draft = series.draft if series is not None else None
        self.preview: SeriesPreview | None = None
        self.days = [CheckBox(self._formats.weekday(number)) for number in range(7)]
        for number, box in enumerate(self.days):
            box.setChecked(draft is None or number in draft.weekdays)
            box.toggled.connect(self._changed)
        self._build(draft, plans)
        self._wait = QTimer(self, singleShot=True, interval=_PATIENCE_MS)
        self._wait.timeout.connect(self._reckon)
        self._changed()

    def _build(self, draft: SeriesDraft | None, plans: Sequence[PlanView]) -> None:
        locale = self._services.locale
        first = draft.first_day if draft else self._first
        last = draft.last_day if draft else self._first + timedelta(weeks=USUAL_WEEKS)
        left_out = ", ".join(typed_day(day, locale) for day in sorted(draft.except_days)) if draft else ""
        week = QWidget()
        row = QHBoxLayout(week)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        for box in self.days:
            row.addWidget(box)
        row.addStretch(1)
        self.grid.addWidget(week, 0, 0, 1, 2)
        self.at = self.keep_part(
            "at",
            Field(say("Leaves at"), text=f"{draft.at:%H:%M}" if draft else "", placeholder="08:30"),
            1,
            0,
        )
        chosen = draft.plan_id if draft else None
        self.plan = self.keep_part("plan_id", PlanChoice(plans, self._vendor_id, chosen), 1, 1)
        self.first = self.keep_part("first_day", Field(say("First day"), text=typed_day(first, locale)), 2, 0)
        self.last = self.keep_part("last_day", Field(say("Last day"), text=typed_day(last, locale)), 2, 1)
        self.seats = self.keep_part(
            "capacity",
            Field(say("How many seats"), text=str(draft.capacity) if draft else "", placeholder="12"),
            3,
            0,
        )
        cutoff = cutoff_text(draft.cutoff) if draft else "30"
        self.cutoff = self.keep_part(
            "cutoff", Field(say("Sales close"), text=cutoff, unit=say("min before")), 3, 1
        )
        self.left_out = self.keep_part(
            "except_days",
            Field(
                say("Days left out"),
                text=left_out,
                placeholder=", ".join(typed_day(day, locale) for day in _EXAMPLES),
            ),
            4,
            0,
            2,
        )
        for field in self.fields.values():
            if isinstance(field, Field):
                field.edited.connect(self._changed)
        self.plan.box.currentIndexChanged.connect(self._planned)
        self.says = Label("", "body_m", wrap=True)
        self._lines = QWidget()
        self._lines.setProperty("part", "scrolled")
        self._column = QVBoxLayout(self._lines)
        self._column.setContentsMargins(0, 0, 8, 0)
        self._column.setSpacing(4)
        self._scroll = ScrollArea(self._lines)
        self._scroll.setFixedHeight(Theme.current().px(112))
        self.body.addWidget(Divider())
        self.body.addWidget(self.says)
        self.body.addWidget(self._scroll)

    # what was typed

    def draft(self) -> SeriesDraft:
        """Raises `InvalidInput` naming every field at fault."""
        locale, faults = self._services.locale, Faults()
        weekdays = frozenset(number for number, box in enumerate(self.days) if box.isChecked())
        typed = self.left_out.text().replace(";", ",").split(",")
        days = [part for part in typed if part.strip()]
        draft = SeriesDraft(
            weekdays=weekdays,
            at=faults.read(time(), time_of, self.at, "at"),
            first_day=faults.read(self._first, day_of, self.first.text(), locale, "first_day"),
            last_day=faults.read(date.max, day_of, self.last.text(), locale, "last_day"),
            capacity=faults.read(1, seats_of, self.seats),
            cutoff=faults.read(timedelta(0), cutoff_of, self.cutoff),
            plan_id=self.plan.plan,
            except_days=frozenset(
                faults.read(date.max, day_of, part, locale, "except_days") for part in days
            ),
            zone=self._series.draft.zone if self._series is not None else None,
        )
        if not weekdays:
            faults.add(InvalidInput(say("Choose a day of the week."), hint="", field="weekdays"))
        faults.end()
        return draft

    def _planned(self) -> None:
        if self.plan.most is not None:
            self.seats.set_text(str(self.plan.most))
        self._changed()

    def _changed(self, *_: object) -> None:
        self.preview = None
        self.act.set_off(say("What it makes is being reckoned"))
        self._wait.start()

    # what it would do

    def _reckon(self) -> None:
        try:
            draft = self.draft()
        except InvalidInput as wrong:
            days = next((str(each) for each in wrong.together if each.field == "weekdays"), "")
            filled = say("What the series makes is shown here once the form is filled in.")
            self.says.setText(days or filled)
            self.says.set_tone("text_secondary")
            self._clear()
            self.act.set_off(None)  # pressed, it says what is missing
            return
        timetable, actor = self._services.timetable, self._context.actor
        series_id = self._series.id if self._series is not None else None
        self._context.background.run(
            self,
            lambda _task: timetable.preview_series(actor, self._trip_id, draft, series_id=series_id),
            key=("series.preview", id(self)),
            newest=True,
            done=self._show,
            refused=self._no_preview,
        )

    def _no_preview(self, refusal: Refusal) -> None:
        self.says.setText(f"{refusal} {refusal.hint}".strip())
        self.says.set_tone("bad")
        self._clear()
        self.act.set_off(None)

    def _show(self, preview: SeriesPreview) -> None:
        self.preview = preview
        self.says.setText(self._sentence(preview))
        self.says.set_tone("text")
        self._clear()
        own = self._series is not None  # that its own days are there already is no news
        told = [day for day in preview.remarkable if not (own and day.kind is DayKind.THERE)]
        lines = [f"{self._formats.day(day.day)}: {day.words}" for day in told]
        lines += [f"{self._formats.day(kept.day)}: {kept.words}" for kept in preview.kept]
        lines += [
            say("{0} is no day of this series.").format(self._formats.day(day)) for day in preview.never
        ]
        for words in lines[:_MOST_LINES]:
            self._column.addWidget(Label(words, "small", "text_secondary", wrap=True))
        if len(lines) > _MOST_LINES:
            more = say("… and {0} more.").format(len(lines) - _MOST_LINES)
            self._column.addWidget(Label(more, "small", "text_muted"))
        self._column.addStretch(1)
        nothing = self._series is None and not preview.made
        self.act.set_off(say("No departure would be made") if nothing else None)

    def _sentence(self, preview: SeriesPreview) -> str:
        made = len(preview.made)
        if self._series is None:
            words = say("1 departure will be made") if made == 1 else say("{0} departures will be made")
            return words.format(f"{made:,}")
        parts = [
            (made, say("{0} made")),
            (preview.changed, say("{0} changed")),
            (preview.removed, say("{0} removed")),
            (len(preview.kept), say("{0} left as they are")),
        ]
        said = [words.format(f"{count:,}") for count, words in parts if count]
        return say("Departures to come: {0}").format(", ".join(said) if said else say("nothing changes"))

    def _clear(self) -> None:
        while (item := self._column.takeAt(0)) is not None:
            if (part := item.widget()) is not None:
                part.hide()
                part.deleteLater()

    # saving

    def save(self) -> None:
        try:
            draft = self.draft()
        except InvalidInput as wrong:
            self.refuse(wrong)
            return
        timetable, actor, series = self._services.timetable, self._context.actor, self._series

        def work(_task: Task) -> SeriesOutcome:
            if series is None:
                return timetable.add_series(actor, self._trip_id, draft)
            return timetable.change_series(actor, series.id, draft, before=series.draft)

        self.set_busy(say("Making the departures"))
        self._context.background.run(
            self,
            work,
            words=say("Making the departures"),
            key="timetable.series",
            done=self._saved,
            refused=self.refuse,
        )

    def _saved(self, outcome: SeriesOutcome) -> None:
        self.set_busy(None)
        self.accept()
        services, actor, context = self._services, self._context.actor, self._context
        made = len(outcome.made)
        words = say("1 departure made") if made == 1 else say("{0} departures made").format(f"{made:,}")
        if self._series is not None:
            context.say.finished(say("The series is changed"))
            return

        def undo() -> None:
            context.background.run(
                context.background,
                lambda _task: services.removal.series(actor, outcome.series_id),
                words=say("Taking the series back"),
            )

        context.say.finished(words, undo)


def open_series(
    context: Context, parent: QWidget, trip_id: UUID, title: str, series: SeriesView | None = None
) -> None:
    """Ask for a new series of a trip, or what is to be another one of one that is there."""
    services, actor = cast(Services, context.services), context.actor

    def read(_task: Task) -> tuple[UUID, Sequence[PlanView], date]:
        agency = services.agency.view()
        formats = Formats(services.locale, agency.zone if agency is not None else "UTC")
        tomorrow = formats.local(context.clock.now(), formats.zone).date() + timedelta(days=1)
        vendor_id = services.trips.detail(actor, trip_id).draft.vendor_id
        return vendor_id, services.plans.list(actor, vendor_id, everything=True), tomorrow

    def ask(found: tuple[UUID, Sequence[PlanView], date]) -> None:
        dialog = SeriesDialog(context, trip_id, title, *found, series, parent)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    context.background.run(parent, read, key="timetable.ask", done=ask)
