"""The waiting list, within the caller's transaction: freed seats are offered to those who wait, in order."""

from __future__ import annotations

from uuid import UUID

from travellr_desktop.storage.models import Hold
from travellr_desktop.storage.uow import UnitOfWork


def freed(work: UnitOfWork, departure_id: UUID) -> None:
    """Seats of a departure may have come free: offer them. Called after every change that frees a seat."""


def hold_ended(work: UnitOfWork, hold: Hold) -> None:
    """A hold was consumed, released or has expired: where it was an offer, its entry on the list ends too."""
