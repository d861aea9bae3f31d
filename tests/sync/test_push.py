"""What the hub does with an op, by real connections of two desks."""

from __future__ import annotations

from contextlib import closing
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg.types.json import Jsonb

from helpers.told_hub import AT, ToldHub, changed, insert, key, made, removed, told, told_template, who

__all__ = ["told", "told_template"]


def code(error: pytest.ExceptionInfo[psycopg.Error]) -> str:
    return error.value.sqlstate or ""


def test_an_op_is_applied_and_reaches_the_other_desk_as_it_was_told(told: ToldHub) -> None:
    one, other = told.tellers
    row = key()
    event = {"event_name": "TravellerChanged", "aggregate_id": row, "timestamp": AT, "payload": {}}
    answer = one.tell(made("travellers", row, **who("Petar"), born="1990-02-03"), events=[event])
    assert answer == {"op_no": 1, "outcome": "applied"}
    (op,) = other.pull()
    assert (op["desk_id"].replace("-", ""), op["op_no"], op["events"]) == (one.desk, 1, [event])
    (change,) = op["changes"]
    assert (change["t"], change["id"], change["k"]) == ("travellers", row, "I")
    kept = told.row("travellers", row)
    assert change["f"] == {name: value for name, value in kept.items() if value is not None}
    assert one.pull() == []  # its own is passed by


def test_a_replay_gets_the_stored_outcome_and_writes_nothing(told: ToldHub) -> None:
    one, _ = told.tellers
    first = one.op(made("travellers", key(), **who("Petar")))
    refused = one.op(changed("travellers", key(), name="Nobody"))
    answers = one.push(first, refused)
    count = told.one("SELECT count(*) FROM agency.travellers")
    assert [answer["outcome"] for answer in answers] == ["applied", "refused"]
    assert one.push(first, refused) == answers
    assert told.one("SELECT count(*) FROM agency.travellers") == count
    assert len(one.inbox()) == 1


def test_the_same_number_with_another_hash_is_an_error(told: ToldHub) -> None:
    one, _ = told.tellers
    first = one.op(made("travellers", key(), **who("Petar")))
    one.push(first)
    with pytest.raises(psycopg.Error) as error:
        one.push({**first, "hash": "f" * 64})
    assert code(error) == "TR001"


def test_after_a_gap_nothing_is_taken(told: ToldHub) -> None:
    one, _ = told.tellers
    first, _missing, third = (one.op(made("travellers", key(), **who(name))) for name in ("A", "B", "C"))
    assert [answer["op_no"] for answer in one.push(first, third)] == [1]
    with pytest.raises(psycopg.Error) as error:
        one.push(third)
    assert code(error) == "TR002"
    assert told.one("SELECT last_op FROM hub.members WHERE desk_id = %s", one.desk) == 1


def test_another_file_of_the_desk_is_not_taken_until_it_is_enrolled(told: ToldHub) -> None:
    one, _ = told.tellers
    with pytest.raises(psycopg.Error) as error:
        one.push(one.op(made("travellers", key(), **who("Petar")), incarnation=key()))
    assert code(error) == "TR003"
    one.next_op = 1
    strange = one.op(made("travellers", key(), **who("Petar")), incarnation=key())
    assert one.call("enroll(%s::uuid)", strange["incarnation"]) == 0
    assert one.push(strange)[0]["outcome"] == "applied"


def test_a_newer_shape_of_changes_is_not_taken(told: ToldHub) -> None:
    one, _ = told.tellers
    with pytest.raises(psycopg.Error) as error:
        one.tell(made("travellers", key(), **who("Petar")), schema="99")
    assert code(error) == "TR005"


def test_different_fields_of_a_row_are_merged(told: ToldHub) -> None:
    one, other = told.tellers
    assert one.tell(changed("travellers", told.traveller, phone="+382 1"))["outcome"] == "applied"
    assert other.tell(changed("travellers", told.traveller, email="j@x.example"))["outcome"] == "applied"
    row = told.row("travellers", told.traveller)
    assert (row["phone"], row["email"]) == ("+382 1", "j@x.example")
    assert one.inbox() == []


