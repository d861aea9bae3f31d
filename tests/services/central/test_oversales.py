"""A departure that was sold beyond what it has, as its desks see it, and what becomes of each choice."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from helpers.central import BUDVA, HandDoor, hub_says, oversale, sold_too_many
from helpers.clock import HandClock
from helpers.desk import Desk
from helpers.raw import rows, value
from helpers.seated import add_numbered
from travellr_desktop.domain.permissions import SYSTEM, Actor, Role
from travellr_desktop.errors import InvalidInput, NotPermitted, WaitsForCentral, WrongState
from travellr_desktop.services.central.link import LinkState
from travellr_desktop.services.central.views import Choice, ChoiceKind, InboxEntry
from travellr_desktop.storage.commits import Commit


def _only(desk: Desk) -> InboxEntry:
    (entry,) = desk.services.central.inbox(desk.admin)
    return entry


def _choice(entry: InboxEntry, kind: ChoiceKind) -> Choice:
    return next(each for each in entry.choices if each.kind is kind)


def test_it_says_how_many_were_sold_by_whom_and_which_sales_are_too_many(desk: Desk) -> None:
    departure, said = sold_too_many(desk)
    hub_says(desk, said)
    found = _only(desk).oversold
    assert found is not None
    assert (found.departure_id, found.seats, found.taken, found.beyond) == (departure, 4, 6, 2)
    assert found.by == (("Desk 1", 6),)
    assert [(sale.seats, sale.desk, sale.who, sale.elsewhere) for sale in found.sales] == [
        (1, "Desk 1", "Ana Vuković", ""),
        (1, "Desk 1", "Ana Vuković", ""),
    ]
    last = rows(desk.database.path, "SELECT reference FROM bookings ORDER BY reference DESC LIMIT 2")
    assert {sale.reference for sale in found.sales} == {reference for (reference,) in last}


def test_several_oversales_of_one_departure_are_one_entry_and_settled_at_once(
    desk: Desk, door: HandDoor
) -> None:
    _departure, said = sold_too_many(desk)
    hub_says(desk, said, said | {"id": "31"})
    assert desk.services.central.to_settle(desk.admin) == 1
    desk.services.central.keep_hub(desk.admin, "3")
    assert [entry for entry, _ in door.of("settle")] == ["3", "31"]


def test_every_way_to_make_it_good_says_what_follows(desk: Desk) -> None:
    _departure, said = sold_too_many(desk)
    hub_says(desk, said)
    entry = _only(desk)
    kinds = [each.kind for each in entry.choices]
    assert kinds == [ChoiceKind.MORE_SEATS, ChoiceKind.MOVE, ChoiceKind.CANCEL, ChoiceKind.SEEN]
    assert all(each.follows and not each.off for each in entry.choices)
    assert entry.oversold is not None
    references = [sale.reference for sale in entry.oversold.sales]
    (ask,) = _choice(entry, ChoiceKind.MOVE).asks
    assert [key for key, _words in ask.options] == references


def test_more_seats_make_it_good_and_are_kept_in_the_audit(desk: Desk, door: HandDoor) -> None:
    departure, said = sold_too_many(desk)
    hub_says(desk, said)
    service = desk.services.central
    for seats, reason, field in (("3", "A bench", "seats"), ("a", "A bench", "seats"), ("1", " ", "reason")):
        with pytest.raises(InvalidInput) as found:
            service.add_seats(desk.admin, "3", seats, reason)
        assert found.value.field == field
    assert service.add_seats(desk.admin, "3", "1", "A bench more") == 5
    assert _only(desk).title == "Oversale by 1 seat"
    assert service.add_seats(desk.admin, "3", "1", "And a stool") == 6
    assert service.inbox(desk.admin) == ()
    assert ("wake",) in door.asked
    assert value(desk.database.path, "SELECT sum(seats) FROM allowances") == 0
    free = value(
        desk.database.path, "SELECT sum(seats - taken) FROM grants WHERE departure_id = ?", departure.hex
    )
    assert free == 0
    last = desk.services.activity.audit(desk.admin)[0]
    assert (last.action, last.detail["reason"]) == ("departure.capacity", "And a stool")
    assert desk.services.check.run().ok


def test_numbered_seats_cannot_be_made_more(desk: Desk) -> None:
    departure = add_numbered(desk)
    hub_says(desk, oversale(desk, departure))
    entry = _only(desk)
    assert "numbered" in _choice(entry, ChoiceKind.MORE_SEATS).off
    assert _choice(entry, ChoiceKind.SEEN).off == ""


def test_what_another_desk_sold_is_changed_there(desk: Desk) -> None:
    _departure, said = sold_too_many(desk)
    _sold_at(desk, BUDVA)
    hub_says(desk, said)
    entry = _only(desk)
    for kind in (ChoiceKind.MOVE, ChoiceKind.CANCEL):
        assert _choice(entry, kind).off == "Budva sold them: it is done there."
    hub_says(desk, said, desks=({"desk_id": str(BUDVA), "written_off_at": "2026-06-18T08:00:00+00:00"},))
    assert _choice(_only(desk), ChoiceKind.MOVE).off == ""  # nobody else speaks for it


def test_once_enough_was_cancelled_it_waits_no_more_even_before_the_hub_says_so(desk: Desk) -> None:
    _departure, said = sold_too_many(desk, seats=1)
    hub_says(desk, said)
    found = _only(desk).oversold
    assert found is not None
    desk.cancel(found.sales[0].booking_id)
    assert desk.services.sharing.give_back() == 1
    assert desk.services.central.to_settle(desk.admin) == 0
    assert desk.services.check.run().ok


def test_a_departure_that_has_left_can_only_be_left(desk: Desk, clock: HandClock) -> None:
    _departure, said = sold_too_many(desk)
    hub_says(desk, said)
    clock.forward(timedelta(days=60))
    entry = _only(desk)
    assert [each.kind for each in entry.choices if not each.off] == [ChoiceKind.SEEN]
    with pytest.raises(WrongState):
        desk.services.central.add_seats(desk.admin, "3", "1", "A bench more")


def test_offline_and_for_an_agent_no_seats_are_added(desk: Desk, door: HandDoor) -> None:
    _departure, said = sold_too_many(desk)
    hub_says(desk, said)
    with pytest.raises(NotPermitted):
        desk.services.central.add_seats(desk.agent, "3", "1", "A bench more")
    door.state = LinkState.OFFLINE
    with pytest.raises(WaitsForCentral):
        desk.services.central.add_seats(desk.admin, "3", "1", "A bench more")
    manager = Actor(desk.admin.user_id, "Jovana", Role.MANAGER)
    door.state = LinkState.ONLINE
    assert desk.services.central.add_seats(manager, "3", "2", "A bench more") == 6


def _sold_at(desk: Desk, other: UUID) -> None:
    """As if the last sales had been made at another desk."""
    with desk.database.write(Commit.CATALOGUE_SAVE, SYSTEM) as work:
        work.connection.exec_driver_sql("UPDATE sales SET desk_id = ?, version = version + 1", (other.hex,))
        work.commit()
