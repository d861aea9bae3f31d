"""What the file refuses of batches, payouts and the lines they pay, tried by raw SQL."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from helpers.batches import approved_by, given, prepared, vendor
from helpers.clock import HandClock
from helpers.desk import desk_at
from helpers.raw import copied, raw
from helpers.refunding import colleague
from helpers.refused import NEW, NOW
from travellr_desktop.domain.payouts.words import BatchKind

DAY = date(2026, 6, 24)


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A batch of one vendor, approved, with another left out; and a draft for whom is owed since."""
    folder, clock = tmp_path_factory.mktemp("batches"), HandClock()
    with desk_at(folder, clock) as desk:
        petar = colleague(desk)
        given(desk, vendor(desk, "Boats"), 6_000)
        little = vendor(desk, "Little")
        given(desk, little, 1_000)
        clock.forward(timedelta(days=7))
        approved_by(desk, petar, prepared(desk))
        given(desk, little, 7_000)
        clock.forward(timedelta(days=7))
        prepared(desk, BatchKind.EXTRA, DAY, DAY + timedelta(days=1))
    return folder


@pytest.fixture
def file(books: Path, tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with raw(copied(books / "travellr.db", tmp_path / "travellr.db")) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")  # what the triggers write down belongs to no op here
        yield connection


DRAFT, DONE = "state = 'draft'", "state = 'approved'"
BATCH = f"(SELECT id FROM payout_batches WHERE {DONE})"
EMPTY = f"(SELECT id FROM payout_batches WHERE {DRAFT})"
OTHERS = "(SELECT id FROM users WHERE id <> prepared_by LIMIT 1)"
OPEN = "(SELECT ledger_id FROM vendor_lines WHERE payout_id IS NULL ORDER BY ledger_id DESC LIMIT 1)"
APPROVED = f"state = 'approved', approved_at = {NOW}, version = version + 1"


def batch(change: str, where: str = DRAFT) -> str:
    return f"UPDATE payout_batches SET {change}, version = version + 1 WHERE {where}"


def another(**other: str) -> str:
    """A batch like the approved one."""
    names = (
        *("reference", "kind", "state", "zone", "first", "last", "cutoff_at", "vendors", "note", "sent_back"),
        *("created_at", "alone"),
    )
    given_ = {"reference": "'PB-2026-000099'", "state": "'draft'", **other}
    values = ", ".join(given_.get(name, name) for name in names)
    return (
        f"INSERT INTO payout_batches (id, version, {', '.join(names)}) SELECT {NEW}, 1, {values} "
        f"FROM payout_batches WHERE {DONE}"
    )


def payout(**other: str) -> str:
    """A payout like the one that was approved."""
    names = (
        *("batch_id", "vendor_id", "currency", "amount", "state", "way", "label", "root_id", "number"),
        *("retry_of", "created_at", "reads"),
    )
    given_ = {"root_id": "'ab'", **other}
    values = ", ".join(given_.get(name, name) for name in names)
    return (
        f"INSERT INTO payouts (id, version, {', '.join(names)}) SELECT 'ab', 1, {values} FROM payouts LIMIT 1"
    )


def pays(line: str, of: str = "(SELECT id FROM payouts)") -> str:
    return f"INSERT INTO payout_lines (id, version, payout_id, ledger_id) SELECT {NEW}, 1, {of}, {line}"


REFUSED = {
    "a batch that does not begin as a draft": (
        another(state="'approved'", kind="'extra'"),
        "begins as a draft|approved_whole",
    ),
    "the same days twice": (another(), "payout_batches.kind, payout_batches.first"),
    "days the wrong way round": (another(kind="'extra'", first="'2027-01-01'"), "days_in_order"),
    "a kind that is none": (another(kind="'daily'"), "kind_known"),
    "a draft that is sent": (
        batch(f"state = 'sending', approved_at = {NOW}, approved_by = {OTHERS}"),
        "no such step",
    ),
    "a draft that is done": (
        batch(f"state = 'done', approved_at = {NOW}, approved_by = {OTHERS}"),
        "no such step",
    ),
    "approved at no time": (batch(f"state = 'approved', approved_by = {OTHERS}"), "approved_whole"),
    "approved by nobody": (f"UPDATE payout_batches SET {APPROVED} WHERE {DRAFT}", "a second person"),
    "approved by who prepared it": (
        f"UPDATE payout_batches SET {APPROVED}, approved_by = prepared_by WHERE {DRAFT}",
        "a second person",
    ),
    "prepared by who approved it": (
        batch("prepared_by = approved_by", DONE),
        "a second person|how a batch was approved",
    ),
    "another who approved it": (batch("approved_by = 'x'", DONE), "how a batch was approved"),
    "alone after all": (batch("alone = 1", DONE), "how a batch was approved"),
    "approved at another time": (batch(f"approved_at = {NOW}", DONE), "how a batch was approved"),
    "other days": (batch("last = '2026-12-31'"), "stays about its days"),
    "another end": (batch(f"cutoff_at = {NOW}"), "stays about its days"),
    "other vendors": (batch("vendors = '[\"x\"]'"), "stays about its days"),
    "a draft that is deleted": (f"DELETE FROM payout_batches WHERE {DRAFT}", "never deleted"),
    "a payout of a draft": (payout(batch_id=EMPTY), "of an approved batch"),
    "a payout of no batch": (payout(batch_id="'x'"), "of an approved batch"),
    "a payout that is paid at once": (payout(state="'paid'"), "of an approved batch"),
    "a payout of nothing": (payout(amount="0"), "amount_positive"),
    "a retry of what has not failed": (
        payout(retry_of="id", root_id="root_id", number="2"),
        "only a payout that failed",
    ),
    "a retry without the first": (payout(root_id="root_id"), "only a payout that failed"),
    "another amount": ("UPDATE payouts SET amount = 1, version = version + 1", "stays as it was approved"),
    "another account": ("UPDATE payouts SET iban = 'x', version = version + 1", "stays as it was approved"),
    "a payout that is deleted": ("DELETE FROM payouts", "never deleted"),
    "a line of another vendor": (pays(OPEN), "another vendor or currency"),
    "a line that is none": (pays("'x'"), "another vendor or currency"),
    "a line twice": (pays("(SELECT ledger_id FROM payout_lines)"), "is there already"),
    "a line that is let go": ("DELETE FROM payout_lines", "only ever added to"),
    "a line that goes elsewhere": (
        "UPDATE payout_lines SET payout_id = 'x', version = version + 1",
        "only ever added to",
    ),
    "a reason that changes": (
        "UPDATE batch_left_out SET reason = 'by_hand', version = version + 1",
        "only ever added to",
    ),
    "who was left out, forgotten": ("DELETE FROM batch_left_out", "only ever added to"),
    "left out for no reason": (
        f"INSERT INTO batch_left_out (id, version, batch_id, vendor_id, currency, amount, reason, detail) "
        f"SELECT {NEW}, 1, {BATCH}, vendor_id, 'USD', 0, 'mood', '' FROM payouts",
        "reason_known",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_the_file_refuses(what: str, file: sqlite3.Connection) -> None:
    statement, words = REFUSED[what]
    with pytest.raises(sqlite3.IntegrityError, match=words):
        file.execute(statement)


ALLOWED = {
    "approved by another": f"UPDATE payout_batches SET {APPROVED}, approved_by = {OTHERS} WHERE {DRAFT}",
    "approved by one, where that is said": (
        f"UPDATE payout_batches SET {APPROVED}, approved_by = prepared_by, alone = 1 WHERE {DRAFT}"
    ),
    "the same days, as an extra": another(kind="'extra'"),
    "discarded": batch(f"state = 'discarded', ended_at = {NOW}"),
    "sent back": batch("sent_back = 'No'"),
    "a payout of it": payout(),
}


@pytest.mark.parametrize("what", ALLOWED)
def test_the_file_takes_what_is_right(what: str, file: sqlite3.Connection) -> None:
    assert file.execute(ALLOWED[what]).rowcount == 1


def test_a_payout_of_more_than_its_lines_is_never_sent(file: sqlite3.Connection) -> None:
    """Whoever pays what a dry run said an hour ago, and not what is there: the file lets nothing of it go."""
    file.execute(payout(amount="amount + 850"))
    with pytest.raises(sqlite3.IntegrityError, match="what its lines add up to"):
        file.execute("UPDATE payouts SET state = 'sending', version = version + 1 WHERE id = 'ab'")


def test_nothing_is_added_to_a_payout_that_was_sent(file: sqlite3.Connection) -> None:
    boats = "(SELECT vendor_id FROM payouts)"
    file.execute("UPDATE payouts SET state = 'sending', version = version + 1")
    file.execute(f"UPDATE vendor_lines SET vendor_id = {boats} WHERE payout_id IS NULL")
    file.execute("DROP TRIGGER payout_lines_own")
    with pytest.raises(sqlite3.IntegrityError, match="nothing is added to a payout that was sent"):
        file.execute(pays(OPEN))


def test_what_a_payout_pays_is_closed_by_the_file_itself(file: sqlite3.Connection) -> None:
    closed = "SELECT count(*) FROM vendor_lines WHERE payout_id IS NOT NULL"
    (before,) = file.execute(closed).fetchone()
    file.execute(payout(vendor_id=f"(SELECT vendor_id FROM vendor_lines WHERE ledger_id = {OPEN})"))
    file.execute(pays(OPEN, "'ab'"))
    assert file.execute(closed).fetchone() == (before + 1,)


def test_without_the_guards_it_would_be_taken(file: sqlite3.Connection) -> None:
    """The negative control: what refuses are these triggers and no accident."""
    guards = file.execute(
        "SELECT name FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%RAISE%' AND tbl_name IN "
        "('payout_batches', 'payouts', 'payout_lines')"
    ).fetchall()
    for (name,) in guards:
        file.execute(f"DROP TRIGGER {name}")
    for what in (
        *("other days", "a payout of a draft", "a line of another vendor"),
        "approved by who prepared it",
    ):
        before = file.total_changes
        file.execute(REFUSED[what][0])
        assert file.total_changes > before, what
