"""What a file refuses of the till, whoever writes: nothing of a session that was closed is ever changed.

How a till is opened, filled and closed is guarded where that is done, on its own desk. Rows of other desks arrive when
that is long past, and in whatever order: of them only what was written is kept as it was. A payment that is taken here
has the program that takes it (`worker`, which never travels); one that arrives has none.

Which sales went through a session cannot be changed either: that is where they stand in the ledger, which is only ever
added to.
"""

from __future__ import annotations

from collections.abc import Iterator

_OPEN = "(SELECT state FROM till_sessions WHERE id = NEW.session_id) = 'open'"


def _refuse(when: str, words: str) -> str:
    return f"{when} BEGIN SELECT RAISE(ABORT, '{words}'); END"


def till_guards() -> Iterator[tuple[str, str]]:
    """Name and SQL of each trigger."""
    last = "coalesce((SELECT max(closed_seq) FROM till_sessions WHERE desk_id = NEW.desk_id), NEW.from_seq)"
    here = "(SELECT desk_id FROM this_desk)"
    mine = f"NEW.desk_id = {here}"
    of_mine = f"(SELECT desk_id FROM till_sessions WHERE id = NEW.session_id) = {here}"
    end = "coalesce((SELECT max(seq) FROM ledger WHERE desk_id = {0}.desk_id), 0)"
    frozen = "id desk_id number from_seq opened_seq opened_at opened_by opened_reason"
    moved = " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in frozen.split())
    yield (
        "till_1",
        _refuse(
            f"BEFORE INSERT ON till_sessions WHEN {mine} AND NEW.state <> 'open'",
            "a till is opened before it is closed",
        ),
    )
    yield (
        "till_2",
        _refuse(
            f"BEFORE INSERT ON till_sessions WHEN {mine} "
            f"AND (NEW.from_seq <> {last} OR NEW.opened_seq <> {end.format('NEW')})",
            "a till begins where the one before it ended",
        ),
    )
    yield (
        "till_3",
        _refuse(
            "BEFORE UPDATE ON till_sessions WHEN OLD.state = 'closed'",
            "a till that was closed is never changed",
        ),
    )
    yield (
        "till_4",
        _refuse(f"BEFORE UPDATE ON till_sessions WHEN {moved}", "how a till was opened is never changed"),
    )
    yield (
        "till_5",
        _refuse(
            f"BEFORE UPDATE ON till_sessions WHEN {mine} AND OLD.state = 'open' AND NEW.state = 'closed' "
            f"AND (NEW.closed_seq <> {end.format('NEW')} OR NOT EXISTS (SELECT 1 FROM till_counts "
            "WHERE session_id = NEW.id AND kind = 'close'))",
            "a till is closed by its count",
        ),
    )
    yield "till_6", _refuse("BEFORE DELETE ON till_sessions", "a row of till_sessions is never deleted")
    yield from _added_to("till_counts", 7, of_mine)
    yield from _added_to("till_moves", 10, of_mine)
    yield (
        "till_13",
        _refuse(
            f"BEFORE INSERT ON till_moves WHEN {of_mine} AND NOT EXISTS (SELECT 1 FROM ledger l JOIN till_sessions s "
            "ON s.desk_id = l.desk_id WHERE s.id = NEW.session_id AND l.seq = NEW.seq AND l.seq > s.opened_seq "
            "AND l.amount = NEW.amount AND l.currency = NEW.currency "
            "AND ((NEW.kind IN ('pay_in', 'pickup') AND l.debit = 'till' AND l.credit = NEW.account) "
            "OR (NEW.kind IN ('pay_out', 'drop') AND l.credit = 'till' AND l.debit = NEW.account)))",
            "what is moved in a till stands in the ledger",
        ),
    )
    yield (
        "till_15",
        _refuse(
            f"BEFORE INSERT ON till_reads WHEN {of_mine} "
            f"AND NEW.seq <> (SELECT coalesce(max(seq), 0) FROM ledger WHERE desk_id = {here})",
            "an X is read as the till stands",
        ),
    )
    yield from _added_to("till_reads", 16, of_mine)
    yield (
        "till_14",
        _refuse(
            "BEFORE INSERT ON payments WHEN NEW.way = 'cash' AND NEW.worker IS NOT NULL "
            "AND EXISTS (SELECT 1 FROM agencies WHERE cash_needs_till) "
            f"AND NOT EXISTS (SELECT 1 FROM till_sessions WHERE desk_id = {here} AND state = 'open')",
            "cash needs an open till",
        ),
    )


def _added_to(table: str, number: int, of_mine: str) -> Iterator[tuple[str, str]]:
    """The three triggers of a table that is added to while its session is open, and never changed."""
    only = f"{table} are only ever added to"
    yield (
        f"till_{number}",
        _refuse(
            f"BEFORE INSERT ON {table} WHEN {of_mine} AND NOT {_OPEN}",
            "nothing is added to a till that was closed",
        ),
    )
    yield f"till_{number + 1}", _refuse(f"BEFORE UPDATE ON {table}", only)
    yield f"till_{number + 2}", _refuse(f"BEFORE DELETE ON {table}", only)
