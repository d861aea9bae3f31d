"""Seats that a desk can have, as expressions over `Departure` and the desk's own `Grant`, which is outer joined."""

from __future__ import annotations

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import aliased

from travellr_desktop.storage.models import Allowance, Departure, Grant


def own_left() -> ColumnElement[int]:
    """What is left of the desk's own grant."""
    return func.coalesce(Grant.seats - Grant.taken, 0)


def nobodys() -> ColumnElement[int]:
    """What no desk was granted; the central database gives it to whoever asks first."""
    every = aliased(Grant)
    granted = (
        select(func.coalesce(func.sum(every.seats), 0))
        .where(every.departure_id == Departure.id)
        .correlate(Departure)
        .scalar_subquery()
    )
    allowed = (
        select(func.coalesce(func.sum(Allowance.seats), 0))
        .where(Allowance.departure_id == Departure.id)
        .correlate(Departure)
        .scalar_subquery()
    )
    left = Departure.capacity + allowed - granted
    return case((left > 0, left), else_=0)


def others_left() -> ColumnElement[int]:
    """What is left of the grants of all desks but the one that is joined."""
    every = aliased(Grant)
    left = (
        select(func.coalesce(func.sum(every.seats - every.taken), 0))
        .where(every.departure_id == Departure.id)
        .correlate(Departure)
        .scalar_subquery()
    )
    return left - own_left()


def taken_of_all() -> ColumnElement[int]:
    """Sold and held at all desks."""
    every = aliased(Grant)
    return (
        select(func.coalesce(func.sum(every.taken), 0))
        .where(every.departure_id == Departure.id)
        .correlate(Departure)
        .scalar_subquery()
    )


def free(*, asks: bool) -> ColumnElement[int]:
    """What the desk can have now; `asks`: the central database is reached."""
    return own_left() + nobodys() if asks else own_left()


def within_reach(*, asks: bool) -> ColumnElement[int]:
    """What it can have at best: where it asks, also what other desks have not sold yet."""
    return own_left() + nobodys() + others_left() if asks else own_left()
