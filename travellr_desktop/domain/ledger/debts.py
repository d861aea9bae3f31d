"""What a traveller still owes once the price is earned: written off, or paid after all; and what money that comes in
for a booking is used for.

    owed            traveller receivable, by the end of the trip (`trips`) or a dispute that was lost (`disputes`)
    paid            `payments.receivable_collected_entry`
    written off     bad debts bear it: nobody waits for it any more
    paid after all  the write-off is reversed, and then the debt is paid like any other

A write-off is undone whole or not at all: who pays a part of it has shown that the debt stands, and owes the rest
again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from travellr_desktop.domain.ledger.accounts import Account
from travellr_desktop.domain.ledger.entry import Entry, LedgerEvent
from travellr_desktop.domain.money import Money


def written_off_entry(amount: Money, *, booking_id: UUID) -> Entry:
    """What the traveller owes and will not pay is the agency's loss. Vendor and commission stay as they were earned."""
    return Entry(
        LedgerEvent.RECEIVABLE_WRITTEN_OFF,
        Account.BAD_DEBTS,
        Account.TRAVELLER_RECEIVABLE,
        amount,
        booking_id,
    )


@dataclass(frozen=True, slots=True)
class Used:
    """What money that came in for a booking goes to: its `price` before the trip, what is `owed` after it, and what is
    paid too much. The newest `undone` write-offs are reversed first."""

    price: Money
    owed: Money
    excess: Money
    undone: int = 0


def used_for(
    came: Money, *, due: Money, owed: Money, written_off: Sequence[Money] = (), to_come: Money | None = None
) -> Used:
    """Money for a booking of which `due` of the price is unpaid, `owed` is receivable, and these were written off, the
    newest first. `to_come` is what a change costs more that this money was taken for.

    The price comes first, so that nobody travels unpaid; then what is owed, then what was written off, as many as are
    needed; what is left was too much. The parts add up to `came`.
    """
    price = min(came, due if to_come is None else due + to_come)
    left = came - price
    undone = 0
    for each in written_off:
        if left <= owed:
            break
        owed, undone = owed + each, undone + 1
    paid = min(left, owed)
    return Used(price, paid, left - paid, undone)
