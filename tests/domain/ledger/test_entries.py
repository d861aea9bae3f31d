from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from travellr_desktop.domain.cancellation import Quote
from travellr_desktop.domain.commission import Kept
from travellr_desktop.domain.ids import new_id
from travellr_desktop.domain.ledger import (
    DEBIT_GROWS,
    MONEY_ACCOUNTS,
    Account,
    Entry,
    LedgerEvent,
    RefundedSoFar,
    balances,
    cancellation_entries,
    done_entries,
    overpayment_back_entry,
    payment_entries,
    processor_fee_entry,
    receivable_collected_entry,
    refund_accepted_entry,
    refund_after_trip_entries,
    refund_failed_entry,
    reversal,
    standing,
)
from travellr_desktop.domain.money import CurrencyMismatch, Money
from travellr_desktop.errors import InvalidInput

BOOKING, OTHER, VENDOR = new_id(), new_id(), new_id()
AVAILABLE = datetime(2026, 6, 21, 9, 30, tzinfo=UTC)
amounts = st.integers(0, 10**9)
rates = st.integers(0, 10_000)


def eur(minor: int) -> Money:
    return Money(minor, "EUR")


def rows(entries: Iterable[Entry]) -> list[tuple[str, str, str, int]]:
    return [(e.event.value, e.debit.value, e.credit.value, e.amount.minor) for e in entries]


def quoted(kept: int, back: int, fixed_fee: int = 0) -> Quote:
    return Quote(kept, fixed_fee, back, "EUR", None, False, None, None)


def cancelled(quote: Quote, rate: int = 2_000) -> tuple[Entry, ...]:
    return cancellation_entries(
        quote, commission_bps=rate, booking_id=BOOKING, vendor_id=VENDOR, available_at=AVAILABLE
    )


def done(
    price: int, paid: int, rate: int = 2_000, event: LedgerEvent = LedgerEvent.TRIP_DONE, own: int = 0
) -> tuple[Entry, ...]:
    return done_entries(
        event,
        price=eur(price),
        paid=eur(paid),
        commission_bps=rate,
        booking_id=BOOKING,
        vendor_id=VENDOR,
        available_at=AVAILABLE,
        own=own,
    )


# entries


@pytest.mark.parametrize("minor", [0, -1])
def test_an_entry_moves_more_than_nothing(minor: int) -> None:
    with pytest.raises(InvalidInput) as refusal:
        Entry(LedgerEvent.PAYMENT, Account.TILL, Account.TRAVELLER_FUNDS, eur(minor))
    assert refusal.value.field == "amount"


def test_an_entry_needs_two_accounts() -> None:
    with pytest.raises(InvalidInput) as refusal:
        Entry(LedgerEvent.PAYMENT, Account.TILL, Account.TILL, eur(1))
    assert refusal.value.field == "account"


def test_a_payment_stands_for_each_booking_and_what_is_too_much_apart() -> None:
    entries = payment_entries(
        {BOOKING: eur(9_000), OTHER: eur(2_700), new_id(): eur(0)}, into=Account.STRIPE, overpaid=eur(50)
    )
    assert rows(entries) == [
        ("payment", "stripe", "traveller_funds", 9_000),
        ("payment", "stripe", "traveller_funds", 2_700),
        ("overpaid", "stripe", "overpayment", 50),
    ]
    assert [entry.booking_id for entry in entries] == [BOOKING, OTHER, None]
    assert len(payment_entries({BOOKING: eur(1)}, into=Account.TILL, overpaid=eur(0))) == 1
    assert payment_entries({}, into=Account.TILL) == ()


@pytest.mark.parametrize("account", sorted(set(Account) - MONEY_ACCOUNTS))
def test_money_comes_into_and_goes_out_of_places_of_money_only(account: Account) -> None:
    with pytest.raises(InvalidInput):
        payment_entries({BOOKING: eur(1)}, into=account)
    with pytest.raises(InvalidInput):
        refund_accepted_entry(eur(1), out_of=account)
    with pytest.raises(InvalidInput):
        receivable_collected_entry(eur(1), into=account, booking_id=BOOKING)


def test_single_entries_stand_between_their_accounts() -> None:
    assert rows(
        [
            processor_fee_entry(eur(30)),
            receivable_collected_entry(eur(700), into=Account.BANK, booking_id=BOOKING),
            overpayment_back_entry(eur(50)),
            refund_accepted_entry(eur(500), out_of=Account.TILL, booking_id=BOOKING),
            refund_failed_entry(eur(500), booking_id=BOOKING),
        ]
    ) == [
        ("processor_fee", "processor_fees", "stripe", 30),
        ("receivable_collected", "bank", "traveller_receivable", 700),
        ("overpaid_back", "overpayment", "refunds_payable", 50),
        ("refund_accepted", "refunds_payable", "till", 500),
        ("refund_failed_late", "stripe", "refunds_payable", 500),
    ]
    assert refund_accepted_entry(eur(500), out_of=Account.TILL, booking_id=BOOKING).booking_id == BOOKING


