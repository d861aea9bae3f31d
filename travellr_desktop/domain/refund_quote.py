"""What a refund before the trip would give, traveller by traveller, on one day and on another, by the policy and
beyond it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from travellr_desktop.domain.cancellation import Policy, Quote, Tier, quote
from travellr_desktop.domain.money import Money, round_ratio, spread
from travellr_desktop.domain.periods import to_utc, wall_clock_before
from travellr_desktop.errors import InvalidInput

_MOMENT = timedelta(microseconds=1)


class RefundTo(StrEnum):
    """Where money goes back to: how it was paid, or the traveller's credit with the agency."""

    PAYMENT = "payment"
    CREDIT = "credit"


@dataclass(frozen=True, slots=True)
class Booked:
    """A booking as its refund sees it: what was frozen when it was made, and what has come in for it.

    `prices` are those of the travellers who still stand on it, in their order; `paid` is what is there for them.
    Minor units of `currency`; moments are aware.
    """

    policy: Policy
    prices: Sequence[int]
    deposit: int
    paid: int
    currency: str
    departs_at: datetime
    zone: str
    booked_at: datetime

    def __post_init__(self) -> None:
        for amount in (*self.prices, self.deposit, self.paid):
            Money(amount, self.currency)
            if amount < 0:
                raise InvalidInput("Only amounts of zero or more can be refunded.", field="amount")
        if not self.prices:
            raise InvalidInput("There is nobody on this booking.", field="lines")


@dataclass(frozen=True, slots=True)
class LineQuote:
    """One traveller, in minor units: of `paid` the policy keeps `kept`, in which `fixed_fee` is wholly the agency's,
    and `goodwill` goes back beyond it."""

    index: int
    price: int
    paid: int
    kept: int
    fixed_fee: int
    goodwill: int = 0

    @property
    def back(self) -> int:
        return self.paid - self.kept + self.goodwill


