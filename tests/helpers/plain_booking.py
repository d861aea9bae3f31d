"""One booking as a bookkeeper with paper and pencil would keep it, in cents: what the policy keeps of it by the clock
of the place where the trip begins, what is due, owed and too much, whose the rest is. None of the program's rules: they
are written here a second time, as plainly as can be."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

FEE = 101
"""Kept beside the policy's part by the trip whose policy has a fee."""
AGENCY_BPS = 2_000
WHOLE = 10_000
LAP = 11
"""Who costs no more than that has no seat."""


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
    """One payment; the program says its `id`. `gone` went back of it, is on its way or owed again, `taken` is what a
    bank holds or kept. `slow`: what goes back by it takes days, `returned` is what did by the provider. `asked`: a bank
    has asked about it, and `answered`: all of it has been on its way back since, which is an answer. `late` was owed
    after the trip; of what was `too_much` there is `excess` still."""

    way: str
    amount: int
    ref: str | None = None
    slow: bool = False
    id: UUID | None = None
    asked: bool = False
    answered: bool = False
    late: int = 0
    too_much: int = 0
    excess: int = 0
    gone: int = 0
    returned: int = 0
    taken: int = 0

    @property
    def back(self) -> int:
        """What of it can go back, but for what was too much."""
        return self.amount - self.gone - self.taken - self.excess


@dataclass(frozen=True)
class Ask:
    """`who` None is everybody; `more` goes back beyond the policy, at the cost of `bearer` (None: of both). `excess`:
    what was too much, and nothing else; `becomes`: one who goes for another price."""

    who: tuple[UUID, ...] | None = None
    more: int = 0
    bearer: str | None = None
    credit: bool = False
    excess: bool = False
    becomes: tuple[UUID, int] | None = None


@dataclass
class Reckoned:
    """What would happen: `kind` cancel, leave, change, after or excess; what is kept of each line that goes, or of
    all."""

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
    written_off: list[tuple[UUID, int]] = field(default_factory=list)
    excess_taken: int = 0
    given_up: int = 0
    lost: int = 0
    short: int = 0
    alone: int = 0
    disputed: bool = False
    waits: bool = False
    changing: bool = False

    @property
    def price(self) -> int:
        return sum(self.lines.values())

    @property
    def paid(self) -> int:
        """For its price."""
        return sum(each.amount - each.late - each.too_much for each in self.payments)

    @property
    def excess(self) -> int:
        """What was too much, and is there."""
        return sum(each.excess for each in self.payments) - self.excess_taken

    @property
    def debts(self) -> int:
        """What was given up of what is owed after the trip."""
        return sum(amount for _id, amount in self.written_off)

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
        return sum(each.back for each in self.payments)

    def take(self, paid: Paid) -> None:
        """Money comes in: for the price, then for what is owed after the trip, then for what was given up of that, the
        newest first and no more of those than it takes. The rest is too much."""
        left = paid.amount - min(paid.amount, self.due)
        while left > self.owes and self.written_off:
            self.owes += self.written_off.pop()[1]
        paid.late = min(left, self.owes)
        paid.too_much = paid.excess = left - paid.late
        self.owes -= paid.late
        self.payments.append(paid)

    def lose(self, amount: int, owed: int) -> None:
        """To a bank for good: what is owed back first, then what was too much, then what is there for the price, then
        what was kept."""
        left = max(amount - owed, 0)
        over = min(left, self.excess)
        self.excess_taken += over
        self.short += min(left - over, self.left)
        self.lost += amount

    # what the policy says

    def reckon(self, ask: Ask, now: datetime) -> Reckoned | None:
        """None where it is refused, whatever it would come to."""
        if ask.excess:
            return Reckoned("excess", [], 0, self.excess) if self.excess else None
        if ask.becomes is not None:
            return self._changed(*ask.becomes, now)
        if self.state != "confirmed":
            return self._afterwards(ask)
        there = list(self.lines)
        chosen = there if ask.who is None else [line for line in there if line in ask.who]
        price, paid = self.price, min(self.left, self.price)
        whole = min(paid, self.trip.keeps(price, now))
        if len(chosen) == len(there):
            found = Reckoned("cancel", [whole], self.left - whole, 0)
        else:
            stay = [self.lines[line] for line in there if line not in chosen]
            if self.due or now >= self.trip.leaves or max(stay) <= LAP:
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

    def _changed(self, line: UUID, price: int, now: datetime) -> Reckoned | None:
        """By what it costs on the day, not by the policy: nothing is kept of who goes all the same."""
        if self.state != "confirmed" or self.due or now >= self.trip.leaves:
            return None
        others = [each for other, each in self.lines.items() if other != line]
        if price <= LAP and max(others, default=0) <= LAP:
            return None  # somebody has to take a seat
        less = self.lines[line] - price
        return Reckoned("change", [], less, 0) if less > 0 else None

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
