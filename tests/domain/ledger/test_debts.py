"""What money that comes in for a booking is used for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from travellr_desktop.domain.ids import new_id
from travellr_desktop.domain.ledger import Account, Used, overpaid_entry, used_for, written_off_entry
from travellr_desktop.domain.money import Money
from travellr_desktop.errors import InvalidInput

amounts = st.integers(0, 1_000)


def eur(minor: int) -> Money:
    return Money(minor, "EUR")


def used(
    came: int, due: int, owed: int, *debts: int, to_come: int | None = None
) -> tuple[int, int, int, int]:
    found = used_for(
        eur(came),
        due=eur(due),
        owed=eur(owed),
        written_off=[eur(debt) for debt in debts],
        to_come=None if to_come is None else eur(to_come),
    )
    return found.price.minor, found.owed.minor, found.excess.minor, found.undone


@pytest.mark.parametrize(
    ("came", "due", "owed", "debts", "goes_to"),
    [
        (500, 500, 0, (), (500, 0, 0, 0)),
        (500, 480, 0, (), (480, 0, 20, 0)),
        (500, 0, 700, (), (0, 500, 0, 0)),
        (700, 0, 700, (70,), (0, 700, 0, 0)),
        (701, 0, 700, (70,), (0, 701, 0, 1)),
        (500, 300, 100, (), (300, 100, 100, 0)),
        (20, 0, 0, (20, 50), (0, 20, 0, 1)),
        (21, 0, 0, (20, 50), (0, 21, 0, 2)),
        (71, 0, 0, (20, 50), (0, 70, 1, 2)),
        (50, 0, 0, (), (0, 0, 50, 0)),
    ],
)
def test_the_price_comes_first_then_what_is_owed_then_what_was_written_off(
    came: int, due: int, owed: int, debts: tuple[int, ...], goes_to: tuple[int, int, int, int]
) -> None:
    assert used(came, due, owed, *debts) == goes_to


def test_what_a_change_costs_more_is_for_its_price() -> None:
    assert used(300, 0, 0, to_come=300) == (300, 0, 0, 0)
    assert used(300, 0, 0, to_come=250) == (250, 0, 50, 0)


@given(came=amounts, due=amounts, owed=amounts, debts=st.lists(st.integers(1, 300), max_size=4))
def test_nothing_is_lost_and_no_more_is_undone_than_is_needed(
    came: int, due: int, owed: int, debts: list[int]
) -> None:
    price, paid, excess, undone = used(came, due, owed, *debts)
    assert price + paid + excess == came
    assert min(price, paid, excess) >= 0
    assert price <= due
    assert paid <= owed + sum(debts[:undone])
    if undone:
        assert paid > owed + sum(debts[: undone - 1])  # the last of them was needed
    if excess:
        assert (price, undone) == (due, len(debts))


def naive(came: Money, *, due: Money, owed: Money, written_off: object = ()) -> Used:
    """The negative control: it forgets that a debt was written off."""
    price = min(came, due)
    paid = min(came - price, owed)
    return Used(price, paid, came - price - paid)


def test_one_that_forgets_what_was_written_off_calls_a_debt_that_is_paid_too_much() -> None:
    debts = [eur(70)]
    assert used_for(eur(70), due=eur(0), owed=eur(0), written_off=debts).excess == eur(0)
    assert naive(eur(70), due=eur(0), owed=eur(0), written_off=debts).excess == eur(70)


def test_credit_is_paid_too_much_with_too() -> None:
    booking = new_id()
    entry = overpaid_entry(eur(5), into=Account.AGENCY_CREDIT, booking_id=booking)
    assert (entry.debit, entry.credit, entry.booking_id) == (
        Account.AGENCY_CREDIT,
        Account.OVERPAYMENT,
        booking,
    )
    with pytest.raises(InvalidInput):
        overpaid_entry(eur(5), into=Account.COMMISSION)


def test_nothing_is_not_written_off() -> None:
    with pytest.raises(InvalidInput):
        written_off_entry(eur(0), booking_id=new_id())
