"""While a page of the hub is written every trigger is silent but those that keep what is derived; nothing can be
committed meanwhile."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from helpers.desk import desk_at
from helpers.raw import copied, one, raw
from travellr_desktop.storage.capture import recapture
from travellr_desktop.storage.muting import DERIVED, FILES_OWN, PREFIX, is_muted, mute, muted
from travellr_desktop.storage.repositories.proofs.file import as_migrated


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("muted")
    with desk_at(folder) as desk:
        departure = desk.add_departure(capacity=4)
        desk.sold(departure, adult=2)
        desk.hold(departure, adult=1)
    return folder / "travellr.db"


@pytest.fixture
def file(books: Path, tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with raw(copied(books, tmp_path / "travellr.db")) as connection:
        connection.execute("BEGIN")
        yield connection
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def triggers() -> dict[str, tuple[str, str]]:
    """Table and text of each, by name, in a file as it is made today."""
    return {name: found for (kind, name), found in as_migrated().items() if kind == "trigger"}


def test_every_trigger_is_silent_or_said_not_to_be() -> None:
    """One that a migration makes and forgets to mute is found here."""
    for name, (table, sql) in triggers().items():
        assert is_muted(sql) != (name in DERIVED or table in FILES_OWN), name


def test_what_is_said_of_triggers_is_said_of_ones_there_are() -> None:
    there = triggers()
    assert set(DERIVED) <= set(there)
    assert set(FILES_OWN) <= {table for table, _sql in there.values()}
    assert all([*DERIVED.values(), *FILES_OWN.values()])


@pytest.mark.parametrize(
    ("text", "silent"),
    [
        (
            "CREATE TRIGGER a AFTER INSERT ON t BEGIN SELECT 1; END",
            f"CREATE TRIGGER a AFTER INSERT ON t WHEN {PREFIX} BEGIN SELECT 1; END",
        ),
        (
            "CREATE TRIGGER a BEFORE UPDATE OF x, y ON t\nWHEN NEW.x OR\n NEW.y BEGIN SELECT 1; END",
            f"CREATE TRIGGER a BEFORE UPDATE OF x, y ON t WHEN {PREFIX} AND (NEW.x OR\n NEW.y) BEGIN SELECT 1; END",
        ),
    ],
)
def test_a_trigger_is_made_silent(text: str, silent: str) -> None:
    """What stood there is in brackets: an OR in it would not be silent."""
    assert muted(text) == silent
    assert muted(silent) == silent


def test_what_is_no_trigger_is_refused() -> None:
    with pytest.raises(ValueError, match="no trigger"):
        muted("CREATE TABLE t (x)")


def test_triggers_that_are_made_later_are_silent_too() -> None:
    engine = create_engine("sqlite://")
    try:
        with engine.connect() as connection:
            for sql in (
                "CREATE TABLE this_desk (pulling, next_op)",
                "CREATE TABLE changes (op_no, table_name, row_id, kind, base_version, fields)",
                "CREATE TABLE t (id, x, version)",
                "CREATE TRIGGER guard BEFORE DELETE ON t BEGIN SELECT RAISE(ABORT, 'no'); END",
            ):
                connection.exec_driver_sql(sql)
            recapture(connection, "t")
            mute(connection)
            mute(connection)
            found = connection.exec_driver_sql(
                "SELECT sql FROM sqlite_master WHERE type = 'trigger'"
            ).scalars()
            assert [is_muted(sql) for sql in found] == [True] * 6
    finally:
        engine.dispose()


# what it comes to


def test_nothing_commits_while_a_page_is_written(file: sqlite3.Connection) -> None:
    file.execute("UPDATE this_desk SET pulling = 1")
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
        file.execute("COMMIT")
    file.execute("UPDATE this_desk SET pulling = 0")
    file.execute("COMMIT")


def test_the_row_that_it_points_at_stays_what_it_is(file: sqlite3.Connection) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="ck_not_pulling_zero"):
        file.execute("INSERT INTO not_pulling VALUES (1)")


def test_guards_capture_and_versions_are_silent_and_seats_are_counted(file: sqlite3.Connection) -> None:
    def counts() -> tuple[int, int]:
        return one(file, "SELECT sum(taken) FROM grants"), one(file, "SELECT count(*) FROM changes")

    again = "UPDATE holds SET state = 'active' WHERE state = 'consumed'"  # no such step, no new version
    before = counts()
    with pytest.raises(sqlite3.IntegrityError):
        file.execute(again)
    file.execute("UPDATE this_desk SET pulling = 1")
    file.execute("UPDATE grants SET seats = 100")  # more than there are
    assert file.execute(again).rowcount == 1
    assert counts() == (before[0] + 2, before[1])
    file.execute("UPDATE this_desk SET pulling = 0")
    with pytest.raises(sqlite3.IntegrityError):
        file.execute("UPDATE holds SET state = 'consumed'")


def test_only_what_belongs_to_no_op_is_written_down_of_a_page(file: sqlite3.Connection) -> None:
    change = "INSERT INTO changes (op_no, table_name, row_id, kind, base_version, fields) VALUES "
    with pytest.raises(sqlite3.IntegrityError, match="sealed"):
        file.execute(f"{change} (NULL, 'trips', 'x', 'P', 0, '{{}}')")
    file.execute("UPDATE this_desk SET pulling = 1")
    file.execute(f"{change} (NULL, 'trips', 'x', 'P', 0, '{{}}')")
    with pytest.raises(sqlite3.IntegrityError, match="of_an_op_or_taken_in"):
        file.execute(f"{change} (NULL, 'trips', 'x', 'U', 1, '{{}}')")
    with pytest.raises(sqlite3.IntegrityError, match="sealed"):
        file.execute(f"{change} ((SELECT next_op FROM this_desk), 'trips', 'x', 'U', 1, '{{}}')")


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE this_desk SET acked = acked - 1", "keeps it"),
        ("UPDATE this_desk SET acked = next_op", "acked_is_written"),
        ("UPDATE this_desk SET cursor = cursor - 1", "not taken in again"),
        ("UPDATE this_desk SET epoch = -1", "epoch_not_negative"),
        ("UPDATE this_desk SET pulling = 2", "pulling_or_not"),
    ],
)
def test_where_a_file_stands_at_its_hub_never_goes_back(
    statement: str, words: str, file: sqlite3.Connection
) -> None:
    file.execute("UPDATE this_desk SET acked = 2, cursor = 7")
    with pytest.raises(sqlite3.IntegrityError, match=words):
        file.execute(statement)


@pytest.mark.parametrize("other", ["epoch = epoch + 1", "hub_id = 'x'", "hub_id = NULL"])
def test_at_another_hub_it_stands_elsewhere(other: str, file: sqlite3.Connection) -> None:
    file.execute("UPDATE this_desk SET hub_id = 'h', acked = 2, cursor = 7")
    assert file.execute(f"UPDATE this_desk SET {other}, acked = 0, cursor = 0").rowcount == 1
