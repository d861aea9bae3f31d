"""The trip at the leading edge: which one, its free seats in the month, its series, and what the seats' bar means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from travellr_desktop.services.board import DayFree, TripChoice, TripFacts
from travellr_desktop.ui.actions import NEW_KEY
from travellr_desktop.ui.departures import words as say
from travellr_desktop.ui.formats import Formats
from travellr_desktop.ui.parts.button import Button, Kind
from travellr_desktop.ui.parts.calendar import MonthCalendar, month_after
from travellr_desktop.ui.parts.choices import ComboBox
from travellr_desktop.ui.parts.keycap import KeyCap
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.pane import Divider, Pane, ScrollArea, Section
from travellr_desktop.ui.parts.seatmeter import SeatMeter, Seats
from travellr_desktop.ui.theme import Theme

_MOST_SERIES = 6


class SeriesSection(Section):
    """What makes the departures of the trip, a line each: words and the time."""

    def __init__(self, formats: Formats, parent: QWidget | None = None) -> None:
        title = "Series"
        self.edit = Button("Edit", Kind.LINK, height="control_small")
        super().__init__(title, action=self.edit, parent=parent)
        self.title.setText(self.tr("Series"))
        self.edit.set_words(self.tr("Edit"))
        self._formats = formats
        self._rows = QWidget()
        self._grid = QGridLayout(self._rows)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnStretch(0, 1)
        self.body.addWidget(self._rows)

    def show_facts(self, facts: TripFacts | None) -> None:
        while (taken := self._grid.takeAt(0)) is not None:
            if (old := taken.widget()) is not None:
                old.hide()
                old.deleteLater()
        self.setVisible(facts is not None)
        if facts is None:
            return
        for line in facts.series[:_MOST_SERIES]:
            self._add(say.series_words(self._formats, line), line.local_time)
        more = len(facts.series) - _MOST_SERIES
        if more > 0:
            self._add(self.tr("{0} more").format(more), "")
        if facts.singles:
            title = self.tr("For this day only") if facts.series else self.tr("Day by day")
            self._add(title, ", ".join(facts.singles))
        if not facts.series and not facts.singles:
            self._add(self.tr("None from this day on"), "")
        if facts.cutoffs:
            self._add(self.tr("Sales close"), ", ".join(say.before(each) for each in facts.cutoffs))
        for name, seats in facts.kept:
            self._add(
                self.tr("Kept for {0}").format(name),
                self.tr("{0} each").format(say.count(seats, "seat", "seats")),
            )

    def _add(self, words: str, value: str) -> None:
        row = self._grid.rowCount()
        left = Label(words, "small", "text_secondary", wrap=True)
        right = Label(value, "small_m", align=Qt.AlignmentFlag.AlignRight, wrap=len(value) > 16)
        left.setAccessibleName(f"{words} {value}".strip())
        top = Qt.AlignmentFlag.AlignTop
        self._grid.addWidget(left, row, 0, top)
        self._grid.addWidget(right, row, 1, top)


class Legend(QWidget):
    """What the bar of seats means, in pairs."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(4)
        pairs = (
            (Seats(6, sold=6), self.tr("Sold")),
            (Seats(6, held=6), self.tr("Held by others")),
            (Seats(6), self.tr("Free")),
            (Seats(6, yours=6), self.tr("Yours")),
            (Seats(4, sold=6), self.tr("Sold too often")),
        )
        for at, (seats, words) in enumerate(pairs):
            row, column = divmod(at, 2)
            meter = SeatMeter(seats)
            meter.setFixedWidth(28)
            meter.setAccessibleName(words)
            meter.setToolTip("")
            grid.addWidget(meter, row, 2 * column)
            grid.addWidget(Label(words, "small", "text_secondary"), row, 2 * column + 1)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 1)


