"""What keeps `vendor_lines` as the ledger, payouts and statements have it. Used by a migration: what is here stays as
it was released.

An entry is a vendor's line where vendor payable is one of its accounts, but for the one that a payout itself writes.
What the agency earned or gave up with it, at the same moment for the same reason, is the `commission` of the first line
of that moment: the rows of one happening may be written in any order. Of the lines that a booking gave, the first that
comes is its `charge`; the first of another moment is `again`, the others of a moment are `more`.
"""

from __future__ import annotations

from collections.abc import Iterator

MINE = "'vendor_payable'"
AGENCYS = "('commission', 'cancellation_revenue')"
CAME_BACK = "('payout_failed', 'transfer_reversed', 'payout_returned')"


def _signed(row: str) -> str:
    return f"CASE WHEN {row}.credit = {MINE} THEN {row}.amount ELSE -{row}.amount END"


def _agencys(row: str) -> str:
    return f"CASE WHEN {row}.credit IN {AGENCYS} THEN {row}.amount ELSE -{row}.amount END"


def _is_line(row: str) -> str:
    return (
        f"({row}.credit = {MINE} OR {row}.debit = {MINE}) AND {row}.event <> 'payout_sending' "
        f"AND {row}.vendor_id IS NOT NULL"
    )


def _is_agencys(row: str) -> str:
    return f"{row}.booking_id IS NOT NULL AND ({row}.credit IN {AGENCYS} OR {row}.debit IN {AGENCYS})"


def _together(one: str, other: str) -> str:
    return f"{one}.booking_id = {other}.booking_id AND {one}.event = {other}.event AND {one}.at = {other}.at"


def _free(row: str) -> str:
    """Its own date; of what is taken back the date of what was given for the booking."""
    given = (
        f"SELECT max(v.free_at) FROM vendor_lines v WHERE v.booking_id = {row}.booking_id "
        f"AND v.vendor_id = {row}.vendor_id"
    )
    return f"coalesce({row}.available_at, ({given}), {row}.at)"


_COLUMNS = "ledger_id, vendor_id, currency, booking_id, event, part, amount, commission, at, free_at"


def _columns(row: str, part: str, commission: str) -> str:
    own = ", ".join(f"{row}.{name}" for name in ("id", "vendor_id", "currency", "booking_id", "event"))
    return f"{own}, {part}, {_signed(row)}, {commission}, {row}.at, {_free(row)}"


def _part(row: str, charge: str) -> str:
    """Where it counts, given what a line is that a booking gave."""
    return (
        f"CASE WHEN {row}.booking_id IS NULL THEN CASE WHEN {row}.event IN {CAME_BACK} THEN 'returned' "
        f"ELSE 'adjustment' END WHEN {row}.credit = {MINE} THEN {charge} ELSE 'refund' END"
    )


def _given(row: str, which: str) -> str:
    """Whether there is a line of what a booking gave its vendor, such as `which`."""
    return (
        f"EXISTS (SELECT 1 FROM vendor_lines v WHERE v.booking_id = {row}.booking_id "
        f"AND v.vendor_id = {row}.vendor_id AND v.part IN ('charge', 'again', 'more') AND {which})"
    )


def vendor_line_triggers() -> Iterator[tuple[str, str]]:
    """Name and body of each trigger."""
    first = f"EXISTS (SELECT 1 FROM vendor_lines v WHERE {_together('v', 'NEW')})"
    sums = f"SELECT coalesce(sum({_agencys('l')}), 0) FROM ledger l"
    there = f"{sums} WHERE {_together('l', 'NEW')} AND {_is_agencys('l')}"
    at = "v.event = NEW.event AND v.at = NEW.at"
    commission = f"CASE WHEN NEW.booking_id IS NULL OR {first} THEN 0 ELSE ({there}) END"
    part = _part(
        "NEW",
        f"CASE WHEN NOT {_given('NEW', '1')} THEN 'charge' WHEN {_given('NEW', at)} THEN 'more' ELSE 'again' END",
    )
    yield (
        "vendor_lines_added",
        f"AFTER INSERT ON ledger WHEN {_is_line('NEW')} "
        f"BEGIN INSERT INTO vendor_lines ({_COLUMNS}) VALUES ({_columns('NEW', part, commission)}); END",
    )
    line = (
        f"SELECT v.ledger_id FROM vendor_lines v WHERE {_together('v', 'NEW')} ORDER BY v.ledger_id LIMIT 1"
    )
    yield (
        "vendor_lines_commission",
        f"AFTER INSERT ON ledger WHEN {_is_agencys('NEW')} BEGIN UPDATE vendor_lines "
        f"SET commission = commission + {_agencys('NEW')} WHERE ledger_id = ({line}); END",
    )
    for table, column in (("payout_lines", "payout_id"), ("statement_entries", "statement_id")):
        yield (
            f"vendor_lines_of_{table}",
            f"AFTER INSERT ON {table} BEGIN UPDATE vendor_lines SET {column} = NEW.{column} "
            "WHERE ledger_id = NEW.ledger_id; END",
        )


def fill_vendor_lines() -> Iterator[str]:
    """The statements that make the lines of a ledger that is there already: what was given first, for what was taken
    back goes by its date."""
    for given in (f"l.credit = {MINE}", f"l.debit = {MINE}"):
        columns = _columns("l", _part("l", "'charge'"), "0")
        yield (
            f"INSERT INTO vendor_lines ({_COLUMNS}) SELECT {columns} FROM ledger l "
            f"WHERE {given} AND {_is_line('l')} ORDER BY l.id"
        )
    before = "v.ledger_id < vendor_lines.ledger_id"
    same = "v.event = vendor_lines.event AND v.at = vendor_lines.at"
    for part, which in (("more", f"{before} AND {same}"), ("again", f"{before} AND v.part = 'charge'")):
        yield (
            f"UPDATE vendor_lines SET part = '{part}' WHERE part = 'charge' "
            f"AND {_given('vendor_lines', which)}"
        )
    yield (
        f"UPDATE vendor_lines SET commission = (SELECT coalesce(sum({_agencys('l')}), 0) FROM ledger l "
        f"WHERE {_together('l', 'vendor_lines')} AND {_is_agencys('l')}) WHERE booking_id IS NOT NULL "
        "AND ledger_id = (SELECT v.ledger_id FROM vendor_lines v "
        f"WHERE {_together('v', 'vendor_lines')} ORDER BY v.ledger_id LIMIT 1)"
    )


def fill_where_they_stand() -> Iterator[str]:
    """The statements that say of each line which payout pays it and on which statement it stands."""
    for table, column in (("payout_lines", "payout_id"), ("statement_entries", "statement_id")):
        yield (
            f"UPDATE vendor_lines SET {column} = o.{column} FROM {table} o "
            "WHERE o.ledger_id = vendor_lines.ledger_id"
        )
