"""Figures that a bookkeeper can check with a pencil: currencies, rates, edges of periods, banks that refuse; each from
the sale to what has arrived. Two travellers at 45.00 where nothing else is said; no minimum holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from helpers.batches import approved_by, given, left, paid, prepared, vendor
from helpers.clock import HandClock
from helpers.desk import CARD, CASH, Desk
from helpers.paying_out import (
    approved,
    arm,
    not_once,
    open_lines,
    owed,
    paid_to,
    payout_of,
    payouts,
    plenty,
    runs,
)
from helpers.refunding import colleague, refunded
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.payouts.words import BatchKind, LeftOut
from travellr_desktop.domain.permissions import Actor
from travellr_desktop.domain.states import PayoutState
from travellr_desktop.payments.sandbox.faults import FaultKind
from travellr_desktop.payments.sandbox.operations import Operation
from travellr_desktop.services.catalogue import InUse
from travellr_desktop.services.payout_settings import PayoutRules
from travellr_desktop.services.rates import RateDraft
from travellr_desktop.services.statements.views import StatementDetail
from travellr_desktop.services.vendors import VendorDraft

NOTHING = tuple(Money(0, currency) for currency in ("EUR", "JPY", "KWD"))


@pytest.fixture
def petar(desk: Desk) -> Actor:
    """Who approves; from nothing on everything is paid."""
    desk.services.payout_settings.save(desk.admin, PayoutRules(minimums=NOTHING))
    return colleague(desk)


def month(desk: Desk, petar: Actor, first: date) -> UUID:
    """The days of a month that is over, paid to everybody: prepared by one, approved by another, run."""
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    batch = prepared(desk, BatchKind.EXTRA, first, last)
    approved_by(desk, petar, batch)
    if any(row.state is PayoutState.APPROVED for row in payouts(desk, batch)):
        runs(desk).run(desk.admin, batch)
    return batch


def statements(desk: Desk, vendor_id: UUID) -> list[StatementDetail]:
    """In the order of their numbers."""
    with desk.database.read() as view:
        rows = view.connection.exec_driver_sql(
            "SELECT id FROM statements WHERE vendor_id = ? ORDER BY number", (vendor_id.hex,)
        )
        ids = [UUID(key) for (key,) in rows]
    return [desk.services.statements.detail(desk.admin, key) for key in ids]


def by_transfer(desk: Desk, name: str, *, bps: int = 1_500) -> UUID:
    vendor_id = desk.services.vendors.create(
        desk.admin, VendorDraft(name, commission_bps=bps, holdback_days=0)
    )
    with desk.sandbox() as sandbox:
        paid_to(desk, vendor_id, sandbox.open_account(name))
    return vendor_id


def travelled(desk: Desk, clock: HandClock, *departures: UUID) -> None:
    for departure in departures:
        desk.services.bookings.complete(desk.admin, departure)
    clock.forward(timedelta(hours=1))


# another currency


def test_a_trip_that_is_sold_in_another_currency_from_some_day_on_is_paid_by_two_payouts(
    desk: Desk, clock: HandClock, petar: Actor
) -> None:
    """What was sold stays in its currency: the trip goes on as another one.

    2 x 45.00 EUR  = 90.00  less 15 %  13.50           the vendor has 76.50 EUR
    2 x 6 337 JPY  = 12 674 less 15 %   1 901.1, 1 901  the vendor has 10 773 JPY
    Of the euros 10.00 go back after both were paid: 1.50 by the agency, 8.50 by the vendor; the yen stay."""
    plenty(desk)
    vendor_id = by_transfer(desk, "Perast Boats")
    euros = desk.add_trip("Cave", vendor_id=vendor_id)
    first = desk.add_departure(euros, day=date(2026, 7, 4))
    booking = desk.sold(first, adult=2).bookings[0].id
    whole = desk.services.trips.detail(desk.admin, euros).draft
    with pytest.raises(InUse, match="currency"):
        desk.services.trips.update(desk.admin, euros, replace(whole, currency="JPY"))
    yen = desk.add_trip("Cave, in yen", vendor_id=vendor_id, currency="JPY", adult=6_337)
    second = desk.add_departure(yen, day=date(2026, 7, 5))
    desk.sold(second, adult=2)
    clock.at(datetime(2026, 7, 10, 12, tzinfo=UTC))
    travelled(desk, clock, first, second)
    clock.at(datetime(2026, 8, 1, 12, tzinfo=UTC))
    batch = month(desk, petar, date(2026, 7, 1))
    assert {row.currency: (row.amount, row.state) for row in payouts(desk, batch)} == {
        "EUR": (76_50, PayoutState.PAID),
        "JPY": (10_773, PayoutState.PAID),
    }
    told = {
        each.currency: (each.charges, each.commission, each.total) for each in statements(desk, vendor_id)
    }
    assert told == {
        "EUR": (Money(90_00, "EUR"), Money(-13_50, "EUR"), Money(76_50, "EUR")),
        "JPY": (Money(12_674, "JPY"), Money(-1_901, "JPY"), Money(10_773, "JPY")),
    }
    refunded(desk, booking, back=10_00)
    earned = desk.services.earnings.overview(desk.admin, vendor_id)
    euro, yens = earned.of("EUR"), earned.of("JPY")
    assert euro is not None and yens is not None
    assert (euro.available.total, euro.paid, euro.earned) == (
        Money(-8_50, "EUR"),
        Money(76_50, "EUR"),
        Money(68_00, "EUR"),
    )
    assert (yens.available.total, yens.paid) == (Money(0, "JPY"), Money(10_773, "JPY"))
    assert not_once(desk) == []


# another rate


def test_a_rate_that_changes_in_mid_period_is_two_rates_on_one_statement_and_each_goes_back_at_its_own(
    desk: Desk, clock: HandClock, petar: Actor
) -> None:
    """One departure, one traveller sold before the day of the new rate and one on it:

    45.00 at 20 %   9.00      36.00 to the vendor
    45.00 at 15 %   6.75      38.25
    90.00          15.75      74.25 paid for July
    After that 10.00 go back of the first (2.00 and 8.00) and 10.00 of the second (1.50 and 8.50): -16.50 in August."""
    plenty(desk)
    vendor_id = by_transfer(desk, "Perast Boats", bps=2_000)
    departure = desk.add_departure(desk.add_trip("Cave", vendor_id=vendor_id), day=date(2026, 7, 4))
    old = desk.sold(departure, adult=1).bookings[0].id
    desk.services.rates.agree(desk.admin, RateDraft(vendor_id, 1_500, date(2026, 6, 19)))
    clock.forward(timedelta(days=1))
    new = desk.sold(departure, adult=1).bookings[0].id
    clock.at(datetime(2026, 7, 10, 12, tzinfo=UTC))
    travelled(desk, clock, departure)
    clock.at(datetime(2026, 8, 1, 12, tzinfo=UTC))
    month(desk, petar, date(2026, 7, 1))
    (july,) = statements(desk, vendor_id)
    assert (july.charges, july.commission, july.total) == (
        Money(90_00, "EUR"),
        Money(-15_75, "EUR"),
        Money(74_25, "EUR"),
    )
    assert sorted(line.net.minor for line in july.lines) == [36_00, 38_25]
    for booking in (old, new):
        refunded(desk, booking, back=10_00)
    assert open_lines(desk, vendor_id) == -16_50
    clock.at(datetime(2026, 9, 1, 12, tzinfo=UTC))
    batch = prepared(desk, BatchKind.EXTRA, date(2026, 8, 1), date(2026, 8, 31))
    row = left(desk, batch)["Perast Boats"]
    assert (row.reason, row.would_be) == (LeftOut.NEGATIVE, Money(-16_50, "EUR"))


# the edge of a period


def test_a_week_ends_an_hour_earlier_when_the_clocks_have_gone_forward(desk: Desk, clock: HandClock) -> None:
    """The clocks of Podgorica go from two to three in the night to Sunday 28 March 2027. The week until the 21st ends
    at 23:00 UTC, the week until the 28th at 22:00 UTC, 167 hours later."""
    ids = {name: vendor(desk, name) for name in ("Before", "Edge", "After")}
    for name, moment in (
        ("Before", datetime(2027, 3, 21, 22, 59, 59, tzinfo=UTC)),
        ("Edge", datetime(2027, 3, 28, 21, 59, 59, tzinfo=UTC)),
        ("After", datetime(2027, 3, 28, 22, 0, 1, tzinfo=UTC)),
    ):
        clock.at(moment)
        given(desk, ids[name], 60_00)
    earlier = prepared(desk, BatchKind.WEEKLY, date(2027, 3, 15), date(2027, 3, 21))
    assert set(paid(desk, earlier)) == {"Before"}
    desk.services.payouts.discard(desk.admin, earlier)
    week = prepared(desk)
    shown = desk.services.payouts.dry_run(desk.admin, week).batch
    assert (shown.last, shown.cutoff_at) == (date(2027, 3, 28), datetime(2027, 3, 28, 22, tzinfo=UTC))
    assert set(paid(desk, week)) == {"Before", "Edge"}
    assert left(desk, week)["After"].reason is LeftOut.HOLDBACK


# banks that refuse


def test_what_a_vendors_own_bank_refuses_is_in_no_later_payout(
    desk: Desk, clock: HandClock, petar: Actor
) -> None:
    """76.50 were transferred; the vendor's bank does not take them, and they lie in the vendor's account with the
    provider. The next batch pays 60.00 that were agreed meanwhile, and nothing of the 76.50 again: 136.50 in all. Only
    what is taken back there is owed once more."""
    plenty(desk)
    (boats,) = owed(desk, "Perast Boats")
    clock.forward(timedelta(days=31))
    month(desk, petar, clock.now().date().replace(day=1) - timedelta(days=1))
    assert payout_of(desk, boats.vendor_id).amount == 76_50
    with desk.sandbox() as sandbox:
        sandbox.change_account(boats.account, past_due=("external_account",))
    desk.services.listening.poll()
    assert open_lines(desk, boats.vendor_id) == 0
    given(desk, boats.vendor_id, 60_00)
    clock.forward(timedelta(days=31))
    first = (clock.now().date().replace(day=1) - timedelta(days=1)).replace(day=1)
    batch = prepared(desk, BatchKind.EXTRA, first, first + timedelta(days=27))
    assert left(desk, batch)["Perast Boats"].reason is LeftOut.ACCOUNT_NOT_READY
    with desk.sandbox() as sandbox:
        sandbox.change_account(boats.account, past_due=())
    assert desk.services.payouts.dry_run(desk.admin, batch, fresh=True).payouts == 1
    approved_by(desk, petar, batch)
    runs(desk).run(desk.admin, batch)
    assert [row.amount for row in payouts(desk)] == [76_50, 60_00]
    assert not_once(desk) == []


# what changes between approval and run


@pytest.mark.parametrize("what", ["account closed", "vendor deactivated"])
def test_whoever_cannot_be_paid_any_more_is_told_why_and_the_others_are_paid(
    desk: Desk, clock: HandClock, petar: Actor, what: str
) -> None:
    """Two are approved with 76.50 each; one cannot be paid when the batch is run. The other has 76.50, the one is owed
    76.50 in a line of their own."""
    plenty(desk)
    closed, other = owed(desk, "Adria", "Boka")
    clock.forward(timedelta(days=31))
    last = clock.now().date().replace(day=1) - timedelta(days=1)
    batch = prepared(desk, BatchKind.EXTRA, last.replace(day=1), last)
    approved_by(desk, petar, batch)
    if what == "account closed":
        with desk.sandbox() as sandbox:
            sandbox.change_account(closed.account, transfers="inactive")
    else:
        desk.services.vendors.deactivate(desk.admin, closed.vendor_id, sold_stays=True)
    report = runs(desk).run(desk.admin, batch)
    assert (report.figures.paid, report.figures.failed) == (1, 1)
    row = payout_of(desk, closed.vendor_id)
    assert row.failure is not None
    assert ("cannot be paid to" if what == "account closed" else "was deactivated") in row.failure
    assert payout_of(desk, other.vendor_id).state is PayoutState.PAID
    assert (open_lines(desk, closed.vendor_id), open_lines(desk, other.vendor_id)) == (76_50, 0)
    assert not_once(desk) == []


# what the provider pays in steps


def dinars(desk: Desk, clock: HandClock, name: str, *, adult: int) -> UUID:
    """A vendor who is paid by transfer, and a booking of two that has travelled by the time that this ends."""
    vendor_id = by_transfer(desk, name)
    trip = desk.add_trip(f"By {name}", vendor_id=vendor_id, currency="KWD", adult=adult)
    departure = desk.add_departure(trip, day=clock.now().date() + timedelta(days=3))
    desk.sold(departure, adult=2, pay=CASH)
    clock.forward(timedelta(days=5))
    travelled(desk, clock, departure)
    return vendor_id


def fils(desk: Desk) -> None:
    """Kuwaiti money enough is with the provider."""
    rich = desk.add_trip("Rich", currency="KWD", adult=100_000)
    desk.sold(desk.add_departure(rich, day=date(2027, 5, 1)), adult=1, pay=CARD)


def overview(desk: Desk, vendor_id: UUID) -> tuple[int, int, int]:
    """What is paid, available and earned, in fils."""
    found = desk.services.earnings.overview(desk.admin, vendor_id).of("KWD")
    assert found is not None
    return found.paid.minor, found.available.total.minor, found.earned.minor


def month_before(clock: HandClock) -> date:
    """Goes on into the next month; the first day of the one that is over then."""
    clock.forward(timedelta(days=31))
    return (clock.now().date().replace(day=1) - timedelta(days=1)).replace(day=1)


def test_dinars_are_paid_to_the_last_ten_fils_and_the_rest_goes_with_the_next_payout(
    desk: Desk, clock: HandClock, petar: Actor
) -> None:
    """2 x 12.345 KWD = 24.690 less 15 % 3.7035, 3.704: 20.986 are the vendor's. The provider takes dinars in steps of
    0.010: 20.980 are paid, 0.006 stay. In the month after 4.994 are agreed: with the 0.006 they are 5.000 just."""
    fils(desk)
    vendor_id = dinars(desk, clock, "Dhow", adult=12_345)
    first = month_before(clock)
    batch = prepared(desk, BatchKind.EXTRA, first, clock.now().date().replace(day=1) - timedelta(days=1))
    row = paid(desk, batch, "KWD")["Dhow"]
    assert (row.gross.minor, row.commission.minor, row.adjustments.minor) == (24_690, -3_704, -6)
    assert (row.to_pay, row.rest) == (Money(20_980, "KWD"), Money(6, "KWD"))
    approved_by(desk, petar, batch)
    assert overview(desk, vendor_id) == (0, 20_986, 20_986)
    runs(desk).run(desk.admin, batch)
    assert (payout_of(desk, vendor_id).amount, payout_of(desk, vendor_id).state) == (20_980, PayoutState.PAID)
    assert open_lines(desk, vendor_id) == 6
    assert overview(desk, vendor_id) == (20_980, 6, 20_986)
    given(desk, vendor_id, 4_994, "KWD")
    month(desk, petar, month_before(clock))
    assert (payout_of(desk, vendor_id).amount, open_lines(desk, vendor_id)) == (5_000, 0)
    assert overview(desk, vendor_id) == (25_980, 0, 25_980)
    one, other = statements(desk, vendor_id)
    assert [(line.net.minor, line.title.partition(" · ")[2]) for line in one.lines] == [
        (20_986, ""),
        (-6, "Carried forward, too little to pay out"),
    ]
    assert sorted((line.net.minor, line.reference) for line in other.lines) == [(6, one.number), (4_994, "")]
    assert other.lines[0].title.endswith(" · Carried forward from the last payout")
    assert [(each.total.minor, each.adjustments.minor) for each in (one, other)] == [
        (20_980, -6),
        (5_000, 5_000),
    ]
    assert not_once(desk) == []
    assert desk.services.check.run().problems == ()


def test_a_payout_in_dinars_that_fails_is_tried_again_and_taken_back_to_the_fils(
    desk: Desk, clock: HandClock, petar: Actor
) -> None:
    """20.986 are owed, 20.980 fail once and arrive the second time; 10.000 are taken back. 10.006 are owed then, of
    which 10.000 are paid: 0.006 are behind as before."""
    fils(desk)
    vendor_id = dinars(desk, clock, "Dhow", adult=12_345)
    arm(desk, Operation.TRANSFER_CREATE, FaultKind.BALANCE_INSUFFICIENT)
    month(desk, petar, month_before(clock))
    assert (payout_of(desk, vendor_id).state, open_lines(desk, vendor_id)) == (PayoutState.FAILED, 20_986)
    runs(desk).retry(desk.admin, payout_of(desk, vendor_id).id)
    sent = payout_of(desk, vendor_id)
    assert (sent.amount, sent.state, open_lines(desk, vendor_id)) == (20_980, PayoutState.PAID, 6)
    runs(desk).take_back(desk.admin, sent.id, Money(10_000, "KWD"), "Too early", key=uuid4())
    assert overview(desk, vendor_id) == (10_980, 10_006, 20_986)
    month(desk, petar, month_before(clock))
    assert (payout_of(desk, vendor_id).amount, open_lines(desk, vendor_id)) == (10_000, 6)
    assert overview(desk, vendor_id) == (20_980, 6, 20_986)
    assert desk.services.check.run().problems == ()


def test_a_bank_pays_each_fils_and_less_than_a_step_is_below_the_minimum_of_the_provider(
    desk: Desk, clock: HandClock, petar: Actor
) -> None:
    """Both are owed 0.009; nobody asked for more. The bank pays it, the provider's smallest amount is 0.010."""
    fils(desk)
    ids = vendor(desk, "By bank", currency="KWD"), dinars(desk, clock, "By transfer", adult=12_345)
    given(desk, ids[0], 9, "KWD")
    given(desk, ids[1], 9 - 20_986, "KWD")
    first = month_before(clock)
    batch = prepared(desk, BatchKind.EXTRA, first, clock.now().date().replace(day=1) - timedelta(days=1))
    assert paid(desk, batch, "KWD")["By bank"].to_pay == Money(9, "KWD")
    row = left(desk, batch, "KWD")["By transfer"]
    assert (row.reason, row.minimum, row.would_be) == (
        LeftOut.BELOW_MINIMUM,
        Money(10, "KWD"),
        Money(9, "KWD"),
    )
    approved_by(desk, petar, batch)
    assert desk.services.payouts.overdue(desk.admin) == ()
    assert open_lines(desk, ids[1]) == 9


def test_what_was_approved_to_the_last_fils_is_refused_and_goes_with_the_next_batch(
    desk: Desk, clock: HandClock, petar: Actor
) -> None:
    """A payout of 20.986 that an earlier version wrote: nothing leaves, the euros of the next vendor go, and the next
    batch pays 20.980."""
    plenty(desk)
    fils(desk)
    vendor_id = dinars(desk, clock, "Dhow", adult=12_345)
    (euros,) = owed(desk, "Boka")
    batch = approved(desk)
    runs(desk).run(desk.admin, batch)
    failed = payout_of(desk, vendor_id)
    assert (failed.amount, failed.state) == (20_986, PayoutState.FAILED)
    assert "in larger steps" in (failed.failure or "")
    assert payout_of(desk, euros.vendor_id).state is PayoutState.PAID
    month(desk, petar, month_before(clock))
    assert (payout_of(desk, vendor_id).amount, open_lines(desk, vendor_id)) == (20_980, 6)
    assert not_once(desk) == []
