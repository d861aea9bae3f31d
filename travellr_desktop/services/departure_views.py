"""Departures as a person looks for them and sees them: what is looked for, what was found, what it costs a party."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from travellr_desktop.domain.money import Money
from travellr_desktop.domain.party import Party, TravellerType


@dataclass(frozen=True, slots=True)
class DepartureQuery:
    """What is looked for. `day` and the `days` from it are local days of the departures; `party` says how many
    seats must be free where `free_only` is set; `max_price` is in minor units for one adult; times are local,
    `HH:MM`, from inclusive, before exclusive."""

    day: date
    days: int = 1
    text: str = ""
    place: str | None = None
    party: Party = field(default_factory=lambda: Party(adult=1))
    free_only: bool = False
    max_price: int | None = None
    starts_from: str | None = None
    starts_before: str | None = None


@dataclass(frozen=True, slots=True)
class DepartureRow:
    """One departure as the desk sees it. Its seats are those of the whole agency:
    `sold + held + yours + free + away == capacity + allowed`. `held` is by others, or for somebody who has not
    decided; `yours` is in the person's own basket. `free` can be had now: what is left of this desk's own grant
    (`own`) and, while the central database is reached (`asks`), what no desk was granted. `away` is the rest: other
    desks have not sold it yet, and may let go of it where they are asked. `allowed_here` of `allowed` were allowed
    beyond the capacity at this desk, and `over` seats are taken there. Prices are those of its day, `season` names
    the season they are of. `numbered`: each seat has a place on a plan. `why_not` says why it cannot be sold now,
    or is None."""

    id: UUID
    trip_id: UUID
    title: str
    vendor_name: str
    meeting_point: str
    place: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    duration_min: int
    capacity: int
    sold: int
    held: int
    yours: int
    free: int
    own: int
    away: int
    asks: bool
    prices: dict[TravellerType, Money]
    takes_seat: dict[TravellerType, bool]
    cutoff_at: datetime
    why_not: str | None
    allowed: int
    allowed_here: int
    numbered: bool
    season: str

    @property
    def over(self) -> int:
        """Seats taken beyond what there is to sit on."""
        return max(self.sold + self.held + self.yours - self.capacity, 0)

    @property
    def within_reach(self) -> int:
        """What can be had at best, others being asked."""
        return self.free + (self.away if self.asks else 0)


@dataclass(frozen=True, slots=True)
class DepartureDay:
    """What a search found, by local day and time. `cut` is set where more was found than is given."""

    rows: tuple[DepartureRow, ...]
    free_seats: int
    cut: bool


@dataclass(frozen=True, slots=True)
class DayCount:
    """A day of the calendar: departures that fit, and seats free on those that are still sold. Where none is free,
    seats taken beyond capacity count below zero."""

    departures: int
    free: int
    selling: int
    """How many of the departures are sold now."""

    @property
    def closed(self) -> bool:
        """Whether nothing that fits is sold any more: that no seat is free does not mean that it is full."""
        return self.selling == 0 and self.free == 0


@dataclass(frozen=True, slots=True)
class OtherDay:
    departure_id: UUID
    starts_at: datetime
    zone: str
    free: int


@dataclass(frozen=True, slots=True)
class Offer:
    """One departure for one party: what it costs, and on which terms. `total` is None where the trip has no
    price for somebody in the party; `why_not` then says so. `waiting` is how many parties wait for seats of it,
    `beyond` why seats beyond capacity may be sold, and who said so."""

    row: DepartureRow
    party: Party
    seats: int
    total: Money | None
    per_traveller: tuple[tuple[TravellerType, Money], ...]
    languages: str
    included: tuple[str, ...]
    policy_name: str
    policy_first: str
    policy_second: str
    other_days: tuple[OtherDay, ...]
    why_not: str | None
    waiting: int
    beyond: str

    @property
    def unused(self) -> int:
        """Seats beyond capacity that were allowed at this desk, and that nobody has."""
        return min(self.row.allowed_here, self.row.own)

    @property
    def too_full(self) -> bool:
        """Whether it is sold, only without enough seats for the party."""
        return self.row.why_not is None and self.total is not None and self.seats > self.row.within_reach

    @property
    def asked(self) -> int:
        """How many of the party's seats other desks have to be asked for."""
        return 0 if self.too_full else max(self.seats - self.row.free, 0)


@dataclass(frozen=True, slots=True)
class Alternative:
    """Something that can be had instead, and what the whole party would pay."""

    departure_id: UUID
    title: str
    place: str
    starts_at: datetime
    zone: str
    duration_min: int
    free: int
    total: Money


@dataclass(frozen=True, slots=True)
class Alternatives:
    """`near`: the same trip at other times, in their order; `similar`: other trips around that day, the likest
    first. All have room for the party and a price for everybody in it."""

    near: tuple[Alternative, ...]
    similar: tuple[Alternative, ...]
