"""Numbered seats of holds and bookings, within the caller's transaction. Departures without a plan have none."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from travellr_desktop.storage.models import Booking, Departure, Hold
from travellr_desktop.storage.uow import UnitOfWork


def take(work: UnitOfWork, hold: Hold, departure: Departure, labels: Sequence[str] = ()) -> None:
    """Take numbered seats for a hold that was just written: those with these labels, one for each traveller who
    sits in the order of the party, or without labels the best together."""
    if departure.plan_id is None:
        return
    raise NotImplementedError


def seat_lines(work: UnitOfWork, booking: Booking, departure: Departure) -> bool:
    """Hand the seats of a booking's hold to its lines; where the hold has lapsed take the same again, or others.
    False, and nothing changed, where too few are left."""
    if departure.plan_id is None:
        return True
    raise NotImplementedError


def give_up(work: UnitOfWork, *, hold_id: UUID | None = None, line_ids: Sequence[UUID] = ()) -> None:
    """Free the numbered seats of a hold or of lines; nothing happens where they have none."""
