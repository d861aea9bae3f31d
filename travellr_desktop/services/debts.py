"""What travellers owe after their trips, and what is given up of it.

    owed            the trip has been, or a dispute was lost: `bookings.end`, `disputing`
    paid            as anything that is due: `sales.pay`, by any way, in parts
    written off     by who may, with a reason; nobody waits for it, the agency bears it
    paid after all  `sales.pay` takes what was written off too, and undoes the write-off first (`owing`)

A write-off of what was not owed any more is refused, so two people who give up the same debt do it once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from travellr_desktop.domain import ledger
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.permissions import Actor, Permission, require
from travellr_desktop.domain.text import clean_line
from travellr_desktop.errors import WrongState
from travellr_desktop.services import amendments, keys, owing, posting
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.models import Booking, WriteOff
from travellr_desktop.storage.uow import Database, Reading, UnitOfWork

LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class WriteOffView:
    """A debt that was given up. `undone_at` where it is owed again, or was paid after all."""

    id: UUID
    booking_id: UUID
    amount: Money
    reason: str
    at: datetime
    by: str
    undone_at: datetime | None


@dataclass(frozen=True, slots=True)
class OpenBooking:
    """A booking with something that is not settled: owed after the trip, written off, or paid too much. `since` is when
    it ended, else when it was made."""

    booking_id: UUID
    reference: str
    owed: Money
    written_off: Money
    excess: Money
    since: datetime


@dataclass(frozen=True, slots=True)
class _Asked:
    booking_id: UUID
    amount: Money
    reason: str


class DebtService:
    def __init__(self, database: Database) -> None:
        self._db = database

    def of_traveller(self, actor: Actor, traveller_id: UUID) -> tuple[OpenBooking, ...]:
        """What is not settled of their bookings, the newest first. Raises `NotFound`."""
        require(actor, Permission.TRAVELLER_READ)
        with self._db.read() as view:
            owner = view.travellers.get(traveller_id).id
            return tuple(
                OpenBooking(
                    booking.id,
                    booking.reference,
                    Money(amounts.owed, booking.currency),
                    Money(amounts.written_off, booking.currency),
                    Money(amounts.excess, booking.currency),
                    booking.ended_at or booking.created_at,
                )
                for booking, amounts in view.debts.of_traveller(owner)
            )

    def of_booking(self, actor: Actor, booking_id: UUID) -> tuple[WriteOffView, ...]:
        """Everything that was ever given up of a booking, the oldest first."""
        require(actor, Permission.PAYMENT_READ)
        with self._db.read() as view:
            return tuple(_view(view, row) for row in view.debts.of_booking(booking_id))

    def write_off(
        self, actor: Actor, booking_id: UUID, expected: Money, reason: str, *, key: UUID
    ) -> WriteOffView:
        """Give up all that is owed of a booking after its trip. `expected` is what was shown: raises `WrongState` where
        something else is owed by now, or a payment of the sale is under way; `InvalidInput` without a reason,
        `NotFound`, `RequestInProgress`, `KeyReused`."""
        require(actor, Permission.DEBT_WRITE_OFF)
        asked = _Asked(booking_id, expected, clean_line(reason, "reason", LONGEST_REASON))
        with self._db.write(Commit.DEBT_SAVE, actor) as work:
            earlier = keys.begin(work, self._db.workers, key, "debt.write_off", asked, booking_id)
            if earlier is not None:
                assert earlier.result is not None  # kept in the transaction that does it
                return keys.from_json(WriteOffView, earlier.result)
            booking = work.bookings.get_full(booking_id)
            _refuse_under_way(work, booking)
            owed = Money(owing.owing(work, (booking,))[booking_id].owed, booking.currency)
            if not owed:
                raise WrongState(f"Nothing is owed of {booking.reference}.", hint="See how it stands.")
            if owed != expected:
                raise WrongState("Something else is owed by now than was shown.", hint="Look at it again.")
            row = work.debts.save(
                WriteOff(
                    booking_id=booking_id,
                    amount=owed.minor,
                    currency=owed.currency,
                    reason=asked.reason,
                    created_at=work.now,
                    created_by=work.actor.user_id,
                )
            )
            posting.post(work, (ledger.written_off_entry(owed, booking_id=booking_id),))
            work.audit("debt.write_off", "booking", booking_id, amount=owed.minor, reason=asked.reason)
            amendments.tell(work, booking, "debt")
            shown = _view(work, row)
            keys.finish(work, key, shown, booking_id)
            work.commit()
        return shown

    def undo(self, actor: Actor, write_off_id: UUID) -> WriteOffView:
        """Wait for it again. Raises `WrongState` where that was done already, `NotFound`."""
        require(actor, Permission.DEBT_WRITE_OFF)
        with self._db.write(Commit.DEBT_SAVE, actor) as work:
            row = work.debts.get(write_off_id)
            booking = work.bookings.get_full(row.booking_id)
            _refuse_under_way(work, booking)
            if row.undone_at is not None:
                raise WrongState("This debt is not written off any more.", hint="See how it stands.")
            owing.undo(work, row, None)
            amendments.tell(work, booking, "debt")
            shown = _view(work, row)
            work.commit()
        return shown


def _refuse_under_way(work: UnitOfWork, booking: Booking) -> None:
    if work.payments.in_flight(booking.sale_id):
        raise WrongState(
            "A payment of this sale is still under way.", hint="Wait until its outcome is known, then go on."
        )


def _view(view: Reading, row: WriteOff) -> WriteOffView:
    return WriteOffView(
        row.id,
        row.booking_id,
        Money(row.amount, row.currency),
        row.reason,
        row.created_at,
        view.users.names((row.created_by,)).get(row.created_by, ""),
        row.undone_at,
    )
