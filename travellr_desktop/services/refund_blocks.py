"""When no money may go back, whoever asks: one place to say so, asked before anything is reckoned."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from travellr_desktop.errors import WrongState
from travellr_desktop.storage.models import Booking
from travellr_desktop.storage.uow import Reading


def refuse_blocked(view: Reading, bookings: Sequence[Booking], *, deciding: UUID | None = None) -> None:
    """Raises `WrongState` where a payment of the sale is under way, or a request for a refund of these bookings waits
    for a second person (but for the one that is being decided)."""
    sale_id = bookings[0].sale_id
    if view.payments.in_flight(sale_id):
        raise WrongState(
            "A payment of this sale is still under way.", hint="Wait until its outcome is known, then go on."
        )
    ids = {str(booking.id) for booking in bookings}
    for order in view.refund_orders.waiting(sale_id):
        if order.id != deciding and ids & set(order.asked["booking_ids"]):
            raise WrongState(
                "A refund of this booking waits for a second person.",
                hint="Have it approved or turned down first.",
            )
