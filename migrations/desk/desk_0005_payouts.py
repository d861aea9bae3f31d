"""What the database refuses and writes down of payouts and statements, and the vendors' open lines.

Revision ID: desk_0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from travellr_desktop.storage.base import UtcDateTime
from travellr_desktop.storage.capture import capture, recapture
from travellr_desktop.storage.payout_guards import payout_guards
from travellr_desktop.storage.vendor_line_triggers import fill_vendor_lines, vendor_line_triggers

revision = "desk_0005"
down_revision = "desk_0004"
branch_labels = None
depends_on = ("core_0013",)

NEW: tuple[str, ...] = (
    *("commission_rates", "vendor_adjustments", "vendor_documents"),
    *("payout_batches", "batch_exclusions", "batch_left_out", "bank_files"),
    *("payouts", "payout_lines", "payout_entries", "payout_attempts", "take_backs"),
    *("statements", "statement_lines", "statement_entries"),
)
"""Synced tables that are new: every change of their rows is written down."""

CHANGED: tuple[str, ...] = ("agencies", "vendors")
"""Synced tables that have more columns than before."""


def upgrade() -> None:
    connection = op.get_bind()
    for table in CHANGED:
        recapture(connection, table)
    for table in NEW:
        capture(connection, table)
    vendor_lines()
    for statement in fill_vendor_lines():
        op.execute(statement)
    for name, body in (*vendor_line_triggers(), *payout_guards()):
        op.execute(f"CREATE TRIGGER {name} {body}")


def vendor_lines() -> None:
    op.create_table(
        "vendor_lines",
        sa.Column("ledger_id", sa.Uuid(), nullable=False),
        sa.Column("vendor_id", sa.Uuid(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=True),
        sa.Column("event", sa.String(length=40), nullable=False),
        sa.Column("part", sa.String(length=40), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("commission", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("free_at", UtcDateTime(), nullable=False),
        sa.Column("payout_id", sa.Uuid(), nullable=True),
        sa.Column("statement_id", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("ledger_id", name=op.f("pk_vendor_lines")),
    )
    op.create_index("ix_vendor_lines_booking_id", "vendor_lines", ["booking_id"])
    op.create_index(
        "ix_vendor_lines_open",
        "vendor_lines",
        ["vendor_id", "currency", "part", "statement_id", "free_at", "amount", "commission", "payout_id"],
        unique=False,
        sqlite_where=sa.text("payout_id IS NULL"),
    )
    op.create_index(
        "ix_vendor_lines_free_at",
        "vendor_lines",
        ["free_at", "vendor_id", "currency", "amount", "payout_id"],
        unique=False,
        sqlite_where=sa.text("payout_id IS NULL"),
    )
    op.create_index(
        "ix_vendor_lines_payout_id",
        "vendor_lines",
        ["payout_id"],
        unique=False,
        sqlite_where=sa.text("payout_id IS NOT NULL"),
    )
    op.create_index("ix_vendor_lines_vendor_id", "vendor_lines", ["vendor_id", "currency", "at"])
