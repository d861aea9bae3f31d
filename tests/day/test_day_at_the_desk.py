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
from travellr_desktop.domain.seat_presets import coach
from travellr_desktop.domain.seating import PlanKind
from travellr_desktop.services.plans import PlanDraft

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

    def party(self, adult: int, child: int = 0) -> None:
        """How many travel, set by the arrows of their steppers."""
        for name, word, wanted in (("Adults", "adult", adult), ("Children", "child", child)):
            self.tab_to(name)
            value = f"screen.filters.party().{word}"
            while (now := self.me.sees(value)) != wanted:
                self.me.keys("Up" if now < wanted else "Down")
                self.me.until(f"{value} != {now}")

    def find(self, words: str, seats: int) -> None:
        """Look for a trip, and come to rest on its first departure: on the next day that has one, if need be."""
        self.me.keys("Escape", "slash")
        self.me.types(words)
        there = f"len(screen.results.rows) and {words!r} in screen.results.rows[0].title.casefold()"
        self.me.until(f"({there}) or not screen.results.rows")
        self.me.keys("Return")
        if not self.me.sees(f"bool({there})"):
            self.tab_to("Go to ")
            self.me.keys("Return")
        self.me.until(f"screen.offer.offer is not None and screen.offer.offer.seats == {seats}")
        self.me.until(f"{words!r} in screen.offer.offer.row.title.casefold()")

    def choose(self, words: str) -> None:
        """Choose a traveller who is known, by the first that is found."""
        self.me.keys("F4")
        self.me.types(words)
        self.me.until("len(screen.basket.traveller.finder._rows) > 0")
        self.me.keys("Return")
        self.me.until("screen.session.traveller is not None")

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
    canyon = desk.add_trip("Tara canyon rafting", adult=7100, child=5000)
    plan = desk.services.plans.save(desk.admin, PlanDraft("Coach", PlanKind.COACH, coach()))
    desk.add_departure(canyon, day=today + timedelta(days=4), capacity=40, plan_id=plan)
    desk.traveller("Henrik Soderberg", phone="+46 70 555 01 23")


def test_a_known_traveller_and_two_adults_pay_cash(day: Day) -> None:
    me = day.me
    me.keys("F2")
    day.party(adult=2)
    day.find("blue cave", seats=2)
    me.keys("Return")
    day.until("SELECT seats, state FROM holds", 2, "active")
    day.choose("soder")
    me.keys("alt+2", "ctrl+Return")
    day.until("SELECT state, price FROM bookings", "confirmed", 9000)
    assert day.ask("SELECT way, state, amount FROM payments") == [("cash", "completed", 9000)]
    assert day.ask("SELECT t.name FROM bookings b JOIN travellers t ON t.id = b.traveller_id") == [
        ("Henrik Soderberg",)
    ]
    day.check()


def test_a_family_with_a_child_pays_by_card(day: Day) -> None:
    me = day.me
    me.keys("F2")
    day.party(adult=2, child=1)
    day.find("blue cave", seats=3)
    me.keys("Return")
    me.until("len(screen.session.lines) == 1")
    me.keys("F4")
    me.types("Milena Vukovic")
    me.until("screen.basket.traveller.finder._found_for == 'Milena Vukovic'")
    me.keys("Return")
    for _ in range(6):  # from field to field, to the button
        if me.sees("screen.session.traveller is not None"):
            break
        me.keys("Return")
    me.keys("alt+1", "ctrl+Return")
    day.until("SELECT count(*) FROM bookings WHERE state = 'confirmed'", 2)
    newest = "(SELECT id FROM bookings ORDER BY id DESC LIMIT 1)"
    assert day.ask(
        f"SELECT traveller_type, price FROM booking_lines WHERE booking_id = {newest} ORDER BY position"
    ) == [("adult", 4500), ("adult", 4500), ("child", 2700)]
    assert day.ask("SELECT way, state, amount FROM payments ORDER BY id DESC")[0] == (
        "card",
        "completed",
        11700,
    )
    day.check()


def test_a_group_of_twelve_has_seats_on_the_coach(day: Day) -> None:
    me = day.me
    me.keys("F2")
    day.party(adult=12)
    day.find("tara", seats=12)
    me.keys("Return")
    day.until("SELECT count(*) FROM seats WHERE hold_id IS NOT NULL", 12)
    me.until("screen.seats.view.isVisible()")
    me.keys("Escape")
    day.choose("soder")
    me.keys("alt+2", "ctrl+Return")
    day.until("SELECT count(*) FROM seats WHERE line_id IS NOT NULL", 12)
    assert day.ask("SELECT count(DISTINCT label) FROM seats") == [(12,)]
    assert day.ask("SELECT price FROM bookings ORDER BY id DESC LIMIT 1") == [(85200,)]
    day.check()


def test_seats_are_kept_for_a_traveller_who_thinks_it_over(day: Day) -> None:
    me = day.me
    me.keys("F2")
    day.party(adult=2)
    day.find("blue cave", seats=2)
    me.keys("Return")
    me.until("len(screen.session.lines) == 1")
    day.choose("soder")
    me.keys("o")
    day.tab_to("Keep as option")
    me.keys("Return")
    day.until("SELECT kind, state, seats FROM holds ORDER BY id DESC", "option", "active", 2)
    me.until("len(screen.session.lines) == 0")
    day.check()
