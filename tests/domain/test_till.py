"""Moves and counts of a till."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from travellr_desktop.domain.cash_count import PIECES, CashCount, Piece
from travellr_desktop.domain.ledger import Account, Entry, LedgerEvent
from travellr_desktop.domain.money import CurrencyMismatch, Money
from travellr_desktop.domain.till import (
    SIDES,
    MoveKind,
    count_from_json,
    count_to_json,
    left_in,
    less,
    move_entry,
)
from travellr_desktop.errors import InvalidInput

TEN = Money(1_000, "EUR")


@pytest.mark.parametrize(
    ("kind", "account", "entry"),
    [
        (MoveKind.PAY_IN, Account.BANK, Entry(LedgerEvent.PAID_IN, Account.TILL, Account.BANK, TEN)),
        (MoveKind.PICKUP, Account.SAFE, Entry(LedgerEvent.PAID_IN, Account.TILL, Account.SAFE, TEN)),
        (
            MoveKind.PAY_OUT,
            Account.OFFICE_EXPENSES,
            Entry(LedgerEvent.PAID_OUT, Account.OFFICE_EXPENSES, Account.TILL, TEN),
        ),
        (MoveKind.DROP, Account.SAFE, Entry(LedgerEvent.DROPPED, Account.SAFE, Account.TILL, TEN)),
    ],
)
def test_a_move_is_an_entry(kind: MoveKind, account: Account, entry: Entry) -> None:
    assert move_entry(kind, TEN, account) == entry


def test_every_move_has_its_sides_and_takes_no_others() -> None:
    for kind in MoveKind:
        for account in Account:
            if account in SIDES[kind]:
                assert move_entry(kind, TEN, account).amount == TEN
            else:
                with pytest.raises(InvalidInput):
                    move_entry(kind, TEN, account)
    with pytest.raises(InvalidInput):
        move_entry(MoveKind.DROP, Money(0, "EUR"), Account.SAFE)


def counts() -> st.SearchStrategy[CashCount]:
    return st.sampled_from(["EUR", "RSD", "KWD", "JPY", "ISK"]).flatmap(
        lambda currency: st.builds(
            CashCount,
            st.just(currency),
            st.fixed_dictionaries({piece: st.integers(0, 30) for piece in PIECES.get(currency, ())}),
            st.integers(0, 10_000),
        )
    )


@given(counts())
def test_a_count_is_kept_as_it_was(count: CashCount) -> None:
    again = count_from_json(count.currency, count_to_json(count))
    assert again.total == count.total and again.notes == count.notes and again.coins == count.coins
    assert count_to_json(again) == count_to_json(count)


@given(counts(), st.integers(0, 100_000))
def test_what_stays_and_what_goes_are_the_whole(count: CashCount, wanted: int) -> None:
    stays = left_in(count, Money(wanted, count.currency))
    assert stays.total <= Money(wanted, count.currency)
    assert stays.total + less(count, stays).total == count.total


def test_a_currency_without_pieces_stays_by_its_amount() -> None:
    count = CashCount("ISK", {}, loose=5_000)
    assert left_in(count, Money(3_000, "ISK")) == CashCount("ISK", {}, loose=3_000)
    assert left_in(count, Money(9_000, "ISK")) == count
    with pytest.raises(CurrencyMismatch):
        left_in(count, TEN)


@pytest.mark.parametrize(
    "kept", [{"x500": 1}, {"n": 1}, {"nfive": 1}, {"n777": 1}, {"loose": -1}, {"n500": "2"}]
)
def test_what_is_no_count_is_refused(kept: dict[str, object]) -> None:
    with pytest.raises(InvalidInput):
        count_from_json("EUR", kept)


def test_coins_and_notes_of_the_same_value_are_told_apart() -> None:
    count = CashCount("RSD", {Piece(2_000): 1, Piece(2_000, coin=True): 2})
    assert count_to_json(count) == {"n2000": 1, "c2000": 2, "loose": 0}
