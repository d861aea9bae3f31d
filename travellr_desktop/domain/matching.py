"""The books matched with what the provider says moved: each movement of ours with the same one of theirs.

Sums of a day would agree where one payment is missing and another is there twice; so movements are matched one by one,
by the object at the provider that both sides name, and everything about each is compared. What was found is told, with
both sides; nothing is put right here.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from travellr_desktop.domain.money import Money
from travellr_desktop.domain.periods import zone as zone_of

SAME_MOMENT = timedelta(hours=1)
"""Moments that are no further apart are the same, although midnight may be between them: a provider's clock, and the
time that an answer takes."""


class Moved(StrEnum):
    """What moved."""

    PAYMENT = "payment"
    REFUND = "refund"
    REFUND_FAILED = "refund_failed"
    DISPUTE = "dispute"
    DISPUTE_WON = "dispute_won"
    TRANSFER = "transfer"
    TRANSFER_REVERSED = "transfer_reversed"
    BANK = "bank"  # to the agency's own bank account
    BANK_FAILED = "bank_failed"
    FEE = "fee"  # a bill of the provider's own
    OTHER = "other"


class DifferenceKind(StrEnum):
    NOT_THERE = "not_there"  # in the books, not at the provider
    NOT_HERE = "not_here"  # at the provider, and we know the object, but not in the books
    UNKNOWN = "unknown"  # at the provider, and nothing of ours
    TWICE_HERE = "twice_here"
    TWICE_THERE = "twice_there"
    AMOUNT = "amount"
    CURRENCY = "currency"
    RATE = "rate"  # what it came to in the currency of the balance
    FEE = "fee"
    LATE_FAILURE = "late_failure"  # a refund that had been accepted came back
    DAY = "day"


@dataclass(frozen=True, slots=True)
class OurMove:
    """A movement as the books have it. `ref` is the object at the provider; `amount` is above zero for money that came
    in, in the currency of the sale. `settled` is what it came to in the currency of the balance, None where that is the
    same; `fee` what was posted as the provider's part, None for nothing. `row_id` is the payment or refund."""

    kind: Moved
    ref: str
    row_id: UUID | None
    amount: Money
    settled: Money | None
    fee: Money | None
    at: datetime


@dataclass(frozen=True, slots=True)
class TheirMove:
    """A movement as the provider has it, signed as ours; `move_ref` is the movement itself. `settled` and `fee` are in
    the currency of the balance."""

    kind: Moved
    ref: str
    move_ref: str
    amount: Money
    settled: Money
    fee: Money
    at: datetime


@dataclass(frozen=True, slots=True)
class Difference:
    """What does not agree. `here` and `there` are what is compared: amounts, or None where one side has none; for days
    the moments tell. `day` is the day in the agency's zone on which it stands, by the provider's clock where it is
    there."""

    kind: DifferenceKind
    day: date
    moved: Moved
    ref: str
    here: Money | None
    there: Money | None
    ours: OurMove | None
    theirs: tuple[TheirMove, ...]

    @property
    def key(self) -> str:
        """The same for the same difference however often it is looked for."""
        moves = "+".join(sorted(move.move_ref for move in self.theirs))
        return f"{self.kind}:{self.moved}:{self.ref}:{moves}:{_text(self.here)}:{_text(self.there)}"


def match(
    ours: Iterable[OurMove], theirs: Iterable[TheirMove], *, known: Container[str], zone: str
) -> list[Difference]:
    """Every difference, by day, then object. `known` holds the refs of objects that we have a row of; `zone` is the
    agency's. One of ours for each object and kind: what was posted for it in all."""
    here = {(move.kind, move.ref): move for move in ours}
    there: dict[tuple[Moved, str], list[TheirMove]] = {}
    for move in theirs:
        there.setdefault((move.kind, move.ref), []).append(move)
    found: list[Difference] = []
    for key in here.keys() | there.keys():
        found += _compare(key, here.get(key), there.get(key, []), key[1] in known, zone)
    return sorted(found, key=lambda one: (one.day, one.ref, one.kind))


def _compare(
    key: tuple[Moved, str], ours: OurMove | None, theirs: Sequence[TheirMove], known: bool, zone: str
) -> Iterator[Difference]:
    moved, ref = key
    theirs = sorted(theirs, key=lambda move: (move.at, move.move_ref))

    def differs(kind: DifferenceKind, here: Money | None, there: Money | None) -> Difference:
        at = theirs[0].at if theirs else ours.at  # type: ignore[union-attr]  # one of the two is there
        return Difference(kind, _day(at, zone), moved, ref, here, there, ours, tuple(theirs))

    if ours is None:
        yield differs(_unposted(moved, known), None, theirs[0].amount)
        if len(theirs) > 1:
            yield differs(DifferenceKind.TWICE_THERE, theirs[0].amount, _sum(theirs))
        return
    if not theirs:
        yield differs(DifferenceKind.NOT_THERE, ours.amount, None)
        return
    if len(theirs) > 1:
        yield differs(DifferenceKind.TWICE_THERE, ours.amount, _sum(theirs))
    one = theirs[0]
    if ours.amount != one.amount:
        yield differs(_amounts(ours.amount, one.amount), ours.amount, one.amount)
    else:
        settled = None if one.settled.currency == one.amount.currency else one.settled
        if ours.settled != settled:
            yield differs(DifferenceKind.RATE, ours.settled, settled)
    if (ours.fee or Money(0, one.fee.currency)) != one.fee:
        yield differs(DifferenceKind.FEE, ours.fee, one.fee)
    apart = abs(ours.at - one.at)
    if apart > SAME_MOMENT and _day(ours.at, zone) != _day(one.at, zone):
        yield differs(DifferenceKind.DAY, ours.amount, one.amount)


def _day(moment: datetime, zone: str) -> date:
    return moment.astimezone(zone_of(zone)).date()


def _unposted(moved: Moved, known: bool) -> DifferenceKind:
    if not known:
        return DifferenceKind.UNKNOWN
    return DifferenceKind.LATE_FAILURE if moved is Moved.REFUND_FAILED else DifferenceKind.NOT_HERE


def _amounts(here: Money, there: Money) -> DifferenceKind:
    if here.currency != there.currency:
        return DifferenceKind.CURRENCY
    times, rest = divmod(here.minor, there.minor) if there.minor else (0, 1)
    return DifferenceKind.TWICE_HERE if times > 1 and not rest else DifferenceKind.AMOUNT


def _sum(moves: Sequence[TheirMove]) -> Money | None:
    """What they come to together, None where they are of several currencies."""
    currency = moves[0].amount.currency
    if any(move.amount.currency != currency for move in moves):
        return None
    return Money(sum(move.amount.minor for move in moves), currency)


def _text(amount: Money | None) -> str:
    return "" if amount is None else f"{amount.minor} {amount.currency}"
