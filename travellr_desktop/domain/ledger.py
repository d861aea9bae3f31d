"""The rules of the books: which accounts an event moves money between, and how rows are chained.

Every row is one entry: an amount above zero from one account to another, so the books balance by construction.
Nothing is ever edited; a wrong entry is followed by its reversal.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from travellr_desktop.domain.cancellation import Quote
from travellr_desktop.domain.commission import Kept, Split, kept_split, split, split_part
from travellr_desktop.domain.money import CurrencyMismatch, Money, cumulative_part
from travellr_desktop.errors import InvalidInput


class Account(StrEnum):
    """Where money can be. Which side makes a balance grow: see `DEBIT_GROWS`."""

    # where the money itself is
    STRIPE = "stripe"
    STRIPE_IN_TRANSIT = "stripe_in_transit"  # on its way from the provider to the bank
    TILL = "till"
    SAFE = "safe"
    BANK = "bank"
    PAYOUTS_IN_TRANSIT = "payouts_in_transit"
    DISPUTED_FUNDS = "disputed_funds"
    EXCHANGE = "exchange"
    # what travellers have with the agency, or owe it
    TRAVELLER_FUNDS = "traveller_funds"
    TRAVELLER_RECEIVABLE = "traveller_receivable"
    OVERPAYMENT = "overpayment"
    AGENCY_CREDIT = "agency_credit"
    REFUNDS_PAYABLE = "refunds_payable"
    # what is the vendors'
    VENDOR_PAYABLE = "vendor_payable"
    # what the agency earns and spends
    COMMISSION = "commission"
    CANCELLATION_REVENUE = "cancellation_revenue"
    PROCESSOR_FEES = "processor_fees"
    GOODWILL = "goodwill"
    CASH_OVER_SHORT = "cash_over_short"


MONEY_ACCOUNTS = frozenset({Account.STRIPE, Account.TILL, Account.BANK})
"""The accounts that a payment can come into, and go back out of."""

DEBIT_GROWS = frozenset(
    {
        Account.STRIPE,
        Account.STRIPE_IN_TRANSIT,
        Account.TILL,
        Account.SAFE,
        Account.BANK,
        Account.DISPUTED_FUNDS,
        Account.TRAVELLER_RECEIVABLE,
        Account.PROCESSOR_FEES,
        Account.GOODWILL,
        Account.CASH_OVER_SHORT,
    }
)
"""What the agency has and what it spends: a debit makes these grow. A credit makes the others grow."""


class LedgerEvent(StrEnum):
    PAYMENT = "payment"
    OVERPAID = "overpaid"
    PROCESSOR_FEE = "processor_fee"
    TRIP_DONE = "trip_done"
    NO_SHOW = "no_show"
    RECEIVABLE_COLLECTED = "receivable_collected"
    REFUND_APPROVED = "refund_approved"
    KEPT = "kept"
    REFUND_APPROVED_AFTER_TRIP = "refund_approved_after_trip"
    OVERPAID_BACK = "overpaid_back"
    REFUND_ACCEPTED = "refund_accepted"
    REFUND_FAILED_LATE = "refund_failed_late"
    REVERSAL = "reversal"


@dataclass(frozen=True, slots=True)
class Entry:
    """`amount` leaves `credit` and comes into `debit`. `available_at`: when a vendor's line may be paid out.

    Raises `InvalidInput` for an amount that is not above zero, or for twice the same account.
    """

    event: LedgerEvent
    debit: Account
    credit: Account
    amount: Money
    booking_id: UUID | None = None
    vendor_id: UUID | None = None
    available_at: datetime | None = None

    def __post_init__(self) -> None:
        if self.amount.minor <= 0:
            raise InvalidInput("An entry moves more than nothing.", field="amount")
        if self.debit is self.credit:
            raise InvalidInput("An entry needs two accounts.", field="account")


def payment_entries(
    parts: Mapping[UUID, Money], *, into: Account, overpaid: Money | None = None
) -> tuple[Entry, ...]:
    """Money that came in: for each booking its part of the payment, and what was paid beyond all that was due."""
    _money_account(into)
    entries = [
        Entry(LedgerEvent.PAYMENT, into, Account.TRAVELLER_FUNDS, part, booking_id)
        for booking_id, part in parts.items()
        if part
    ]
    if overpaid:
        entries.append(Entry(LedgerEvent.OVERPAID, into, Account.OVERPAYMENT, overpaid))
    return tuple(entries)


def processor_fee_entry(fee: Money, *, booking_id: UUID | None = None) -> Entry:
    """The provider's fee as it actually took it."""
    return Entry(LedgerEvent.PROCESSOR_FEE, Account.PROCESSOR_FEES, Account.STRIPE, fee, booking_id)


