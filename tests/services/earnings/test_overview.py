"""A vendor's earnings by figures worked out by hand: 45.00 an adult, of which the agency has 20 % as a rule."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from helpers.clock import HandClock
from helpers.desk import CASH, DAY, Desk
from helpers.disputed import opened
from helpers.disputed import sold as sold_by_card
from helpers.earning import plain
from helpers.paying_out import approved, paid_to, payouts, plenty
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.payouts.earning import Whereabouts
from travellr_desktop.domain.payouts.words import Schedule
from travellr_desktop.domain.permissions import Actor, Role
from travellr_desktop.domain.states import PayoutState
from travellr_desktop.domain.ways import Way
from travellr_desktop.errors import NotFound, NotPermitted
from travellr_desktop.services.adjusting import AdjustmentDraft
from travellr_desktop.services.earnings.views import CurrencyEarnings, EarningsOverview, Span
from travellr_desktop.services.payouts.paying import Paying
from travellr_desktop.services.rates import RateDraft
from travellr_desktop.services.refund_asks import Beyond, RefundAsk
from travellr_desktop.services.sales import PayChoice
from travellr_desktop.services.vendors import VendorDraft

FREE = datetime(2026, 7, 6, 9, 30, tzinfo=UTC)
"""Two days after the boat of 4 July is back: 08:30 in Podgorica and three hours."""


def overview(desk: Desk) -> EarningsOverview:
    return desk.services.earnings.overview(desk.admin, desk.vendor_id)


def euros(desk: Desk) -> CurrencyEarnings:
    found = overview(desk).of("EUR")
    assert found is not None
    return found


def booked(desk: Desk, departure: UUID, adult: int = 2) -> UUID:
    return desk.sold(departure, pay=CASH, adult=adult).bookings[0].id


def given_back(desk: Desk, booking_id: UUID, minor: int) -> None:
    """So much of a booking goes back after its trip."""
    ask = RefundAsk((booking_id,), beyond=Beyond(Money(minor, "EUR")), reason="Rain")
    preview = desk.services.refunds.preview(desk.admin, ask)
    desk.services.refunds.request(desk.admin, ask, preview.back, key=uuid4())


def parts(found: CurrencyEarnings) -> dict[Whereabouts, tuple[int, int]]:
    return {part.why: (part.amount.minor, part.bookings) for part in found.parts}


def test_a_vendor_without_bookings_has_nothing_in_no_currency(desk: Desk) -> None:
    found = overview(desk)
    assert (found.currencies, found.main, found.name) == ((), "", "Bokeška Plovidba")
    travel = desk.services.earnings.by_travel(desk.admin, desk.vendor_id, "EUR", Span.TWELVE_MONTHS)
    assert len(travel.months) == 12 and travel.trips == ()


def test_what_was_sold_is_held_until_the_trip_is_back_and_the_holdback_over(
    desk: Desk, clock: HandClock
) -> None:
    """Two adults, 90.00: 72.00 are the vendor's."""
    departure = desk.add_departure()
    booked(desk, departure)
    (part,) = euros(desk).parts
    assert (part.why, part.amount.minor, part.first, part.last) == (
        Whereabouts.NOT_TRAVELLED,
        7200,
        FREE,
        FREE,
    )
    clock.at(FREE - timedelta(days=2))
    desk.services.bookings.complete(desk.admin, departure)
    clock.at(FREE - timedelta(seconds=1))
    found = euros(desk)
    assert parts(found) == {Whereabouts.HOLDBACK: (7200, 1)}
    assert (found.next_free, found.next_at) == (Money(7200, "EUR"), FREE)
    clock.at(FREE)
    found = euros(desk)
    assert (found.parts, found.available.total.minor, found.next_free) == ((), 7200, None)


def test_how_what_is_available_came_about(desk: Desk, clock: HandClock) -> None:
    """270.00 of three bookings, of which 54.00 are the agency's; 30.00 back, of which 24.00 are the vendor's; 12.00 for
    a cleaning."""
    departure = desk.add_departure()
    first, *_ = [booked(desk, departure) for _ in range(3)]
    clock.at(FREE)
    desk.services.bookings.complete(desk.admin, departure)
    given_back(desk, first, 3_000)
    draft = AdjustmentDraft(desk.vendor_id, Money(1_200, "EUR"), "Cleaned the boat")
    desk.services.adjustments.adjust(desk.admin, draft, key=uuid4())
    found = euros(desk).available
    assert (found.bookings, found.bps) == (3, 2000)
    assert [
        each.minor
        for each in (found.retail, found.commission, found.refunds, found.adjustments, found.carried)
    ] == [27_000, -5_400, -2_400, 1_200, 0]
    assert found.total.minor == 20_400


