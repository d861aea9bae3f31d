"""Where a vendor's money is in the end."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as some

from travellr_desktop.domain.payouts.earning import PayoutFate, Standing, Whereabouts, fates
from travellr_desktop.domain.states import PayoutState

W, P = Whereabouts, PayoutState
ONE, TWO, THREE = (UUID(int=number) for number in (1, 2, 3))


@pytest.mark.parametrize(
    ("state", "place"),
    [
        (P.APPROVED, W.APPROVED),
        (P.SENDING, W.IN_TRANSIT),
        (P.UNKNOWN, W.IN_TRANSIT),
        (P.PAID, W.PAID),
        (P.FAILED, W.AVAILABLE),
        (P.RETURNED, W.AVAILABLE),
        (P.REVERSED, W.AVAILABLE),
    ],
)
def test_a_payout_that_did_not_arrive_is_available_again(state: PayoutState, place: Whereabouts) -> None:
    again = (None,) if state in (P.FAILED, P.RETURNED, P.REVERSED) else ()
    assert fates({ONE: PayoutFate(state, again)}) == {ONE: place}


def test_what_came_back_is_followed_through_every_other_try() -> None:
    payouts = {
        ONE: PayoutFate(P.FAILED, (TWO,)),
        TWO: PayoutFate(P.REVERSED, (THREE,)),
        THREE: PayoutFate(P.PAID),
    }
    assert set(fates(payouts).values()) == {W.PAID}


def test_what_came_back_in_parts_is_where_the_last_of_it_is() -> None:
    payouts = {
        ONE: PayoutFate(P.REVERSED, (TWO, THREE)),
        TWO: PayoutFate(P.PAID),
        THREE: PayoutFate(P.SENDING),
    }
    assert fates(payouts)[ONE] is W.IN_TRANSIT
    assert fates(payouts | {ONE: PayoutFate(P.REVERSED, (TWO, None))})[ONE] is W.AVAILABLE


def test_a_transfer_that_was_reversed_in_part_was_paid() -> None:
    """What came back of it stands for itself."""
    assert fates({ONE: PayoutFate(P.PAID, (None,))}) == {ONE: W.PAID}


minor = some.integers(-(10**9), 10**9)


@given(some.builds(Standing, minor, minor, minor, minor, minor, minor, minor))
def test_the_places_add_up_to_what_was_earned(standing: Standing) -> None:
    assert standing.earned == standing.held + standing.free + standing.in_transit + standing.paid
    assert standing.free == standing.available + standing.approved
