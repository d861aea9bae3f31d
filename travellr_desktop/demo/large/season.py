"""Years of sales, decided day by day from a seed: who buys which trip, how long before it leaves, how it ends."""

from __future__ import annotations

import heapq
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from random import Random

from travellr_desktop.demo.ages import age_of
from travellr_desktop.demo.large.books import Books
from travellr_desktop.demo.large.facts import Booked, Item, Slot, TripFacts
from travellr_desktop.demo.large.names import People, Person
from travellr_desktop.domain.money import spread
from travellr_desktop.domain.party import Party
from travellr_desktop.domain.periods import local_datetime, to_utc
from travellr_desktop.errors import InvalidInput

AHEAD = 150
"""Days ahead for which departures are on sale."""

_A_MONTH = (4, 4, 5, 7, 9, 12, 15, 16, 11, 7, 4, 6)  # how much is sold in each month
_PARTIES = (
    (Party(1), 20), (Party(2), 38), (Party(3), 7), (Party(4), 9), (Party(2, 1), 8), (Party(2, 2), 9),
    (Party(2, 0, 1), 3), (Party(1, 1), 3), (Party(6), 2), (Party(8), 1),
)  # fmt: skip
_NEW = 0.55  # share of sales to somebody who never bought before
_CANCELLED, _ABSENT, _TWO = 0.06, 0.012, 0.06
_REASON = "Cancelled at the traveller's wish."
_CAPACITIES = (8, 12, 16, 20, 24, 40, 60)

Due = tuple[datetime, int, Callable[[datetime], None]]


