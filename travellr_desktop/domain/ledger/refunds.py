"""Money promised back after the trip, and money that has gone back."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from travellr_desktop.domain.commission import Split, split, split_part
from travellr_desktop.domain.ledger.accounts import Account, money_account
from travellr_desktop.domain.ledger.entry import Entry, LedgerEvent
from travellr_desktop.domain.money import Money, cumulative_part
from travellr_desktop.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class RefundedSoFar:
    """What was taken back of a booking's earned price: by refunds after its trip, and by disputes lost; minor
    units."""

    refunded: int = 0
    commission: int = 0


def given_up(
    amount: Money, *, price: Money, before: RefundedSoFar, commission_bps: int, own: int = 0
) -> Split:
    """How money of an earned price that is taken back is borne: the agency gives up its commission on it,
    cumulatively (many small parts give up what one big one would), and the vendor the rest. A discount of `own`
    minor units on the price was the agency's alone."""
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
    return Split(commission, (amount - Money(commission, price.currency)).minor)


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
    """Money promised back once the price was earned, borne by agency and vendor as `given_up` divides it."""
    parts = given_up(amount, price=price, before=before, commission_bps=commission_bps, own=own)
    moves = (
        (Account.VENDOR_PAYABLE, parts.net, vendor_id),
        (Account.COMMISSION, parts.commission, None),
    )
    return tuple(
        Entry(
            LedgerEvent.REFUND_APPROVED_AFTER_TRIP,
            account,
            Account.REFUNDS_PAYABLE,
            Money(minor, price.currency),
            booking_id,
            vendor,
        )
        for account, minor, vendor in moves
        if minor
    )


class Bearer(StrEnum):
    """Who alone bears what goes back beyond the policy."""

    AGENCY = "agency"
    VENDOR = "vendor"  # where they agreed to it


def goodwill_entries(
    amount: Money, *, borne_by: Bearer, booking_id: UUID, vendor_id: UUID
) -> tuple[Entry, ...]:
    """What is promised back beyond the policy at the cost of one party; none for nothing.

    What both bear is no goodwill in the books: before the trip less is kept, after it the refund is one of
    `refund_after_trip_entries`.
    """
    if not amount:
        return ()
    vendors = borne_by is Bearer.VENDOR
    return (
        Entry(
            LedgerEvent.GOODWILL,
            Account.VENDOR_PAYABLE if vendors else Account.GOODWILL,
            Account.REFUNDS_PAYABLE,
            amount,
            booking_id,
            vendor_id if vendors else None,
        ),
    )


def overpayment_back_entry(amount: Money, *, booking_id: UUID | None = None) -> Entry:
    """What was paid beyond what was due is promised back."""
    return Entry(LedgerEvent.OVERPAID_BACK, Account.OVERPAYMENT, Account.REFUNDS_PAYABLE, amount, booking_id)


def refund_accepted_entry(amount: Money, *, out_of: Account, booking_id: UUID | None = None) -> Entry:
    """The provider took the refund on (pending is enough), or the cash was handed over."""
    return Entry(
        LedgerEvent.REFUND_ACCEPTED, Account.REFUNDS_PAYABLE, money_account(out_of), amount, booking_id
    )


def refund_failed_entry(
    amount: Money, *, booking_id: UUID | None = None, into: Account = Account.STRIPE
) -> Entry:
    """A refund that had been accepted came back: the money is there again, and still owed.

    Raises `InvalidInput` for the till: what was handed over does not come back by itself.
    """
    if into is Account.TILL:
        raise InvalidInput("Cash that was handed over does not come back by itself.", field="account")
    return Entry(
        LedgerEvent.REFUND_FAILED_LATE, money_account(into), Account.REFUNDS_PAYABLE, amount, booking_id
    )
