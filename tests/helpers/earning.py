"""What a vendor has earned, reckoned a second time: from payouts, bookings and single entries of the books, without the
projection that the program sums."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from helpers.desk import Desk
from travellr_desktop.domain.commission import split_part
from travellr_desktop.domain.ledger import Account
from travellr_desktop.domain.states import BookingState, PayoutState, TakeBackState
from travellr_desktop.services import giving_back
from travellr_desktop.storage.models import Booking, LedgerRow, Payout, TakeBack

OF_PAYOUTS = {"payout_sending", "payout_failed", "transfer_reversed", "payout_returned"}


@dataclass(frozen=True)
class Plain:
    """Minor units of one currency. `earned` is what the books gave and took for trips, and the share of trips to come;
    `payable` what the books owe now."""

    earned: int
    to_come: int
    payable: int
    in_transit: int
    paid: int


def plain(desk: Desk, vendor_id: UUID, currency: str = "EUR") -> Plain:
    with desk.database.read() as view:
        query = select(LedgerRow).where(LedgerRow.vendor_id == vendor_id, LedgerRow.currency == currency)
        given = payable = 0
        for row in view.session.scalars(query):
            if Account.VENDOR_PAYABLE not in (row.debit, row.credit):
                continue
            signed = row.amount if row.credit is Account.VENDOR_PAYABLE else -row.amount
            payable += signed
            given += 0 if row.event.value in OF_PAYOUTS else signed
        to_come = 0
        waiting = select(Booking.id).where(
            Booking.vendor_id == vendor_id,
            Booking.currency == currency,
            Booking.state == BookingState.CONFIRMED,
        )
        for booking_id in view.session.scalars(waiting):
            booking = view.bookings.get_full(booking_id)
            there = min(giving_back.left(view, (booking,))[booking.id], booking.price)
            own = giving_back.own_discount(booking)
            to_come += split_part(there, booking.price, booking.commission_bps, own).net if there > 0 else 0
        paid = in_transit = 0
        theirs = select(Payout).where(Payout.vendor_id == vendor_id, Payout.currency == currency)
        for payout in view.session.scalars(theirs):
            paid += payout.amount if payout.state in (PayoutState.PAID, PayoutState.REVERSED) else 0
            in_transit += payout.amount if payout.state in (PayoutState.SENDING, PayoutState.UNKNOWN) else 0
        back = (
            select(TakeBack)
            .join(Payout, Payout.id == TakeBack.payout_id)
            .where(Payout.vendor_id == vendor_id, TakeBack.currency == currency)
        )
        for each in view.session.scalars(back):
            paid -= each.amount if each.state is TakeBackState.DONE else 0
    return Plain(given + to_come, to_come, payable, in_transit, paid)
