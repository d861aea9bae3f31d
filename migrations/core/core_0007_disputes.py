"""Disputes.

Revision ID: core_0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from travellr_desktop.storage.base import UtcDateTime

revision = "core_0007"
down_revision = "core_0006"
branch_labels = None
depends_on = None

STATES = "state IN ('inquiry', 'open', 'won', 'lost', 'closed')"


def upgrade() -> None:
    op.create_table(
        "disputes",
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("payment_id", sa.Uuid(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("fee", sa.Integer(), nullable=False),
        sa.Column("fee_currency", sa.String(length=3), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("due_by", UtcDateTime(), nullable=True),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("taken_at", UtcDateTime(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(STATES, name=op.f("ck_disputes_state_known")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_disputes_amount_positive")),
        sa.CheckConstraint("fee >= 0", name=op.f("ck_disputes_fee_not_negative")),
        sa.ForeignKeyConstraint(["payment_id"], ["payments.id"], name=op.f("fk_disputes_payment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disputes")),
        sa.UniqueConstraint("ref", name=op.f("uq_disputes_ref")),
    )
    op.create_index("ix_disputes_payment_id", "disputes", ["payment_id"], unique=False)
    op.create_index("ix_disputes_opened_at", "disputes", ["opened_at"], unique=False)
    op.create_index("ix_disputes_state_due_by", "disputes", ["state", "due_by"], unique=False)
    op.create_table(
        "dispute_parts",
        sa.Column("dispute_id", sa.Uuid(), nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_dispute_parts_amount_not_negative")),
        sa.ForeignKeyConstraint(["booking_id"], ["bookings.id"], name=op.f("fk_dispute_parts_booking_id")),
        sa.ForeignKeyConstraint(["dispute_id"], ["disputes.id"], name=op.f("fk_dispute_parts_dispute_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute_parts")),
        sa.UniqueConstraint("dispute_id", "booking_id", name=op.f("uq_dispute_parts_dispute_id_booking_id")),
    )
    op.create_index("ix_dispute_parts_booking_id", "dispute_parts", ["booking_id"], unique=False)
