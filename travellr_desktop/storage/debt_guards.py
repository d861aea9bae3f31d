"""For a migration: the triggers by which the file itself refuses what must never be of debts that are written off, and
of what was paid too much. What is here stays as it was released."""

from __future__ import annotations

from collections.abc import Iterator

_OWED = (
    "(SELECT coalesce(sum(CASE WHEN debit = 'traveller_receivable' THEN amount ELSE -amount END), 0) FROM ledger "
    "WHERE booking_id = NEW.booking_id AND currency = NEW.currency "
    "AND 'traveller_receivable' IN (debit, credit))"
)
_SOLD_HERE = (
    "(SELECT s.desk_id FROM bookings b JOIN sales s ON s.id = b.sale_id WHERE b.id = NEW.booking_id) "
    "= (SELECT desk_id FROM this_desk)"
)
_AS_IT_WAS = ("booking_id", "amount", "currency", "reason", "created_at", "created_by")
_UNDONE = ("undone_at", "undone_by", "payment_id")
_SHARE = "(SELECT coalesce(sum(excess), 0) FROM payment_shares WHERE {0})"
_BACK = "(SELECT coalesce(sum(amount), 0) FROM refunds WHERE {0} AND excess AND retry_of IS NULL)"
_SAME = "payment_id = NEW.payment_id AND booking_id = NEW.booking_id"


def debt_guards() -> Iterator[tuple[str, str]]:
    """Name and body of each trigger."""
    yield from _write_offs()
    yield from _shares()
    yield (
        "refunds_excess",
        "BEFORE INSERT ON refunds "
        + _refuse(
            "NEW.excess AND NEW.retry_of IS NULL AND "
            f"NEW.amount + {_BACK.format(_SAME)} > {_SHARE.format(_SAME)}",
            "more than was paid too much",
        ),
    )
    yield (
        "refunds_excess_stays",
        "BEFORE UPDATE OF excess ON refunds "
        + _refuse("NEW.excess IS NOT OLD.excess", "a refund stays as it was promised"),
    )


def _refuse(when: str, words: str) -> str:
    return f"WHEN {when} BEGIN SELECT RAISE(ABORT, '{words}'); END"


def _changed(names: tuple[str, ...]) -> str:
    return "(" + " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in names) + ")"


def _write_offs() -> Iterator[tuple[str, str]]:
    """No more is written off than is owed, as far as this desk's own sales go: of others the books may come later than
    the row. What was written off stays; it is undone once, and for good."""
    yield (
        "write_offs_owed",
        f"BEFORE INSERT ON write_offs {_refuse(f'{_SOLD_HERE} AND NEW.amount > {_OWED}', 'more than is owed')}",
    )
    yield (
        "write_offs_stay",
        f"BEFORE UPDATE OF {', '.join(_AS_IT_WAS)} ON write_offs "
        + _refuse(_changed(_AS_IT_WAS), "a debt stays as it was written off"),
    )
    yield (
        "write_offs_undone",
        f"BEFORE UPDATE OF {', '.join(_UNDONE)} ON write_offs "
        + _refuse(f"OLD.undone_at IS NOT NULL AND {_changed(_UNDONE)}", "what was undone stays undone"),
    )
    yield (
        "write_offs_kept",
        "BEFORE DELETE ON write_offs BEGIN SELECT RAISE(ABORT, 'a row of write_offs is never deleted'); END",
    )


def _shares() -> Iterator[tuple[str, str]]:
    """What a payment was used for is written once, when it is completed."""
    yield (
        "payment_shares_used",
        "BEFORE UPDATE OF owed, excess ON payment_shares "
        + _refuse(
            f"{_changed(('owed', 'excess'))} AND (OLD.owed <> 0 OR OLD.excess <> 0 "
            "OR (SELECT state FROM payments WHERE id = NEW.payment_id) <> 'completed')",
            "what a payment was used for stays",
        ),
    )
