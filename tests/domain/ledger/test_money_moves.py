"""Payouts, tills, exchanges, credit: where money may move, and what stands on the entries."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from travellr_desktop.domain.ids import new_id
from travellr_desktop.domain.ledger import (
    CASH_PLACES,
    EXCHANGED_AT,
    PAID_IN_FROM,
    PAID_OUT_TO,
    PAYOUT_PLACES,
    Account,
    Bearer,
    Entry,
    balances,
    count_entries,
    credit_spent_entries,
    exchange_entries,
    goodwill_entries,
    own_funds_in_entry,
    own_funds_out_entry,
    paid_in_entry,
    paid_out_entry,
    payout_failed_entry,
    payout_returned_entry,
    payout_rounded_entries,
    payout_sending_entry,
    payout_sent_entry,
    processor_fee_entries,
    refund_failed_entry,
    transfer_reversed_entry,
)
from travellr_desktop.domain.money import Money
from travellr_desktop.errors import InvalidInput

BOOKING, OTHER, VENDOR = new_id(), new_id(), new_id()
AVAILABLE = datetime(2026, 6, 21, 9, 30, tzinfo=UTC)


def eur(minor: int) -> Money:
    return Money(minor, "EUR")


ALLOWED: list[tuple[str, Callable[[Account], object], Iterable[Account]]] = [
    ("payout", lambda a: payout_sent_entry(eur(1), out_of=a, vendor_id=VENDOR), PAYOUT_PLACES),
    ("refund", lambda a: refund_failed_entry(eur(1), into=a), PAYOUT_PLACES),
    ("in", lambda a: paid_in_entry(eur(1), source=a), PAID_IN_FROM),
    ("out", lambda a: paid_out_entry(eur(1), to=a), PAID_OUT_TO),
    ("count", lambda a: count_entries(eur(1), eur(2), place=a), CASH_PLACES),
    ("own in", lambda a: own_funds_in_entry(eur(1), into=a), CASH_PLACES | {Account.BANK}),
    ("own out", lambda a: own_funds_out_entry(eur(1), out_of=a), CASH_PLACES | {Account.BANK}),
    ("exchange", lambda a: exchange_entries(eur(1), Money(1, "USD"), at=a), EXCHANGED_AT),
    (
        "exchanged into",
        lambda a: exchange_entries(eur(1), Money(1, "USD"), at=Account.TILL, into=a),
        EXCHANGED_AT,
    ),
]


@pytest.mark.parametrize("account", list(Account))
@pytest.mark.parametrize(
    ("move", "allowed"), [each[1:] for each in ALLOWED], ids=[each[0] for each in ALLOWED]
)
def test_money_moves_between_the_right_places_only(
    move: Callable[[Account], object], allowed: Iterable[Account], account: Account
) -> None:
    if account in allowed:
        move(account)
        return
    with pytest.raises(InvalidInput) as refusal:
        move(account)
    assert refusal.value.field == "account"


def test_an_exchange_needs_two_currencies() -> None:
    with pytest.raises(InvalidInput) as refusal:
        exchange_entries(eur(1), eur(1), at=Account.TILL)
    assert refusal.value.field == "currency"


def test_each_side_of_an_exchange_balances_in_its_own_currency() -> None:
    gave, got = exchange_entries(eur(10_000), Money(1_630_000, "JPY"), at=Account.STRIPE, booking_id=BOOKING)
    assert balances([gave]) == {Account.EXCHANGE: 10_000, Account.STRIPE: -10_000}
    assert balances([got]) == {Account.STRIPE: 1_630_000, Account.EXCHANGE: -1_630_000}
    assert {gave.booking_id, got.booking_id} == {BOOKING}


def test_money_that_comes_back_to_a_vendor_is_a_new_line_with_its_date() -> None:
    for back in (payout_failed_entry, transfer_reversed_entry, payout_returned_entry):
        entry = back(eur(5), vendor_id=VENDOR, available_at=AVAILABLE)
        assert entry.credit is Account.VENDOR_PAYABLE
        assert (entry.vendor_id, entry.available_at) == (VENDOR, AVAILABLE)
    assert payout_sending_entry(eur(5), vendor_id=VENDOR).vendor_id == VENDOR


def test_what_is_rounded_off_a_payout_is_owed_as_before() -> None:
    off, again = payout_rounded_entries(Money(6, "KWD"), vendor_id=VENDOR, available_at=AVAILABLE)
    assert set(balances([off, again]).values()) == {0}
    assert (off.debit, again.credit) == (Account.VENDOR_PAYABLE, Account.VENDOR_PAYABLE)
    assert {(each.vendor_id, each.available_at) for each in (off, again)} == {(VENDOR, AVAILABLE)}


@given(st.integers(1, 10**9), st.sampled_from(sorted(PAYOUT_PLACES)))
def test_a_payout_leaves_nothing_in_transit(minor: int, place: Account) -> None:
    found = balances(
        [
            payout_sending_entry(eur(minor), vendor_id=VENDOR),
            payout_sent_entry(eur(minor), out_of=place, vendor_id=VENDOR),
        ]
    )
    assert found == {Account.VENDOR_PAYABLE: minor, Account.PAYOUTS_IN_TRANSIT: 0, place: -minor}


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.sampled_from(sorted(CASH_PLACES)))
def test_after_a_count_the_books_have_what_was_counted(expected: int, counted: int, place: Account) -> None:
    entries = count_entries(eur(expected), eur(counted), place=place)
    assert expected + balances(entries).get(place, 0) == counted
    assert len(entries) == (expected != counted)


def test_nothing_has_no_entry() -> None:
    parts = {BOOKING: eur(0), OTHER: eur(3)}
    made: list[tuple[Entry, ...]] = [
        credit_spent_entries(parts),
        processor_fee_entries(eur(1), parts),
    ]
    assert [[entry.booking_id for entry in entries] for entries in made] == [[OTHER], [OTHER]]
    for bearer in Bearer:
        assert goodwill_entries(eur(0), borne_by=bearer, booking_id=BOOKING, vendor_id=VENDOR) == ()


def test_the_vendor_stands_on_goodwill_that_is_theirs() -> None:
    found = [
        goodwill_entries(eur(1), borne_by=bearer, booking_id=BOOKING, vendor_id=VENDOR)[0].vendor_id
        for bearer in (Bearer.AGENCY, Bearer.VENDOR)
    ]
    assert found == [None, VENDOR]
