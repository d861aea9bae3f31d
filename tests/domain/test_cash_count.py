from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from travellr_desktop.domain.cash_count import PIECES, CashCount, DayClose, Piece, TillDay, stays
from travellr_desktop.domain.money import CurrencyMismatch, Money, decimals
from travellr_desktop.errors import InvalidInput


def eur(minor: int) -> Money:
    return Money(minor, "EUR")


@pytest.mark.parametrize("currency", sorted(PIECES))
def test_notes_come_before_coins_and_larger_before_smaller(currency: str) -> None:
    pieces = PIECES[currency]
    notes = [piece.minor for piece in pieces if not piece.coin]
    coins = [piece.minor for piece in pieces if piece.coin]
    assert pieces == (*map(Piece, notes), *(Piece(minor, coin=True) for minor in coins))
    for each in (notes, coins):
        assert each == sorted(set(each), reverse=True)
    assert min(notes) > min(coins) >= 1
    assert decimals(currency) in (0, 2, 3)


@pytest.mark.parametrize(
    ("currency", "largest", "smallest"),
    [
        ("EUR", "200.00", "0.01"),
        ("USD", "100.00", "0.01"),
        ("GBP", "50.00", "0.01"),
        ("CHF", "1000.00", "0.05"),
        ("JPY", "10000", "1"),
        ("KWD", "20.000", "0.005"),
        ("RSD", "5000.00", "1.00"),
    ],
)
def test_the_largest_note_and_the_smallest_coin(currency: str, largest: str, smallest: str) -> None:
    minors = [piece.minor for piece in PIECES[currency]]
    assert (max(minors), min(minors)) == (int(largest.replace(".", "")), int(smallest.replace(".", "")))


def test_a_note_and_a_coin_of_one_value_are_counted_apart() -> None:
    count = CashCount("RSD", {Piece(2_000): 3, Piece(2_000, coin=True): 4})
    assert (count.notes.minor, count.coins.minor, count.total.minor) == (6_000, 8_000, 14_000)


def test_what_the_table_does_not_know_is_counted_by_its_amount() -> None:
    assert CashCount("EUR", {Piece(1_000): 2}, loose=50_000).total == eur(52_000)
    assert CashCount("ISK", {}, loose=12_000).total == Money(12_000, "ISK")


@pytest.mark.parametrize(
    ("currency", "pieces", "loose"),
    [
        ("EUR", {Piece(300): 1}, 0),
        ("EUR", {Piece(200): 1}, 0),  # there is no note of two euros
        ("ISK", {Piece(1): 1}, 0),
        ("XXX", {}, 0),
        ("EUR", {Piece(500): -1}, 0),
        ("EUR", {Piece(500): 1.0}, 0),
        ("EUR", {Piece(500): True}, 0),
        ("EUR", {Piece(500): 1_000_001}, 0),
        ("EUR", {}, -1),
        ("EUR", {}, 0.5),
    ],
)
def test_a_count_that_cannot_be_is_refused(currency: str, pieces: Any, loose: Any) -> None:
    with pytest.raises(InvalidInput):
        CashCount(currency, pieces, loose)


@given(st.sampled_from(sorted(PIECES)), st.data())
def test_the_count_is_the_sum_of_its_pieces(currency: str, data: st.DataObject) -> None:
    pieces = data.draw(st.dictionaries(st.sampled_from(PIECES[currency]), st.integers(0, 500)))
    count = CashCount(currency, pieces)
    assert count.total.minor == sum(piece.minor * number for piece, number in pieces.items())


def day(**amounts: int) -> TillDay:
    names = ("opened_with", "cash_sales", "cash_refunds", "paid_out", "dropped", "added")
    return TillDay(*(eur(amounts.get(name, 0)) for name in names))


def test_what_should_be_in_the_till() -> None:
    whole = day(
        opened_with=20_000,
        cash_sales=104_650,
        cash_refunds=6_700,
        paid_out=1_840,
        dropped=60_000,
        added=5_000,
    )
    assert whole.expected == eur(61_110)
    assert day(cash_refunds=1).expected == eur(-1)


