"""When a booking is to be paid: a deposit when it is made and the balance before the departure, or all at once."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Generic, TypeVar

from travellr_desktop.domain.fees import spread_over
from travellr_desktop.domain.money import Money, sum_money
from travellr_desktop.domain.periods import day_bounds, to_utc
from travellr_desktop.domain.periods import zone as zone_of
from travellr_desktop.errors import InvalidInput

LONGEST_BALANCE_DAYS = 1_000

_Key = TypeVar("_Key", bound=Hashable)


class DueKind(StrEnum):
    DEPOSIT = "deposit"
    BALANCE = "balance"
    ALL = "all"


def check_balance_days(days: int) -> int:
    """`days`, where a balance can be due so many days before a departure. Raises `InvalidInput`."""
    if type(days) is not int or not 0 <= days <= LONGEST_BALANCE_DAYS:
        raise InvalidInput(
            f"The balance is due 0 to {LONGEST_BALANCE_DAYS} days before departure.", field="balance_days"
        )
    return days


@dataclass(frozen=True, slots=True)
class Instalment:
    """What is due, and until when. `day` is the last day on which it is in time, in the departure's zone, and
    `ends_at` the moment (UTC) at which that day is over; both are None for what is due at once."""

    kind: DueKind
    amount: Money
    day: date | None = None
    ends_at: datetime | None = None


def instalments(
    *,
    price: Money,
    deposit: Money,
    balance_days: int,
    booked_at: datetime,
    departs_at: datetime,
    zone: str,
) -> tuple[Instalment, ...]:
    """What of `price` is due when.

    The deposit is due when the booking is made, the rest `balance_days` days before the day of departure, both
    days being those of the departure's zone: until that day is over. Who books on that day or later pays all at
    once, as does who owes nothing beyond the deposit. Nothing is due of a price of nothing. Raises `InvalidInput`
    for a deposit or a price below zero, or days out of range.
    """
    if price.minor < 0 or deposit.minor < 0:
        raise InvalidInput("Nothing below zero is ever due.", field="amount")
    check_balance_days(balance_days)
    if not price:
        return ()
    place = zone_of(zone)
    day = to_utc(departs_at).astimezone(place).date() - timedelta(days=balance_days)
    booked = to_utc(booked_at).astimezone(place).date()
    if deposit >= price or booked >= day:
        return (Instalment(DueKind.ALL, price),)
    balance = Instalment(DueKind.BALANCE, price - deposit, day, day_bounds(day, zone)[1])
    return (Instalment(DueKind.DEPOSIT, deposit), balance) if deposit else (balance,)


def balance_ends_at(plan: Sequence[Instalment]) -> datetime | None:
    """When the last day for the balance is over; None where all is due at once."""
    return next((each.ends_at for each in plan if each.kind is DueKind.BALANCE), None)


@dataclass(frozen=True, slots=True)
class Allocated(Generic[_Key]):
    """Which part of a payment is for which booking, and what was paid beyond all that was due."""

    parts: dict[_Key, Money]
    overpaid: Money


def allocate(paid: Money, due: Mapping[_Key, Money]) -> Allocated[_Key]:
    """A payment over the bookings it was taken for, by what is still due on each (largest remainder); none gets more
    than its due."""
    whole = sum_money(due.values(), paid.currency)
    served = min(paid, whole)
    return Allocated(spread_over(served, due), paid - served)


@dataclass(frozen=True, slots=True)
class Due:
    """What is still to be paid of instalments at a moment. `now` is what should have been paid by then, of which
    `overdue` is late; `later` is what is to come, the next of it, `next_amount`, on `next_day`."""

    now: Money
    overdue: Money
    later: Money
    next_amount: Money
    next_day: date | None

    @property
    def is_overdue(self) -> bool:
        return bool(self.overdue)


def due_at(plan: Sequence[Instalment], *, paid: Money, now: datetime) -> Due:
    """What is due at `now` when `paid` has come in: it serves the instalments in their order.

    What is due at once is never overdue, a balance is from the moment its day is over.
    """
    moment = to_utc(now)
    nothing = Money.zero(paid.currency)
    left = max(paid, nothing)
    at_once: list[Money] = []
    late: list[Money] = []
    later: list[tuple[Money, date]] = []
    for each in plan:
        served = min(left, each.amount)
        left -= served
        open_ = each.amount - served
        if not open_:
            continue
        if each.day is None or each.ends_at is None:
            at_once.append(open_)
        elif each.ends_at <= moment:
            late.append(open_)
        else:
            later.append((open_, each.day))
    overdue = sum_money(late, paid.currency)
    return Due(
        now=sum_money(at_once, paid.currency) + overdue,
        overdue=overdue,
        later=sum_money((amount for amount, _day in later), paid.currency),
        next_amount=later[0][0] if later else nothing,
        next_day=later[0][1] if later else None,
    )
