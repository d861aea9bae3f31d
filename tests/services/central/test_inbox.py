"""What waits for a person, in words, and what becomes of each choice."""

from __future__ import annotations

import json
from datetime import date
from uuid import UUID, uuid4

import pytest

from helpers.central import BUDVA, HandDoor, changed_twice, hub_says, oversale, refused
from helpers.desk import Desk
from helpers.raw import rows, value
from travellr_desktop.domain.permissions import Actor, Role
from travellr_desktop.errors import (
    ChangedMeanwhile,
    InvalidInput,
    NotFound,
    NotPermitted,
    WaitsForCentral,
    WrongState,
)
from travellr_desktop.events import Event
from travellr_desktop.services.central.link import LinkState
from travellr_desktop.services.central.views import ChoiceKind, EntryKind, InboxEntry
from travellr_desktop.services.travellers import TravellerDraft

HERE, THERE = "+382 67 111 222", "+49 170 111 222"


def _marta(desk: Desk) -> UUID:
    """A traveller with the number that the hub kept."""
    return desk.services.travellers.create(
        desk.agent, TravellerDraft("Marta Nowak", phone=HERE), key=uuid4()
    ).id


def _only(desk: Desk) -> InboxEntry:
    (entry,) = desk.services.central.inbox(desk.admin)
    return entry


def _last_op(desk: Desk) -> tuple[str, dict[str, object]]:
    name, number = rows(desk.database.path, "SELECT name, op_no FROM ops ORDER BY op_no DESC LIMIT 1")[0]
    found = rows(
        desk.database.path,
        "SELECT fields FROM changes WHERE op_no = ? AND table_name = 'travellers'",
        number,
    )
    return name, {key: said for (one,) in found for key, said in json.loads(one).items()}


def test_a_field_that_two_desks_wrote_shows_both_values_and_who(desk: Desk) -> None:
    hub_says(desk, changed_twice(desk, _marta(desk), HERE, THERE))
    entry = _only(desk)
    assert (entry.kind, entry.title, entry.thing) == (
        EntryKind.FIELD,
        "Phone number changed twice",
        "Traveller Marta Nowak",
    )
    assert entry.hub is not None
    assert (entry.hub.value, entry.hub.who) == (HERE, "Mira Kovač")
    assert (entry.desk.value, entry.desk.who, entry.desk.desk) == (THERE, "Ana Vuković", "Budva")
    kinds = [each.kind for each in entry.choices]
    assert kinds == [ChoiceKind.KEEP_HUB, ChoiceKind.TAKE_DESK, ChoiceKind.OTHER]
    assert all(each.follows and not each.off for each in entry.choices)
    assert "what desks and vendors call" in entry.choices[1].follows


def test_what_the_hub_has_is_shown_as_it_is_now(desk: Desk) -> None:
    """Not as it was when the two met: somebody may have written the field since."""
    marta = _marta(desk)
    hub_says(desk, changed_twice(desk, marta, "+382 60 000 000", THERE))
    entry = _only(desk)
    assert entry.hub is not None and entry.hub.value == HERE


def test_keeping_the_hubs_value_writes_nothing(desk: Desk, door: HandDoor) -> None:
    hub_says(desk, changed_twice(desk, _marta(desk), HERE, THERE))
    before = value(desk.database.path, "SELECT max(op_no) FROM ops")
    desk.services.central.keep_hub(desk.admin, "1")
    assert door.of("settle") == [("1", desk.admin.user_id)]
    assert value(desk.database.path, "SELECT max(op_no) FROM ops") == before
    assert desk.services.central.inbox(desk.admin) == ()


def test_the_desks_value_is_written_once_more_and_found_by(desk: Desk, door: HandDoor) -> None:
    marta, told = _marta(desk), list[Event]()
    subscription = desk.database.bus.subscribe("*", told.append)
    hub_says(desk, changed_twice(desk, marta, HERE, THERE))
    desk.services.central.take_desk(desk.admin, "1", HERE)
    subscription.cancel()
    name, fields = _last_op(desk)
    assert name == "sync.settled"
    assert fields["phone"] == THERE
    assert desk.services.travellers.find_by_id(desk.admin, marta).phone == THERE
    assert [each.id for each in desk.services.travellers.search(desk.admin, "49170111222")] == [marta]
    assert door.of("settle") == [("1", desk.admin.user_id)]
    assert {"TravellerChanged", "CentralChanged"} <= {event.event_name for event in told}


def test_what_changed_after_it_was_shown_is_not_written_over(desk: Desk, door: HandDoor) -> None:
    marta = _marta(desk)
    hub_says(desk, changed_twice(desk, marta, HERE, THERE))
    shown = _only(desk).hub
    assert shown is not None
    _write_phone(desk, marta, "+382 60 999 999")
    with pytest.raises(ChangedMeanwhile):
        desk.services.central.take_desk(desk.admin, "1", shown.value)
    assert desk.services.travellers.find_by_id(desk.admin, marta).phone == "+382 60 999 999"
    assert door.of("settle") == []


