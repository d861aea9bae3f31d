"""The list behind every figure of a vendor's earnings."""

from __future__ import annotations

import csv
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from helpers.clock import HandClock
from helpers.desk import CASH, DAY, Desk
from helpers.disputed import opened
from helpers.disputed import sold as sold_by_card
from helpers.paying_out import approved, paid_to, payouts, plenty, runs
from travellr_desktop.domain.ledger import LedgerEvent
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.payouts.earning import Whereabouts
from travellr_desktop.domain.permissions import Actor, Role
from travellr_desktop.domain.states import PayoutState
from travellr_desktop.services.adjusting import AdjustmentDraft
from travellr_desktop.services.lists import EarningListRow
from travellr_desktop.services.paged import ListQuery
from travellr_desktop.services.payouts.paying import Paying
from travellr_desktop.services.vendors import VendorDraft

FREE = datetime(2026, 7, 6, 9, 30, tzinfo=UTC)


def rows(desk: Desk, actor: Actor | None = None, **filters: object) -> tuple[EarningListRow, ...]:
    with closing(desk.services.lists.earnings(actor or desk.admin, ListQuery(filters=filters))) as found:
        assert found.index() == len(found.first())
        return found.first()


def sums(desk: Desk, **filters: object) -> dict[str, int]:
    with closing(desk.services.lists.earnings(desk.admin, ListQuery(filters=filters))) as found:
        return {name: by.get("EUR", 0) for name, by in found.totals().sums.items()}


def everywhere(desk: Desk, clock: HandClock) -> None:
    """A booking of 90.00 in every place that there is; 12.00 by agreement."""
    plenty(desk)  # far away: 4,500.00, of which 3,600.00 are not travelled
    with desk.sandbox() as sandbox:
        paid_to(desk, desk.vendor_id, sandbox.open_account("Bokeška"))
    first = desk.add_departure()
    desk.sold(first, adult=2)
    clock.at(FREE)
    desk.services.bookings.complete(desk.admin, first)
    approved(desk, [desk.vendor_id])
    Paying(desk.database, desk.program.gateway).send(desk.admin, payouts(desk)[0].id)
    day = FREE.date() + timedelta(days=1)
    second, third = desk.add_departure(day=day), desk.add_departure(day=day + timedelta(days=2))
    been, disputed = desk.sold(second, pay=CASH, adult=2), sold_by_card(desk, second)
    desk.sold(third, pay=CASH, adult=2)
    opened(desk, disputed)
    desk.services.listening.poll()
    clock.forward(timedelta(days=4))
    for departure in (second, third):
        desk.services.bookings.complete(desk.admin, departure)
    draft = AdjustmentDraft(desk.vendor_id, Money(1_200, "EUR"), "Cleaned the boat")
    desk.services.adjustments.adjust(desk.admin, draft, key=uuid4())
    assert been.bookings


def test_each_line_says_where_it_is_when_and_why(desk: Desk, clock: HandClock) -> None:
    everywhere(desk, clock)
    found = {(row.place, row.event): row for row in rows(desk)}
    assert len(found) == len(rows(desk)) == 6
    here, about = Whereabouts, LedgerEvent
    share = {key: (row.share.minor, row.retail and row.retail.minor) for key, row in found.items()}
    assert share == {
        (here.NOT_TRAVELLED, None): (360_000, 450_000),
        (here.PAID, about.TRIP_DONE): (7_200, 9_000),
        (here.AVAILABLE, about.TRIP_DONE): (7_200, 9_000),
        (here.AVAILABLE, about.VENDOR_ADJUSTED): (1_200, None),
        (here.DISPUTED, about.TRIP_DONE): (7_200, 9_000),
        (here.HOLDBACK, about.TRIP_DONE): (7_200, 9_000),
    }
    paid = found[here.PAID, about.TRIP_DONE]
    assert paid.statement.startswith("ST-") and paid.paid_at == FREE and paid.pax == 2
    assert found[here.DISPUTED, about.TRIP_DONE].free_at is None
    assert found[here.DISPUTED, about.TRIP_DONE].due_by is not None
    assert found[here.AVAILABLE, about.VENDOR_ADJUSTED].reason == "Cleaned the boat"
    assert found[here.HOLDBACK, about.TRIP_DONE].free_at == datetime(2026, 7, 11, 9, 30, tzinfo=UTC)
    assert paid.commission == Money(-1_800, "EUR")


