"""Events: whether everybody who listens could know."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from travellr_desktop.storage.base import utc_text
from travellr_desktop.storage.repositories.proofs.reading import Reader

_TOLD = "SELECT aggregate_id FROM outbox_events WHERE event_name = '{0}'"
_TOLD_STATE = (
    "SELECT aggregate_id || coalesce(json_extract(payload, '$.state'), '') FROM outbox_events "
    "WHERE event_name = '{0}'"
)
_SALE = "(SELECT reference FROM sales WHERE sales.id = t.sale_id)"
_BOOKING = "(SELECT reference FROM bookings WHERE bookings.id = t.booking_id)"

_MISSING = {
    "BookingCreated": (
        "SELECT '{0}', 'bookings', t.id, t.reference FROM bookings t "
        f"WHERE t.created_at > ? AND t.id NOT IN ({_TOLD})"
    ),
    "BookingConfirmed": (
        "SELECT '{0}', 'bookings', t.id, t.reference FROM bookings t "
        f"WHERE t.confirmed_at > ? AND t.id NOT IN ({_TOLD})"
    ),
    "BookingCancelled": (
        "SELECT '{0}', 'bookings', t.id, t.reference FROM bookings t "
        f"WHERE t.state = 'cancelled' AND t.ended_at > ? AND t.id NOT IN ({_TOLD})"
    ),
    "BookingCompleted": (
        "SELECT '{0}', 'bookings', t.id, t.reference FROM bookings t "
        f"WHERE t.state IN ('completed', 'no_show') AND t.ended_at > ? AND t.id NOT IN ({_TOLD})"
    ),
    "PaymentProcessed": (
        f"SELECT '{{0}}', 'payments', t.id, {_SALE} FROM payments t "
        f"WHERE t.ended_at > ? AND t.id || t.state NOT IN ({_TOLD_STATE})"
    ),
    "RefundProcessed": (
        f"SELECT '{{0}}', 'refunds', t.id, {_BOOKING} FROM refunds t "
        f"WHERE t.ended_at > ? AND t.id || t.state NOT IN ({_TOLD_STATE})"
    ),
}


@dataclass(frozen=True, slots=True)
class Untold:
    """A row that came to a state of which no event speaks."""

    event_name: str
    table: str
    row: str
    reference: str | None


class EventProofs(Reader):
    def untold(self, since: datetime) -> Iterator[Untold]:
        """Bookings, payments and refunds that came to their state after `since` without an event of it."""
        for name, sql in _MISSING.items():
            yield from self._each(Untold, sql.format(name), utc_text(since))
