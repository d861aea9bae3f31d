"""Cancelling bookings, or a whole sale, as the policy has it: a refund of everybody on them."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from travellr_desktop.domain.money import Money
from travellr_desktop.domain.permissions import Actor, Permission, require
from travellr_desktop.domain.states import BookingState, is_open
from travellr_desktop.errors import AlreadyRefunded, WrongState
from travellr_desktop.services.refund_asks import RefundAsk, RefundOutcome, RefundPreview
from travellr_desktop.services.refunds import RefundService
from travellr_desktop.storage.uow import Database


class CancellationService:
    def __init__(self, database: Database, refunds: RefundService) -> None:
        self._db = database
        self._refunds = refunds

    def preview(
        self, actor: Actor, booking_ids: Sequence[UUID], *, keep_disputed: bool = False
    ) -> RefundPreview:
        """What cancelling these bookings of one sale would do now; `keep_disputed` as in `RefundAsk`. Raises
        `WrongState` for a booking that cannot be cancelled, `NotFound`, `DisputeOpen`, `InvalidInput` where they are
        of several sales."""
        require(actor, Permission.BOOKING_CANCEL)
        self._cancellable(booking_ids)
        return self._refunds.preview(actor, RefundAsk(tuple(booking_ids), keep_disputed=keep_disputed))

    def preview_sale(self, actor: Actor, sale_id: UUID, *, keep_disputed: bool = False) -> RefundPreview:
        """The same for all bookings of a sale that still stand. Raises `AlreadyRefunded` where none does."""
        require(actor, Permission.BOOKING_CANCEL)
        return self.preview(actor, self._standing(sale_id), keep_disputed=keep_disputed)

    def cancel(
        self, actor: Actor, booking_ids: Sequence[UUID], reason: str, expected_back: Money, *, key: UUID
    ) -> RefundOutcome:
        """Cancel, and send the money back; above the agency's limit it waits for a second person. Raises as
        `RefundService.request`."""
        require(actor, Permission.BOOKING_CANCEL)
        require(actor, Permission.PAYMENT_REFUND)
        ask = RefundAsk(tuple(sorted(booking_ids)), reason=reason)
        return self._refunds.request(actor, ask, expected_back, key=key)

    def _standing(self, sale_id: UUID) -> list[UUID]:
        with self._db.read() as view:
            sale = view.sales.get_full(sale_id)
            found = [b.id for b in sale.bookings if is_open(b.state)]
        if not found:
            raise AlreadyRefunded("Nothing of this sale is left to cancel.")
        return found

    def _cancellable(self, booking_ids: Sequence[UUID]) -> None:
        with self._db.read() as view:
            bookings = view.bookings.find_many(booking_ids)
        for booking in bookings:
            if booking.state is BookingState.CANCELLED:
                raise AlreadyRefunded(f"{booking.reference} is cancelled already.")
            if not is_open(booking.state):
                raise WrongState(
                    f"{booking.reference} is {booking.state.value.replace('_', '-')} and cannot be cancelled.",
                    hint="A trip that is over is refunded, not cancelled.",
                )
