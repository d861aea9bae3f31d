"""Whatever amount, state or owner is changed by hand in the file, the proof of the books names its row."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from helpers.season import check_file, names
from helpers.tampering import another, by_hand, change, put_in, take_away
from travellr_desktop.app import Program
from travellr_desktop.storage.base import Base
from travellr_desktop.storage.capture import LOCAL_COLUMNS
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
    "discounts",
    "amendments",
)
BESIDE = (
    *(
        "refund_orders",
        "refund_lines",
        "credit_moves",
        "disputes",
        "dispute_parts",
        "invoices",
        "invoice_lines",
    ),
    *("till_sessions", "till_moves", "till_reads", "till_counts", "saved_cards", "traveller_accounts"),
    *("provider_moves", "match_notes"),
)
"""What else is of money."""
MONEY = frozenset(
    {"amount", "currency", "debit", "credit", "price", "tax", "discount", "kept", "difference", "state"}
)
"""Columns of the books that are changed in each run. All rows are held against what was written of them by one
reading, column by column alike: of the other columns there, one in six; of those beside the books, one in twelve."""
COLUMNS = [
    (table, column.name)
    for table in (*BOOKS, *BESIDE)
    for column in Base.metadata.tables[table].columns
    if column.name not in LOCAL_COLUMNS.get(table, frozenset()) or column.name == "taken"
]


PLACES = ("first", "middle", "last")


def values() -> Iterator[ParameterSet]:
    """In turn in the first row, one in the middle and the last; each column in all three of them for the soak."""
    for number, (table, column) in enumerate(COLUMNS):
        for at, place in enumerate(PLACES):
            wanted = number % 12 == 0 if table in BESIDE else column in MONEY or number % 6 == 0
            marks = () if wanted and at == number // 3 % len(PLACES) else (pytest.mark.soak,)
            yield pytest.param(table, column, place, id=f"{table}.{column}-{place}", marks=marks)


def some(path: Path, table: str, place: str = "first") -> str:
    """The id of a row."""
    with by_hand(path) as connection:
        ids = [row[0] for row in connection.execute(f"SELECT id FROM {table} ORDER BY id")]
    assert ids, f"the season has no {table}"
    found: str = ids[{"first": 0, "middle": len(ids) // 2, "last": -1}[place]]
    return found


def test_a_season_that_nobody_touched_is_right(program: Program) -> None:
    assert check_file(program).ok


@pytest.mark.parametrize(("table", "column", "place"), list(values()))
def test_a_value_changed_by_hand_is_named(program: Program, table: str, column: str, place: str) -> None:
    path = program.database.path
    row = some(path, table, place)
    with by_hand(path) as connection:
        kept = connection.execute(f"SELECT {column} FROM {table} WHERE id = ?", (row,)).fetchone()[0]
        change(connection, table, row, column, another(table, column, kept))
    report = check_file(program)
    assert not report.ok
    assert names(report, row), report.as_text()


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
    "table",
    # of the tables that are not of money, one in three
    [
        pytest.param(table, marks=() if table in BOOKS or number % 3 == 0 else pytest.mark.soak)
        for number, table in enumerate(sorted(synced_tables()))
    ],
)
def test_a_row_taken_away_or_put_in_by_hand_is_named(program: Program, table: str) -> None:
    path = program.database.path
    with by_hand(path) as connection:
        found = connection.execute(f"SELECT * FROM {table} ORDER BY id LIMIT 1").fetchone()
    row = found["id"]
    with by_hand(path) as connection:
        take_away(connection, table, row)
    assert names(check_file(program), row)
    with by_hand(path) as connection:
        put_in(connection, table, found, id="f" * 32)
    assert names(check_file(program), "f" * 32)


def test_a_change_outside_an_op_is_named(program: Program) -> None:
    row = some(program.database.path, "travellers")
    with by_hand(program.database.path) as connection:
        connection.execute(
            "UPDATE travellers SET name = 'Nobody', version = version + 1 WHERE id = ?", (row,)
        )
    report = check_file(program)
    assert names(report, row)
    assert any(each.kind == "outbox.op" and each.row == row for each in report.problems)


def test_an_account_that_is_not_in_the_books_puts_them_out_of_balance(program: Program) -> None:
    row = some(program.database.path, "ledger")
    with by_hand(program.database.path) as connection:
        change(connection, "ledger", row, "debit", "somewhere else")
    kinds = {problem.kind for problem in check_file(program).problems}
    assert {"ledger.sum", "ledger.chain", "outbox.row", "file.damaged"} <= kinds


@pytest.mark.parametrize(
    ("table", "column", "begins"),
    [
        ("sales", "desk_id", "SA-"),
        ("payments", "label", "SA-"),
        ("bookings", "end_reason", "BK-"),
        ("booking_lines", "name", "BK-"),
        ("payment_shares", "version", "BK-"),
        ("refunds", "reason", "BK-"),
        ("ledger", "version", "BK-"),
        ("holds", "expires_at", "BK-"),
    ],
)
def test_a_row_is_told_with_the_reference_that_a_person_knows(
    program: Program, table: str, column: str, begins: str
) -> None:
    row = some(program.database.path, table)
    with by_hand(program.database.path) as connection:
        (kept,) = connection.execute(f"SELECT {column} FROM {table} WHERE id = ?", (row,)).fetchone()
        change(connection, table, row, column, another(table, column, kept))
    found = next(each for each in check_file(program).problems if each.kind == "outbox.row")
    assert found.row == row
    assert found.reference is not None
    assert found.reference.startswith(begins)
