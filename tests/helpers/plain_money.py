"""An agency's money as a bookkeeper with paper and pencil would keep it, in cents: who paid what for which booking,
what the policy keeps of it by the clock of the place where the trip begins, whose the rest is. No file, and none of
the program's rules: they are written here a second time, as plainly as can be."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

FEE = 101
"""Kept beside the policy's part by the trip whose policy has a fee."""
AGENCY_BPS = 2_000
WHOLE = 10_000


def part(amount: int, bps: int) -> int:
    """Rounded once, halves up."""
    return (2 * amount * bps + WHOLE) // (2 * WHOLE)


def vendors(amount: int) -> int:
    """What of it is the vendor's."""
    return amount - part(amount, AGENCY_BPS)


def shared_out(total: int, weights: list[int]) -> list[int]:
    """By largest remainder."""
    whole = sum(weights)
    if not total:
        return [0] * len(weights)
    parts = [total * weight // whole for weight in weights]
    order = sorted(range(len(weights)), key=lambda i: (-(total * weights[i] % whole), i))
    for i in order[: total - sum(parts)]:
        parts[i] += 1
    return parts


@dataclass(frozen=True)
class Trip:
    """A departure. `steps`: who cancels so many days before it, by the clock there, leaves so much of the price; the
    last is kept until it has left, and ever after. `deposit` is a share of the price, due at once."""

    zone: str
    leaves: datetime
    steps: tuple[tuple[int, int], ...]
    fee: int = 0
    deposit: int = 0

    def edges(self) -> list[datetime]:
        """The last moment of each step but the last."""
        place = ZoneInfo(self.zone)
        there = self.leaves.astimezone(place).replace(tzinfo=None)
        return [
            (there - timedelta(days=days)).replace(tzinfo=place).astimezone(self.leaves.tzinfo)
            for days, _bps in self.steps[:-1]
        ]

    def keeps(self, price: int, now: datetime) -> int:
        """Of a whole price that was paid."""
        open_steps = [
            bps for edge, (_days, bps) in zip(self.edges(), self.steps, strict=False) if now <= edge
        ]
        bps = open_steps[0] if open_steps else self.steps[-1][1]
        return min(price, part(price, bps) + self.fee)


@dataclass
class Paid:
    """One payment. `gone` went back of it, is on its way or owed again, `taken` is what a bank holds or kept. `slow`:
    what goes back by it takes days, `returned` is what did by the provider. `asked`: a bank has asked about it, and
    `answered`: all of it has been on its way back since, which is an answer."""

    way: str
    amount: int
    ref: str | None = None
    slow: bool = False
    asked: bool = False
    answered: bool = False
    gone: int = 0
    returned: int = 0
    taken: int = 0


@dataclass
class Back:
    """What went back by one payment. It is owed again while it failed and nothing stands for it."""

    booking: Booking
    payment: Paid
    amount: int
    state: str
    way: str
    stands_for: bool = False


@dataclass(frozen=True)
class Ask:
    """`who` None is everybody; `more` goes back beyond the policy, at the cost of `bearer` (None: of both)."""

    who: tuple[UUID, ...] | None = None
    more: int = 0
    bearer: str | None = None
    credit: bool = False


@dataclass
class Reckoned:
    """What would happen: `kind` cancel, leave or after; what is kept of each line that goes, or of all."""

    kind: str
    kept: list[int]
    back: int
    more: int

    @property
    def all_back(self) -> int:
        return self.back + self.more


@dataclass
class Booking:
    id: UUID
    sale: UUID
    trip: Trip
    lines: dict[UUID, int]
    deposit: int
    payments: list[Paid] = field(default_factory=list)
    state: str = "confirmed"
    promised: int = 0
    kept: list[int] = field(default_factory=list)
    by_agency: int = 0
    by_vendor: int = 0
    earned: int = 0
    owes: int = 0  # after the trip
    given_up: int = 0
    lost: int = 0
    short: int = 0
    alone: int = 0
    disputed: bool = False
    waits: bool = False

    @property
    def price(self) -> int:
        return sum(self.lines.values())

    @property
    def paid(self) -> int:
        return sum(each.amount for each in self.payments)

    @property
    def left(self) -> int:
        """What came in and is there for its price."""
        return self.paid - self.promised - sum(self.kept) - self.short

    @property
    def due(self) -> int:
        """Before the trip; what is owed after it is `owes`."""
        return max(self.price - self.left, 0) if self.state == "confirmed" else 0

    @property
    def most(self) -> int:
        """What can still go back of a trip that has been, or was cancelled."""
        return sum(each.amount - each.gone - each.taken for each in self.payments)

    def lose(self, amount: int, owed: int) -> None:
        """To a bank for good: what is owed back first, then what is there for the price, then what was kept."""
        self.short += min(max(amount - owed, 0), self.left)
        self.lost += amount

    # what the policy says

    def reckon(self, ask: Ask, now: datetime) -> Reckoned | None:
        """None where it is refused, whatever it would come to."""
        if self.state != "confirmed":
            return self._afterwards(ask)
        there = list(self.lines)
        chosen = there if ask.who is None else [line for line in there if line in ask.who]
        price, paid = self.price, min(self.left, self.price)
        whole = min(paid, self.trip.keeps(price, now))
        if len(chosen) == len(there):
            found = Reckoned("cancel", [whole], self.left - whole, 0)
        else:
            if self.due or now >= self.trip.leaves:
                return None
            each = [self.trip.keeps(self.lines[line], now) for line in chosen]
            each = shared_out(min(sum(each), whole), each)
            found = Reckoned("leave", each, sum(self.lines[line] for line in chosen) - sum(each), 0)
        if not 0 <= ask.more <= sum(found.kept):
            return None
        found.more = ask.more
        if ask.bearer is None:  # of both: less is kept
            extra = shared_out(ask.more, found.kept) if ask.more else [0] * len(found.kept)
            found.kept = [kept - less for kept, less in zip(found.kept, extra, strict=True)]
            found.back, found.more = found.back + ask.more, 0
        return found

    def _afterwards(self, ask: Ask) -> Reckoned | None:
        if not 0 < ask.more <= self.most:
            return None
        if ask.bearer is None and ask.more > self.earned - self.given_up:
            return None  # what was kept is divided already
        return Reckoned("after", [], 0, ask.more)

    # whose it is

    def _fees(self) -> int:
        return sum(min(self.trip.fee, kept) for kept in self.kept)

    @property
    def vendor(self) -> int:
        """What the vendor has of it: of all that was kept and was not a fee, of what was earned less what was given up
        of it, each reckoned once on the sum; less what they agreed to give."""
        back = self.given_up
        agencys = part(self.earned, AGENCY_BPS) if back == self.earned else part(back, AGENCY_BPS)
        return (
            vendors(sum(self.kept) - self._fees()) + vendors(self.earned) - (back - agencys) - self.by_vendor
        )

    @property
    def agency(self) -> int:
        """Commission and what was kept, before what the agency gave of its own."""
        return sum(self.kept) + self.earned - self.given_up - self.by_vendor - self.vendor

    @property
    def funds(self) -> int:
        """What is the traveller's until the trip."""
        return self.left if self.state == "confirmed" else 0


class PlainMoney:
    """All of it. `drawer` is what lies in the till, `limit` what one person may give back of a booking alone."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.bookings: dict[UUID, Booking] = {}
        self.backs: dict[UUID, Back] = {}
        self.drawer = self.over = self.safe = self.credit = 0

    def pay(self, booking: Booking, paid: Paid) -> None:
        if not paid.amount:
            return
        booking.payments.append(paid)
        if paid.way == "cash":
            self.drawer += paid.amount
        elif paid.way == "credit":
            self.credit -= paid.amount

    def split_back(self, booking: Booking, amount: int) -> list[tuple[Paid, int]]:
        """The newest payment first."""
        found = []
        for paid in reversed(booking.payments):
            now = min(paid.amount - paid.gone - paid.taken, amount)
            if now > 0:
                found.append((paid, now))
                amount -= now
        return found

    def carry_out(self, booking: Booking, ask: Ask, what: Reckoned) -> list[Back]:
        """The parties' sides of it, and what goes back by which payment; their ids are the program's to tell."""
        if what.kind == "cancel":
            booking.state = "cancelled"
        if what.kind == "leave":
            assert ask.who is not None
            for line in ask.who:
                del booking.lines[line]
        booking.kept += what.kept
        booking.promised += what.back
        if ask.bearer == "agency":
            booking.by_agency += what.more
        elif ask.bearer == "vendor":
            booking.by_vendor += what.more
        else:
            booking.given_up += what.more
            booking.promised += what.more
        return [
            self._go(booking, paid, amount, ask.credit)
            for paid, amount in self.split_back(booking, what.all_back)
        ]

    def _go(self, booking: Booking, paid: Paid, amount: int, credit: bool) -> Back:
        paid.gone += amount
        way = "credit" if credit or paid.way == "credit" else paid.way
        if way == "credit":
            self.credit += amount
        elif way == "cash":
            self.drawer -= amount
        else:
            paid.returned += amount
            paid.answered |= paid.asked and paid.returned == paid.amount
        slow = paid.slow and way not in ("credit", "cash")
        return Back(booking, paid, amount, "pending" if slow else "completed", way)

    def again(self, failed: Back, credit: bool) -> Back:
        """Another in the place of one that failed. By the card it fails again where less than that is left of it."""
        failed.stands_for = True
        paid = failed.payment
        room = paid.amount - paid.returned - paid.taken
        if not credit and paid.way not in ("cash", "credit") and room < failed.amount:
            return Back(failed.booking, paid, failed.amount, "failed", paid.way)
        paid.gone -= failed.amount
        return self._go(failed.booking, paid, failed.amount, credit)

    def fails(self, back: Back) -> None:
        back.state = "failed"
        back.payment.returned -= back.amount

    def owed(self, booking: Booking | None = None) -> int:
        """What was promised, and has come back or did not go."""
        return sum(
            each.amount
            for each in self.backs.values()
            if each.state == "failed" and not each.stands_for and booking in (None, each.booking)
        )
