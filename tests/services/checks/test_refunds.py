"""The proof of the books sees refunds that nobody allowed, lines that do not add up, and credit out of nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from uuid import uuid4

import pytest

from helpers.clock import HandClock
from helpers.desk import CASH, desk_again, desk_at
from helpers.raw import copied
from helpers.refunding import approved, limit, refunded
from helpers.season import check_file
from helpers.tampering import by_hand, without_triggers
from travellr_desktop.domain.ledger import Bearer
from travellr_desktop.domain.refund_quote import RefundTo
from travellr_desktop.domain.ways import Way
from travellr_desktop.services.refund_asks import RefundAsk
from travellr_desktop.services.sales import PayChoice

SOON = date(2026, 6, 23)
NOW = "'2026-06-18T08:42:00.000000Z'"
END = datetime(2026, 7, 20, tzinfo=UTC)


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Half kept and more given by the agency; 45.00 after a trip; 90.00 of credit, half of it spent; 90.00 approved by
    a second person, and 45.00 that wait."""
    folder, clock = tmp_path_factory.mktemp("refunds"), HandClock()
    with desk_at(folder, clock) as desk:
        strict = desk.add_trip("Half kept", policy="strict")
        soon = desk.add_departure(strict, day=SOON)
        refunded(desk, desk.sold(soon, adult=2).bookings[0].id, back=6000, borne_by=Bearer.AGENCY)
        been = desk.add_departure()
        ends = desk.sold(been, adult=2).bookings[0].id
        buyer, later = desk.traveller("Nora Lind"), desk.add_departure(day=date(2026, 9, 1), capacity=40)
        paid = desk.sell(desk.hold(later, adult=2), pay=CASH, traveller=buyer).bookings[0].id
        refunded(desk, paid, to=RefundTo.CREDIT)
        desk.sell(desk.hold(later, adult=1), pay=PayChoice(Way.CREDIT), traveller=buyer)
        clock.at(END)
        desk.services.bookings.complete(desk.agent, been)
        refunded(desk, ends, back=4500)
        limit(desk, 0)
        for adults in (2, 1):
            ask = RefundAsk((desk.sold(later, adult=adults).bookings[0].id,))
            shown = desk.services.refunds.preview(desk.agent, ask)
            order = desk.services.refunds.request(desk.agent, ask, shown.back, key=uuid4()).order_id
            if adults == 2:
                assert order is not None
                approved(desk, order)
        report = check_file(desk.program)
        assert report.problems == (), report.as_text()
    return folder


@pytest.fixture
def folder(books: Path, tmp_path: Path) -> Path:
    copied(books / "travellr.db", tmp_path / "travellr.db")
    return tmp_path


SECOND = "(SELECT id FROM refund_orders WHERE decided_by IS NOT NULL)"
GIVEN = "(SELECT id FROM credit_moves WHERE amount > 0)"
SPENT = "(SELECT id FROM credit_moves WHERE amount < 0)"
ALONE = "(SELECT id FROM refunds WHERE beyond > 0 ORDER BY id LIMIT 1)"


@pytest.mark.parametrize(
    ("table", "statement", "kind"),
    [
        ("refund_lines", "UPDATE refund_lines SET amount = amount - 1", "refund.lines"),
        ("refund_lines", "DELETE FROM refund_lines", "refund.lines"),
        (
            "refund_orders",
            f"UPDATE refund_orders SET decided_by = requested_by WHERE id = {SECOND}",
            "refund.alone",
        ),
        (
            "refund_orders",
            f"UPDATE refund_orders SET decided_by = NULL, decided_at = NULL WHERE id = {SECOND}",
            "refund.alone",
        ),
        ("refund_orders", f"UPDATE refund_orders SET state = 'rejected' WHERE id = {SECOND}", "refund.order"),
        (
            "refund_orders",
            f"UPDATE refund_orders SET amount = amount - 1 WHERE id = {SECOND}",
            "refund.order",
        ),
        (
            "refund_orders",
            f"UPDATE refund_orders SET state = 'approved', decided_by = (SELECT decided_by FROM refund_orders "
            f"WHERE id = {SECOND}), decided_at = {NOW} WHERE state = 'requested'",
            "refund.order",
        ),
        ("refund_orders", "UPDATE refund_orders SET borne_by = 'vendor'", "ledger.beyond"),
        ("refunds", f"UPDATE refunds SET beyond = beyond - 1 WHERE id = {ALONE}", "ledger.beyond"),
        ("credit_moves", f"UPDATE credit_moves SET amount = amount + 1 WHERE id = {GIVEN}", "credit.move"),
        ("credit_moves", f"UPDATE credit_moves SET amount = -9001 WHERE id = {SPENT}", "credit.below"),
        ("credit_moves", f"DELETE FROM credit_moves WHERE id = {SPENT}", "credit.missing"),
        ("credit_moves", f"DELETE FROM credit_moves WHERE id = {GIVEN}", "ledger.credit"),
        (
            "credit_moves",
            "UPDATE credit_moves SET traveller_id = (SELECT id FROM travellers ORDER BY id LIMIT 1)",
            "credit.owner",
        ),
    ],
)
def test_what_was_changed_by_hand_is_named(folder: Path, table: str, statement: str, kind: str) -> None:
    with by_hand(folder / "travellr.db") as connection, without_triggers(connection, table):
        assert connection.execute(statement).rowcount
    with desk_again(folder, HandClock(END)) as desk:
        assert kind in {problem.kind for problem in check_file(desk.program).problems}


@pytest.mark.parametrize(
    ("event", "change", "kind"),
    [
        ("goodwill", "amount = amount - 1", "ledger.beyond"),
        ("goodwill", "debit = 'commission'", "ledger.entry"),
        ("refund_approved_after_trip", "amount = amount + 10", "ledger.beyond"),
        ("credit_given", "amount = amount + 1", "ledger.credit"),
        ("credit_spent", "debit = 'refunds_payable'", "ledger.credit"),
    ],
)
def test_an_entry_that_was_changed_by_hand_is_named(folder: Path, event: str, change: str, kind: str) -> None:
    with by_hand(folder / "travellr.db") as connection, without_triggers(connection, "ledger"):
        assert connection.execute(f"UPDATE ledger SET {change} WHERE event = '{event}'").rowcount
    with desk_again(folder, HandClock(END)) as desk:
        assert kind in {problem.kind for problem in check_file(desk.program).problems}


def test_what_is_divided_otherwise_is_named(folder: Path) -> None:
    """One cent of a refund after the trip goes from the vendor to the agency: the sum is right, the parts are not."""
    with by_hand(folder / "travellr.db") as connection, without_triggers(connection, "ledger"):
        for account, cent in (("vendor_payable", -1), ("commission", 1)):
            connection.execute(
                f"UPDATE ledger SET amount = amount + {cent} "
                f"WHERE event = 'refund_approved_after_trip' AND debit = '{account}'"
            )
    with desk_again(folder, HandClock(END)) as desk:
        assert "ledger.beyond" in {problem.kind for problem in check_file(desk.program).problems}
