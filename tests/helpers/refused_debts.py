"""What the file must refuse of debts that are written off, and of what was paid too much."""

from __future__ import annotations

from helpers.refused import KEPT, NEW, NOW, PAID, SOLD, UNPAID, refund, up

DEBT = "(SELECT id FROM write_offs WHERE undone_at IS NULL)"
OWING = "(SELECT booking_id FROM write_offs WHERE undone_at IS NULL)"
SHARE = f"(SELECT id FROM payment_shares WHERE payment_id = {PAID} AND booking_id = {SOLD})"


def write_off(amount: str, *, booking: str = OWING, reason: str = "'They moved away'") -> str:
    return (
        "INSERT INTO write_offs (id, version, booking_id, amount, currency, reason, created_at) "
        f"VALUES ({NEW}, 1, {booking}, {amount}, 'EUR', {reason}, {NOW})"
    )


def of_excess(amount: str, beyond: str) -> str:
    """A refund out of what was paid too much."""
    return refund(amount).replace("reads)", "reads, beyond, excess)").replace(", 0)", f", 0, {beyond}, 1)")


REFUSED: dict[str, tuple[str, str]] = {
    "a debt that nobody owes": (write_off("1"), "more than is owed"),
    "a debt of a booking that was paid": (write_off("1", booking=SOLD), "more than is owed"),
    "a debt of nothing": (write_off("0"), "amount_positive"),
    "a debt without a reason": (write_off("-1", reason="' '"), "reason_given|amount_positive"),
    "a debt of another amount": (
        up("write_offs", "amount = amount - 1", f"id = {DEBT}"),
        "as it was written off",
    ),
    "a debt for another reason": (up("write_offs", "reason = 'X'", f"id = {DEBT}"), "as it was written off"),
    "a debt that is paid and not undone": (
        up("write_offs", f"payment_id = {PAID}", f"id = {DEBT}"),
        "paid_is_undone",
    ),
    "a debt that is undone twice": (
        up("write_offs", "undone_at = '2027-01-01T00:00:00.000000Z'", "undone_at IS NOT NULL"),
        "stays undone",
    ),
    "a debt that is deleted": (f"DELETE FROM write_offs WHERE id = {DEBT}", "never deleted"),
    "a share that is used for more than it is": (
        up("payment_shares", "owed = amount, excess = 1", f"id = {SHARE}"),
        "parts_of_amount",
    ),
    "a share of a payment that is not there that was too much": (
        up("payment_shares", "excess = 1", f"booking_id = {UNPAID}"),
        "used for stays",
    ),
    "a refund of more than was too much": (of_excess("1", "1"), "more than was paid too much"),
    "a refund of what was too much that is for the price too": (
        of_excess("2", "1"),
        "excess_is_beyond|more than was paid",
    ),
    "a refund that becomes one of what was too much": (
        up("refunds", "excess = 1, beyond = amount", f"booking_id = {KEPT}"),
        "as it was promised",
    ),
}

ALLOWED: dict[str, str] = {
    "a debt that is undone": up("write_offs", f"undone_at = {NOW}", f"id = {DEBT}"),
    "a debt that is paid after all": up(
        "write_offs", f"undone_at = {NOW}, payment_id = {PAID}", f"id = {DEBT}"
    ),
    "a share that was too much": up("payment_shares", "excess = 1", f"id = {SHARE}"),
}
