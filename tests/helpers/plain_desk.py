"""A desk as a child would keep it: who has how many seats, who waits, whose money is where. No file, no rules of the
program: only counting, in order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

OFFERED_FOR = timedelta(hours=24)
KEEPS = {
    "flexible": ((24, 0), (0, 2)),
    "moderate": ((96, 0), (0, 2)),
    "strict": ((168, 0), (72, 1), (0, 2)),
}
"""By how many hours before the departure, how many halves of the price are kept; after it all of it is."""

Lines = dict[int, tuple[str, int]]
"""Travellers by the position of their line: type, and price in cents."""


def sitting(party: dict[str, int]) -> int:
    """Infants are on laps."""
    return party.get("adult", 0) + party.get("child", 0)


@dataclass
class Kept:
    """Seats under a hold, whichever kind. `entry` is whom it was offered to; `sale` the one that waits on it, `booking`
    its part of that; `id` is not known before the program has told it."""

    departure: UUID
    party: dict[str, int]
    until: datetime
    kind: str = "hold"
    id: UUID | None = None
    entry: UUID | None = None
    sale: UUID | None = None
    booking: UUID | None = None
    since: datetime | None = None

    @property
    def seats(self) -> int:
        return sitting(self.party)


@dataclass
class Paid:
    """One payment, and what of it has not gone back."""

    way: str
    left: int


@dataclass
class Booked:
    sale: UUID
    departure: UUID
    policy: str
    lines: Lines
    last: int
    payments: list[Paid] = field(default_factory=list)
    paid: int = 0
    back: int = 0
    kept: int = 0
    state: str = "confirmed"
    came: set[int] = field(default_factory=set)
    absent: set[int] = field(default_factory=set)

    @property
    def seats(self) -> int:
        return (
            0 if self.state == "cancelled" else sum(kind != "infant" for kind, _price in self.lines.values())
        )

    @property
    def price(self) -> int:
        return sum(price for _kind, price in self.lines.values())

    def would_keep(self, price: int, leaves: datetime, now: datetime) -> int:
        halves = (part for hours, part in KEEPS[self.policy] if leaves - now >= timedelta(hours=hours))
        return price * next(halves, 2) // 2


@dataclass
class Waiting:
    id: UUID
    seats: int
    state: str = "waiting"


@dataclass
class Trip:
    """A departure: what it costs, how many seats there are, and everybody who ever waited, in the order in which they
    came."""

    capacity: int
    numbered: bool
    leaves: datetime
    closes: datetime
    prices: dict[str, int]
    policy: str
    allowed: int = 0
    state: str = "open"
    list: list[Waiting] = field(default_factory=list)

    @property
    def seats(self) -> int:
        return self.capacity + self.allowed

    def is_sold(self, now: datetime) -> bool:
        return self.state == "open" and now < self.closes


@dataclass
class Doubt:
    """A charge whose reply was lost: whether it was made, and when somebody will ask. `becomes` is what it was to make
    of a booking: on which departure, with which travellers."""

    sale: UUID
    amount: int
    charged: bool
    asked: datetime
    booking: UUID | None = None
    becomes: tuple[UUID, Lines] | None = None
    hold: Kept | None = None
    change: UUID | None = None


class PlainDesk:
    """`charged` and `returned` are what the provider counts, `known` what of it the books know."""

    def __init__(self) -> None:
        self.trips: dict[UUID, Trip] = {}
        self.kept: list[Kept] = []
        self.booked: dict[UUID, Booked] = {}
        self.pending: list[UUID] = []
        self.doubts: list[Doubt] = []
        self.till = self.charged = self.returned = self.known = 0

    def taken(self, departure: UUID) -> int:
        held = sum(each.seats for each in self.kept if each.departure == departure)
        return held + sum(each.seats for each in self.booked.values() if each.departure == departure)

    def free(self, departure: UUID) -> int:
        return self.trips[departure].seats - self.taken(departure)

    def entry(self, entry: UUID) -> Waiting:
        return next(each for trip in self.trips.values() for each in trip.list if each.id == entry)

    def nameless(self) -> Iterator[Kept]:
        """Holds that the program has made by itself and not told yet."""
        return (each for each in self.kept if each.id is None)

    def waits_for(self, sale: UUID) -> list[Kept]:
        """What a sale that is not paid waits on."""
        return [each for each in self.kept if each.sale == sale]

    def in_doubt(self, sale: UUID | None) -> bool:
        return any(doubt.sale == sale for doubt in self.doubts)

    # seats

    def end(self, now: datetime, *ended: Kept, taken: bool = False) -> None:
        """Holds are no more: their seats are free, or (`taken`) somebody's who is counted elsewhere."""
        for each in ended:
            self.kept = [other for other in self.kept if other is not each]
            if each.entry is not None and self.entry(each.entry).state == "offered":
                self.entry(each.entry).state = "taken" if taken else "lapsed"
        self.pending = [sale for sale in self.pending if self.waits_for(sale)]
        for departure in dict.fromkeys(each.departure for each in ended):
            self.offer(departure, now)

    def offer(self, departure: UUID, now: datetime) -> None:
        """What is free goes to those who wait, the first first; who needs more than there is is passed over."""
        trip = self.trips[departure]
        for each in trip.list if trip.is_sold(now) else ():
            if each.state == "waiting" and each.seats <= self.free(departure):
                each.state = "offered"
                until = min(now + OFFERED_FOR, trip.closes)
                self.kept.append(Kept(departure, {"adult": each.seats}, until, "offer", entry=each.id))

    def lapse(self, now: datetime) -> None:
        """What has had its time ends, but where a payment may have been made for it."""
        doubted = [doubt.hold for doubt in self.doubts]
        stays = [
            each for each in self.kept if self.in_doubt(each.sale) or any(each is one for one in doubted)
        ]
        self.end(
            now, *(each for each in self.kept if each.until <= now and not any(each is one for one in stays))
        )

    def nobody_waits_in_vain(self, now: datetime) -> None:
        for departure, trip in self.trips.items():
            for each in trip.list:
                if each.state == "waiting" and (now >= trip.closes or trip.state == "done"):
                    each.state = "lapsed"
            self.offer(departure, now)

    # money

    def pay(self, booked: Booked, way: str, amount: int) -> None:
        """The books know of a payment."""
        if not amount:
            return
        booked.payments.append(Paid(way, amount))
        booked.paid += amount
        if way == "cash":
            self.till += amount
        else:
            self.known += amount

    def give_back(self, booked: Booked, amount: int) -> None:
        """Of the newest payment first."""
        booked.back += amount
        for payment in reversed(booked.payments):
            part = min(payment.left, amount)
            payment.left, amount = payment.left - part, amount - part
            if payment.way == "cash":
                self.till -= part
            else:
                self.returned += part
        assert amount == 0

    # bookings

    def book(self, sale: UUID, way: str, now: datetime) -> None:
        """A sale is paid: what it waited on is booked."""
        holds = self.waits_for(sale)
        for kept in holds:
            assert kept.booking is not None
            trip = self.trips[kept.departure]
            kinds = [kind for kind in trip.prices for _each in range(kept.party.get(kind, 0))]
            lines = {position: (kind, trip.prices[kind]) for position, kind in enumerate(kinds, 1)}
            booked = Booked(sale, kept.departure, trip.policy, lines, len(lines))
            self.booked[kept.booking] = booked
            self.pay(booked, way, booked.price)
            # counted once: the hold goes in the same moment
            kept.party = {}
        self.end(now, *holds, taken=True)

    def become(self, booked: Booked, departure: UUID, lines: Lines, now: datetime) -> None:
        """Other travellers, or another departure; what is kept and goes back is the caller's."""
        before, seats = booked.departure, booked.seats
        if departure != before:
            booked.came, booked.absent = set(), set()
        booked.departure, booked.lines = departure, lines
        booked.last = max(booked.last, *lines)
        booked.came &= set(lines)
        booked.absent &= set(lines)
        if departure != before or booked.seats < seats:
            self.offer(before, now)

    def settle(self, doubt: Doubt, now: datetime) -> None:
        """Somebody has asked whether the charge was made."""
        self.doubts.remove(doubt)
        if doubt.becomes is None or doubt.booking is None:
            if doubt.charged:
                self.book(doubt.sale, "card", now)
            return
        booked, (departure, lines) = self.booked[doubt.booking], doubt.becomes
        there = booked.state == "confirmed" and now < self.trips[departure].leaves
        if doubt.charged:
            self.pay(booked, "card", doubt.amount)
        if doubt.charged and there:
            self.kept = [each for each in self.kept if each is not doubt.hold]
            self.become(booked, departure, lines, now)
            return
        if doubt.charged:
            self.give_back(booked, doubt.amount)
        if doubt.hold is not None:
            self.end(now, doubt.hold)
