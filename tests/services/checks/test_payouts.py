"""What is wrong with vendors' lines, payouts and batches in a file that was changed by hand is found."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from helpers.batches import approved_by, given, prepared, vendor
from helpers.clock import HandClock
from helpers.desk import CARD, desk_again, desk_at
from helpers.paying_out import owed, paid_to
from helpers.raw import copied
from helpers.refunding import colleague, refunded
from helpers.tampering import by_hand, forge, put_in, seal_by_hand, take_away
from travellr_desktop.domain.money import Money
from travellr_desktop.services.payout_settings import PayoutRules
from travellr_desktop.services.vendor_drafts import TermsDraft

FILE = "travellr.db"


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A batch that was run: one vendor paid, one refused, one left out; and one that was approved, for a fourth."""
    folder = tmp_path_factory.mktemp("books")
    clock = HandClock()
    with desk_at(folder, clock) as desk:
        petar = colleague(desk)
        paid, refused = owed(desk, "Perast Boats", "Zeta Travel")
        refunded(desk, paid.booking_id, back=1_000)
        little = vendor(desk, "Little")
        given(desk, little, 1_000)
        clock.forward(timedelta(days=7))
        batch = prepared(desk)
        approved_by(desk, petar, batch)
        desk.services.vendor_terms.save(desk.admin, refused.vendor_id, TermsDraft())
        desk.services.payout_runs.run(desk.admin, batch)
        given(desk, vendor(desk, "By bank"), 6_000)
        clock.forward(timedelta(days=7))
        approved_by(desk, petar, prepared(desk))
        assert desk.services.check.run().problems == ()
    return folder


@pytest.fixture
def folder(books: Path, tmp_path: Path) -> Path:
    for file in books.iterdir():
        if file.is_file():
            copied(file, tmp_path / file.name)
    return tmp_path


def kinds(folder: Path) -> set[str]:
    with desk_again(folder) as desk:
        return {problem.kind for problem in desk.services.check.run().problems}


def one(connection: sqlite3.Connection, what: str) -> str:
    return str(connection.execute(f"SELECT {what}").fetchone()[0])


PAID = "id FROM payouts WHERE state = 'paid'"
FAILED = "id FROM payouts WHERE state = 'failed'"
WAITS = "id FROM payouts WHERE state = 'approved'"
RUN = "id FROM payout_batches WHERE state = 'done'"
CHARGE = "ledger_id FROM vendor_lines WHERE part = 'charge' ORDER BY ledger_id"


def line(change: str, which: str = CHARGE) -> Callable[[sqlite3.Connection], None]:
    """Something else about one line; nothing refuses that, it is kept by triggers."""

    def do(connection: sqlite3.Connection) -> None:
        connection.execute(f"UPDATE vendor_lines SET {change} WHERE ledger_id = (SELECT {which} LIMIT 1)")

    return do


def gone(connection: sqlite3.Connection) -> None:
    connection.execute(f"DELETE FROM vendor_lines WHERE ledger_id = (SELECT {CHARGE} LIMIT 1)")


def stray(connection: sqlite3.Connection) -> None:
    connection.execute(
        "INSERT INTO vendor_lines SELECT 'x', vendor_id, currency, NULL, event, part, amount, 0, at, free_at, NULL, "
        f"NULL FROM vendor_lines WHERE ledger_id = (SELECT {CHARGE} LIMIT 1)"
    )


def told(table: str, which: str, column: str, value: object) -> Callable[[sqlite3.Connection], None]:
    """One value written over, with the outbox knowing of it."""

    def do(connection: sqlite3.Connection) -> None:
        forge(connection, table, one(connection, which), column, value)

    return do


def another_amount(connection: sqlite3.Connection) -> None:
    forge(connection, "payouts", one(connection, PAID), "amount", 1)


def a_line_of_another(connection: sqlite3.Connection) -> None:
    row = one(connection, f"l.id FROM payout_lines l WHERE l.payout_id IN (SELECT {WAITS})")
    forge(connection, "payout_lines", row, "payout_id", one(connection, PAID))


def an_entry_less(connection: sqlite3.Connection) -> None:
    row = one(connection, f"id FROM payout_entries WHERE payout_id = (SELECT {FAILED})")
    take_away(connection, "payout_entries", row)


def left_out_and_paid(connection: sqlite3.Connection) -> None:
    row = one(connection, "id FROM batch_left_out WHERE reason = 'below_minimum'")
    forge(connection, "batch_left_out", row, "vendor_id", one(connection, f"vendor_id {PAID[3:]}"))


def paid_twice_in_a_batch(connection: sqlite3.Connection) -> None:
    like = connection.execute("SELECT * FROM payouts WHERE state = 'paid'").fetchone()
    put_in(connection, "payouts", like, id="f" * 32, root_id="f" * 32, provider_ref=None)


def approved_alone(connection: sqlite3.Connection) -> None:
    batch = one(connection, RUN)
    person = one(connection, f"approved_by FROM payout_batches WHERE id = '{batch}'")
    forge(connection, "payout_batches", batch, "prepared_by", person)


