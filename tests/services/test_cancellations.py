"""Cancelling by the frozen policy: what is kept, what goes back, and every entry of it."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from helpers.books import balances, booking_state, charged, entries, refund_states, seats
from helpers.clock import HandClock
from helpers.desk import CARD, CASH, Desk
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.states import BookingState, RefundState
from travellr_desktop.domain.ways import Way
from travellr_desktop.errors import AlreadyRefunded, InvalidInput, NotFound, Refusal, WrongState
from travellr_desktop.payments.sandbox.faults import FaultKind
from travellr_desktop.payments.sandbox.operations import Operation
from travellr_desktop.services.outcomes import OutcomeState
from travellr_desktop.services.sales import PayChoice

SOON = date(2026, 6, 23)  # in five days: strict keeps half
DECLINED = PayChoice(Way.CARD, "pm_card_visa_chargeDeclined")


def euros(cents: int) -> Money:
    return Money(cents, "EUR")


def test_early_enough_all_of_it_goes_back(desk: Desk) -> None:
    departure = desk.add_departure(capacity=4)
    booking = desk.sold(departure, adult=2).bookings[0].id
    outcome = desk.cancel(booking)
    assert (outcome.back, outcome.kept) == (euros(9000), euros(0))
    assert entries(desk, booking) == [
        ("payment", "stripe", "traveller_funds", 9000),
        ("refund_approved", "traveller_funds", "refunds_payable", 9000),
        ("refund_accepted", "refunds_payable", "stripe", 9000),
    ]
    assert balances(desk) == {}
    assert seats(desk, departure) == (4, 0)
    assert charged(desk) == (9000, 9000)


def test_half_is_kept_and_divided_by_the_frozen_rate(desk: Desk) -> None:
    """Of 90.00, half is kept: 45.00, of which 20 % are the agency's."""
    strict = desk.add_trip("Half kept", policy="strict")
    booking = desk.sold(desk.add_departure(strict, day=SOON), adult=2).bookings[0].id
    shown = desk.services.cancellations.preview(desk.agent, [booking])
    assert (shown.paid, shown.kept, shown.back) == (euros(9000), euros(4500), euros(4500))
    desk.cancel(booking)
    assert entries(desk, booking)[1:] == [
        ("refund_approved", "traveller_funds", "refunds_payable", 4500),
        ("kept", "traveller_funds", "vendor_payable", 3600),
        ("kept", "traveller_funds", "cancellation_revenue", 900),
        ("refund_accepted", "refunds_payable", "stripe", 4500),
    ]
    assert balances(desk) == {"stripe": 4500, "vendor_payable": 3600, "cancellation_revenue": 900}
    assert charged(desk) == (9000, 4500)
    detail = desk.services.bookings.detail(desk.agent, booking)
    # of what was kept, not of the price
    assert (detail.vendor_share, detail.commission) == (euros(3600), euros(900))


def test_odd_cents_are_rounded_once(desk: Desk) -> None:
    """Half of 99.99 is 50.00, half away from nothing; 20 % of it are 10.00."""
    strict = desk.add_trip("Odd", policy="strict", adult=3333)
    booking = desk.sold(desk.add_departure(strict, day=SOON), adult=3).bookings[0].id
    desk.cancel(booking)
    assert balances(desk) == {"stripe": 5000, "vendor_payable": 4000, "cancellation_revenue": 1000}


def test_the_deposit_is_kept_of_a_tour(desk: Desk) -> None:
    """90 days before: the deposit of 30 % of 90.00, of which 20 % are the agency's."""
    tour = desk.add_trip("Tour", policy="tour")
    booking = desk.sold(desk.add_departure(tour, day=date(2026, 9, 16)), adult=2).bookings[0].id
    desk.cancel(booking)
    assert balances(desk) == {"stripe": 2700, "vendor_payable": 2160, "cancellation_revenue": 540}


def test_too_late_nothing_goes_back(desk: Desk, clock: HandClock) -> None:
    booking = desk.sold(desk.add_departure(), adult=2).bookings[0].id
    clock.at(datetime(2026, 7, 1, tzinfo=UTC))
    outcome = desk.cancel(booking)
    assert (outcome.back, outcome.kept, outcome.refunds) == (euros(0), euros(9000), ())
    assert balances(desk) == {"stripe": 9000, "vendor_payable": 7200, "cancellation_revenue": 1800}


