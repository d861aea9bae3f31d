"""Dry runs: figures reckoned by hand, and everybody left out with the reason that applies."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest

from helpers.batches import approved_by, given, left, looked_at, paid, prepared, reasons, run_of, vendor
from helpers.clock import HandClock
from helpers.desk import CASH, Desk
from helpers.disputed import opened, sold
from helpers.paying_out import owed, plenty
from helpers.refunding import colleague, refunded
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.payouts.figures import Figures
from travellr_desktop.domain.payouts.words import BatchKind, LeftOut, PayoutWay, Schedule, VendorPaper
from travellr_desktop.payments.sandbox.faults import FaultKind
from travellr_desktop.payments.sandbox.operations import Operation
from travellr_desktop.services.agency import AgencyDraft
from travellr_desktop.services.matching.kept import Reconciled
from travellr_desktop.services.payout_settings import PayoutRules
from travellr_desktop.services.payouts.views import NextStep
from travellr_desktop.services.vendor_drafts import PaperDraft, TermsDraft
from travellr_desktop.services.vendors import VendorDraft

WEEK = timedelta(days=7)
LAST = date(2026, 7, 17)
"""A day before the clock of `owed` stands still."""


def arm(desk: Desk, *operations: Operation) -> None:
    """The provider is not reached, until `disarm`."""
    with desk.sandbox() as sandbox:
        for operation in operations:
            sandbox.arm(operation, FaultKind.UNREACHABLE, until_disarmed=True)


def test_the_columns_of_a_vendor_add_up_to_what_is_paid(desk: Desk) -> None:
    # 90.00 less 15 %, of which 10.00 go back after the trip, and 2.50 are taken off by hand
    (boats,) = owed(desk, "Perast Boats")
    refunded(desk, boats.booking_id, back=1_000)
    batch = prepared(desk)
    given(desk, boats.vendor_id, -250)
    assert paid(desk, batch)["Perast Boats"].figures == Figures(1, 2, 9_000, -1_350, -850)
    desk.services.payouts.discard(desk.admin, batch)
    assert isinstance(desk.clock, HandClock)
    desk.clock.forward(WEEK)
    row = paid(desk, prepared(desk))["Perast Boats"]
    assert (row.gross, row.commission, row.refunds) == (
        Money(9_000, "EUR"),
        Money(-1_350, "EUR"),
        Money(-850, "EUR"),
    )
    assert (row.adjustments, row.carried_in, row.to_pay) == (
        Money(-250, "EUR"),
        Money(0, "EUR"),
        Money(6_550, "EUR"),
    )
    assert (row.way, row.label, row.bookings) == (PayoutWay.TRANSFER, f"Stripe ••{boats.account[-4:]}", 1)


@pytest.mark.parametrize(
    ("currency", "adult", "figures"),
    [
        # 15 % of 24 690 are 3 703.5, of 250.750 are 37.6125: rounded once, halves away from nothing
        ("JPY", 12_345, Figures(1, 1, 24_690, -3_704)),
        ("KWD", 125_375, Figures(1, 1, 250_750, -37_613)),
    ],
)
def test_currencies_of_no_and_three_decimals(
    desk: Desk, clock: HandClock, currency: str, adult: int, figures: Figures
) -> None:
    vendor_id = desk.services.vendors.create(desk.admin, VendorDraft("Kajak", commission_bps=1500))
    departure = desk.add_departure(
        desk.add_trip("Kajak", vendor_id=vendor_id, currency=currency, adult=adult)
    )
    terms = TermsDraft(
        Schedule.MONTHLY, PayoutWay.BANK, iban="DE89370400440532013000", bic="COBADEFF", holder="Kajak"
    )
    desk.services.vendor_terms.save(desk.admin, vendor_id, terms)
    desk.sold(departure, adult=2, pay=CASH)
    clock.at(datetime(2026, 8, 1, 12, tzinfo=UTC))
    desk.services.bookings.complete(desk.admin, departure)
    batch = prepared(desk, BatchKind.MONTHLY)
    assert reasons(desk, batch, currency) == {"Kajak": LeftOut.NO_MINIMUM}
    rules = PayoutRules(minimums=(Money(figures.to_pay, currency),))
    desk.services.payout_settings.save(desk.admin, rules)
    row = paid(desk, batch, currency)["Kajak"]
    assert row.figures == figures
    assert row.label == "COBA ••3000"
    assert run_of(desk, batch, currency).funds is None


def test_everybody_left_out_has_a_reason_and_a_next_step(desk: Desk, clock: HandClock) -> None:
    names = ("Active", "Disputed", "Excluded", "Not ready", "Unpapered")
    made = dict(zip(names, owed(desk, *names, travelled=False), strict=True))
    with desk.database.read() as view:
        payments = {
            name: view.payments.find_by_booking_id(each.booking_id)[0].provider_ref
            for name, each in made.items()
        }
        departures = {name: view.bookings.get(each.booking_id).departure_id for name, each in made.items()}
    clock.forward(timedelta(days=30))
    for departure in departures.values():
        desk.services.bookings.complete(desk.admin, departure)
    with desk.sandbox() as sandbox:
        assert payments["Disputed"] is not None
        sandbox.open_dispute(payments["Disputed"])
        sandbox.change_account(made["Not ready"].account, transfers="inactive")
    desk.services.listening.poll()
    vendor(desk, "Nobody", TermsDraft())
    for name, minor in (
        ("Little", 4_999),
        ("Negative", -1),
        ("Monthly", 6_000),
        ("Nobody", 6_000),
        ("Gone", 30),
    ):
        terms = TermsDraft(Schedule.MONTHLY) if name == "Monthly" else None
        given(desk, _named(desk, name) or vendor(desk, name, terms), minor)
    gone = _named(desk, "Gone")
    assert gone is not None
    desk.services.vendors.deactivate(desk.admin, gone)
    clock.forward(WEEK)
    held = vendor(desk, "Held")
    given(desk, held, 700)
    desk.services.payout_settings.save(desk.admin, PayoutRules(papers=(VendorPaper.LICENCE,)))
    for name in (*names[:4], "Little", "Negative", "Monthly", "Nobody", "Held"):
        vendor_id = _named(desk, name)
        assert vendor_id is not None
        day = clock.now().date()
        draft = PaperDraft(VendorPaper.LICENCE, day - timedelta(days=400), day)
        desk.services.vendor_terms.hand_in(desk.admin, vendor_id, draft, key=vendor_id)
    batch = prepared(desk)
    desk.services.payouts.leave_out(desk.admin, batch, made["Excluded"].vendor_id, "  Insolvent ")
    rows = left(desk, batch)
    assert {name: (row.reason, row.next_step) for name, row in rows.items()} == {
        "Disputed": (LeftOut.DISPUTED, NextStep.OPEN_DISPUTE),
        "Excluded": (LeftOut.BY_HAND, NextStep.TAKE_IN),
        "Gone": (LeftOut.INACTIVE, NextStep.ACTIVATE),
        "Held": (LeftOut.HOLDBACK, NextStep.NOTHING),
        "Little": (LeftOut.BELOW_MINIMUM, NextStep.NOTHING),
        "Monthly": (LeftOut.OTHER_SCHEDULE, NextStep.NOTHING),
        "Negative": (LeftOut.NEGATIVE, NextStep.NOTHING),
        "Nobody": (LeftOut.NO_ACCOUNT, NextStep.ADD_ACCOUNT),
        "Not ready": (LeftOut.ACCOUNT_NOT_READY, NextStep.ASK_VENDOR),
        "Unpapered": (LeftOut.DOCUMENT_MISSING, NextStep.ADD_DOCUMENT),
    }
    assert set(paid(desk, batch)) == {"Active"}
    assert rows["Excluded"].detail == "Insolvent"
    assert rows["Unpapered"].detail == "licence"
    assert rows["Held"].would_be == Money(700, "EUR")
    assert rows["Held"].free_at == clock.now()
    assert rows["Little"].minimum == Money(5_000, "EUR")
    with desk.database.read() as view:
        disputed = view.bookings.get(made["Disputed"].booking_id)
        (dispute,) = view.disputes.undecided()
        assert (rows["Disputed"].detail, rows["Disputed"].dispute_id) == (disputed.reference, dispute.id)
    assert rows["Disputed"].would_be == rows["Disputed"].disputed == Money(7_650, "EUR")
    run = run_of(desk, batch)
    assert run.to_pay == Money(7_650, "EUR")
    assert run.would_be.minor == sum(row.would_be.minor for row in rows.values())


def _named(desk: Desk, name: str) -> UUID | None:
    return next((row.id for row in desk.services.vendors.names(desk.admin) if row.name == name), None)


def test_a_disputed_booking_is_taken_out_of_what_is_paid_and_stands_beside_it(
    desk: Desk, clock: HandClock
) -> None:
    (boats,) = owed(desk, "Perast Boats", travelled=False)
    departure = desk.add_departure(desk.trips["By Perast Boats"])
    taken = sold(desk, departure)
    clock.forward(timedelta(days=30))
    with desk.database.read() as view:
        others = view.bookings.get(boats.booking_id).departure_id
    for each in (departure, others):
        desk.services.bookings.complete(desk.admin, each)
    batch = prepared(desk)
    assert paid(desk, batch)["Perast Boats"].to_pay == Money(15_300, "EUR")
    opened(desk, taken)
    desk.services.listening.poll()
    row = paid(desk, batch)["Perast Boats"]
    assert (row.to_pay, row.disputed, row.bookings) == (Money(7_650, "EUR"), Money(7_650, "EUR"), 1)


def test_what_was_promised_to_travellers_is_never_paid_out(desk: Desk) -> None:
    boats, _other = owed(desk, "Perast Boats", "Zeta Travel")
    batch = prepared(desk)
    funds = run_of(desk, batch).funds
    assert funds is not None
    available = funds.available
    assert funds.promised == Money(0, "EUR")
    assert funds.stays == available - Money(2 * 7_650, "EUR")
    arm(desk, Operation.REFUND_CREATE)
    refunded(desk, boats.booking_id, back=9_000)  # promised, and not gone
    run = run_of(desk, batch)
    assert run.funds is not None
    assert (run.funds.available, run.funds.promised) == (available, Money(9_000, "EUR"))
    # of 180.00 that came in, less fees, 90.00 are the traveller's: the rest pays the one who is owed something
    assert {row.name for row in run.rows} == {"Zeta Travel"}
    assert run.funds.stays == available - Money(9_000 + 7_650, "EUR")


def test_money_that_is_not_there_yet_is_given_by_name_until_it_is_used_up(desk: Desk) -> None:
    first, second = owed(desk, "Adriatic Dive", "Boka Yachts")
    given(desk, second.vendor_id, 100)
    assert isinstance(desk.clock, HandClock)
    desk.clock.forward(WEEK)
    given(desk, first.vendor_id, 1_500)
    desk.clock.forward(WEEK)
    batch = prepared(desk)
    run = run_of(desk, batch)
    # 169.00 of the 180.00 that came in, less fees
    assert {row.name: row.to_pay.minor for row in run.rows} == {"Adriatic Dive": 9_150, "Boka Yachts": 7_750}
    given(desk, first.vendor_id, 1_500)  # 184.00 are wanted
    desk.services.payouts.discard(desk.admin, batch)
    desk.clock.forward(WEEK)
    batch = prepared(desk)
    assert reasons(desk, batch) == {"Boka Yachts": LeftOut.NO_FUNDS}
    assert left(desk, batch)["Boka Yachts"].next_step is NextStep.WAIT_FOR_FUNDS
    plenty(desk)
    desk.clock.forward(timedelta(minutes=2))
    assert reasons(desk, batch) == {}


def test_the_provider_is_asked_once_in_minutes_and_its_silence_is_told(desk: Desk, clock: HandClock) -> None:
    owed(desk, "Perast Boats")
    batch = prepared(desk)
    first = looked_at(desk, batch)
    assert (first.asked_at, first.silent, first.payouts) == (clock.now(), "", 1)
    arm(desk, Operation.ACCOUNT_RETRIEVE, Operation.BALANCE_RETRIEVE)
    clock.forward(timedelta(seconds=50))
    again = looked_at(desk, batch)
    assert (again.asked_at, again.silent) == (first.asked_at, "")
    fresh = looked_at(desk, batch, fresh=True)
    assert fresh.asked_at == first.asked_at
    assert fresh.silent != ""
    assert fresh.digest == first.digest


def test_without_a_word_of_the_provider_nothing_goes_by_transfer(desk: Desk) -> None:
    owed(desk, "Perast Boats")
    given(desk, vendor(desk, "By bank"), 6_000)
    assert isinstance(desk.clock, HandClock)
    desk.clock.forward(WEEK)
    batch = prepared(desk)
    arm(desk, Operation.ACCOUNT_RETRIEVE)
    run = looked_at(desk, batch)
    assert run.silent != ""
    assert reasons(desk, batch) == {"Perast Boats": LeftOut.ACCOUNT_NOT_READY}
    assert set(paid(desk, batch)) == {"By bank"}
    with desk.sandbox() as sandbox:
        sandbox.disarm()
    arm(desk, Operation.BALANCE_RETRIEVE)
    desk.clock.forward(timedelta(minutes=10))
    assert looked_at(desk, batch).payouts == 2  # the balance was said before, and is told to be old
    assert looked_at(desk, batch).silent != ""


def test_what_was_approved_and_has_not_left_is_not_there_for_others(desk: Desk) -> None:
    first, second = owed(desk, "Perast Boats", "Zeta Travel")
    petar = colleague(desk)
    extra = desk.services.payouts.prepare(desk.admin, BatchKind.EXTRA, LAST, LAST, (first.vendor_id,))
    funds = run_of(desk, extra).funds
    assert funds is not None
    assert funds.waiting == Money(0, "EUR")
    approved_by(desk, petar, extra)
    run = run_of(desk, prepared(desk, BatchKind.EXTRA, LAST, LAST, of=(second.vendor_id,)))
    assert run.funds is not None
    assert run.funds.waiting == Money(7_650, "EUR")
    assert run.funds.stays == funds.available - Money(2 * 7_650, "EUR")


# days


def _agency_in(desk: Desk, zone: str) -> None:
    view = desk.services.agency.view()
    assert view is not None
    desk.services.agency.save(desk.admin, AgencyDraft(view.name, view.desk_name, "", "", "", zone))


def test_new_years_eve_in_auckland_for_an_agency_in_los_angeles(desk: Desk, clock: HandClock) -> None:
    """A tour that leaves Auckland half an hour into 2027 is back at 02:30 there: 05:30 on the last day of 2026 in Los
    Angeles, whose December it is paid with."""
    _agency_in(desk, "America/Los_Angeles")
    vendor_id = desk.services.vendors.create(
        desk.admin, VendorDraft("Hauraki Tours", holdback_days=0, commission_bps=2_000)
    )
    trip = desk.add_trip("Fireworks", vendor_id=vendor_id, zone="Pacific/Auckland", duration_min=120)
    departure = desk.add_departure(trip, day=date(2027, 1, 1), at=time(0, 30))
    desk.sold(departure, adult=2, pay=CASH)
    clock.at(datetime(2026, 12, 31, 13, 30, tzinfo=UTC))
    desk.services.bookings.complete(desk.admin, departure)
    terms = TermsDraft(
        Schedule.MONTHLY, PayoutWay.BANK, iban="DE89370400440532013000", bic="COBADEFF", holder="Hauraki"
    )
    desk.services.vendor_terms.save(desk.admin, vendor_id, terms)
    clock.at(datetime(2027, 1, 1, 8, tzinfo=UTC))
    batch = prepared(desk, BatchKind.MONTHLY)
    row = paid(desk, batch)["Hauraki Tours"]
    assert (row.gross, row.to_pay) == (Money(9_000, "EUR"), Money(7_200, "EUR"))
    shown = looked_at(desk, batch).batch
    assert (shown.first, shown.last) == (date(2026, 12, 1), date(2026, 12, 31))
    assert shown.cutoff_at == datetime(2027, 1, 1, 8, tzinfo=UTC)
    assert shown.reference == "PB-2027-000001"


def test_a_week_ends_with_the_agencys_clock_when_that_is_turned_back(desk: Desk, clock: HandClock) -> None:
    """The clocks of Podgorica go from three to two in the night to Sunday 25 October 2026, so that its midnight is an
    hour later in UTC than a week before."""
    late, later = vendor(desk, "Late"), vendor(desk, "Later")
    clock.at(datetime(2026, 10, 25, 22, 59, 59, tzinfo=UTC))
    given(desk, late, 6_000)
    clock.at(datetime(2026, 10, 25, 23, 0, 1, tzinfo=UTC))
    given(desk, later, 6_000)
    batch = prepared(desk)
    assert looked_at(desk, batch).batch.last == date(2026, 10, 25)
    assert set(paid(desk, batch)) == {"Late"}
    assert reasons(desk, batch) == {"Later": LeftOut.HOLDBACK}


def test_a_dry_run_says_how_far_the_books_were_matched(desk: Desk, clock: HandClock) -> None:
    owed(desk, "Perast Boats")
    clock.forward(WEEK)
    batch = prepared(desk)
    assert looked_at(desk, batch).reconciled is None
    desk.services.matching.match(desk.admin, LAST - WEEK, LAST)
    assert looked_at(desk, batch).reconciled == Reconciled(clock.now(), LAST - WEEK, LAST, 0)
