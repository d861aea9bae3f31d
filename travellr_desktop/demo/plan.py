"""What will be sold, to whom, how it is paid and how it ends: drawn from a seed, before anything is done.

Every moment but the last few is counted from a departure or from the beginning of today, never from the clock. So the
same seed gives the same counts on any day, and on the same day the same names, amounts and references too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from random import Random

from travellr_desktop.demo.ages import age_of
from travellr_desktop.demo.data import DemoData, DemoTraveller, DemoTrip
from travellr_desktop.demo.season import WEEKS_BACK, Slot, season
from travellr_desktop.domain.money import spread
from travellr_desktop.domain.party import TAKES_SEAT, Party, TravellerType, seats

VISA, MASTERCARD, AMEX = "pm_card_visa", "pm_card_mastercard", "pm_card_amex"
SLOW_REFUND = "pm_card_pendingRefund"
DECLINED = (
    "pm_card_visa_chargeDeclinedInsufficientFunds",
    "pm_card_visa_chargeDeclined",
    "pm_card_chargeDeclinedExpiredCard",
)

OPENED_BEFORE = timedelta(days=7 * WEEKS_BACK + 28)
"""How long before today the agency was set up: the first departures are sold for four weeks."""


class Fate(StrEnum):
    """What becomes of a booking."""

    COMPLETED = "completed"
    NO_SHOW = "no show"
    CONFIRMED = "confirmed"
    BACK_WHOLE = "cancelled, all back"
    BACK_PART = "cancelled, half back"
    BACK_NONE = "cancelled, nothing back"
    BACK_SLOWLY = "cancelled, the refund is on its way"
    BACK_FAILED = "cancelled, the refund failed"
    RELEASED = "declined and released"
    LAPSED = "given up without a charge, and lapsed"
    WAITING = "pending, not paid yet"
    REFUSED = "pending, declined"
    OPEN = "pending, outcome of the charge not known"


WEIGHTS: dict[Fate, int] = {
    Fate.COMPLETED: 252,
    Fate.NO_SHOW: 12,
    Fate.CONFIRMED: 250,
    Fate.BACK_WHOLE: 30,
    Fate.BACK_PART: 10,
    Fate.BACK_NONE: 12,
    Fate.BACK_SLOWLY: 4,
    Fate.BACK_FAILED: 2,
    Fate.RELEASED: 8,
    Fate.LAPSED: 6,
    Fate.WAITING: 5,
    Fate.REFUSED: 5,
    Fate.OPEN: 4,
}
"""Of 600 bookings."""

LIVE = frozenset({Fate.WAITING, Fate.REFUSED, Fate.OPEN})
"""Made in the last minutes: their seats are held, and the holds still run."""

PAIRED = {Fate.COMPLETED: Fate.COMPLETED, Fate.CONFIRMED: Fate.CONFIRMED, Fate.BACK_WHOLE: Fate.CONFIRMED}
"""What the second booking of a sale becomes."""


class Mishap(StrEnum):
    """What goes wrong at the provider while a sale is paid."""

    LOST_AFTER = "charged, the reply was lost"
    LOST_BEFORE = "never charged, the reply was lost"


@dataclass(frozen=True, slots=True)
class Item:
    """One booking of a sale. `end_at` is when it is cancelled, for those that are."""

    slot: Slot
    party: Party
    names: tuple[tuple[str, TravellerType, int | None], ...]
    fate: Fate
    end_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PlannedSale:
    """One sale. `pays` are the cards tried one after the other, None is cash; empty leaves it unpaid."""

    at: datetime
    seller: int
    buyer: int
    items: tuple[Item, ...]
    pays: tuple[str | None, ...]
    mishap: Mishap | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """`today` begins at `morning`, 00:00 UTC; `opened` is when the agency was set up."""

    today: date
    morning: datetime
    opened: datetime
    trips: tuple[DemoTrip, ...]
    slots: list[list[Slot]]
    sales: tuple[PlannedSale, ...]


@dataclass(frozen=True, slots=True)
class Size:
    """How much of it is made; the whole by default. Fewer vendors have fewer trips."""

    vendors: int = 40
    bookings: int = 600


def make_plan(data: DemoData, today: date, seed: int, size: Size) -> Plan:
    """The plan of a demonstration agency around `today`."""
    trips = tuple(trip for vendor in data.vendors[: size.vendors] for trip in vendor.trips)
    morning = datetime.combine(today, time(0), tzinfo=UTC)
    slots = season(list(trips), today, seed)
    drawn = _Draw(Random(seed), Random(f"{seed}/departures"), trips, slots, data.travellers, morning)
    sales = drawn.sales(size.bookings)
    return Plan(today, morning, morning - OPENED_BEFORE, trips, slots, tuple(sales))


_NEXT_DOOR = 12
"""The first trips are those that everybody asks for at this desk."""

_PARTIES = (
    [Party(2)] * 9
    + [Party(1)] * 3
    + [Party(3)] * 2
    + [Party(4)] * 2
    + [
        Party(2, 1),
        Party(2, 2),
        Party(2, 2),
        Party(1, 1),
        Party(2, 1, 1),
        Party(2, 0, 1),
        Party(5),
        Party(6),
        Party(8),
        Party(6, 1),
    ]
)


@dataclass(slots=True)
class _Draw:
    rng: Random
    picks: Random  # of departures, which are others on another day: what else is drawn stays the same
    trips: tuple[DemoTrip, ...]
    slots: list[list[Slot]]
    travellers: Sequence[DemoTraveller]
    morning: datetime
    weights: list[int] = field(init=False)

    def __post_init__(self) -> None:
        # the agency sits in Kotor: what is near sells most
        home = self.trips[0].country
        self.weights = [
            16 if index < _NEXT_DOOR else 6 if trip.country == home else 1
            for index, trip in enumerate(self.trips)
        ]

    def sales(self, bookings: int) -> list[PlannedSale]:
        """Sales with so many bookings in all, in the order in which they are made."""
        counts = spread(bookings, list(WEIGHTS.values()))
        left = Counter(dict(zip(WEIGHTS, counts, strict=True)))
        fates = [fate for fate, count in left.items() for _ in range(count)]
        self.rng.shuffle(fates)
        made: list[PlannedSale] = []
        for fate in fates:
            if not left[fate]:  # went along with another one
                continue
            left[fate] -= 1
            made.append(self._sale(fate, left))
        return sorted(made, key=lambda sale: sale.at)

    def _sale(self, fate: Fate, left: Counter[Fate]) -> PlannedSale:
        first = self._item(fate)
        items = [first]
        second = PAIRED.get(fate)
        if second is not None and left[second] and self.rng.random() < 0.12:
            another = self._beside(first, second)
            if another is not None:
                left[second] -= 1
                items.append(another)
        at = self._sold_at(items)
        pays, mishap = self._pays(fate)
        buyer = self.rng.randrange(len(self.travellers))
        seller = self.rng.choices((0, 1, 2), (10, 8, 2))[0]
        return PlannedSale(at, seller, buyer, tuple(self._named(items, buyer)), pays, mishap)

    # which departure

    def _item(self, fate: Fate) -> Item:
        possible = [index for index, trip in enumerate(self.trips) if _fits(fate, trip.policy)]
        if not possible:  # a small agency has no trip with that policy
            return self._item(Fate.BACK_WHOLE)
        for _ in range(1000):
            trip = self.rng.choices(possible, [self.weights[index] for index in possible])[0]
            found = self._slot(trip, fate, self._offset(fate))
            if found is not None:
                return found
        raise ValueError(f"{len(self.trips)} trips have no seats for so many bookings")

    def _beside(self, first: Item, fate: Fate) -> Item | None:
        """Another trip in the same currency, in the same days."""
        currency = self.trips[first.slot.trip].currency
        others = [
            index
            for index, trip in enumerate(self.trips)
            if trip.currency == currency and index != first.slot.trip and _fits(fate, trip.policy)
        ]
        if not others:
            return None
        trip = self.rng.choices(others, [self.weights[index] for index in others])[0]
        return self._slot(trip, fate, first.slot.offset + self.rng.choice((1, 2, 3)), first.party)

    def _offset(self, fate: Fate) -> int:
        """Days from today on which it leaves."""
        rng = self.rng
        match fate:
            case Fate.COMPLETED | Fate.NO_SHOW | Fate.BACK_NONE:
                return -rng.randint(3, 60)
            case Fate.CONFIRMED:
                return min(int(rng.expovariate(1 / 10)), 110)
            case Fate.BACK_WHOLE:
                return rng.randint(-45, 25)
            case Fate.BACK_PART:
                return rng.randint(-45, 2)
            case Fate.BACK_SLOWLY | Fate.BACK_FAILED:
                return rng.randint(10, 20)
            case _:
                return rng.randint(3, 40)

    def _slot(self, trip: int, fate: Fate, offset: int, party: Party | None = None) -> Item | None:
        """Seats on the departure of a trip that is nearest to a day."""
        party = self._party(self.trips[trip], party)
        wanted = seats(party, TAKES_SEAT)
        possible = [slot for slot in self.slots[trip] if slot.free >= wanted and self._may_be(fate, slot)]
        if not possible:
            return None
        nearest = min(abs(slot.offset - offset) for slot in possible)
        slot = self.picks.choice([slot for slot in possible if abs(slot.offset - offset) == nearest])
        slot.free -= wanted
        return Item(slot, party, (), fate, self._end(fate, slot))

    def _may_be(self, fate: Fate, slot: Slot) -> bool:
        """Whether a booking of that departure can end so by today."""
        match fate:
            case Fate.COMPLETED | Fate.NO_SHOW | Fate.BACK_NONE:
                return slot.ends_at < self.morning - timedelta(hours=4)
            case Fate.BACK_WHOLE | Fate.BACK_PART:
                return slot.offset < 30
            case Fate.CONFIRMED:
                return slot.starts_at > self.morning
            case _:
                return slot.offset >= 2

    def _party(self, trip: DemoTrip, like: Party | None) -> Party:
        drawn = like or self.rng.choice(_PARTIES)
        most = max(2 * trip.capacity[0] // 3, 1)
        counts = {kind: count for kind, count in drawn.counts().items() if kind in trip.prices}
        counts[TravellerType.ADULT] = min(counts.get(TravellerType.ADULT, 1), most)
        if sum(counts.values()) > most:
            return Party(counts[TravellerType.ADULT])
        return Party.of(counts)

    # when

    def _end(self, fate: Fate, slot: Slot) -> datetime | None:
        """When it is cancelled: so long before the departure that the policy gives back what the fate says."""
        rng = self.rng
        match fate:
            case Fate.BACK_WHOLE | Fate.BACK_SLOWLY | Fate.BACK_FAILED:
                early = timedelta(days=max(9, slot.offset + 1 + rng.randint(1, 6)), hours=3)
            case Fate.BACK_PART:
                early = timedelta(days=5)
            case Fate.BACK_NONE:
                early = timedelta(hours=6)
            case _:
                return None
        return min(slot.starts_at - early, self.morning - timedelta(hours=2))

    def _sold_at(self, items: list[Item]) -> datetime:
        """In working hours, some days before the first of them leaves or is cancelled, and before today."""
        rng = self.rng
        fate = items[0].fate
        if fate in LIVE:
            return self.morning + timedelta(days=1, seconds=rng.random())  # the last minutes: see the builder
        before = min(item.end_at or item.slot.starts_at for item in items)
        lead = rng.choice((1, 2, 2, 3, 3, 4, 5, 6, 7, 9, 12, 16, 21))
        if any(item.end_at for item in items):
            lead += 2  # past the time in which a sale can be taken back for nothing
        day = min((before - timedelta(days=lead)).date(), (self.morning - timedelta(days=1)).date())
        first = (self.morning - OPENED_BEFORE).date() + timedelta(days=1)
        return datetime.combine(max(day, first), time(7), tzinfo=UTC) + timedelta(minutes=rng.randrange(600))

    # who, and how it is paid

    def _named(self, items: list[Item], buyer: int) -> list[Item]:
        """Travellers by name: the buyer, then friends; children have an age."""
        friends = self.rng.sample(range(len(self.travellers)), 10)
        named: list[Item] = []
        for item in items:
            others = iter([index for index in friends if index != buyer])
            names = [
                (
                    self.travellers[buyer if place == 0 else next(others)].name,
                    kind,
                    age_of(self.rng, kind),
                )
                for place, kind in enumerate(item.party)
            ]
            named.append(Item(item.slot, item.party, tuple(names), item.fate, item.end_at))
        return named

    def _pays(self, fate: Fate) -> tuple[tuple[str | None, ...], Mishap | None]:
        rng = self.rng
        good = rng.choices((VISA, MASTERCARD, AMEX, None), (32, 18, 5, 45))[0]
        match fate:
            case Fate.BACK_SLOWLY | Fate.BACK_FAILED:
                return (SLOW_REFUND,), None
            case Fate.RELEASED | Fate.REFUSED:
                return (rng.choice(DECLINED),), None
            case Fate.LAPSED | Fate.OPEN:
                return (VISA,), Mishap.LOST_BEFORE
            case Fate.WAITING:
                return (), None
        if good is not None and rng.random() < 0.03:
            return (good,), Mishap.LOST_AFTER
        if rng.random() < 0.07:
            return (rng.choice(DECLINED), good), None
        return (good,), None


def _fits(fate: Fate, policy: str) -> bool:
    """Whether that end is possible under that policy."""
    if fate is Fate.BACK_PART:
        return policy == "strict"
    return policy != "tour" or fate in (Fate.COMPLETED, Fate.CONFIRMED)
