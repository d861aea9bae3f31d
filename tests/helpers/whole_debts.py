"""A debt that was written off, on a file that knows nothing else of it."""

from __future__ import annotations

from uuid import UUID

from helpers.desk import Desk
from travellr_desktop.domain.ledger import Account, Entry, LedgerEvent, written_off_entry
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.permissions import SYSTEM
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.models import WriteOff

OWED = 700


def a_debt_that_was_written_off(desk: Desk, booking_id: UUID) -> None:
    """Of 7.00 that were owed for a booking."""
    owed = Money(OWED, "EUR")
    with desk.database.write(Commit.SETTINGS_SAVE, SYSTEM) as work:
        earned = Entry(
            LedgerEvent.TRIP_DONE, Account.TRAVELLER_RECEIVABLE, Account.COMMISSION, owed, booking_id
        )
        work.chain.append([earned], at=work.now)
        work.debts.save(
            WriteOff(
                booking_id=booking_id,
                amount=OWED,
                currency="EUR",
                reason="They moved away",
                created_at=work.now,
                created_by=work.actor.user_id,
            )
        )
        work.chain.append([written_off_entry(owed, booking_id=booking_id)], at=work.now)
        work.commit()
