"""A silent desk's seats are written off, by whoever may, knowing which desk it is."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from helpers.central import BUDVA, HandDoor, granted, hub_says
from helpers.clock import HandClock
from helpers.desk import Desk
from travellr_desktop.domain.permissions import SYSTEM, Actor, Role
from travellr_desktop.errors import InvalidInput, NotFound, NotPermitted, WaitsForCentral, WrongState
from travellr_desktop.services.central.link import LinkState
from travellr_desktop.services.central.said import CAME_BACK
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.outgoing import Outgoing


@pytest.fixture
def silent(desk: Desk) -> Desk:
    """Budva has not been heard of for two hours."""
    _seen(desk, timedelta(hours=2))
    return desk


def _seen(desk: Desk, ago: timedelta, **more: str) -> None:
    at = (desk.clock.now() - ago).isoformat()
    hub_says(desk, desks=({"desk_id": str(BUDVA), "seen_at": at} | more,))


def test_a_manager_who_types_its_name_writes_it_off(silent: Desk, door: HandDoor) -> None:
    manager = Actor(silent.admin.user_id, "Jovana", Role.MANAGER)
    assert silent.services.central.desk(manager, BUDVA).keeps == ""
    assert silent.services.central.write_off(manager, BUDVA, " budva ") == 3
    assert door.of("write_off") == [(BUDVA, manager.user_id)]
    assert ("wake",) in door.asked


def test_another_name_an_agent_or_no_connection_writes_nothing_off(silent: Desk, door: HandDoor) -> None:
    service = silent.services.central
    with pytest.raises(InvalidInput) as found:
        service.write_off(silent.admin, BUDVA, "Kotor")
    assert found.value.field == "name"
    with pytest.raises(NotPermitted):
        service.write_off(silent.agent, BUDVA, "Budva")
    with pytest.raises(NotFound):
        service.write_off(silent.admin, UUID(int=77), "Budva")
    door.state = LinkState.OFFLINE
    with pytest.raises(WaitsForCentral):
        service.write_off(silent.admin, BUDVA, "Budva")
    assert door.of("write_off") == []


def test_a_desk_that_is_there_or_written_off_or_this_one_keeps_its_seats(desk: Desk, door: HandDoor) -> None:
    service = desk.services.central
    _seen(desk, timedelta())
    with pytest.raises(WrongState, match="It is there"):
        service.write_off(desk.admin, BUDVA, "Budva")
    _seen(desk, timedelta(hours=2), written_off_at=desk.clock.now().isoformat())
    with pytest.raises(WrongState, match="already"):
        service.write_off(desk.admin, BUDVA, "Budva")
    own = next(each for each in service.desks(desk.admin) if each.here)
    with pytest.raises(WrongState, match="not silent"):
        service.write_off(desk.admin, own.id, own.name)
    assert door.of("write_off") == []


def test_what_it_may_still_sell_is_shown_before(silent: Desk) -> None:
    granted(silent, silent.add_departure(capacity=10), BUDVA, 4)
    found = silent.services.central.desk(silent.admin, BUDVA)
    assert (found.desk.left, [each.left for each in found.next]) == (4, [4])


def test_a_desk_that_is_back_says_so_for_a_day(desk: Desk, clock: HandClock) -> None:
    assert desk.services.central.standing().came_back is None
    with desk.database.write(Commit.SYNC_LOOKED, SYSTEM) as work:
        Outgoing(work.connection).keep_copy(CAME_BACK, "{}", work.now)
        work.commit()
    assert desk.services.central.standing().came_back == clock.now()
    clock.forward(timedelta(days=1))
    assert desk.services.central.standing().came_back is None