@dataclass(frozen=True, slots=True)
class RefundStep:
    """What the policy keeps and gives back until a moment (included); after the last step nothing changes. `lines` say
    it of each traveller, but for what was paid beyond the price; steps are told apart by the whole alone."""

    until: datetime | None
    kept: int
    back: int
    lines: tuple[LineQuote, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class RefundQuote:
    """What a refund gives, in minor units of `currency`.

    `paid` is that of the lines, and `over` what was paid beyond their price: all of that goes back. The policy
    keeps `kept`; `goodwill` goes back beyond it. `tier` is None within the time of grace. Until `next_change`
    (included) the policy keeps as much, just after it `next_kept`; both are None if it will never keep more.
    """

    lines: tuple[LineQuote, ...]
    currency: str
    over: int
    tier: Tier | None
    next_change: datetime | None
    next_kept: int | None

    @property
    def paid(self) -> int:
        return sum(line.paid for line in self.lines) + self.over

    @property
    def kept(self) -> int:
        return sum(line.kept for line in self.lines)

    @property
    def goodwill(self) -> int:
        return sum(line.goodwill for line in self.lines)

    @property
    def back(self) -> int:
        return self.paid - self.kept + self.goodwill

    @property
    def in_grace(self) -> bool:
        return self.tier is None

    def to_post(self, *, shared: bool = False) -> Quote:
        """What is to be written of it as a cancellation. What goes back beyond the policy at one party's cost is an
        entry of its own; `shared` by both, less is kept instead."""
        kept = self.kept - (self.goodwill if shared else 0)
        return Quote(
            kept=kept,
            fixed_fee=min(sum(line.fixed_fee for line in self.lines), kept),
            back=self.paid - kept,
            currency=self.currency,
            tier=self.tier,
            in_grace=self.in_grace,
            next_change=self.next_change,
            next_back=None if self.next_kept is None else self.paid - self.next_kept,
        )


def refund_quote(
    booked: Booked,
    *,
    now: datetime,
    chosen: Collection[int] | None = None,
    give_back: int | None = None,
    step: int = 1,
) -> RefundQuote:
    """What cancelling the `chosen` travellers (by their index; None for all) would give at `now`.

    All of them together are the booking, of which the policy speaks; each of fewer is taken as a booking of their
    own, with their part of the deposit and of what was paid, in proportion to the price. Together no more is kept
    of some than would be of all. `give_back` is what shall go back in the end if the policy's own is not enough.
    Where money goes back in steps (the payment service takes dinars of Kuwait in tens of fils) the policy's part is
    rounded up to `step`.

    Raises `InvalidInput(field="give_back")` for less than the policy gives, more than was paid, or what is no whole
    number of steps.
    """
    who = _chosen(booked, chosen)
    steps = refund_steps(booked, since=now, chosen=who, step=step)
    lines, tier = _by_policy(booked, who, now, step)
    found = RefundQuote(
        lines=lines,
        currency=booked.currency,
        over=_over(booked, who),
        tier=tier,
        next_change=steps[0].until,
        next_kept=steps[1].kept if len(steps) > 1 else None,
    )
    return found if give_back is None else beyond(found, give_back, step)


def all_kept(found: RefundQuote) -> RefundQuote:
    """The same where all of it is kept for now, also what was paid beyond the price: somebody else has the money."""
    over = spread(found.over, [line.price for line in found.lines]) if found.over else [0] * len(found.lines)
    return replace(
        found,
        lines=tuple(
            replace(line, paid=line.paid + more, kept=line.paid + more, goodwill=0)
            for line, more in zip(found.lines, over, strict=True)
        ),
        over=0,
        next_change=None,
        next_kept=None,
    )


def refund_steps(
    booked: Booked, *, since: datetime, chosen: Collection[int] | None = None, step: int = 1
) -> tuple[RefundStep, ...]:
    """What the policy keeps of the chosen travellers and gives back from `since` on, each step up to the moment at
    which it keeps more; deadlines are those of the departure's zone."""
    who = _chosen(booked, chosen)
    since, departs_at = to_utc(since), to_utc(booked.departs_at)
    grace_ends = min(to_utc(booked.booked_at) + booked.policy.grace, departs_at)
    deadlines = {wall_clock_before(departs_at, tier.before, booked.zone) for tier in booked.policy.tiers}
    ends = [end for end in sorted({grace_ends, *deadlines}) if end >= since]
    last = max([since, *ends]) + _MOMENT
    found: list[RefundStep] = []
    for moment, until in [*((end, end) for end in ends), (last, None)]:
        lines, _tier = _by_policy(booked, who, moment, step)
        kept = sum(line.kept for line in lines)
        if found and found[-1].kept == kept:
            found.pop()
        paid = sum(line.paid for line in lines) + _over(booked, who)
        found.append(RefundStep(until, kept, paid - kept, lines))
    return tuple(found)


def _chosen(booked: Booked, chosen: Collection[int] | None) -> tuple[int, ...]:
    everybody = range(len(booked.prices))
    who = tuple(everybody) if chosen is None else tuple(sorted(set(chosen)))
    if not who or any(index not in everybody for index in who):
        raise InvalidInput("Choose travellers who are on the booking.", field="lines")
    return who


def _over(booked: Booked, who: tuple[int, ...]) -> int:
    """What was paid beyond the price, and goes back when nobody is left."""
    return max(booked.paid - sum(booked.prices), 0) if len(who) == len(booked.prices) else 0


def _by_policy(
    booked: Booked, who: tuple[int, ...], now: datetime, step: int
) -> tuple[tuple[LineQuote, ...], Tier | None]:
    price = sum(booked.prices)
    paid = spread(min(booked.paid, price), booked.prices)
    whole = _quote(booked, price, booked.deposit, booked.paid, now)
    if len(who) == len(booked.prices):
        kept = spread(whole.kept, paid)
        fees = spread(whole.fixed_fee, kept)
        lines = [LineQuote(i, booked.prices[i], paid[i], kept[i], fees[i]) for i in who]
        return _in_steps(lines, _over(booked, who), step), whole.tier
    quotes = [
        _quote(booked, booked.prices[i], _part(booked.deposit, booked.prices[i], price), paid[i], now)
        for i in who
    ]
    kept = [each.kept for each in quotes]
    kept = spread(min(sum(kept), whole.kept), kept)
    lines = [
        LineQuote(i, booked.prices[i], paid[i], kept_of_it, min(each.fixed_fee, kept_of_it))
        for i, each, kept_of_it in zip(who, quotes, kept, strict=True)
    ]
    return _in_steps(lines, 0, step), whole.tier


def _quote(booked: Booked, price: int, deposit: int, paid: int, now: datetime) -> Quote:
    return quote(
        booked.policy,
        price=price,
        deposit=deposit,
        paid=paid,
        currency=booked.currency,
        departs_at=booked.departs_at,
        zone=booked.zone,
        booked_at=booked.booked_at,
        now=now,
    )


def _part(deposit: int, price: int, whole: int) -> int:
    return round_ratio(deposit * price, whole) if whole else 0


def _in_steps(lines: Sequence[LineQuote], over: int, step: int) -> tuple[LineQuote, ...]:
    """The same with less kept, of whom most is kept, so that what goes back is a whole number of steps, or all."""
    kept = [line.kept for line in lines]
    back = sum(line.paid for line in lines) + over - sum(kept)
    short = min(-back % step, sum(kept))
    for i in sorted(range(len(lines)), key=lambda i: (-kept[i], i)):
        less = min(short, kept[i])
        kept[i] -= less
        short -= less
    return tuple(
        replace(line, kept=each, fixed_fee=min(line.fixed_fee, each))
        for line, each in zip(lines, kept, strict=True)
    )


def beyond(found: RefundQuote, give_back: int, step: int = 1) -> RefundQuote:
    """With what goes back beyond the policy on each line in proportion to what is kept of it. Raises as
    `refund_quote`."""
    if not found.back <= give_back <= found.paid:
        raise InvalidInput(
            "What goes back lies between what the policy gives and what was paid.", field="give_back"
        )
    if give_back % step and give_back != found.paid:
        raise InvalidInput("Money goes back in larger steps than this amount has.", field="give_back")
    more = spread(give_back - found.back, [line.kept for line in found.lines])
    return replace(
        found,
        lines=tuple(replace(line, goodwill=each) for line, each in zip(found.lines, more, strict=True)),
    )