def test_what_the_vendor_keeps_may_be_paid_after_trip_and_holdback(desk: Desk) -> None:
    """08:30 and three hours in Podgorica (09:30 UTC), and two days."""
    strict = desk.add_trip("Half kept", policy="strict")
    booking = desk.sold(desk.add_departure(strict, day=SOON), adult=1).bookings[0].id
    desk.cancel(booking)
    with desk.database.read() as view:
        (row,) = [row for row in view.ledger.of_booking(booking) if row.credit.value == "vendor_payable"]
    assert row.available_at == datetime(2026, 6, 25, 9, 30, tzinfo=UTC)


def test_one_booking_of_a_sale_and_then_the_rest(desk: Desk) -> None:
    strict = desk.add_trip("Half kept", policy="strict")
    first, second = desk.add_departure(), desk.add_departure(strict, day=SOON)
    sale = desk.sell(desk.hold(first, adult=2), desk.hold(second, adult=1))
    desk.cancel(sale.bookings[0].id)
    assert [booking_state(desk, b.id) for b in sale.bookings] == [
        BookingState.CANCELLED,
        BookingState.CONFIRMED,
    ]
    assert charged(desk) == (13500, 9000)
    shown = desk.services.cancellations.preview_sale(desk.agent, sale.sale_id)
    assert shown.back == euros(2250)
    desk.services.cancellations.cancel(desk.agent, [sale.bookings[1].id], "", shown.back, key=uuid4())
    assert charged(desk) == (13500, 11250)
    assert balances(desk) == {"stripe": 2250, "vendor_payable": 1800, "cancellation_revenue": 450}
    with pytest.raises(AlreadyRefunded):
        desk.services.cancellations.preview_sale(desk.agent, sale.sale_id)


def test_a_whole_sale_at_once(desk: Desk) -> None:
    sale = desk.sell(
        desk.hold(desk.add_departure(), adult=2), desk.hold(desk.add_departure(day=date(2026, 7, 5)), adult=1)
    )
    outcome = desk.cancel(*[booking.id for booking in sale.bookings])
    assert outcome.back == euros(13500)
    assert [refund.amount for refund in outcome.refunds] == [euros(9000), euros(4500)]
    assert charged(desk) == (13500, 13500)


def test_cash_goes_back_over_the_counter(desk: Desk) -> None:
    booking = desk.sold(desk.add_departure(), pay=CASH, adult=2).bookings[0].id
    desk.cancel(booking)
    assert refund_states(desk, booking) == [(RefundState.COMPLETED, 9000)]
    assert entries(desk, booking)[-1] == ("refund_accepted", "refunds_payable", "till", 9000)
    assert charged(desk) == (0, 0)


def test_what_was_not_paid_is_cancelled_without_money(desk: Desk) -> None:
    departure = desk.add_departure(capacity=4)
    sale = desk.sold(departure, pay=DECLINED, adult=2)
    outcome = desk.cancel(sale.bookings[0].id)
    assert (outcome.back, outcome.kept) == (euros(0), euros(0))
    assert seats(desk, departure) == (4, 0)
    assert balances(desk) == {}


def test_what_was_shown_is_what_is_done(desk: Desk, clock: HandClock) -> None:
    """The preview's entries and balances are those that the books have afterwards."""
    strict = desk.add_trip("Half kept", policy="strict")
    booking = desk.sold(desk.add_departure(strict, day=SOON), adult=2).bookings[0].id
    shown = desk.services.cancellations.preview(desk.agent, [booking])
    before = len(entries(desk, booking))
    desk.cancel(booking)
    assert [(e.event.value, e.debit.value, e.credit.value, e.amount.minor) for e in shown.entries] == entries(
        desk, booking
    )[before:]
    after = {row.whose: row.after for row in shown.balances}
    assert after["Card payments"] == euros(4500)
    assert after["Bokeška Plovidba"] == euros(3600)
    assert after["Agency"] == euros(900)


def test_what_changed_since_it_was_shown_is_refused(desk: Desk, clock: HandClock) -> None:
    """The deadline itself is still free; a moment later it is not: 30 June, 08:30 in Podgorica."""
    booking = desk.sold(desk.add_departure(), adult=2).bookings[0].id
    clock.at(datetime(2026, 6, 30, 6, 30, tzinfo=UTC))
    shown = desk.services.cancellations.preview(desk.agent, [booking])
    assert shown.back == euros(9000)
    clock.forward(timedelta(microseconds=1))
    with pytest.raises(WrongState):
        desk.services.cancellations.cancel(desk.agent, [booking], "", shown.back, key=uuid4())
    assert booking_state(desk, booking) is BookingState.CONFIRMED
    assert charged(desk) == (9000, 0)