# cancelling


def test_a_traveller_who_leaves_keeps_the_books_to_the_unit() -> None:
    """Of 45.00 paid after 5.00 at the agency's cost, 22.50 are kept: the vendor has 20.00 of it, as half of theirs."""
    entries = cancellation_entries(
        quoted(kept=2_250, back=2_250),
        commission_bps=2_000,
        booking_id=BOOKING,
        vendor_id=VENDOR,
        available_at=AVAILABLE,
        price=4_500,
        own=500,
        before=(Kept(2_250, 4_500, 0, 500),),
        already=2_000,
    )
    assert rows(entries) == [
        ("refund_approved", "traveller_funds", "refunds_payable", 2_250),
        ("kept", "traveller_funds", "vendor_payable", 2_000),
        ("kept", "traveller_funds", "cancellation_revenue", 250),
    ]


def test_what_is_kept_is_divided_and_the_fee_is_the_agencys() -> None:
    entries = cancelled(quoted(kept=6_350, back=5_350, fixed_fee=500))
    assert rows(entries) == [
        ("refund_approved", "traveller_funds", "refunds_payable", 5_350),
        ("kept", "traveller_funds", "vendor_payable", 4_680),
        ("kept", "traveller_funds", "cancellation_revenue", 500 + 1_170),
    ]
    assert [(entry.vendor_id, entry.available_at) for entry in entries] == [
        (None, None),
        (VENDOR, AVAILABLE),
        (None, None),
    ]
    assert {entry.booking_id for entry in entries} == {BOOKING}


def test_a_free_cancellation_is_one_entry_and_an_unpaid_one_none() -> None:
    assert rows(cancelled(quoted(0, 11_700))) == [
        ("refund_approved", "traveller_funds", "refunds_payable", 11_700)
    ]
    assert cancelled(quoted(0, 0)) == ()
    assert rows(cancelled(quoted(300, 0, 300))) == [("kept", "traveller_funds", "cancellation_revenue", 300)]


@given(amounts, amounts, st.integers(0, 1_000), rates)
def test_a_cancellation_empties_the_travellers_funds(kept: int, back: int, fee: int, rate: int) -> None:
    entries = cancelled(quoted(kept, back, min(fee, kept)), rate)
    found = balances([*payment_entries({BOOKING: eur(kept + back)}, into=Account.TILL), *entries])
    assert found.get(Account.TRAVELLER_FUNDS, 0) == 0
    assert sum(found.values()) == 0
    assert -found.get(Account.REFUNDS_PAYABLE, 0) == back


# the trip


def test_a_paid_trip_is_divided_once() -> None:
    for event in (LedgerEvent.TRIP_DONE, LedgerEvent.NO_SHOW):
        entries = done(101, 101, event=event)
        assert rows(entries) == [
            (event.value, "traveller_funds", "vendor_payable", 81),
            (event.value, "traveller_funds", "commission", 20),
        ]
        assert (entries[0].vendor_id, entries[0].available_at) == (VENDOR, AVAILABLE)
        assert (entries[1].vendor_id, entries[1].available_at) == (None, None)


def test_what_is_unpaid_is_owed_by_the_traveller() -> None:
    assert rows(done(10_000, 3_000)) == [
        ("trip_done", "traveller_funds", "vendor_payable", 3_000),
        ("trip_done", "traveller_receivable", "vendor_payable", 5_000),
        ("trip_done", "traveller_receivable", "commission", 2_000),
    ]
    assert rows(done(10_000, 9_000)) == [
        ("trip_done", "traveller_funds", "vendor_payable", 8_000),
        ("trip_done", "traveller_funds", "commission", 1_000),
        ("trip_done", "traveller_receivable", "commission", 1_000),
    ]
    assert done(0, 0) == ()


@given(amounts, st.data(), rates)
def test_a_done_trip_earns_the_price_however_much_was_paid(
    price: int, data: st.DataObject, rate: int
) -> None:
    paid = data.draw(st.integers(0, price))
    found = balances(done(price, paid, rate))
    in_full = balances(done(price, price, rate))
    for account in (Account.VENDOR_PAYABLE, Account.COMMISSION):
        assert found.get(account, 0) == in_full.get(account, 0)
    assert found.get(Account.TRAVELLER_FUNDS, 0) == paid
    assert found.get(Account.TRAVELLER_RECEIVABLE, 0) == price - paid