def test_what_was_written_and_not_settled_can_be_chosen_again(desk: Desk, door: HandDoor) -> None:
    """The hub went away in between: the value stands, the entry waits, and nothing is written twice."""
    hub_says(desk, changed_twice(desk, _marta(desk), HERE, THERE))
    door.refuses["settle"] = WaitsForCentral("It does not answer.")
    with pytest.raises(WaitsForCentral):
        desk.services.central.take_desk(desk.admin, "1", HERE)
    ops = value(desk.database.path, "SELECT max(op_no) FROM ops")
    door.refuses.clear()
    desk.services.central.take_desk(desk.admin, "1", THERE)
    assert value(desk.database.path, "SELECT max(op_no) FROM ops") == ops
    assert door.of("settle") == [("1", desk.admin.user_id)]


def test_fields_that_follow_from_another_go_along_with_it(desk: Desk, door: HandDoor) -> None:
    marta = _marta(desk)
    hub_says(
        desk,
        changed_twice(desk, marta, "a", "b", field="search", entry="7"),
        changed_twice(desk, marta, HERE, THERE),
        changed_twice(desk, marta, "c", "d", field="phone_key", entry="8"),
    )
    assert desk.services.central.to_settle(desk.admin) == 1
    desk.services.central.keep_hub(desk.admin, "1")
    assert [entry for entry, _ in door.of("settle")] == ["1", "7", "8"]


def test_what_only_follows_is_made_anew(desk: Desk, door: HandDoor) -> None:
    """One desk wrote the name, another the phone: no two values of anybody's, but of the words it is found by."""
    marta = _marta(desk)
    hub_says(desk, changed_twice(desk, marta, "marta", "nowak", field="search", entry="7"))
    assert [each.kind for each in _only(desk).choices] == [ChoiceKind.ANEW]
    desk.services.central.make_anew(desk.admin, "7")
    assert door.of("settle") == [("7", desk.admin.user_id)]
    assert [each.id for each in desk.services.travellers.search(desk.admin, "nowak")] == [marta]


def test_a_field_that_more_follows_from_is_not_written_by_hand(desk: Desk, door: HandDoor) -> None:
    departure = desk.add_departure(capacity=10)
    hub_says(desk, changed_twice(desk, departure, "12", "8", field="capacity") | {"table": "departures"})
    entry = _only(desk)
    take = next(each for each in entry.choices if each.kind is ChoiceKind.TAKE_DESK)
    assert "its own screen" in take.off
    assert entry.hub is not None
    with pytest.raises(WrongState):
        desk.services.central.take_desk(desk.admin, "1", entry.hub.value)
    assert value(desk.database.path, "SELECT capacity FROM departures") == 10


def test_what_was_refused_says_why_and_is_tried_again(desk: Desk, door: HandDoor) -> None:
    behind = [
        refused(desk, uuid4(), entry=str(n), kind="parked", op_no=n, stands_on=42, reason="")
        for n in (43, 44)
    ]
    hub_says(desk, refused(desk, uuid4()), *behind)
    entry = desk.services.central.inbox(desk.admin)[0]
    assert (entry.title, entry.thing) == ("A change of a traveller was refused", "Traveller Oliver Grant")
    assert entry.reason == "The name is longer than 200 letters."
    again, other, drop = entry.choices
    assert (again.kind, again.asks) == (ChoiceKind.RETRY, ())
    (ask,) = other.asks
    assert (other.kind, ask.label, ask.given) == (ChoiceKind.RETRY_WITH, "Name", "Oliver Grant")
    assert "2 behind it" in again.follows
    assert "drop those first" in drop.off
    assert entry.behind == 2
    assert entry.where == "Name of Traveller Oliver Grant"
    assert entry.tried == ("Adds: Traveller Oliver Grant.",)
    assert entry.waits == ("A change of a traveller: Traveller Oliver Grant",) * 2
    assert desk.services.central.retry(desk.admin, "2") == ""
    assert door.of("retry") == [("2", {}, desk.admin.user_id)]
    assert [each.id for each in desk.services.central.inbox(desk.admin)] == ["43", "44"]


def test_it_is_tried_with_another_value_for_the_field_that_the_hub_named(desk: Desk, door: HandDoor) -> None:
    hub_says(desk, refused(desk, uuid4()))
    desk.services.central.retry(desk.admin, "2", {"name": "  Oliver  G. "})
    assert door.of("retry") == [("2", {"name": "Oliver G."}, desk.admin.user_id)]


def test_what_is_refused_again_stays(desk: Desk, door: HandDoor) -> None:
    hub_says(desk, refused(desk, uuid4()))
    door.refused_again = "The name is still too long."
    assert desk.services.central.retry(desk.admin, "2") == "The name is still too long."
    assert desk.services.central.to_settle(desk.admin) == 1


def test_dropping_needs_a_reason(desk: Desk, door: HandDoor) -> None:
    hub_says(desk, refused(desk, uuid4()))
    with pytest.raises(InvalidInput) as found:
        desk.services.central.drop(desk.admin, "2", " ")
    assert found.value.field == "reason"
    desk.services.central.drop(desk.admin, "2", "typed twice")
    assert door.of("drop") == [("2", "typed twice", desk.admin.user_id)]


