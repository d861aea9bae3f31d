"""Agreed rates: which share a booking is sold at, and that it keeps it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from helpers.catalogue import audit_of, problems, the_trip
from helpers.clock import HandClock
from helpers.desk import CASH, DAY, Desk
from helpers.raw import value
from travellr_desktop.domain.discounts import DiscountKind
from travellr_desktop.domain.party import Party
from travellr_desktop.domain.permissions import Actor, Role
from travellr_desktop.errors import InvalidInput, NotFound, NotPermitted, WrongState
from travellr_desktop.events import EarningsChanged
from travellr_desktop.services.discounts import DiscountAsk
from travellr_desktop.services.rates import RateDraft, RateStanding
from travellr_desktop.services.vendors import VendorDraft

TODAY, TOMORROW = date(2026, 6, 18), date(2026, 6, 19)


def draft(desk: Desk, bps: int, from_day: date = TODAY, **more: Any) -> RateDraft:
    return RateDraft(desk.vendor_id, bps, from_day, **more)


def agree(desk: Desk, bps: int, from_day: date = TODAY, **more: Any) -> UUID:
    return desk.services.rates.agree(desk.admin, draft(desk, bps, from_day, **more)).id


def sold_at(desk: Desk, departure: UUID) -> int:
    booking = desk.sold(departure, pay=CASH, adult=1).bookings[0].id
    with desk.database.read() as view:
        return view.bookings.get(booking).commission_bps


def test_a_rate_changes_in_mid_period_and_what_was_sold_keeps_its_own(desk: Desk, clock: HandClock) -> None:
    """Two of 45.00 on one departure: 20 % of the first is 9.00, 15 % of the second 6.75."""
    departure = desk.add_departure()
    before = desk.sold(departure, pay=CASH, adult=1).bookings[0].id
    agree(desk, 1500, TOMORROW)
    assert sold_at(desk, departure) == 2000
    clock.forward(timedelta(days=1))
    after = desk.sold(departure, pay=CASH, adult=1).bookings[0].id
    clock.at(datetime(2026, 7, 5, tzinfo=UTC))
    desk.services.bookings.complete(desk.admin, departure)
    query = "SELECT sum(amount) FROM ledger WHERE credit = 'commission' AND booking_id = ?"
    earned = [value(desk.database.path, query, booking.hex) for booking in (before, after)]
    assert earned == [900, 675]
    assert problems(desk) == []


def test_a_rate_begins_at_midnight_of_the_agencys_zone(desk: Desk, clock: HandClock) -> None:
    """Podgorica is two hours ahead of UTC in June: its 19 June begins at 22:00 of the 18th."""
    departure = desk.add_departure()
    agree(desk, 1500, TOMORROW)
    rates = []
    for moment in (datetime(2026, 6, 18, 21, 59, 59, tzinfo=UTC), datetime(2026, 6, 18, 22, tzinfo=UTC)):
        clock.at(moment)
        rates.append(sold_at(desk, departure))
    assert rates == [2000, 1500]


def test_a_trips_own_rate_is_for_that_trip_alone(desk: Desk) -> None:
    night = desk.add_trip("Night cruise")
    agree(desk, 1500)
    agree(desk, 1000, trip_id=night)
    assert sold_at(desk, desk.add_departure(night)) == 1000
    assert sold_at(desk, desk.add_departure(the_trip(desk))) == 1500


def test_another_vendors_rate_is_not_taken(desk: Desk) -> None:
    other = desk.services.vendors.create(desk.admin, VendorDraft("Other"))
    desk.services.rates.agree(desk.admin, RateDraft(other, 500, TODAY))
    assert sold_at(desk, desk.add_departure()) == 2000


def test_a_basket_of_two_vendors_has_the_rate_of_each(desk: Desk) -> None:
    other = desk.services.vendors.create(desk.admin, VendorDraft("Other"))
    theirs = desk.add_trip("Elsewhere", vendor_id=other)
    agree(desk, 1500)
    desk.services.rates.agree(desk.admin, RateDraft(other, 500, TODAY))
    holds = [desk.hold(desk.add_departure(trip)) for trip in (the_trip(desk), theirs)]
    sale = desk.sell(*holds, pay=CASH)
    with desk.database.read() as view:
        assert [view.bookings.get(each.id).commission_bps for each in sale.bookings] == [1500, 500]


def test_what_the_agency_may_give_away_of_its_own_is_reckoned_by_the_agreed_rate(desk: Desk) -> None:
    """5 % of the price agreed: a discount of 10 % cannot be the agency's alone, in the quote nor in the sale."""
    departure = desk.add_departure()
    agree(desk, 500)
    hold = desk.hold(departure, adult=1)
    ask = DiscountAsk(DiscountKind.PERCENT, bps=1000, own=True, reason="A friend")
    with pytest.raises(InvalidInput) as quoted:
        desk.services.promos.quote(desk.admin, [replace_owner(desk, hold.id)], ask)
    with pytest.raises(InvalidInput) as sold:
        desk.sell(hold, pay=CASH, discount=ask)
    assert str(quoted.value) == str(sold.value)


