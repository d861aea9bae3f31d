"""What the time does by itself: links run out, money that was pending becomes available.

Nothing runs in the background. Whoever comes next finds what is due, and lets it happen first.
"""

from __future__ import annotations

import sqlite3

from travellr_desktop.payments.sandbox import checkout, moves
from travellr_desktop.payments.sandbox.call import Call


def is_due(connection: sqlite3.Connection, now: int) -> bool:
    row = connection.execute(
        "SELECT EXISTS (SELECT 1 FROM sessions WHERE status = 'open' AND expires_at <= :now)"
        " OR EXISTS (SELECT 1 FROM balance_transactions WHERE status = 'pending' AND available_on <= :now)",
        {"now": now},
    ).fetchone()
    return bool(row[0])


def let_pass(connection: sqlite3.Connection, now: int) -> None:
    """What is due by now happens, with its events."""
    call = Call(connection, {}, now, "")
    checkout.end_overdue(call)
    moves.settle(call)