def test_what_wrote_to_the_ledger_is_never_dropped(desk: Desk, door: HandDoor) -> None:
    hub_says(desk, refused(desk, uuid4(), ledger=True))
    drop = next(each for each in _only(desk).choices if each.kind is ChoiceKind.DROP)
    assert "ledger" in drop.off
    with pytest.raises(WrongState):
        desk.services.central.drop(desk.admin, "2", "I say so")
    assert door.of("drop") == []


def test_a_parked_op_says_that_it_waits(desk: Desk) -> None:
    hub_says(desk, refused(desk, uuid4(), kind="parked", op_name="sale.place"))
    entry = _only(desk)
    assert entry.title == "A sale waits for another"
    assert [each.kind for each in entry.choices] == [ChoiceKind.RETRY, ChoiceKind.DROP]


def test_two_values_are_not_dropped_and_what_was_refused_is_not_kept(desk: Desk, door: HandDoor) -> None:
    hub_says(desk, changed_twice(desk, _marta(desk), HERE, THERE), refused(desk, uuid4()))
    for wrong in (
        lambda: desk.services.central.drop(desk.admin, "1", "I say so"),
        lambda: desk.services.central.retry(desk.admin, "1"),
        lambda: desk.services.central.make_anew(desk.admin, "1"),
        lambda: desk.services.central.keep_hub(desk.admin, "2"),
        lambda: desk.services.central.take_desk(desk.admin, "2", "-"),
    ):
        with pytest.raises(WrongState):
            wrong()
    assert [each[0] for each in door.asked] == []


def test_an_oversale_is_left_as_it_was_sold(desk: Desk, door: HandDoor) -> None:
    hub_says(desk, oversale(desk, desk.add_departure()))
    entry = _only(desk)
    assert (entry.title, entry.choices[-1].kind) == ("Oversale by 2 seats", ChoiceKind.SEEN)
    assert entry.thing == "Blue Cave and Perast"
    assert entry.oversold is not None and entry.oversold.starts_at.date() == date(2026, 7, 4)
    desk.services.central.keep_hub(desk.admin, "3")
    assert door.of("settle") == [("3", desk.admin.user_id)]


def test_offline_nothing_is_settled_and_nothing_written(desk: Desk, door: HandDoor) -> None:
    hub_says(desk, changed_twice(desk, _marta(desk), HERE, THERE))
    door.state = LinkState.OFFLINE
    assert all(each.off for each in _only(desk).choices)
    ops = value(desk.database.path, "SELECT max(op_no) FROM ops")
    with pytest.raises(WaitsForCentral):
        desk.services.central.take_desk(desk.admin, "1", HERE)
    assert value(desk.database.path, "SELECT max(op_no) FROM ops") == ops


def test_what_was_settled_elsewhere_is_not_there(desk: Desk) -> None:
    hub_says(desk)
    with pytest.raises(NotFound):
        desk.services.central.keep_hub(desk.admin, "1")


def test_an_entry_that_comes_back_is_shown_again(desk: Desk) -> None:
    """What was settled is out of sight until the hub says so itself; then its word counts."""
    entry = changed_twice(desk, _marta(desk), HERE, THERE)
    hub_says(desk, entry)
    desk.services.central.keep_hub(desk.admin, "1")
    hub_says(desk)
    assert desk.services.central.to_settle(desk.admin) == 0
    hub_says(desk, entry)
    assert desk.services.central.to_settle(desk.admin) == 1


def test_an_agent_looks_and_settles_nothing(desk: Desk) -> None:
    hub_says(desk, changed_twice(desk, _marta(desk), HERE, THERE))
    assert len(desk.services.central.inbox(desk.agent)) == 1
    with pytest.raises(NotPermitted):
        desk.services.central.keep_hub(desk.agent, "1")
    manager = Actor(desk.admin.user_id, "Jovana", Role.MANAGER)
    desk.services.central.keep_hub(manager, "1")


def _write_phone(desk: Desk, traveller: UUID, phone: str) -> None:
    desk.services.travellers.update(desk.agent, traveller, TravellerDraft("Marta Nowak", phone=phone))


def test_the_second_desk_is_named(desk: Desk) -> None:
    hub_says(desk, changed_twice(desk, _marta(desk), HERE, THERE) | {"hub_desk_id": str(BUDVA)})
    hub = _only(desk).hub
    assert hub is not None and hub.desk == "Budva"


def test_nothing_is_called_by_its_name(desk: Desk) -> None:
    hub_says(desk, changed_twice(desk, _marta(desk), HERE, ""))
    assert [each.words for each in _only(desk).choices] == [
        f"Keep {HERE}",
        "Empty it",
        "Write something else",
    ]


def test_the_audit_trail_says_who_settled_which_field(desk: Desk) -> None:
    hub_says(desk, changed_twice(desk, _marta(desk), HERE, THERE))
    desk.services.central.take_desk(desk.admin, "1", HERE)
    last = desk.services.activity.audit(desk.admin)[0]
    assert (last.action, last.who, last.about) == ("sync.settle", "Mira Kovač", "Marta Nowak")
    assert last.detail == {"names": ["phone"]}