class Season:
    """Writes everything between two moments into the books. `said` is called after each day with how many bookings
    there are; it may raise to stop."""

    def __init__(
        self,
        books: Books,
        trips: Sequence[TripFacts],
        agents: Sequence[str],
        rng: Random,
        *,
        first: date,
        end: datetime,
        bookings: int,
    ) -> None:
        self._books, self._trips, self._agents, self._rng = books, trips, agents, rng
        self._people = People(rng)
        self._first, self._end, self._wanted = first, end, bookings
        self._slots: list[list[Slot]] = [[] for _ in trips]
        self._starts: list[list[datetime]] = [[] for _ in trips]
        self._plans = [_timetable(rng) for _ in trips]
        self._weights = [1 / (place + 3) for place in range(len(trips))]
        self._known: list[tuple[str, Person]] = []
        self._due: list[Due] = []
        self._order = count()
        self._opened_to = first
        self.made = 0

    def play(self, said: Callable[[int], None]) -> None:
        days = [self._first + timedelta(days=day) for day in range((self._end.date() - self._first).days)]
        weights = [
            _A_MONTH[day.month - 1] * (4 if day.weekday() < 5 else 6) * (1 + n / len(days))
            for n, day in enumerate(days)
        ]
        # how many fit is not known before: what a day could not sell is sold on the next ones
        wanted = spread(self._wanted, [int(weight * 1000) for weight in weights])
        left = 0
        for day, more in zip(days, wanted, strict=True):
            self._open(day)
            left = self._sell_on(day, more + left)
            said(self.made)
        self._until(self._end)
        if left:
            raise InvalidInput(
                f"Only {self.made:,} bookings find a seat.",
                hint="Generate with more vendors.",
                field="bookings",
            )

    # departures

    def _open(self, day: date) -> None:
        """Departures are put on sale half a year at a time."""
        if self._opened_to - day > timedelta(days=AHEAD):
            return
        until = day + timedelta(days=AHEAD + 180)
        per_seat = (
            3.2 * self._wanted / max((self._end.date() - self._first).days, 1)
        )  # travellers a day, and some more
        share = sum(self._weights)
        at = _at(day, 5)
        for number, trip in enumerate(self._trips):
            demand = per_seat * self._weights[number] / share * 1.6
            slots = list(self._departures(number, trip, self._opened_to, until, demand, at))
            if slots:
                self._books.departures(at, self._agents[0], trip, slots)
                self._slots[number] += slots
                self._starts[number] += [slot.starts_at for slot in slots]
        self._opened_to = until

    def _departures(
        self, number: int, trip: TripFacts, first: date, until: date, demand: float, at: datetime
    ) -> Iterator[Slot]:
        """As many a day, or as many a week, as the demand (seats a day) asks for."""
        capacity, weekdays, times = self._plans[number]
        a_week = demand * 7 / capacity
        days = min(max(round(a_week), 1), 7)
        a_day = min(max(round(a_week / days), 1), 12)
        seats = max(capacity, round(demand * 7 / (days * a_day)))
        for offset in range((until - first).days):
            day = first + timedelta(days=offset)
            if day.weekday() not in weekdays[:days]:
                continue
            for hour, minute in times[:a_day]:
                try:
                    starts = to_utc(local_datetime(day, time(hour, minute), trip.zone))
                except InvalidInput:  # daylight saving skips this time
                    continue
                if starts <= at:
                    continue
                ends = starts + trip.duration
                cutoff = starts - timedelta(minutes=30)
                clock = f"{hour:02d}:{minute:02d}"
                yield Slot("", "", trip, starts, ends, cutoff, day.isoformat(), clock, seats, seats)

    # a day's sales

    def _sell_on(self, day: date, wanted: int) -> int:
        """Returns how many bookings found no seat."""
        rng = self._rng
        moments = sorted(rng.random() for _ in range(wanted))
        left = wanted
        for moment in moments:
            if not left:
                break
            at = _at(day, 6) + timedelta(microseconds=int(moment * 13 * 3600 * 1_000_000))
            self._until(at)
            left -= self._sale(at, left)
        return left

    def _until(self, moment: datetime) -> None:
        """Do what is due."""
        while self._due and self._due[0][0] <= moment:
            at, _, act = heapq.heappop(self._due)
            act(at)

    def _later(self, at: datetime, act: Callable[[datetime], None]) -> None:
        heapq.heappush(self._due, (at, next(self._order), act))

    def _sale(self, at: datetime, most: int) -> int:
        rng = self._rng
        items: list[tuple[Slot, Party, int]] = []
        for _ in range(2 if most > 1 and rng.random() < _TWO else 1):
            found = self._seats(at, items[0][0].trip.currency if items else None)
            if found is not None and found[0] not in [slot for slot, *_ in items]:
                items.append(found)
        if not items:
            return 0
        agent = rng.choice(self._agents)
        buyer, person = self._buyer(at - timedelta(minutes=3), agent)
        holds = []
        for number, (slot, party, seats) in enumerate(items):
            held_at = at - timedelta(seconds=90 - 20 * number)
            holds.append((self._books.hold(held_at, agent, slot, party, seats), held_at))
            slot.free -= seats
        sold = [
            Item(slot, party, seats, hold, held_at, self._named(person, party))
            for (slot, party, seats), (hold, held_at) in zip(items, holds, strict=True)
        ]
        for booked in self._books.sell(at, agent, buyer, sold):
            self._fate(at, booked)
        self.made += len(items)
        return len(items)

    def _seats(self, at: datetime, currency: str | None) -> tuple[Slot, Party, int] | None:
        """A departure some days ahead with seats for a party."""
        rng = self._rng
        for _ in range(20):
            number = rng.choices(range(len(self._trips)), self._weights)[0]
            trip = self._trips[number]
            if currency not in (None, trip.currency):
                continue
            party = rng.choices([party for party, _ in _PARTIES], [weight for _, weight in _PARTIES])[0]
            if any(kind not in trip.prices for kind in party.counts()):
                party = Party(party.adult)
            seats = sum(n for kind, n in party.counts().items() if trip.takes_seat[kind])
            lead = timedelta(hours=2 + min(rng.expovariate(1 / 260), 24 * (AHEAD - 10)))
            slots = self._slots[number]
            begin = bisect_left(self._starts[number], at + lead)
            for slot in slots[begin : begin + 40]:
                if slot.free >= seats and slot.cutoff_at > at:
                    return slot, party, seats
        return None

    def _buyer(self, at: datetime, agent: str) -> tuple[str, Person]:
        if self._known and self._rng.random() >= _NEW:
            return self._rng.choice(self._known)
        person = self._people.draw()
        self._known.append((self._books.traveller(at, agent, person), person))
        return self._known[-1]

    def _named(self, buyer: Person, party: Party) -> list[tuple[str, int | None]]:
        rng, named = self._rng, []
        for place, kind in enumerate(party):
            name = buyer.name if place == 0 else f"{rng.choice(buyer.given)} {buyer.surname}"
            named.append((name, age_of(rng, kind)))
        return named

    # how it ends

    def _fate(self, at: datetime, booked: Booked) -> None:
        rng, slot = self._rng, booked.slot
        if not slot.going:
            self._later(slot.ends_at + timedelta(minutes=rng.randint(20, 300)), self._closing(slot))
        slot.going.append(booked)
        drawn = rng.random()
        if drawn < _CANCELLED:
            span = slot.starts_at - at - timedelta(hours=1)
            self._later(at + span * rng.random(), self._cancelling(booked))

    def _cancelling(self, booked: Booked) -> Callable[[datetime], None]:
        def act(at: datetime) -> None:
            booked.slot.going.remove(booked)
            self._books.cancel(at, self._rng.choice(self._agents), booked, _REASON)

        return act

    def _closing(self, slot: Slot) -> Callable[[datetime], None]:
        def act(at: datetime) -> None:
            if not slot.going:
                return
            agent = self._rng.choice(self._agents)
            missing = [booked for booked in slot.going if self._rng.random() < _ABSENT]
            for number, booked in enumerate(missing):
                self._books.absent(at - timedelta(seconds=60 - number), agent, booked)
            self._books.close(at, agent, slot, {booked.id for booked in missing})

        return act


def _timetable(rng: Random) -> tuple[int, list[int], list[tuple[int, int]]]:
    """Seats, weekdays in the order in which they are taken, times of a day."""
    times = rng.sample([(hour, minute) for hour in range(7, 20) for minute in (0, 15, 30, 45)], 12)
    weekdays = rng.sample(range(7), 7)
    return rng.choice(_CAPACITIES), weekdays, sorted(times)


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=UTC)
