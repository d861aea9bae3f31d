"""A day at the desk: the program on a real display, worked by key events alone, each step looked up in the file."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from helpers.desk import AGENT, PASSWORD, Desk, desk_at
from helpers.display import MISSING, Person, display, person_at
from travellr_desktop.domain.clock import SystemClock

pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"this machine has no {' and no '.join(MISSING)}")


@dataclass
class Day:
    """Somebody at the window, and the file behind it."""

    me: Person
    folder: Path

    def ask(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """What stands in the file now; read from outside the program."""
        uri = f"{(self.folder / 'travellr.db').as_uri()}?mode=ro"
        with closing(sqlite3.connect(uri, uri=True)) as file:
            return file.execute(sql, values).fetchall()

    def until(self, sql: str, *expected: object) -> None:
        """Until the first row that a question finds is this."""
        for _ in range(400):
            if self.ask(sql)[:1] == [expected]:
                return
            self.me.until("True")
        raise AssertionError(f"{sql}\n{self.ask(sql)[:3]} instead of {expected}")

    def tab_to(self, name: str, most: int = 80) -> None:
        """Press Tab until the control with this name has the keyboard."""
        for _ in range(most):
            if name in str(self.me.sees("focus.accessibleName()")):
                return
            self.me.keys("Tab")
        raise AssertionError(f"Tab does not come to {name}")

    def sign_in(self) -> None:
        self.me.until("window.door.card is window.door.sign_in")
        self.me.types(AGENT)
        self.me.keys("Return")
        self.me.types(PASSWORD)
        self.me.keys("Return")
        self.me.until("window.workspace is not None and window.workspace.screen_key == 'desk'")
        self.me.until("len(screen.results.rows)")

    def check(self) -> None:
        """The books are right."""
        done = subprocess.run(
            [sys.executable, "-m", "travellr_desktop", "check", "--json", "--profile", str(self.folder)],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert json.loads(done.stdout) == {"ok": True, "problems": []}


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Day]:
    folder = tmp_path_factory.mktemp("day") / "profile"
    with desk_at(folder, SystemClock()) as desk:
        season(desk)
    with display() as env, person_at(folder, env) as me:
        found = Day(me, folder)
        found.sign_in()
        yield found


def season(desk: Desk) -> None:
    """What the agency sells: this is what managers did before."""
    today = desk.clock.now().date()
    for days in (3, 5):
        desk.add_departure(day=today + timedelta(days=days))
    desk.traveller("Henrik Soderberg", phone="+46 70 555 01 23")


def test_a_known_traveller_and_two_adults_pay_cash(day: Day) -> None:
    me = day.me
    me.keys("F2")
    day.tab_to("Adults")
    me.keys("Up")
    me.until("screen.filters.party().adult == 2")
    me.keys("Escape", "slash")
    me.types("blue cave")
    me.keys("Return")
    me.until("screen.offer.offer is not None and screen.offer.offer.seats == 2")
    me.keys("Return")
    day.until("SELECT seats, state FROM holds", 2, "active")
    me.keys("F4")
    me.types("soder")
    me.until("len(screen.basket.traveller.finder._rows) > 0")
    me.keys("Return")
    me.keys("alt+2", "ctrl+Return")
    day.until("SELECT state, price FROM bookings", "confirmed", 9000)
    assert day.ask("SELECT way, state, amount FROM payments") == [("cash", "completed", 9000)]
    assert day.ask("SELECT t.name FROM bookings b JOIN travellers t ON t.id = b.traveller_id") == [
        ("Henrik Soderberg",)
    ]
    day.check()
