"""What a booking's entries say of its money. Nothing of this is ever stored beside them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from travellr_desktop.domain.ledger.accounts import MONEY_ACCOUNTS, Account, standing
from travellr_desktop.domain.ledger.balances import standing_entries
from travellr_desktop.domain.ledger.entry import Entry, LedgerEvent
from travellr_desktop.domain.money import Money, sum_money
from travellr_desktop.domain.states import BookingState, is_open

_SOURCES = MONEY_ACCOUNTS | {Account.AGENCY_CREDIT}
_PAID_TO = frozenset({Account.TRAVELLER_FUNDS, Account.TRAVELLER_RECEIVABLE, Account.OVERPAYMENT})
_OF_SETTLEMENT = frozenset(
    {
        LedgerEvent.PROCESSOR_FEE,
        LedgerEvent.DISPUTE_FEE,
        LedgerEvent.DISPUTE_FEE_BACK,
        LedgerEvent.EXCHANGED,
    }
)


@dataclass(frozen=True, slots=True)
class BookingAmounts:
    """A booking's money, all in its currency and none below zero but `vendor` and `agency`.

    `paid`: all that came in for it, whatever has become of it. `funds`: what is still the traveller's. `due`: what
    is still to be paid, `to_ask` the same less payments that are under way. `overpaid`: what came in beyond what was
    due, and what is there beyond a price that fell. `kept`: on cancelling. `promised`: all that was ever promised
    back, of which `refunded` has gone (as money or as credit), the bank has given `charged` in disputes, and
    `owed_back` is still to go. `receivable`: what is owed after the trip; `written_off`: what was, and nobody waits
    for any more: it is not due, and the agency's loss. `disputed`: what an open dispute holds, `lost` what was lost in
    disputes. `refundable`: what may still be promised back, nothing while a dispute is open. `vendor` and `agency`:
    what they have of it by now, fees of the provider not counted.
    """

    paid: Money
    funds: Money
    due: Money
    to_ask: Money
    overpaid: Money
    kept: Money
    promised: Money
    refunded: Money
    charged: Money
    owed_back: Money
    receivable: Money
    written_off: Money
    disputed: Money
    lost: Money
    refundable: Money
    vendor: Money
    agency: Money


def booking_amounts(
    entries: Iterable[Entry],
    *,
    booking_id: UUID,
    price: Money,
    state: BookingState,
    under_way: Money | None = None,
) -> BookingAmounts:
    """The amounts of a booking of `price` from its entries in their order; those of others are passed over.

    `under_way` is what payments may still bring whose outcome is not known. Raises `CurrencyMismatch` for an entry
    in another currency than the price, but for processor fees and exchanges, which are in the currency of
    settlement and are not counted.
    """
    own = [
        entry
        for entry in standing_entries(each for each in entries if each.booking_id == booking_id)
        if entry.event not in _OF_SETTLEMENT
    ]
    nothing = Money.zero(price.currency)

    def total(found: Iterable[Entry]) -> Money:
        return sum_money((entry.amount for entry in found), price.currency)

    def at(account: Account) -> Money:
        debits = total(entry for entry in own if entry.debit is account)
        balance = debits - total(entry for entry in own if entry.credit is account)
        return Money(standing(account, balance.minor), price.currency)

    paid = total(entry for entry in own if entry.debit in _SOURCES and entry.credit in _PAID_TO)
    promised = total(
        entry
        for entry in own
        if entry.credit is Account.REFUNDS_PAYABLE and entry.event is not LedgerEvent.REFUND_FAILED_LATE
    )
    came_back = total(entry for entry in own if entry.event is LedgerEvent.REFUND_FAILED_LATE)
    lost = [entry for entry in own if entry.event is LedgerEvent.DISPUTE_LOST]
    charged = total(entry for entry in lost if entry.debit is Account.REFUNDS_PAYABLE)
    gone = total(
        entry for entry in own if entry.debit is Account.REFUNDS_PAYABLE and entry.credit in _SOURCES
    )
    funds, receivable, written_off, disputed = (
        at(account)
        for account in (
            Account.TRAVELLER_FUNDS,
            Account.TRAVELLER_RECEIVABLE,
            Account.BAD_DEBTS,
            Account.DISPUTED_FUNDS,
        )
    )
    unpaid = max(price - funds, nothing) if is_open(state) else nothing
    due = unpaid + receivable
    left = paid - promised - (total(lost) - charged)
    return BookingAmounts(
        paid=paid,
        funds=funds,
        due=due,
        to_ask=max(due - (under_way or nothing), nothing),
        overpaid=at(Account.OVERPAYMENT) + (max(funds - price, nothing) if is_open(state) else nothing),
        kept=total(entry for entry in own if entry.event is LedgerEvent.KEPT),
        promised=promised,
        refunded=gone - came_back,
        charged=charged,
        owed_back=at(Account.REFUNDS_PAYABLE),
        receivable=receivable,
        written_off=written_off,
        disputed=disputed,
        lost=total(lost),
        refundable=nothing if disputed else max(left, nothing),
        vendor=at(Account.VENDOR_PAYABLE),
        agency=at(Account.COMMISSION) + at(Account.CANCELLATION_REVENUE) - at(Account.GOODWILL) - written_off,
    )