def all_taken_back(connection: sqlite3.Connection) -> None:
    """A reversal of all of it is done, and it is called paid."""
    payout = one(connection, PAID)
    connection.execute("DROP TRIGGER take_backs_beyond")
    connection.execute(
        "INSERT INTO take_backs (id, version, payout_id, amount, currency, state, reason, created_at, reads) "
        f"SELECT '{'e' * 32}', 1, id, amount, currency, 'done', '', created_at, 0 FROM payouts WHERE id = '{payout}'"
    )
    seal_by_hand(connection)


FAULTS: dict[str, tuple[Callable[[sqlite3.Connection], None], str]] = {
    "no line of an entry": (gone, "ledger.line"),
    "a line of no entry": (stray, "ledger.line"),
    "a line of more": (line("amount = amount + 1"), "ledger.line"),
    "a line that is free before its time": (line("free_at = '2026-01-01T00:00:00.000000Z'"), "ledger.line"),
    "a line that counts elsewhere": (line("part = 'adjustment'"), "ledger.line"),
    "a booking that is not counted": (line("part = 'more'"), "ledger.line"),
    "another commission": (line("commission = 0"), "ledger.line"),
    "another vendor": (
        line("vendor_id = (SELECT id FROM vendors WHERE name = 'Little')"),
        "ledger.line",
    ),
    "a paid line that is open": (line("payout_id = NULL"), "ledger.line"),
    "an open line that is said to be paid": (
        line(f"payout_id = (SELECT {PAID})", "ledger_id FROM vendor_lines WHERE payout_id IS NULL"),
        "ledger.line",
    ),
    "a line on no statement": (line("statement_id = NULL"), "ledger.line"),
    "another amount": (another_amount, "payout.lines"),
    "a line of another vendor": (a_line_of_another, "payout.owner"),
    "a paid one that is called failed": (told("payouts", PAID, "state", "failed"), "ledger.payout"),
    "a paid one that is called unknown": (told("payouts", PAID, "state", "unknown"), "ledger.in_transit"),
    "one that waits and is called paid": (told("payouts", WAITS, "state", "paid"), "ledger.payout"),
    "a failed one that is called paid": (told("payouts", FAILED, "state", "paid"), "ledger.payout"),
    "an entry that is about nothing": (an_entry_less, "ledger.payout"),
    "a payout of another currency": (told("payouts", PAID, "currency", "USD"), "payout.owner"),
    "all taken back and paid": (all_taken_back, "payout.state"),
    "a draft with payouts": (told("payout_batches", RUN, "state", "draft"), "payout.batch"),
    "a batch that is done and is not": (
        told("payout_batches", "id FROM payout_batches WHERE state = 'approved'", "state", "done"),
        "payout.batch",
    ),
    "a batch that has not ended": (told("payout_batches", RUN, "ended_at", None), "payout.batch"),
    "approved by nobody": (told("payout_batches", RUN, "approved_by", None), "payout.batch"),
    "approved by who prepared it": (approved_alone, "payout.batch"),
    "left out and paid": (left_out_and_paid, "payout.batch"),
    "paid twice in a batch": (paid_twice_in_a_batch, "payout.batch"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_is_found(fault: str, folder: Path) -> None:
    do, kind = FAULTS[fault]
    with by_hand(folder / FILE) as connection:
        do(connection)
    assert kind in kinds(folder)


def test_what_was_taken_off_for_want_of_a_step_and_went_nowhere_is_found(tmp_path: Path) -> None:
    """Of 60.006 the provider pays 60.000; that the 0.006 went to the next payout, no entry of the payout says."""
    with desk_at(tmp_path, HandClock()) as desk:
        desk.services.payout_settings.save(desk.admin, PayoutRules(minimums=(Money(0, "KWD"),)))
        boats = vendor(desk, "Boats", currency="KWD")
        with desk.sandbox() as sandbox:
            paid_to(desk, boats, sandbox.open_account("Boats"))
        desk.sold(desk.add_departure(desk.add_trip("Far", currency="KWD", adult=90_000)), pay=CARD, adult=1)
        given(desk, boats, 60_006, "KWD")
        desk.clock.forward(timedelta(days=7))  # type: ignore[attr-defined]
        approved_by(desk, colleague(desk), prepared(desk))
        assert desk.services.check.run().problems == ()
    with by_hand(tmp_path / FILE) as connection:
        again = (
            "e.id FROM payout_entries e JOIN ledger l ON l.id = e.ledger_id WHERE l.credit = 'vendor_payable'"
        )
        take_away(connection, "payout_entries", one(connection, again))
    assert kinds(tmp_path) >= {"payout.rounded", "ledger.payout"}


def test_a_line_that_two_payouts_pay_is_found(folder: Path) -> None:
    """Only in a table without the rule that refuses it."""
    with by_hand(folder / FILE) as connection:
        connection.execute("CREATE TABLE without AS SELECT * FROM payout_lines")
        connection.execute("DROP TABLE payout_lines")
        connection.execute("ALTER TABLE without RENAME TO payout_lines")
        connection.execute("INSERT INTO payout_lines SELECT * FROM payout_lines LIMIT 1")
    assert "payout.twice" in kinds(folder)
