"""Whatever is written to a row that travels is written down, whoever writes it, and sealed into a dense op."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Column, Integer, Table, text

from helpers.clock import START
from helpers.desk import CASH, desk_again, desk_at
from helpers.raw import copied, one, raw, rows, tables
from helpers.refused_refunds import add_refunds
from helpers.whole import fill_the_rest
from helpers.whole_debts import a_debt_that_stands
from helpers.whole_payouts import add_payouts
from travellr_desktop.domain.permissions import SYSTEM
from travellr_desktop.storage import migrate
from travellr_desktop.storage.base import Base, Synced
from travellr_desktop.storage.capture import LOCAL_COLUMNS
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.engine import WRITE, make_engine
from travellr_desktop.storage.schema import HEADS
from travellr_desktop.storage.seal import body_hash

SYNCED = sorted(
    mapper.class_.__tablename__
    for mapper in Base.registry.mappers
    if issubclass(mapper.class_, Synced) and mapper.class_ is not Synced
)
KEPT = (
    *(
        "ledger",
        "audit",
        "allowances",
        "till_counts",
        "till_moves",
        "till_reads",
        "invoices",
        "invoice_lines",
        "refund_lines",
    ),
    "match_notes",
    *("payout_lines", "payout_entries", "payout_attempts", "bank_files", "batch_left_out"),
    *("statement_lines", "statement_entries", "vendor_adjustments"),
)
"""Never changed and never deleted."""
ENDED = (
    *("sales", "bookings", "payments", "payment_shares", "refunds", "attempts", "amendments", "discounts"),
    *("refund_orders", "credit_moves", "till_sessions", "disputes", "dispute_parts", "provider_moves"),
    *("traveller_merges", "waiting_list", "write_offs"),
    *("payout_batches", "payouts", "take_backs", "statements"),
)
"""Never deleted."""


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A desk's file with a row in every table that travels."""
    folder = tmp_path_factory.mktemp("captured")
    with desk_at(folder) as desk:
        departure = desk.add_departure(capacity=8)
        strict = desk.add_trip("Half kept", policy="strict")
        soon = desk.add_departure(strict, day=(START + timedelta(days=5)).date())
        sale = desk.sold(soon)
        desk.cancel(sale.bookings[0].id)
        sold = desk.sold(departure, pay=CASH)
        desk.hold(departure)
        a_debt_that_stands(desk, sold.bookings[0].id)
        fill_the_rest(desk, departure, sold.bookings[0].id)
        add_refunds(desk)
        add_payouts(desk)
    return folder


