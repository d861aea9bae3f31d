"""What the file must refuse of refunds that are asked for, of whose they are, and of credit."""

from __future__ import annotations

from uuid import uuid4

from helpers.desk import CASH, Desk
from helpers.refused import FULL, NEW, NOW, SOLD, refund, up
from travellr_desktop.domain.permissions import SYSTEM
from travellr_desktop.domain.refund_quote import RefundTo
from travellr_desktop.services.refund_asks import RefundAsk
from travellr_desktop.storage.commits import Commit

AGENT = "(SELECT id FROM users ORDER BY id DESC LIMIT 1)"
ADMIN = "(SELECT id FROM users ORDER BY id LIMIT 1)"
WAITING = "(SELECT id FROM refund_orders WHERE state = 'requested')"
DONE = "(SELECT id FROM refund_orders WHERE state = 'approved' ORDER BY id LIMIT 1)"
BACK = "(SELECT refund_id FROM refund_lines ORDER BY id LIMIT 1)"
CREDIT = "(SELECT id FROM credit_moves WHERE amount > 0)"
OWNER = "(SELECT traveller_id FROM credit_moves WHERE amount > 0)"
FULL_PAYMENT = f"(SELECT payment_id FROM payment_shares WHERE booking_id = {SOLD})"


def add_refunds(desk: Desk) -> None:
    """A refund that became credit, and one that waits for a second person."""
    departure = desk.add_departure(day=desk.clock.now().date().replace(month=9), capacity=6)
    buyer = desk.traveller("Nora Lind")
    first, second = (desk.sell(desk.hold(departure, adult=1), pay=CASH, traveller=buyer) for _ in range(2))
    refunds = desk.services.refunds
    gone = RefundAsk((first.bookings[0].id,), to=RefundTo.CREDIT)
    refunds.request(desk.agent, gone, refunds.preview(desk.agent, gone).back, key=uuid4())
    with desk.database.write(Commit.SETTINGS_SAVE, SYSTEM) as work:
        work.agency.get().refund_limits = {"EUR": 0}
        work.commit()
    waits = RefundAsk((second.bookings[0].id,))
    refunds.request(desk.agent, waits, refunds.preview(desk.agent, waits).back, key=uuid4())


def order(
    *, state: str = "'approved'", amount: str = "100", counted: str = "100", above: str = "NULL"
) -> str:
    return (
        "INSERT INTO refund_orders (id, version, sale_id, state, asked, amount, policy_amount, currency, destination, "
        "reason, approval_above, counted, requested_at, requested_by, decision) "
        f"SELECT {NEW}, 1, sale_id, {state}, '{{}}', {amount}, 0, 'EUR', 'payment', '', {above}, {counted}, {NOW}, "
        f"{AGENT}, '' FROM bookings WHERE id = {SOLD}"
    )


def move(amount: str, *, refund_id: str = "NULL", payment_id: str = "NULL", owner: str = OWNER) -> str:
    return (
        "INSERT INTO credit_moves (id, version, traveller_id, currency, amount, refund_id, payment_id, created_at) "
        f"VALUES ({NEW}, 1, {owner}, 'EUR', {amount}, {refund_id}, {payment_id}, {NOW})"
    )


def line(
    amount: str, *, of: str = BACK, whose: str = "(SELECT line_id FROM refund_lines ORDER BY id LIMIT 1)"
) -> str:
    return (
        "INSERT INTO refund_lines (id, version, refund_id, line_id, amount) "
        f"VALUES ({NEW}, 1, {of}, {whose}, {amount})"
    )


def again(column: str, value: str) -> str:
    """A refund of a sold booking with one column more."""
    return (
        refund("100", payment=FULL_PAYMENT)
        .replace("reads)", f"reads, {column})")
        .replace(", 0)", f", 0, {value})")
    )


def decide(state: str, by: str) -> str:
    return up("refund_orders", f"state = '{state}', decided_by = {by}, decided_at = {NOW}", f"id = {WAITING}")


REFUSED: dict[str, tuple[str, str]] = {
    "a refund above the limit that nobody else saw": (order(above="99"), "a second person approves"),
    "a refund that is approved by who asked": (decide("approved", AGENT), "a second person approves"),
    "a refund that is approved by nobody": (
        up("refund_orders", "state = 'approved'", f"id = {WAITING}"),
        "decided once, by somebody|a second person",
    ),
    "a refund that is turned down by who asked": (decide("rejected", AGENT), "somebody else turns it down"),
    "a refund that somebody else takes back": (decide("withdrawn", ADMIN), "who asked takes a request back"),
    "a refund that is turned down by nobody": (
        up("refund_orders", "state = 'rejected'", f"id = {WAITING}"),
        "decided once, by somebody",
    ),
    "a request for another amount": (up("refund_orders", "amount = 1", f"id = {WAITING}"), "as it was asked"),
    "a request below what it counts": (order(counted="99"), "counted_whole"),
    "a request that is deleted": (f"DELETE FROM refund_orders WHERE id = {WAITING}", "never deleted"),
    "a refund before it is approved": (again("order_id", WAITING), "was not approved"),
    "a refund of a request that is none": (again("order_id", f"'{'0' * 32}'"), "was not approved"),
    "a refund in the place of one that did not fail": (
        again("retry_of", "(SELECT id FROM refunds LIMIT 1)"),
        "only a refund that failed",
    ),
    "more beyond than goes back": (again("beyond", "101"), "beyond_of_amount"),
    "a refund that goes elsewhere": (
        up("refunds", "destination = 'credit'", "destination = 'payment'"),
        "as it was promised",
    ),
    "lines beyond their refund": (line("1"), "lines beyond their refund|is there already"),
    "a line of another booking": (
        line("1", whose=f"(SELECT id FROM booking_lines WHERE booking_id = {SOLD} LIMIT 1)"),
        "another booking|lines beyond",
    ),
    "a line of a refund that changes": (up("refund_lines", "amount = amount - 1", "1"), "is whose stays"),
    "a line of a refund that is deleted": ("DELETE FROM refund_lines", "is whose stays"),
    "credit spent on what was paid in another way": (
        move("-100", payment_id=FULL_PAYMENT),
        "credit pays for its own",
    ),
    "credit out of a refund that went back": (
        move("100", refund_id="(SELECT id FROM refunds WHERE destination = 'payment' LIMIT 1)"),
        "comes from a refund of the traveller",
    ),
    "credit of somebody else": (
        move(
            "4500",
            refund_id="(SELECT refund_id FROM credit_moves WHERE amount > 0)",
            owner=f"(SELECT traveller_id FROM bookings WHERE departure_id = {FULL} LIMIT 1)",
        ),
        "comes from a refund of the traveller|is there already",
    ),
    "credit out of nothing": (move("100"), "given_or_spent"),
    "credit of another amount": (up("credit_moves", "amount = 1", f"id = {CREDIT}"), "given or spent"),
    "credit that is deleted": ("DELETE FROM credit_moves", "never deleted"),
}

ALLOWED: dict[str, str] = {
    "a refund within the limit": order(above="100"),
    "a refund above it that waits": order(state="'requested'", above="99"),
    "a refund that somebody else approves": decide("approved", ADMIN),
    "a refund that somebody else turns down": decide("rejected", ADMIN),
    "a refund that who asked takes back": decide("withdrawn", AGENT),
    "a refund of an approved request": again("order_id", DONE),
    "credit that goes over to another record": up(
        "credit_moves", "traveller_id = (SELECT id FROM travellers ORDER BY id LIMIT 1)", f"id = {CREDIT}"
    ),
}
