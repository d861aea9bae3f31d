from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from travellr_desktop.domain.ids import new_id
from travellr_desktop.domain.ledger import (
    DEBIT_GROWS,
    Account,
    Entry,
    LedgerEvent,
    Place,
    Posted,
    Sums,
    TrialBalance,
    TrialRow,
    as_at,
    payment_entries,
    payout_sending_entry,
    posted_before,
    processor_fee_entry,
    refund_accepted_entry,
    reversal,
    standing,
    standing_entries,
    sums,
    trial_balance,
)
from travellr_desktop.domain.money import Money
from travellr_desktop.errors import InvalidInput

BOOKING, OTHER, VENDOR = new_id(), new_id(), new_id()
KOTOR = "Europe/Podgorica"


def eur(minor: int) -> Money:
    return Money(minor, "EUR")


entries = st.lists(
    st.builds(
        lambda accounts, minor, currency, booking, vendor: Entry(
            LedgerEvent.PAYMENT, accounts[0], accounts[1], Money(minor, currency), booking, vendor
        ),
        st.permutations(list(Account)),
        st.integers(1, 10**9),
        st.sampled_from(["EUR", "JPY", "KWD"]),
        st.sampled_from([None, BOOKING, OTHER]),
        st.sampled_from([None, VENDOR]),
    ),
    max_size=20,
)


# at a time


def test_balances_are_those_of_a_day_that_is_over_in_a_zone() -> None:
    """22:30 UTC is half past midnight of the next day in Kotor."""
    evening = datetime(2026, 6, 18, 21, 30, tzinfo=UTC)
    fees = [processor_fee_entry(eur(n)) for n in (1, 2, 4)]
    posted = [Posted(fee, evening + timedelta(hours=hours)) for hours, fee in enumerate(fees)]
    assert list(as_at(posted, date(2026, 6, 18), KOTOR)) == fees[:1]
    assert list(as_at(posted, date(2026, 6, 18), "UTC")) == fees
    assert list(as_at(posted, date(2026, 6, 19), KOTOR)) == fees
    assert list(as_at(posted, date(2026, 6, 17), KOTOR)) == []


def test_the_moment_itself_is_no_part_of_what_was_before_it() -> None:
    at = datetime(2026, 6, 18, 12, 0, tzinfo=UTC)
    posted = [Posted(processor_fee_entry(eur(1)), at)]
    assert list(posted_before(posted, at)) == []
    assert len(list(posted_before(posted, at + timedelta(microseconds=1)))) == 1
    with pytest.raises(InvalidInput):
        list(posted_before(posted, datetime(2026, 6, 18, 12, 0)))  # noqa: DTZ001


# of what


def test_sums_are_told_apart_by_booking_and_vendor() -> None:
    found = [
        *payment_entries({BOOKING: eur(9_000), OTHER: eur(1_000)}, into=Account.STRIPE),
        Entry(
            LedgerEvent.TRIP_DONE,
            Account.TRAVELLER_FUNDS,
            Account.VENDOR_PAYABLE,
            eur(9_000),
            BOOKING,
            VENDOR,
        ),
        payout_sending_entry(eur(4_000), vendor_id=VENDOR),
    ]
    assert sums(found)[Place(Account.TRAVELLER_FUNDS, "EUR")] == Sums(9_000, 10_000)
    by_booking = sums(found, by_booking=True)
    assert by_booking[Place(Account.TRAVELLER_FUNDS, "EUR", BOOKING)].balance == 0
    assert by_booking[Place(Account.TRAVELLER_FUNDS, "EUR", OTHER)].balance == -1_000
    by_vendor = sums(found, by_vendor=True)
    assert by_vendor[Place(Account.VENDOR_PAYABLE, "EUR", None, VENDOR)] == Sums(4_000, 9_000)
    assert by_vendor[Place(Account.PAYOUTS_IN_TRANSIT, "EUR", None, VENDOR)].balance == -4_000
    # of traveller funds no part is the vendor's
    assert Place(Account.TRAVELLER_FUNDS, "EUR", None, VENDOR) not in by_vendor


@given(entries, st.booleans(), st.booleans())
def test_however_they_are_told_apart_they_come_to_the_same(
    found: list[Entry], booking: bool, vendor: bool
) -> None:
    whole = sums(found)
    apart = sums(found, by_booking=booking, by_vendor=vendor)
    for place, each in whole.items():
        parts = [
            value
            for key, value in apart.items()
            if (key.account, key.currency) == (place.account, place.currency)
        ]
        assert Sums(sum(p.debits for p in parts), sum(p.credits for p in parts)) == each


