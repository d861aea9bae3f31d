"""What of a booking is due when, as it was agreed when it was sold: the deposit at once and the rest later, or all."""

from __future__ import annotations

from datetime import datetime

from travellr_desktop.domain import dues
from travellr_desktop.domain.money import Money
from travellr_desktop.storage.repositories.on_sale import OnSale


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


def due_at_once(price: int, deposit: int, balance_due_at: datetime | None) -> int:
    """What confirms a booking, in minor units: its deposit, where the rest is due later, else its price."""
    return deposit if balance_due_at is not None and 0 < deposit < price else price


def is_overdue(due: int, balance_due_at: datetime | None, now: datetime) -> bool:
    """Whether something is due whose last day is over."""
    return due > 0 and balance_due_at is not None and balance_due_at <= now
