"""Debts that were written off, on a file that knows nothing else of them."""

from __future__ import annotations

from uuid import UUID

from helpers.desk import Desk
from travellr_desktop.domain.ledger import Account, Entry, LedgerEvent, reversal, written_off_entry
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.permissions import SYSTEM
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.models import WriteOff
from travellr_desktop.storage.uow import UnitOfWork

OWED = 700


def _row(work: UnitOfWork, booking_id: UUID) -> WriteOff:
    return WriteOff(
        booking_id=booking_id,
        amount=OWED,
        currency="EUR",
        reason="They moved away",
        created_at=work.now,
        created_by=work.actor.user_id,
    )


def a_debt_that_was_given_up_and_owed_again(desk: Desk, booking_id: UUID) -> None:
    """Of 7.00, and the books agree: what was written has been taken back."""
    entry = written_off_entry(Money(OWED, "EUR"), booking_id=booking_id)
    with desk.database.write(Commit.SETTINGS_SAVE, SYSTEM) as work:
        work.chain.append([reversal(entry)], at=work.now)
        row = work.debts.save(_row(work, booking_id))
        work.chain.append([entry], at=work.now)
        row.undone_at = work.now
        work.debts.update(row)
        work.commit()


def a_debt_that_stands(desk: Desk, booking_id: UUID) -> None:
    """Of 7.00 that were owed for a booking, though its trip has not been: for tests that ask no more of the books."""
    owed = Money(OWED, "EUR")
    earned = Entry(LedgerEvent.TRIP_DONE, Account.TRAVELLER_RECEIVABLE, Account.COMMISSION, owed, booking_id)
    with desk.database.write(Commit.SETTINGS_SAVE, SYSTEM) as work:
        work.chain.append([earned], at=work.now)
        work.debts.save(_row(work, booking_id))
        work.chain.append([written_off_entry(owed, booking_id=booking_id)], at=work.now)
        work.commit()
