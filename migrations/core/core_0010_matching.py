"""What the provider says moved, to be matched with the books.

Revision ID: core_0010
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from travellr_desktop.storage.base import UtcDateTime

revision = "core_0010"
down_revision = "core_0009"
branch_labels = None
depends_on = None

KINDS = (
    "'payment', 'refund', 'refund_failed', 'dispute', 'dispute_won', 'transfer', 'transfer_reversed', 'bank', "
    "'bank_failed', 'fee', 'other'"
)


def upgrade() -> None:
    op.create_table(
        "provider_moves",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("fee", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("source_ref", sa.Text(), nullable=True),
        sa.Column("source_amount", sa.Integer(), nullable=False),
        sa.Column("source_currency", sa.String(3), nullable=False),
        sa.Column("payment_ref", sa.Text(), nullable=True),
        sa.Column("our_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("available_at", UtcDateTime(), nullable=False),
        sa.Column("posted", sa.JSON(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.CheckConstraint(f"kind IN ({KINDS})", name=op.f("ck_provider_moves_kind_known")),
        sa.CheckConstraint("fee >= 0", name=op.f("ck_provider_moves_fee_not_negative")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_moves")),
        sa.UniqueConstraint("ref", name=op.f("uq_provider_moves_ref")),
    )
    op.create_index("ix_provider_moves_created_at", "provider_moves", ["created_at"], unique=False)
    op.create_index("ix_provider_moves_source_ref", "provider_moves", ["source_ref"], unique=False)
    op.create_index("ix_provider_moves_payment_ref", "provider_moves", ["payment_ref"], unique=False)
    op.create_index("ix_provider_moves_open", "provider_moves", ["is_open"], unique=False)
    op.create_table(
        "match_notes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("length(trim(reason)) > 0", name=op.f("ck_match_notes_reason_given")),
        sa.ForeignKeyConstraint(["by"], ["users.id"], name=op.f("fk_match_notes_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_notes")),
        sa.UniqueConstraint("key", name=op.f("uq_match_notes_key")),
    )
