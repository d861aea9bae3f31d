"""Until when seats are kept, and when one is reminded: a day, a time and a reminder to choose from."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from travellr_desktop.domain.periods import local_datetime, to_utc
from travellr_desktop.errors import InvalidInput
from travellr_desktop.ui.formats import Formats
from travellr_desktop.ui.parts.choices import ComboBox
from travellr_desktop.ui.parts.label import Label

MOST_DAYS = 90
"""How far ahead a day can be chosen."""
USUAL_DAYS = 2
USUAL_HOUR = 18
HOURS = range(8, 22)
REMINDERS = (timedelta(days=1), timedelta(hours=3), timedelta(hours=1))


def moments_of(day: date, now: datetime, latest: datetime, formats: Formats) -> list[datetime]:
    """The full hours of a day on the desk's clock that lie between now and `latest`, and `latest` itself on its day."""
    found: list[datetime] = []
    for hour in HOURS:
        try:
            at = to_utc(local_datetime(day, time(hour), formats.zone))
        except InvalidInput:  # an hour that daylight saving leaves out
            continue
        if now < at < latest:
            found.append(at)
    if formats.local(latest, formats.zone).date() == day and latest > now:
        found.append(latest)
    return found


def days_of(now: datetime, latest: datetime, formats: Formats) -> list[date]:
    """The days on which there is a moment to choose."""
    first = formats.local(now, formats.zone).date()
    last = min(formats.local(latest, formats.zone).date(), first + timedelta(days=MOST_DAYS))
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return [day for day in days if moments_of(day, now, latest, formats)]


class UntilFields(QWidget):
    """`changed` tells each choice. `set_span` says between which moments; `until` is None where there is none."""

    changed = Signal()

    def __init__(self, formats: Formats, *, reminder: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._formats = formats
        self._now = self._latest = datetime.min.replace(tzinfo=UTC)
        self._days: list[date] = []
        self._moments: list[datetime] = []
        self._reminders: list[timedelta | None] = []
        self.day = ComboBox(self.tr("Keep until, day"))
        self.time = ComboBox(self.tr("Keep until, time"))
        self.remind = ComboBox(self.tr("Remind"))
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(4)
        until, remind = (
            Label(words, "small_m", "text_secondary") for words in (self.tr("Keep until"), self.tr("Remind"))
        )
        until.setBuddy(self.day)
        remind.setBuddy(self.remind)
        grid.addWidget(until, 0, 0, 1, 2)
        grid.addWidget(self.day, 1, 0)
        grid.addWidget(self.time, 1, 1)
        grid.setRowMinimumHeight(2, 4)
        grid.addWidget(remind, 3, 0)
        grid.addWidget(self.remind, 4, 0)
        grid.setColumnStretch(0, 3)
        grid.setColumnStretch(1, 2)
        self._grid, self._remind_head = grid, remind
        self.show_reminder(reminder)
        self.setFocusProxy(self.day)
        self.day.currentIndexChanged.connect(self._day_chosen)
        self.time.currentIndexChanged.connect(self._time_chosen)
        self.remind.currentIndexChanged.connect(lambda _at: self.changed.emit())

    # content

    def show_reminder(self, on: bool) -> None:
        """An offer to somebody who waits has no reminder: it is due at once."""
        for part in (self._remind_head, self.remind):
            part.setVisible(on)

    def add_beside(self, part: QWidget) -> None:
        """Put a part beside the reminder."""
        self._grid.addWidget(part, 3, 1, 2, 1)

    @property
    def at_closing(self) -> bool:
        """Whether the moment that is chosen is when sales close."""
        return self.until is not None and self.until == self._latest

    def set_span(self, now: datetime, latest: datetime, chosen: datetime | None = None) -> None:
        """Offer what lies after `now`, up to `latest`; choose `chosen`, or the evening after tomorrow, or the last
        that there is."""
        self._now, self._latest = now, latest
        self._days = days_of(now, latest, self._formats)
        wanted = chosen or self._usual()
        day = self._formats.local(wanted, self._formats.zone).date()
        self.day.blockSignals(True)
        self.day.clear()
        self.day.addItems([self._day_words(each) for each in self._days])
        at = next((i for i, each in enumerate(self._days) if each >= day), len(self._days) - 1)
        self.day.setCurrentIndex(at)
        self.day.blockSignals(False)
        self._fill_times(wanted)

    @property
    def until(self) -> datetime | None:
        """The moment that is chosen."""
        at = self.time.currentIndex()
        return self._moments[at] if 0 <= at < len(self._moments) else None

    @property
    def remind_at(self) -> datetime | None:
        """When to remind; None leaves it to the program."""
        at, until = self.remind.currentIndex(), self.until
        before = self._reminders[at] if 0 <= at < len(self._reminders) else None
        return None if before is None or until is None else until - before

    # inside

    def _usual(self) -> datetime:
        day = self._formats.local(self._now, self._formats.zone).date() + timedelta(days=USUAL_DAYS)
        try:
            return min(to_utc(local_datetime(day, time(USUAL_HOUR), self._formats.zone)), self._latest)
        except InvalidInput:
            return self._latest

    def _day_words(self, day: date) -> str:
        today = self._formats.local(self._now, self._formats.zone).date()
        if day == today:
            return self.tr("Today")
        return self.tr("Tomorrow") if day == today + timedelta(days=1) else self._formats.day(day)

    def _day_chosen(self) -> None:
        before = self.until
        self._fill_times(before or self._usual())

    def _fill_times(self, wanted: datetime) -> None:
        """The times of the chosen day, on the one nearest to the clock time of `wanted`."""
        at = self.day.currentIndex()
        day = self._days[at] if 0 <= at < len(self._days) else None
        self._moments = [] if day is None else moments_of(day, self._now, self._latest, self._formats)
        zone = self._formats.zone
        clock = _minutes(self._formats.local(wanted, zone))
        nearest = min(
            range(len(self._moments)),
            key=lambda i: abs(_minutes(self._formats.local(self._moments[i], zone)) - clock),
            default=-1,
        )
        self.time.blockSignals(True)
        self.time.clear()
        for moment in self._moments:
            self.time.addItem(self._formats.time(moment, zone))
        self.time.setCurrentIndex(nearest)
        self.time.blockSignals(False)
        self._time_chosen()

    def _time_chosen(self) -> None:
        until = self.until
        kept = self.remind.currentIndex()
        before = self._reminders[kept] if 0 <= kept < len(self._reminders) else REMINDERS[0]
        fits = [each for each in REMINDERS if until is not None and until - each > self._now]
        self._reminders = [*fits] if fits else [None]
        self.remind.blockSignals(True)
        self.remind.clear()
        self.remind.addItems([self._remind_words(each) for each in self._reminders])
        self.remind.setCurrentIndex(self._reminders.index(before) if before in self._reminders else 0)
        self.remind.blockSignals(False)
        self.changed.emit()

    def _remind_words(self, before: timedelta | None) -> str:
        if before is None:
            return self.tr("Half-way")
        if before >= timedelta(days=1):
            return self.tr("A day before")
        hours = round(before / timedelta(hours=1))
        return self.tr("An hour before") if hours == 1 else self.tr("{0} hours before").format(hours)


def _minutes(moment: datetime) -> int:
    return moment.hour * 60 + moment.minute