def test_a_deposit_is_held_by_its_share_and_the_rest_once_the_trip_is_done(
    desk: Desk, clock: HandClock
) -> None:
    """30 % of 90.00 are paid: 27.00, of which 21.60 are the vendor's. Done, the vendor has 72.00, whoever owes it."""
    trip = desk.add_trip("Tara canyon", deposit_bps=3000, balance_days=5)
    departure = desk.add_departure(trip)
    desk.sell(desk.hold(departure), pay=PayChoice(Way.CASH, deposit=True))
    assert parts(euros(desk)) == {Whereabouts.NOT_TRAVELLED: (2_160, 1)}
    clock.at(FREE - timedelta(days=2))
    desk.services.bookings.complete(desk.admin, departure)
    assert parts(euros(desk)) == {Whereabouts.HOLDBACK: (7_200, 1)}


def test_what_a_bank_has_taken_is_held_whatever_its_day(desk: Desk, clock: HandClock) -> None:
    departure, later = desk.add_departure(), desk.add_departure(day=DAY + timedelta(days=60))
    been, coming = sold_by_card(desk, departure), sold_by_card(desk, later)
    booked(desk, departure)
    clock.at(FREE)
    desk.services.bookings.complete(desk.admin, departure)
    for sale in (been, coming):
        opened(desk, sale)
    desk.services.listening.poll()
    found = euros(desk)
    assert parts(found) == {Whereabouts.DISPUTED: (14_400, 2)}
    assert found.parts[0].first is None
    assert found.disputed == tuple(sorted(each.sale.bookings[0].reference for each in (been, coming)))
    assert found.available.total.minor == 7_200
    assert found.earned.minor == plain(desk, desk.vendor_id).earned == 21_600


def test_a_payout_is_approved_then_on_its_way_then_paid(desk: Desk, clock: HandClock) -> None:
    plenty(desk)
    departure = desk.add_departure()
    desk.sold(departure, adult=2)
    clock.at(FREE)
    desk.services.bookings.complete(desk.admin, departure)
    with desk.sandbox() as sandbox:
        paid_to(desk, desk.vendor_id, sandbox.open_account("Bokeška"))
    approved(desk, [desk.vendor_id])
    found = euros(desk)
    assert (found.available.total.minor, found.available.approved.minor) == (7_200, 7_200)
    assert found.available.bookings == 0
    (payout,) = payouts(desk)
    Paying(desk.database, desk.program.gateway).send(desk.admin, payout.id)
    found = euros(desk)
    assert (found.available.total.minor, found.paid.minor, found.paid_in_year.minor) == (0, 7_200, 7_200)
    (row,) = found.payouts
    assert (row.state, row.amount.minor, row.at, row.statement[:3]) == (PayoutState.PAID, 7_200, FREE, "ST-")
    clock.at(datetime(2027, 1, 1, 0, 0, tzinfo=UTC))
    found = euros(desk)
    assert (found.paid.minor, found.paid_in_year.minor) == (7_200, 0)
    assert overview(desk).year == 2027


def test_a_refund_after_the_payout_is_below_zero_until_it_is_earned_again(
    desk: Desk, clock: HandClock
) -> None:
    plenty(desk)
    departure = desk.add_departure()
    booking = desk.sold(departure, adult=2).bookings[0].id
    clock.at(FREE)
    desk.services.bookings.complete(desk.admin, departure)
    with desk.sandbox() as sandbox:
        paid_to(desk, desk.vendor_id, sandbox.open_account("Bokeška"))
    approved(desk, [desk.vendor_id])
    Paying(desk.database, desk.program.gateway).send(desk.admin, payouts(desk)[0].id)
    given_back(desk, booking, 4_500)
    found = euros(desk)
    assert (found.available.total.minor, found.available.refunds.minor) == (-3_600, -3_600)
    assert (found.paid.minor, found.earned.minor - found.held.minor) == (7_200, 3_600)
    (month,) = [row for row in travel(desk).months if row.places.total.minor]
    assert (month.places.paid.minor, month.places.available.minor) == (7_200, -3_600)


def travel(desk: Desk, span: Span = Span.TWELVE_MONTHS) -> Any:
    return desk.services.earnings.by_travel(desk.admin, desk.vendor_id, "EUR", span)


def test_by_month_of_travel_and_by_trip(desk: Desk, clock: HandClock) -> None:
    night = desk.add_trip("Night cruise", adult=10_000)
    booked(desk, desk.add_departure())
    booked(desk, desk.add_departure(night, day=date(2026, 8, 1)))
    booked(desk, desk.add_departure(night, day=date(2027, 1, 2)))
    clock.at(FREE)
    found = travel(desk, Span.THIS_YEAR)
    assert [row.first for row in found.months][:2] == [date(2026, 1, 1), date(2026, 2, 1)]
    assert {row.first.month: row.places.held.minor for row in found.months if row.places.held} == {
        7: 7_200,
        8: 16_000,
    }
    assert [(row.title, row.places.total.minor) for row in found.trips] == [
        ("Night cruise", 16_000),
        ("Blue Cave and Perast", 7_200),
    ]
    twelve = travel(desk)
    assert (twelve.first, twelve.last, len(twelve.months)) == (date(2025, 8, 1), date(2026, 7, 31), 12)