@pytest.fixture
def file(books: Path, tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with raw(copied(books / "travellr.db", tmp_path / "travellr.db")) as connection:
        connection.row_factory = sqlite3.Row
        connection.execute("BEGIN")
        yield connection
        connection.execute("ROLLBACK")


def last(file: sqlite3.Connection) -> tuple[str, str, str, int, dict[str, object]]:
    row = file.execute(
        "SELECT table_name, row_id, kind, base_version, fields FROM changes ORDER BY id DESC LIMIT 1"
    ).fetchone()
    return (*row[:4], json.loads(row[4]))


def own_columns(file: sqlite3.Connection, table: str) -> list[str]:
    names = [row["name"] for row in file.execute(f"PRAGMA table_info({table})")]
    return [name for name in names if name != "version" and name not in LOCAL_COLUMNS.get(table, ())]


def test_every_table_says_where_it_lives_and_is_in_the_file(file: sqlite3.Connection) -> None:
    """A table in neither list, or a synced one that the migrations forgot, is found here."""
    assert set(tables(file)) == set(Base.metadata.tables)
    for table in Base.metadata.tables.values():
        assert table.info.get("where") == ("both" if table.name in SYNCED else "desk"), table.name


@pytest.mark.parametrize("table", SYNCED)
def test_a_table_that_travels_has_its_triggers(table: str, file: sqlite3.Connection) -> None:
    query = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?"
    found = {row["name"]: row["sql"] for row in file.execute(query, (table,))}
    wanted = {f"capture_{table}_{kind}" for kind in ("insert", "update", "delete")}
    assert wanted | {f"version_{table}", f"unique_{table}_insert"} <= set(found)
    for column in own_columns(file, table):
        assert f"'{column}', NEW.{column}" in found[f"capture_{table}_insert"]
        assert f"'{column}' AS k, NEW.{column}" in found[f"capture_{table}_update"]


def test_columns_that_stay_at_home_are_in_the_models() -> None:
    for table, columns in LOCAL_COLUMNS.items():
        assert columns <= set(Base.metadata.tables[table].columns.keys())


@pytest.mark.parametrize("table", SYNCED)
def test_a_new_row_is_written_down_whole(table: str, books: Path) -> None:
    """As the program made it: the first change of a row holds every column that travels."""
    with raw(books / "travellr.db") as file:
        file.row_factory = sqlite3.Row
        query = "SELECT row_id, fields FROM changes WHERE table_name = ? AND kind = 'I' AND base_version = 0"
        found = {row["row_id"]: json.loads(row["fields"]) for row in file.execute(query, (table,))}
        assert found
        assert set(found) == {row["id"] for row in file.execute(f"SELECT id FROM {table}")}
        for row_id, fields in found.items():
            assert list(fields) == own_columns(file, table)
            assert fields["id"] == row_id


@pytest.mark.parametrize("table", [table for table in SYNCED if table not in KEPT])
def test_a_change_is_written_down_by_what_changed(table: str, file: sqlite3.Connection) -> None:
    row_id, version = file.execute(f"SELECT id, version FROM {table} LIMIT 1").fetchone()
    column, value = CHANGES[table]
    _unguard(file, table)
    statement = f"UPDATE {table} SET {column} = ?, version = version + 1 WHERE id = ?"
    file.execute(statement, (value, row_id))
    assert last(file) == (table, row_id, "U", version, {column: value})


def _unguard(file: sqlite3.Connection, table: str) -> None:
    """What refuses a change is not what writes it down."""
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ? "
        "AND (name GLOB 'money_*' OR name GLOB 'refund*')"
    )
    for row in file.execute(query, (table,)).fetchall():
        file.execute(f"DROP TRIGGER {row['name']}")


CHANGES: dict[str, tuple[str, object]] = {
    "agencies": ("legal", "d.o.o."),
    "amendments": ("difference", 1),
    "attempts": ("detail", "x"),
    "booking_lines": ("name", "X"),
    "batch_exclusions": ("reason", "x"),
    "bookings": ("end_reason", "x"),
    "commission_rates": ("note", "x"),
    "departures": ("local_time", "09:09"),
    "desks": ("name", "X"),
    "credit_moves": ("created_at", "2030-01-01T00:00:00.000000Z"),
    "discounts": ("reason", "X"),
    "grants": ("seats", 7),
    "holds": ("expires_at", "2030-01-01T00:00:00.000000Z"),
    "notes": ("text", "X"),
    "number_series": ("last", 999_998),
    "payment_shares": ("amount", 8999),
    "dispute_parts": ("amount", 99),
    "disputes": ("reason", "general"),
    "payments": ("label", "X"),
    "payout_batches": ("note", "X"),
    "payouts": ("failure", "X"),
    "provider_moves": ("is_open", 1),
    "promo_codes": ("name", "X"),
    "refund_orders": ("decision", "x"),
    "refunds": ("reason", "x"),
    "sales": ("created_at", "2030-01-01T00:00:00.000000Z"),
    "season_prices": ("amount", 1),
    "seat_plans": ("name", "X"),
    "saved_cards": ("label", "X"),
    "seats": ("label", "1B"),
    "seat_grants": ("label", "2A"),
    "series": ("local_time", "09:09"),
    "statements": ("outcome", "paid"),
    "take_backs": ("failure", "X"),
    "till_sessions": ("closed_reason", "X"),
    "travel_documents": ("number", "X"),
    "traveller_merges": ("undone_at", None),
    "traveller_pairs": ("created_at", "2030-01-01T00:00:00.000000Z"),
    "traveller_accounts": ("created_at", "2030-01-01T00:00:00.000000Z"),
    "travellers": ("phone", "1"),
    "trip_pictures": ("caption", "X"),
    "trip_prices": ("amount", 1),
    "trip_seasons": ("name", "X"),
    "trips": ("title", "X"),
    "users": ("name", "X"),
    "vendor_documents": ("note", "X"),
    "vendors": ("legal", "X"),
    "waiting_list": ("note", "X"),
    "write_offs": ("undone_at", "2030-01-01T00:00:00.000000Z"),
}


