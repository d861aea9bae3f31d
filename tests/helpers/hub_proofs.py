"""What must hold of a desk's file and the hub at any moment, and whenever a desk is up to date."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from helpers.central_hub import Enrolled, HubPlace
from helpers.raw import raw, rows

PUBLISHED = """
SELECT o.pub, c.t, hub.digits(c.row_id), c.k, c.f FROM hub.ops o
JOIN hub.changes c ON c.desk_id = o.desk_id AND c.op_no = o.op_no
WHERE o.pub IS NOT NULL AND o.desk_id <> %(desk)s AND (c.for_desk IS NULL OR c.for_desk = %(desk)s)
ORDER BY o.pub, c.seq
"""

TWICE = """
SELECT op_no, t, row_id, k, f FROM hub.changes WHERE desk_id = %s GROUP BY 1, 2, 3, 4, 5 HAVING count(*) > 1
"""

Row = tuple[str, str]


def cursor_is_honest(place: HubPlace, file: Path) -> None:
    """Everything that others published up to the file's cursor is in it, field for field, and no row that was made
    after it is. Rows that this desk has written too are left out: theirs is another question."""
    desk, cursor = rows(file, "SELECT desk_id, cursor FROM this_desk")[0]
    own = set(rows(file, "SELECT table_name, row_id FROM changes WHERE op_no IS NOT NULL"))
    wanted: dict[Row, dict[str, Any] | None] = {}
    later: set[Row] = set()
    for pub, table, row, kind, fields in place.connection.execute(PUBLISHED, {"desk": UUID(desk)}):
        if (table, row) in own:
            continue
        if pub > cursor:
            if kind == "I" and (table, row) not in wanted:
                later.add((table, row))
        elif kind == "D":
            wanted[table, row] = None
        else:
            wanted[table, row] = {**(wanted.get((table, row)) or {}), **fields}
    with raw(file) as connection:
        connection.row_factory = lambda cursor, row: dict(
            zip([column[0] for column in cursor.description], row, strict=True)
        )
        for (table, row), fields in wanted.items():
            found = connection.execute(f"SELECT * FROM {table} WHERE id = ?", (row,)).fetchone()
            _is_as_told(f"{table} {row} before {cursor}", found, fields)
        for table, row in later:
            found = connection.execute(f"SELECT * FROM {table} WHERE id = ?", (row,)).fetchone()
            assert found is None, f"{table} {row} is published after {cursor}, and is here"


def _is_as_told(where: str, found: Mapping[str, Any] | None, wanted: Mapping[str, Any] | None) -> None:
    if wanted is None:
        assert found is None, f"{where} is gone, and is here"
        return
    assert found is not None, f"{where} is not here"
    for name, value in wanted.items():
        assert found[name] == value, f"{where}: {name} is {found[name]!r}, published was {json.dumps(value)}"


def one_outcome_each(place: HubPlace, enrolled: Enrolled) -> None:
    """Every op of the file has just one outcome at the hub, which knows it by the same hash."""
    desk, last = enrolled.lies("SELECT desk_id, next_op - 1 FROM this_desk")[0]
    here = dict(enrolled.lies("SELECT op_no, body_hash FROM ops"))
    query = "SELECT op_no, hash, outcome FROM hub.ops WHERE desk_id = %s ORDER BY op_no"
    there = place.connection.execute(query, (UUID(desk),)).fetchall()
    known = place.one("SELECT last_op FROM hub.members WHERE desk_id = %s", UUID(desk))
    assert known == last, "an op without an outcome"
    first = there[0][0] if there else last + 1  # what the file had done before it joined is known by its rows
    assert [row[0] for row in there] == list(range(first, last + 1)), "an op without an outcome"
    assert {row[0]: row[1] for row in there} == {no: own for no, own in here.items() if no >= first}
    assert {row[2] for row in there} <= {"applied"}, "an op that was told once was judged otherwise"
    assert place.connection.execute(TWICE, (UUID(desk),)).fetchall() == [], "an op was applied twice"


def same_rows(place: HubPlace, *enrolled: Enrolled) -> None:
    """Those desks have what the hub has."""
    hub = place.dump()
    for desk in enrolled:
        own = desk.dump()
        differ = [table for table in hub if hub[table] != own[table]]
        assert differ == [], f"{desk.sign_in.name} has other rows of {differ}"
