"""What was closed stays as it is, whoever writes: here the sqlite3 module, which knows no rule. And what is changed all
the same, with every guard taken away, is found."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from helpers.desk import CASH, desk_again, desk_at
from helpers.raw import copied, raw
from helpers.tampering import by_hand, without_triggers
from helpers.tilling import close_till, move, open_till
from travellr_desktop.domain.ledger import Account
from travellr_desktop.domain.till import MoveKind

CLOSED = "(SELECT id FROM till_sessions WHERE state = 'closed')"
OPEN = "(SELECT id FROM till_sessions WHERE state = 'open')"
OF_CASH = "(SELECT id FROM payments WHERE way = 'cash' LIMIT 1)"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A till that was closed with a difference, and the next one, open."""
    folder = tmp_path_factory.mktemp("tills")
    with desk_at(folder) as desk:
        departure = desk.add_departure()
        open_till(desk, 20_000)
        desk.sold(departure, pay=CASH, adult=2)
        move(desk, MoveKind.PAY_OUT, 1_840)
        move(desk, MoveKind.DROP, 5_000, Account.SAFE)
        close_till(desk, 22_000, stays=20_000, reason="Change given twice")
        open_till(desk, 20_000, from_safe=0)
        desk.sold(departure, pay=CASH, adult=1)
        move(desk, MoveKind.PAY_OUT, 900)
        desk.services.till.keep_x(desk.agent, key=uuid4())
        assert desk.services.check.run().problems == ()
    return folder


