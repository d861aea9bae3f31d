"""How a statement's figure comes about: reckoned by hand, and always the sum of its lines."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from travellr_desktop.domain.ledger import LedgerEvent
from travellr_desktop.domain.payouts.statement import (
    Figures,
    Item,
    Share,
    StatementState,
    figures,
    items,
    state_of,
)
from travellr_desktop.domain.payouts.words import LineKind
from travellr_desktop.domain.states import PayoutState

DONE, BACK, KEPT = LedgerEvent.TRIP_DONE, LedgerEvent.REFUND_APPROVED_AFTER_TRIP, LedgerEvent.KEPT
ONE, TWO, THREE = (UUID(int=n) for n in (1, 2, 3))


def entry(n: int) -> UUID:
    return UUID(int=1000 + n)


def test_euros_as_reckoned_by_hand() -> None:
    """113.00 and 65.00 were sold at 20 %; 65.00 of a trip that was paid out before goes back; 31.20 were carried."""
    shares = [
        Share(entry(1), DONE, ONE, 9_040, 2_260),
        Share(entry(2), DONE, TWO, 5_200, 1_300),
        Share(entry(3), BACK, THREE, -5_200, -1_300),
        Share(entry(4), DONE, UUID(int=9), 3_120, 780, carried=True),
    ]
    assert figures(shares) == Figures(
        charges=17_800, refunds=-6_500, adjustments=0, commission=-2_260, carried_in=3_120, bookings=2
    )
    assert figures(shares).total == 12_160
    assert items(shares) == (
        Item(LineKind.NORMAL, DONE, ONE, (entry(1),), 11_300, -2_260),
        Item(LineKind.NORMAL, DONE, TWO, (entry(2),), 6_500, -1_300),
        Item(LineKind.REVERSED, BACK, THREE, (entry(3),), -6_500, 1_300),
    )
    assert [item.net for item in items(shares)] == [9_040, 5_200, -5_200]


def test_yen_have_no_decimals_and_what_cannot_be_paid_is_carried_out() -> None:
    """12,345 at 15 %: 1,852 (1,851.75 rounded) for the agency. Two days later all of it goes back, and 8,000 of a trip
    before it."""
    shares = [
        Share(entry(1), DONE, ONE, 10_493, 1_852),
        Share(entry(2), BACK, ONE, -10_493, -1_852),
        Share(entry(3), BACK, TWO, -6_800, -1_200),
    ]
    found = figures(shares)
    assert found == Figures(charges=12_345, refunds=-20_345, commission=1_200, bookings=1)
    assert (found.total, found.carried_out(paid=False), found.carried_out(paid=True)) == (-6_800, -6_800, 0)


def test_dinars_have_three_decimals() -> None:
    """KWD 12.345 at 12.5 %: 1.543 for the agency; KWD 2.500 by hand; KWD 40.000 that did not arrive."""
    shares = [
        Share(entry(1), DONE, ONE, 10_802, 1_543),
        Share(entry(2), LedgerEvent.VENDOR_ADJUSTED, None, -2_500),
        Share(entry(3), LedgerEvent.PAYOUT_FAILED, None, 40_000),
    ]
    found = figures(shares)
    assert (found.charges, found.commission, found.adjustments, found.total) == (
        12_345,
        -1_543,
        37_500,
        48_302,
    )
    assert [item.kind for item in items(shares)] == [
        LineKind.NORMAL,
        LineKind.ADJUSTMENT,
        LineKind.RETURNED,
    ]


def test_what_was_paid_and_what_was_still_owed_of_a_booking_are_one_line() -> None:
    shares = [Share(entry(1), DONE, ONE, 5_000, 2_000), Share(entry(2), DONE, ONE, 3_000)]
    assert items(shares) == (Item(LineKind.NORMAL, DONE, ONE, (entry(1), entry(2)), 10_000, -2_000),)
    assert figures(shares).bookings == 1


def test_what_has_another_reason_is_another_line_of_the_booking() -> None:
    lost = LedgerEvent.DISPUTE_LOST
    shares = [
        Share(entry(1), KEPT, ONE, 4_000, 1_000),
        Share(entry(2), BACK, ONE, -800, -200),
        Share(entry(3), lost, ONE, -1_600, -400),
        Share(entry(4), BACK, ONE, -80, -20),
    ]
    assert [(item.kind, item.event, item.retail) for item in items(shares)] == [
        (LineKind.NORMAL, KEPT, 5_000),
        (LineKind.REVERSED, BACK, -1_100),
        (LineKind.REVERSED, lost, -2_000),
    ]


def test_what_has_no_booking_is_never_put_together() -> None:
    adjusted = LedgerEvent.VENDOR_ADJUSTED
    shares = [Share(entry(n), adjusted, None, n) for n in (1, 2)]
    assert [item.entry_ids for item in items(shares)] == [(entry(1),), (entry(2),)]


@pytest.mark.parametrize(
    "event", [LedgerEvent.PAYOUT_FAILED, LedgerEvent.TRANSFER_REVERSED, LedgerEvent.PAYOUT_RETURNED]
)
def test_a_payout_that_came_back_is_said_to_have(event: LedgerEvent) -> None:
    assert Share(entry(1), event, None, 100).kind is LineKind.RETURNED


def test_nothing_at_all_comes_to_nothing() -> None:
    assert figures([]) == Figures() and items([]) == ()
    assert figures([]).total == 0


def test_a_statement_is_where_its_payout_is() -> None:
    assert state_of(None) is StatementState.CARRIED
    assert [state_of(state).value for state in PayoutState] == [
        *("approved", "sending", "paid", "failed", "sending", "failed", "failed")
    ]


amounts = st.integers(-(10**9), 10**9).filter(bool)
events = st.sampled_from(
    [DONE, BACK, KEPT, LedgerEvent.GOODWILL, LedgerEvent.VENDOR_ADJUSTED, LedgerEvent.PAYOUT_FAILED]
)


@st.composite
def some_shares(draw: st.DrawFn) -> list[Share]:
    count = draw(st.integers(0, 25))
    made = []
    for n in range(count):
        booking = draw(st.none() | st.integers(1, 6).map(lambda i: UUID(int=i)))
        commission = 0 if booking is None else draw(st.integers(-(10**6), 10**6))
        made.append(
            Share(entry(n), draw(events), booking, draw(amounts), commission, carried=draw(st.booleans()))
        )
    return made


@given(some_shares())
def test_the_figures_are_the_sum_of_the_lines_and_of_the_ledger(shares: list[Share]) -> None:
    found, lines = figures(shares), items(shares)
    assert found.total == sum(share.amount for share in shares)
    assert found.total - found.carried_in == sum(line.net for line in lines)
    assert found.charges + found.refunds + found.adjustments == sum(line.retail for line in lines)
    assert found.commission == sum(line.commission for line in lines)
    new = [share.entry_id for share in shares if not share.carried]
    assert sorted(each for line in lines for each in line.entry_ids) == sorted(new)


@given(some_shares())
def test_order_changes_no_figure(shares: list[Share]) -> None:
    assert figures(reversed(shares)) == figures(shares)