class TripPane(Pane):
    """`trip_chosen(UUID | None)`; `day_chosen(date)`; `month_changed` when the figures of another month are needed."""

    trip_chosen = Signal(object)
    day_chosen = Signal(object)
    month_changed = Signal()
    new_asked = Signal()
    edit_asked = Signal()
    stop_asked = Signal()

    def __init__(self, formats: Formats, today: date, parent: QWidget | None = None) -> None:
        super().__init__("surface", edges=("right",), parent=parent)
        self._formats = formats
        self._trips: tuple[TripChoice, ...] = ()
        self.trip = ComboBox(self.tr("Trip"), [self.tr("All trips")], icon="ship")
        self.calendar = MonthCalendar(today, locale=formats.locale, past=True)
        self._about = Label("", "small", "text_secondary", wrap=True)
        self._caption = Label("", "small", "text_secondary", wrap=True)
        self.series = SeriesSection(formats)
        self._series_line = Divider()
        self.new = Button(self.tr("Departure"), icon="plus", key=NEW_KEY)
        self.stop = Button(self.tr("Stop-sell"))
        self._build()
        self.show_trip(None)
        self.trip.activated.connect(self._chosen)
        self.calendar.day_chosen.connect(self.day_chosen)
        self.calendar.month_changed.connect(lambda _first: self.month_changed.emit())
        self.new.clicked.connect(self.new_asked)
        self.stop.clicked.connect(self.stop_asked)
        self.series.edit.clicked.connect(self.edit_asked)

    # content

    @property
    def trip_id(self) -> UUID | None:
        at = self.trip.currentIndex()
        return self._trips[at - 1].id if at > 0 else None

    @property
    def trips(self) -> Sequence[TripChoice]:
        return self._trips

    def set_trips(self, trips: Sequence[TripChoice], chosen: UUID | None) -> None:
        """The trips to choose from; tells nobody."""
        self._trips = tuple(trips)
        self.trip.blockSignals(True)
        self.trip.clear()
        self.trip.addItem(self.tr("All trips"))
        for each in self._trips:
            self.trip.addItem(each.title)
            self.trip.setItemData(
                self.trip.count() - 1, f"{each.title}\n{each.vendor_name}", Qt.ItemDataRole.ToolTipRole
            )
        at = next((at for at, each in enumerate(self._trips, 1) if each.id == chosen), 0)
        self.trip.setCurrentIndex(at)
        self.trip.blockSignals(False)
        self.trip.updateGeometry()

    def show_trip(self, facts: TripFacts | None) -> None:
        self._about.setText(
            say.about_trip(facts) if facts is not None else self.tr("Choose one for its series")
        )
        self.series.show_facts(facts)
        self._series_line.setVisible(facts is not None)

    def span(self) -> tuple[date, date]:
        """The days of the month on view that show figures: those that are not past."""
        month = self.calendar.month
        first = max(month, self.calendar.today)
        last = date.fromordinal(month_after(month, 1).toordinal() - 1)
        return min(first, last), last

    def show_days(self, days: Mapping[date, DayFree]) -> None:
        if (
            self.trip_id is None
        ):  # of a hundred departures one that is sold too often does not hide the others' seats
            self.calendar.set_days(
                {day: replace(each, free=each.seats or each.free) for day, each in days.items()}
            )
        else:
            self.calendar.set_days(days)
        free = sum(day.seats for day in days.values())
        seats = say.count(free, "free seat", "free seats")
        month, today = self.calendar.month, self.calendar.today
        if month < today.replace(day=1):
            self._caption.setText(self.tr("This month is over"))
        elif month == today.replace(day=1):
            whose = self.tr("{0} on this trip from today") if self.trip_id else self.tr("{0} from today")
            self._caption.setText(whose.format(seats))
        else:
            whose = self.tr("{0} on this trip this month") if self.trip_id else self.tr("{0} this month")
            self._caption.setText(whose.format(seats))

    def set_low(self, low: bool) -> None:
        """A low screen takes short days and leaves out what only explains."""
        self.calendar.set_short(low)
        for part in (self._legend_line, self._legend, self._hints_line, self._hints):
            part.setVisible(not low)

    # inside

    def _build(self) -> None:
        content = QWidget()
        content.setProperty("part", "scrolled")
        column = QVBoxLayout(content)
        column.setContentsMargins(16, 16, 16, 12)
        column.setSpacing(0)
        label = Label(self.tr("Trip"), "small_m", "text_secondary")
        label.setBuddy(self.trip)
        name = QHBoxLayout()
        name.addWidget(label, 1)
        name.addWidget(KeyCap("/"))
        column.addLayout(name)
        column.addSpacing(4)
        column.addWidget(self.trip)
        column.addSpacing(4)
        column.addWidget(self._about)
        column.addSpacing(14)
        column.addWidget(self.calendar)
        column.addSpacing(4)
        column.addWidget(self._caption)
        column.addSpacing(12)
        column.addWidget(self._series_line)
        column.addSpacing(8)
        column.addWidget(self.series)
        column.addSpacing(12)
        self._legend_line = Divider()
        column.addWidget(self._legend_line)
        column.addSpacing(12)
        self._legend = Section(self.tr("Seats"))
        self._legend.body.addWidget(Legend())
        column.addWidget(self._legend)
        column.addStretch(1)
        buttons = QHBoxLayout()
        buttons.setContentsMargins(16, 8, 16, 12)
        buttons.setSpacing(8)
        buttons.addWidget(self.new)
        buttons.addWidget(self.stop)
        buttons.addStretch(1)
        self._hints_line, self._hints = Divider(), QWidget()
        hints = QHBoxLayout(self._hints)
        hints.setContentsMargins(16, 8, 16, 12)
        hints.setSpacing(4)
        for keys, words in ((("Left", "Right"), self.tr("day")), (("Up", "Down"), self.tr("departure"))):
            for key in keys:
                hints.addWidget(KeyCap(key))
            hints.addWidget(Label(words, "small", "text_secondary"))
            hints.addSpacing(8)
        hints.addStretch(1)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 1, 0)
        around.setSpacing(0)
        around.addWidget(ScrollArea(content), 1)
        around.addLayout(buttons)
        around.addWidget(self._hints_line)
        around.addWidget(self._hints)
        self._fit()
        Theme.current().changed.connect(self._fit)

    def _chosen(self, _index: int) -> None:
        self.trip_chosen.emit(self.trip_id)

    def _fit(self) -> None:
        self.setFixedWidth(Theme.current().size("desk_filters"))
