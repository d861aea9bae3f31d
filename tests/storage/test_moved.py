"""What a desk did in its old file while it joined others, in the words of the hub."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from travellr_desktop.storage.moved import Moved
from travellr_desktop.storage.outgoing import OutgoingChange, OutgoingOp

ANA, ANA_THERE, OTHER = UUID(int=1), UUID(int=2), UUID(int=3)
MOVED = Moved({ANA.hex: ANA_THERE.hex}, "/2", 41)


def told(*changes: tuple[str, str, str, dict[str, Any]], actor: UUID | None = ANA) -> OutgoingOp:
    made = tuple(OutgoingChange(table, row, kind, json.dumps(fields)) for table, row, kind, fields in changes)
    op = OutgoingOp(7, UUID(int=9), "sale.place", actor, "2", "2026-06-18T08:42:00.000000Z", 0, "", made, ())
    return MOVED.op(op)


def fields(op: OutgoingOp) -> list[dict[str, Any]]:
    return [json.loads(change.fields) for change in op.changes]


def test_who_has_an_account_there_did_it_by_that_one() -> None:
    op = told(("sales", "a", "I", {"reference": "SA-2026-000007", "created_by": ANA.hex, "desk_id": ANA.hex}))
    assert (op.actor_id, op.seen) == (ANA_THERE, 41)
    assert fields(op) == [
        {"reference": "SA-2026-000007/2", "created_by": ANA_THERE.hex, "desk_id": ANA.hex},
    ]
    assert told(actor=OTHER).actor_id == OTHER and told(actor=None).actor_id is None


def test_what_is_the_hubs_own_is_not_told() -> None:
    op = told(
        ("users", ANA.hex, "U", {"name": "Ana"}),
        ("agencies", "b", "U", {"name": "Kotor Riva"}),
        ("users", OTHER.hex, "U", {"name": "Luka"}),
    )
    assert [(change.table, change.row_id) for change in op.changes] == [("users", OTHER.hex)]


def test_numbers_end_in_the_mark_and_their_series_stay_closed() -> None:
    op = told(
        ("bookings", "a", "U", {"state": "confirmed"}),
        ("bank_files", "b", "I", {"message_id": "PB-2026-000001-EUR-1"}),
        ("number_series", "c", "U", {"next": 125}),
        ("number_series", "d", "I", {"kind": "IV", "first": 1, "last": 1_000, "next": 2}),
        ("number_series", "e", "U", {"last": 2_000}),
    )
    assert fields(op) == [
        {"state": "confirmed"},
        {"message_id": "PB-2026-000001-EUR-1-2"},
        {"next": 125, "last": 124},
        {"kind": "IV/2", "first": 1, "last": 1, "next": 2},
        {},
    ]
