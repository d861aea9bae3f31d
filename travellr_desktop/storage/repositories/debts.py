"""What is owed after the trip, what of it was written off, and what was paid too much."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from travellr_desktop.domain.ledger import Account, standing
from travellr_desktop.storage.models import Booking, LedgerRow, WriteOff
from travellr_desktop.storage.repositories.base import Repository

OPEN_ACCOUNTS = (Account.TRAVELLER_RECEIVABLE, Account.BAD_DEBTS, Account.OVERPAYMENT)


@dataclass(slots=True)
class OpenAmounts:
    """Of one booking, in minor units, as people read them."""

    owed: int = 0
    written_off: int = 0
    excess: int = 0

    def __bool__(self) -> bool:
        return bool(self.owed or self.written_off or self.excess)


class DebtRepository(Repository[WriteOff]):
    model = WriteOff
    word = "debt that was written off"

    def open_amounts(self, booking_ids: Sequence[UUID]) -> dict[UUID, OpenAmounts]:
        """Of these bookings, nothing for those that have nothing."""
        found = {booking_id: OpenAmounts() for booking_id in booking_ids}
        query = (
            select(LedgerRow.booking_id, LedgerRow.debit, LedgerRow.credit, func.sum(LedgerRow.amount))
            .where(
                LedgerRow.booking_id.in_(booking_ids),
                LedgerRow.debit.in_(OPEN_ACCOUNTS) | LedgerRow.credit.in_(OPEN_ACCOUNTS),
            )
            .group_by(LedgerRow.booking_id, LedgerRow.debit, LedgerRow.credit)
        )
        for booking_id, debit, credit, amount in self.session.execute(query):
            assert booking_id is not None  # it is one of those
            _add(found[booking_id], debit, standing(debit, amount))
            _add(found[booking_id], credit, standing(credit, -amount))
        return found

    def of_traveller(self, traveller_id: UUID) -> tuple[tuple[Booking, OpenAmounts], ...]:
        """Their bookings of which something is owed, was written off or paid too much, the newest first."""
        touched = (
            select(LedgerRow.booking_id)
            .join(Booking, Booking.id == LedgerRow.booking_id)
            .where(
                Booking.traveller_id == traveller_id,
                LedgerRow.debit.in_(OPEN_ACCOUNTS) | LedgerRow.credit.in_(OPEN_ACCOUNTS),
            )
        )
        bookings = self.session.scalars(
            select(Booking).where(Booking.id.in_(touched)).order_by(Booking.id.desc())
        ).all()
        amounts = self.open_amounts([booking.id for booking in bookings])
        return tuple((booking, amounts[booking.id]) for booking in bookings if amounts[booking.id])

    def standing(self, booking_ids: Sequence[UUID]) -> dict[UUID, list[WriteOff]]:
        """The write-offs of each booking that were not undone, the newest first."""
        found: dict[UUID, list[WriteOff]] = {booking_id: [] for booking_id in booking_ids}
        rows = self.session.scalars(
            select(WriteOff)
            .where(WriteOff.booking_id.in_(booking_ids), WriteOff.undone_at.is_(None))
            .order_by(WriteOff.id.desc())
        )
        for row in rows:
            found[row.booking_id].append(row)
        return found

    def of_booking(self, booking_id: UUID) -> Sequence[WriteOff]:
        """All that there ever were, the oldest first."""
        return self.session.scalars(
            select(WriteOff).where(WriteOff.booking_id == booking_id).order_by(WriteOff.id)
        ).all()


def _add(found: OpenAmounts, account: Account, amount: int) -> None:
    if account is Account.TRAVELLER_RECEIVABLE:
        found.owed += amount
    elif account is Account.BAD_DEBTS:
        found.written_off += amount
    elif account is Account.OVERPAYMENT:
        found.excess += amount