def test_bookings_of_two_sales_are_not_cancelled_together(desk: Desk) -> None:
    departure = desk.add_departure()
    ids = [desk.sold(departure, adult=1).bookings[0].id for _ in range(2)]
    with pytest.raises(InvalidInput):
        desk.services.cancellations.preview(desk.agent, ids)
    with pytest.raises(NotFound):
        desk.services.cancellations.preview(desk.agent, [uuid4()])
    with pytest.raises(NotFound):
        desk.services.cancellations.preview(desk.agent, [])


def test_two_who_cancel_the_same_booking_at_once(desk: Desk) -> None:
    booking = desk.sold(desk.add_departure(), adult=2).bookings[0].id
    together = threading.Barrier(2)
    results: list[object] = []

    def cancel() -> None:
        shown = desk.services.cancellations.preview(desk.agent, [booking])
        together.wait(30)
        try:
            results.append(
                desk.services.cancellations.cancel(desk.agent, [booking], "", shown.back, key=uuid4()).back
            )
        except Refusal as refusal:
            results.append(type(refusal))

    threads = [threading.Thread(target=cancel) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(map(str, results)) == sorted(map(str, [euros(9000), AlreadyRefunded]))
    assert charged(desk) == (9000, 9000)
    assert len(refund_states(desk, booking)) == 1


# the trip has been


def over(clock: HandClock) -> None:
    """11:30 in Podgorica on the day."""
    clock.at(datetime(2026, 7, 4, 9, 30, tzinfo=UTC))


def test_a_trip_that_has_been_is_earned(desk: Desk, clock: HandClock) -> None:
    departure = desk.add_departure()
    first = desk.sold(departure, adult=2).bookings[0].id
    second = desk.sold(departure, pay=CASH, adult=1).bookings[0].id
    over(clock)
    assert desk.services.bookings.complete(desk.admin, departure) == 2
    assert entries(desk, first)[1:] == [
        ("trip_done", "traveller_funds", "vendor_payable", 7200),
        ("trip_done", "traveller_funds", "commission", 1800),
    ]
    assert balances(desk) == {"stripe": 9000, "till": 4500, "vendor_payable": 10800, "commission": 2700}
    assert booking_state(desk, second) is BookingState.COMPLETED
    with pytest.raises(WrongState, match="nobody on it is left"):
        desk.services.bookings.complete(desk.admin, departure)
    with pytest.raises(WrongState):
        desk.services.cancellations.preview(desk.agent, [first])


def test_a_traveller_who_did_not_come_pays_all_the_same(desk: Desk, clock: HandClock) -> None:
    departure = desk.add_departure()
    booking = desk.sold(departure, adult=1).bookings[0].id
    with pytest.raises(WrongState):
        desk.services.bookings.no_show(desk.admin, booking)
    clock.at(datetime(2026, 7, 4, 6, 30, tzinfo=UTC))
    desk.services.bookings.no_show(desk.admin, booking)
    assert booking_state(desk, booking) is BookingState.NO_SHOW
    assert entries(desk, booking)[1:] == [
        ("no_show", "traveller_funds", "vendor_payable", 3600),
        ("no_show", "traveller_funds", "commission", 900),
    ]
    with pytest.raises(WrongState, match="is not confirmed: nobody is expected"):
        desk.services.bookings.no_show(desk.admin, booking)
    over(clock)
    assert desk.services.bookings.complete(desk.admin, departure) == 0


def test_a_trip_is_not_completed_before_it_ends(desk: Desk, clock: HandClock) -> None:
    departure = desk.add_departure()
    over(clock)
    clock.forward(-timedelta(microseconds=1))
    with pytest.raises(WrongState):
        desk.services.bookings.complete(desk.admin, departure)


def test_what_was_paid_only_after_the_trip_is_completed_then(desk: Desk, clock: HandClock) -> None:
    departure = desk.add_departure()
    with desk.sandbox() as sandbox:
        sandbox.arm(Operation.INTENT_CONFIRM, FaultKind.REPLY_LOST_AFTER)
    sale = desk.sold(departure, pay=CARD, adult=2)
    over(clock)
    assert desk.services.bookings.complete(desk.admin, departure) == 0
    assert desk.services.sales.read_now(desk.agent, sale.sale_id).state is OutcomeState.PAID
    assert desk.services.bookings.complete(desk.admin, departure) == 1
    assert balances(desk) == {"stripe": 9000, "vendor_payable": 7200, "commission": 1800}