def test_added_up_the_lines_of_a_figure_are_the_figure(desk: Desk, clock: HandClock) -> None:
    everywhere(desk, clock)
    found = desk.services.earnings.overview(desk.admin, desk.vendor_id).of("EUR")
    assert found is not None
    mine = {"vendor": desk.vendor_id, "currency": "EUR"}
    for part in found.parts:
        assert sums(desk, **mine, state=part.why)["share"] == part.amount.minor
    available = sums(desk, **mine, state=Whereabouts.AVAILABLE)
    assert available["share"] == found.available.total.minor
    assert (available["retail"], available["commission"]) == (
        found.available.retail.minor,
        found.available.commission.minor,
    )
    assert sums(desk, **mine)["share"] == found.earned.minor


def test_it_is_narrowed_to_a_month_of_travel_a_trip_a_payout_and_words(desk: Desk, clock: HandClock) -> None:
    everywhere(desk, clock)
    july = (date(2026, 7, 1), date(2026, 8, 1))
    assert len(rows(desk, travel=july)) == 4
    assert len(rows(desk, trip=next(iter(desk.trips.values())))) == 5
    payout = payouts(desk)[0].id
    assert [row.place for row in rows(desk, payout=payout)] == [Whereabouts.PAID]
    reference = rows(desk, payout=payout)[0].reference
    with closing(desk.services.lists.earnings(desk.admin, ListQuery(text=reference[-4:]))) as found:
        assert reference in {row.reference for row in found.first()}


def test_behind_a_payout_that_was_tried_again_are_the_bookings_of_the_first_try(
    desk: Desk, clock: HandClock
) -> None:
    """What was paid in cash is not with the provider: the first try fails for want of money there."""
    departure = desk.add_departure()
    booking = desk.sold(departure, pay=CASH, adult=2).bookings[0].id
    clock.at(FREE)
    desk.services.bookings.complete(desk.admin, departure)
    with desk.sandbox() as sandbox:
        paid_to(desk, desk.vendor_id, sandbox.open_account("Bokeška"))
    approved(desk, [desk.vendor_id])
    Paying(desk.database, desk.program.gateway).send(desk.admin, payouts(desk)[0].id)
    assert payouts(desk)[0].state is PayoutState.FAILED
    plenty(desk)
    runs(desk).retry(desk.admin, payouts(desk)[0].id)
    first, again = payouts(desk)
    assert again.state is PayoutState.PAID
    for payout in (first, again):
        assert [row.booking_id for row in rows(desk, payout=payout.id)] == [booking]
    shown = desk.services.earnings.payouts(desk.admin, desk.vendor_id)
    assert [row.id for row in shown] == [again.id]


def test_the_last_trip_comes_first_and_each_column_sorts(desk: Desk, clock: HandClock) -> None:
    everywhere(desk, clock)
    departs = [row.departs for row in rows(desk) if row.departs is not None]
    assert departs == sorted(departs, reverse=True)
    for name in ("reference", "trip", "retail", "commission", "share", "free", "state"):
        with closing(desk.services.lists.earnings(desk.admin, ListQuery(sort=name))) as found:
            assert len(found.first()) == 6
    with closing(desk.services.lists.earnings(desk.admin, ListQuery(sort="share"))) as found:
        shares = [row.share.minor for row in found.first()]
    assert shares == sorted(shares)


def test_a_vendors_person_has_their_own_lines_whatever_they_ask_for(desk: Desk, clock: HandClock) -> None:
    everywhere(desk, clock)
    other = desk.services.vendors.create(desk.admin, VendorDraft("Other"))
    theirs = desk.add_trip("Elsewhere", vendor_id=other)
    desk.sold(desk.add_departure(theirs, day=DAY + timedelta(days=30)), pay=CASH)
    own = Actor(uuid4(), "Nikola", Role.VENDOR, desk.vendor_id)
    assert len(rows(desk)) == 7
    assert len(rows(desk, own)) == 6
    assert rows(desk, own, vendor=other) == () == rows(desk, own, vendor=uuid4())


def test_it_is_written_as_csv(desk: Desk, clock: HandClock, tmp_path: Path) -> None:
    everywhere(desk, clock)
    file = tmp_path / "earnings.csv"
    with closing(desk.services.lists.earnings(desk.admin, ListQuery())) as found:
        desk.services.exports.to_csv(desk.admin, "earnings", found, file)
    with file.open(encoding="utf-8-sig", newline="") as text:
        written = list(csv.DictReader(text))
    assert len(written) == 6
    assert {row["Vendor"] for row in written} == {"Bokeška Plovidba"}
