"""What a cancellation or a change would do to the money, before anything has moved: the entries it would write, to
which payments money would go back, and every party's balance before and after."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from travellr_desktop.domain import ledger
from travellr_desktop.domain.ledger import Account, LedgerEvent
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.refund_quote import RefundQuote, RefundTo
from travellr_desktop.domain.states import RefundState
from travellr_desktop.domain.ways import Way
from travellr_desktop.services import posting
from travellr_desktop.services.back_in_steps import in_steps
from travellr_desktop.storage.models import Booking, Payment
from travellr_desktop.storage.uow import Reading


@dataclass(frozen=True, slots=True)
class BackWay:
    """To which payment how much goes back."""

    payment_id: UUID
    way: Way
    label: str
    paid_at: datetime
    paid: Money
    amount: Money
    to: RefundTo = RefundTo.PAYMENT


@dataclass(frozen=True, slots=True)
class BalanceChange:
    """One party's balance before and after. `whose` is a word of `note`: traveller, vendor, agency, money."""

    whose: str
    note: str
    before: Money
    after: Money


@dataclass(frozen=True, slots=True)
class EntryPreview:
    """An entry that would be written in the ledger."""

    event: LedgerEvent
    debit: Account
    credit: Account
    amount: Money
    vendor_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class RefundView:
    """Money that goes back, and how far it has come. `waits` is a sentence where it is not this desk's to send now."""

    id: UUID
    way: Way
    label: str
    amount: Money
    state: str
    failure: str | None
    to: RefundTo = RefundTo.PAYMENT
    waits: str = ""


def entry_previews(entries: Iterable[ledger.Entry]) -> list[EntryPreview]:
    return [EntryPreview(e.event, e.debit, e.credit, e.amount, e.vendor_id) for e in entries]


Ways = dict[tuple[UUID, RefundTo], BackWay]


def add_ways(ways: Ways, back: Iterable[tuple[Payment, int]], to: RefundTo = RefundTo.PAYMENT) -> None:
    """Put what goes back to each payment (`giving_back.back_ways`) to what goes back to it already."""
    for each in in_steps(back, to):
        payment, key = each.payment, (each.payment.id, each.to)
        had = ways[key].amount.minor if key in ways else 0
        ways[key] = BackWay(
            payment_id=payment.id,
            way=payment.way,
            label=payment.label,
            paid_at=payment.ended_at or payment.created_at,
            paid=Money(payment.amount, payment.currency),
            amount=Money(had + each.amount, payment.currency),
            to=each.to,
        )


def accepted(ways: Iterable[BackWay]) -> list[EntryPreview]:
    """What is written when the money has gone, or has become credit."""
    return entry_previews(
        posting.went_back(way.amount, way=way.way, to=way.to, booking_id=None) for way in ways
    )


def why_kept(booking: Booking, quote: RefundQuote) -> str:
    """Why that much is kept."""
    if quote.paid == 0:
        return "Nothing was paid"
    if quote.goodwill:
        whole = quote.back == quote.paid
        return "The policy is set aside: nothing is kept" if whole else "Less than the policy keeps"
    if quote.in_grace:
        return "Within the time to think it over"
    if quote.kept == 0:
        return "Early enough: nothing is kept"
    if quote.back == 0:
        return "Too late: all of it is kept"
    return f"Kept by the policy “{booking.policy.get('name', '')}”"


def balances(
    view: Reading, bookings: Sequence[Booking], entries: Sequence[EntryPreview], traveller: str
) -> tuple[BalanceChange, ...]:
    """Every party's balance before and after: what is owed to each, then where the money is."""
    currency = bookings[0].currency
    rows: list[BalanceChange] = []

    def change(account: Account) -> int:
        out = sum(entry.amount.minor for entry in entries if entry.debit is account)
        into = sum(entry.amount.minor for entry in entries if entry.credit is account)
        return ledger.standing(account, out - into)

    funds = sum(
        ledger.standing(
            Account.TRAVELLER_FUNDS, view.ledger.balance(Account.TRAVELLER_FUNDS, currency, booking_id=b.id)
        )
        for b in bookings
    )
    rows.append(row(traveller, "Paid, still to travel", funds, change(Account.TRAVELLER_FUNDS), currency))
    if moved := change(Account.OVERPAYMENT):
        amounts = view.debts.open_amounts([b.id for b in bookings])
        too_much = sum(each.excess for each in amounts.values())
        rows.append(row(traveller, "Paid too much", too_much, moved, currency))
    for vendor in {b.vendor_id: b.vendor for b in bookings}.values():
        own = sum(
            entry.amount.minor if entry.credit is Account.VENDOR_PAYABLE else -entry.amount.minor
            for entry in entries
            if Account.VENDOR_PAYABLE in (entry.credit, entry.debit) and entry.vendor_id == vendor.id
        )
        held = view.ledger.balance(Account.VENDOR_PAYABLE, currency, vendor_id=vendor.id)
        before = ledger.standing(Account.VENDOR_PAYABLE, held)
        rows.append(row(vendor.name, "Earned, not paid out yet", before, own, currency))
    for account, whose, note in (
        (Account.CANCELLATION_REVENUE, "Agency", "Its share of what was kept, all sales"),
        (Account.COMMISSION, "Agency", "Commission, all sales"),
        (Account.GOODWILL, "Agency", "Given beyond the policy, all sales"),
        (Account.AGENCY_CREDIT, "Credit", "With the agency, all travellers"),
        (Account.TILL, "Till", "Cash"),
        (Account.STRIPE, "Card payments", "With the provider"),
        (Account.BANK, "Bank", "On the agency's account"),
    ):
        moved = change(account)
        if moved:
            sign = -1 if account is Account.GOODWILL else 1  # what the agency spends makes it poorer
            before = sign * ledger.standing(account, view.ledger.balance(account, currency))
            rows.append(row(whose, note, before, sign * moved, currency))
    return tuple(rows)


def row(whose: str, note: str, before: int, change: int, currency: str) -> BalanceChange:
    return BalanceChange(whose, note, Money(before, currency), Money(before + change, currency))


def refund_views(view: Reading, booking_ids: Iterable[UUID]) -> tuple[RefundView, ...]:
    """The refunds of bookings as they stand now."""
    return tuple(
        RefundView(
            id=refund.id,
            way=refund.payment.way,
            label=refund.payment.label,
            amount=Money(refund.amount, refund.currency),
            state=refund.state.value,
            failure=refund.failure,
            to=refund.destination,
            waits=view.refunds.says(refund.id) or "" if refund.state is RefundState.APPROVED else "",
        )
        for booking_id in booking_ids
        for refund in view.refunds.find_by_booking_id(booking_id)
    )
