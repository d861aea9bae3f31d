"""The series of a trip and its next departures."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from travellr_desktop.services.catalogue import counted
from travellr_desktop.services.lists import DepartureListRow
from travellr_desktop.services.timetable import SeriesView
from travellr_desktop.ui.bookings.sheet import Says, Sheet, SheetColumn
from travellr_desktop.ui.catalogue.form import FormPage
from travellr_desktop.ui.catalogue.words import say
from travellr_desktop.ui.formats import Formats
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.pane import Section

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
SHOWN = 20
"""How many of the next departures are listed."""


class DeparturesPage(FormPage):
    """Reads only: nothing here waits to be saved. `actions` beside each heading are for what adds to it."""

    def __init__(self, formats: Formats) -> None:
        super().__init__(say("Departures"))
        self.formats = formats
        self.series_section = Section(say("Series"))
        self.series = QVBoxLayout()
        self.series.setSpacing(8)
        self.no_series = Label(
            say("No series: departures are added one by one."), "small", "text_secondary", wrap=True
        )
        self.series_section.body.addLayout(self.series)
        self.series_section.body.addWidget(self.no_series)
        self.next_section = Section(say("Next departures"))
        self.next = Sheet(
            say("Next departures"),
            (
                SheetColumn(say("Departs"), stretch=1),
                SheetColumn(say("Taken"), trailing=True),
                SheetColumn(say("Seats"), trailing=True),
            ),
        )
        self.none = Label("", "small", "text_secondary", wrap=True)
        self.next_section.body.addWidget(self.next)
        self.next_section.body.addWidget(self.none)
        self.body.addWidget(self.series_section)
        self.body.addWidget(self.next_section)

    def show_departures(
        self, series: Sequence[SeriesView], coming: Sequence[DepartureListRow], total: int
    ) -> None:
        """`coming` are the first of `total`."""
        while (taken := self.series.takeAt(0)) is not None:
            if (line := taken.widget()) is not None:
                line.hide()
                line.deleteLater()
        for each in series:
            self.series.addWidget(self._series(each))
        self.no_series.setVisible(not series)
        self.next.clear()
        for row in coming:
            self.next.add([self._departs(row), Says(f"{row.taken:,}"), Says(f"{row.capacity:,}")])
        self.next.setVisible(bool(coming))
        more = total - len(coming)
        self.none.setText(self._rest(more) if coming else say("No departure to come."))
        self.none.setVisible(more > 0 or not coming)

    def show_none_yet(self) -> None:
        """The trip has to be there first."""
        self.show_departures((), (), 0)
        self.no_series.setText(say("Departures can be added once the trip is."))

    def _rest(self, more: int) -> str:
        return say("and {0} later.").format(counted(more, say("departure"))) if more > 0 else ""

    def _departs(self, row: DepartureListRow) -> Says:
        words = {"stopped": say("not sold"), "open": ""}.get(row.state, row.state)
        second = " · ".join(part for part in (words, row.stop_reason, row.note) if part)
        return Says(
            self.formats.when(row.departs, row.zone), second, tone="text" if row.state == "open" else "wait"
        )

    def _series(self, series: SeriesView) -> QWidget:
        line = QWidget()
        column = QVBoxLayout(line)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        first, second = series_words(series, self.formats)
        column.addWidget(Label(first, "body_m", wrap=True))
        column.addWidget(Label(second, "small", "text_secondary", wrap=True))
        return line


def series_words(series: SeriesView, formats: Formats) -> tuple[str, str]:
    """`Mon, Thu 09:00` and what else there is to say of a series."""
    draft = series.draft
    days = sorted(draft.weekdays)
    names = say("Every day") if len(days) == 7 else ", ".join(say(WEEKDAYS[day]) for day in days)
    left_out = (
        say("{0} left out").format(counted(len(draft.except_days), say("day"))) if draft.except_days else ""
    )
    parts = (
        f"{formats.day(draft.first_day)} – {formats.day(draft.last_day)}",
        counted(draft.capacity, say("seat")),
        say("{0} to come").format(f"{series.to_come:,}"),
        left_out,
    )
    return f"{names} {draft.at:%H:%M}", " · ".join(part for part in parts if part)
