"""For the migration of refunds: the triggers by which the file itself refuses what must never be of refunds that are
asked for, of what is whose of them, and of credit."""

from __future__ import annotations

from collections.abc import Iterator

_STEPS = "'requested>approved', 'requested>rejected', 'requested>withdrawn'"

_ASKED = (
    *("sale_id", "asked", "amount", "policy_amount", "currency", "borne_by", "destination", "reason"),
    *("approval_above", "counted", "requested_at", "requested_by"),
)
_PROMISED = ("order_id", "destination", "beyond", "retry_of")
_MOVED = ("currency", "amount", "refund_id", "payment_id")


def refund_guards() -> Iterator[tuple[str, str]]:
    """Name and body of each trigger."""
    yield from _orders()
    yield from _refunds()
    yield from _lines()
    yield from _credit()


def _refuse(when: str, words: str) -> str:
    return f"WHEN {when} BEGIN SELECT RAISE(ABORT, '{words}'); END"


def _stays(table: str, columns: tuple[str, ...], words: str) -> str:
    changed = " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in columns)
    return f"BEFORE UPDATE OF {', '.join(columns)} ON {table} {_refuse(changed, words)}"


def _orders() -> Iterator[tuple[str, str]]:
    """What was asked stays as it was asked. Above the limit somebody else approves it, and nobody by saying nothing.
    Only who asked takes it back."""
    alone = _refuse(
        "NEW.state = 'approved' AND NEW.counted > NEW.approval_above "
        "AND (NEW.decided_by IS NULL OR NEW.decided_by = NEW.requested_by)",
        "a second person approves what is above the limit",
    )
    yield (
        "refund_order_steps_1",
        "BEFORE UPDATE OF state ON refund_orders "
        + _refuse(
            f"NEW.state <> OLD.state AND (OLD.state || '>' || NEW.state) NOT IN ({_STEPS})",
            "refund_orders: no such step",
        ),
    )
    yield "refund_orders_alone_insert", f"BEFORE INSERT ON refund_orders {alone}"
    yield (
        "refund_orders_alone_update",
        f"BEFORE UPDATE OF state, decided_by ON refund_orders {alone}",
    )
    yield (
        "refund_orders_decided",
        "BEFORE UPDATE OF state, decided_by, decided_at ON refund_orders "
        + _refuse(
            "NEW.decided_by IS NULL OR OLD.decided_by IS NOT NULL",
            "a request for a refund is decided once, by somebody",
        ),
    )
    yield (
        "refund_orders_withdrawn",
        "BEFORE UPDATE OF state, decided_by ON refund_orders "
        + _refuse(
            "(NEW.state = 'withdrawn' AND NEW.decided_by IS NOT NEW.requested_by) "
            "OR (NEW.state = 'rejected' AND NEW.decided_by IS NEW.requested_by)",
            "who asked takes a request back, and somebody else turns it down",
        ),
    )
    yield "refund_orders_asked", _stays("refund_orders", _ASKED, "a request stays as it was asked")
    yield "refund_orders_kept", _never("refund_orders", "DELETE", "a row of refund_orders is never deleted")


def _refunds() -> Iterator[tuple[str, str]]:
    """Nothing goes back before it is approved; what failed is tried again once, and as it was."""
    yield (
        "refunds_approved",
        "BEFORE INSERT ON refunds "
        + _refuse(
            "NEW.order_id IS NOT NULL "
            "AND (SELECT state FROM refund_orders WHERE id = NEW.order_id) IS NOT 'approved'",
            "a refund that was not approved",
        ),
    )
    yield (
        "refunds_retried",
        "BEFORE INSERT ON refunds "
        + _refuse(
            "NEW.retry_of IS NOT NULL AND NOT EXISTS (SELECT 1 FROM refunds r WHERE r.id = NEW.retry_of "
            "AND r.state = 'failed' AND r.booking_id = NEW.booking_id AND r.payment_id = NEW.payment_id "
            "AND r.amount = NEW.amount AND r.beyond = NEW.beyond AND r.order_id IS NEW.order_id)",
            "only a refund that failed is tried again, as it was",
        ),
    )
    yield "refunds_promised", _stays("refunds", _PROMISED, "a refund stays as it was promised")


def _lines() -> Iterator[tuple[str, str]]:
    """Of the refund's own booking, and no more than the refund."""
    own = "(SELECT booking_id FROM refunds WHERE id = NEW.refund_id)"
    others = "(SELECT coalesce(sum(amount), 0) FROM refund_lines WHERE refund_id = NEW.refund_id)"
    yield (
        "refund_lines_beyond",
        "BEFORE INSERT ON refund_lines "
        + _refuse(
            f"NEW.amount + {others} > (SELECT amount FROM refunds WHERE id = NEW.refund_id)",
            "lines beyond their refund",
        ),
    )
    yield (
        "refund_lines_own",
        "BEFORE INSERT ON refund_lines "
        + _refuse(
            f"(SELECT booking_id FROM booking_lines WHERE id = NEW.line_id) IS NOT {own}",
            "a traveller of another booking",
        ),
    )
    yield "refund_lines_stay", _never("refund_lines", "UPDATE", "what of a refund is whose stays")
    yield "refund_lines_kept", _never("refund_lines", "DELETE", "what of a refund is whose stays")


def _credit() -> Iterator[tuple[str, str]]:
    """Credit comes from a refund that becomes credit, and pays a payment by credit of the traveller's own sale; no more
    of it is spent than there is. It goes over to another record of the same person."""
    has = (
        "(SELECT coalesce(sum(amount), 0) FROM credit_moves WHERE traveller_id = NEW.traveller_id "
        "AND currency = NEW.currency)"
    )
    yield (
        "credit_moves_beyond",
        f"BEFORE INSERT ON credit_moves {_refuse(f'NEW.amount + {has} < 0', 'more credit than there is')}",
    )
    yield (
        "credit_moves_given",
        "BEFORE INSERT ON credit_moves "
        + _refuse(
            "NEW.refund_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM refunds r "
            "JOIN bookings b ON b.id = r.booking_id WHERE r.id = NEW.refund_id AND r.destination = 'credit' "
            "AND r.amount = NEW.amount AND r.currency = NEW.currency AND b.traveller_id = NEW.traveller_id)",
            "credit comes from a refund of the traveller",
        ),
    )
    yield (
        "credit_moves_spent",
        "BEFORE INSERT ON credit_moves "
        + _refuse(
            "NEW.payment_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM payments p "
            "JOIN sales s ON s.id = p.sale_id WHERE p.id = NEW.payment_id AND p.way = 'credit' "
            "AND p.amount = -NEW.amount AND p.currency = NEW.currency AND s.traveller_id = NEW.traveller_id)",
            "credit pays for its own traveller",
        ),
    )
    yield "credit_moves_moved", _stays("credit_moves", _MOVED, "credit stays as it was given or spent")
    yield "credit_moves_kept", _never("credit_moves", "DELETE", "a row of credit_moves is never deleted")


def _never(table: str, verb: str, words: str) -> str:
    return f"BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT, '{words}'); END"
