"""Statements of vendors.

Revision ID: core_0013
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from travellr_desktop.storage.base import UtcDateTime

revision = "core_0013"
down_revision = "core_0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    statements()
    statement_lines()
    statement_entries()


def statements() -> None:
    op.create_table(
        "statements",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("vendor_id", sa.Uuid(), nullable=False),
        sa.Column("payout_id", sa.Uuid(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("cutoff_at", UtcDateTime(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("issued_at", UtcDateTime(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("charges", sa.Integer(), nullable=False),
        sa.Column("refunds", sa.Integer(), nullable=False),
        sa.Column("adjustments", sa.Integer(), nullable=False),
        sa.Column("commission", sa.Integer(), nullable=False),
        sa.Column("carried_in", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("carried_out", sa.Integer(), nullable=False),
        sa.Column("carried_from", sa.Text(), nullable=False),
        sa.Column("left_out", sa.Text(), nullable=False),
        sa.Column("minimum", sa.Integer(), nullable=True),
        sa.Column("bookings", sa.Integer(), nullable=False),
        sa.Column("seller", sa.JSON(), nullable=False),
        sa.Column("vendor_data", sa.JSON(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("outcome_at", UtcDateTime(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "carried_out = CASE WHEN payout_id IS NULL THEN total ELSE 0 END",
            name=op.f("ck_statements_paid_or_carried"),
        ),
        sa.CheckConstraint(
            "total = charges + refunds + adjustments + commission + carried_in",
            name=op.f("ck_statements_adds_up"),
        ),
        sa.ForeignKeyConstraint(["batch_id"], ["payout_batches.id"], name=op.f("fk_statements_batch_id")),
        sa.ForeignKeyConstraint(["payout_id"], ["payouts.id"], name=op.f("fk_statements_payout_id")),
        sa.ForeignKeyConstraint(["vendor_id"], ["vendors.id"], name=op.f("fk_statements_vendor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statements")),
        sa.UniqueConstraint(
            "batch_id", "vendor_id", "currency", name=op.f("uq_statements_batch_id_vendor_id_currency")
        ),
        sa.UniqueConstraint("number", name=op.f("uq_statements_number")),
        sa.UniqueConstraint("payout_id", name=op.f("uq_statements_payout_id")),
    )
    op.create_index("ix_statements_issued_at", "statements", ["issued_at"])
    op.create_index("ix_statements_vendor_id", "statements", ["vendor_id", "currency", "cutoff_at"])


def statement_lines() -> None:
    op.create_table(
        "statement_lines",
        sa.Column("statement_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=True),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("departs_at", UtcDateTime(), nullable=True),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("pax", sa.Integer(), nullable=False),
        sa.Column("retail", sa.Integer(), nullable=False),
        sa.Column("commission", sa.Integer(), nullable=False),
        sa.Column("net", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('normal', 'reversed', 'adjustment', 'returned')",
            name=op.f("ck_statement_lines_kind_known"),
        ),
        sa.CheckConstraint("net = retail + commission", name=op.f("ck_statement_lines_adds_up")),
        sa.ForeignKeyConstraint(["booking_id"], ["bookings.id"], name=op.f("fk_statement_lines_booking_id")),
        sa.ForeignKeyConstraint(
            ["statement_id"], ["statements.id"], name=op.f("fk_statement_lines_statement_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement_lines")),
        sa.UniqueConstraint(
            "statement_id", "position", name=op.f("uq_statement_lines_statement_id_position")
        ),
    )
    op.create_index("ix_statement_lines_booking_id", "statement_lines", ["booking_id"])


def statement_entries() -> None:
    op.create_table(
        "statement_entries",
        sa.Column("statement_id", sa.Uuid(), nullable=False),
        sa.Column("ledger_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["ledger_id"], ["ledger.id"], name=op.f("fk_statement_entries_ledger_id")),
        sa.ForeignKeyConstraint(
            ["statement_id"], ["statements.id"], name=op.f("fk_statement_entries_statement_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement_entries")),
        sa.UniqueConstraint("ledger_id", name=op.f("uq_statement_entries_ledger_id")),
    )
    op.create_index("ix_statement_entries_statement_id", "statement_entries", ["statement_id"])
