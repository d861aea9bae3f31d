"""Triggers that keep silent while a page of the hub is written (`this_desk.pulling` is 1).

What guards rows, writes down changes and counts versions has nothing to say there: the hub has judged already. What
keeps derived rows on a desk works on. A migration that makes triggers ends with `mute`; `capture` does so by itself.
"""

from __future__ import annotations

import re

from sqlalchemy import Connection

PREFIX = "(SELECT pulling FROM this_desk) IS NOT 1"
"""What each condition begins with. In a file that belongs to no desk yet there is no row, and nothing is silent."""

DERIVED: dict[str, str] = {
    **{f"seats_{number}": "grants.taken is counted from holds and lines" for number in range(1, 7)},
    **{f"words_{number}": "the words for searching stand beside their rows" for number in range(1, 5)},
    **{
        f"vendor_lines_{what}": "vendors' lines are kept from the ledger, payouts and statements"
        for what in ("added", "commission", "of_payout_lines", "of_statement_entries")
    },
}
"""Triggers that are never silent, and why: what they write is no row that travels."""

FILES_OWN: dict[str, str] = {
    "ops": "a page adds no op of this desk",
    "changes": "what was written down stays; of a page it takes what belongs to no op, and of all else nothing",
    "this_desk": "numbers go on as ever, and where the file stands never goes back",
}
"""Tables of the file itself, whose triggers are never silent either, and why."""

_TRIGGER = re.compile(
    r"(?P<head>CREATE TRIGGER .*? ON \w+)\s+(?:WHEN\s+(?P<when>.*?)\s+)?(?P<body>BEGIN\s.*)", re.DOTALL
)


def is_muted(sql: str) -> bool:
    """Whether a trigger keeps silent, by its text."""
    found = _parts(sql)
    return (found["when"] or "").startswith(PREFIX)


def muted(sql: str) -> str:
    """The text of a trigger that does the same, but nothing while a page is written."""
    if is_muted(sql):
        return sql
    head, when, body = _parts(sql).groups()
    return f"{head} WHEN {PREFIX}{f' AND ({when})' if when else ''} {body}"


def mute(connection: Connection, table: str | None = None) -> None:
    """Make the triggers of a table, or of all, anew as they have to be. Before the migration that brought `pulling`
    nothing is done: it mutes what it finds."""
    if not _can_pull(connection):
        return
    found = connection.exec_driver_sql(
        "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = coalesce(?, tbl_name) "
        "ORDER BY rowid",
        (table,),
    ).all()
    for name, of, sql in found:
        if name in DERIVED or of in FILES_OWN or is_muted(sql):
            continue
        connection.exec_driver_sql(f"DROP TRIGGER {name}")
        connection.exec_driver_sql(muted(sql))


def _parts(sql: str) -> re.Match[str]:
    found = _TRIGGER.fullmatch(sql)
    if found is None:
        raise ValueError(f"this is no trigger as it is kept: {sql[:80]}")
    return found


def _can_pull(connection: Connection) -> bool:
    columns = connection.exec_driver_sql("PRAGMA table_info(this_desk)").all()
    return any(row[1] == "pulling" for row in columns)