def kept_entries(
    parts: Split, *, currency: str, booking_id: UUID, vendor_id: UUID, available_at: datetime
) -> tuple[Entry, ...]:
    """What is kept of what was paid leaves the traveller's funds; the vendor's part may be paid out from
    `available_at` on."""
    moves = ((Account.VENDOR_PAYABLE, parts.net), (Account.CANCELLATION_REVENUE, parts.commission))
    return tuple(
        _of_booking(
            LedgerEvent.KEPT,
            Account.TRAVELLER_FUNDS,
            account,
            Money(minor, currency),
            booking_id,
            vendor_id,
            available_at,
        )
        for account, minor in moves
        if minor
    )


def promised_back_entries(amount: Money, *, booking_id: UUID) -> tuple[Entry, ...]:
    """Money of a booking that has not travelled is promised back; none for nothing."""
    if not amount:
        return ()
    return (
        Entry(
            LedgerEvent.REFUND_APPROVED, Account.TRAVELLER_FUNDS, Account.REFUNDS_PAYABLE, amount, booking_id
        ),
    )


def cancellation_entries(
    quote: Quote,
    *,
    commission_bps: int,
    booking_id: UUID,
    vendor_id: UUID,
    available_at: datetime,
    price: int | None = None,
    own: int = 0,
    before: Sequence[Kept] = (),
    already: int = 0,
) -> tuple[Entry, ...]:
    """A booking, or a traveller of it, cancelled before the trip: what is promised back, and what is kept.

    The fixed fee is wholly the agency's; the rest of what is kept is divided by the booking's own commission
    rate. `own` of `price` (needed with it) is the discount that the agency alone bears; `before` is what was kept
    of the booking earlier, of which the vendor has `already`.
    """
    now = Kept(quote.kept, quote.kept if price is None else price, quote.fixed_fee, own)
    return promised_back_entries(Money(quote.back, quote.currency), booking_id=booking_id) + kept_entries(
        kept_split(now, before, already, commission_bps),
        currency=quote.currency,
        booking_id=booking_id,
        vendor_id=vendor_id,
        available_at=available_at,
    )


def done_entries(
    event: LedgerEvent,
    *,
    price: Money,
    paid: Money,
    commission_bps: int,
    booking_id: UUID,
    vendor_id: UUID,
    available_at: datetime,
    own: int = 0,
) -> tuple[Entry, ...]:
    """The trip has been (`TRIP_DONE`), or the traveller did not come (`NO_SHOW`): the price is earned.

    The commission is rounded once on the whole price and the vendor has the rest; a discount of `own` minor units
    was the agency's alone. What was paid (at most the price) serves the vendor first; what was not is owed by the
    traveller.
    """
    if event not in {LedgerEvent.TRIP_DONE, LedgerEvent.NO_SHOW}:
        raise InvalidInput(f"A trip does not end with {event.value!r}.", field="event")
    if not Money.zero(price.currency) <= paid <= price:
        raise InvalidInput("What was paid for a booking lies between nothing and its price.", field="paid")
    parts = split(price.minor, commission_bps, own)
    to_vendor = min(paid.minor, parts.net)
    to_agency = paid.minor - to_vendor
    moves = (
        (Account.TRAVELLER_FUNDS, Account.VENDOR_PAYABLE, to_vendor),
        (Account.TRAVELLER_FUNDS, Account.COMMISSION, to_agency),
        (Account.TRAVELLER_RECEIVABLE, Account.VENDOR_PAYABLE, parts.net - to_vendor),
        (Account.TRAVELLER_RECEIVABLE, Account.COMMISSION, parts.commission - to_agency),
    )
    return tuple(
        _of_booking(event, debit, credit, Money(minor, price.currency), booking_id, vendor_id, available_at)
        for debit, credit, minor in moves
        if minor
    )


