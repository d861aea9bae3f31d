"""What is invoiced and credited: always the difference to what a booking comes to."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from travellr_desktop.domain.invoicing import (
    Item,
    Left,
    OpenOf,
    Position,
    Worth,
    by_rate,
    credited_on,
    included_tax,
    open_of,
    worth,
)
from travellr_desktop.domain.money import round_ratio
from travellr_desktop.domain.party import TravellerType
from travellr_desktop.errors import InvalidInput

ADULT, CHILD, INFANT = TravellerType.ADULT, TravellerType.CHILD, TravellerType.INFANT
ONE, TWO = UUID(int=1), UUID(int=2)


def minus(position: Position) -> Position:
    """As a credit note has it."""
    return Position(position.item, -position.quantity, position.tax_bps, -position.gross, -position.tax)


def test_travellers_are_lines_by_their_type_and_who_costs_nothing_is_none() -> None:
    found = worth([(ADULT, 4500), (CHILD, 2700), (ADULT, 4500), (INFANT, 0)])
    assert found == (Worth(Item.ADULT, 2, 9000), Worth(Item.CHILD, 1, 2700))


def test_what_was_kept_is_a_line_and_what_was_given_back_makes_all_less() -> None:
    assert worth([], kept=1500) == (Worth(Item.KEPT, 1, 1500),)
    assert worth([(ADULT, 6000)], kept=3000, given_back=900) == (
        Worth(Item.ADULT, 1, 5400),
        Worth(Item.KEPT, 1, 2700),
    )
    assert worth([(ADULT, 100)], given_back=500) == ()


def test_nothing_below_zero_is_invoiced() -> None:
    with pytest.raises(InvalidInput):
        worth([(ADULT, -1)])
    with pytest.raises(InvalidInput):
        worth([(ADULT, 1)], given_back=-1)


def test_tax_is_the_part_of_the_gross_amount() -> None:
    # 121.00 with 21 % in it: 100.00 and 21.00
    assert included_tax(12_100, 2_100) == 2_100
    assert included_tax(100, 0) == 0
    assert included_tax(1, 10_000) == 1  # half a unit is a whole one


def test_the_first_invoice_has_everything() -> None:
    found = open_of(worth([(ADULT, 4500), (ADULT, 4500), (CHILD, 2700)]), 2_100, ())
    assert found.credit == ()
    assert [(p.item, p.quantity, p.gross) for p in found.invoice] == [
        (Item.ADULT, 2, 9000),
        (Item.CHILD, 1, 2700),
    ]
    assert sum(p.tax for p in found.invoice) == round_ratio(11_700 * 2_100, 12_100)
    assert sum(p.net for p in found.invoice) == 11_700 - round_ratio(11_700 * 2_100, 12_100)


def test_what_is_invoiced_already_is_not_invoiced_again() -> None:
    now = worth([(ADULT, 4500)])
    done = open_of(now, 2_100, ()).invoice
    assert open_of(now, 2_100, done) == OpenOf()


def test_one_more_traveller_is_one_more_line() -> None:
    done = open_of(worth([(ADULT, 4500)]), 2_100, ()).invoice
    more = open_of(worth([(ADULT, 4500), (ADULT, 4500)]), 2_100, done)
    assert [(p.item, p.quantity, p.gross) for p in more.invoice] == [(Item.ADULT, 1, 4500)]


def test_another_price_of_the_same_travellers_is_a_change() -> None:
    done = open_of(worth([(ADULT, 4500), (ADULT, 4500)]), 2_100, ()).invoice
    dearer = open_of(worth([(ADULT, 5000), (ADULT, 5000)]), 2_100, done)
    assert [(p.item, p.quantity, p.gross) for p in dearer.invoice] == [(Item.CHANGE, 1, 1000)]
    cheaper = open_of(worth([(ADULT, 4000), (ADULT, 4000)]), 2_100, done)
    assert [(p.item, p.quantity, p.gross) for p in cheaper.credit] == [(Item.CHANGE, 1, 1000)]


def test_an_adult_who_becomes_a_child_is_credited_with_the_difference_alone() -> None:
    done = open_of(worth([(ADULT, 4500)]), 2_100, ()).invoice
    found = open_of(worth([(CHILD, 2700)]), 2_100, done)
    assert found.invoice == ()
    assert [(p.item, p.gross) for p in found.credit] == [(Item.CHANGE, 1800)]


def test_a_traveller_who_left_is_credited() -> None:
    done = open_of(worth([(ADULT, 4500), (ADULT, 4500)]), 2_100, ()).invoice
    found = open_of(worth([(ADULT, 4500)]), 2_100, done)
    assert [(p.item, p.quantity, p.gross) for p in found.credit] == [(Item.ADULT, 1, 4500)]


def test_another_rate_is_credited_and_invoiced_anew() -> None:
    done = open_of(worth([(ADULT, 4500)]), 2_100, ()).invoice
    found = open_of(worth([(ADULT, 4500)]), 700, done)
    assert [(p.tax_bps, p.gross) for p in found.credit] == [(2_100, 4500)]
    assert [(p.tax_bps, p.gross) for p in found.invoice] == [(700, 4500)]


def test_a_credit_note_of_everything_leaves_it_open_again() -> None:
    now = worth([(ADULT, 4500)])
    done = open_of(now, 2_100, ()).invoice
    assert open_of(now, 2_100, (*done, *map(minus, done))).invoice == done


STEPS = st.lists(st.integers(0, 6), min_size=1, max_size=12)


@given(steps=STEPS, price=st.integers(1, 9_999), bps=st.sampled_from([0, 500, 700, 1_900, 2_100, 2_550]))
def test_however_it_came_about_the_tax_is_that_of_one_invoice(steps: list[int], price: int, bps: int) -> None:
    so_far: list[Position] = []
    for count in steps:
        found = open_of(worth([(ADULT, price)] * count), bps, so_far)
        assert not (found.invoice and found.credit)
        for each in (*found.invoice, *found.credit):
            assert each.gross > 0 and 0 <= each.tax <= each.gross
        so_far += [*found.invoice, *map(minus, found.credit)]
        assert sum(p.gross for p in so_far) == count * price
        assert sum(p.tax for p in so_far) == included_tax(count * price, bps)


def test_tax_rounded_on_each_document_alone_would_drift() -> None:
    """The negative control: each of ten invoices of 0.03 rounded by itself states twice the tax."""
    naive = sum(included_tax(3, 2_100) for _ in range(10))
    so_far: list[Position] = []
    for count in range(1, 11):
        so_far += open_of(worth([(ADULT, 3)] * count), 2_100, so_far).invoice
    assert sum(p.tax for p in so_far) == included_tax(30, 2_100) == 5
    assert naive == 10


def test_a_credit_is_on_the_invoice_that_has_it() -> None:
    wanted = (Position(Item.ADULT, 1, 2_100, 4500, 781),)
    assert credited_on(wanted, [Left(ONE, 9000, 1562)]) == ((ONE, wanted[0]),)


def test_a_credit_goes_over_several_invoices_and_none_gets_more_than_it_has() -> None:
    wanted = (Position(Item.ADULT, 2, 2_100, 9000, 1562),)
    found = credited_on(wanted, [Left(TWO, 4000, 694), Left(ONE, 5500, 955)])
    assert [(invoice, p.gross, p.tax) for invoice, p in found] == [(TWO, 4000, 694), (ONE, 5000, 868)]


def test_more_than_is_left_is_never_credited() -> None:
    wanted = (Position(Item.ADULT, 1, 2_100, 4500, 781),)
    with pytest.raises(InvalidInput):
        credited_on(wanted, [Left(ONE, 4499, 781)])
    with pytest.raises(InvalidInput):
        credited_on((), [Left(ONE, 4499, 781)])


@given(
    lefts=st.lists(st.tuples(st.integers(0, 500), st.integers(0, 100)), min_size=1, max_size=4),
    part=st.integers(1, 2_000),
)
def test_what_is_credited_is_what_was_asked_and_leaves_no_tax_behind(
    lefts: list[tuple[int, int]], part: int
) -> None:
    found = [Left(UUID(int=n), gross, min(tax, gross)) for n, (gross, tax) in enumerate(lefts)]
    whole = sum(each.gross for each in found)
    if not whole:
        return
    gross = min(part, whole)
    wanted = (Position(Item.ADULT, 1, 2_100, gross, included_tax(gross, 2_100)),)
    credited = dict(credited_on(wanted, found))
    assert sum(p.gross for p in credited.values()) == gross
    for left in found:
        position = credited.get(left.invoice_id)
        if position is not None:
            assert 0 < position.gross <= left.gross
            assert 0 <= position.tax <= min(position.gross, left.tax)
            assert 0 <= left.tax - position.tax <= left.gross - position.gross


def test_the_foot_has_each_rate_once_the_highest_first() -> None:
    found = by_rate(
        [
            Position(Item.ADULT, 1, 700, 1_070, 70),
            Position(Item.ADULT, 1, 2_100, 1_210, 210),
            Position(Item.CHILD, 1, 700, 535, 35),
        ]
    )
    assert [(r.tax_bps, r.net, r.tax, r.gross) for r in found] == [
        (2_100, 1_000, 210, 1_210),
        (700, 1_500, 105, 1_605),
    ]
