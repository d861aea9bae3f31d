"""What open lines come to, reckoned by hand in currencies of two, no and three decimals."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from travellr_desktop.domain.payouts.figures import Figures, PartSum, figures, total
from travellr_desktop.domain.payouts.words import LinePart

CHARGE, MORE, REFUND = LinePart.CHARGE, LinePart.MORE, LinePart.REFUND
ADJUSTMENT, RETURNED = LinePart.ADJUSTMENT, LinePart.RETURNED


def test_euros_with_a_refund_and_what_was_carried_in() -> None:
    # 22 bookings for 1430.00, of which the agency keeps a fifth; 65.00 given back, 13.00 of it the agency's
    found = figures(
        [
            PartSum(CHARGE, 114_400, 28_600, 22),
            PartSum(REFUND, -5_200, -1_300, 1),
            PartSum(CHARGE, 3_120, 780, 2, carried=True),
        ]
    )
    assert found == Figures(22, 25, 143_000, -28_600, -5_200, 0, 3_120)
    assert found.to_pay == 112_320


def test_yen_of_which_each_booking_is_rounded_by_itself() -> None:
    # 12 345, 9 999 and 1 with a fifth kept: 2 469, 2 000 and nothing; 500 taken off by hand
    found = figures([PartSum(CHARGE, 9_876 + 7_999 + 1, 2_469 + 2_000, 3), PartSum(ADJUSTMENT, -500)])
    assert found == Figures(3, 4, 22_345, -4_469, 0, -500, 0)
    assert found.to_pay == 17_376


def test_dinars_of_three_decimals_and_a_payout_that_came_back() -> None:
    # 125.375 at 17.5 %: 21.940625, rounded once; 10.005 did not arrive the last time
    found = figures([PartSum(CHARGE, 103_434, 21_941, 1), PartSum(RETURNED, 10_005)])
    assert found == Figures(1, 2, 125_375, -21_941, 0, 10_005, 0)
    assert found.to_pay == 113_439


def test_a_booking_is_counted_once_however_many_lines_it_has() -> None:
    # of ten bookings one was paid in part when it travelled: its line comes in two
    lines = [PartSum(CHARGE, 8_000, 2_000, 10), PartSum(MORE, 300, 0, 1)]
    assert figures(lines).bookings == 10
    # another has its first line on an earlier statement
    assert figures([*lines, PartSum(LinePart.AGAIN, 50, 0, 2)], again=1).bookings == 11


def test_what_is_carried_in_is_one_sum_whatever_it_was() -> None:
    carried = [PartSum(part, 100, 20, 1, carried=True) for part in LinePart]
    assert figures(carried) == Figures(0, 6, carried_in=600)


def test_nothing_comes_to_nothing() -> None:
    assert figures([]) == Figures()
    assert total([]) == Figures()


def test_dinars_are_paid_to_the_last_ten_fils() -> None:
    # 20.986 are owed: 20.980 are paid, 0.006 wait; with them 4.994 next week come to 5.000 just
    owed = Figures(1, 1, 24_690, -3_704)
    paid = owed.in_steps(10)
    assert (owed.to_pay, paid.to_pay, paid.adjustments) == (20_986, 20_980, -6)
    assert (paid.gross, paid.commission, paid.bookings, paid.lines) == (24_690, -3_704, 1, 1)
    after = figures([PartSum(CHARGE, 4_994, 881), PartSum(ADJUSTMENT, 6)])
    assert (after.to_pay, after.in_steps(10)) == (5_000, after)


def test_what_is_adjusted_already_stays_so_beside_what_is_taken_off() -> None:
    assert Figures(1, 2, 9_999, -1_500, adjustments=-250).in_steps(10).adjustments == -250 - 9


def test_what_is_below_zero_is_not_paid_and_nothing_is_taken_off_it() -> None:
    for minor in (0, -1, -10, -13):
        assert Figures(adjustments=minor).in_steps(10).to_pay == minor


@given(st.lists(st.integers(-30_000, 200_000), min_size=1, max_size=30), st.sampled_from((1, 10, 100)))
def test_batch_after_batch_less_than_a_step_is_ever_behind(earned: list[int], step: int) -> None:
    """Whatever is earned and given up: each batch pays whole steps, and what all of them paid is what was there, but
    for less than one step."""
    behind = paid = 0
    for position, minor in enumerate(earned):
        owed = figures([PartSum(CHARGE, minor), PartSum(ADJUSTMENT, behind)])
        given_out = owed.in_steps(step)
        if given_out.to_pay < step:
            behind = owed.to_pay  # nothing is paid, all of it stays
            continue
        assert given_out.to_pay % step == 0
        behind, paid = owed.to_pay - given_out.to_pay, paid + given_out.to_pay
        assert 0 <= behind < step
        assert paid + behind == sum(earned[: position + 1])


PARTS = st.builds(
    PartSum,
    st.sampled_from(LinePart),
    st.integers(-(10**9), 10**9),
    st.integers(-(10**6), 10**6),
    st.integers(1, 50),
    st.booleans(),
)


@given(st.lists(st.lists(PARTS)))
def test_the_columns_add_up_to_what_the_lines_are(vendors: list[list[PartSum]]) -> None:
    rows = [figures(each) for each in vendors]
    for row, sums in zip(rows, vendors, strict=True):
        assert row.to_pay == sum(each.amount for each in sums)
        assert row.lines == sum(each.lines for each in sums)
    foot = total(rows)
    assert foot.to_pay == sum(row.to_pay for row in rows)
    assert foot.gross == sum(row.gross for row in rows)
    assert foot.bookings == sum(row.bookings for row in rows)
