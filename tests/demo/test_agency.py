"""The demonstration agency in its folder: made by the services, whole or not at all, and never over anything else."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from helpers.demo import SMALL, TINY, just_now, make
from travellr_desktop.demo.clocks import SetClock, ShiftedClock
from travellr_desktop.demo.coming import IN_THE_SERIES, PREPARED
from travellr_desktop.demo.data import load_demo_data
from travellr_desktop.demo.desk import DemoDesk, open_desk
from travellr_desktop.demo.mark import AGENT, PASSWORD, demo_profile, read_mark
from travellr_desktop.demo.place import NotADemo, ensure_demo
from travellr_desktop.demo.plan import make_plan
from travellr_desktop.domain.permissions import Role
from travellr_desktop.errors import Cancelled
from travellr_desktop.paths import Profile
from travellr_desktop.services.paged import ListQuery

CLOCK = ShiftedClock(timedelta(0))
NOW = just_now()


def quiet(*_: object) -> None:
    pass


def rows(desk: DemoDesk) -> list[tuple[object, ...]]:
    """The list of bookings, as a person would compare it."""
    actor = desk.services.users.sign_in(AGENT, PASSWORD).actor
    with closing(desk.services.lists.bookings(actor, ListQuery(sort="reference"))) as found:
        return [
            (
                row.reference,
                row.sale_reference,
                row.traveller,
                row.trip,
                row.departs,
                row.pax,
                row.status,
                row.total,
            )
            for row in found.first(500)
        ]


def test_every_booking_ends_as_it_was_planned(demo: Profile) -> None:
    mark = read_mark(demo)
    assert mark is not None
    plan = make_plan(load_demo_data(), mark.today, 1, SMALL)
    with open_desk(demo, clock=CLOCK) as desk, desk.database.read() as view:
        states = {state.value: count for state, count in view.bookings.count_by_status().items()}
        assert view.vendors.find_all(1, 1)[1] == 6
        assert view.trips.find_all(1, 1)[1] == len(plan.trips)
        assert view.departures.find_all(1, 1)[1] == sum(map(len, plan.slots)) + PREPARED * IN_THE_SERIES
        assert view.sales.find_all(1, 1)[1] == len(plan.sales)
    fates = [item.fate.name for sale in plan.sales for item in sale.items]
    closed = states["completed"] - fates.count(
        "COMPLETED"
    )  # of this morning's departures, whose manifests are closed
    assert fates.count("COMPLETED") > 20
    assert states["no_show"] == fates.count("NO_SHOW") > 0
    assert states["confirmed"] == fates.count("CONFIRMED") - closed > 15
    assert 0 <= closed <= sum(item.slot.offset == 0 for sale in plan.sales for item in sale.items)
    assert states["pending"] == sum(fates.count(fate) for fate in ("WAITING", "REFUSED", "OPEN")) > 0
    assert sum(states.values()) == 60


def test_the_books_agree(demo: Profile) -> None:
    with open_desk(demo, clock=CLOCK) as desk:
        report = desk.services.check.run()
    assert [str(problem) for problem in report.problems] == []
    assert report.ledger.entries > 60


def test_everybody_signs_in_with_the_password_that_is_shown(demo: Profile) -> None:
    data = load_demo_data()
    with open_desk(demo, clock=CLOCK) as desk:
        for person in data.agency.people:
            if person.vendor is not None and person.vendor not in {v.code for v in data.vendors[:6]}:
                continue
            actor = desk.services.users.sign_in(person.email, PASSWORD).actor
            assert (actor.name, actor.role) == (person.name, person.role)
            assert (actor.vendor_id is not None) is (person.role is Role.VENDOR)


def test_seats_of_pending_bookings_are_still_held(demo: Profile) -> None:
    with open_desk(demo, clock=CLOCK) as desk, desk.database.read() as view:
        live = [hold for hold in view.holds.find_all(1, 500)[0] if hold.state.value == "active"]
    assert live
    assert all(hold.expires_at > NOW for hold in live)


def test_another_seed_is_another_plan() -> None:
    data, today = load_demo_data(), NOW.date()
    assert make_plan(data, today, 5, TINY).sales != make_plan(data, today, 6, TINY).sales


def test_a_folder_that_holds_it_is_used_again(demo: Profile) -> None:
    before = demo.database.read_bytes()
    assert not ensure_demo(demo, seed=1, now=NOW, size=SMALL, said=quiet)
    assert demo.database.read_bytes() == before
    mark = read_mark(demo)
    assert mark is not None
    assert (mark.seed, mark.bookings) == (1, 60)
    with pytest.raises(NotADemo, match="seed 1, not of 4") as refused:
        ensure_demo(demo, seed=4, now=NOW, size=SMALL, said=quiet)
    assert "--seed 1" in refused.value.hint


@pytest.mark.parametrize("name", ["travellr.db", "sandbox.db"])
def test_a_file_of_somebody_else_is_refused_and_left_as_it_was(tmp_path: Path, name: str) -> None:
    profile = Profile.at(tmp_path / "own")
    profile.make()
    with closing(sqlite3.connect(profile.folder / name)) as file:
        file.execute("CREATE TABLE mine (x)")
        file.commit()
    before = (profile.folder / name).read_bytes()
    with pytest.raises(NotADemo, match="not the demonstration"):
        ensure_demo(profile, seed=1, now=NOW, size=TINY, said=quiet)
    assert (profile.folder / name).read_bytes() == before
    assert read_mark(profile) is None


def test_the_folder_for_a_persons_own_agency_is_refused() -> None:
    own = Profile.default()
    with pytest.raises(NotADemo, match="your own agency"):
        ensure_demo(own, seed=1, now=NOW, size=TINY, said=quiet)
    assert not own.folder.exists()
    assert demo_profile(own).folder.parent == own.folder.parent
    assert demo_profile(own).folder != own.folder


def test_what_was_stopped_half_way_leaves_nothing_and_the_same_seed_makes_the_same_agency(
    tmp_path: Path,
) -> None:
    profile = Profile.at(tmp_path / "demo")

    def stop(done: int, total: int, words: str) -> None:
        if words == "sales":
            raise Cancelled

    with pytest.raises(Cancelled):
        ensure_demo(profile, seed=5, now=NOW, size=TINY, said=stop)
    left = {path.name for path in profile.folder.iterdir()}
    assert left == {"documents", "backups", "logs", "locks"}
    found = []
    for name in ("demo", "another"):
        with open_desk(make(tmp_path / name, seed=5, size=TINY, now=NOW), clock=CLOCK) as desk:
            found.append(rows(desk))
    assert found[0] == found[1]
    assert len(found[0]) == 6


def test_keys_and_files_of_the_environment_are_not_looked_at(
    demo: Profile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "somebody.db"
    monkeypatch.setenv("STRIPE_API_KEY", "sk_live_" + "x" * 24)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{other}")
    with open_desk(demo, clock=CLOCK) as desk:
        assert desk.services.is_sandbox
        assert desk.database.path == demo.database
    assert not other.exists()


def test_the_program_keeps_a_demonstration_in_its_sandbox(
    demo: Profile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from travellr_desktop.app import open_program

    monkeypatch.setenv("STRIPE_API_KEY", "sk_live_" + "x" * 24)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'somebody.db'}")
    program = open_program(demo)
    try:
        assert program.gateway.is_sandbox
        assert program.database.path == demo.database
    finally:
        program.close()


def test_the_clock_of_the_making_never_goes_back() -> None:
    clock = SetClock(NOW)
    clock.set(NOW + timedelta(days=2))
    clock.set(NOW + timedelta(days=1))
    assert clock.now() == NOW + timedelta(days=2)


def test_a_shifted_clock_ticks_on_another_day() -> None:
    clock = ShiftedClock.showing(NOW - timedelta(days=30))
    first, second = clock.now(), clock.now()
    assert timedelta(0) <= first - (NOW - timedelta(days=30)) < timedelta(minutes=1)
    assert second >= first