def test_in_one_month_of_one_trip_each_part_is_where_it_is(desk: Desk, clock: HandClock) -> None:
    """On 4, 5 and 20 July: available, waiting, to come; 72.00 of each."""
    been, waits, coming = (desk.add_departure(day=date(2026, 7, day)) for day in (4, 5, 20))
    for departure in (been, waits, coming):
        booked(desk, departure)
    disputed = sold_by_card(desk, coming)
    opened(desk, disputed)
    desk.services.listening.poll()
    clock.at(FREE)
    for departure in (been, waits):
        desk.services.bookings.complete(desk.admin, departure)
    (month,) = [row.places for row in travel(desk).months if row.places.total]
    (trip,) = [row.places for row in travel(desk).trips]
    assert month == trip
    assert (month.available.minor, month.held.minor) == (7_200, 3 * 7_200)
    assert month.held == euros(desk).held


def test_a_month_is_that_of_the_clock_on_the_quay(desk: Desk) -> None:
    """New Year's Day in Auckland, when it is still the old year for the agency."""
    far = desk.add_trip("Hauraki", zone="Pacific/Auckland")
    booked(desk, desk.add_departure(far, day=date(2027, 1, 1)))
    assert all(not row.places.total for row in travel(desk, Span.THIS_YEAR).months)


def test_the_day_on_which_it_goes_out_is_after_the_vendors_week_or_month(desk: Desk) -> None:
    """Thursday 18 June 2026."""
    assert overview(desk).goes_out == date(2026, 6, 22)
    terms = desk.services.vendor_terms
    before = terms.terms(desk.admin, desk.vendor_id).draft
    terms.save(desk.admin, desk.vendor_id, replace(before, schedule=Schedule.MONTHLY), before=before)
    assert overview(desk).goes_out == date(2026, 7, 1)


def test_currencies_with_no_and_three_decimals_are_apart(desk: Desk, clock: HandClock) -> None:
    """9,001 yen less 20 %, rounded once: 1,800 are the agency's. 7.251 dinars: 1.450."""
    for currency, price in (("JPY", 9_001), ("KWD", 7_251)):
        trip = desk.add_trip(currency, adult=price, currency=currency)
        booked(desk, desk.add_departure(trip), adult=1)
    booked(desk, desk.add_departure())
    booked(desk, desk.add_departure(day=DAY + timedelta(days=1)))
    found = overview(desk)
    assert {each.currency: each.held.minor for each in found.currencies} == {
        "EUR": 14_400,
        "JPY": 7_201,
        "KWD": 5_801,
    }
    assert found.main == "EUR"
    assert {each.currency: each.minimum and each.minimum.minor for each in found.currencies} == {
        "EUR": 5_000,
        "JPY": None,
        "KWD": None,
    }


def test_a_vendor_is_told_of_another_what_is_told_of_nobody(desk: Desk) -> None:
    other = desk.services.vendors.create(desk.admin, VendorDraft("Other"))
    own = Actor(uuid4(), "Nikola", Role.VENDOR, desk.vendor_id)
    assert desk.services.earnings.overview(own, desk.vendor_id).name == "Bokeška Plovidba"
    told = []
    for vendor in (other, uuid4()):
        for ask in (
            lambda vendor: desk.services.earnings.overview(own, vendor),
            lambda vendor: desk.services.earnings.profile(own, vendor),
            lambda vendor: desk.services.earnings.payouts(own, vendor),
            lambda vendor: desk.services.earnings.by_travel(own, vendor, "EUR", Span.THIS_YEAR),
        ):
            with pytest.raises(NotFound) as refusal:
                ask(vendor)
            told.append((str(refusal.value), refusal.value.hint))
    assert len(set(told)) == 1
    with pytest.raises(NotPermitted):
        desk.services.earnings.overview(desk.agent, desk.vendor_id)


def test_the_profile_is_what_the_agency_has_on_file(desk: Desk) -> None:
    night = desk.add_trip("Night cruise")
    for bps, day, trip in ((1800, 1, None), (1500, 10, None), (1200, 30, None), (1000, 1, night)):
        desk.services.rates.agree(desk.admin, RateDraft(desk.vendor_id, bps, date(2026, 6, day), trip))
    found = desk.services.earnings.profile(desk.admin, desk.vendor_id)
    assert (found.phone, found.commission_bps, found.holdback_days, found.agency) == (
        "+382 69 555 812",
        1500,
        2,
        "Kotor Riva",
    )
    assert [(each.title, each.bps) for each in found.rates] == [
        ("", 1200),
        ("", 1500),
        ("Night cruise", 1000),
    ]
