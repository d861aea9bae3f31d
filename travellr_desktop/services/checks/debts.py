"""What of a booking is owed after the trip, was written off or was paid too much, in the rows and in the ledger."""

from __future__ import annotations

from collections.abc import Iterator

from travellr_desktop.domain.ledger import Account, LedgerEvent, standing
from travellr_desktop.domain.states import PaymentState
from travellr_desktop.services.checks import entries
from travellr_desktop.services.checks.report import Problem
from travellr_desktop.storage.repositories.proofs.rows import BookingFolder


def debts_and_excess_are_in_the_books(folder: BookingFolder) -> Iterator[Problem]:
    """What is owed is what the trip's end and lost disputes left unpaid, less what was paid of it and what is written
    off, and never below nothing; bad debts are what is written off; an overpayment is what payments brought too much,
    less what was promised back of it and what a bank took."""
    booking = folder.booking
    completed = [share for share in folder.shares if share.state == PaymentState.COMPLETED]
    given_up = sum(debt.amount for debt in folder.write_offs if debt.undone_at is None)
    left_unpaid = sum(
        entry.amount.minor for entry in entries.of_end(folder) if entry.debit is Account.TRAVELLER_RECEIVABLE
    )
    left_unpaid += entries.lost_by(folder, Account.TRAVELLER_RECEIVABLE)
    back = sum(refund.amount for refund in folder.refunds if refund.excess and refund.retry_of is None)
    brought = sum(share.excess for share in completed)
    for account, kind, expected in (
        (
            Account.TRAVELLER_RECEIVABLE,
            "ledger.receivable",
            left_unpaid - sum(share.owed for share in completed) - given_up,
        ),
        (Account.BAD_DEBTS, "ledger.bad_debts", given_up),
        (
            Account.OVERPAYMENT,
            "ledger.overpayment",
            brought - back - entries.lost_by(folder, Account.OVERPAYMENT),
        ),
    ):
        found = standing(account, -entries.balance(folder, account))
        if found != expected or found < 0:
            says = f"{account.value} is {found} in the ledger, and {expected} by its rows"
            yield Problem(kind, "bookings", booking.id, says, booking.reference)
    promised = sum(each.amount for each in folder.entries if each.event == LedgerEvent.OVERPAID_BACK)
    if promised != back:
        says = f"{promised} of what was too much was promised back in the ledger, {back} by its refunds"
        yield Problem("ledger.overpayment", "bookings", booking.id, says, booking.reference)
    for debt in folder.write_offs:
        if debt.currency != booking.currency:
            says = f"it is in {debt.currency}, its booking in {booking.currency}"
            yield Problem("booking.currency", "write_offs", debt.id, says, booking.reference)
