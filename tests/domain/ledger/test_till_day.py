from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from travellr_desktop.domain.cash_count import TillDay
from travellr_desktop.domain.ids import new_id
from travellr_desktop.domain.ledger import (
    Account,
    Entry,
    LedgerEvent,
    balances,
    drop_entry,
    exchange_entries,
    float_entry,
    paid_in_entry,
    paid_out_entry,
    payment_entries,
    receivable_collected_entry,
    refund_accepted_entry,
    reversal,
    till_day,
)
from travellr_desktop.domain.money import Money

BOOKING = new_id()


def eur(minor: int) -> Money:
    return Money(minor, "EUR")


def test_the_day_of_a_till_is_read_from_its_entries() -> None:
    wrong = payment_entries({BOOKING: eur(4_400)}, into=Account.TILL)
    entries = [
        *payment_entries({BOOKING: eur(90_000)}, into=Account.TILL, overpaid=eur(50)),
        *payment_entries({BOOKING: eur(50_000)}, into=Account.STRIPE),
        receivable_collected_entry(eur(14_600), into=Account.TILL, booking_id=BOOKING),
        *wrong,
        *map(reversal, wrong),
        refund_accepted_entry(eur(6_700), out_of=Account.TILL),
        paid_out_entry(eur(1_840), to=Account.OFFICE_EXPENSES),
        drop_entry(eur(60_000)),
        paid_in_entry(eur(3_000), source=Account.BANK),
        float_entry(eur(2_000)),
        float_entry(Money(70, "USD")),
        *exchange_entries(eur(1_000), Money(1_080, "USD"), at=Account.TILL),
    ]
    assert till_day(entries, opened_with=eur(20_000)) == TillDay(
        opened_with=eur(20_000),
        cash_sales=eur(104_650),
        cash_refunds=eur(6_700),
        paid_out=eur(2_840),
        dropped=eur(60_000),
        added=eur(5_000),
    )
    dollars = till_day(entries, opened_with=Money(0, "USD"))
    assert dollars.expected == dollars.added == Money(1_150, "USD")


@given(
    st.lists(
        st.builds(
            lambda event, accounts, minor: Entry(event, accounts[0], accounts[1], eur(minor)),
            st.sampled_from(LedgerEvent),
            st.permutations([Account.TILL, Account.SAFE, Account.BANK, Account.TRAVELLER_FUNDS]),
            st.integers(1, 10**6),
        ),
        max_size=20,
    ),
    st.integers(0, 10**6),
)
def test_what_is_expected_is_what_the_books_say(entries: list[Entry], opened_with: int) -> None:
    day = till_day(entries, opened_with=eur(opened_with))
    assert day.expected.minor == opened_with + balances(entries).get(Account.TILL, 0)
