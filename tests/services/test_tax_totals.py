"""What vendors took in and were paid in a year, reckoned by hand, beside the thresholds that ship."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from helpers.clock import HandClock
from helpers.desk import CASH, Desk
from helpers.refunding import refunded
from helpers.statements import another, told, travelled, vendors_person
from travellr_desktop import paths
from travellr_desktop.domain import ledger
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.payouts.tax import Counts, Threshold, YearTotal, of_year, reached
from travellr_desktop.domain.states import TakeBackState
from travellr_desktop.errors import InvalidInput, NotPermitted, ResourceMissing
from travellr_desktop.services.agency import AgencyDraft
from travellr_desktop.services.payouts import standing
from travellr_desktop.services.tax_totals import TaxRow
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.models import TakeBack


def totals(desk: Desk, year: int = 2026) -> list[tuple[str, str, int, int, int]]:
    """Vendor, currency, gross, transactions, paid out."""
    found = desk.services.tax_totals.year(desk.admin, year).rows
    return [
        (row.vendor, row.gross.currency, row.gross.minor, row.transactions, row.paid_out.minor)
        for row in found
    ]


def pay(desk: Desk) -> None:
    """All that is owed leaves, by statements."""
    for statement in told(desk):
        with desk.database.write(Commit.PAYOUT_RECORD, desk.admin) as work:
            row = work.statements.get(statement.id)
            assert row.payout_id is not None
            payout = work.payouts.get_full(row.payout_id)
            standing.sending(work, payout)
            standing.paid(work, payout)
            work.commit()


def test_gross_is_before_refunds_and_commission(desk: Desk) -> None:
    booking = travelled(desk)
    pay(desk)
    refunded(desk, booking, back=9_000)
    desk.add_trip("In yen", adult=8_000, currency="JPY")
    travelled(desk, "In yen")
    assert totals(desk) == [
        ("Bokeška Plovidba", "EUR", 9_000, 1, 7_200),
        ("Bokeška Plovidba", "JPY", 16_000, 1, 0),
    ]


def test_a_payment_for_two_bookings_of_a_vendor_is_one_transaction(desk: Desk) -> None:
    departure = desk.add_departure()
    desk.sell(desk.hold(departure), desk.hold(departure, adult=1), pay=CASH)
    assert totals(desk) == [("Bokeška Plovidba", "EUR", 13_500, 1, 0)]


def test_what_is_not_paid_yet_and_what_was_declined_is_nothing(desk: Desk) -> None:
    desk.sell(desk.hold(desk.add_departure()), pay=None)
    assert totals(desk) == []


def test_the_year_is_that_of_the_agencys_clock(desk: Desk) -> None:
    """A boat leaves Auckland on the morning of 1 January; it is paid for in Los Angeles, where it is the last day of
    the year until eight in the morning in London."""
    view = desk.services.agency.view()
    assert view is not None
    draft = AgencyDraft(view.name, view.desk_name, "", "", "", "America/Los_Angeles")
    desk.services.agency.save(desk.admin, draft)
    trip = desk.add_trip("Harbour", adult=5_000, zone="Pacific/Auckland")
    clock = desk.clock
    assert isinstance(clock, HandClock)
    for moment in (datetime(2027, 1, 1, 7, 59, 59, tzinfo=UTC), datetime(2027, 1, 1, 8, tzinfo=UTC)):
        clock.forward(moment - clock.now())
        desk.sold(desk.add_departure(trip, day=date(2027, 1, 3)), pay=CASH, adult=1)
    assert totals(desk, 2026) == totals(desk, 2027) == [("Bokeška Plovidba", "EUR", 5_000, 1, 0)]
    assert desk.services.tax_totals.years(desk.admin) == (2027, 2026)
    assert desk.services.tax_totals.year(desk.admin, 2026).over
    assert not desk.services.tax_totals.year(desk.admin, 2027).over


def test_what_left_in_one_year_and_came_back_in_the_next_counts_in_each(desk: Desk) -> None:
    travelled(desk)
    pay(desk)
    clock = desk.clock
    assert isinstance(clock, HandClock)
    clock.forward(timedelta(days=200))
    with desk.database.write(Commit.PAYOUT_RECORD, desk.admin) as work:
        (payout,), _ = work.payouts.find_all()
        entry = ledger.transfer_reversed_entry(
            Money(3_000, "EUR"), vendor_id=payout.vendor_id, available_at=work.now
        )
        (posted,) = standing.post(work, payout, (entry,))
        work.session.add(
            TakeBack(
                payout_id=payout.id,
                amount=3_000,
                currency="EUR",
                state=TakeBackState.DONE,
                created_at=work.now,
                ended_at=work.now,
                ledger_id=posted,
            )
        )
        work.flush()
        work.commit()
    assert totals(desk, 2026) == [("Bokeška Plovidba", "EUR", 9_000, 1, 7_200)]
    (row,) = desk.services.tax_totals.year(desk.admin, 2027).rows
    assert (row.gross.minor, row.paid_out.minor, row.came_back.minor) == (0, -3_000, 3_000)


def test_who_is_beyond_a_threshold_is_named_by_its_form(desk: Desk) -> None:
    desk.add_trip("In dollars", adult=2_000_100, currency="USD")
    travelled(desk, "In dollars", adult=1)
    another(desk)
    rows = {(row.vendor, row.gross.currency): row for row in paid_rows(desk)}
    assert rows["Bokeška Plovidba", "USD"].forms == ("1099-NEC",)  # one payment is not more than 200
    assert rows["Zanzibar Tours", "EUR"].forms == ()


def paid_rows(desk: Desk) -> tuple[TaxRow, ...]:
    pay(desk)
    found = desk.services.tax_totals.year(desk.admin, 2026)
    assert [threshold.form for threshold in found.thresholds] == ["1099-K", "1099-NEC"]
    return found.rows


def test_the_thresholds_that_ship_are_those_of_their_years(desk: Desk) -> None:
    def of(year: int) -> tuple[Threshold, ...]:
        return desk.services.tax_totals.year(desk.admin, year).thresholds

    cards = Threshold("1099-K", "US", "USD", 2025, 2026, Counts.GROSS, 2_000_000, transactions=200)
    assert of(2025) == (
        cards,
        Threshold("1099-NEC", "US", "USD", 2025, 2025, Counts.PAID, 60_000, reached_at=True),
    )
    assert of(2026) == (
        cards,
        Threshold("1099-NEC", "US", "USD", 2026, 2026, Counts.PAID, 200_000, reached_at=True),
    )
    assert of(2024) == of(2027) == ()
    assert reached(of_year(of(2026), 2026)[0], YearTotal("USD", 2_000_001, 201))


def test_the_year_is_a_file_for_an_adviser(desk: Desk, tmp_path: Path) -> None:
    travelled(desk)
    pay(desk)
    path = tmp_path / "2026.csv"
    assert desk.services.tax_totals.save(desk.admin, 2026, path).rows == 1
    with path.open(encoding="utf-8-sig", newline="") as file:
        (line,) = csv.DictReader(file)
    assert (line["Year"], line["Vendor"], line["Gross before refunds"]) == (
        "2026",
        "Bokeška Plovidba",
        "90.00",
    )
    assert (line["Transactions"], line["Paid out"], line["Above threshold of"]) == ("1", "72.00", "")


@pytest.mark.parametrize("year", [0, -5, 9_999, 10_000])
def test_what_is_no_year_is_refused(desk: Desk, year: int) -> None:
    with pytest.raises(InvalidInput):
        desk.services.tax_totals.year(desk.admin, year)


def test_a_vendors_person_and_an_agent_are_refused(desk: Desk) -> None:
    for actor in (vendors_person(desk), desk.agent):
        with pytest.raises(NotPermitted):
            desk.services.tax_totals.year(actor, 2026)


def test_without_its_figures_the_program_says_which_file_is_missing(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paths, "resource", tmp_path.joinpath)
    with pytest.raises(ResourceMissing, match=r"thresholds\.toml"):
        desk.services.tax_totals.year(desk.admin, 2026)


def test_an_agency_of_which_nothing_is_known_has_nothing(desk: Desk) -> None:
    assert totals(desk) == []
    assert desk.services.tax_totals.years(desk.admin) == (2026,)
