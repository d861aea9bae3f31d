"""What a dispute means for everybody else: nothing is given back while a bank has the money, vendors wait for it, and
what was lost is not there any more. Within the caller's transaction or view."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from travellr_desktop.domain.ledger import Account
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.states import DisputeState, RefundState
from travellr_desktop.errors import DisputeOpen, WrongState
from travellr_desktop.storage.models import Booking, Refund
from travellr_desktop.storage.uow import Reading


@dataclass(frozen=True, slots=True)
class DisputeMark:
    """That something is disputed, as whoever sells may know it: not why. `amount` is what of it the bank asks about."""

    id: UUID
    state: DisputeState
    amount: Money
    due_by: datetime | None

    @property
    def blocks_refunds(self) -> bool:
        """Whether nothing may be given back for now."""
        return self.state is DisputeState.OPEN


def held(reading: Reading, bookings: Sequence[Booking]) -> frozenset[UUID]:
    """Those of these bookings of which a bank has money and has not decided."""
    return frozenset(reading.disputes.open_parts([booking.id for booking in bookings]))


def refuse_disputed(reading: Reading, bookings: Sequence[Booking]) -> None:
    """Raises `DisputeOpen` where a bank has money of one of these bookings and has not decided: nothing is promised
    back of it. An inquiry is no reason; what is given back then ends it."""
    found = reading.disputes.open_parts([booking.id for booking in bookings])
    references = sorted(booking.reference for booking in bookings if booking.id in found)
    if references:
        raise DisputeOpen(
            f"The traveller's bank has taken back what was paid for {' and '.join(references)}. Nothing is given "
            "back until it has decided."
        )


def refuse_given(reading: Reading, failed: Refund) -> None:
    """Raises `WrongState` where what a failed refund owed is not owed any more: a bank has given it in a dispute."""
    refunds = reading.refunds.find_by_booking_id(failed.booking_id)
    under_way = sum(each.amount for each in refunds if each.state in _UNDER_WAY)
    owed = -reading.ledger.balance(Account.REFUNDS_PAYABLE, failed.currency, booking_id=failed.booking_id)
    if owed - under_way < failed.amount:
        raise WrongState(
            "The traveller's bank has given this in a dispute.", hint="Nothing of it is owed any more."
        )


_UNDER_WAY = frozenset({RefundState.APPROVED, RefundState.UNKNOWN})


def marks_of_bookings(reading: Reading, booking_ids: Sequence[UUID]) -> Mapping[UUID, DisputeMark]:
    """The newest dispute of each booking; those without one are left out."""
    found = reading.disputes.find_by_booking_ids(booking_ids)
    return {
        part.booking_id: DisputeMark(
            part.dispute.id,
            part.dispute.state,
            Money(part.amount, part.dispute.currency),
            part.dispute.due_by,
        )
        for part in found
    }


def mark_of_payment(reading: Reading, payment_id: UUID) -> DisputeMark | None:
    """The newest dispute of a payment."""
    found = reading.disputes.find_by_payment_id(payment_id)
    if not found:
        return None
    last = found[-1]
    return DisputeMark(last.id, last.state, Money(last.amount, last.currency), last.due_by)


def held_of_vendor(reading: Reading, vendor_id: UUID) -> Mapping[UUID, int]:
    """Bookings whose lines a vendor is not paid for now, because a bank has their money: how much it has of each, in
    minor units of the booking's currency."""
    return reading.disputes.open_of_vendor(vendor_id)
