"""A file of the release before is brought to this one: nothing is lost, the books are right, and it is worked with."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from helpers.desk import CASH, desk_again, desk_at
from helpers.older import FIRST, first_release
from helpers.raw import rows, value
from travellr_desktop.domain.text import name_key, phone_key, search_text
from travellr_desktop.storage import startup
from travellr_desktop.storage.schema import HEADS, SCHEMA_VERSION


@pytest.fixture
def older(tmp_path: Path) -> Path:
    """A profile whose database is of the first release: sold, cancelled, held."""
    with desk_at(tmp_path / "today") as desk:
        departure = desk.add_departure()
        desk.sold(departure, adult=2, child=1)
        desk.cancel(desk.sold(departure, pay=CASH).bookings[0].id)
        desk.hold(departure)
        desk.traveller("Žana Đurović", phone="+382 69 555 812", email="Zana@Example.com")
    folder = tmp_path / "older"
    shutil.copytree(tmp_path / "today", folder, ignore=shutil.ignore_patterns("travellr.db*"))
    first_release(tmp_path / "today" / "travellr.db", folder / "travellr.db")
    return folder


def test_it_is_of_the_first_release(older: Path) -> None:
    assert rows(older / "travellr.db", "SELECT version_num FROM alembic_version") == [(FIRST,)]
    with pytest.raises(Exception, match="no such column"):
        rows(older / "travellr.db", "SELECT kind FROM holds")


def test_what_was_there_is_there_afterwards(older: Path) -> None:
    file = older / "travellr.db"
    tables = ("sales", "bookings", "booking_lines", "payments", "refunds", "ledger", "holds", "audit")
    before = {table: value(file, f"SELECT count(*) FROM {table}") for table in tables}
    ops = value(file, "SELECT max(op_no) FROM ops")
    assert startup.prepare(file, older / "backups") is not None
    assert {table: value(file, f"SELECT count(*) FROM {table}") for table in tables} == before
    assert {row[0] for row in rows(file, "SELECT version_num FROM alembic_version")} == HEADS
    assert rows(file, "SELECT op_no, name, schema_version FROM ops WHERE op_no > ?", ops) == [
        (ops + 1, "schema.fill", SCHEMA_VERSION)
    ]


def test_travellers_are_found_by_what_is_new(older: Path) -> None:
    file = older / "travellr.db"
    startup.prepare(file, older / "backups")
    for name, email, phone, *keys in rows(
        file, "SELECT name, email, phone, search, name_key, phone_key FROM travellers"
    ):
        assert keys == [search_text(name, email, phone), name_key(name), phone_key(phone)]
    with desk_again(older) as desk:
        assert [row.name for row in desk.services.travellers.search(desk.agent, "zana")] == ["Žana Đurović"]


def test_the_books_are_right_and_it_is_worked_with(older: Path) -> None:
    with desk_again(older) as desk:
        assert desk.services.check.run().problems == ()
        with desk.database.read() as view:
            departure = view.departures.find_all()[0][0].id
        desk.sold(departure, adult=1)
        desk.cancel(desk.sold(departure, pay=CASH).bookings[0].id)
        assert desk.services.check.run().problems == ()


def test_the_books_are_summed_from_indexes_as_in_a_new_file(older: Path) -> None:
    file = older / "travellr.db"

    def indexes(of: Path) -> dict[str, str]:
        return dict(
            rows(of, "SELECT name, sql FROM sqlite_master WHERE tbl_name = 'ledger' AND sql LIKE '% INDEX %'")
        )

    before = indexes(file)
    startup.prepare(file, older / "backups")
    assert indexes(file) == indexes(older.parent / "today" / "travellr.db") != before
    assert indexes(file)["ix_ledger_debit"].endswith("(debit, vendor_id, currency, at, amount)")
