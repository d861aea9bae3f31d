"""The sale: from held seats to confirmed bookings."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest

from helpers.books import balances, booking_state, charged, entries, hold_state, ops, payment_state, seats
from helpers.clock import HandClock
from helpers.desk import CARD, CASH, Desk
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.party import TravellerType
from travellr_desktop.domain.permissions import Actor, Role
from travellr_desktop.domain.states import BookingState, HoldState, PaymentState
from travellr_desktop.domain.ways import Way
from travellr_desktop.errors import HoldLapsed, InvalidInput, NotFound, SalesClosed, SeatsGone, WrongState
from travellr_desktop.events import BookingConfirmed, Event
from travellr_desktop.services.outcomes import OutcomeState
from travellr_desktop.services.sales import NamedTraveller, PayChoice, Sell, SellLine
from travellr_desktop.services.users import NewUser

DECLINED = PayChoice(Way.CARD, "pm_card_visa_chargeDeclinedInsufficientFunds")


def euros(cents: int) -> Money:
    return Money(cents, "EUR")


def test_a_card_sale(desk: Desk) -> None:
    departure = desk.add_departure(capacity=4)
    hold = desk.hold(departure, adult=2)
    outcome = desk.sell(hold)
    assert outcome.state is OutcomeState.PAID
    assert (outcome.total, outcome.paid, outcome.due) == (euros(9000), euros(9000), euros(0))
    assert outcome.payment_label == "Visa ending 4242"
    (booking,) = outcome.bookings
    assert booking.state is BookingState.CONFIRMED
    assert hold_state(desk, hold.id) is HoldState.CONSUMED
    assert seats(desk, departure) == (4, 2)
    assert entries(desk, booking.id) == [("payment", "stripe", "traveller_funds", 9000)]
    assert charged(desk) == (9000, 0)


def test_a_cash_sale_asks_no_provider(desk: Desk) -> None:
    outcome = desk.sold(desk.add_departure(), pay=CASH, adult=1)
    assert outcome.state is OutcomeState.PAID
    assert balances(desk) == {"till": 4500, "traveller_funds": 4500}
    assert charged(desk) == (0, 0)


def test_a_sale_that_costs_nothing_is_confirmed_without_a_payment(desk: Desk) -> None:
    free = desk.add_trip("Old town on foot", adult=0, child=0)
    outcome = desk.sold(desk.add_departure(free), adult=3)
    assert outcome.state is OutcomeState.PAID
    assert outcome.payment_id is None
    assert outcome.bookings[0].state is BookingState.CONFIRMED
    assert balances(desk) == {}


def test_every_traveller_has_a_line_with_a_price_and_infants_sit_on_a_lap(desk: Desk) -> None:
    departure = desk.add_departure(capacity=3)
    outcome = desk.sold(departure, adult=2, child=1, infant=2)
    detail = desk.services.bookings.detail(desk.agent, outcome.bookings[0].id)
    assert [(line.type.value, line.price.minor) for line in detail.lines] == [
        ("adult", 4500),
        ("adult", 4500),
        ("child", 2700),
        ("infant", 0),
        ("infant", 0),
    ]
    assert detail.price == euros(11700)
    assert seats(desk, departure) == (3, 3)


def test_price_tax_commission_and_policy_are_frozen(desk: Desk) -> None:
    """21 % tax is in the price: 9000 × 2100 / 12100 = 1561.98, rounded to 1562."""
    outcome = desk.sold(desk.add_departure(), adult=2)
    with desk.database.read() as view:
        booking = view.bookings.get(outcome.bookings[0].id)
    assert (booking.price, booking.tax, booking.commission_bps) == (9000, 1562, 2000)
    assert booking.deposit == 2700
    assert booking.policy["code"] == "moderate"


def test_two_bookings_share_one_payment(desk: Desk) -> None:
    first, second = desk.add_departure(), desk.add_departure(day=date(2026, 7, 5))
    outcome = desk.sell(desk.hold(first, adult=2), desk.hold(second, adult=1, child=1))
    assert outcome.state is OutcomeState.PAID
    assert [booking.price.minor for booking in outcome.bookings] == [9000, 7200]
    assert charged(desk) == (16200, 0)
    assert outcome.payment_id is not None
    shares = desk.services.payments.detail(desk.admin, outcome.payment_id).shares
    assert sorted(share.amount.minor for share in shares) == [7200, 9000]


def test_travellers_are_named_or_go_by_the_buyers_name(desk: Desk) -> None:
    hold = desk.hold(desk.add_departure(), adult=2, child=1)
    named = (
        NamedTraveller("Åse Berg", TravellerType.CHILD, 7),
        NamedTraveller("Per Berg", TravellerType.ADULT),
    )
    order = Sell((SellLine(hold.id, named),), desk.traveller("Henrik").id, CASH)
    outcome = desk.services.sales.sell(desk.agent, order, key=uuid4())
    lines = desk.services.bookings.detail(desk.agent, outcome.bookings[0].id).lines
    assert [(line.name, line.age) for line in lines] == [
        ("Per Berg", None),
        ("Henrik (adult 2)", None),
        ("Åse Berg", 7),
    ]


@pytest.mark.parametrize(
    ("card", "code"),
    [
        ("pm_card_visa_chargeDeclinedInsufficientFunds", "INSUFFICIENT_FUNDS"),
        ("pm_card_visa_chargeDeclined", "CARD_DECLINED"),
        ("pm_card_chargeDeclinedExpiredCard", "EXPIRED_CARD"),
        ("pm_card_authenticationRequired", "AUTHENTICATION_REQUIRED"),
    ],
)
def test_a_declined_card_leaves_the_seats_held(card: str, code: str, desk: Desk) -> None:
    departure = desk.add_departure(capacity=4)
    hold = desk.hold(departure, adult=2)
    outcome = desk.sell(hold, pay=PayChoice(Way.CARD, card))
    assert outcome.state is OutcomeState.DECLINED
    assert outcome.refusal is not None
    assert outcome.refusal.code == code
    assert outcome.hold_expires_at == hold.expires_at
    assert payment_state(desk, outcome.payment_id) is PaymentState.FAILED
    assert hold_state(desk, hold.id) is HoldState.ACTIVE
    assert seats(desk, departure) == (4, 2)
    assert balances(desk) == {}
    assert charged(desk) == (0, 0)


@pytest.mark.parametrize("second", [CARD, CASH])
def test_after_a_decline_another_way_is_taken(second: PayChoice, desk: Desk) -> None:
    outcome = desk.sold(desk.add_departure(), pay=DECLINED, adult=2)
    paid = desk.services.sales.pay(desk.agent, outcome.sale_id, second, key=uuid4())
    assert paid.state is OutcomeState.PAID
    assert paid.reference == outcome.reference
    assert paid.paid == euros(9000)
    again = desk.services.sales.outcome(desk.agent, outcome.sale_id)
    assert again.bookings[0].state is BookingState.CONFIRMED
    with pytest.raises(HoldLapsed):
        desk.services.sales.pay(desk.agent, outcome.sale_id, CASH, key=uuid4())


def test_a_declined_object_can_never_be_charged_later(desk: Desk) -> None:
    outcome = desk.sold(desk.add_departure(), pay=DECLINED)
    with desk.sandbox() as sandbox:
        assert sandbox.counts().intents == {"canceled": 1}
    assert outcome.state is OutcomeState.DECLINED


def test_a_sale_is_placed_first_and_paid_later(desk: Desk) -> None:
    placed = desk.sell(desk.hold(desk.add_departure(), adult=1), pay=None)
    assert placed.state is OutcomeState.PENDING
    assert placed.due == euros(4500)
    assert desk.services.sales.pay(desk.agent, placed.sale_id, CASH, key=uuid4()).state is OutcomeState.PAID


def test_a_released_sale_gives_its_seats_back(desk: Desk) -> None:
    departure = desk.add_departure(capacity=4)
    hold = desk.hold(departure, adult=4)
    placed = desk.sell(hold, pay=DECLINED)
    released = desk.services.sales.release(desk.agent, placed.sale_id)
    assert released.state is OutcomeState.LAPSED
    assert booking_state(desk, placed.bookings[0].id) is BookingState.CANCELLED
    assert hold_state(desk, hold.id) is HoldState.RELEASED
    assert seats(desk, departure) == (4, 0)
    assert desk.services.sales.release(desk.agent, placed.sale_id).state is OutcomeState.LAPSED


# holds


def test_more_seats_than_are_free_are_not_held(desk: Desk) -> None:
    departure = desk.add_departure(capacity=3)
    desk.hold(departure, adult=2)
    before = ops(desk)
    with pytest.raises(SeatsGone):
        desk.hold(departure, adult=2)
    assert ops(desk) == before
    assert seats(desk, departure) == (3, 2)


def test_a_hold_lapses_by_the_clock_and_its_seats_go_back(desk: Desk, clock: HandClock) -> None:
    departure = desk.add_departure(capacity=2)
    hold = desk.hold(departure, adult=2)
    clock.forward(timedelta(minutes=14, seconds=59))
    assert desk.services.upkeep.expire_holds() == 0
    clock.forward(timedelta(seconds=1))
    with pytest.raises(HoldLapsed):
        desk.sell(hold)
    assert desk.services.upkeep.expire_holds() == 1
    assert hold_state(desk, hold.id) is HoldState.EXPIRED
    assert seats(desk, departure) == (2, 0)
    desk.hold(departure, adult=2)


def test_a_pending_booking_lapses_with_its_hold(desk: Desk, clock: HandClock) -> None:
    departure = desk.add_departure(capacity=2)
    placed = desk.sold(departure, pay=DECLINED, adult=2)
    clock.forward(timedelta(minutes=15))
    assert desk.services.upkeep.expire_holds() == 1
    assert desk.services.sales.outcome(desk.agent, placed.sale_id).state is OutcomeState.LAPSED
    assert booking_state(desk, placed.bookings[0].id) is BookingState.CANCELLED
    assert seats(desk, departure) == (2, 0)
    with pytest.raises(HoldLapsed):
        desk.services.sales.pay(desk.agent, placed.sale_id, CASH, key=uuid4())


def test_a_hold_is_extended_for_two_hours_at_the_most(desk: Desk, clock: HandClock) -> None:
    hold = desk.hold(desk.add_departure())
    made = clock.now()
    clock.forward(timedelta(minutes=10))
    assert desk.services.holds.extend(desk.agent, hold.id).expires_at == made + timedelta(minutes=25)
    clock.forward(timedelta(minutes=109))
    assert desk.services.holds.extend(desk.agent, hold.id).expires_at == made + timedelta(hours=2)
    clock.forward(timedelta(minutes=1))
    with pytest.raises(InvalidInput, match="two hours"):
        desk.services.holds.extend(desk.agent, hold.id)


def test_a_hold_on_which_a_booking_waits_is_released_with_its_sale_only(desk: Desk) -> None:
    hold = desk.hold(desk.add_departure())
    desk.sell(hold, pay=None)
    with pytest.raises(InvalidInput):
        desk.services.holds.release(desk.agent, hold.id)


def test_nobody_sells_what_another_holds(desk: Desk) -> None:
    row = desk.services.users.register(
        desk.admin, NewUser("Iva", "iva@travellr.example", "harbour lights at ten", Role.AGENT)
    )
    other = Actor(row.id, row.name, row.role)
    hold = desk.hold(desk.add_departure())
    order = Sell((SellLine(hold.id),), desk.traveller().id, CASH)
    before = ops(desk)
    with pytest.raises(NotFound):
        desk.services.sales.sell(other, order, key=uuid4())
    assert ops(desk) == before


def test_a_hold_is_sold_once(desk: Desk) -> None:
    hold = desk.hold(desk.add_departure())
    desk.sell(hold, pay=None)
    with pytest.raises(WrongState):
        desk.sell(hold, pay=CASH)


def test_sales_close_at_the_cut_off(desk: Desk, clock: HandClock) -> None:
    """30 minutes before 08:30 in Podgorica, which is two hours ahead."""
    departure = desk.add_departure()
    clock.at(clock.now().replace(month=7, day=4, hour=5, minute=59))
    desk.hold(departure)
    clock.forward(timedelta(minutes=1))
    with pytest.raises(SalesClosed):
        desk.hold(departure)


# telling


def test_a_handler_that_fails_never_undoes_or_hides_a_sale(desk: Desk) -> None:
    told: list[str] = []

    def fails(event: Event) -> None:
        told.append(event.event_name)
        raise RuntimeError("a handler that is wrong")

    kept = desk.services.bus.subscribe(BookingConfirmed, fails)
    outcome = desk.sold(desk.add_departure(), pay=CASH)
    kept.cancel()
    assert told == ["BookingConfirmed"]
    assert outcome.state is OutcomeState.PAID
    assert booking_state(desk, outcome.bookings[0].id) is BookingState.CONFIRMED
