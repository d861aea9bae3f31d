"""A day at the desk: the program on a real display, worked by key events alone, each step looked up in the file."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from helpers.clock import HandClock
from helpers.desk import AGENT, CASH, PASSWORD, Desk, desk_at
from helpers.display import MISSING, PATIENCE_S, Person, display, person_at
from travellr_desktop.domain.clock import SystemClock
from travellr_desktop.domain.party import TravellerType
from travellr_desktop.domain.seat_presets import coach
from travellr_desktop.domain.seating import PlanKind
from travellr_desktop.services.plans import PlanDraft
from travellr_desktop.services.trips import SeasonDraft

pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"this machine has no {' and no '.join(MISSING)}")


HERE = ZoneInfo("Europe/Podgorica")


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
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            if self.ask(sql)[:1] == [expected]:
                return
            self.me.pause()
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

    def open_booking(self, number: int) -> None:
        """Find a booking in the list, by its number."""
        (reference,) = self.ask("SELECT reference FROM bookings ORDER BY id")[number - 1]
        self.me.keys("ctrl+2")
        self.me.until("window.workspace.screen_key == 'bookings'")
        self.me.keys("Escape", "slash")
        self.me.types(reference)
        self.me.until(f"screen.lists.filters.text == {reference!r} and screen.lists.model.rowCount() == 1")
        self.me.keys("Return")
        self.me.until(f"screen.shown is not None and screen.shown.detail.reference == {reference!r}")

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
    prepare(folder)
    with display() as env, person_at(folder, env) as me:
        found = Day(me, folder)
        found.sign_in()
        yield found


def prepare(folder: Path) -> None:
    """An agency with a season before it, and a boat that left an hour ago."""
    now = SystemClock().now()
    with desk_at(folder, HandClock(now - timedelta(days=1))) as desk:
        season(desk, now)


def season(desk: Desk, now: datetime) -> None:
    """What the agency sells: this is what managers did before."""
    today = now.date()
    left = (now - timedelta(hours=1)).astimezone(HERE)
    boat = desk.add_departure(day=left.date(), at=left.time().replace(second=0, microsecond=0, tzinfo=None))
    for name in ("Ana Here", "Bo Absent"):
        desk.sell(desk.hold(boat, adult=1), traveller=desk.traveller(name), pay=CASH)
    for days in (3, 5):
        desk.add_departure(day=today + timedelta(days=days))
    cave = next(iter(desk.trips.values()))
    later = today + timedelta(days=5)
    dearer = SeasonDraft("Later", later, later, {TravellerType.ADULT: 5000, TravellerType.CHILD: 3000})
    draft = desk.services.trips.detail(desk.admin, cave).draft
    desk.services.trips.update(desk.admin, cave, replace(draft, seasons=(dearer,)))
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
    day.until("SELECT seats, state FROM holds ORDER BY id DESC", 2, "active")
    day.choose("soder")
    me.keys("alt+2", "ctrl+Return")
    day.until("SELECT state, price FROM bookings ORDER BY id DESC", "confirmed", 9000)
    assert day.ask("SELECT way, state, amount FROM payments ORDER BY id DESC")[0] == (
        "cash",
        "completed",
        9000,
    )
    assert day.ask(
        "SELECT t.name FROM bookings b JOIN travellers t ON t.id = b.traveller_id ORDER BY b.id DESC"
    )[0] == ("Henrik Soderberg",)
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
    day.until("SELECT count(*) FROM bookings WHERE state = 'confirmed'", 4)
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


def test_the_family_goes_two_days_later_and_pays_the_difference(day: Day) -> None:
    me = day.me
    day.open_booking(4)
    me.keys("e", "Return")
    me.until("screen.changing.isVisible()")
    me.until("len(screen.changing.rebook._found) > 0")
    (later,) = day.ask(
        "SELECT max(d.local_day) FROM departures d JOIN trips t ON t.id = d.trip_id WHERE t.title LIKE 'Blue%'"
    )
    wanted = date.fromisoformat(later[0])
    for _ in range(10):
        if f" {wanted.day} {wanted:%B}" in me.sees("focus.accessibleName()"):
            break
        me.keys("Right")
    me.keys("Return")
    day.tab_to("08:30")
    me.keys("space")
    me.until("screen.changing._preview is not None and screen.changing._preview.to_pay.minor == 1300")
    me.keys("ctrl+Return")
    day.until("SELECT price FROM bookings ORDER BY id LIMIT 1 OFFSET 3", 13000)
    assert day.ask("SELECT way, amount, state FROM payments ORDER BY id DESC LIMIT 1") == [
        ("cash", 1300, "completed")
    ]
    days_later = day.ask(
        "SELECT julianday(d.local_day) - julianday(e.local_day) FROM departures d, departures e, bookings b "
        "WHERE d.id = b.departure_id AND b.price = 13000 "
        "AND e.id = (SELECT departure_id FROM bookings ORDER BY id LIMIT 1 OFFSET 2)"
    )
    assert days_later == [(2.0,)]
    day.check()
    me.keys("Escape")


def test_one_traveller_of_three_cancels(day: Day) -> None:
    me = day.me
    day.open_booking(4)
    me.keys("e", "Down", "Down", "Return")
    me.until("screen.changing.isVisible()")
    day.tab_to("child 3")
    me.keys("space")
    me.until("screen.changing._preview is not None")
    back = me.sees("screen.changing._preview.back.minor")
    assert back == 3000  # five days before, the policy keeps nothing
    me.keys("ctrl+Return")
    me.until("QApplication.activeModalWidget() is not None")
    me.keys("ctrl+Return")
    day.until("SELECT price FROM bookings ORDER BY id LIMIT 1 OFFSET 3", 10000)
    day.until(
        "SELECT count(*) FROM booking_lines WHERE ended_at IS NOT NULL AND NOT occupies AND kept = 0", 1
    )
    day.until("SELECT sum(amount) FROM refunds WHERE state = 'completed'", 3000)
    day.check()
    me.keys("Escape")


def test_a_no_show_is_told_at_the_quay(day: Day) -> None:
    me = day.me
    me.keys("ctrl+4")
    me.until("window.workspace.screen_key == 'departures'")
    left_on = day.ask("SELECT local_day FROM departures ORDER BY starts_at")[0][0]
    for _ in range(3):
        me.settled()
        if me.sees("str(screen.day)") == left_on:
            break
        me.keys("Left")  # it left before midnight
    me.until("screen.panel.manifest is not None and len(screen.panel.manifest.bookings) == 2")
    me.keys("c")
    me.types("Ana Here")
    me.keys("Return")
    day.until("SELECT count(*) FROM booking_lines WHERE checked_in_at IS NOT NULL", 1)
    me.keys("Escape")
    for _ in range(6):
        if me.sees("focus is screen.panel.list"):
            break
        me.keys("F6")
    for _ in range(8):
        row = me.sees("getattr(getattr(screen.panel.list.current(), 'line', None), 'name', '')")
        if row == "Bo Absent":
            break
        me.keys("Down")
    me.keys("x")
    day.until("SELECT name FROM booking_lines WHERE absent", "Bo Absent")
    me.keys("ctrl+Return")
    me.until("QApplication.activeModalWidget() is not None")
    me.keys("ctrl+Return")
    day.until(
        "SELECT group_concat(state) FROM (SELECT state FROM bookings ORDER BY id LIMIT 2)",
        "completed,no_show",
    )
    day.check()