def test_a_change_to_the_same_is_written_down_as_none(file: sqlite3.Connection) -> None:
    file.execute(
        "UPDATE trips SET title = title, version = version + 1 WHERE id = (SELECT min(id) FROM trips)"
    )
    assert last(file)[2:] == ("U", 1, {})


@pytest.mark.parametrize("table", [table for table in SYNCED if table not in (*KEPT, *ENDED)])
def test_a_removal_is_written_down(table: str, file: sqlite3.Connection) -> None:
    file.execute("PRAGMA defer_foreign_keys = ON")
    row_id, version = file.execute(f"SELECT id, version FROM {table} ORDER BY id DESC LIMIT 1").fetchone()
    file.execute(f"DELETE FROM {table} WHERE id = ?", (row_id,))
    changes = file.execute(
        "SELECT * FROM changes WHERE table_name = ? AND row_id = ? AND kind = 'D'", (table, row_id)
    )
    assert [row["base_version"] for row in changes] == [version]


@pytest.mark.parametrize(("table", "column"), [(t, c) for t, cs in LOCAL_COLUMNS.items() for c in cs])
def test_what_stays_at_home_is_not_written_down(table: str, column: str, file: sqlite3.Connection) -> None:
    before = one(file, "SELECT count(*) FROM changes")
    file.execute(f"UPDATE {table} SET {column} = {column}")
    assert one(file, "SELECT count(*) FROM changes") == before


def test_removing_by_replace_is_written_down_too(books: Path, tmp_path: Path) -> None:
    """SQLite does not call the triggers of a row that REPLACE removes, unless it is told to: our engine tells it."""
    engine = make_engine(copied(books / "travellr.db", tmp_path / "travellr.db"))
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA recursive_triggers").scalar_one() == 1
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar_one() == 2
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar_one() == "wal"
    engine.dispose()


# ops


def test_ops_are_dense_and_hashed_over_their_changes(books: Path) -> None:
    file = books / "travellr.db"
    ops = rows(file, "SELECT op_no, body_hash, name, schema_version FROM ops ORDER BY op_no")
    assert [op[0] for op in ops] == list(range(1, len(ops) + 1))
    assert rows(file, "SELECT next_op FROM this_desk") == [(len(ops) + 1,)]
    for op_no, kept, name, _ in ops:
        changes = rows(
            file,
            "SELECT table_name, row_id, kind, base_version, fields FROM changes WHERE op_no = ? ORDER BY id",
            op_no,
        )
        assert changes, f"{name} is sealed without a change"
        assert kept == body_hash([_Change(*change) for change in changes])


class _Change:
    def __init__(self, table_name: str, row_id: str, kind: str, base_version: int, fields: str) -> None:
        self.table_name, self.row_id, self.kind = table_name, row_id, kind
        self.base_version, self.fields = base_version, fields


def test_the_changes_of_a_row_tell_its_whole_story(books: Path) -> None:
    """Played one after the other they give every row as it is."""
    with raw(books / "travellr.db") as file:
        file.row_factory = sqlite3.Row
        for table in SYNCED:
            played: dict[str, dict[str, object]] = {}
            for change in file.execute("SELECT * FROM changes WHERE table_name = ? ORDER BY id", (table,)):
                played.setdefault(change["row_id"], {}).update(json.loads(change["fields"]))
                played[change["row_id"]]["version"] = change["base_version"] + 1
            local = LOCAL_COLUMNS.get(table, frozenset())
            for row in file.execute(f"SELECT * FROM {table}"):
                assert played[row["id"]] == {key: row[key] for key in row.keys() if key not in local}  # noqa: SIM118


