"""Travellers who have not decided, and those who came too late: options, a waiting list, a departure with two seats
more than there are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID, uuid4

from travellr_desktop.domain.party import Party
from travellr_desktop.domain.permissions import Actor
from travellr_desktop.services.departure_views import DepartureRow
from travellr_desktop.services.registry import Services

KEPT_BEFORE = timedelta(hours=22)
"""How long ago the options were kept: the first of them is due by now."""
OFFERED_BEFORE = timedelta(hours=5)
"""How long ago seats came free for somebody who waited."""

_OPTIONS = (
    (2, timedelta(hours=42), "Asks her sister, calls back"),  # the reminder came four hours ago
    (4, timedelta(days=3), "Hotel Cattaro, room 12"),
    (1, timedelta(days=2, hours=6), ""),
)
_BEYOND = 2


class Undecided:
    """Does it through the services. `departures` are those that nobody is at, the next first; what finds no departure
    with room is left out. `travellers` are taken from the end."""

    def __init__(
        self,
        services: Services,
        agent: Actor,
        manager: Actor,
        travellers: Sequence[UUID],
        departures: Sequence[UUID],
    ) -> None:
        self._services, self._agent, self._manager = services, agent, manager
        self._travellers = list(travellers)
        self._departures = list(departures)

    def keep(self) -> None:
        """The options, each on a departure of its own."""
        now = self._services.clock.now()
        for count, lasts, note in _OPTIONS:
            row = self._take(partial(_has_room, count, now + lasts))
            if row is not None:
                self._option(row.id, count, now + lasts, note)

    def wait(self) -> None:
        """A departure that fills up, three who come too late, and two seats that come free again."""
        row = self._take(lambda row: 4 <= row.free <= 10) or self._take(lambda row: row.free >= 4)
        if row is None:
            return
        until = self._services.clock.now() + timedelta(days=2)
        until = min(until, row.cutoff_at)
        self._option(row.id, row.free - 2, until, "School trip, waits for the parents")
        back = self._option(row.id, 2, until, "")
        for count, note in ((2, "Any of the morning boats"), (4, ""), (2, "Celebrates a birthday")):
            self._services.waiting_list.join(
                self._agent, row.id, self._travellers.pop(), Party(adult=count), note, key=uuid4()
            )
        self._services.options.release(self._agent, back)

    def overbook(self) -> None:
        """A departure that is full, and two who go all the same."""
        row = self._take(lambda row: 1 <= row.free <= 6 and not row.numbered)
        row = row or self._take(lambda row: row.free >= 1 and not row.numbered)
        if row is None:
            return
        reason = "The skipper takes two more of the family"
        self._services.overbooking.allow(self._manager, row.id, _BEYOND, reason, key=uuid4())
        until = min(self._services.clock.now() + timedelta(days=3), row.cutoff_at)
        self._option(row.id, row.free + _BEYOND, until, "Family reunion, pays when they are all here")

    def _option(self, departure_id: UUID, count: int, until: datetime, note: str) -> UUID:
        hold = self._services.holds.hold(self._agent, departure_id, Party(adult=count), key=uuid4())
        traveller = self._travellers.pop()
        return self._services.options.keep(self._agent, hold.id, until, traveller, note, key=uuid4()).id

    def _take(self, fits: Callable[[DepartureRow], bool]) -> DepartureRow | None:
        """The first departure that fits, and is used for nothing else then."""
        for departure_id in self._departures:
            offer = self._services.departures.offer(self._agent, departure_id, Party(adult=1))
            if offer.why_not is None and fits(offer.row):
                self._departures.remove(departure_id)
                return offer.row
        return None


def _has_room(count: int, until: datetime, row: DepartureRow) -> bool:
    return row.free >= count and row.cutoff_at >= until
