"""Worked by hand, through drafts, approvals and runs: what happens to a vendor's money after it was paid.

Each booking is for two at 45.00, less 15 % for the agency: the vendor has 76.50 of it. No minimum holds."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from helpers.batches import approved_by, prepared, reasons
from helpers.clock import HandClock
from helpers.desk import Desk
from helpers.paying_out import (
    Owed,
    at,
    not_once,
    open_lines,
    owed,
    payout_of,
    payouts,
    plenty,
    runs,
)
from helpers.refunding import colleague, refunded
from travellr_desktop.domain.ledger import Account
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.payouts.words import BatchKind, LeftOut
from travellr_desktop.domain.permissions import Actor
from travellr_desktop.domain.states import PayoutState
from travellr_desktop.errors import WrongState
from travellr_desktop.payments.sandbox.faults import FaultKind
from travellr_desktop.payments.sandbox.operations import Operation
from travellr_desktop.services.payouts.run_views import RunReport
from travellr_desktop.storage.commits import Commit


def start(desk: Desk) -> Owed:
    """A vendor whom 76.50 were paid of their first booking."""
    plenty(desk)
    (vendor,) = owed(desk, "Perast Boats")
    with desk.database.write(Commit.VENDOR_TERMS_SAVE, desk.admin) as work:
        work.vendors.get(vendor.vendor_id).payout_minimums = {"EUR": 0}
        work.commit()
    assert paid_out(desk).figures.paid == 1
    assert sent(desk, vendor) == 76_50
    return vendor


def draft(desk: Desk) -> UUID:
    """Of all that became free until yesterday was over."""
    clock = desk.clock
    assert isinstance(clock, HandClock)
    clock.forward(timedelta(days=1))
    day = clock.now().date() - timedelta(days=1)
    return prepared(desk, BatchKind.EXTRA, day, day)


def paid_out(desk: Desk) -> RunReport:
    """Prepared by one, approved by another, run."""
    batch = draft(desk)
    with desk.database.read() as view:
        other = view.users.find_by_email("petar@travellr.example")
    who = colleague(desk) if other is None else Actor(other.id, other.name, other.role)
    approved_by(desk, who, batch)
    return runs(desk).run(desk.admin, batch)


def second_booking(desk: Desk, vendor: Owed) -> None:
    """Another 76.50 are earned."""
    clock = desk.clock
    assert isinstance(clock, HandClock)
    day = clock.now().date() + timedelta(days=5)
    departure = desk.add_departure(desk.trips["By Perast Boats"], day=day)
    desk.sold(departure, adult=2)
    clock.forward(timedelta(days=10))
    desk.services.bookings.complete(desk.admin, departure)
    assert -at(desk, Account.VENDOR_PAYABLE, vendor.vendor_id) == open_lines(desk, vendor.vendor_id)


def sent(desk: Desk, vendor: Owed) -> int:
    """What the provider has transferred to them and not taken back, in cents."""
    found = [row for row in payouts(desk) if row.vendor_id == vendor.vendor_id]
    refs = [row.provider_ref for row in found if row.provider_ref is not None]
    transfers = [desk.program.gateway.get_transfer(ref) for ref in refs]
    return sum(each.amount.minor - each.reversed.minor for each in transfers)


def test_what_is_given_back_after_the_payout_is_carried_below_zero_and_taken_off_the_next(desk: Desk) -> None:
    """30.00 go back after the trip: the vendor gives up 25.50, the agency 4.50. Nothing is open but that: the vendor is
    left out with -25.50. The next booking brings 76.50; 51.00 are paid. In all 127.50 = 2 × 76.50 - 25.50."""
    vendor = start(desk)
    refunded(desk, vendor.booking_id, back=30_00)
    assert open_lines(desk, vendor.vendor_id) == -25_50
    assert reasons(desk, draft(desk)) == {"Perast Boats": LeftOut.NEGATIVE}
    discard_drafts(desk)
    second_booking(desk, vendor)
    assert open_lines(desk, vendor.vendor_id) == 51_00
    paid_out(desk)
    assert payout_of(desk, vendor.vendor_id).amount == 51_00
    assert sent(desk, vendor) == 127_50
    assert at(desk, Account.VENDOR_PAYABLE, vendor.vendor_id) == 0
    assert not_once(desk) == []


def test_a_dispute_that_is_lost_after_the_payout_is_taken_off_the_next(desk: Desk) -> None:
    """The bank keeps 60.00 of 90.00: 51.00 of the vendor, 9.00 of the agency. While it decides nothing is taken off.
    The next booking brings 76.50; 25.50 are paid. In all 102.00 = 2 × 76.50 - 51.00."""
    vendor = start(desk)
    desk.services.listening.poll()
    with desk.database.read() as view:
        (payment,) = view.payments.find_by_booking_id(vendor.booking_id)
    assert payment.provider_ref is not None
    with desk.sandbox() as sandbox:
        ref = sandbox.open_dispute(payment.provider_ref, amount=60_00)
    desk.services.listening.poll()
    assert open_lines(desk, vendor.vendor_id) == 0
    with desk.sandbox() as sandbox:
        sandbox.close_dispute(ref, won=False)
    desk.services.listening.poll()
    assert open_lines(desk, vendor.vendor_id) == -51_00
    second_booking(desk, vendor)
    paid_out(desk)
    assert payout_of(desk, vendor.vendor_id).amount == 25_50
    assert sent(desk, vendor) == 102_00
    assert not_once(desk) == []


def test_a_part_that_was_taken_back_is_paid_by_the_next(desk: Desk) -> None:
    """Of 76.50 20.00 are taken back: the next batch pays 20.00. 76.50 in all, as was earned."""
    vendor = start(desk)
    payout = payout_of(desk, vendor.vendor_id)
    runs(desk).take_back(desk.admin, payout.id, Money(20_00, "EUR"), "The account was wrong", key=uuid4())
    assert sent(desk, vendor) == 56_50
    paid_out(desk)
    assert [row.amount for row in payouts(desk)] == [76_50, 20_00]
    assert sent(desk, vendor) == 76_50
    assert not_once(desk) == []


def test_taken_back_whole_it_is_paid_again_whole(desk: Desk) -> None:
    vendor = start(desk)
    payout = payout_of(desk, vendor.vendor_id)
    runs(desk).take_back(desk.admin, payout.id, Money(76_50, "EUR"), "The account was wrong", key=uuid4())
    assert sent(desk, vendor) == 0
    paid_out(desk)
    assert [row.state for row in payouts(desk)] == [PayoutState.REVERSED, PayoutState.PAID]
    assert sent(desk, vendor) == 76_50


def test_what_failed_is_paid_by_the_next_batch_where_nobody_tries_it_again(desk: Desk) -> None:
    """The second booking's 76.50 fail. The next batch pays them as what came back; 153.00 in all."""
    vendor = start(desk)
    second_booking(desk, vendor)
    with desk.sandbox() as sandbox:
        sandbox.arm(Operation.TRANSFER_CREATE, FaultKind.BALANCE_INSUFFICIENT)
    assert paid_out(desk).figures.failed == 1
    assert open_lines(desk, vendor.vendor_id) == 76_50
    assert paid_out(desk).ok
    assert [row.state for row in payouts(desk)] == [PayoutState.PAID, PayoutState.FAILED, PayoutState.PAID]
    assert sent(desk, vendor) == 153_00
    assert not_once(desk) == []


def test_what_was_tried_again_is_not_in_the_next_batch(desk: Desk) -> None:
    vendor = start(desk)
    second_booking(desk, vendor)
    with desk.sandbox() as sandbox:
        sandbox.arm(Operation.TRANSFER_CREATE, FaultKind.BALANCE_INSUFFICIENT)
    paid_out(desk)
    assert runs(desk).retry(desk.admin, payout_of(desk, vendor.vendor_id).id).ok
    with pytest.raises(WrongState, match="Nothing has become free"):
        draft(desk)
    assert sent(desk, vendor) == 153_00
    assert not_once(desk) == []


def discard_drafts(desk: Desk) -> None:
    for row in desk.services.payouts.batches(desk.admin):
        if row.state == "draft":
            desk.services.payouts.discard(desk.admin, row.id)