@pytest.mark.parametrize("paid", [-1, 101])
def test_paid_lies_between_nothing_and_the_price(paid: int) -> None:
    with pytest.raises(InvalidInput) as refusal:
        done(100, paid)
    assert refusal.value.field == "paid"


def test_a_discount_at_the_agencys_cost_leaves_the_vendors_part() -> None:
    assert rows(done(9_000, 9_000, own=1_000)) == [
        ("trip_done", "traveller_funds", "vendor_payable", 8_000),
        ("trip_done", "traveller_funds", "commission", 1_000),
    ]


def test_only_the_two_ends_of_a_trip_end_it() -> None:
    with pytest.raises(InvalidInput) as refusal:
        done(100, 100, event=LedgerEvent.KEPT)
    assert refusal.value.field == "event"


# refunds after the trip


def after_trip(
    amount: int, before: RefundedSoFar, price: int = 101, rate: int = 2_000, own: int = 0
) -> tuple[Entry, ...]:
    return refund_after_trip_entries(
        eur(amount),
        price=eur(price),
        before=before,
        commission_bps=rate,
        booking_id=BOOKING,
        vendor_id=VENDOR,
        own=own,
    )


@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=40), rates)
def test_refunds_in_parts_undo_exactly_what_the_trip_earned(parts: list[int], rate: int) -> None:
    price = sum(parts)
    entries = list(done(price, price, rate))
    before = RefundedSoFar()
    for part in parts:
        new = after_trip(part, before, price, rate)
        commission = sum(entry.amount.minor for entry in new if entry.debit is Account.COMMISSION)
        before = RefundedSoFar(before.refunded + part, before.commission + commission)
        entries += new
    found = balances(entries)
    assert found.get(Account.COMMISSION, 0) == 0
    assert found.get(Account.VENDOR_PAYABLE, 0) == 0
    assert -found[Account.REFUNDS_PAYABLE] == price


def test_a_refund_after_the_trip_comes_from_vendor_and_agency() -> None:
    entries = after_trip(50, RefundedSoFar())
    assert rows(entries) == [
        ("refund_approved_after_trip", "vendor_payable", "refunds_payable", 40),
        ("refund_approved_after_trip", "commission", "refunds_payable", 10),
    ]
    assert [entry.vendor_id for entry in entries] == [VENDOR, None]
    assert len(after_trip(50, RefundedSoFar(), rate=0)) == 1


@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=40), rates, st.integers(0, 10**6))
def test_also_where_the_agency_bore_a_discount(parts: list[int], rate: int, own: int) -> None:
    price = sum(parts)
    entries = list(done(price, price, rate, own=own))
    before = RefundedSoFar()
    for part in parts:
        new = after_trip(part, before, price, rate, own=own)
        commission = sum(entry.amount.minor for entry in new if entry.debit is Account.COMMISSION)
        before = RefundedSoFar(before.refunded + part, before.commission + commission)
        entries += new
    found = balances(entries)
    assert found.get(Account.COMMISSION, 0) == 0
    assert found.get(Account.VENDOR_PAYABLE, 0) == 0


def test_no_more_than_the_price_goes_back() -> None:
    with pytest.raises(InvalidInput):
        after_trip(2, RefundedSoFar(refunded=100, commission=20))
    with pytest.raises(InvalidInput):
        after_trip(2, RefundedSoFar(refunded=100, commission=20), own=5)


# reversal, balances


def test_a_reversal_undoes_its_entry() -> None:
    entry = done(100, 100)[0]
    undone = reversal(entry)
    assert undone == replace(entry, event=LedgerEvent.REVERSAL, debit=entry.credit, credit=entry.debit)
    assert set(balances([entry, undone]).values()) == {0}


def test_balances_need_one_currency_and_nothing_balances_nothing() -> None:
    assert balances([]) == {}
    with pytest.raises(CurrencyMismatch):
        balances([overpayment_back_entry(eur(1)), overpayment_back_entry(Money(1, "USD"))])


def test_a_balance_stands_above_zero_for_what_its_account_is_for() -> None:
    found = balances(payment_entries({BOOKING: eur(100)}, into=Account.TILL))
    assert found == {Account.TILL: 100, Account.TRAVELLER_FUNDS: -100}
    assert {standing(account, balance) for account, balance in found.items()} == {100}
    assert Account.VENDOR_PAYABLE not in DEBIT_GROWS
