"""Paying by a file for the bank, in a process that is killed on the way (`helpers.crashes`)."""

from __future__ import annotations

from helpers.bank_paid import at_banks
from helpers.desk import Desk
from helpers.paying_out import approved, payouts
from travellr_desktop.domain.states import PayoutState
from travellr_desktop.services.payouts.bank_views import FileState


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


def refused_and_tried_again(desk: Desk) -> None:
    """The bank takes none of the first file, and has the second. What is done is not done again."""
    services, admin, batch_id = desk.services, desk.admin, payouts(desk)[0].batch_id
    made = services.bank_files.of_batch(admin, batch_id).files
    first = made[0] if made else services.bank_files.make(admin, batch_id, "EUR").file
    assert first is not None
    if first.state is FileState.MADE:
        services.bank_files.refused(admin, first.id, "The payer's account is closed")
    second = services.bank_files.retry(admin, batch_id, "EUR").file
    assert second is not None
    services.bank_files.arrived(admin, second.id)
