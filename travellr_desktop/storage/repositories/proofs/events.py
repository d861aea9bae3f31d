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

_OWN = "JOIN sales o ON o.id = {0} JOIN this_desk h ON h.desk_id = o.desk_id"
"""Other desks prove what they did themselves: their events come late, or were before the file was made."""
_OWN_SALE = _OWN.format("t.sale_id")
_OWN_BOOKING = f"JOIN bookings b ON b.id = t.booking_id {_OWN.format('b.sale_id')}"

_MISSING = {
    "BookingCreated": (
        "SELECT '{0}', 'bookings', t.id, t.reference FROM bookings t "
        f"{_OWN_SALE} WHERE t.created_at > ? AND t.id NOT IN ({_TOLD})"
    ),
    "BookingConfirmed": (
        "SELECT '{0}', 'bookings', t.id, t.reference FROM bookings t "
        f"{_OWN_SALE} WHERE t.confirmed_at > ? AND t.id NOT IN ({_TOLD})"
    ),
    "BookingCancelled": (
        "SELECT '{0}', 'bookings', t.id, t.reference FROM bookings t "
        f"{_OWN_SALE} WHERE t.state = 'cancelled' AND t.ended_at > ? AND t.id NOT IN ({_TOLD})"
    ),
    "BookingCompleted": (
        "SELECT '{0}', 'bookings', t.id, t.reference FROM bookings t "
        f"{_OWN_SALE} WHERE t.state IN ('completed', 'no_show') AND t.ended_at > ? AND t.id NOT IN ({_TOLD})"
    ),
    "PaymentProcessed": (
        f"SELECT '{{0}}', 'payments', t.id, {_SALE} FROM payments t "
        f"{_OWN_SALE} WHERE t.ended_at > ? AND t.id || t.state NOT IN ({_TOLD_STATE})"
    ),
    "RefundProcessed": (
        f"SELECT '{{0}}', 'refunds', t.id, {_BOOKING} FROM refunds t "
        f"{_OWN_BOOKING} WHERE t.ended_at > ? AND t.id || t.state NOT IN ({_TOLD_STATE})"
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
        """Bookings, payments and refunds of this desk's sales that came to their state after `since` without an event
        of it. In a file that was made of a hub's rows, after the first op that was written into it."""
        first = self._value(
            "SELECT CASE WHEN first_synced THEN (SELECT min(at) FROM ops) ELSE '' END FROM this_desk"
        )
        if first is None:
            return
        after = max(utc_text(since), first)
        for name, sql in _MISSING.items():
            yield from self._each(Untold, sql.format(name), after)
