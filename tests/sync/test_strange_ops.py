"""Ops that are not written as a desk writes them: Postgres would read more than a desk's file can hold, and every other
desk would pull it."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from helpers.guarded import Guarded, guarded, guarded_hub
from helpers.told_hub import AT, LATER, changed, key, made, told_template, who

__all__ = ["guarded", "guarded_hub", "told_template"]

DEPARTURE = "departures"
WRONG: list[tuple[str, dict[str, Any]]] = [
    ("travellers", {"born": "infinity"}),
    ("travellers", {"born": "2026-02-30"}),
    ("travellers", {"born": "1990-2-3"}),
    ("travellers", {"name": 5}),
    ("travellers", {"name": {"first": "Jelena"}}),
    ("travellers", {"name": ["Jelena"]}),
    ("travellers", {"merged_into": "{7f3d8a80-0000-4000-8000-000000000000}"}),
    ("travellers", {"created_at": "infinity"}),
    ("travellers", {"created_at": "now"}),
    ("travellers", {"created_at": "2026-06-18T24:00:00.000000Z"}),
    ("travellers", {"created_at": "2026-06-18T08:42:00Z"}),
    ("travellers", {"created_at": 20260618}),
    ("travellers", {"name": "x" * 300}),
    (DEPARTURE, {"capacity": "12"}),
    (DEPARTURE, {"capacity": "NaN"}),
    (DEPARTURE, {"capacity": 12.5}),
    (DEPARTURE, {"capacity": -1}),
    (DEPARTURE, {"capacity": 10**30}),
    (DEPARTURE, {"capacity": 2**63}),
    (DEPARTURE, {"state": "gone"}),
    ("vendors", {"active": "yes"}),
    ("vendors", {"active": 2}),
    ("vendors", {"active": True}),
]


@pytest.mark.parametrize(
    ("table", "fields"), WRONG, ids=[f"{next(iter(fields.items()))}"[:40] for _, fields in WRONG]
)
def test_a_value_that_no_desk_writes_refuses_its_op_alone(
    guarded: Guarded, table: str, fields: dict[str, Any]
) -> None:
    one, _ = guarded.tellers
    one.actor = guarded.hub.boss
    rows = {
        "travellers": guarded.hub.traveller,
        "vendors": guarded.hub.vendor,
        DEPARTURE: guarded.hub.departure,
    }
    wrong = one.op(changed(table, rows[table], **fields))
    right = one.op(made("travellers", key(), **who("Petar")))
    assert [each["outcome"] for each in one.push(wrong, right)] == ["refused", "applied"]
    fault = one.inbox()[0]["fault"]
    assert (fault["t"], fault["id"], fault["fields"]) == (table, rows[table], list(fields))


def test_without_that_look_postgres_reads_more_than_a_desk_can(guarded: Guarded) -> None:
    one, other = guarded.tellers
    guarded.without("UPDATE hub.tables SET wrong = NULL")
    assert one.tell(changed("travellers", guarded.hub.traveller, born="infinity"))["outcome"] == "applied"
    assert other.pull()[0]["changes"][0]["f"] == {"born": "infinity"}


@pytest.mark.parametrize("row", ["", "x", "7f3d8a80-0000-4000-8000-000000000000", "7F" * 16])
def test_an_id_is_32_digits(guarded: Guarded, row: str) -> None:
    one, _ = guarded.tellers
    assert one.tell(made("travellers", row, **who("Petar")))["outcome"] == "refused"


@pytest.mark.parametrize(
    "events",
    [
        ["x"],
        [{}],
        {"event_name": "x"},
        [{"event_name": 5, "aggregate_id": "0" * 32, "timestamp": AT, "payload": {}}],
        [{"event_name": "x", "aggregate_id": "0", "timestamp": AT, "payload": {}}],
        [{"event_name": "x", "aggregate_id": "0" * 32, "timestamp": "infinity", "payload": {}}],
        [{"event_name": "x", "aggregate_id": "0" * 32, "timestamp": "2026-02-30T08:42:00Z", "payload": {}}],
    ],
)
def test_what_other_desks_could_not_read_is_not_told_them(guarded: Guarded, events: Any) -> None:
    one, _ = guarded.tellers
    assert one.tell(made("travellers", key(), **who("Petar")), events=events)["outcome"] == "refused"


@pytest.mark.parametrize(
    "other",
    [
        {"changes": {}},
        {"changes": None},
        {"seen": "0"},
        {"name": "x" * 81},
        {"at": "yesterday"},
        {"hash": 5},
    ],
)
def test_what_is_no_op_ends_the_call(guarded: Guarded, other: dict[str, Any]) -> None:
    one, _ = guarded.tellers
    good, bad = one.op(made("travellers", key(), **who("Petar"))), one.op(**other)
    assert [each["op_no"] for each in one.push(good, bad)] == [1]
    with pytest.raises(psycopg.Error, match="no op") as error:
        one.push(bad)
    assert error.value.sqlstate == "TR008"


def test_what_no_json_of_postgres_holds_ends_the_call(guarded: Guarded) -> None:
    one, _ = guarded.tellers
    for text in ('"\\u0000"', "[" * 100_000 + "]" * 100_000, '"\\ud800"'):
        with pytest.raises(psycopg.Error) as error:
            one.call("push(%s::jsonb)", f'[{{"op_no": 1, "changes": [{text}]}}]')
        assert error.value.sqlstate in ("22P05", "22P02", "54001")
    assert one.tell(made("travellers", key(), **who("Petar")))["op_no"] == 1


def test_a_very_large_op_is_not_taken(guarded: Guarded) -> None:
    one, _ = guarded.tellers
    with pytest.raises(psycopg.Error, match="32 MB"):
        one.push(one.op(made("travellers", key(), **who("x" * 33_000_000))))


def test_a_change_of_no_table_no_row_or_no_kind_is_refused_alone(guarded: Guarded) -> None:
    one, _ = guarded.tellers
    strange: list[Any] = [
        "x",
        [],
        {"t": "travellers", "id": key(), "k": "U", "f": []},
        {"t": "travellers", "id": key(), "k": "U", "f": "x"},
        {"t": "travellers", "id": key(), "k": "I", "f": None},
        {"t": "pg_authid", "id": key(), "k": "I", "f": {}},
        {"t": "hub.members", "id": key(), "k": "U", "f": {}},
        {"k": "I"},
        {"t": "travellers", "k": "D"},
        {"t": "travellers", "id": guarded.hub.traveller, "k": "T", "f": {}},
        {"t": "travellers", "id": guarded.hub.traveller, "k": "U", "f": {"id": key()}},
        {"t": "travellers", "id": {"x": 1}, "k": "I", "f": {}},
    ]
    answers = one.push(*(one.op(change) for change in strange))
    assert {each["outcome"] for each in answers} == {"refused", "parked"}
    assert one.tell(made("travellers", key(), **who("Petar")))["outcome"] == "applied"
    for op_no in range(len(strange), 0, -1):
        one.call("drop(%s, %s, %s)", one.desk, op_no, guarded.hub.boss)
    assert one.inbox() == []


def test_one_who_is_nobody_writes_nothing(guarded: Guarded) -> None:
    one, _ = guarded.tellers
    one.actor = key()
    assert one.tell(made("travellers", key(), **who("Petar")))["outcome"] == "refused"
    assert guarded.fault()["why"] == "rights"


def test_only_a_desk_that_was_written_off_sells_beyond_its_grant(guarded: Guarded) -> None:
    one, _ = guarded.tellers
    assert one.tell(guarded.hub.hold(0, 7))["outcome"] == "refused"
    assert guarded.fault()["why"] == "seats"
    guarded.without(f"UPDATE hub.members SET written_off = now() WHERE desk_id = '{one.desk}'")
    assert one.tell(guarded.hub.hold(0, 7, expires_at=LATER))["outcome"] == "applied"
    assert {each["kind"] for each in one.inbox()} == {"refused", "oversale"}
