"""Paying by a file for the bank, in a process that is killed on the way (`helpers.crashes`)."""

from __future__ import annotations

from helpers.bank_paid import at_banks
from helpers.desk import Desk
from helpers.paying_out import approved, payouts
from travellr_desktop.domain.states import PayoutState


def batch(desk: Desk) -> None:
    """Two vendors who are paid by the bank, approved."""
    at_banks(desk, "Adria", "Boka")
    approved(desk)


def arrived_and_one_came_back(desk: Desk) -> None:
    """The file is made, the bank has it, and the first of its payments comes back. What is done is not done again."""
    services, admin = desk.services, desk.admin
    first, _ = payouts(desk)
    file = services.bank_files.make(admin, first.batch_id, "EUR").file
    assert file is not None
    services.bank_files.arrived(admin, file.id)
    if file.payouts[0].state is not PayoutState.RETURNED:
        services.bank_files.came_back(admin, first.id, "AC04 account closed")


def refused(desk: Desk) -> None:
    """The file is made, and the bank takes none of it."""
    services, admin = desk.services, desk.admin
    file = services.bank_files.make(admin, payouts(desk)[0].batch_id, "EUR").file
    assert file is not None
    services.bank_files.refused(admin, file.id, "The payer's account is closed")
