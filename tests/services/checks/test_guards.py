"""The proof of the books sees that the file still refuses what it refused, and that its outbox is whole."""

from __future__ import annotations

import pytest

from helpers.season import check_file
from helpers.tampering import by_hand, outbox_by_hand
from travellr_desktop.app import Program
from travellr_desktop.services.check import MOST


def test_every_trigger_that_is_missing_is_named(program: Program) -> None:
    path = program.database.path
    with by_hand(path) as connection:
        found = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    assert len(found) > MOST
    for some in (found[0::3], found[1::3], found[2::3]):
        assert len(some) <= MOST
        with by_hand(path) as connection:
            for row in some:
                connection.execute(f"DROP TRIGGER {row['name']}")
        report = check_file(program)
        assert {problem.row for problem in report.problems} == {row["name"] for row in some}
        assert {problem.kind for problem in report.problems} == {"file.trigger"}
        with by_hand(path) as connection:
            for row in some:
                connection.execute(row["sql"])


def test_a_trigger_that_was_altered_or_added_is_named(program: Program) -> None:
    with by_hand(program.database.path) as connection:
        sql = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'append_1'").fetchone()[0]
        connection.execute("DROP TRIGGER append_1")
        connection.execute(sql.replace("BEFORE UPDATE ON ledger", "BEFORE UPDATE OF seq ON ledger"))
        connection.execute("CREATE TRIGGER quiet AFTER INSERT ON ledger BEGIN SELECT 1; END")
    said = {problem.row: problem.says for problem in check_file(program).problems}
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
    problems = check_file(program).problems
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
    with outbox_by_hand(program.database.path) as connection:
        connection.execute(statement)
    report = check_file(program)
    assert "outbox.op" in {problem.kind for problem in report.problems}
