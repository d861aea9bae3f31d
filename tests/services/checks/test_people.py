"""Merges that were tampered with are found."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest

from helpers.desk import CASH, desk_again, desk_at
from helpers.tampering import by_hand, without_triggers

FORGED = (
    (
        "bookings",
        "traveller_id = (SELECT id FROM travellers WHERE merged_into IS NOT NULL)",
        "travellers.astray",
    ),
    (
        "sales",
        "traveller_id = (SELECT id FROM travellers WHERE merged_into IS NOT NULL)",
        "travellers.astray",
    ),
    ("travellers", "merged_into = NULL", "travellers.merge"),
    ("traveller_merges", "undone_at = created_at", "travellers.merge"),
    ("traveller_merges", "kept_id = other_id", "travellers.merge"),
)


@pytest.mark.parametrize(("table", "change", "kind"), FORGED, ids=lambda part: str(part)[:24])
def test_a_merge_that_is_not_whole_is_found(tmp_path: Path, table: str, change: str, kind: str) -> None:
    with desk_at(tmp_path) as desk:
        kept, other = desk.traveller("Ana Anić"), desk.traveller("Ana Anic")
        desk.sell(desk.hold(desk.add_departure()), pay=CASH, traveller=other)
        desk.services.duplicates.merge(desk.agent, kept.id, other.id, key=uuid4())
        assert desk.services.check.run().problems == ()
        file = desk.profile.database
    with by_hand(file) as connection, without_triggers(connection, table):
        connection.execute(f"UPDATE {table} SET {change}")
    with desk_again(tmp_path) as desk:
        assert kind in {problem.kind for problem in desk.services.check.run().problems}
