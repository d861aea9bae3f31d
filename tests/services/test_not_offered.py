"""A trip that is offered no more: what is held and sold of it stays, and nobody new is given a seat."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest

from helpers.changing import ADULT, CHILD, becoming, change, joining
from helpers.desk import CASH, DAY, Desk
from helpers.waiting import join, state
from travellr_desktop.domain.party import Party
from travellr_desktop.domain.states import WaitingState
from travellr_desktop.errors import SalesClosed


@pytest.fixture
def full(desk: Desk) -> UUID:
    """A departure of four seats, all of them sold."""
    departure = desk.add_departure(capacity=4)
    desk.sold(departure, adult=2, pay=CASH)
    desk.sold(departure, adult=2, pay=CASH)
    return departure


def trip(desk: Desk) -> UUID:
    return next(iter(desk.trips.values()))


def offer_no_more(desk: Desk) -> None:
    desk.services.trips.deactivate(desk.admin, trip(desk), sold_stays=True)


def first_booking(desk: Desk) -> UUID:
    with desk.database.read() as view:
        return view.bookings.find_all()[0][0].id


def test_freed_seats_wait_until_it_is_offered_again(desk: Desk, full: UUID) -> None:
    entry = join(desk, full, 2)
    offer_no_more(desk)
    desk.cancel(first_booking(desk))
    assert desk.services.waiting_list.keep_up() == 0
    assert state(desk, entry) is WaitingState.WAITING
    desk.services.trips.activate(desk.admin, trip(desk))
    assert desk.services.waiting_list.keep_up() == 1
    assert state(desk, entry) is WaitingState.OFFERED


def more_seats(desk: Desk, full: UUID) -> object:
    return desk.services.overbooking.allow(desk.admin, full, 1, "A regular guest", key=uuid4())


def another_who_waits(desk: Desk, full: UUID) -> object:
    return join(desk, full, 2)


@pytest.mark.parametrize("ask", [more_seats, another_who_waits])
def test_no_seats_are_added_and_nobody_joins_the_list(
    desk: Desk, full: UUID, ask: Callable[[Desk, UUID], object]
) -> None:
    offer_no_more(desk)
    with pytest.raises(SalesClosed):
        ask(desk, full)
    desk.services.trips.activate(desk.admin, trip(desk))
    ask(desk, full)


def test_a_hold_may_become_smaller_and_not_larger(desk: Desk) -> None:
    hold = desk.hold(desk.add_departure(), adult=2)
    offer_no_more(desk)
    with pytest.raises(SalesClosed):
        desk.services.holds.resize(desk.agent, hold.id, Party(adult=3), key=uuid4())
    smaller = desk.services.holds.resize(desk.agent, hold.id, Party(adult=1), key=uuid4())
    assert smaller.seats == 1


def test_nobody_joins_what_is_sold_and_nobody_on_a_lap_gets_a_seat(desk: Desk) -> None:
    booking = desk.sold(desk.add_departure(), pay=CASH, adult=1, infant=1).bookings[0].id
    offer_no_more(desk)
    for wanted in (joining(CHILD), becoming(desk, booking, 2, CHILD)):
        with pytest.raises(SalesClosed):
            desk.services.changes.preview(desk.agent, booking, wanted)
    change(desk, booking, becoming(desk, booking, 1, ADULT, "Åse Berg"))


def test_the_desk_and_the_board_say_that_it_is_not_sold(desk: Desk) -> None:
    departure = desk.add_departure()
    assert desk.services.departures.offer(desk.agent, departure, Party(adult=2)).why_not is None
    assert desk.services.board.departure(desk.agent, departure).selling
    assert desk.services.board.month(desk.agent, DAY, DAY)[DAY].selling == 1
    offer_no_more(desk)
    assert desk.services.departures.offer(desk.agent, departure, Party(adult=2)).why_not is not None
    assert not desk.services.board.departure(desk.agent, departure).selling
    shown = desk.services.board.month(desk.agent, DAY, DAY)[DAY]
    assert (shown.departures, shown.selling, shown.free, shown.closed) == (1, 0, 0, True)
