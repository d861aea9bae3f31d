"""What is still to be paid of bookings, what came in too much, and what money that comes in is used for.

    before the trip     unpaid      the price less what is there for it (`giving_back.left`)
    after it            owed        traveller receivable
    given up            written off bad debts; not due, but taken when it is paid after all
    beyond all that     excess      overpayment, until somebody decides: back, credit, or another booking of the sale

None of it is stored: a payment says, share by share, what it was used for when it was completed, and the rest is read
from the books.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from travellr_desktop.domain import ledger
from travellr_desktop.domain.ledger import Used
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.states import BookingState, is_open
from travellr_desktop.services import giving_back, posting
from travellr_desktop.storage.models import Booking, Payment, WriteOff
from travellr_desktop.storage.uow import Reading, UnitOfWork


@dataclass(frozen=True, slots=True)
class Owing:
    """Of one booking, in minor units. `excess` is what was paid too much and has neither gone back nor been used."""

    unpaid: int = 0
    owed: int = 0
    written_off: int = 0
    excess: int = 0

    @property
    def due(self) -> int:
        return self.unpaid + self.owed


def owing(view: Reading, bookings: Sequence[Booking]) -> dict[UUID, Owing]:
    """Of each booking, read whole."""
    left = giving_back.left(view, bookings)
    amounts = view.debts.open_amounts([booking.id for booking in bookings])
    return {
        each.id: Owing(
            max(each.price - left[each.id], 0) if is_open(each.state) else 0,
            amounts[each.id].owed,
            amounts[each.id].written_off,
            amounts[each.id].excess,
        )
        for each in bookings
    }


# what a payment is used for


def used(work: UnitOfWork, payment: Payment, bookings: Sequence[Booking]) -> dict[UUID, Used]:
    """What a payment that has just come in goes to, by booking; asked before it is completed.

    A booking that is still pending is to be confirmed by all of it, and one that was cancelled since the payment was
    begun is given all of it back: both are for the price. So is what a change of the booking waits for."""
    shares = {share.booking_id: Money(share.amount, payment.currency) for share in payment.shares}
    changes = {each.booking_id for each in work.amendments.waiting_for(payment.id)}
    whole = [each for each in bookings if each.id in changes or each.state is BookingState.PENDING]
    others = [each for each in bookings if each not in whole]
    nothing = Money.zero(payment.currency)
    found = {each.id: Used(shares[each.id], nothing, nothing) for each in whole}
    if not others:
        return found
    amounts, debts = owing(work, others), work.debts.standing([each.id for each in others])
    for each in others:
        goes = ledger.used_for(
            shares[each.id],
            due=Money(amounts[each.id].unpaid, payment.currency),
            owed=Money(amounts[each.id].owed, payment.currency),
            written_off=[Money(debt.amount, payment.currency) for debt in debts[each.id]],
        )
        if came_too_late(payment, each):
            goes = Used(goes.price + goes.excess, goes.owed, nothing, goes.undone)
        found[each.id] = goes
    return found


def came_too_late(payment: Payment, booking: Booking) -> bool:
    """Whether a booking was cancelled while its payment was under way."""
    return (
        booking.state is BookingState.CANCELLED
        and booking.ended_at is not None
        and booking.ended_at >= payment.created_at
    )


def write_down(work: UnitOfWork, payment: Payment, goes: Mapping[UUID, Used]) -> None:
    """Keep on each share of a completed payment what it was used for, and undo the write-offs that it pays."""
    debts = work.debts.standing([booking_id for booking_id, each in goes.items() if each.undone])
    for share in payment.shares:
        each = goes[share.booking_id]
        if each.owed or each.excess:
            share.owed, share.excess = each.owed.minor, each.excess.minor
        for debt in debts.get(share.booking_id, [])[: each.undone]:
            undo(work, debt, payment.id)
    work.flush()


def undo(work: UnitOfWork, debt: WriteOff, payment_id: UUID | None) -> None:
    """A debt that was written off is owed again."""
    debt.undone_at, debt.undone_by, debt.payment_id = work.now, work.actor.user_id, payment_id
    work.debts.update(debt)
    entry = ledger.written_off_entry(Money(debt.amount, debt.currency), booking_id=debt.booking_id)
    posting.post(work, (ledger.reversal(entry),))
    work.audit("debt.undo", "booking", debt.booking_id, amount=debt.amount, paid=payment_id is not None)
