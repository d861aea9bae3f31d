"""What is not settled with a traveller: owed after a trip, written off, or paid too much; below their figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from uuid import UUID

from PySide6.QtCore import Signal

from travellr_desktop.services.debts import OpenBooking
from travellr_desktop.ui.parts.button import IconButton
from travellr_desktop.ui.travellers.extras import Line, Lines
from travellr_desktop.ui.travellers.words import PeopleWords


class Owed(Lines):
    """A line for each amount, the newest booking first. `opened` carries the reference of a booking."""

    opened = Signal(str)

    def __init__(self, words: PeopleWords) -> None:
        super().__init__(self.tr("Not settled"), None, self.tr("Nothing is open."))
        self._words = words

    def show_owed(self, traveller_id: UUID, bookings: Sequence[OpenBooking]) -> None:
        shown = (traveller_id, tuple(bookings))
        if shown != self._shown:
            self.refill(shown, [line for booking in bookings for line in self._lines(booking)])

    def _lines(self, booking: OpenBooking) -> Iterator[Line]:
        for amount, words, icon, tone in (
            (booking.owed, self.tr("{0} owed for {1}"), "circle-alert", "bad"),
            (booking.excess, self.tr("{0} paid too much for {1}"), "hand-coins", "wait"),
            (booking.written_off, self.tr("{0} written off of {1}"), "circle-slash", "text_secondary"),
        ):
            if amount:
                title = words.format(self._words.money(amount), booking.reference)
                since = self.tr("since {0}").format(self._words.moment(booking.since))
                show = IconButton(
                    "external-link", self.tr("Show {0}").format(booking.reference), height="target"
                )
                show.clicked.connect(partial(self.opened.emit, booking.reference))
                yield Line(icon, title, since, tone, (show,))
