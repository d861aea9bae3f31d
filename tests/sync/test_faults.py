"""A refused op says which rule of which field of which row it met: what a window needs to offer another value."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from helpers.guarded import Guarded, guarded, guarded_hub
from helpers.told_hub import AT, changed, key, made, removed, told_template, who
from travellr_desktop.services.central.faults import Fault, FaultKind, fault_of

__all__ = ["guarded", "guarded_hub", "told_template"]

SAID = {"created_at": AT, "created_by": None, "text": "x"}


def note(row: str, **fields: Any) -> dict[str, Any]:
    return made("notes", row, **{**SAID, **fields})


def test_a_key_to_nowhere_names_its_field_and_what_is_missing(guarded: Guarded) -> None:
    one, _ = guarded.tellers
    good, bad, nobody = key(), key(), key()
    answer = one.tell(
        note(good, traveller_id=guarded.hub.traveller),
        note(bad, traveller_id=nobody),
    )
    assert (answer["outcome"], answer["reason"]) == (
        *("refused", "The traveller_id of a row of notes is not there."),
    )
    assert guarded.fault() == {
        "why": "missing",
        "t": "notes",
        "id": bad,
        "fields": ["traveller_id"],
        "rule": "fk_notes_traveller_id",
        "other": {"t": "travellers", "id": nobody},
    }
    (entry,) = one.inbox()
    assert fault_of(entry["fault"]) == Fault(
        FaultKind.MISSING,
        "notes",
        UUID(bad),
        ("traveller_id",),
        "fk_notes_traveller_id",
        "travellers",
        UUID(nobody),
    )


def test_a_key_to_a_row_of_the_same_op_is_not_what_is_missing(guarded: Guarded) -> None:
    one, _ = guarded.tellers
    new, bad = key(), key()
    one.tell(
        made("travellers", new, **who("Petar")),
        note(key(), traveller_id=new),
        note(bad, traveller_id=key()),
    )
    assert guarded.fault()["id"] == bad


def test_what_is_used_elsewhere_is_not_removed(guarded: Guarded) -> None:
    one, _ = guarded.tellers
    traveller = guarded.hub.traveller
    one.tell(note(key(), traveller_id=traveller))
    assert one.tell(removed("travellers", traveller))["outcome"] == "refused"
    fault = guarded.fault()
    assert (fault["why"], fault["t"], fault["id"], fault["other"]) == (
        *("used", "travellers", traveller),
        {"t": "notes"},
    )


def test_a_code_that_is_given_already_names_who_has_it(guarded: Guarded) -> None:
    one, _ = guarded.tellers
    one.actor = guarded.hub.boss
    said = {"name": "A tenth", "kind": "percent", "bps": 1000, "amount": 0, "own": 0, "active": 1}
    days = {"first_day": "2026-06-01", "last_day": "2026-08-31"}
    has, wants = key(), key()
    one.tell(made("promo_codes", has, code="SUMMER", **said, **days))
    one.tell(made("promo_codes", wants, code="SUMMER", **said, **days))
    assert guarded.fault() == {
        "why": "taken",
        "t": "promo_codes",
        "id": wants,
        "fields": ["code"],
        "rule": "uq_promo_codes_code",
        "other": {"t": "promo_codes", "id": has},
    }


@pytest.mark.parametrize(
    ("fields", "why", "named"),
    [
        ({"name": ""}, "value", ["name"]),
        ({"name": None}, "empty", ["name"]),
        ({"born": "1990-02-31"}, "unreadable", ["born"]),
        ({"colour": "red"}, "unknown", ["colour"]),
    ],
)
def test_a_value_that_cannot_be_names_its_field(
    guarded: Guarded, fields: dict[str, Any], why: str, named: list[str]
) -> None:
    one, _ = guarded.tellers
    traveller = guarded.hub.traveller
    assert one.tell(changed("travellers", traveller, phone="1", **fields))["outcome"] == "refused"
    fault = guarded.fault()
    assert (fault["why"], fault["t"], fault["id"], fault["fields"]) == (why, "travellers", traveller, named)


def test_a_row_that_is_gone_and_seats_that_are_not_there(guarded: Guarded) -> None:
    one, _ = guarded.tellers
    row = key()
    one.tell(changed("travellers", row, name="x"))
    assert (guarded.fault()["why"], guarded.fault()["id"]) == ("gone", row)
    hold = guarded.hub.hold(0, 7)
    one.tell(hold)
    assert (guarded.fault()["why"], guarded.fault()["id"]) == ("seats", hold["id"])


def test_what_was_put_right_is_no_fault_any_more(guarded: Guarded) -> None:
    one, _ = guarded.tellers
    traveller = key()
    one.tell(made("travellers", traveller, **who("")))
    (entry,) = one.inbox()
    assert entry["fault"]["fields"] == ["name"]
    wrong = f'[{{"t": "travellers", "id": "{traveller}", "f": {{"name": null}}}}]'
    one.call("retry(%s, 1, %s::jsonb, %s)", one.desk, wrong, guarded.hub.boss)
    assert one.inbox()[0]["fault"]["why"] == "empty"
    right = wrong.replace("null", '"Petar"')
    one.call("retry(%s, 1, %s::jsonb, %s)", one.desk, right, guarded.hub.boss)
    assert one.inbox() == []
    assert guarded.hub.one("SELECT fault FROM hub.ops WHERE desk_id = %s AND op_no = 1", one.desk) is None


def test_a_newer_hub_may_say_what_this_program_does_not_know() -> None:
    assert fault_of({"why": "weather", "fields": ["x"]}) == Fault(FaultKind.OTHER, fields=("x",))
