"""Options, offers and overbooking where seats are numbered."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from helpers.desk import CASH, Desk
from helpers.seated import add_numbered, seats_of
from helpers.waiting import free, join
from travellr_desktop.errors import WrongState


@pytest.fixture
def coach(desk: Desk) -> UUID:
    """Four numbered seats."""
    return add_numbered(desk, capacity=4)


def test_an_option_keeps_its_seats_into_the_basket_and_the_booking(desk: Desk, coach: UUID) -> None:
    hold = desk.hold(coach, adult=2)
    assert len(hold.labels) == 2
    until = desk.clock.now() + timedelta(days=2)
    option = desk.services.options.keep(desk.agent, hold.id, until, desk.traveller().id, key=uuid4())
    assert option.labels == hold.labels
    again = desk.services.options.take_up(desk.agent, option.id, key=uuid4())
    assert again.labels == hold.labels
    desk.sell(again, pay=CASH)
    assert set(seats_of(desk, coach)) == set(hold.labels)


def test_seats_of_a_released_option_are_free_again(desk: Desk, coach: UUID) -> None:
    hold = desk.hold(coach, adult=4)
    until = desk.clock.now() + timedelta(days=2)
    desk.services.options.keep(desk.agent, hold.id, until, desk.traveller().id, key=uuid4())
    desk.services.options.release(desk.agent, hold.id)
    assert set(seats_of(desk, coach)) == set()


def test_an_offer_takes_the_seats_that_came_free(desk: Desk, coach: UUID) -> None:
    desk.sold(coach, adult=2, pay=CASH)
    gone = desk.sold(coach, adult=2, pay=CASH)
    before = set(seats_of(desk, coach))
    join(desk, coach, 2)
    desk.cancel(gone.bookings[0].id)
    (offer,) = desk.services.options.of_departure(desk.agent, coach)
    assert len(offer.labels) == 2
    assert set(seats_of(desk, coach)) == before
    assert free(desk, coach) == 0


def test_numbered_seats_are_not_overbooked(desk: Desk, coach: UUID) -> None:
    with pytest.raises(WrongState, match="no seat to sit on"):
        desk.services.overbooking.allow(desk.admin, coach, 1, "Please", key=uuid4())
    assert free(desk, coach) == 4
