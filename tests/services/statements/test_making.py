"""Statements as a batch issues them: what they say, what is carried, and that they say the same for ever."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from helpers.clock import HandClock
from helpers.desk import Desk
from helpers.invoicing import TERMS, ready
from helpers.raw import rows
from helpers.refunding import refunded
from helpers.statements import ACCOUNT, FIRST, LAST, another, told, travelled
from travellr_desktop.domain.ledger import Bearer
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.payouts.words import LeftOut, LineKind
from travellr_desktop.domain.permissions import SYSTEM
from travellr_desktop.domain.states import PayoutState
from travellr_desktop.services.adjusting import AdjustmentDraft
from travellr_desktop.services.agency import AgencyDraft
from travellr_desktop.services.statements.views import StatementDetail
from travellr_desktop.services.vendors import VendorDraft
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.models import Statement, StatementEntry, VendorLine


def sums(statement: StatementDetail) -> tuple[int, ...]:
    return tuple(
        amount.minor
        for amount in (
            statement.charges,
            statement.refunds,
            statement.adjustments,
            statement.commission,
            statement.carried_in,
            statement.total,
            statement.carried_out,
        )
    )


def adjust(desk: Desk, minor: int, reason: str) -> None:
    draft = AdjustmentDraft(desk.vendor_id, Money(minor, "EUR"), reason)
    desk.services.adjustments.adjust(desk.admin, draft, key=uuid4())


def test_a_statement_says_every_booking_that_it_pays(desk: Desk) -> None:
    """90.00 and 117.00 at 20 %: 18.00 and 23.40 for the agency."""
    first, second = travelled(desk), travelled(desk, adult=2, child=1)
    (statement,) = told(desk)
    assert sums(statement) == (20_700, 0, 0, -4_140, 0, 16_560, 0)
    assert (statement.number, statement.bookings) == ("ST-2026-000001", 2)
    assert (statement.first, statement.last, statement.payout) == (FIRST, LAST, PayoutState.APPROVED)
    assert (statement.recipient.account, statement.recipient.commission_bps) == (ACCOUNT, 2_000)
    assert [(line.booking_id, line.kind, line.pax) for line in statement.lines] == [
        (first, LineKind.NORMAL, 2),
        (second, LineKind.NORMAL, 3),
    ]
    assert [(line.retail.minor, line.commission.minor, line.net.minor) for line in statement.lines] == [
        (9_000, -1_800, 7_200),
        (11_700, -2_340, 9_360),
    ]
    assert statement.lines[0].title == "Blue Cave and Perast"
    paid = rows(desk.database.path, "SELECT amount FROM payouts")
    assert paid == [(statement.total.minor,)]


def test_what_goes_back_after_a_payout_is_reversed_and_carried_until_it_is_made_up_for(desk: Desk) -> None:
    booking = travelled(desk)
    (paid,) = told(desk)
    refunded(desk, booking, back=9_000)
    (carried,) = told(desk)
    assert sums(carried) == (0, -9_000, 0, 1_800, 0, -7_200, -7_200)
    assert (carried.left_out, carried.payout, carried.carried_from) == (LeftOut.NEGATIVE, None, paid.number)
    (line,) = carried.lines
    assert (line.kind, line.title) == (LineKind.REVERSED, "Blue Cave and Perast · refunded after the trip")
    travelled(desk, adult=4)
    (after,) = told(desk)
    assert sums(after) == (18_000, 0, 0, -3_600, -7_200, 7_200, 0)
    assert (after.carried_from, after.recipient.carried_before) == (carried.number, -7_200)
    assert [line.kind for line in after.lines] == [LineKind.NORMAL]


def test_adjustments_say_their_reason_and_day(desk: Desk) -> None:
    travelled(desk)
    adjust(desk, -1_500, "Fuel of the spring")
    (statement,) = told(desk)
    assert sums(statement) == (9_000, 0, -1_500, -1_800, 0, 5_700, 0)
    line = statement.lines[-1]
    assert (line.kind, line.title, line.reference) == (
        LineKind.ADJUSTMENT,
        "18 Jul 2026 · Fuel of the spring",
        "",
    )
    assert (line.retail, line.commission.minor) == (line.net, 0)


def test_what_a_vendor_bears_alone_is_told_so(desk: Desk) -> None:
    booking = travelled(desk)
    refunded(desk, booking, back=1_000, borne_by=Bearer.VENDOR)
    (statement,) = told(desk)
    assert sums(statement) == (9_000, -1_000, 0, -1_800, 0, 6_200, 0)
    assert statement.lines[-1].title.endswith("given back beyond the policy, as agreed")


def test_rates_that_differ_are_not_said_as_one(desk: Desk) -> None:
    travelled(desk)
    with desk.database.write(Commit.CATALOGUE_SAVE, desk.admin) as work:
        work.vendors.get(desk.vendor_id).commission_bps = 1_000
        work.commit()
    travelled(desk)
    (statement,) = told(desk)
    assert statement.recipient.commission_bps is None
    assert statement.commission.minor == -1_800 - 900


def test_numbers_follow_one_another_without_a_gap(desk: Desk) -> None:
    travelled(desk)
    another(desk)
    assert [each.number for each in told(desk)] == ["ST-2026-000001", "ST-2026-000002"]
    travelled(desk)
    assert [each.number for each in told(desk)] == ["ST-2026-000003"]


def test_who_is_carried_with_nothing_new_gets_no_second_statement(desk: Desk) -> None:
    travelled(desk)
    (first,) = told(desk, pays=False)
    assert (first.left_out, first.carried_out.minor) == (LeftOut.BELOW_MINIMUM, 7_200)
    assert first.minimum == Money(5_000, "EUR")
    assert told(desk, pays=False) == []
    (paid,) = told(desk)  # nothing is new, but it is paid now
    assert sums(paid) == (0, 0, 0, 0, 7_200, 7_200, 0)
    assert paid.lines == () and paid.bookings == 0


def test_no_two_statements_have_a_line(desk: Desk) -> None:
    travelled(desk)
    (first,) = told(desk, pays=False)
    with desk.database.read() as view:
        entry = view.session.scalars(select(StatementEntry)).one()
    with desk.database.write(Commit.BATCH_APPROVE, desk.admin) as work:
        work.session.add(StatementEntry(statement_id=first.id, ledger_id=entry.ledger_id))
        with pytest.raises(IntegrityError):
            work.flush()


def test_every_line_of_the_ledger_is_on_the_statement_that_paid_it(desk: Desk) -> None:
    booking = travelled(desk)
    refunded(desk, booking, back=3_000)
    adjust(desk, 250, "Towels")
    (statement,) = told(desk)
    with desk.database.read() as view:
        lines = view.session.scalars(select(VendorLine)).all()
    assert {line.statement_id for line in lines} == {statement.id}
    assert sum(line.amount for line in lines) == statement.total.minor
    assert sum(line.net.minor for line in statement.lines) == statement.total.minor


def test_a_statement_is_the_same_whatever_changed_since(desk: Desk) -> None:
    ready(desk)
    booking = travelled(desk)
    (before,) = told(desk)
    agency = AgencyDraft("Another", "Elsewhere", "Other Ltd", "99", "none", "Asia/Tokyo")
    desk.services.agency.save(desk.admin, agency)
    desk.services.invoices.save_settings(desk.admin, replace(TERMS, address="Nowhere"))
    desk.services.vendors.update(desk.admin, desk.vendor_id, VendorDraft("Renamed", commission_bps=100))
    with desk.database.write(Commit.CATALOGUE_SAVE, SYSTEM) as work:
        trip = work.trips.get(desk.trips["Blue Cave and Perast"])
        trip.title = "Another trip"
        work.commit()
    refunded(desk, booking, back=9_000)
    assert desk.services.statements.detail(desk.admin, before.id) == before


def test_the_file_refuses_to_change_a_statement(desk: Desk) -> None:
    travelled(desk)
    (statement,) = told(desk)
    changes: tuple[dict[str, object], ...] = (
        {"number": "ST-1"},
        {"charges": 9_001, "total": 7_201},
        {"vendor_data": {}},
    )
    for change in changes:
        with desk.database.write(Commit.BATCH_APPROVE, desk.admin) as work:
            row = work.session.scalars(select(Statement)).one()
            for name, value in change.items():
                setattr(row, name, value)
            with pytest.raises(IntegrityError, match="stays as it was issued"):
                work.flush()
    assert desk.services.statements.detail(desk.admin, statement.id) == statement


@pytest.mark.parametrize(
    ("currency", "adult", "figures"),
    [
        ("JPY", 12_345, (24_690, 0, 0, -4_938, 0, 19_752, 0)),  # 20 % of 24,690
        ("KWD", 12_343, (24_686, 0, 0, -4_937, 0, 19_749, 0)),  # 4.9372 rounded to the third decimal
    ],
)
def test_other_currencies_have_statements_of_their_own(
    desk: Desk, currency: str, adult: int, figures: tuple[int, ...]
) -> None:
    desk.add_trip("Elsewhere", adult=adult, child=0, currency=currency)
    travelled(desk, "Elsewhere")
    travelled(desk)
    found = {statement.currency: sums(statement) for statement in told(desk)}
    assert found == {currency: figures, "EUR": (9_000, 0, 0, -1_800, 0, 7_200, 0)}


def test_what_is_new_on_all_statements_is_what_was_paid_and_what_is_carried(desk: Desk) -> None:
    first = travelled(desk)
    told(desk, pays=False)
    second = travelled(desk, adult=3)
    adjust(desk, 1_234, "Towels")
    told(desk)
    for booking in (first, second):
        refunded(desk, booking, back=4_000)
    adjust(desk, -50, "Stamps")
    told(desk)
    travelled(desk, adult=1)
    told(desk, pays=False)
    query = (
        "SELECT (SELECT sum(total - carried_in) FROM statements), (SELECT sum(amount) FROM payouts), "
        "(SELECT sum(amount) FROM vendor_lines WHERE payout_id IS NULL AND statement_id IS NOT NULL)"
    )
    ((new, paid, carried),) = rows(desk.database.path, query)
    # 72.00, 108.00 and 12.34 were paid; 2 × 32.00 and 0.50 were taken back, then 36.00 came in
    assert (new, paid, carried) == (19_234 - 6_450 + 3_600, 19_234, -6_450 + 3_600)
    assert rows(desk.database.path, "SELECT carried_out FROM statements ORDER BY number DESC LIMIT 1") == [
        (carried,)
    ]


def test_the_year_of_a_number_is_that_of_the_agencys_clock(desk: Desk) -> None:
    view = desk.services.agency.view()
    assert view is not None
    draft = AgencyDraft(view.name, view.desk_name, "", "", "", "America/Los_Angeles")
    desk.services.agency.save(desk.admin, draft)
    clock = desk.clock
    assert isinstance(clock, HandClock)
    travelled(desk)
    clock.forward(datetime(2027, 1, 1, 7, 59, 59, tzinfo=UTC) - clock.now())
    (last,) = told(desk)
    travelled(desk)
    (next_,) = told(desk)
    assert (last.number, next_.number) == ("ST-2026-000001", "ST-2027-000001")