def test_the_same_field_unseen_is_a_conflict_with_both_values(told: ToldHub) -> None:
    one, other = told.tellers
    one.tell(changed("travellers", told.traveller, phone="one"))
    answer = other.tell(changed("travellers", told.traveller, phone="other", email="other"))
    assert answer == {"op_no": 1, "outcome": "merged", "conflicts": 1}
    row = told.row("travellers", told.traveller)
    assert (row["phone"], row["email"]) == ("one", "other")
    (conflict,) = other.inbox()
    assert (conflict["kind"], conflict["field"], conflict["mine"], conflict["theirs"]) == (
        *("field", "phone"),
        *("other", "one"),
    )
    assert conflict["desk_name"] == "Desk 1" and conflict["by"]["desk_name"] == "Desk 0"
    assert conflict["by"]["actor_name"] == "Ana" and conflict["by"]["at"]
    other.pull()
    assert other.tell(changed("travellers", told.traveller, phone="other"))["outcome"] == "applied"
    other.call("settle(%s, %s)", conflict["id"], told.boss)
    assert other.inbox() == []


def test_the_same_value_is_no_conflict(told: ToldHub) -> None:
    one, other = told.tellers
    one.tell(changed("travellers", told.traveller, phone="same"))
    assert other.tell(changed("travellers", told.traveller, phone="same"))["outcome"] == "applied"
    assert other.inbox() == []


def test_what_was_seen_is_written_over(told: ToldHub) -> None:
    one, other = told.tellers
    one.tell(changed("travellers", told.traveller, phone="one"))
    other.pull()
    assert other.tell(changed("travellers", told.traveller, phone="other"))["outcome"] == "applied"
    assert told.row("travellers", told.traveller)["phone"] == "other"


def test_what_touches_a_refused_row_or_is_below_it_waits_and_the_rest_goes_on(told: ToldHub) -> None:
    one, _ = told.tellers
    traveller, note = key(), key()
    refused = one.tell(made("travellers", traveller, **who("")))  # a name has letters
    assert refused["outcome"] == "refused"
    text = {"text": "x", "created_at": "2026-06-18T08:42:00.000000Z", "created_by": one.actor}
    below = one.tell(made("notes", note, traveller_id=traveller, **text))
    above_that = one.tell(changed("notes", note, text="y"))
    apart = one.tell(changed("travellers", told.traveller, phone="1"))
    outcomes = [answer["outcome"] for answer in (below, above_that, apart)]
    assert outcomes == ["parked", "parked", "applied"]
    assert below["reason"] == "It stands on op 1, which waits."


def test_a_counter_that_every_sale_moves_does_not_park_what_comes_after(told: ToldHub) -> None:
    one, _ = told.tellers
    number = {"desk_id": one.desk, "kind": "BK", "year": 2026, "first": 1, "last": 100, "next": 1}
    series = insert(told.admin, "number_series", **number)
    one.tell(changed("number_series", series, next=2), made("travellers", key(), **who("")))
    answer = one.tell(changed("number_series", series, next=3), made("travellers", key(), **who("Petar")))
    assert answer["outcome"] == "applied"


def test_a_refused_op_is_tried_again_with_another_value_and_what_waited_after_it(told: ToldHub) -> None:
    one, other = told.tellers
    traveller = key()
    one.tell(made("travellers", traveller, **who("")))
    one.tell(changed("travellers", traveller, phone="1"))
    patch = [{"t": "travellers", "id": traveller, "f": {"name": "Petar"}}]
    answers = other.call("retry(%s, %s, %s::jsonb, %s)", one.desk, 1, Jsonb(patch), told.boss)
    assert answers == [{"op_no": 1, "outcome": "applied"}, {"op_no": 2, "outcome": "applied"}]
    row = told.row("travellers", traveller)
    assert (row["name"], row["phone"]) == ("Petar", "1")
    assert one.inbox() == []
    (put_right,) = one.pull()
    assert put_right["changes"] == [
        changed("travellers", traveller, name="Petar") | {"for_desk": str(UUID(one.desk))}
    ]
    assert [op["op_no"] for op in other.pull() if op["desk_id"].replace("-", "") == one.desk] == [1, 2]


