"""A change that gives back more than one person may: it is asked for, waits, and is made when somebody else approves
it. Amounts are in cents of euro."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

import pytest

from helpers.books import booking_state, charged, seats
from helpers.changing import CHILD, becoming, leaving, price, to
from helpers.desk import Desk
from helpers.refunding import approved, limit, proved
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.refund_quote import RefundTo
from travellr_desktop.domain.states import BookingState, RefundOrderState
from travellr_desktop.errors import InvalidInput, SeatsGone, WrongState
from travellr_desktop.services.amendments import ChangeKind
from travellr_desktop.services.planning import CancelTravellers, ChangeTraveller, Rebook
from travellr_desktop.services.refund_asks import RefundAsk, RefundOutcome, ask_of_change

LATER = date(2026, 7, 11)


def euros(cents: int) -> Money:
    return Money(cents, "EUR")


def two_sold(desk: Desk, above: int = 0) -> UUID:
    """Two travellers for 90.00; above this a second person approves."""
    booking = desk.sold(desk.add_departure(), adult=2).bookings[0].id
    limit(desk, above)
    return booking


def cheap(desk: Desk, capacity: int = 4) -> UUID:
    """A departure at 40.00 instead of 45.00."""
    return desk.add_departure(desk.add_trip("Short", adult=4000, child=2000), day=LATER, capacity=capacity)


def asked(desk: Desk, booking: UUID, change: CancelTravellers | Rebook | ChangeTraveller) -> RefundOutcome:
    shown = desk.services.changes.preview(desk.agent, booking, change)
    assert shown.needs_second
    ask = ask_of_change(booking, change, shown.back)
    preview = desk.services.refunds.preview(desk.agent, ask)
    assert (preview.back, preview.needs_second) == (shown.back, True)
    return desk.services.refunds.request(desk.agent, ask, shown.back, key=uuid4())


def departure_of(desk: Desk, booking: UUID) -> UUID:
    return desk.services.bookings.detail(desk.agent, booking).departure_id


def test_a_rebooking_to_a_cheaper_departure_waits_and_is_made_when_approved(desk: Desk) -> None:
    booking, there = two_sold(desk), cheap(desk)
    was = departure_of(desk, booking)
    with pytest.raises(WrongState):  # one person alone does not make it
        desk.services.changes.apply(desk.agent, booking, to(there), euros(-1000), None, key=uuid4())
    outcome = asked(desk, booking, to(there))
    assert outcome.waits and outcome.order_id is not None
    assert (departure_of(desk, booking), price(desk, booking), charged(desk)) == (was, 9000, (9000, 0))
    order = desk.services.refunds.order(desk.admin, outcome.order_id)
    assert order.rebooked is not None
    assert (order.rebooked.departure_id, order.rebooked.title) == (there, "Short")
    preview = desk.services.refunds.order_preview(desk.admin, outcome.order_id)
    assert (preview.back, preview.seats, preview.bookings[0].whole) == (euros(1000), 0, False)
    approved(desk, outcome.order_id)
    assert (departure_of(desk, booking), price(desk, booking), charged(desk)) == (there, 8000, (9000, 1000))
    assert booking_state(desk, booking) is BookingState.CONFIRMED
    assert (seats(desk, was), seats(desk, there)) == ((10, 0), (4, 2))
    proved(desk)


def test_it_may_become_credit(desk: Desk) -> None:
    booking, there = two_sold(desk), cheap(desk)
    ask = RefundAsk((booking,), to=RefundTo.CREDIT, change=to(there))
    order = desk.services.refunds.request(desk.agent, ask, euros(1000), key=uuid4()).order_id
    assert order is not None
    approved(desk, order)
    assert charged(desk) == (9000, 0)
    detail = desk.services.bookings.detail(desk.agent, booking)
    assert [(row.amount, row.to) for row in detail.back] == [(euros(1000), RefundTo.CREDIT)]
    proved(desk)


def test_another_type_waits_too(desk: Desk) -> None:
    booking = two_sold(desk)
    outcome = asked(desk, booking, becoming(desk, booking, 2, CHILD, age=9))
    assert outcome.order_id is not None
    approved(desk, outcome.order_id)
    assert (price(desk, booking), charged(desk)) == (7200, (9000, 1800))
    proved(desk)


def test_who_leaves_is_asked_for_as_some_travellers(desk: Desk) -> None:
    booking = two_sold(desk)
    outcome = asked(desk, booking, leaving(desk, booking, 2))
    assert outcome.order_id is not None
    approved(desk, outcome.order_id)
    assert (price(desk, booking), charged(desk)) == (4500, (9000, 4500))
    proved(desk)


def test_when_the_seats_are_gone_by_then_nothing_is_done(desk: Desk) -> None:
    booking, there = two_sold(desk), cheap(desk, capacity=2)
    outcome = asked(desk, booking, to(there))
    assert outcome.order_id is not None
    desk.sold(there, adult=1)
    with pytest.raises(SeatsGone):
        approved(desk, outcome.order_id)
    order = desk.services.refunds.order(desk.admin, outcome.order_id)
    assert order.state is RefundOrderState.REQUESTED
    assert (price(desk, booking), charged(desk)[1]) == (9000, 0)
    desk.services.refunds.reject(desk.admin, outcome.order_id, "It is full")
    proved(desk)


def test_what_gives_nothing_back_is_no_refund(desk: Desk) -> None:
    booking = two_sold(desk)
    dear = desk.add_departure(desk.add_trip("Long", adult=9000), day=LATER)
    with pytest.raises(InvalidInput) as refused:
        desk.services.refunds.preview(desk.agent, RefundAsk((booking,), change=to(dear)))
    assert refused.value.field == "change"
    line = desk.services.refunds.preview(desk.agent, RefundAsk((booking,))).bookings[0].lines[0].id
    with pytest.raises(InvalidInput):
        desk.services.refunds.preview(desk.agent, RefundAsk((booking,), (line,), change=to(cheap(desk))))


def test_within_the_limit_it_is_a_change_like_any(desk: Desk) -> None:
    booking, there = two_sold(desk, above=1000), cheap(desk)
    shown = desk.services.changes.preview(desk.agent, booking, to(there))
    assert (shown.needs_second, shown.limit, shown.kind) == (False, euros(1000), ChangeKind.REBOOK)
    desk.services.changes.apply(desk.agent, booking, to(there), shown.difference, None, key=uuid4())
    assert charged(desk) == (9000, 1000)
