"""Seats as a child would keep them: who has how many of which departure, and who waits for it. No file, no rules of
the program: only counting, in order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

OFFERED_FOR = timedelta(hours=24)


@dataclass
class Kept:
    """Seats under a hold, whichever kind. `entry` is whom it was offered to; `sale` the pending one that waits on it;
    `id` is not known before the program has told it."""

    departure: UUID
    seats: int
    laps: int
    until: datetime
    kind: str = "hold"
    id: UUID | None = None
    entry: UUID | None = None
    sale: UUID | None = None
    since: datetime | None = None


@dataclass
class Booked:
    """Travellers with a seat, and those on a lap, by the position of their line."""

    departure: UUID
    sits: list[int]
    laps: list[int]
    last: int

    @property
    def seats(self) -> int:
        return len(self.sits)


@dataclass
class Waiting:
    id: UUID
    seats: int
    state: str = "waiting"


@dataclass
class Trip:
    """A departure: how many seats there are, and everybody who ever waited, in the order in which they came."""

    seats: int
    numbered: bool
    allowed: int = 0
    list: list[Waiting] = field(default_factory=list)


class PlainDesk:
    def __init__(self) -> None:
        self.trips: dict[UUID, Trip] = {}
        self.kept: list[Kept] = []
        self.booked: dict[UUID, Booked] = {}

    def taken(self, departure: UUID) -> int:
        held = sum(each.seats for each in self.kept if each.departure == departure)
        return held + sum(each.seats for each in self.booked.values() if each.departure == departure)

    def free(self, departure: UUID) -> int:
        return self.trips[departure].seats - self.taken(departure)

    def in_basket(self) -> list[Kept]:
        return [each for each in self.kept if each.kind == "hold" and each.sale is None]

    def kept_for_somebody(self) -> list[Kept]:
        return [each for each in self.kept if each.kind in ("option", "offer")]

    def entry(self, entry: UUID) -> Waiting:
        return next(each for trip in self.trips.values() for each in trip.list if each.id == entry)

    def end(self, now: datetime, *ended: Kept, taken: bool = False) -> None:
        """Holds are no more: their seats are free, or (`taken`) somebody's who is counted elsewhere."""
        for each in ended:
            self.kept = [other for other in self.kept if other is not each]
            if each.entry is not None and self.entry(each.entry).state == "offered":
                self.entry(each.entry).state = "taken" if taken else "lapsed"
        for departure in dict.fromkeys(each.departure for each in ended):
            self.offer(departure, now)

    def offer(self, departure: UUID, now: datetime) -> None:
        """What is free goes to those who wait, the first first; who needs more than there is is passed over."""
        for each in self.trips[departure].list:
            if each.state == "waiting" and each.seats <= self.free(departure):
                each.state = "offered"
                self.kept.append(
                    Kept(departure, each.seats, 0, now + OFFERED_FOR, kind="offer", entry=each.id)
                )

    def lapse(self, now: datetime) -> None:
        """The clock has moved on."""
        self.end(now, *(each for each in self.kept if each.until <= now))

    def nameless(self) -> Iterator[Kept]:
        """Offers whose hold the program has not told yet."""
        return (each for each in self.kept if each.id is None)