@pytest.fixture
def file(folder: Path, tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with raw(copied(folder / "travellr.db", tmp_path / "travellr.db")) as connection:
        yield connection


def up(table: str, change: str, which: str) -> str:
    return f"UPDATE {table} SET {change}, version = version + 1 WHERE {which}"


COUNT = (
    "INSERT INTO till_counts (id, version, session_id, kind, currency, expected, counted, difference, safe, stays, "
    "pieces, stays_pieces) VALUES ('c1', 1, {0}, 'close', 'USD', 0, 0, 0, 0, 0, '{{}}', '{{}}')"
)
MOVE = (
    "INSERT INTO till_moves (id, version, session_id, seq, kind, account, amount, currency, reason, at) "
    "SELECT 'm1', 1, {0}, seq, '{1}', 'office_expenses', amount, currency, 'Tape', at FROM ledger "
    "WHERE event = 'paid_out' ORDER BY seq {2} LIMIT 1"
)
SESSION = (
    "INSERT INTO till_sessions (id, version, desk_id, number, state, from_seq, opened_seq, opened_at, opened_reason, "
    "closed_reason) SELECT 's1', 1, desk_id, {0}, 'open', {1}, (SELECT max(seq) FROM ledger), opened_at, '', '' "
    "FROM till_sessions LIMIT 1"
)
READ = (
    "INSERT INTO till_reads (id, version, session_id, number, seq, at) "
    "SELECT 'x1', 1, {0}, 9, {1}, opened_at FROM till_sessions LIMIT 1"
)
NOT_CLOSED = "closed_at = NULL, counted_seq = NULL, closed_seq = NULL"
AT_THE_END = "seq = (SELECT max(seq) FROM ledger) + 1, version = version + 1"
CHANGED = "a till that was closed is never changed"
OPENED = "how a till was opened is never changed"
BEGINS = "a till begins where the one before it ended"

REFUSED = {
    "another reason": (up("till_sessions", "closed_reason = 'nothing'", f"id = {CLOSED}"), CHANGED),
    "opened again": (
        up(
            "till_sessions",
            "state = 'open', closed_at = NULL, counted_seq = NULL, closed_seq = NULL",
            f"id = {CLOSED}",
        ),
        CHANGED,
    ),
    "another end": (up("till_sessions", "closed_seq = closed_seq + 1", f"id = {CLOSED}"), CHANGED),
    "no session": (f"DELETE FROM till_sessions WHERE id = {CLOSED}", "never deleted"),
    "no open session": (f"DELETE FROM till_sessions WHERE id = {OPEN}", "never deleted"),
    "another beginning": (up("till_sessions", "from_seq = from_seq - 1", f"id = {OPEN}"), OPENED),
    "another opener": (up("till_sessions", "opened_by = NULL", f"id = {OPEN}"), OPENED),
    "closed without a count": (
        up(
            "till_sessions",
            "state = 'closed', closed_at = opened_at, counted_seq = opened_seq + 3, "
            "closed_seq = (SELECT max(seq) FROM ledger)",
            f"id = {OPEN}",
        ),
        "a till is closed by its count",
    ),
    "closed by half": (up("till_sessions", "state = 'closed'", f"id = {OPEN}"), "closed"),
    "another count": (up("till_counts", "safe = safe", "1"), "only ever added to"),
    "no count": (f"DELETE FROM till_counts WHERE session_id = {CLOSED}", "only ever added to"),
    "another X read": (up("till_reads", "by = NULL", "1"), "only ever added to"),
    "no X read": ("DELETE FROM till_reads", "only ever added to"),
    "an X read of a till that was closed": (
        READ.format(CLOSED, "(SELECT max(seq) FROM ledger)"),
        "nothing is added to a till that was closed",
    ),
    "an X read of an earlier moment": (
        READ.format(OPEN, "(SELECT max(seq) FROM ledger) - 1"),
        "an X is read as the till stands",
    ),
    "one count more": (COUNT.format(CLOSED), "nothing is added to a till that was closed"),
    "another move": (up("till_moves", "amount = 1", f"session_id = {CLOSED}"), "only ever added to"),
    "no move": ("DELETE FROM till_moves", "only ever added to"),
    "one move more": (MOVE.format(CLOSED, "pay_out", "DESC"), "nothing is added to a till that was closed"),
    "a move of another session": (MOVE.format(OPEN, "pay_out", "ASC"), "stands in the ledger"),
    "a move the other way": (MOVE.format(OPEN, "pay_in", "DESC"), "stands in the ledger"),
    "two open at once": (
        SESSION.format("99", "(SELECT max(closed_seq) FROM till_sessions)"),
        "is there already|UNIQUE",
    ),
    "a session with a gap before it": (SESSION.format("99", "(SELECT max(seq) FROM ledger)"), BEGINS),
    "the session of a payment": (
        f"UPDATE ledger SET {AT_THE_END} WHERE payment_id = {OF_CASH}",
        "the ledger is only ever added to",
    ),
    "a payment out of its session": (
        f"DELETE FROM ledger WHERE payment_id = {OF_CASH}",
        "the ledger is only ever added to",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_the_file_refuses(what: str, file: sqlite3.Connection) -> None:
    statement, words = REFUSED[what]
    file.execute("BEGIN IMMEDIATE")
    with pytest.raises(sqlite3.IntegrityError, match=words):
        file.execute(statement)
    file.execute("ROLLBACK")


def test_the_file_takes_what_is_right(file: sqlite3.Connection) -> None:
    """The same shapes: it is not the writing itself that is refused."""
    file.execute("BEGIN IMMEDIATE")
    file.execute(COUNT.format(OPEN))
    file.execute(READ.format(OPEN, "(SELECT max(seq) FROM ledger)"))
    file.execute("DROP INDEX uq_till_sessions_open")
    file.execute(SESSION.format("99", "(SELECT max(closed_seq) FROM till_sessions)"))
    file.execute(
        up(
            "till_sessions",
            "state = 'closed', closed_at = opened_at, counted_seq = (SELECT max(seq) FROM ledger), "
            "closed_seq = (SELECT max(seq) FROM ledger)",
            "number = 2",
        )
    )
    file.execute("ROLLBACK")


def arrive(file: sqlite3.Connection, table: str, which: str, **other: object) -> None:
    """A row like one of here, but for some values, as another desk would have written it."""
    row = dict(file.execute(f"SELECT * FROM {table} WHERE {which} LIMIT 1").fetchone()) | other
    marks = ", ".join("?" * len(row))
    file.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", tuple(row.values()))


def test_the_till_of_another_desk_arrives_whole_and_in_whatever_order(file: sqlite3.Connection) -> None:
    """It was closed there long ago, and nothing of its ledger is here yet. What has arrived stays as it is."""
    file.row_factory = sqlite3.Row
    file.execute("BEGIN IMMEDIATE")
    arrive(file, "desks", "1", id="d2", name="Desk 2", number=2)
    arrive(file, "till_sessions", "state = 'closed'", id="s2", desk_id="d2", number=7, from_seq=700, opened_seq=700,
           counted_seq=720, closed_seq=721)  # fmt: skip
    arrive(file, "till_counts", "kind = 'close'", id="c2", session_id="s2")
    arrive(file, "till_moves", "kind = 'drop'", id="m2", session_id="s2", seq=710)
    arrive(file, "till_reads", "1", id="r2", session_id="s2", seq=711)
    arrive(
        file, "till_sessions", "state = 'open'", id="s3", desk_id="d2", number=8, from_seq=721, opened_seq=722
    )
    closing = "state = 'closed', closed_at = opened_at, counted_seq = 730, closed_seq = 731"
    file.execute(up("till_sessions", closing, "id = 's3'"))  # its counts are still on their way
    for table, which in (
        ("till_sessions", "id = 's2'"),
        ("till_counts", "id = 'c2'"),
        ("till_reads", "id = 'r2'"),
    ):
        with pytest.raises(sqlite3.IntegrityError):
            file.execute(up(table, "id = id", which))
    file.execute("ROLLBACK")


def test_cash_that_was_taken_at_another_desk_arrives_while_no_till_is_open_here(
    file: sqlite3.Connection,
) -> None:
    """What is taken here has the program that takes it, and is refused."""
    file.row_factory = sqlite3.Row
    file.execute("BEGIN IMMEDIATE")
    file.execute(up("agencies", "cash_needs_till = 1", "1"))
    with without_triggers(file, "till_sessions", refusing=True):
        file.execute(up("till_sessions", "state = 'closed', closed_at = opened_at, counted_seq = opened_seq, "
                        "closed_seq = opened_seq", "state = 'open'"))  # fmt: skip
    arrive(file, "payments", "way = 'cash'", id="p2", worker=None)
    with pytest.raises(sqlite3.IntegrityError, match="cash needs an open till"):
        arrive(file, "payments", "way = 'cash'", id="p3", worker="somebody")
    file.execute("ROLLBACK")


FORGED = (
    ("till_counts", "stays = stays - 100, safe = safe - 100", "kind = 'close'", "ledger.till"),
    (
        "till_counts",
        "expected = expected + 50, difference = difference - 50",
        "kind = 'close'",
        "ledger.till",
    ),
    (
        "till_counts",
        "counted = counted - 1, stays = stays - 1, expected = expected - 1",
        "kind = 'float'",
        "ledger.till",
    ),
    ("till_sessions", "number = number + 1", "state = 'open'", "till.order"),
    ("till_sessions", "from_seq = from_seq - 1", "state = 'open'", "till.order"),
    ("till_sessions", "counted_seq = counted_seq - 1", "state = 'closed'", "ledger.till"),
    ("till_moves", "amount = amount + 1", "kind = 'drop'", "till.move"),
    ("till_moves", "account = 'bank'", "kind = 'pay_out'", "till.move"),
    ("till_moves", "seq = seq + 100", "kind = 'drop'", "till.move"),
    ("till_reads", "seq = seq + 100", "1", "till.read"),
    ("till_reads", "number = 2", "1", "till.read"),
)


@pytest.mark.parametrize(("table", "change", "which", "kind"), FORGED, ids=lambda part: str(part)[:28])
def test_what_was_forged_is_found(
    folder: Path, tmp_path: Path, table: str, change: str, which: str, kind: str
) -> None:
    for each in folder.iterdir():
        if each.is_file():
            copied(each, tmp_path / each.name)
    with by_hand(tmp_path / "travellr.db") as connection, without_triggers(connection, table):
        connection.execute(f"UPDATE {table} SET {change} WHERE {which}")
    with desk_again(tmp_path) as desk:
        assert kind in {problem.kind for problem in desk.services.check.run().problems}