# the trial balance


def test_the_trial_balance_of_a_small_day() -> None:
    """117.00 paid by card, 2.92 of fees, 17.00 given back: 97.08 are with Stripe, 100.00 the traveller's."""
    found = trial_balance(
        [
            *payment_entries({BOOKING: eur(11_700)}, into=Account.STRIPE),
            processor_fee_entry(eur(292)),
            Entry(LedgerEvent.REFUND_APPROVED, Account.TRAVELLER_FUNDS, Account.REFUNDS_PAYABLE, eur(1_700)),
            refund_accepted_entry(eur(1_700), out_of=Account.STRIPE),
            processor_fee_entry(Money(5, "JPY")),
        ]
    )
    assert found.rows == (
        TrialRow(Account.STRIPE, "EUR", 11_700, 1_992),
        TrialRow(Account.TRAVELLER_FUNDS, "EUR", 1_700, 11_700),
        TrialRow(Account.REFUNDS_PAYABLE, "EUR", 1_700, 1_700),
        TrialRow(Account.PROCESSOR_FEES, "EUR", 292, 0),
        TrialRow(Account.STRIPE, "JPY", 0, 5),
        TrialRow(Account.PROCESSOR_FEES, "JPY", 5, 0),
    )
    assert [row.standing for row in found.rows] == [9_708, 10_000, 0, 292, -5, 5]
    assert found.currencies == ("EUR", "JPY")
    assert found.turnover("EUR") == Sums(15_392, 15_392)
    assert found.totals("EUR") == Sums(10_000, 10_000)
    assert found.agrees


@given(entries)
def test_debits_and_credits_are_equal_in_every_currency(found: list[Entry]) -> None:
    trial = trial_balance(found)
    assert trial.agrees
    for currency in trial.currencies:
        assert trial.turnover(currency).balance == trial.totals(currency).balance == 0
        assert trial.turnover(currency).debits == sum(
            entry.amount.minor for entry in found if entry.amount.currency == currency
        )
    for row in trial.rows:
        assert row.standing == standing(row.account, row.debits - row.credits)


def test_a_row_that_lost_a_side_shows() -> None:
    whole = trial_balance(payment_entries({BOOKING: eur(100)}, into=Account.TILL))
    lost = TrialBalance(whole.rows[:1])
    assert whole.agrees
    assert not lost.agrees
    assert lost.totals("EUR") == Sums(100, 0)


def test_nothing_agrees_with_nothing() -> None:
    assert trial_balance([]) == TrialBalance(())
    assert trial_balance([]).agrees
    assert Account.OFFICE_EXPENSES in DEBIT_GROWS
    assert Account.OWN_FUNDS not in DEBIT_GROWS


# what still stands


def test_what_was_reversed_stands_no_more() -> None:
    first, second = processor_fee_entry(eur(5), booking_id=BOOKING), processor_fee_entry(eur(5))
    assert standing_entries([first, second, reversal(first)]) == [second]
    assert standing_entries([first, reversal(first), first]) == [first]
    assert standing_entries([first, first, reversal(first)]) == [first]


def test_a_reversal_undoes_its_own_like_only() -> None:
    fee = processor_fee_entry(eur(5), booking_id=BOOKING)
    for other in (
        processor_fee_entry(eur(6), booking_id=BOOKING),
        processor_fee_entry(Money(5, "USD"), booking_id=BOOKING),
        processor_fee_entry(eur(5), booking_id=OTHER),
        Entry(fee.event, fee.debit, fee.credit, fee.amount, BOOKING, VENDOR),
        Entry(fee.event, fee.debit, Account.BANK, fee.amount, BOOKING),
    ):
        assert standing_entries([fee, reversal(other)]) == [fee, reversal(other)]


def test_a_reversal_of_a_reversal_is_no_entry_that_stands() -> None:
    fee = processor_fee_entry(eur(5))
    undone = reversal(fee)
    assert standing_entries([undone, reversal(undone)]) == [undone, reversal(undone)]


@given(entries)
def test_what_stands_has_the_balances_of_all(found: list[Entry]) -> None:
    every_other = [*found, *(reversal(entry) for entry in found[::2])]
    left = sums(standing_entries(every_other))
    for place, each in sums(every_other).items():
        assert left.get(place, Sums()).balance == each.balance
    assert len(standing_entries(every_other)) == len(found) - len(found[::2])
