"""What a file refuses of payouts and statements, whoever writes. Used by a migration: what is here stays as it was
released."""

from __future__ import annotations

from collections.abc import Iterator

_BATCH_STEPS = (
    "draft>approved draft>discarded approved>sending approved>done sending>paused sending>approved sending>done "
    "paused>sending paused>approved paused>done"
)
_PAYOUT_STEPS = (
    "approved>sending approved>failed sending>paid sending>failed sending>unknown unknown>paid unknown>failed "
    "paid>reversed paid>returned"
)
_TAKE_BACK_STEPS = "sending>done sending>failed sending>unknown unknown>done unknown>failed"

_PAYOUT_STAYS = (
    *("batch_id", "vendor_id", "currency", "amount", "way", "label", "account_ref", "iban", "bic", "holder"),
    *("root_id", "number", "retry_of", "created_at"),
)
_BATCH_STAYS = (
    *("reference", "kind", "zone", "first", "last", "cutoff_at", "vendors"),
    *("created_at", "created_by"),
)
_TAKE_BACK_STAYS = ("payout_id", "amount", "currency", "reason", "created_at", "created_by")
_ONLY_ADDED = (
    *("payout_lines", "payout_entries", "payout_attempts", "bank_files", "batch_left_out"),
    *("statement_lines", "statement_entries", "vendor_adjustments"),
)


def payout_guards() -> Iterator[tuple[str, str]]:
    """Name and body of each trigger."""
    yield from _states()
    yield from _batches()
    yield from _payouts()
    yield from _lines()
    yield from _take_backs()
    yield from _statements()
    for table in _ONLY_ADDED:
        for verb in ("UPDATE", "DELETE"):
            words = f"{table} are only ever added to"
            yield (
                f"{table}_{verb.lower()}",
                f"BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT, '{words}'); END",
            )
    for table in ("payout_batches", "payouts", "take_backs", "statements"):
        words = f"a row of {table} is never deleted"
        yield f"{table}_kept", f"BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, '{words}'); END"


def _refuse(when: str, words: str) -> str:
    return f"WHEN {when} BEGIN SELECT RAISE(ABORT, '{words}'); END"


def _changed(columns: tuple[str, ...]) -> str:
    return " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in columns)


def _stays(table: str, columns: tuple[str, ...], words: str) -> tuple[str, str]:
    return (
        f"{table}_stay",
        f"BEFORE UPDATE OF {', '.join(columns)} ON {table} {_refuse(_changed(columns), words)}",
    )


def _states() -> Iterator[tuple[str, str]]:
    for table, steps in (
        ("payout_batches", _BATCH_STEPS),
        ("payouts", _PAYOUT_STEPS),
        ("take_backs", _TAKE_BACK_STEPS),
    ):
        known = ", ".join(f"'{step}'" for step in steps.split())
        wrong = f"NEW.state <> OLD.state AND (OLD.state || '>' || NEW.state) NOT IN ({known})"
        yield (
            f"{table}_steps",
            f"BEFORE UPDATE OF state ON {table} {_refuse(wrong, f'{table}: no such step')}",
        )


def _batches() -> Iterator[tuple[str, str]]:
    yield _stays("payout_batches", _BATCH_STAYS, "a batch stays about its days")
    yield (
        "payout_batches_draft",
        "BEFORE INSERT ON payout_batches " + _refuse("NEW.state <> 'draft'", "a batch begins as a draft"),
    )
    yield (
        "payout_batches_alone",
        "BEFORE UPDATE OF state, approved_by, prepared_by, alone ON payout_batches "
        + _refuse(
            "NEW.state NOT IN ('draft', 'discarded') AND (NEW.approved_by IS NULL "
            "OR (NOT NEW.alone AND NEW.approved_by IS NEW.prepared_by))",
            "a second person approves a batch",
        ),
    )
    yield (
        "payout_batches_approved",
        "BEFORE UPDATE OF approved_at, approved_by, prepared_by, alone ON payout_batches "
        + _refuse(
            "OLD.approved_at IS NOT NULL AND ("
            + _changed(("approved_at", "approved_by", "prepared_by", "alone"))
            + ")",
            "how a batch was approved is never changed",
        ),
    )