@pytest.mark.parametrize(
    "name", ["opened_with", "cash_sales", "cash_refunds", "paid_out", "dropped", "added"]
)
def test_what_moved_is_not_below_zero(name: str) -> None:
    with pytest.raises(InvalidInput):
        day(**{name: -1})


def test_a_till_has_one_currency() -> None:
    with pytest.raises(CurrencyMismatch):
        TillDay(eur(1), Money(1, "USD"), eur(0), eur(0), eur(0), eur(0))


def test_a_close_says_what_differs_and_where_the_money_goes() -> None:
    short = DayClose(expected=eur(61_110), counted=eur(60_910), stays=eur(20_000))
    assert (short.difference, short.needs_reason, short.to_safe) == (eur(-200), True, eur(40_910))
    right = DayClose(expected=eur(100), counted=eur(100), stays=eur(100))
    assert (right.difference, right.needs_reason, right.to_safe) == (eur(0), False, eur(0))
    over = DayClose(expected=eur(100), counted=eur(101), stays=eur(0))
    assert over.difference == eur(1)


@pytest.mark.parametrize("stays", [-1, 101])
def test_no_more_stays_than_was_counted(stays: int) -> None:
    with pytest.raises(InvalidInput) as refusal:
        DayClose(expected=eur(100), counted=eur(100), stays=eur(stays))
    assert refusal.value.field == "stays"


# what stays for the next day


def pieces(count: CashCount) -> dict[int, int]:
    return {piece.minor: number for piece, number in count.pieces.items() if number}


def counted(found: dict[int, int], loose: int = 0) -> CashCount:
    by_value = {piece.minor: piece for piece in PIECES["EUR"]}
    return CashCount("EUR", {by_value[minor]: number for minor, number in found.items()}, loose)


EVENING = counted(
    {
        10_000: 1,
        5_000: 4,
        2_000: 9,
        1_000: 6,
        500: 5,
        200: 12,
        100: 11,
        50: 9,
        20: 14,
        10: 11,
        5: 12,
        2: 4,
        1: 2,
    }
)


def test_the_small_pieces_stay() -> None:
    """Of 609.10, 200.00: the notes of 4 × 20, 6 × 10 and 4 × 5 are 160.00, the coins but for 4.10 the rest."""
    found = stays(EVENING, eur(20_000))
    assert found.total == eur(20_000)
    assert found.notes == eur(16_000)
    assert {minor: number for minor, number in pieces(found).items() if minor >= 500} == {
        2_000: 4,
        1_000: 6,
        500: 4,
    }


def test_what_cannot_be_made_up_is_undercut() -> None:
    assert pieces(stays(counted({5_000: 3, 2_000: 1}), eur(8_000))) == {5_000: 1, 2_000: 1}
    assert pieces(stays(counted({5_000: 3}), eur(4_999))) == {}
    assert stays(counted({5_000: 1}, loose=50_000), eur(30_000)).total == eur(5_000)
    assert stays(CashCount("ISK", {}, loose=500), Money(500, "ISK")).total == Money(0, "ISK")


def test_more_than_there_is_keeps_all_and_less_than_nothing_nothing() -> None:
    assert stays(EVENING, eur(90_000)) == EVENING
    assert stays(EVENING, eur(-5)).total == eur(0)
    with pytest.raises(CurrencyMismatch):
        stays(EVENING, Money(5, "USD"))


@given(
    st.dictionaries(st.sampled_from([5_000, 2_000, 500, 200, 50, 20, 5]), st.integers(0, 3)),
    st.integers(0, 12_000),
)
def test_no_other_choice_comes_nearer_and_none_of_as_much_keeps_fewer_large_pieces(
    found: dict[int, int], wanted: int
) -> None:
    values = sorted(found, reverse=True)
    choices = [
        numbers
        for numbers in itertools.product(*(range(found[value] + 1) for value in values))
        if sum(number * value for number, value in zip(numbers, values, strict=True)) <= wanted
    ]
    best = min(
        choices,
        key=lambda numbers: (-sum(n * value for n, value in zip(numbers, values, strict=True)), numbers),
    )
    chosen = stays(counted(found), eur(wanted))
    assert pieces(chosen) == {value: number for value, number in zip(values, best, strict=True) if number}
