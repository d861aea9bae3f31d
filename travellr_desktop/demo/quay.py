"""Today on the quay: who has come to the departures of the morning, which are closed, and one that is not sold.

It depends on the hour at which the demonstration is made: nothing is done that would be later.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID, uuid4

from travellr_desktop.demo.plan import Fate, Plan
from travellr_desktop.demo.season import Slot
from travellr_desktop.domain.permissions import Actor
from travellr_desktop.services.registry import Services

Later = Callable[[datetime, Callable[[], None]], None]
"""Has something done at a moment, if that comes before the demonstration's now."""

_ARRIVE = timedelta(minutes=12)
_CLOSE = timedelta(minutes=15)
_STOPPED_BEFORE = timedelta(minutes=87)
REASON = "Wind, said the skipper"


class QuaySide:
    """`departures` are the ids of the plan's slots by number; `clerk` is who stands on the quay, `office` who may
    stop sales."""

    def __init__(
        self, services: Services, departures: Mapping[int, UUID], clerk: Actor, office: Actor
    ) -> None:
        self._services = services
        self._departures = departures
        self._clerk, self._office = clerk, office

    def open(self, plan: Plan, now: datetime, later: Later) -> None:
        """Have the day of the plan done, up to `now`."""
        booked = self._booked(plan)
        left = [(slot, count) for slot, count in booked if slot.starts_at <= now]
        busy = [slot for slot, count in left if count > 1] or [slot for slot, _ in left]
        for slot, _ in left:
            later(slot.starts_at - _ARRIVE, partial(self._arrive, slot))
            if slot is busy[-1]:
                later(slot.starts_at, partial(self._miss, slot))
            else:
                later(slot.starts_at + _CLOSE, partial(self._close, slot))
        ahead = [slot for slot, _ in booked if slot.starts_at > now + timedelta(hours=1)]
        if ahead:
            later(now - _STOPPED_BEFORE, partial(self._stop, ahead[-1]))

    @staticmethod
    def _booked(plan: Plan) -> list[tuple[Slot, int]]:
        """Today's departures that have bookings, with how many, in the order in which they leave."""
        found = Counter(
            item.slot.number
            for sale in plan.sales
            for item in sale.items
            if item.fate is Fate.CONFIRMED and item.slot.offset == 0
        )
        slots = [slot for slots in plan.slots for slot in slots if slot.number in found]
        slots.sort(key=lambda slot: (slot.starts_at, slot.number))
        return [(slot, found[slot.number]) for slot in slots]

    def _lines(self, slot: Slot) -> list[list[UUID]]:
        """The travellers of a departure, booking by booking."""
        found = self._services.manifests.manifest(self._clerk, self._departures[slot.number])
        return [[line.id for line in booking.lines] for booking in found.bookings if not booking.pending]

    def _arrive(self, slot: Slot) -> None:
        """All but one of those who come in a large party: the one is late."""
        lines = [line for booking in self._lines(slot) for line in booking]
        came = lines[:-1] if len(lines) > 4 else lines
        if came:
            self._services.manifests.check_in(self._clerk, came)

    def _miss(self, slot: Slot) -> None:
        """The last booking of the departure does not come."""
        *_, last = self._lines(slot)
        self._services.manifests.absent(self._clerk, last, True)

    def _close(self, slot: Slot) -> None:
        self._services.manifests.close(self._clerk, self._departures[slot.number], key=uuid4())

    def _stop(self, slot: Slot) -> None:
        self._services.timetable.stop(self._office, [self._departures[slot.number]], REASON)
