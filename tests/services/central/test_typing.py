"""Another value for what the hub did not take: asked for by its kind, and read as the wire writes it."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest

from helpers.central import HandDoor, changed_twice, hub_says, refused
from helpers.desk import Desk
from travellr_desktop.errors import ChangedMeanwhile, InvalidInput, WrongState
from travellr_desktop.services.central.views import Ask, AskKind, ChoiceKind, InboxEntry

HERE, THERE = "+382 67 111 222", "+49 170 111 222"


def _entry(desk: Desk, table: str, field: str, **fields: Any) -> InboxEntry:
    row = uuid4()
    changes = [
        {"t": "audit", "id": uuid4().hex, "k": "I", "f": {}},
        {"t": table, "id": row.hex, "k": "U", "f": fields},
    ]
    named = {"table": table, "row_id": row.hex, "field": field}
    hub_says(desk, refused(desk, row, entry=row.hex, changes=changes) | named)
    (entry,) = desk.services.central.inbox(desk.admin)
    return entry


def _ask(entry: InboxEntry) -> Ask:
    (ask,) = next(each for each in entry.choices if each.kind is ChoiceKind.RETRY_WITH).asks
    return ask


@pytest.mark.parametrize(
    ("table", "field", "was", "kind", "given", "typed", "sent"),
    [
        ("promo_codes", "code", "SUMMER10", AskKind.TEXT, "SUMMER10", " SUMMER11 ", "SUMMER11"),
        ("promo_codes", "most_uses", 5, AskKind.NUMBER, "5", "7", 7),
        ("promo_codes", "bps", 1000, AskKind.PERCENT, "10", "7.5", 750),
        ("promo_codes", "first_day", "2026-06-01", AskKind.DAY, "2026-06-01", "2026-06-02", "2026-06-02"),
        ("trip_prices", "amount", 4500, AskKind.AMOUNT, "45.00", "50", 5000),
        ("trips", "active", 1, AskKind.PICK, "1", "0", 0),
        ("travellers", "email", "a@b.example", AskKind.TEXT, "a@b.example", "", ""),
        ("departures", "state", "open", AskKind.PICK, "open", "stopped", "stopped"),
    ],
)
def test_each_kind_is_asked_for_and_sent_as_the_hub_knows_it(
    desk: Desk,
    door: HandDoor,
    table: str,
    field: str,
    was: object,
    kind: AskKind,
    given: str,
    typed: str,
    sent: object,
) -> None:
    ask = _ask(_entry(desk, table, field, **{field: was}))
    assert (ask.kind, ask.given, ask.field) == (kind, given, field)
    (entry,) = desk.services.central.inbox(desk.admin)
    assert desk.services.central.retry(desk.admin, entry.id, {field: typed}) == ""
    assert door.of("retry")[-1][1] == {field: sent}


@pytest.mark.parametrize(
    ("table", "field", "was", "typed"),
    [
        ("promo_codes", "most_uses", 5, "seven"),
        ("promo_codes", "bps", 1000, "700"),
        ("promo_codes", "first_day", "2026-06-01", "31.6."),
        ("trip_prices", "amount", 4500, "12.345"),
        ("trips", "active", 1, "perhaps"),
        ("departures", "state", "open", "sunk"),
        ("departures", "trip_id", UUID(int=1).hex, UUID(int=2).hex),
        ("departures", "trip_id", UUID(int=1).hex, "a trip"),
    ],
)
def test_what_is_no_value_of_the_field_is_refused_here(
    desk: Desk, door: HandDoor, table: str, field: str, was: object, typed: str
) -> None:
    entry = _entry(desk, table, field, **{field: was})
    with pytest.raises(InvalidInput) as found:
        desk.services.central.retry(desk.admin, entry.id, {field: typed})
    assert found.value.field == field
    assert door.of("retry") == []


def test_a_row_of_another_table_is_picked_from_a_list(desk: Desk, door: HandDoor) -> None:
    gone = uuid4()
    departure = desk.add_departure()
    with desk.database.read() as view:
        found = view.departures.get(departure)
        trip, vendor = found.trip_id, view.trips.get(found.trip_id).vendor_id
    for table, field, there in (
        ("departures", "trip_id", trip),
        ("bookings", "departure_id", departure),
        ("trips", "vendor_id", vendor),
    ):
        entry = _entry(desk, table, field, **{field: gone.hex})
        ask = _ask(entry)
        assert ask.kind is AskKind.PICK
        assert ask.options[0] == (gone.hex, "Not there any more")
        assert there.hex in dict(ask.options)
        desk.services.central.retry(desk.admin, entry.id, {field: there.hex})
        assert door.of("retry")[-1][1] == {field: there.hex}


def test_a_field_that_nobody_types_or_the_op_does_not_name_is_not_asked_for(desk: Desk) -> None:
    for table, field, fields in (
        ("departures", "starts_at", {"starts_at": "2026-07-04T08:00:00.000000Z"}),
        ("trips", "policy", {"policy": "{}"}),
        ("travellers", "phone", {"name": "Oliver"}),
        ("travellers", "shoe_size", {"shoe_size": 44}),
    ):
        kinds = [each.kind for each in _entry(desk, table, field, **fields).choices]
        assert kinds == [ChoiceKind.RETRY, ChoiceKind.DROP]


def test_what_was_tried_is_told_row_by_row(desk: Desk) -> None:
    rows = [("travellers", "I", {"name": f"Guest {number}"}) for number in range(7)]
    changes = [
        {"t": "audit", "id": uuid4().hex, "k": "I", "f": {}},
        {"t": "promo_codes", "id": uuid4().hex, "k": "U", "f": {"code": "SUMMER10", "bps": 1500}},
        {"t": "ledger", "id": uuid4().hex, "k": "I", "f": {}},
        {"t": "ledger", "id": uuid4().hex, "k": "I", "f": {}},
        *({"t": table, "id": uuid4().hex, "k": kind, "f": fields} for table, kind, fields in rows),
    ]
    hub_says(desk, refused(desk, uuid4(), changes=changes))
    (entry,) = desk.services.central.inbox(desk.admin)
    assert entry.tried[0] == "Changes: Promo code SUMMER10, Code SUMMER10, Share 15 %."
    assert entry.tried[1] == "Adds: Traveller Guest 0."
    assert entry.tried[-1] == "And 4 more rows."
    assert len(entry.tried) == 6


def test_neither_of_two_values_but_another_one_is_written(desk: Desk, door: HandDoor) -> None:
    marta = desk.traveller("Marta Nowak", phone=HERE).id
    hub_says(desk, changed_twice(desk, marta, HERE, THERE))
    service = desk.services.central
    with pytest.raises(ChangedMeanwhile):
        service.take_other(desk.admin, "1", THERE, "+1 555")
    service.take_other(desk.admin, "1", HERE, "+1 202 555 0100")
    assert desk.services.travellers.find_by_id(desk.admin, marta).phone == "+1 202 555 0100"
    assert [entry for entry, _ in door.of("settle")] == ["1"]


def test_the_other_fields_of_one_change_are_known(desk: Desk) -> None:
    marta = desk.traveller("Marta Nowak", phone=HERE).id
    hub_says(
        desk,
        changed_twice(desk, marta, HERE, THERE),
        changed_twice(desk, marta, "a@b.example", "c@d.example", field="email", entry="5"),
        changed_twice(desk, marta, "x", "y", field="address", entry="6", op_no=77),
    )
    entry = desk.services.central.inbox(desk.admin)[0]
    assert entry.along == ("Email",)
    assert [each.id for each in desk.services.central.fellows(desk.admin, "1")] == ["5"]


def test_the_value_of_a_parked_op_is_not_what_keeps_it_waiting(desk: Desk) -> None:
    hub_says(desk, refused(desk, uuid4(), kind="parked"))
    with pytest.raises(WrongState):
        desk.services.central.keep_hub(desk.admin, "2")
    (entry,) = desk.services.central.inbox(desk.admin)
    assert [each.kind for each in entry.choices] == [ChoiceKind.RETRY, ChoiceKind.DROP]
