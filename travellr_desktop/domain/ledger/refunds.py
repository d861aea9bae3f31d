"""Money promised back after the trip, and money that has gone back."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from travellr_desktop.domain.commission import split, split_part
from travellr_desktop.domain.ledger.accounts import Account, money_account
from travellr_desktop.domain.ledger.entry import Entry, LedgerEvent
from travellr_desktop.domain.money import Money, cumulative_part


@dataclass(frozen=True, slots=True)
class RefundedSoFar:
    """What a booking's earlier refunds after its trip have taken back; minor units."""

    refunded: int = 0
    commission: int = 0


def refund_after_trip_entries(
    amount: Money,
    *,
    price: Money,
    before: RefundedSoFar,
    commission_bps: int,
    booking_id: UUID,
    vendor_id: UUID,
    own: int = 0,
) -> tuple[Entry, ...]:
    """Money promised back once the price was earned: the agency gives up its commission on it, cumulatively
    (many small refunds give up what one big one would), and the vendor the rest. A discount of `own` minor units
    on the price was the agency's alone."""
    whole = split(price.minor, commission_bps, own).commission
    if own:
        out = before.refunded + amount.minor
        due = split_part(out, price.minor, commission_bps, own).commission
        commission = min(max(min(due, whole) - before.commission, 0), amount.minor)
    else:
        commission = cumulative_part(
            commission_bps,
            part=amount.minor,
            so_far=before.refunded,
            already=before.commission,
            total=price.minor,
            total_share=whole,
        )
    moves = (
        (Account.VENDOR_PAYABLE, amount - Money(commission, price.currency)),
        (Account.COMMISSION, Money(commission, price.currency)),
    )
    return tuple(
        Entry(
            LedgerEvent.REFUND_APPROVED_AFTER_TRIP,
            account,
            Account.REFUNDS_PAYABLE,
            part,
            booking_id,
            vendor_id if account is Account.VENDOR_PAYABLE else None,
        )
        for account, part in moves
        if part
    )


def overpayment_back_entry(amount: Money) -> Entry:
    """What was paid beyond what was due is promised back."""
    return Entry(LedgerEvent.OVERPAID_BACK, Account.OVERPAYMENT, Account.REFUNDS_PAYABLE, amount)


def refund_accepted_entry(amount: Money, *, out_of: Account, booking_id: UUID | None = None) -> Entry:
    """The provider took the refund on (pending is enough), or the cash was handed over."""
    return Entry(
        LedgerEvent.REFUND_ACCEPTED, Account.REFUNDS_PAYABLE, money_account(out_of), amount, booking_id
    )


def refund_failed_entry(amount: Money, *, booking_id: UUID | None = None) -> Entry:
    """A refund the provider had accepted came back: the money is there again, and still owed."""
    return Entry(LedgerEvent.REFUND_FAILED_LATE, Account.STRIPE, Account.REFUNDS_PAYABLE, amount, booking_id)
