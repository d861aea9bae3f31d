"""Eight programs sell the last hundred seats of one departure at once, on one file."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from helpers.desk import desk_again, desk_at
from helpers.oversell import PROGRAMS, TRIES
from helpers.raw import raw, value

SEATS = 100
ROOT = Path(__file__).resolve().parents[2]


def programs(kind: str, folder: Path) -> list[dict[str, int]]:
    """What each of them sold, and how often it was told that there is no seat."""
    done = subprocess.run(
        [sys.executable, "-m", "helpers.oversell", kind, str(folder)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT / "tests"), str(ROOT)))},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    results: list[dict[str, int]] = json.loads(done.stdout)
    assert len(results) == PROGRAMS
    return results


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with desk_at(tmp_path) as desk:
        desk.add_departure(capacity=SEATS)
        desk.traveller()
    return tmp_path


def test_exactly_the_seats_there_are_are_sold(folder: Path) -> None:
    results = programs("sell", folder)
    assert sum(result["sold"] for result in results) == SEATS
    assert sum(result["gone"] for result in results) == PROGRAMS * TRIES - SEATS
    assert max(result["sold"] for result in results) <= 0.4 * SEATS, "one of them had most turns"
    file = folder / "travellr.db"
    assert value(file, "SELECT sum(occupies) FROM booking_lines") == SEATS
    assert value(file, "SELECT count(*) FROM bookings WHERE state = 'confirmed'") == SEATS
    assert value(file, "SELECT count(*) FROM holds WHERE state <> 'consumed'") == 0
    assert value(file, "SELECT count(DISTINCT reference) FROM bookings") == SEATS
    assert value(file, "SELECT count(*) FROM ops") == value(file, "SELECT max(op_no) FROM ops")
    with desk_again(folder) as desk:
        assert desk.services.check.run().problems == ()


def test_looking_first_and_taking_then_oversells(folder: Path) -> None:
    """The negative control: the same seats without what the file refuses."""
    _without_guards(folder / "travellr.db")
    results = programs("naive", folder)
    assert sum(result["sold"] for result in results) > SEATS
    assert value(folder / "travellr.db", "SELECT count(*) FROM holds WHERE state = 'active'") > SEATS


def _without_guards(file: Path) -> None:
    with raw(file) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("CREATE TABLE bare AS SELECT * FROM grants")  # a copy has no CHECK
        connection.execute("DROP TABLE grants")
        connection.execute("ALTER TABLE bare RENAME TO grants")
