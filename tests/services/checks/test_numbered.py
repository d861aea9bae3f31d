"""Numbered seats that were changed by hand, sealed as the program would: the proof names the row."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from helpers.clock import HandClock
from helpers.desk import CASH, Desk, desk_at
from helpers.seated import add_numbered
from helpers.tampering import by_hand, forge, seal_by_hand, without_triggers
from travellr_desktop.domain.party import Party


@pytest.fixture
def numbered(tmp_path: Path) -> Iterator[Desk]:
    """A departure on a plan with a hold on 1A and 1B, and 2A and 2B sold; another with open seating."""
    with desk_at(tmp_path, HandClock()) as desk:
        departure = add_numbered(desk)
        for labels in (("1A", "1B"), ("2A", "2B")):
            hold = desk.services.holds.hold(desk.agent, departure, Party(2), key=uuid4(), labels=labels)
        desk.sell(hold, pay=CASH)
        desk.hold(desk.add_departure())
        assert desk.services.check.run().problems == ()
        yield desk


def found(desk: Desk) -> set[tuple[str, str]]:
    return {(each.kind, each.table) for each in desk.services.check.run().problems}


def row_of(connection: sqlite3.Connection, sql: str) -> str:
    (row,) = connection.execute(sql).fetchone()
    return str(row)


SEAT = "SELECT id FROM seats WHERE label = '{0}'"


@pytest.mark.parametrize(
    ("label", "table"), [("1A", "holds"), ("2A", "booking_lines")], ids=["of a hold", "of a line"]
)
def test_a_seat_that_is_gone_is_missed(numbered: Desk, label: str, table: str) -> None:
    with by_hand(numbered.database.path) as connection:
        connection.execute("DELETE FROM seats WHERE label = ?", (label,))
        seal_by_hand(connection)
    assert found(numbered) == {("seats.unseated", table)}


def test_a_seat_under_another_name_than_the_hold_says_is_named(numbered: Desk) -> None:
    with by_hand(numbered.database.path) as connection:
        forge(connection, "seats", row_of(connection, SEAT.format("1A")), "label", "1D")
    assert found(numbered) == {("seats.unseated", "holds")}


def test_who_has_two_seats_and_who_has_none_are_named(numbered: Desk) -> None:
    with by_hand(numbered.database.path) as connection:
        line = row_of(connection, "SELECT line_id FROM seats WHERE label = '2B'")
        forge(connection, "seats", row_of(connection, SEAT.format("2A")), "line_id", line)
    problems = numbered.services.check.run().problems
    assert [(each.kind, each.table) for each in problems] == [("seats.unseated", "booking_lines")] * 2
    assert {each.says.rsplit("has ", 1)[1] for each in problems} == {"none", "2A, 2B"}


def test_a_seat_of_a_hold_that_has_ended_is_named(numbered: Desk) -> None:
    with by_hand(numbered.database.path) as connection:
        hold = row_of(connection, "SELECT hold_id FROM seats WHERE label = '1A'")
        forge(connection, "holds", hold, "state", "released")
    assert ("seats.stray", "seats") in found(numbered)


def test_a_seat_of_a_line_that_got_up_is_named(numbered: Desk) -> None:
    with by_hand(numbered.database.path) as connection:
        line = row_of(connection, "SELECT line_id FROM seats WHERE label = '2A'")
        forge(connection, "booking_lines", line, "occupies", 0)
    assert ("seats.stray", "seats") in found(numbered)


@pytest.mark.parametrize("label", ["3B", "7F"], ids=["blocked", "not there"])
def test_a_seat_that_the_plan_does_not_sell_is_named(numbered: Desk, label: str) -> None:
    with by_hand(numbered.database.path) as connection:
        forge(connection, "seats", row_of(connection, SEAT.format("2A")), "label", label)
    problems = numbered.services.check.run().problems
    assert [each.kind for each in problems] == ["seats.stray"]
    assert label in problems[0].says


def test_a_seat_on_a_departure_without_a_plan_is_named(numbered: Desk) -> None:
    with (
        by_hand(numbered.database.path) as connection,
        without_triggers(connection, "seats", refusing=True),
    ):
        connection.execute(
            "INSERT INTO seats (id, version, departure_id, label, hold_id, position) "
            "SELECT ?, 1, d.id, '1A', h.id, 1 FROM departures d JOIN holds h ON h.departure_id = d.id "
            "WHERE d.plan_id IS NULL",
            ("b" * 32,),
        )
        seal_by_hand(connection)
    assert found(numbered) == {("seats.stray", "seats")}


def test_more_seats_granted_than_the_plan_has_are_named(numbered: Desk) -> None:
    with by_hand(numbered.database.path) as connection:
        departure = row_of(connection, "SELECT id FROM departures WHERE plan_id IS NOT NULL")
        grant = row_of(connection, f"SELECT id FROM grants WHERE departure_id = '{departure}'")
        forge(connection, "departures", departure, "capacity", 12)
        forge(connection, "grants", grant, "seats", 12)
    assert found(numbered) == {("seats.plan", "departures")}
