"""Small parts that the outcomes of a payment are built from."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from travellr_desktop.domain.states import BookingState
from travellr_desktop.services.outcomes import ReadRow, SaleOutcome, SoldBooking
from travellr_desktop.ui.desk import wording
from travellr_desktop.ui.formats import Formats, clock
from travellr_desktop.ui.parts.badge import Badge
from travellr_desktop.ui.parts.button import Button
from travellr_desktop.ui.parts.field import Glyph
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.timeline import Timeline, TimelineItem

READ_STEPS = ("5 seconds", "1 minute", "5 minutes", "1 hour", "1 day")
"""After what time an unknown payment is read again by itself, in words."""


def head_row(
    status: str, *, word: str | None = None, filled: bool | None = None, time: str = ""
) -> QHBoxLayout:
    """The badge of the outcome, and since when."""
    row = QHBoxLayout()
    row.addWidget(Badge(status, word=word, filled=filled))
    row.addStretch(1)
    row.addWidget(Label(time, "small", "text_secondary"))
    return row


def icon_line(icon: str, tone: str, words: str) -> QWidget:
    """A sentence behind an icon."""
    box = QWidget()
    row = QHBoxLayout(box)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(10)
    column = QVBoxLayout()
    column.setContentsMargins(0, 2, 0, 0)
    column.addWidget(Glyph(icon, tone))
    column.addStretch(1)
    row.addLayout(column)
    row.addWidget(Label(words, "body", wrap=True), 1)
    return box


def what_is_sold(outcome: SaleOutcome) -> str:
    """`3 travellers, 2 trips` where the same number goes on each, else `7 pax on 2 trips`."""
    pax = [booking.pax for booking in outcome.bookings]
    trips = wording.count(len(pax), "trip", "trips")
    if len(set(pax)) == 1:
        return f"{wording.count(pax[0], 'traveller', 'travellers')}, {trips}"
    return f"{sum(pax)} pax on {trips}"


class Readings(Timeline):
    """What was read so far, and when it is read next, counted down."""

    def __init__(
        self,
        outcome: SaleOutcome,
        formats: Formats,
        now: Callable[[], datetime],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent=parent)
        self._outcome, self._formats, self._now = outcome, formats, now
        self._timer = QTimer(self, interval=1_000)
        self._timer.timeout.connect(self.tick)
        self.tick()

    def tick(self) -> None:
        reads = self._outcome.reads
        items = [self._read(at, each) for at, each in enumerate(reads)]
        following = self._outcome.next_read_at
        if following is not None:
            left = (following - self._now()).total_seconds()
            title = self.tr("Next reading in {0}").format(clock(left)) if left > 0 else self.tr("Reading now")
            later = READ_STEPS[len(reads) + 1 :]
            second = (
                self.tr("Then after {0}, and at start-up").format(", ".join(later[:3]))
                if later
                else (self.tr("Then daily, and at start-up"))
            )
            items.append(TimelineItem("clock", title, second, self._formats.desk_time(following), "info"))
        self.set_items(items)

    def _read(self, at: int, row: ReadRow) -> TimelineItem:
        step = READ_STEPS[min(at, len(READ_STEPS) - 1)]
        title = self.tr("Read after {0}").format(step)
        result = row.result[:1].upper() + row.result[1:]
        return TimelineItem("circle-x", title, result, self._formats.desk_time(row.at))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()


class SoldLine(QWidget):
    """A booking of the sale: what, when and for how many; its reference, its price, and how it stands."""

    def __init__(
        self,
        booking: SoldBooking,
        formats: Formats,
        *,
        with_state: bool = True,
        on_voucher: Callable[[SoldBooking], object] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.booking = booking
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 8)
        column.setSpacing(2)
        first = QHBoxLayout()
        first.setSpacing(12)
        first.addWidget(Label(booking.title, "body_m", elide=True), 1)
        first.addWidget(Label(formats.money(booking.price), "body_m"))
        second = QHBoxLayout()
        second.setSpacing(12)
        when = formats.when(booking.starts_at, booking.zone)
        second.addWidget(Label(f"{when} · {booking.pax} pax", "small", "text_secondary", elide=True), 1)
        column.addLayout(first)
        column.addLayout(second)
        third = QHBoxLayout()
        third.setSpacing(8)
        third.addWidget(Label(booking.reference, "small_m", reference=True))
        if with_state:
            third.addWidget(Badge(booking.state.value))
        third.addStretch(1)
        self.voucher: Button | None = None
        if on_voucher is not None and booking.state is BookingState.CONFIRMED:
            self.voucher = Button(self.tr("Voucher"), icon="file-text", height="control_small")
            self.voucher.setAccessibleName(self.tr("Voucher of {0}").format(booking.reference))
            self.voucher.clicked.connect(lambda: on_voucher(booking))
            third.addWidget(self.voucher)
        elif booking.refunded.minor:
            words = self.tr("{0} goes back").format(formats.money(booking.refunded))
            third.addWidget(Label(words, "small_m", "text_secondary"))
        column.addLayout(third)
