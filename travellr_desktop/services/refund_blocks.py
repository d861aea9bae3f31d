"""When no money may go back, whoever asks: one place to say so, asked before anything is reckoned."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from travellr_desktop.errors import SoldElsewhere, WrongState
from travellr_desktop.storage.models import Booking
from travellr_desktop.storage.repositories.here import sold_elsewhere
from travellr_desktop.storage.uow import Reading


def refuse_elsewhere(view: Reading, sale_id: UUID) -> None:
    """Raises `SoldElsewhere` at a desk of several that did not sell it: only that desk knows all that was given back or
    changed of it, also while nobody can be asked."""
    desk = sold_elsewhere(view.connection, sale_id)
    if desk is not None:
        raise SoldElsewhere(f"{desk} sold this: what is changed or given back of it is done there.")


def refuse_blocked(view: Reading, bookings: Sequence[Booking], *, deciding: UUID | None = None) -> None:
    """Raises `WrongState` where a payment of the sale is under way, or a request for a refund of these bookings waits
    for a second person (but for the one that is being decided), and `SoldElsewhere`."""
    sale_id = bookings[0].sale_id
    refuse_elsewhere(view, sale_id)
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
