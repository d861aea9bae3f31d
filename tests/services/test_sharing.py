"""What is made at one desk of several is all its own until there is a connection; then it keeps its share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers.authority import Central
from helpers.books import seats
from helpers.clock import HandClock
from helpers.desk import CASH, Desk, desk_at
from helpers.seated import add_numbered
from helpers.two_desks import HUB
from travellr_desktop.domain.permissions import SYSTEM
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


def test_of_numbered_seats_as_many_stay(desk: Desk) -> None:
    joined(desk)
    departure = add_numbered(desk)
    assert desk.services.sharing.share_new() == 1
    assert seats(desk, departure) == (4, 0)
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
