"""What is played of payout batches until they are approved, in a process that is killed on the way
(`helpers.crashes`)."""

from __future__ import annotations

from uuid import UUID

from helpers.batches import given, left, vendor
from helpers.desk import Desk
from travellr_desktop.domain.payouts.words import LeftOut
from travellr_desktop.domain.states import BatchState


def owed(desk: Desk) -> None:
    """Two vendors are owed money by agreement; one of them too little to be paid."""
    given(desk, vendor(desk, "Boats"), 6_000)
    given(desk, vendor(desk, "Little"), 1_000)


def _batch(desk: Desk) -> UUID:
    (batch,) = desk.services.payouts.batches(desk.admin)
    return batch.id


def drafted(desk: Desk) -> None:
    """The schedule makes one draft, however often it runs; somebody keeps a vendor out, and it is sent back."""
    service = desk.services.payouts
    service.prepare_due()
    batch = _batch(desk)
    with desk.database.read() as view:
        boats = next(row.id for row in view.vendors.names() if row.name == "Boats")
        excluded = view.batches.exclusions(batch)
    if boats not in excluded:
        service.leave_out(desk.admin, batch, boats, "Insolvent")
    if service.dry_run(desk.admin, batch).batch.sent_back == "":
        service.send_back(desk.admin, batch, "Are they?")
    assert {row.reason for row in left(desk, batch).values()} == {LeftOut.BY_HAND, LeftOut.BELOW_MINIMUM}


def approved(desk: Desk) -> None:
    """What the schedule prepared is approved as it is seen, once."""
    service = desk.services.payouts
    service.prepare_due()
    batch = _batch(desk)
    if service.find(desk.admin, "PB-2026-000001").state is BatchState.DRAFT:
        service.approve(desk.admin, batch, seen=service.dry_run(desk.admin, batch).digest)
    detail = service.detail(desk.admin, batch)
    assert [(row.name, row.amount.minor) for row in detail.payouts] == [("Boats", 6_000)]
    assert [(row.name, row.reason) for row in detail.left] == [("Little", LeftOut.BELOW_MINIMUM)]
