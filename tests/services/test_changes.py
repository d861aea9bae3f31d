"""Changing a booking after its sale: who joins, leaves or is of another type, and another departure."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from helpers.books import balances, charged, entries, refund_states, seats
from helpers.changing import (
    ADULT,
    CHILD,
    INFANT,
    becoming,
    change,
    euros,
    joining,
    leaving,
    line_ids,
    lines,
    price,
    to,
)
from helpers.clock import HandClock
from helpers.desk import CARD, CASH, Desk
from travellr_desktop.domain.states import RefundState
from travellr_desktop.services.changes import ChangeState

SOON = date(2026, 6, 23)  # in five days: strict keeps half
LATER = date(2026, 7, 5)


# who joins


def test_a_traveller_joins_for_cash(desk: Desk) -> None:
    departure = desk.add_departure(capacity=4)
    booking = desk.sold(departure, adult=2).bookings[0].id
    outcome = change(desk, booking, joining(CHILD))
    assert (outcome.state, outcome.difference) == (ChangeState.DONE, euros(2700))
    assert lines(desk, booking) == [
        (1, "adult", 4500, 0, True),
        (2, "adult", 4500, 0, True),
        (3, "child", 2700, 0, True),
    ]
    assert seats(desk, departure) == (4, 3)
    assert entries(desk, booking)[1:] == [("payment", "till", "traveller_funds", 2700)]
    assert balances(desk) == {"stripe": 9000, "till": 2700, "traveller_funds": 11700}


def test_a_traveller_joins_by_card(desk: Desk) -> None:
    departure = desk.add_departure(capacity=4)
    booking = desk.sold(departure, adult=2).bookings[0].id
    outcome = change(desk, booking, joining(ADULT, INFANT), CARD)
    assert (outcome.state, outcome.payment_label) == (ChangeState.DONE, "Visa ending 4242")
    assert seats(desk, departure) == (4, 3)
    assert charged(desk) == (13500, 0)


# who leaves


def test_one_of_three_leaves_by_the_policy(desk: Desk) -> None:
    """Half of 45.00 is kept five days before: 22.50, of which 20 % are the agency's."""
    strict = desk.add_trip("Half kept", policy="strict")
    departure = desk.add_departure(strict, day=SOON, capacity=4)
    booking = desk.sold(departure, adult=3).bookings[0].id
    outcome = change(desk, booking, leaving(desk, booking, 2))
    assert (outcome.difference, len(outcome.refunds)) == (euros(-2250), 1)
    assert lines(desk, booking)[1] == (2, "adult", 4500, 2250, False)
    assert price(desk, booking) == 9000
    assert seats(desk, departure) == (4, 2)
    assert entries(desk, booking)[1:] == [
        ("kept", "traveller_funds", "vendor_payable", 1800),
        ("kept", "traveller_funds", "cancellation_revenue", 450),
        ("refund_approved", "traveller_funds", "refunds_payable", 2250),
        ("refund_accepted", "refunds_payable", "stripe", 2250),
    ]
    assert charged(desk) == (13500, 2250)


def test_what_is_kept_one_by_one_is_what_is_kept_at_once(desk: Desk) -> None:
    """Half of 33.33 is 16.67; 20 % of three times that are 10.00, of each by itself 3.33."""
    strict = desk.add_trip("Odd", policy="strict", adult=3333)
    booking = desk.sold(desk.add_departure(strict, day=SOON), adult=4).bookings[0].id
    for position in (1, 2, 3):
        change(desk, booking, leaving(desk, booking, position))
    assert balances(desk)["cancellation_revenue"] == 1000
    desk.cancel(booking)
    kept = 4 * 1667
    assert balances(desk) == {"stripe": kept, "vendor_payable": kept - 1334, "cancellation_revenue": 1334}


def test_a_manager_goes_beyond_the_policy_with_a_reason(desk: Desk) -> None:
    strict = desk.add_trip("Half kept", policy="strict")
    booking = desk.sold(desk.add_departure(strict, day=SOON), adult=3).bookings[0].id
    outcome = change(desk, booking, leaving(desk, booking, 2, waive=True), actor=desk.admin)
    assert outcome.difference == euros(-4500)


# another departure


def test_rebooked_to_a_dearer_day(desk: Desk) -> None:
    first = desk.add_departure(capacity=4)
    dear = desk.add_departure(desk.add_trip("Sunset", adult=6000, child=3000), day=LATER, capacity=4)
    booking = desk.sold(first, adult=2, child=1).bookings[0].id
    outcome = change(desk, booking, to(dear), CARD)
    assert (outcome.state, outcome.difference) == (ChangeState.DONE, euros(3300))
    assert seats(desk, first) == (4, 0)
    assert seats(desk, dear) == (4, 3)
    assert price(desk, booking) == 15000
    assert charged(desk) == (15000, 0)


def test_rebooked_to_a_cheaper_day_the_difference_goes_back(desk: Desk) -> None:
    cheap = desk.add_departure(desk.add_trip("Short", adult=4000, child=2000), day=LATER, capacity=4)
    booking = desk.sold(desk.add_departure(), adult=2, child=1).bookings[0].id
    outcome = change(desk, booking, to(cheap))
    assert outcome.difference == euros(-1700)
    assert refund_states(desk, booking) == [(RefundState.COMPLETED, 1700)]


# another type


def test_an_infant_becomes_a_child_and_takes_a_seat(desk: Desk) -> None:
    departure = desk.add_departure(capacity=4)
    booking = desk.sold(departure, adult=2, infant=1).bookings[0].id
    assert seats(desk, departure) == (4, 2)
    outcome = change(desk, booking, becoming(desk, booking, 3, CHILD, "Mila", 4), CARD)
    assert outcome.difference == euros(2700)
    assert seats(desk, departure) == (4, 3)
    outcome = change(desk, booking, becoming(desk, booking, 3, INFANT, "Mila", 1))
    assert outcome.difference == euros(-2700)
    assert seats(desk, departure) == (4, 2)
