"""Events: what happened at the provider, asked for in turns, since nothing can be sent to a desk.

An event is only a reason to read the object again. The provider keeps them for thirty days and does not promise their
order, so each turn begins some minutes before the newest that was seen (`turn_from`), and ids are remembered.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

OVERLAP = timedelta(minutes=10)
"""How far before the newest event that was seen the next turn begins."""


class EventSubject(StrEnum):
    """What an event is about: which call reads it again."""

    PAYMENT = "payment"  # get_payment_status
    LINK = "link"  # get_link
    REFUND = "refund"  # get_refund_status
    DISPUTE = "dispute"  # get_dispute
    TRANSFER = "transfer"  # get_transfer
    BANK_PAYOUT = "bank_payout"  # get_bank_payout


ALL_SUBJECTS = frozenset(EventSubject)


@dataclass(frozen=True, slots=True)
class ProviderEvent:
    """`about` is the id of the object that is to be read again."""

    ref: str
    subject: EventSubject
    about: str
    created_at: datetime


def turn_from(seen: Iterable[ProviderEvent], overlap: timedelta = OVERLAP) -> str | None:
    """The event after which the next turn begins: the newest of those seen that is older than the newest by the
    overlap, or None where none is, so that the turn begins at a time instead."""
    by_time = sorted(seen, key=lambda event: event.created_at)
    if not by_time:
        return None
    until = by_time[-1].created_at - overlap
    old_enough = [event.ref for event in by_time if event.created_at <= until]
    return old_enough[-1] if old_enough else None


class EventCalls(Protocol):
    """See `payments.gateway.PaymentGateway` for what every call may raise."""

    def events(
        self,
        *,
        after: str | None = None,
        since: datetime | None = None,
        subjects: Collection[EventSubject] = ALL_SUBJECTS,
    ) -> tuple[ProviderEvent, ...]:
        """What came after the event `after`, or from `since` on, oldest first, to the newest there is.

        Raises `NotFound` where the provider does not have `after` any more: then lists say what happened."""
        ...