def _payouts() -> Iterator[tuple[str, str]]:
    yield _stays("payouts", _PAYOUT_STAYS, "a payout stays as it was approved")
    batch = "(SELECT state FROM payout_batches WHERE id = NEW.batch_id)"
    yield (
        "payouts_of_approved",
        "BEFORE INSERT ON payouts "
        + _refuse(
            f"NEW.state <> 'approved' OR {batch} IS NULL OR {batch} IN ('draft', 'discarded')",
            "a payout is of an approved batch",
        ),
    )
    yield (
        "payouts_retried",
        "BEFORE INSERT ON payouts "
        + _refuse(
            "(NEW.retry_of IS NULL AND (NEW.root_id <> NEW.id OR NEW.number <> 1)) OR (NEW.retry_of IS NOT NULL "
            "AND NOT EXISTS (SELECT 1 FROM payouts p WHERE p.id = NEW.retry_of AND p.state = 'failed' "
            "AND p.vendor_id = NEW.vendor_id AND p.currency = NEW.currency AND p.amount = NEW.amount "
            "AND p.batch_id = NEW.batch_id AND p.root_id = NEW.root_id AND p.number + 1 = NEW.number))",
            "only a payout that failed is tried again, as it was",
        ),
    )
    lines = "(SELECT coalesce(sum(amount), 0) FROM vendor_lines WHERE payout_id = NEW.id)"
    yield (
        "payouts_whole",
        "BEFORE UPDATE OF state ON payouts "
        + _refuse(
            f"OLD.state = 'approved' AND NEW.state <> 'approved' AND {lines} <> NEW.amount",
            "a payout is what its lines add up to",
        ),
    )


def _lines() -> Iterator[tuple[str, str]]:
    line = (
        "SELECT 1 FROM ledger l JOIN {0} p ON p.id = NEW.{1} WHERE l.id = NEW.ledger_id "
        "AND l.vendor_id = p.vendor_id AND l.currency = p.currency AND l.event <> 'payout_sending' "
        "AND (l.credit = 'vendor_payable' OR l.debit = 'vendor_payable')"
    )
    for table, owner, column in (
        ("payout_lines", "payouts", "payout_id"),
        ("statement_entries", "statements", "statement_id"),
    ):
        yield (
            f"{table}_own",
            f"BEFORE INSERT ON {table} "
            + _refuse(f"NOT EXISTS ({line.format(owner, column)})", "a line of another vendor or currency"),
        )
    yield (
        "payout_lines_late",
        "BEFORE INSERT ON payout_lines "
        + _refuse(
            "(SELECT state FROM payouts WHERE id = NEW.payout_id) <> 'approved'",
            "nothing is added to a payout that was sent",
        ),
    )


def _take_backs() -> Iterator[tuple[str, str]]:
    yield _stays("take_backs", _TAKE_BACK_STAYS, "what is taken back stays as it was asked")
    others = (
        "(SELECT coalesce(sum(amount), 0) FROM take_backs WHERE payout_id = NEW.payout_id "
        "AND state <> 'failed')"
    )
    yield (
        "take_backs_beyond",
        "BEFORE INSERT ON take_backs "
        + _refuse(
            f"NEW.amount + {others} > (SELECT amount FROM payouts WHERE id = NEW.payout_id)",
            "more taken back than was paid",
        ),
    )
    yield (
        "take_backs_of_transfer",
        "BEFORE INSERT ON take_backs "
        + _refuse(
            "NOT EXISTS (SELECT 1 FROM payouts WHERE id = NEW.payout_id AND way = 'transfer' "
            "AND state = 'paid' AND currency = NEW.currency)",
            "only a transfer that was paid is taken back",
        ),
    )


def _statements() -> Iterator[tuple[str, str]]:
    yield (
        "statements_stay",
        "BEFORE UPDATE ON statements "
        + _refuse(
            "OLD.outcome <> '' OR NEW.id IS NOT OLD.id OR " + _changed(_STATEMENT_STAYS),
            "a statement stays as it was issued",
        ),
    )


_STATEMENT_STAYS = (
    *("number", "batch_id", "vendor_id", "payout_id", "currency", "first", "last", "cutoff_at", "zone"),
    *("issued_at", "locale", "charges", "refunds", "adjustments", "commission", "carried_in", "total"),
    *("carried_out", "carried_from", "left_out", "minimum", "bookings", "seller", "vendor_data"),
)
