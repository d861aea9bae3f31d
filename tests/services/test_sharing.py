"""What is made at one desk of several is all its own until there is a connection; then it keeps its share."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from helpers.authority import Central
from helpers.books import seats
from helpers.clock import HandClock
from helpers.desk import CASH, Desk, desk_at
from helpers.seated import add_numbered, add_plan
from helpers.two_desks import HUB
from travellr_desktop.domain.permissions import SYSTEM
from travellr_desktop.domain.seat_presets import boat_with_tables
from travellr_desktop.domain.seating import PlanKind
from travellr_desktop.errors import InvalidInput
from travellr_desktop.services.seat_granting import grant_plans
from travellr_desktop.services.seats import SeatState
from travellr_desktop.services.sharing import AT_ONCE
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.outgoing import Outgoing


@pytest.fixture
def central() -> Central:
    return Central(share=4)


@pytest.fixture
def desk(tmp_path: Path, central: Central) -> Iterator[Desk]:
    with desk_at(tmp_path / "profile", HandClock(), authority=central) as made:
        yield made
        assert made.services.check.run().problems == ()


def joined(desk: Desk) -> None:
    with desk.database.write(Commit.SETTINGS_SAVE, SYSTEM) as work:
        Outgoing(work.connection).belong(HUB, 1, 0)
        work.commit()


def test_a_desk_alone_keeps_all_it_has(desk: Desk) -> None:
    departure = desk.add_departure()
    assert desk.services.sharing.share_new() == 0
    assert seats(desk, departure) == (10, 0)


def test_the_share_is_kept_and_the_rest_is_let_go_once(desk: Desk) -> None:
    joined(desk)
    departure = desk.add_departure()
    assert seats(desk, departure) == (10, 0)
    assert desk.services.sharing.share_new() == 1
    assert seats(desk, departure) == (4, 0)
    assert desk.services.sharing.share_new() == 0


def test_what_is_held_and_sold_is_kept_beyond_the_share(desk: Desk) -> None:
    departure = desk.add_departure()
    desk.sold(departure, pay=CASH, adult=5)
    desk.hold(departure, adult=2)
    joined(desk)
    assert desk.services.sharing.share_new() == 1
    assert seats(desk, departure) == (7, 7)


def test_while_nobody_answers_all_are_this_desks(desk: Desk, central: Central) -> None:
    joined(desk)
    departure, central.share = desk.add_departure(), None
    assert desk.services.sharing.share_new() == 0
    assert seats(desk, departure) == (10, 0)


def test_of_numbered_seats_as_many_stay(desk: Desk, central: Central) -> None:
    joined(desk)
    departure = add_numbered(desk)
    assert desk.services.sharing.share_new() == 1
    assert seats(desk, departure) == (4, 0)
    central.connected = False
    plan = desk.services.seats.plan_of(desk.agent, departure)
    assert [seat.label for seat in plan.seats if seat.state is SeatState.FREE] == ["1A", "1B", "1C", "1D"]
    assert plan.by_label["2A"].who == "not granted to this desk"


def test_many_are_shared_some_at_a_time(desk: Desk) -> None:
    joined(desk)
    trip = desk.add_trip("Every day")
    for number in range(AT_ONCE + 1):
        desk.add_departure(
            trip, at=HandClock().now().time().replace(hour=number % 24, minute=number, second=0)
        )
    assert [desk.services.sharing.share_new() for _ in range(3)] == [AT_ONCE, 1, 0]


def test_who_joins_others_has_all_seats_of_its_plans_and_says_so_once(desk: Desk) -> None:
    departure, other = add_numbered(desk), add_numbered(desk)
    sold = desk.sold(departure, pay=CASH, adult=2)
    with desk.database.write(Commit.SETTINGS_SAVE, SYSTEM) as work:
        assert grant_plans(work) == 2
        assert grant_plans(work) == 0
        work.commit()
    boat = add_plan(desk, boat_with_tables(), name="Katica", kind=PlanKind.BOAT)
    edit = desk.services.timetable.departure(desk.admin, other).edit
    desk.services.timetable.update(desk.admin, other, replace(edit, plan_id=boat))
    with desk.database.write(Commit.SETTINGS_SAVE, SYSTEM) as work:
        assert grant_plans(work) == 1
        work.commit()
    joined(desk)
    with desk.database.read() as view:
        assert len(view.seats.ours(departure) or ()) == 11
        assert set(view.seats.ours(other) or ()) == {
            seat.label for seat in boat_with_tables().seats if not seat.blocked
        }
    desk.cancel(sold.bookings[0].id)
    desk.sold(departure, pay=CASH, adult=3)


def released(desk: Desk, days: int | None) -> None:
    agency = desk.services.agency
    agency.save_rules(desk.admin, replace(agency.rules(desk.agent), release_days=days))


def test_from_the_release_date_on_only_what_is_taken_stays(desk: Desk) -> None:
    joined(desk)
    departure = desk.add_departure()
    desk.services.sharing.share_new()
    desk.hold(departure, adult=1)
    starts = desk.services.timetable.departure(desk.admin, departure).starts_at
    days = (starts - desk.clock.now()).days
    assert desk.services.sharing.release_due() == 0  # nobody said so
    released(desk, days)
    assert desk.services.sharing.release_due() == 0  # some hours are left
    assert seats(desk, departure) == (4, 1)
    released(desk, days + 1)
    assert desk.services.sharing.release_due() == 1
    assert seats(desk, departure) == (1, 1)
    assert desk.services.sharing.release_due() == 0


def test_a_departure_has_a_release_date_of_its_own(desk: Desk) -> None:
    joined(desk)
    soon, kept = desk.add_departure(), desk.add_departure()
    desk.services.sharing.share_new()
    released(desk, 365)
    edit = desk.services.timetable.departure(desk.admin, kept).edit
    desk.services.timetable.update(desk.admin, kept, replace(edit, release_days=0))
    assert desk.services.sharing.release_due() == 1
    assert (seats(desk, soon), seats(desk, kept)) == ((0, 0), (4, 0))


def test_a_desk_alone_gives_nothing_back(desk: Desk) -> None:
    departure = desk.add_departure()
    released(desk, 365)
    assert desk.services.sharing.release_due() == 0
    assert seats(desk, departure) == (10, 0)


@pytest.mark.parametrize("days", [-1, 366])
def test_a_release_date_is_within_a_year(desk: Desk, days: int) -> None:
    with pytest.raises(InvalidInput) as refused:
        released(desk, days)
    assert refused.value.field == "release_days"