def test_a_dropped_op_puts_the_rows_of_its_desk_back(told: ToldHub) -> None:
    one, other = told.tellers
    traveller = key()
    one.tell(
        made("travellers", traveller, **who("")),
        changed("travellers", told.traveller, phone="wrong"),
    )
    one.tell(changed("travellers", traveller, phone="1"))
    with pytest.raises(psycopg.Error, match="Op 2 stands on it"):
        one.call("drop(%s, %s, %s)", one.desk, 1, told.boss)
    one.call("drop(%s, %s, %s)", one.desk, 2, told.boss)
    one.call("drop(%s, %s, %s)", one.desk, 1, told.boss)
    back = [change for op in one.pull() for change in op["changes"]]
    assert [(change["k"], change["id"], change["f"]) for change in back] == [
        ("D", traveller, {}),
        ("U", told.traveller, {"phone": ""}),
        ("D", traveller, {}),
    ]
    assert [change for op in other.pull() for change in op["changes"]] == []
    assert one.inbox() == []


def test_what_a_desk_writes_before_it_was_put_right_does_not_pass_unnoticed(told: ToldHub) -> None:
    one, _ = told.tellers
    one.tell(made("travellers", key(), **who("")), changed("travellers", told.traveller, phone="wrong"))
    one.call("drop(%s, %s, %s)", one.desk, 1, told.boss)
    assert one.tell(changed("travellers", told.traveller, phone="new"))["outcome"] == "merged"
    assert one.pull()[0]["changes"][0]["f"] == {"phone": ""}
    assert told.row("travellers", told.traveller)["phone"] == ""


def test_an_op_that_wrote_to_the_ledger_is_never_dropped(told: ToldHub) -> None:
    one, _ = told.tellers
    one.tell(made("ledger", key(), amount=0))
    with pytest.raises(psycopg.Error, match="not dropped") as error:
        one.call("drop(%s, %s, %s)", one.desk, 1, told.boss)
    assert code(error) == "TR008"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (made("nothing", key(), x=1), "There is no table nothing here."),
        (made("travellers", key(), colour="red"), "travellers has no colour here."),
        (changed("travellers", key(), name="x"), "The row of travellers is not there any more."),
        (changed("grants", key(), taken=3), "grants has no taken here."),
    ],
)
def test_what_is_not_known_here_refuses_the_op_alone(
    told: ToldHub, change: dict[str, Any], reason: str
) -> None:
    one, _ = told.tellers
    answers = one.push(one.op(change), one.op(made("travellers", key(), **who("Petar"))))
    assert [answer["outcome"] for answer in answers] == ["refused", "applied"]
    assert reason in answers[0]["reason"]


def test_a_key_to_nowhere_refuses_that_op_alone(told: ToldHub) -> None:
    one, _ = told.tellers
    text = {"text": "x", "created_at": "2026-06-18T08:42:00.000000Z"}
    answers = one.push(
        one.op(made("notes", key(), traveller_id=key(), **text)),
        one.op(made("notes", key(), traveller_id=told.traveller, **text)),
    )
    assert [answer["outcome"] for answer in answers] == ["refused", "applied"]


def test_a_row_that_another_desk_has_changed_is_not_removed_unseen(told: ToldHub) -> None:
    one, other = told.tellers
    document = key()
    said = {
        "kind": "passport",
        "number": "1",
        "country": "",
        "note": "",
        "created_at": "2026-06-18T08:42:00.000000Z",
    }
    one.tell(made("travel_documents", document, traveller_id=told.traveller, **said))
    other.pull()
    one.tell(changed("travel_documents", document, number="2"))
    assert other.tell(removed("travel_documents", document))["outcome"] == "refused"


