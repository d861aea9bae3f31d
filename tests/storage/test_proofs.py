"""What proofs are made from: changes replayed, tables that are synced, and seats that a whole file would not hold."""

from __future__ import annotations

import pytest
from sqlalchemy import create_engine

from travellr_desktop.storage.repositories.proofs.file import as_migrated
from travellr_desktop.storage.repositories.proofs.outbox import Impossible, Replayed, synced_tables
from travellr_desktop.storage.repositories.proofs.seats import SeatProblem, SeatProofs


def test_changes_replayed_make_the_row() -> None:
    row = Replayed()
    row.apply("I", 0, '{"name": "Ana", "age": 3}')
    row.apply("U", 1, '{"age": 4}')
    row.apply("U", 2, "{}")
    assert (row.version, row.fields) == (3, {"name": "Ana", "age": 4})
    row.apply("D", 3, "{}")
    assert (row.version, row.fields) == (0, {})


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ([("U", 1, "{}")], "no record of its making"),
        ([("D", 1, "{}")], "no record of its making"),
        ([("I", 0, "{}"), ("I", 0, "{}")], "made twice"),
        ([("I", 0, "{}"), ("U", 2, "{}")], "version 1 says 2"),
        ([("I", 0, "{}"), ("D", 1, "{}"), ("U", 1, "{}")], "no record of its making"),
        ([("I", 0, "{}"), ("U", 1, "[]")], "cannot be read"),
        ([("I", 0, "{")], "cannot be read"),
    ],
)
def test_changes_that_cannot_follow_each_other_are_told(
    changes: list[tuple[str, int, str]], why: str
) -> None:
    row = Replayed()
    for change in changes[:-1]:
        row.apply(*change)
    with pytest.raises(Impossible, match=why):
        row.apply(*changes[-1])


def test_what_came_from_the_hub_is_the_row_whatever_was_before() -> None:
    row = Replayed()
    row.apply("P", 4, '{"name": "Ana"}')
    assert (row.version, row.fields) == (5, {"name": "Ana"})
    row.apply("U", 5, '{"age": 4}')
    row.apply("P", 9, '{"name": "Eva", "age": 5}')
    assert (row.version, row.fields) == (10, {"name": "Eva", "age": 5})
    row.apply("X", 10, "{}")
    assert (row.version, row.fields) == (0, {})
    with pytest.raises(Impossible, match="no record of its making"):
        row.apply("U", 10, "{}")


@pytest.mark.parametrize(
    ("changes", "version", "untold"),
    [
        ([("U", 3, '{"age": 4}')], 4, True),
        ([("U", 3, '{"age": 4}'), ("U", 4, "{}")], 5, True),
        ([("U", 3, "{}"), ("D", 4, "{}")], 0, False),
        ([("D", 3, "{}")], 0, False),
        ([("I", 0, "{}"), ("U", 1, "{}")], 2, False),
        ([("U", 3, "{}"), ("P", 4, "{}")], 5, False),
    ],
)
def test_a_row_of_a_first_sync_is_replayed_from_where_it_is_written_down(
    changes: list[tuple[str, int, str]], version: int, untold: bool
) -> None:
    row = Replayed(untold=True)
    for change in changes:
        row.apply(*change)
    assert (row.version, row.untold) == (version, untold)


@pytest.mark.parametrize(
    "changes", [[("U", 0, "{}")], [("U", 3, "{}"), ("U", 3, "{}")], [("D", 3, "{}"), ("U", 4, "{}")]]
)
def test_what_follows_must_follow_in_a_row_of_a_first_sync_too(changes: list[tuple[str, int, str]]) -> None:
    row = Replayed(untold=True)
    for change in changes[:-1]:
        row.apply(*change)
    with pytest.raises(Impossible):
        row.apply(*changes[-1])


def test_every_table_whose_changes_are_written_down_is_replayed() -> None:
    captured = {
        table
        for (kind, name), (table, _sql) in as_migrated().items()
        if kind == "trigger" and name.startswith("capture_")
    }
    assert set(synced_tables()) == captured


def test_a_seat_that_is_given_twice_is_seen() -> None:
    """Tables without the conditions that keep it from happening."""
    engine = create_engine("sqlite://")
    try:
        with engine.connect() as connection:
            for sql in (
                "CREATE TABLE seats (id, departure_id, label, hold_id, line_id)",
                "CREATE TABLE holds (id, departure_id)",
                "CREATE TABLE booking_lines (id, booking_id)",
                "CREATE TABLE bookings (id, departure_id)",
                "INSERT INTO holds VALUES ('h', 'd')",
                "INSERT INTO bookings VALUES ('b', 'd')",
                "INSERT INTO booking_lines VALUES ('l', 'b')",
                "INSERT INTO seats VALUES ('1', 'd', '4A', 'h', NULL), ('2', 'd', '4A', NULL, 'l'), "
                "('3', 'd', '4B', NULL, 'l')",
            ):
                connection.exec_driver_sql(sql)
            found = list(SeatProofs(connection).numbered())
    finally:
        engine.dispose()
    assert found == [SeatProblem("1", "4A", 1), SeatProblem("2", "4A", 1)]
