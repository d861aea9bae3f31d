"""What of a booking is due when, as it was agreed when it was sold: the deposit at once and the rest later, or all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from travellr_desktop.domain import dues
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.periods import zone as zone_of
from travellr_desktop.storage.repositories.on_sale import OnSale


@dataclass(frozen=True, slots=True)
class DepositQuote:
    """What confirms a basket, what is due later, and the last day for the first of that."""

    now: Money
    later: Money
    by: date


def balance_due_at(offer: OnSale, *, price: int, deposit: int, booked_at: datetime) -> datetime | None:
    """When the last day for the rest is over; None where all of it is due at once."""
    plan = dues.instalments(
        price=Money(price, offer.currency),
        deposit=Money(deposit, offer.currency),
        balance_days=offer.balance_days,
        booked_at=booked_at,
        departs_at=offer.starts_at,
        zone=offer.zone,
    )
    return dues.balance_ends_at(plan)


def last_day(balance_due_at: datetime, zone: str) -> date:
    """The last day on which a balance is in time, in the departure's zone."""
    return (balance_due_at - timedelta(seconds=1)).astimezone(zone_of(zone)).date()


def due_at_once(price: int, deposit: int, balance_due_at: datetime | None) -> int:
    """What confirms a booking, in minor units: its deposit, where the rest is due later, else its price."""
    return deposit if balance_due_at is not None and 0 < deposit < price else price


def is_overdue(due: int, balance_due_at: datetime | None, now: datetime) -> bool:
    """Whether something is due whose last day is over."""
    return due > 0 and balance_due_at is not None and balance_due_at <= now
