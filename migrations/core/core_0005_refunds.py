"""Refunds that are asked for and approved, what of each is whose, and credit with the agency, which is a way to pay; an
account and a table for debts that are written off, and what of a payment was owed or too much.

Revision ID: core_0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from travellr_desktop.storage.base import UtcDateTime
from travellr_desktop.storage.widening import widen

revision = "core_0005"
down_revision = "core_0004"
branch_labels = None
depends_on = None

WAYS, MORE_WAYS = "way IN ('card', 'cash', 'link')", "way IN ('card', 'cash', 'link', 'credit')"
ACCOUNTS, MORE_ACCOUNTS = "'goodwill', 'cash_over_short'", "'goodwill', 'bad_debts', 'cash_over_short'"
DESTINATIONS = "destination IN ('payment', 'credit')"


def upgrade() -> None:
    widen(op.get_bind(), "payments", WAYS, MORE_WAYS)
    widen(op.get_bind(), "ledger", ACCOUNTS, MORE_ACCOUNTS)
    orders()
    on_refunds()
    lines()
    credit()
    debts()
    op.execute("ALTER TABLE agencies ADD COLUMN refund_limits JSON DEFAULT '{}' NOT NULL")


def orders() -> None:
    op.create_table(
        "refund_orders",
        sa.Column("sale_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("asked", sa.JSON(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("policy_amount", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("borne_by", sa.String(length=40), nullable=True),
        sa.Column("destination", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("approval_above", sa.Integer(), nullable=True),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.Column("requested_at", UtcDateTime(), nullable=False),
        sa.Column("requested_by", sa.Uuid(), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *(
            sa.CheckConstraint(condition, name=op.f(f"ck_refund_orders_{name}"))
            for name, condition in (
                ("state_known", "state IN ('requested', 'approved', 'rejected', 'withdrawn')"),
                ("destination_known", DESTINATIONS),
                ("borne_by_known", "borne_by IN ('agency', 'vendor')"),
                ("amount_positive", "amount > 0"),
                ("policy_of_amount", "policy_amount BETWEEN 0 AND amount"),
                ("counted_whole", "counted >= amount"),
                ("decided_by_somebody", "(decided_at IS NULL) = (decided_by IS NULL)"),
                ("undecided_waits", "state <> 'requested' OR decided_at IS NULL"),
                ("reason_length", "length(reason) BETWEEN 0 AND 500"),
            )
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["users.id"], name="fk_refund_orders_decided_by"),
        sa.ForeignKeyConstraint(["requested_by"], ["users.id"], name="fk_refund_orders_requested_by"),
        sa.ForeignKeyConstraint(["sale_id"], ["sales.id"], name="fk_refund_orders_sale_id"),
        sa.PrimaryKeyConstraint("id", name="pk_refund_orders"),
    )
    op.create_index("ix_refund_orders_sale_id", "refund_orders", ["sale_id"])
    op.create_index("ix_refund_orders_state_requested_at", "refund_orders", ["state", "requested_at"])


def on_refunds() -> None:
    """In place: rebuilding the table would lose its triggers."""
    for column in (
        "order_id CHAR(32) CONSTRAINT fk_refunds_order_id REFERENCES refund_orders (id)",
        "destination VARCHAR(40) DEFAULT 'payment' NOT NULL "
        f"CONSTRAINT ck_refunds_destination_known CHECK ({DESTINATIONS})",
        "beyond INTEGER DEFAULT 0 NOT NULL "
        "CONSTRAINT ck_refunds_beyond_of_amount CHECK (beyond = 0 OR beyond BETWEEN 0 AND amount)",
        "retry_of CHAR(32) CONSTRAINT fk_refunds_retry_of REFERENCES refunds (id)",
        "excess BOOLEAN DEFAULT 0 NOT NULL "
        "CONSTRAINT ck_refunds_excess_is_beyond CHECK (NOT excess OR beyond = amount)",
    ):
        op.execute(f"ALTER TABLE refunds ADD COLUMN {column}")
    op.create_index("ix_refunds_order_id", "refunds", ["order_id"])
    op.create_index("uq_refunds_retry_of", "refunds", ["retry_of"], unique=True)


def lines() -> None:
    op.create_table(
        "refund_lines",
        sa.Column("refund_id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_refund_lines_amount_positive")),
        sa.ForeignKeyConstraint(["line_id"], ["booking_lines.id"], name="fk_refund_lines_line_id"),
        sa.ForeignKeyConstraint(["refund_id"], ["refunds.id"], name="fk_refund_lines_refund_id"),
        sa.PrimaryKeyConstraint("id", name="pk_refund_lines"),
    )
    op.create_index("ix_refund_lines_line_id", "refund_lines", ["line_id"])
    op.create_index(
        "uq_refund_lines_refund_id_line_id", "refund_lines", ["refund_id", "line_id"], unique=True
    )


def credit() -> None:
    op.create_table(
        "credit_moves",
        sa.Column("traveller_id", sa.Uuid(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("refund_id", sa.Uuid(), nullable=True),
        sa.Column("payment_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(refund_id IS NOT NULL AND payment_id IS NULL AND amount > 0) "
            "OR (refund_id IS NULL AND payment_id IS NOT NULL AND amount < 0)",
            name=op.f("ck_credit_moves_given_or_spent"),
        ),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name="fk_credit_moves_created_by"),
        sa.ForeignKeyConstraint(["payment_id"], ["payments.id"], name="fk_credit_moves_payment_id"),
        sa.ForeignKeyConstraint(["refund_id"], ["refunds.id"], name="fk_credit_moves_refund_id"),
        sa.ForeignKeyConstraint(["traveller_id"], ["travellers.id"], name="fk_credit_moves_traveller_id"),
        sa.PrimaryKeyConstraint("id", name="pk_credit_moves"),
    )
    op.create_index("ix_credit_moves_traveller_id_currency", "credit_moves", ["traveller_id", "currency"])
    op.create_index("uq_credit_moves_refund_id", "credit_moves", ["refund_id"], unique=True)
    op.create_index("uq_credit_moves_payment_id", "credit_moves", ["payment_id"], unique=True)


def debts() -> None:
    op.execute("ALTER TABLE payment_shares ADD COLUMN owed INTEGER DEFAULT 0 NOT NULL")
    op.execute(
        "ALTER TABLE payment_shares ADD COLUMN excess INTEGER DEFAULT 0 NOT NULL "
        "CONSTRAINT ck_payment_shares_parts_of_amount "
        "CHECK (owed >= 0 AND excess >= 0 AND owed + excess <= amount)"
    )
    op.create_table(
        "write_offs",
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("undone_at", UtcDateTime(), nullable=True),
        sa.Column("undone_by", sa.Uuid(), nullable=True),
        sa.Column("payment_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_write_offs_amount_positive")),
        sa.CheckConstraint("length(trim(reason)) BETWEEN 1 AND 500", name=op.f("ck_write_offs_reason_given")),
        sa.CheckConstraint(
            "payment_id IS NULL OR undone_at IS NOT NULL", name=op.f("ck_write_offs_paid_is_undone")
        ),
        sa.ForeignKeyConstraint(["booking_id"], ["bookings.id"], name="fk_write_offs_booking_id"),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name="fk_write_offs_created_by"),
        sa.ForeignKeyConstraint(["payment_id"], ["payments.id"], name="fk_write_offs_payment_id"),
        sa.ForeignKeyConstraint(["undone_by"], ["users.id"], name="fk_write_offs_undone_by"),
        sa.PrimaryKeyConstraint("id", name="pk_write_offs"),
    )
    op.create_index("ix_write_offs_booking_id", "write_offs", ["booking_id"])
