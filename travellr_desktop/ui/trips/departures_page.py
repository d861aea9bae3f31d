"""The series of a trip and its next departures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from travellr_desktop.services.catalogue import counted
from travellr_desktop.services.lists import DepartureListRow
from travellr_desktop.services.timetable import SeriesView
from travellr_desktop.ui.catalogue.form import FormPage
from travellr_desktop.ui.catalogue.words import say
from travellr_desktop.ui.formats import Formats
from travellr_desktop.ui.parts.button import Button, Kind
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.pane import Section
from travellr_desktop.ui.parts.sheet import Says, Sheet, SheetColumn

SHOWN = 20
"""How many of the next departures are listed."""


class DeparturesPage(FormPage):
    """Nothing here waits to be saved with the form: what is asked for has dialogs of its own."""

    series_asked = Signal(object)
    """A `SeriesView` to be changed, or None for a new one."""
    departure_asked = Signal(object)
    """The id of a departure to be changed, or None for a new one."""

    def __init__(self, formats: Formats) -> None:
        super().__init__(say("Departures"))
        self.formats = formats
        self.add_series = Button(say("Add a series"), Kind.QUIET, icon="plus", height="control_small")
        self.add_departure = Button(say("Add a departure"), Kind.QUIET, icon="plus", height="control_small")
        self.add_series.clicked.connect(lambda: self.series_asked.emit(None))
        self.add_departure.clicked.connect(lambda: self.departure_asked.emit(None))
        self.series_section = Section(say("Series"), action=self.add_series)
        self.series = QVBoxLayout()
        self.series.setSpacing(8)
        self.no_series = Label(
            say("No series: departures are added one by one."), "small", "text_secondary", wrap=True
        )
        self.series_section.body.addLayout(self.series)
        self.series_section.body.addWidget(self.no_series)
        self.next_section = Section(say("Next departures"), action=self.add_departure)
        self.next = Sheet(
            say("Next departures"),
            (
                SheetColumn(say("Departs"), stretch=1),
                SheetColumn(say("Taken"), trailing=True),
                SheetColumn(say("Seats"), trailing=True),
                SheetColumn(""),
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
        for button in (self.add_series, self.add_departure):
            button.show()
        while (taken := self.series.takeAt(0)) is not None:
            if (line := taken.widget()) is not None:
                line.hide()
                line.deleteLater()
        for each in series:
            self.series.addWidget(self._series(each))
        self.no_series.setVisible(not series)
        self.next.clear()
        for row in coming:
            departs = self._departs(row)
            change = self._change(departs.text, partial(self.departure_asked.emit, row.id))
            self.next.add([departs, Says(f"{row.taken:,}"), Says(f"{row.capacity:,}"), change])
        self.next.setVisible(bool(coming))
        more = total - len(coming)
        self.none.setText(self._rest(more) if coming else say("No departure to come."))
        self.none.setVisible(more > 0 or not coming)

    def show_none_yet(self) -> None:
        """The trip has to be there first."""
        self.show_departures((), (), 0)
        for button in (self.add_series, self.add_departure):
            button.hide()
        self.no_series.setText(say("Departures can be added once the trip is."))

    def _rest(self, more: int) -> str:
        return say("and {0} later.").format(counted(more, say("departure"))) if more > 0 else ""

    def _departs(self, row: DepartureListRow) -> Says:
        words = {"stopped": say("not sold"), "open": ""}.get(row.state, row.state)
        second = " · ".join(part for part in (words, row.stop_reason, row.note) if part)
        second_tone = "wait" if words else "text_secondary"
        return Says(self.formats.when(row.departs, row.zone), second, second_tone=second_tone)

    def _change(self, name: str, on_clicked: Callable[[], object]) -> Button:
        button = Button(say("Change"), Kind.LINK, height="control_small")
        button.setAccessibleName(say("Change {0}").format(name))
        button.clicked.connect(lambda _=False: on_clicked())
        return button

    def _series(self, series: SeriesView) -> QWidget:
        line = QWidget()
        first, second = series_words(series, self.formats)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(Label(first, "body_m", wrap=True))
        words.addWidget(Label(second, "small", "text_secondary", wrap=True))
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addLayout(words, 1)
        row.addWidget(self._change(first, lambda: self.series_asked.emit(series)))
        return line


def series_words(series: SeriesView, formats: Formats) -> tuple[str, str]:
    """`Mon, Thu 09:00` and what else there is to say of a series."""
    draft = series.draft
    left_out = (
        say("{0} left out").format(counted(len(draft.except_days), say("day"))) if draft.except_days else ""
    )
    parts = (
        f"{formats.day(draft.first_day)} – {formats.day(draft.last_day)}",
        counted(draft.capacity, say("seat")),
        say("{0} to come").format(f"{series.to_come:,}"),
        left_out,
    )
    return f"{formats.weekdays(draft.weekdays)} {draft.at:%H:%M}", " · ".join(part for part in parts if part)
