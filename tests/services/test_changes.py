"""Changing a booking after its sale: who joins, leaves or is of another type, and another departure."""

from __future__ import annotations

from datetime import date, timedelta

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
    lines,
    price,
    to,
)
from helpers.clock import HandClock
from helpers.desk import CARD, Desk
from helpers.seated import add_numbered
from travellr_desktop.domain.discounts import DiscountKind
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.states import RefundState
from travellr_desktop.services.changes import ChangeState
from travellr_desktop.services.discounts import DiscountAsk

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
    wanted = leaving(desk, booking, 2, waive=True)
    shown = desk.services.changes.preview(desk.admin, booking, wanted)
    assert shown.policy_why == "The policy is set aside: nothing is kept"
    outcome = change(desk, booking, wanted, actor=desk.admin)
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


# terms


def test_percentages_hold_for_who_joins_and_amounts_stay_with_who_had_them(desk: Desk) -> None:
    tenth = DiscountAsk(DiscountKind.PERCENT, bps=1_000, reason="They come each year")
    booking = desk.sold(desk.add_departure(capacity=9), discount=tenth, adult=2).bookings[0].id
    assert change(desk, booking, joining(ADULT)).difference == euros(4050)
    once = DiscountAsk(DiscountKind.AMOUNT, amount=Money(800, "EUR"), reason="Rain")
    booking = desk.sold(desk.add_departure(capacity=9), discount=once, adult=2).bookings[0].id
    assert change(desk, booking, joining(ADULT)).difference == euros(4500)
    cheap = desk.add_departure(desk.add_trip("Cheap", adult=300), day=LATER)
    change(desk, booking, to(cheap))
    assert [line[2] for line in lines(desk, booking)] == [0, 0, 300]


def test_to_a_day_of_the_same_price_nothing_moves(desk: Desk) -> None:
    third = DiscountAsk(DiscountKind.PERCENT, bps=333, reason="They come each year")
    booking = desk.sold(desk.add_departure(), discount=third, adult=4).bookings[0].id
    change(desk, booking, leaving(desk, booking, 1))
    before = len(entries(desk, booking))
    outcome = change(desk, booking, to(desk.add_departure(day=LATER)))
    assert (outcome.difference, len(entries(desk, booking))) == (euros(0), before)


def test_where_a_booking_can_go(desk: Desk) -> None:
    here = desk.add_departure(capacity=4)
    dear = desk.add_departure(desk.add_trip("Dear", adult=6000), day=LATER)
    small = desk.add_departure(day=LATER, capacity=1)
    booking = desk.sold(here, adult=2).bookings[0].id
    found = desk.services.changes.destinations(desk.agent, booking, date(2026, 7, 1), date(2026, 7, 31))
    said = {each.departure_id: (each.free, each.difference, each.why_not) for each in found}
    assert said[dear] == (10, euros(3000), "")
    assert said[small] == (1, euros(0), "Too few seats")
    assert said[here][2] == "The booking is on this departure already."


def test_who_is_changed_and_how_stands_in_the_audit_trail(desk: Desk) -> None:
    booking = desk.sold(desk.add_departure(), adult=2).bookings[0].id
    change(desk, booking, joining(CHILD))
    with desk.database.read() as view:
        row = next(row for row in view.journal.audit_of("booking", booking) if row.action == "booking.change")
    assert row.actor_id == desk.agent.user_id
    assert (row.detail["was"]["price"], row.detail["now"]["price"]) == (9000, 11700)
    assert len(row.detail["now"]["travellers"]) == 3
    kinds = [item.kind for item in desk.services.bookings.detail(desk.agent, booking).timeline]
    assert "changed" in kinds


def test_numbered_seats_follow_the_travellers(desk: Desk) -> None:
    coach = add_numbered(desk)
    other = desk.add_departure(day=LATER)
    booking = desk.sold(coach, adult=2).bookings[0].id

    def labels() -> list[str]:
        return [line.seat for line in desk.services.bookings.detail(desk.agent, booking).lines]

    assert all(labels())
    change(desk, booking, joining(CHILD), CARD)
    assert len(set(labels())) == 3
    change(desk, booking, leaving(desk, booking, 1))
    assert sum(bool(label) for label in labels()) == 2
    change(desk, booking, to(other))
    assert not any(labels())
    change(desk, booking, to(coach))
    assert sum(bool(label) for label in labels()) == 2


def test_a_voucher_of_before_is_marked_and_a_new_one_is_made(desk: Desk, clock: HandClock) -> None:
    booking = desk.sold(desk.add_departure(), adult=2).bookings[0].id
    desk.services.documents.voucher(desk.agent, booking)
    assert not desk.services.bookings.detail(desk.agent, booking).voucher_old
    clock.forward(timedelta(minutes=1))
    change(desk, booking, joining(CHILD))
    assert desk.services.bookings.detail(desk.agent, booking).voucher_old
    with desk.database.read() as view:
        (row,) = [
            row for row in view.journal.audit_of("booking", booking) if row.action == "voucher.out_of_date"
        ]
    assert len(row.detail["printed"]) == 1
    clock.forward(timedelta(minutes=1))
    desk.services.documents.voucher(desk.agent, booking)
    assert not desk.services.bookings.detail(desk.agent, booking).voucher_old