def test_an_op_names_its_commit_and_who_it_was(books: Path) -> None:
    found = rows(
        books / "travellr.db",
        "SELECT DISTINCT ops.name, users.name FROM ops LEFT JOIN users ON users.id = actor_id",
    )
    assert (Commit.SALE_PLACE.value, "Ana Vuković") in found
    assert (Commit.CATALOGUE_SAVE.value, "Mira Kovač") in found
    assert {name for name, _ in found} <= {commit.value for commit in Commit}


def test_what_is_undone_leaves_no_gap(books: Path, tmp_path: Path) -> None:
    folder = tmp_path / "profile"
    folder.mkdir()
    file = copied(books / "travellr.db", folder / "travellr.db")
    count = one_of(file)
    with desk_again(folder) as desk:
        with desk.database.write(Commit.CATALOGUE_SAVE, SYSTEM) as work:
            work.session.execute(text("UPDATE trips SET title = 'X', version = version + 1"))
        with desk.database.write(Commit.CATALOGUE_SAVE, SYSTEM) as work:
            work.session.execute(text("UPDATE trips SET title = 'Y', version = version + 1"))
            work.commit()
        with desk.database.write(Commit.CATALOGUE_SAVE, SYSTEM) as work:
            work.session.execute(text("UPDATE trips SET title = 'Z', version = version + 1"))
            with pytest.raises(RuntimeError, match="inside another"):
                desk.services.upkeep.clean_up()
    assert one_of(file) == count + 1
    assert rows(file, "SELECT DISTINCT title FROM trips") == [("Y",)]


def one_of(file: Path) -> int:
    return int(rows(file, "SELECT max(op_no) FROM ops")[0][0])


# models and migrations


def test_models_and_migrations_are_the_same(books: Path, tmp_path: Path) -> None:
    engine = make_engine(copied(books / "travellr.db", tmp_path / "travellr.db"))
    with engine.connect().execution_options(**{WRITE: True}) as connection:
        migrate.check(connection)
    engine.dispose()


def test_a_table_without_a_migration_is_noticed(books: Path, tmp_path: Path) -> None:
    """The negative control of the one above."""
    engine = make_engine(copied(books / "travellr.db", tmp_path / "travellr.db"))
    extra = Table("extra", Base.metadata, Column("id", Integer, primary_key=True), info={"where": "desk"})
    try:
        with (
            engine.connect().execution_options(**{WRITE: True}) as connection,
            pytest.raises(Exception, match="New upgrade operations detected"),
        ):
            migrate.check(connection)
    finally:
        Base.metadata.remove(extra)
        engine.dispose()


def test_the_newest_migrations_are_those_the_program_names(books: Path) -> None:
    assert migrate.heads() == HEADS
    assert {row[0] for row in rows(books / "travellr.db", "SELECT version_num FROM alembic_version")} == HEADS


def test_checks_of_the_models_are_in_the_file(books: Path) -> None:
    """Alembic does not compare CHECKs: their names are compared here."""
    with raw(books / "travellr.db") as file:
        for table in Base.metadata.tables.values():
            sql = one(file, "SELECT sql FROM sqlite_master WHERE name = ?", table.name)
            for constraint in table.constraints:
                if constraint.__visit_name__ == "check_constraint":
                    assert f"CONSTRAINT {constraint.name} CHECK" in sql, constraint.name


def test_ids_are_made_in_order(books: Path) -> None:
    found = [UUID(row[0]) for row in rows(books / "travellr.db", "SELECT id FROM audit ORDER BY rowid")]
    assert found == sorted(found)
    assert all(each.version == 7 for each in found)
