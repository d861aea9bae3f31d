"""How a desk stands to its hub, and the desks that meet there."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from helpers.central import BUDVA, HandDoor, granted, hub_says, second_desk
from helpers.clock import HandClock
from helpers.desk import Desk
from travellr_desktop import __version__
from travellr_desktop.domain.permissions import Actor, Role
from travellr_desktop.errors import NotFound, NotPermitted
from travellr_desktop.services.central.door import NoCentral
from travellr_desktop.services.central.link import LinkState
from travellr_desktop.services.central.service import CentralService
from travellr_desktop.services.central.views import DeskState


def test_a_desk_alone_stands_to_nobody(alone: Desk) -> None:
    found = alone.services.central.standing()
    assert (found.enrolled, found.link, found.waiting) == (False, None, 0)
    assert alone.services.central.desks(alone.agent) == ()
    assert alone.services.central.inbox(alone.agent) == ()


def test_what_is_done_here_waits_until_the_hub_has_answered(desk: Desk) -> None:
    before = desk.services.central.standing()
    desk.traveller("Marta Nowak")
    desk.traveller("Oliver Grant")
    after = desk.services.central.standing()
    assert before.enrolled and before.waiting == 0
    assert after.waiting == 2


def test_it_says_where_and_as_whom(desk: Desk) -> None:
    found = desk.services.central.standing()
    assert (found.desk, found.address, found.login) == ("Desk 1", "hub.kotor.example", "desk_1")


def test_a_link_that_is_down_says_since_when_and_why(desk: Desk, door: HandDoor, clock: HandClock) -> None:
    door.state, door.since, door.why = LinkState.OFFLINE, clock.now(), "It does not answer."
    clock.forward(timedelta(hours=1))
    link = desk.services.central.standing().link
    assert link is not None
    assert link.state is LinkState.OFFLINE
    assert clock.now() - link.since == timedelta(hours=1)
    assert link.why == "It does not answer."


def test_a_desk_is_what_it_was_when_the_hub_was_asked(desk: Desk, clock: HandClock) -> None:
    quiet, old, gone = (
        second_desk(desk, name, UUID(int=at), at) for at, name in ((3, "Perast"), (4, "Tivat"), (5, "Risan"))
    )
    now = clock.now()
    hub_says(
        desk,
        desks=(
            {"desk_id": str(BUDVA), "seen_at": now.isoformat(), "version": __version__, "behind": 0},
            {"desk_id": str(quiet), "seen_at": (now - timedelta(hours=2)).isoformat(), "waiting": 3},
            {"desk_id": str(old), "seen_at": now.isoformat(), "version": "0.0.1"},
            {"desk_id": str(gone), "written_off_at": now.isoformat()},
        ),
    )
    clock.forward(timedelta(hours=3))  # nobody has asked since
    found = {each.name: each for each in desk.services.central.desks(desk.agent)}
    assert {name: each.state for name, each in found.items()} == {
        "Desk 1": DeskState.ONLINE,
        "Budva": DeskState.ONLINE,
        "Perast": DeskState.OFFLINE,
        "Tivat": DeskState.OLD,
        "Risan": DeskState.WRITTEN_OFF,
    }
    assert found["Desk 1"].here and found["Desk 1"].version == __version__
    assert found["Perast"].waiting == 3


def test_a_desk_that_was_never_there_says_so(desk: Desk) -> None:
    hub_says(desk, desks=({"desk_id": str(BUDVA), "name": "Budva"},))
    assert desk.services.central.desks(desk.agent)[1].state is DeskState.NEVER


def test_seats_of_departures_to_come_are_counted_by_desk(desk: Desk, clock: HandClock) -> None:
    departure = desk.add_departure(capacity=10)
    granted(desk, departure, BUDVA, 4)
    desk.hold(departure, adult=2)
    here, budva = desk.services.central.desks(desk.agent)
    assert (here.granted, here.taken, here.left) == (6, 2, 4)
    assert (budva.granted, budva.taken) == (4, 0)
    left = desk.services.central.desk(desk.agent, BUDVA)
    assert [(each.title, each.left) for each in left.next] == [("Blue Cave and Perast", 4)]
    assert (left.more, left.more_seats) == (0, 0)
    clock.forward(timedelta(days=60))
    assert desk.services.central.desk(desk.agent, BUDVA).next == ()


def test_later_departures_are_counted_together(desk: Desk) -> None:
    for _ in range(8):
        granted(desk, desk.add_departure(capacity=5), BUDVA, 2)
    found = desk.services.central.desk(desk.agent, BUDVA)
    assert (len(found.next), found.more, found.more_seats) == (6, 2, 4)


def test_a_desk_that_is_not_there_is_not_found(desk: Desk) -> None:
    with pytest.raises(NotFound):
        desk.services.central.desk(desk.agent, uuid4())


def test_a_vendors_person_sees_none_of_it(desk: Desk) -> None:
    nikola = Actor(uuid4(), "Nikola", Role.VENDOR, desk.vendor_id)
    for ask in (desk.services.central.desks, desk.services.central.inbox, desk.services.central.to_settle):
        with pytest.raises(NotPermitted):
            ask(nikola)


def test_a_turn_is_asked_for(desk: Desk, door: HandDoor) -> None:
    desk.services.central.sync_now(desk.agent)
    assert door.of("wake") == [()]


def test_what_a_newer_hub_says_besides_is_passed_by(desk: Desk) -> None:
    hub_says(desk, {"id": "9", "kind": "of tomorrow"}, desks=({"desk_id": str(BUDVA), "mood": "good"},))
    assert desk.services.central.to_settle(desk.agent) == 0
    assert len(desk.services.central.desks(desk.agent)) == 2


def test_without_a_way_there_nothing_is_asked(alone: Desk) -> None:
    """A demonstration, whose agency is nobody's."""
    central = CentralService(alone.database, "en_GB")
    assert central.standing().link is None
    assert central.address(alone.admin) is None
    central.sync_now(alone.agent)
    with pytest.raises(NoCentral):
        central.leave(alone.admin)
