"""Changes of confirmed bookings that wait for their payment, within the caller's transaction."""

from __future__ import annotations

from uuid import UUID

from travellr_desktop.storage.models import Booking, Payment
from travellr_desktop.storage.uow import UnitOfWork


def paid(work: UnitOfWork, payment: Payment, booking: Booking) -> list[UUID]:
    """The payment of a confirmed booking's change came in: do the change. Returns refunds that are to be sent after
    the commit, where it cannot be done any more and the money goes back."""
    return []


def unpaid(work: UnitOfWork, payment: Payment) -> None:
    """A payment failed or was given up: changes that waited for it are abandoned, their seats go back."""