def test_an_agent_does_not_change_what_a_manager_does(told: ToldHub) -> None:
    one, other = told.tellers
    assert one.tell(changed("vendors", told.vendor, name="Other"))["outcome"] == "refused"
    other.actor = told.boss
    assert other.tell(changed("vendors", told.vendor, name="Other"))["outcome"] == "applied"


def test_everybody_changes_their_own_password_and_nobody_elses(told: ToldHub) -> None:
    one, _ = told.tellers
    assert one.tell(changed("users", told.person, password_hash="y"))["outcome"] == "applied"
    assert one.tell(changed("users", told.person, role="admin"))["outcome"] == "refused"
    assert one.tell(changed("users", told.boss, password_hash="y"))["outcome"] == "refused"


def test_who_was_deactivated_later_than_the_desk_could_know_acted_in_good_faith(told: ToldHub) -> None:
    one, other = told.tellers
    other.actor = told.boss
    told.approve_account(told.person)
    assert other.tell(changed("users", told.person, active=0))["outcome"] == "applied"
    assert one.tell(changed("travellers", told.traveller, phone="1"))["outcome"] == "applied"
    one.pull()
    assert one.tell(changed("travellers", told.traveller, phone="2"))["outcome"] == "refused"


def test_what_is_only_in_the_way_for_a_moment_refuses_nothing(told: ToldHub) -> None:
    one, other = told.tellers
    op = one.op(changed("travellers", told.traveller, phone="1"))
    with closing(psycopg.connect(told.url(1))) as holds:
        held = other.op(changed("travellers", told.traveller, email="x"))
        holds.execute("SELECT api.push(%s)", (Jsonb([held]),))
        one.connection.execute("SET lock_timeout = '50ms'")
        with pytest.raises(psycopg.Error) as error:
            one.push(op)
        assert code(error) == "55P03"
    assert told.one("SELECT count(*) FROM hub.ops WHERE desk_id = %s", one.desk) == 0
    assert one.push(op)[0]["outcome"] == "applied"


def test_a_push_is_taken_in_read_committed_alone(told: ToldHub) -> None:
    one, _ = told.tellers
    one.connection.execute("SET default_transaction_isolation = 'repeatable read'")
    with pytest.raises(psycopg.Error) as error:
        one.tell(changed("travellers", told.traveller, phone="1"))
    assert code(error) == "TR007"


def test_an_op_that_is_refused_once_more_waits_on(told: ToldHub) -> None:
    one, _ = told.tellers
    one.tell(made("travellers", key(), **who("")))
    assert one.call("retry(%s, %s, '[]', %s)", one.desk, 1, told.boss)[0]["outcome"] == "refused"
    assert [conflict["kind"] for conflict in one.inbox()] == ["refused"]
    with pytest.raises(psycopg.Error, match="tried again or dropped"):
        one.call("settle(%s, %s)", one.inbox()[0]["id"], told.boss)


def test_who_got_another_role_later_than_the_desk_could_know_acted_in_good_faith(told: ToldHub) -> None:
    one, other = told.tellers
    one.actor = other.actor = told.boss
    clerk = key()
    said = {"password_hash": "x", "must_change": 0, "active": 1, "created_at": "2026-06-18T08:42:00.000000Z"}
    told.approve_account(clerk)
    other.tell(made("users", clerk, email="k@travellr.example", name="K", role="manager", **said))
    one.pull()
    told.approve_account(clerk)
    other.tell(changed("users", clerk, role="agent"))
    one.actor = clerk
    assert one.tell(changed("vendors", told.vendor, name="One"))["outcome"] == "applied"
    one.pull()
    assert one.tell(changed("vendors", told.vendor, name="Two"))["outcome"] == "refused"
