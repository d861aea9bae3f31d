"""Discounts on a sale: how they are spread, who bears them, what is refused, and what they leave in the books."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from helpers.books import balances, entries
from helpers.changing import change, euros, leaving, price
from helpers.clock import HandClock
from helpers.desk import CASH, Desk
from travellr_desktop.domain.discounts import DiscountKind
from travellr_desktop.domain.money import CurrencyMismatch, Money
from travellr_desktop.domain.party import Party
from travellr_desktop.domain.permissions import SYSTEM, Actor, Role
from travellr_desktop.errors import DiscountAboveLimit, DiscountBeyondCommission, InvalidInput
from travellr_desktop.services.discounts import DiscountAsk
from travellr_desktop.storage.commits import Commit

PERCENT, AMOUNT = DiscountKind.PERCENT, DiscountKind.AMOUNT


def percent(bps: int, *, own: bool = False, reason: str = "They come each year") -> DiscountAsk:
    return DiscountAsk(PERCENT, bps=bps, own=own, reason=reason)


def amount(cents: int, *, own: bool = False, currency: str = "EUR") -> DiscountAsk:
    return DiscountAsk(AMOUNT, amount=Money(cents, currency), own=own, reason="A late bus")


def off(desk: Desk, booking: UUID) -> list[tuple[int, int, int]]:
    """Price, discount and the agency's own part of each line."""
    with desk.database.read() as view:
        return [
            (line.price, line.discount, line.own_discount) for line in view.bookings.get_full(booking).lines
        ]


def no_limit(desk: Desk) -> None:
    with desk.database.write(Commit.SETTINGS_SAVE, SYSTEM) as work:
        work.agency.get().discount_limit_bps = 10_000
        work.commit()


def test_a_shared_discount_is_borne_by_the_rate(desk: Desk) -> None:
    """10 % of 117.00 are 11.70; of the 105.30 that are left the vendor has 80 %."""
    sale = desk.sold(desk.add_departure(), discount=percent(1_000), pay=CASH, adult=2, child=1)
    booking = sale.bookings[0].id
    assert off(desk, booking) == [(4050, 450, 0), (4050, 450, 0), (2430, 270, 0)]
    assert sale.total == euros(10530)
    desk.cancel(booking)
    assert balances(desk) == {}


def test_the_agency_alone_bears_its_own_out_of_the_commission(desk: Desk, clock: HandClock) -> None:
    """5.00 off 90.00 at the agency's cost: the vendor has their 72.00, the agency 13.00."""
    departure = desk.add_departure()
    booking = desk.sold(departure, discount=amount(500, own=True), pay=CASH, adult=2).bookings[0].id
    assert off(desk, booking) == [(4250, 250, 250), (4250, 250, 250)]
    detail = desk.services.bookings.detail(desk.agent, booking)
    assert (detail.vendor_share, detail.commission) == (euros(7200), euros(1300))
    clock.forward(timedelta(days=20))
    desk.services.bookings.complete(desk.admin, departure)
    assert entries(desk, booking)[1:] == [
        ("trip_done", "traveller_funds", "vendor_payable", 7200),
        ("trip_done", "traveller_funds", "commission", 1300),
    ]


def test_an_amount_is_spread_over_all_bookings_of_the_sale(desk: Desk) -> None:
    """10.00 over 90.00 and 45.00, by largest remainder."""
    no_limit(desk)
    first, second = desk.add_departure(), desk.add_departure(desk.add_trip("Other"))
    sale = desk.sell(desk.hold(first, adult=2), desk.hold(second, adult=1), discount=amount(1000))
    assert [booking.price.minor for booking in sale.bookings] == [9000 - 667, 4500 - 333]
    with desk.database.read() as view:
        rows = [view.discounts.of_booking(booking.id)[0] for booking in sale.bookings]
    assert [row.amount for row in rows] == [667, 333]
    assert rows[0].parts == {"1": 334, "2": 333}


def test_more_than_the_limit_needs_a_manager(desk: Desk) -> None:
    hold = desk.hold(desk.add_departure(), adult=2)
    with pytest.raises(DiscountAboveLimit) as refusal:
        desk.sell(hold, discount=percent(1_001))
    assert refusal.value.field == "discount"
    with pytest.raises(DiscountAboveLimit):
        desk.sell(hold, discount=amount(901))
    assert desk.sell(hold, discount=amount(900)).total == euros(8100)
    own = desk.services.holds.hold(desk.admin, desk.add_departure(), Party(adult=1), key=uuid4())
    assert desk.sell(own, discount=percent(5_000), seller=desk.admin).total == euros(2250)


@pytest.mark.parametrize(
    ("ask", "field"),
    [
        (percent(0), "discount"),
        (percent(10_001), "discount"),
        (percent(500, reason="  "), "reason"),
        (DiscountAsk(AMOUNT, reason="x"), "discount"),
        (DiscountAsk(AMOUNT, bps=5, amount=Money(5, "EUR"), reason="x"), "discount"),
        (amount(9001), "discount"),
    ],
)
def test_what_is_no_discount_is_refused_at_its_field(desk: Desk, ask: DiscountAsk, field: str) -> None:
    hold = desk.hold(desk.add_departure(), adult=2)
    with pytest.raises(InvalidInput) as refusal:
        desk.sell(hold, discount=ask)
    assert refusal.value.field == field


def test_an_amount_is_in_the_sales_currency(desk: Desk) -> None:
    with pytest.raises(CurrencyMismatch):
        desk.sold(desk.add_departure(), discount=amount(100, currency="USD"), adult=2)


def test_the_agency_bears_no_more_alone_than_it_earns(desk: Desk) -> None:
    """20 % of 90.00 are 18.00; shared, more can be given."""
    no_limit(desk)
    hold = desk.hold(desk.add_departure(), adult=2)
    with pytest.raises(DiscountBeyondCommission) as refusal:
        desk.sell(hold, discount=amount(1801, own=True))
    assert refusal.value.field == "discount"
    assert desk.sell(hold, discount=amount(1800, own=True)).total == euros(7200)


def test_what_is_kept_of_a_traveller_counts_the_agencys_discount_in_proportion(desk: Desk) -> None:
    """40.00 paid after 5.00 at the agency's cost; half kept: the vendor has half of their 36.00."""
    strict = desk.add_trip("Half kept", policy="strict")
    no_limit(desk)
    departure = desk.add_departure(strict, day=date(2026, 6, 23))
    booking = desk.sold(departure, discount=amount(1000, own=True), pay=CASH, adult=2).bookings[0].id
    change(desk, booking, leaving(desk, booking, 1))
    assert balances(desk)["vendor_payable"] == 1800
    assert balances(desk)["cancellation_revenue"] == 200
    assert price(desk, booking) == 4000


def test_a_vendors_person_is_not_told_of_what_the_agency_bears_alone(desk: Desk) -> None:
    booking = desk.sold(desk.add_departure(), discount=amount(500, own=True), adult=2).bookings[0].id
    boatman = Actor(uuid4(), "Luka", Role.VENDOR, desk.vendor_id)
    detail = desk.services.bookings.detail(boatman, booking)
    assert detail.discounts == ()
    assert {line.discount.minor for line in detail.lines} == {0}
