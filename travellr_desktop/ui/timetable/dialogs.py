"""The ways into the timetable's dialogs from other screens."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from travellr_desktop.services.registry import Services
from travellr_desktop.services.timetable import SeriesView
from travellr_desktop.ui.background import Task
from travellr_desktop.ui.formats import Formats
from travellr_desktop.ui.parts.button import Button, Kind
from travellr_desktop.ui.parts.dialog import Decision
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.screen import Context
from travellr_desktop.ui.timetable.departure import edit_departure, new_departure
from travellr_desktop.ui.timetable.form import say
from travellr_desktop.ui.timetable.series import open_series

__all__ = ["edit_departure", "edit_series", "new_departure", "new_series", "series_words"]


class ChooseSeries(Decision):
    """Which of a trip's series is to be changed; or a new one."""

    def __init__(
        self, context: Context, trip_id: UUID, title: str, rows: Sequence[SeriesView], parent: QWidget
    ) -> None:
        super().__init__(
            say("The series of {0}").format(title),
            verb=say("New series"),
            keep=say("Close"),
            kind=Kind.PLAIN,
            parent=parent,
        )
        formats = Formats(cast(Services, context.services).locale)
        self.buttons: list[Button] = []
        for row in rows:
            button = Button(series_words(row, formats), icon="calendar-days", height="control_decision")
            button.clicked.connect(lambda _=False, row=row: self._change(row))
            self.buttons.append(button)
            self.body.addWidget(button)
            words = say("{0} departures to come, {1} of them bought, held or waited for").format(
                f"{row.to_come:,}", f"{row.touched:,}"
            )
            self.body.addWidget(Label(words, "small", "text_secondary"))
        self._args = (context, parent, trip_id, title)
        self.accepted.connect(lambda: open_series(*self._args))

    def _change(self, row: SeriesView) -> None:
        self.reject()
        open_series(*self._args, row)

    def showEvent(self, event: object) -> None:
        super().showEvent(event)
        if self.buttons:
            self.buttons[0].setFocus(Qt.FocusReason.OtherFocusReason)


def series_words(row: SeriesView, formats: Formats) -> str:
    """`Daily 08:30, 1 May to 30 Sep`."""
    draft = row.draft
    first, last = formats.day_of_year(draft.first_day), formats.day_of_year(draft.last_day)
    span = say("{0} to {1}").format(first, last)
    return f"{formats.weekdays(draft.weekdays)} {draft.at:%H:%M}, {span}"


def new_series(context: Context, parent: QWidget, trip_id: UUID, title: str) -> None:
    """Ask for a new series of a trip."""
    open_series(context, parent, trip_id, title)


def edit_series(context: Context, parent: QWidget, trip_id: UUID) -> None:
    """Ask which series of a trip is to be changed; of a trip without one ask for the first."""
    services, actor = cast(Services, context.services), context.actor

    def read(_task: Task) -> tuple[str, Sequence[SeriesView]]:
        title = next((trip.title for trip in services.board.trips(actor) if trip.id == trip_id), "")
        return title, services.timetable.series(actor, trip_id)

    def ask(found: tuple[str, Sequence[SeriesView]]) -> None:
        title, rows = found
        if not rows:
            open_series(context, parent, trip_id, title)
            return
        dialog = ChooseSeries(context, trip_id, title, rows, parent)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    context.background.run(parent, read, key="timetable.ask", done=ask)