def receivable_collected_entry(amount: Money, *, into: Account, booking_id: UUID) -> Entry:
    """The traveller paid what was owed after the trip."""
    return Entry(
        LedgerEvent.RECEIVABLE_COLLECTED,
        _money_account(into),
        Account.TRAVELLER_RECEIVABLE,
        amount,
        booking_id,
    )


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
        LedgerEvent.REFUND_ACCEPTED, Account.REFUNDS_PAYABLE, _money_account(out_of), amount, booking_id
    )


def refund_failed_entry(amount: Money, *, booking_id: UUID | None = None) -> Entry:
    """A refund the provider had accepted came back: the money is there again, and still owed."""
    return Entry(LedgerEvent.REFUND_FAILED_LATE, Account.STRIPE, Account.REFUNDS_PAYABLE, amount, booking_id)


def reversal(entry: Entry) -> Entry:
    """The entry that undoes another: the same amount the other way."""
    return replace(entry, event=LedgerEvent.REVERSAL, debit=entry.credit, credit=entry.debit)


def balances(entries: Iterable[Entry]) -> dict[Account, int]:
    """Debits less credits of each account touched, in minor units; their sum is always zero.

    Raises `CurrencyMismatch` if the entries are not all of one currency.
    """
    found: dict[Account, int] = {}
    currency: str | None = None
    for entry in entries:
        currency = currency or entry.amount.currency
        if entry.amount.currency != currency:
            raise CurrencyMismatch(f"{currency} and {entry.amount.currency} have no common balance.")
        found[entry.debit] = found.get(entry.debit, 0) + entry.amount.minor
        found[entry.credit] = found.get(entry.credit, 0) - entry.amount.minor
    return found


def standing(account: Account, balance: int) -> int:
    """A balance (debits less credits) as people read it: above zero is what the account is for."""
    return balance if account in DEBIT_GROWS else -balance


# the chain

CHAIN_START = "0" * 64
"""What stands in place of a hash before the first row."""


def chain_hash(prev: str, fields: Mapping[str, Any]) -> str:
    """SHA-256 (hex) of a row and the hash before it, over canonical JSON: sorted keys, no spaces, UTF-8.

    Values may be text, whole numbers, booleans, None, UUIDs, aware datetimes (taken in UTC, to the microsecond)
    and sequences or mappings of these. Raises `InvalidInput` for any other, floats above all: they have no one
    spelling.
    """
    text = json.dumps([prev, _canonical(fields)], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _canonical(value: object) -> object:
    if value is None or type(value) in {bool, int, str}:
        return value
    if isinstance(value, str):  # a StrEnum's member
        return str(value)
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, Mapping) and all(isinstance(key, str) for key in value):
        return {str(key): _canonical(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, (bytes, bytearray)):
        return [_canonical(item) for item in value]
    raise InvalidInput(f"{type(value).__name__} has no canonical form.")


def _money_account(account: Account) -> Account:
    if account not in MONEY_ACCOUNTS:
        raise InvalidInput(f"Money is not paid into or out of {account.value!r}.", field="account")
    return account


def _of_booking(
    event: LedgerEvent,
    debit: Account,
    credit: Account,
    amount: Money,
    booking_id: UUID,
    vendor_id: UUID,
    available_at: datetime,
) -> Entry:
    """The vendor and the date stand on the vendor's own line only."""
    if credit is Account.VENDOR_PAYABLE:
        return Entry(event, debit, credit, amount, booking_id, vendor_id, available_at)
    return Entry(event, debit, credit, amount, booking_id)
