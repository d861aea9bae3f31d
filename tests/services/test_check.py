"""Proving the books: nothing is found where all is well, and whatever is changed by hand is."""

from __future__ import annotations

import shutil
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import OperationalError

from helpers.clock import START, HandClock
from helpers.desk import desk_at, open_at
from helpers.season import live_through
from helpers.tampering import another, by_hand, change, without_triggers
from travellr_desktop.app import Program
from travellr_desktop.services.check import CheckService
from travellr_desktop.services.checks.report import CheckReport
from travellr_desktop.storage.base import Base
from travellr_desktop.storage.capture import LOCAL_COLUMNS
from travellr_desktop.storage.repositories.proofs import open_proofs
from travellr_desktop.storage.repositories.proofs.outbox import synced_tables

BOOKS = (
    "ledger",
    "sales",
    "bookings",
    "booking_lines",
    "payments",
    "payment_shares",
    "refunds",
    "holds",
    "grants",
)
COLUMNS = [
    (table, column.name)
    for table in BOOKS
    for column in Base.metadata.tables[table].columns
    if column.name not in LOCAL_COLUMNS.get(table, frozenset()) or column.name == "taken"
]


@pytest.fixture(scope="module")
def season(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A profile with bookings in every state, closed."""
    folder = tmp_path_factory.mktemp("season")
    clock = HandClock()
    with desk_at(folder, clock) as desk:
        live_through(desk, clock)
    return folder


@pytest.fixture
def program(season: Path, tmp_path: Path) -> Iterator[Program]:
    """A copy of it, open a day later."""
    shutil.copytree(season, tmp_path / "profile")
    program = open_at(tmp_path / "profile", HandClock(START + timedelta(days=5)))
    yield program
    program.close()


def check(program: Program) -> CheckReport:
    return program.services.check.run()


def check_file(program: Program) -> CheckReport:
    """Without asking the provider."""
    return CheckService(program.database, program.gateway, provider=False).run()


def names(report: CheckReport, row: str) -> bool:
    """Whether a problem names the row, in its own place or in its words."""
    return any(row in (each.row, *each.says.split()) for each in report.problems)


def some(path: Path, table: str, most: int = 3) -> list[str]:
    """Ids of a few rows, from the first to the last."""
    with by_hand(path) as connection:
        ids = [row[0] for row in connection.execute(f"SELECT id FROM {table} ORDER BY id")]
    assert ids, f"the season has no {table}"
    return sorted({ids[0], ids[len(ids) // 2], ids[-1]})[:most]


def content(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())


# where all is well


def test_nothing_is_found_in_right_books(program: Program) -> None:
    report = check(program)
    assert report.as_json() == {"ok": True, "problems": []}
    assert report.ok
    assert report.ledger.entries > 40
    assert report.ledger.out_of_balance == 0
    assert "nothing out of place" in report.as_text()


def test_nothing_is_found_before_there_is_an_agency(tmp_path: Path) -> None:
    program = open_at(tmp_path)
    try:
        assert check(program).as_json() == {"ok": True, "problems": []}
    finally:
        program.close()


def test_checking_changes_nothing_and_others_may_go_on_writing(program: Program) -> None:
    before = content(program.database.path)
    check(program)
    assert content(program.database.path) == before
    with open_proofs(program.database) as proofs, pytest.raises(OperationalError, match="readonly"):
        proofs.file._connection.exec_driver_sql("DELETE FROM commands")
    program.services.upkeep.clean_up()  # the same connection writes again


def test_books_are_right_at_every_moment_of_a_sale(tmp_path: Path) -> None:
    with desk_at(tmp_path) as desk:
        departure = desk.add_departure(capacity=40)
        reports: list[CheckReport] = []
        selling = threading.Event()

        def prove() -> None:
            while not selling.is_set():
                reports.append(check(desk.program))

        checker = threading.Thread(target=prove)
        checker.start()
        try:
            for _ in range(10):
                desk.cancel(desk.sold(departure).bookings[0].id)
        finally:
            selling.set()
            checker.join()
        assert [report.as_text() for report in reports if not report.ok] == []
        assert len(reports) > 2


# where a value was changed by hand


@pytest.mark.parametrize(("table", "column"), COLUMNS, ids=[f"{table}.{name}" for table, name in COLUMNS])
def test_a_value_changed_by_hand_is_named(program: Program, table: str, column: str) -> None:
    path = program.database.path
    for row in some(path, table):
        with by_hand(path) as connection:
            kept = connection.execute(f"SELECT {column} FROM {table} WHERE id = ?", (row,)).fetchone()[0]
            value = another(table, column, kept)
            change(connection, table, row, column, value)
        report = check_file(program)
        assert not report.ok
        assert names(report, row), report.as_text()
        with by_hand(path) as connection:
            change(connection, table, value if column == "id" else row, column, kept)
    assert check_file(program).ok


@given(data=st.data())
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_value_of_any_row_changed_by_hand_is_named(program: Program, data: st.DataObject) -> None:
    table, column = data.draw(st.sampled_from([pair for pair in COLUMNS if pair[1] != "id"]))
    absurd = st.one_of(
        st.none(), st.integers(-(2**63), 2**63 - 1), st.text(max_size=20), st.binary(max_size=8), st.floats()
    )
    path = program.database.path
    with by_hand(path) as connection:
        rows = [row[0] for row in connection.execute(f"SELECT id FROM {table} ORDER BY id")]
        row = data.draw(st.sampled_from(rows))
        kept = connection.execute(f"SELECT {column} FROM {table} WHERE id = ?", (row,)).fetchone()[0]
        try:
            change(connection, table, row, column, data.draw(absurd))
        except sqlite3.IntegrityError:  # a column that takes no such value, or one that stands elsewhere
            connection.execute("ROLLBACK")
            connection.execute("BEGIN")
            assume(False)
        stands = connection.execute(f"SELECT {column} FROM {table} WHERE id = ?", (row,)).fetchone()[0]
    try:
        report = check_file(program)
        assert report.ok == (stands == kept and type(stands) is type(kept))
        assert report.ok or names(report, row), report.as_text()
    finally:
        with by_hand(path) as connection:
            change(connection, table, row, column, kept)


@pytest.mark.parametrize(
    "table", sorted(set(synced_tables()) - {"seats"})
)  # no seat is numbered in the season
def test_a_row_taken_away_or_put_in_by_hand_is_named(program: Program, table: str) -> None:
    path = program.database.path
    with by_hand(path) as connection:
        found = connection.execute(f"SELECT * FROM {table} ORDER BY id LIMIT 1").fetchone()
    row = found["id"]
    with by_hand(path) as connection, without_triggers(connection):
        connection.execute(f"DELETE FROM {table} WHERE id = ?", (row,))
    assert names(check_file(program), row)
    values = ["f" * 32 if name == "id" else found[name] for name in found.keys()]  # noqa: SIM118
    with by_hand(path) as connection, without_triggers(connection):
        connection.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(values))})", values)
    assert names(check_file(program), "f" * 32)


def test_a_change_outside_an_op_is_named(program: Program) -> None:
    row = some(program.database.path, "travellers")[0]
    with by_hand(program.database.path) as connection:
        connection.execute(
            "UPDATE travellers SET name = 'Nobody', version = version + 1 WHERE id = ?", (row,)
        )
    report = check(program)
    assert names(report, row)
    assert any(each.kind == "outbox.op" and each.row == row for each in report.problems)


# where the file's own guards were changed


def test_every_trigger_that_is_missing_is_named(program: Program) -> None:
    path = program.database.path
    with by_hand(path) as connection:
        found = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    assert len(found) > 100
    with by_hand(path) as connection:
        for row in found:
            connection.execute(f"DROP TRIGGER {row['name']}")
    report = check(program)
    assert {problem.row for problem in report.problems} == {row["name"] for row in found}
    assert {problem.kind for problem in report.problems} == {"file.trigger"}


def test_a_trigger_that_was_altered_or_added_is_named(program: Program) -> None:
    with by_hand(program.database.path) as connection:
        sql = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'append_1'").fetchone()[0]
        connection.execute("DROP TRIGGER append_1")
        connection.execute(sql.replace("BEFORE UPDATE ON ledger", "BEFORE UPDATE OF seq ON ledger"))
        connection.execute("CREATE TRIGGER quiet AFTER INSERT ON ledger BEGIN SELECT 1; END")
    said = {problem.row: problem.says for problem in check(program).problems}
    assert said == {
        "append_1": "the trigger append_1 is altered",
        "quiet": "nobody made the trigger quiet",
    }


def test_a_condition_taken_out_of_a_table_is_named(program: Program) -> None:
    with by_hand(program.database.path) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute(
            "UPDATE sqlite_master SET sql = replace(sql, 'amount > 0', 'amount > -9') WHERE name = 'ledger'"
        )
        connection.execute("PRAGMA writable_schema = OFF")
    problems = check(program).problems
    assert [(problem.kind, problem.row) for problem in problems] == [("file.table", "ledger")]


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM ops WHERE op_no = 7",
        "UPDATE ops SET op_no = 100000 WHERE op_no = 7",
        "UPDATE ops SET body_hash = 'x' WHERE op_no = 7",
        "UPDATE changes SET kind = 'D' WHERE op_no = 7",
        "UPDATE changes SET fields = 'not json' WHERE op_no = 7",
        "UPDATE changes SET op_no = 8 WHERE op_no = 7",
        "DELETE FROM changes WHERE op_no = 7",
        "UPDATE this_desk SET next_op = 3",
    ],
)
def test_an_outbox_that_was_changed_is_found(program: Program, statement: str) -> None:
    with by_hand(program.database.path) as connection, without_triggers(connection):
        connection.execute(statement)
    report = check(program)
    assert "outbox.op" in {problem.kind for problem in report.problems}


def test_thousands_of_problems_are_told_in_part(program: Program) -> None:
    with by_hand(program.database.path) as connection, without_triggers(connection):
        connection.execute("UPDATE audit SET action = 'x'")
        row = connection.execute("SELECT * FROM audit LIMIT 1").fetchone()
        for number in range(300):
            values = [f"{number:032x}" if name == "id" else row[name] for name in row.keys()]  # noqa: SIM118
            connection.execute(f"INSERT INTO audit VALUES ({', '.join('?' * len(values))})", values)
    report = check(program)
    assert len(report.problems) == 201
    assert report.problems[-1].kind == "rows_are_as_written.more"


def test_the_report_names_what_it_found(program: Program) -> None:
    row = some(program.database.path, "ledger")[0]
    with by_hand(program.database.path) as connection:
        change(connection, "ledger", row, "amount", 1)
    report = check(program)
    told = report.as_json()
    assert told["ok"] is False
    assert {"kind", "table", "row", "reference", "says"} == set(told["problems"][0])
    assert any(each["table"] == "ledger" and each["row"] == row for each in told["problems"])
    assert row in report.as_text()
    assert report.ledger.out_of_balance >= 1
