from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from travellr_desktop.domain.commission import Split
from travellr_desktop.domain.ids import new_id
from travellr_desktop.domain.ledger import (
    Account,
    Earned,
    Entry,
    KeptOnCancelling,
    RefundedSoFar,
    balances,
    dispute_lost_entries,
    dispute_opened_entries,
    dispute_won_entries,
)
from travellr_desktop.domain.money import Money
from travellr_desktop.errors import InvalidInput

BOOKING, OTHER, VENDOR = new_id(), new_id(), new_id()
amounts = st.integers(0, 10**6)


def eur(minor: int) -> Money:
    return Money(minor, "EUR")


def taken(entries: Iterable[Entry], account: Account) -> int:
    return sum(entry.amount.minor for entry in entries if entry.debit is account)


@given(st.integers(1, 10**6), st.integers(1, 10**6), amounts, st.booleans())
def test_a_dispute_that_is_won_leaves_the_books_as_they_were(
    first: int, second: int, fee: int, back: bool
) -> None:
    parts = {BOOKING: eur(first), OTHER: eur(second)}
    entries = [
        *dispute_opened_entries(parts, fee=eur(fee)),
        *dispute_won_entries(parts, fee_back=eur(fee) if back else None),
    ]
    found = balances(entries)
    assert found[Account.DISPUTED_FUNDS] == 0
    assert found.get(Account.PROCESSOR_FEES, 0) == (0 if back else fee)
    assert found[Account.STRIPE] == (0 if back else -fee)


def test_a_booking_without_a_part_has_no_entry() -> None:
    parts = {BOOKING: eur(5), OTHER: eur(0)}
    assert [entry.booking_id for entry in dispute_opened_entries(parts, fee=eur(3))] == [BOOKING, BOOKING]
    assert [entry.booking_id for entry in dispute_won_entries(parts, fee_back=eur(3))] == [BOOKING, BOOKING]
    assert len(dispute_opened_entries(parts)) == len(dispute_won_entries(parts)) == 1


def test_what_was_paid_too_much_has_no_booking_and_no_fee() -> None:
    entries = [
        *dispute_opened_entries({BOOKING: eur(5)}, overpaid=eur(2), fee=eur(3)),
        *dispute_won_entries({BOOKING: eur(5)}, overpaid=eur(2)),
    ]
    assert [(entry.booking_id, entry.amount.minor) for entry in entries] == [
        (BOOKING, 5),
        (None, 2),
        (BOOKING, 3),
        (BOOKING, 5),
        (None, 2),
    ]


def test_a_fee_that_belongs_to_no_booking_stands_by_itself() -> None:
    entries = dispute_opened_entries({}, overpaid=eur(50), fee=eur(3))
    assert [(entry.booking_id, entry.amount.minor) for entry in entries] == [(None, 50), (None, 3)]
    assert dispute_won_entries({}, fee_back=eur(0)) == ()


@pytest.mark.parametrize("minor", [0, -1])
def test_a_dispute_about_nothing_is_refused(minor: int) -> None:
    with pytest.raises(InvalidInput) as refusal:
        dispute_lost_entries(eur(minor), booking_id=BOOKING, vendor_id=VENDOR)
    assert refusal.value.field == "amount"


def test_the_vendor_stands_on_their_own_line_only() -> None:
    entries = dispute_lost_entries(
        eur(100),
        booking_id=BOOKING,
        vendor_id=VENDOR,
        promised=eur(10),
        funds=eur(10),
        earned=Earned(eur(50), 2_000),
        kept=KeptOnCancelling(Split(5, 20)),
    )
    assert [(entry.debit, entry.amount.minor, entry.vendor_id) for entry in entries] == [
        (Account.REFUNDS_PAYABLE, 10, None),
        (Account.TRAVELLER_FUNDS, 10, None),
        (Account.VENDOR_PAYABLE, 40, VENDOR),
        (Account.COMMISSION, 10, None),
        (Account.VENDOR_PAYABLE, 20, VENDOR),
        (Account.CANCELLATION_REVENUE, 5, None),
        (Account.TRAVELLER_RECEIVABLE, 5, None),
    ]


@given(st.integers(1, 10**7), amounts, amounts, amounts, st.integers(0, 10_000), amounts, amounts)
def test_what_is_lost_is_taken_from_all_who_have_it_and_no_more(
    amount: int, promised: int, funds: int, price: int, rate: int, net: int, commission: int
) -> None:
    entries = dispute_lost_entries(
        eur(amount),
        booking_id=BOOKING,
        vendor_id=VENDOR,
        promised=eur(promised),
        funds=eur(funds),
        earned=Earned(eur(price), rate),
        kept=KeptOnCancelling(Split(commission, net)),
    )
    assert sum(entry.amount.minor for entry in entries) == amount
    assert {entry.credit for entry in entries} == {Account.DISPUTED_FUNDS}
    assert taken(entries, Account.REFUNDS_PAYABLE) == min(amount, promised)
    assert taken(entries, Account.TRAVELLER_FUNDS) == min(max(amount - promised, 0), funds)
    assert taken(entries, Account.CANCELLATION_REVENUE) <= commission
    everything = promised + funds + price + net + commission
    assert taken(entries, Account.TRAVELLER_RECEIVABLE) == max(amount - everything, 0)


@given(
    st.lists(st.integers(1, 10**5), min_size=1, max_size=20),
    st.integers(0, 10_000),
)
def test_disputes_in_parts_undo_exactly_what_was_earned(parts: list[int], rate: int) -> None:
    price = sum(parts)
    before = RefundedSoFar()
    vendor = 0
    for part in parts:
        entries = dispute_lost_entries(
            eur(part), booking_id=BOOKING, vendor_id=VENDOR, earned=Earned(eur(price), rate, before)
        )
        commission = taken(entries, Account.COMMISSION)
        vendor += taken(entries, Account.VENDOR_PAYABLE)
        before = RefundedSoFar(before.refunded + part, before.commission + commission)
    assert before.refunded == price
    assert vendor + before.commission == price
    assert abs(before.commission * 10_000 - price * rate) <= 5_000


@given(
    st.lists(st.integers(1, 10**5), min_size=1, max_size=20),
    st.integers(0, 10_000),
)
def test_what_was_kept_is_given_up_in_parts_as_if_at_once(parts: list[int], vendors: int) -> None:
    whole = sum(parts)
    net = whole * vendors // 10_000
    kept, lost = Split(whole - net, net), Split(0, 0)
    for part in parts:
        entries = dispute_lost_entries(
            eur(part), booking_id=BOOKING, vendor_id=VENDOR, kept=KeptOnCancelling(kept, lost)
        )
        lost = Split(
            lost.commission + taken(entries, Account.CANCELLATION_REVENUE),
            lost.net + taken(entries, Account.VENDOR_PAYABLE),
        )
        assert lost.net <= kept.net
        assert lost.commission <= kept.commission
        assert taken(entries, Account.TRAVELLER_RECEIVABLE) == 0
    assert lost == kept
