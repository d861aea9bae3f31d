"""What a desk alone has: its number, sealed ops and their changes, events, command keys; and, in SQLite's own
words, the triggers that refuse what must never be and write down every change.

Revision ID: desk_0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from travellr_desktop.storage.base import UtcDateTime
from travellr_desktop.storage.capture import capture

revision = "desk_0001"
down_revision = None
branch_labels = ("desk",)
depends_on = ("core_0001",)

SYNCED = (
    "agencies",
    "desks",
    "users",
    "vendors",
    "travellers",
    "trips",
    "trip_prices",
    "departures",
    "grants",
    "holds",
    "seats",
    "sales",
    "bookings",
    "booking_lines",
    "payments",
    "payment_shares",
    "refunds",
    "attempts",
    "ledger",
    "audit",
    "number_series",
)

APPEND_ONLY = {
    "ledger": "the ledger is only ever added to",
    "audit": "the audit trail is only ever added to",
    "ops": "an op that was sealed is never changed",
    "changes": "a change that was written down is never changed",
}

NEVER_DELETED = ("sales", "bookings", "payments", "payment_shares", "refunds", "attempts")

STEPS = {
    "holds": "active>consumed active>released active>expired",
    "bookings": "pending>confirmed pending>cancelled confirmed>completed confirmed>cancelled confirmed>no_show",
    "payments": "created>processing created>completed created>failed created>abandoned processing>requires_action "
    "processing>unknown processing>completed processing>failed processing>abandoned requires_action>processing "
    "requires_action>unknown requires_action>completed requires_action>failed requires_action>abandoned "
    "unknown>completed unknown>failed unknown>abandoned",
    "refunds": "requested>approved approved>pending approved>completed approved>failed approved>unknown "
    "unknown>pending unknown>completed unknown>failed pending>completed pending>failed completed>failed",
}
"""How states move; the database takes no other step."""


def upgrade() -> None:
    tables()
    for kind, statements in (
        ("seats", seats()),
        ("money", money()),
        ("ledger", ledger()),
        ("append", append_only()),
        ("steps", steps()),
        ("outbox", outbox()),
    ):
        for number, statement in enumerate(statements, 1):
            op.execute(sa.DDL(f"CREATE TRIGGER {kind}_{number} {statement}".replace("%", "%%")))
    connection = op.get_bind()
    for table in SYNCED:
        capture(connection, table)


def refuse(when: str, words: str) -> str:
    return f"WHEN {when} BEGIN SELECT RAISE(ABORT, '{words}'); END"


def seats() -> list[str]:
    """`grants.taken` counts active holds and occupied lines; granted seats never exceed the departure's capacity.

    Triggers count it, and it is nothing but what they count: who sets it by hand is refused."""
    taken = "UPDATE grants SET taken = taken"
    held = "CASE WHEN {0}.state = 'active' THEN {0}.seats ELSE 0 END"
    of_line = "(SELECT grant_id FROM bookings WHERE id = {0}.booking_id)"
    granted = (
        "(SELECT coalesce(sum(seats), 0) FROM grants WHERE departure_id = NEW.departure_id AND id <> NEW.id)"
    )
    capacity = "(SELECT capacity FROM departures WHERE id = NEW.departure_id)"
    counted = (
        "(SELECT coalesce(sum(seats), 0) FROM holds WHERE departure_id = NEW.departure_id "
        "AND grant_id = NEW.id AND state = 'active') + (SELECT count(*) FROM bookings JOIN booking_lines "
        "ON booking_lines.booking_id = bookings.id WHERE bookings.departure_id = NEW.departure_id "
        "AND bookings.grant_id = NEW.id AND booking_lines.occupies)"
    )
    elsewhere = "NEW.departure_id <> (SELECT departure_id FROM grants WHERE id = NEW.grant_id)"
    sits = refuse(
        "NEW.occupies NOT IN (0, 1) OR NEW.occupies > NEW.takes_seat", "a line takes one seat, or none"
    )
    beyond = refuse(f"NEW.seats + {granted} > {capacity}", "more seats granted than the departure has")
    return [
        f"AFTER INSERT ON holds BEGIN {taken} + {held.format('NEW')} WHERE id = NEW.grant_id; END",
        f"AFTER UPDATE OF state, seats ON holds BEGIN {taken} + {held.format('NEW')} - {held.format('OLD')} "
        "WHERE id = NEW.grant_id; END",
        f"AFTER DELETE ON holds BEGIN {taken} - {held.format('OLD')} WHERE id = OLD.grant_id; END",
        f"AFTER INSERT ON booking_lines BEGIN {taken} + NEW.occupies WHERE id = {of_line.format('NEW')}; END",
        f"AFTER UPDATE OF occupies ON booking_lines BEGIN {taken} + NEW.occupies - OLD.occupies "
        f"WHERE id = {of_line.format('NEW')}; END",
        f"AFTER DELETE ON booking_lines BEGIN {taken} - OLD.occupies WHERE id = {of_line.format('OLD')}; END",
        f"BEFORE INSERT ON grants {beyond}",
        f"BEFORE UPDATE OF seats ON grants {beyond}",
        "BEFORE INSERT ON grants " + refuse("NEW.taken <> 0", "seats are counted, not set"),
        "BEFORE UPDATE OF taken ON grants " + refuse(f"NEW.taken <> {counted}", "seats are counted, not set"),
        "BEFORE UPDATE OF departure_id, desk_id ON grants "
        + refuse(
            "NEW.departure_id <> OLD.departure_id OR NEW.desk_id <> OLD.desk_id", "a grant stays where it is"
        ),
        f"BEFORE INSERT ON booking_lines {sits}",
        f"BEFORE UPDATE OF occupies, takes_seat ON booking_lines {sits}",
        "BEFORE INSERT ON holds " + refuse(elsewhere, "the grant is of another departure"),
        "BEFORE INSERT ON bookings " + refuse(elsewhere, "the grant is of another departure"),
        "BEFORE UPDATE OF grant_id, departure_id ON bookings "
        + refuse(elsewhere, "the grant is of another departure"),
        "BEFORE UPDATE OF capacity ON departures "
        + refuse(
            "NEW.capacity < (SELECT coalesce(sum(seats), 0) FROM grants WHERE departure_id = NEW.id)",
            "capacity below what is granted",
        ),
        "BEFORE UPDATE OF grant_id, departure_id ON holds "
        + refuse(
            "NEW.grant_id <> OLD.grant_id OR NEW.departure_id <> OLD.departure_id", "a hold stays where it is"
        ),
        "BEFORE UPDATE OF booking_id ON booking_lines "
        + refuse("NEW.booking_id <> OLD.booking_id", "a line stays on its booking"),
        "BEFORE UPDATE OF grant_id ON bookings "
        + refuse(
            "NEW.grant_id <> OLD.grant_id "
            "AND EXISTS (SELECT 1 FROM booking_lines WHERE booking_id = NEW.id AND occupies)",
            "a booking that sits on a grant stays on it",
        ),
    ]


def money() -> list[str]:
    """A sale is in one currency. Shares never exceed their payment; refunds never exceed what came in for the
    booking by that payment. What was taken, and what was promised back, stays as it was."""
    shares = "(SELECT coalesce(sum(amount), 0) FROM payment_shares WHERE payment_id = NEW.payment_id AND id <> NEW.id)"
    payment = "(SELECT {0} FROM payments WHERE id = NEW.payment_id)"
    beyond_payment = refuse(
        f"NEW.amount + {shares} > {payment.format('amount')}", "shares beyond the payment"
    )
    back = (
        "(SELECT coalesce(sum(amount), 0) FROM refunds WHERE payment_id = NEW.payment_id "
        "AND booking_id = NEW.booking_id AND state <> 'failed' AND id <> NEW.id)"
    )
    paid = (
        "(SELECT coalesce(sum(amount), 0) FROM payment_shares WHERE payment_id = NEW.payment_id "
        "AND booking_id = NEW.booking_id)"
    )
    beyond_paid = refuse(
        f"NEW.state <> 'failed' AND NEW.amount + {back} > {paid}", "refund beyond what was paid"
    )
    of_sale = refuse(
        "NEW.currency <> (SELECT currency FROM sales WHERE id = NEW.sale_id)", "a sale is in one currency"
    )
    return [
        f"BEFORE INSERT ON bookings {of_sale}",
        f"BEFORE UPDATE OF currency, sale_id ON bookings {of_sale}",
        f"BEFORE INSERT ON payments {of_sale}",
        "BEFORE UPDATE OF currency ON sales "
        + refuse("NEW.currency <> OLD.currency", "a sale is in one currency"),
        f"BEFORE INSERT ON payment_shares {beyond_payment}",
        "BEFORE INSERT ON payment_shares "
        + refuse(
            f"{payment.format('sale_id')} <> (SELECT sale_id FROM bookings WHERE id = NEW.booking_id)",
            "a payment is for bookings of its sale",
        ),
        "BEFORE UPDATE OF amount, payment_id, booking_id ON payment_shares "
        + refuse(
            "NEW.amount <> OLD.amount OR NEW.payment_id <> OLD.payment_id OR NEW.booking_id <> OLD.booking_id",
            "a share stays as it was taken",
        ),
        "BEFORE UPDATE OF amount, currency, sale_id ON payments "
        + refuse(
            "NEW.amount <> OLD.amount OR NEW.currency <> OLD.currency OR NEW.sale_id <> OLD.sale_id",
            "a payment keeps its amount and its sale",
        ),
        f"BEFORE INSERT ON refunds {beyond_paid}",
        f"BEFORE UPDATE OF state ON refunds {beyond_paid}",
        "BEFORE UPDATE OF amount, currency, payment_id, booking_id ON refunds "
        + refuse(
            "NEW.amount <> OLD.amount OR NEW.currency <> OLD.currency OR NEW.payment_id <> OLD.payment_id "
            "OR NEW.booking_id <> OLD.booking_id",
            "a refund stays as it was promised",
        ),
        "BEFORE INSERT ON refunds "
        + refuse(
            f"{payment.format('state')} <> 'completed' OR {payment.format('currency')} <> NEW.currency",
            "only a completed payment is refunded, in its own currency",
        ),
    ]


def ledger() -> list[str]:
    """Each row follows the last one of its desk."""
    last = "(SELECT {0} FROM ledger WHERE desk_id = NEW.desk_id ORDER BY seq DESC LIMIT 1)"
    start = "0" * 64
    return [
        "BEFORE INSERT ON ledger "
        + refuse(
            f"NEW.seq <> coalesce({last.format('seq')}, 0) + 1 "
            f"OR NEW.prev_hash <> coalesce({last.format('hash')}, '{start}')",
            "a ledger row follows the last one of its desk",
        )
    ]


def append_only() -> list[str]:
    return [
        f"BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT, '{words}'); END"
        for table, words in APPEND_ONLY.items()
        for verb in ("UPDATE", "DELETE")
    ] + [
        f"BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, 'a row of {table} is ended, never deleted'); END"
        for table in NEVER_DELETED
    ]


def outbox() -> list[str]:
    """Ops are numbered without a gap, and nothing is added to one that is sealed. The kind of the card payments is
    set once."""
    current = "(SELECT next_op FROM this_desk)"
    words = "ops are numbered without a gap"
    return [
        "BEFORE INSERT ON ops " + refuse(f"NEW.op_no IS NOT {current}", words),
        "BEFORE INSERT ON changes " + refuse(f"NEW.op_no IS NOT {current}", "this op is sealed"),
        "BEFORE UPDATE OF next_op ON this_desk "
        + refuse(
            "NEW.next_op <> OLD.next_op + 1 OR NOT EXISTS (SELECT 1 FROM ops WHERE op_no = OLD.next_op)",
            words,
        ),
        "BEFORE DELETE ON this_desk BEGIN SELECT RAISE(ABORT, 'this file belongs to a desk'); END",
        "BEFORE UPDATE OF payments_kind ON this_desk "
        + refuse(
            "OLD.payments_kind IS NOT NULL AND NEW.payments_kind IS NOT OLD.payments_kind",
            "sandbox, test and live are never mixed",
        ),
    ]


def steps() -> list[str]:
    return [
        f"BEFORE UPDATE OF state ON {table} "
        + refuse(
            "NEW.state <> OLD.state AND (OLD.state || '>' || NEW.state) NOT IN ("
            + ", ".join(f"'{step}'" for step in allowed.split())
            + ")",
            f"{table}: no such step",
        )
        for table, allowed in STEPS.items()
    ]


def tables() -> None:
    op.create_table(
        "commands",
        sa.Column("key", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("aggregate_id", sa.Uuid(), nullable=True),
        sa.Column("result", sa.JSON(), nullable=True),
        sa.Column("worker", sa.Text(), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("key", name="pk_commands"),
    )
    op.create_index("ix_commands_started_at", "commands", ["started_at"], unique=False)
    op.create_table(
        "ops",
        sa.Column("op_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("desk_id", sa.Uuid(), nullable=False),
        sa.Column("incarnation", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("schema_version", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("op_no", name="pk_ops"),
    )
    op.create_table(
        "outbox_events",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_name", sa.Text(), nullable=False),
        sa.Column("aggregate_id", sa.Uuid(), nullable=False),
        sa.Column("timestamp", UtcDateTime(), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("published_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_outbox_events"),
    )
    op.create_index("ix_outbox_events_published_at", "outbox_events", ["published_at"], unique=False)
    op.create_index("ix_outbox_events_timestamp", "outbox_events", ["timestamp"], unique=False)
    op.create_table(
        "sign_in_attempts",
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("not_before", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("email", name="pk_sign_in_attempts"),
    )
    op.create_table(
        "changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("op_no", sa.Integer(), nullable=False),
        sa.Column("table_name", sa.Text(), nullable=False),
        sa.Column("row_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=1), nullable=False),
        sa.Column("base_version", sa.Integer(), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.CheckConstraint("kind IN ('I', 'U', 'D')", name=op.f("ck_changes_kind_known")),
        sa.ForeignKeyConstraint(
            ["op_no"], ["ops.op_no"], name="fk_changes_op_no", initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("id", name="pk_changes"),
        info={"where": "desk"},
        sqlite_autoincrement=True,
    )
    op.create_index("ix_changes_op_no", "changes", ["op_no"], unique=False)
    op.create_index("ix_changes_row", "changes", ["table_name", "row_id"], unique=False)
    op.create_table(
        "this_desk",
        sa.Column("one", sa.Integer(), nullable=False),
        sa.Column("desk_id", sa.Uuid(), nullable=False),
        sa.Column("incarnation", sa.Uuid(), nullable=False),
        sa.Column("next_op", sa.Integer(), nullable=False),
        sa.Column("payments_kind", sa.String(40), nullable=True),
        sa.CheckConstraint("one = 1", name=op.f("ck_this_desk_one_row")),
        sa.CheckConstraint(
            "payments_kind IN ('sandbox', 'test', 'live')", name=op.f("ck_this_desk_payments_kind_known")
        ),
        sa.ForeignKeyConstraint(
            ["desk_id"], ["desks.id"], name="fk_this_desk_desk_id", initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("one", name="pk_this_desk"),
    )