def replace_owner(desk: Desk, hold_id: UUID) -> UUID:
    """The same departure held by the admin, who asks for the quote."""
    with desk.database.read() as view:
        departure = view.holds.get(hold_id).departure_id
    return desk.services.holds.hold(desk.admin, departure, Party(1), key=uuid4()).id


def test_who_agrees_a_rate_from_a_past_day_is_told_how_many_keep_theirs(desk: Desk, clock: HandClock) -> None:
    departure = desk.add_departure()
    assert sold_at(desk, departure) == 2000
    clock.forward(timedelta(days=3))
    desk.sold(departure, pay=CASH, adult=1)
    assert desk.services.rates.kept(desk.admin, draft(desk, 1000, TODAY)) == 2
    agreed = desk.services.rates.agree(desk.admin, draft(desk, 1000, TOMORROW))
    assert agreed.kept == 1
    assert desk.services.rates.agree(desk.admin, draft(desk, 900, date(2026, 6, 22))).kept == 0
    assert problems(desk) == []


def test_rates_are_told_newest_first_with_what_holds_today(desk: Desk) -> None:
    night = desk.add_trip("Night cruise")
    agree(desk, 1800, date(2026, 1, 1), note="By letter")
    agree(desk, 1500, date(2026, 5, 1))
    agree(desk, 1200, DAY)
    agree(desk, 1000, date(2026, 3, 1), trip_id=night)
    rates = desk.services.rates.of_vendor(desk.admin, desk.vendor_id)
    assert (rates.own_bps, rates.now_bps) == (2000, 1500)
    assert [(row.bps, row.title, row.standing) for row in rates.rows] == [
        (1200, "", RateStanding.COMING),
        (1500, "", RateStanding.IN_FORCE),
        (1000, "Night cruise", RateStanding.IN_FORCE),
        (1800, "", RateStanding.OVER),
    ]
    assert (rates.rows[-1].note, rates.rows[-1].by) == ("By letter", "Mira Kovač")


def test_the_same_again_writes_nothing_and_another_of_the_day_counts(desk: Desk) -> None:
    one = agree(desk, 1500)
    assert agree(desk, 1500) == one
    agree(desk, 1400)
    rates = desk.services.rates.of_vendor(desk.admin, desk.vendor_id)
    assert (rates.now_bps, [row.standing for row in rates.rows]) == (
        1400,
        [RateStanding.IN_FORCE, RateStanding.OVER],
    )
    assert [action for action, _ in audit_of(desk, desk.vendor_id)].count("rate.agree") == 2


def test_a_rate_is_taken_back_before_it_begins_and_not_after(desk: Desk, clock: HandClock) -> None:
    departure, coming = desk.add_departure(), agree(desk, 1500, TOMORROW)
    desk.services.rates.take_back(desk.admin, coming)
    desk.services.rates.take_back(desk.admin, coming)
    holds = agree(desk, 1800)
    with pytest.raises(WrongState):
        desk.services.rates.take_back(desk.admin, holds)
    clock.forward(timedelta(days=2))
    assert sold_at(desk, departure) == 1800
    assert [row.id for row in desk.services.rates.of_vendor(desk.admin, desk.vendor_id).rows] == [holds]


def test_whoever_shows_earnings_is_told(desk: Desk) -> None:
    heard: list[EarningsChanged] = []
    with desk.services.bus.subscribe(EarningsChanged, heard.append):
        agree(desk, 1500)
    assert [event.aggregate_id for event in heard] == [desk.vendor_id]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"bps": 12_000}, "bps"),
        ({"bps": -1}, "bps"),
        ({"from_day": date(2030, 1, 1)}, "from_day"),
        ({"from_day": date(1, 1, 1)}, "from_day"),
        ({"note": "x" * 400}, "note"),
    ],
)
def test_what_makes_no_sense_is_said_at_its_field_and_nothing_is_written(
    desk: Desk, change: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        desk.services.rates.agree(desk.admin, replace(draft(desk, 1500), **change))
    assert refusal.value.field == field
    assert desk.services.rates.of_vendor(desk.admin, desk.vendor_id).rows == ()


def test_a_vendor_or_trip_that_is_not_theirs_is_not_there(desk: Desk) -> None:
    other = desk.services.vendors.create(desk.admin, VendorDraft("Other"))
    for wrong in (
        RateDraft(uuid4(), 1500, TODAY),
        RateDraft(other, 1500, TODAY, trip_id=the_trip(desk)),
    ):
        with pytest.raises(NotFound):
            desk.services.rates.agree(desk.admin, wrong)
    with pytest.raises(NotFound):
        desk.services.rates.take_back(desk.admin, uuid4())


def test_an_agent_agrees_nothing(desk: Desk) -> None:
    for actor in (desk.agent, Actor(uuid4(), "Nikola", Role.VENDOR, desk.vendor_id)):
        with pytest.raises(NotPermitted):
            desk.services.rates.agree(actor, draft(desk, 0))
