"""Batches of payouts, the payouts in them, and who was left out.

Revision ID: core_0012
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from travellr_desktop.storage.base import UtcDateTime

revision = "core_0012"
down_revision = "core_0011"
branch_labels = None
depends_on = None

REASONS = (
    "'negative', 'below_minimum', 'no_minimum', 'holdback', 'disputed', 'no_account', 'account_not_ready', "
    "'document_missing', 'no_funds', 'inactive', 'other_schedule', 'by_hand'"
)


def upgrade() -> None:
    payout_batches()
    bank_files()
    payouts()
    batch_exclusions()
    batch_left_out()
    payout_lines()
    payout_entries()
    payout_attempts()
    take_backs()


def payout_batches() -> None:
    op.create_table(
        "payout_batches",
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("cutoff_at", UtcDateTime(), nullable=False),
        sa.Column("vendors", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("sent_back", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("prepared_by", sa.Uuid(), nullable=True),
        sa.Column("approved_at", UtcDateTime(), nullable=True),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.Column("alone", sa.Boolean(), nullable=False),
        sa.Column("stopped_at", UtcDateTime(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(approved_at IS NULL) = (state IN ('draft', 'discarded'))",
            name=op.f("ck_payout_batches_approved_whole"),
        ),
        sa.CheckConstraint(
            "kind IN ('weekly', 'monthly', 'extra')", name=op.f("ck_payout_batches_kind_known")
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'approved', 'sending', 'paused', 'done', 'discarded')",
            name=op.f("ck_payout_batches_state_known"),
        ),
        sa.CheckConstraint("last >= first", name=op.f("ck_payout_batches_days_in_order")),
        sa.ForeignKeyConstraint(["approved_by"], ["users.id"], name=op.f("fk_payout_batches_approved_by")),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name=op.f("fk_payout_batches_created_by")),
        sa.ForeignKeyConstraint(["prepared_by"], ["users.id"], name=op.f("fk_payout_batches_prepared_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payout_batches")),
        sa.UniqueConstraint("reference", name=op.f("uq_payout_batches_reference")),
    )
    op.create_index("ix_payout_batches_created_at", "payout_batches", ["created_at"])
    op.create_index("ix_payout_batches_cutoff_at", "payout_batches", ["cutoff_at"])
    op.create_index(
        "uq_payout_batches_days",
        "payout_batches",
        ["kind", "first", "last"],
        unique=True,
        sqlite_where=sa.text("state <> 'discarded' AND kind <> 'extra'"),
    )


def bank_files() -> None:
    op.create_table(
        "bank_files",
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("execute_on", sa.Date(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("total > 0 AND count > 0", name=op.f("ck_bank_files_pays_something")),
        sa.ForeignKeyConstraint(["batch_id"], ["payout_batches.id"], name=op.f("fk_bank_files_batch_id")),
        sa.ForeignKeyConstraint(["made_by"], ["users.id"], name=op.f("fk_bank_files_made_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_files")),
        sa.UniqueConstraint("message_id", name=op.f("uq_bank_files_message_id")),
    )
    op.create_index("ix_bank_files_batch_id", "bank_files", ["batch_id"])


def payouts() -> None:
    op.create_table(
        "payouts",
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("vendor_id", sa.Uuid(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("way", sa.String(length=40), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("account_ref", sa.Text(), nullable=True),
        sa.Column("iban", sa.Text(), nullable=True),
        sa.Column("bic", sa.Text(), nullable=True),
        sa.Column("holder", sa.Text(), nullable=True),
        sa.Column("root_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("retry_of", sa.Uuid(), nullable=True),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.Column("provider_ref", sa.Text(), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("first_sent_at", UtcDateTime(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("reads", sa.Integer(), nullable=False),
        sa.Column("next_read_at", UtcDateTime(), nullable=True),
        sa.Column("worker", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('approved', 'sending', 'paid', 'failed', 'unknown', 'reversed', 'returned')",
            name=op.f("ck_payouts_state_known"),
        ),
        sa.CheckConstraint("way IN ('transfer', 'bank')", name=op.f("ck_payouts_way_known")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_payouts_amount_positive")),
        sa.CheckConstraint("number > 0", name=op.f("ck_payouts_number_positive")),
        sa.ForeignKeyConstraint(["batch_id"], ["payout_batches.id"], name=op.f("fk_payouts_batch_id")),
        sa.ForeignKeyConstraint(["file_id"], ["bank_files.id"], name=op.f("fk_payouts_file_id")),
        sa.ForeignKeyConstraint(["retry_of"], ["payouts.id"], name=op.f("fk_payouts_retry_of")),
        sa.ForeignKeyConstraint(["vendor_id"], ["vendors.id"], name=op.f("fk_payouts_vendor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payouts")),
        sa.UniqueConstraint("provider_ref", name=op.f("uq_payouts_provider_ref")),
    )
    op.create_index("ix_payouts_batch_id", "payouts", ["batch_id"])
    op.create_index("ix_payouts_file_id", "payouts", ["file_id"])
    op.create_index("ix_payouts_state_next_read_at", "payouts", ["state", "next_read_at"])
    op.create_index("ix_payouts_vendor_id", "payouts", ["vendor_id", "currency", "ended_at"])
    op.create_index("uq_payouts_retry_of", "payouts", ["retry_of"], unique=True)


def batch_exclusions() -> None:
    op.create_table(
        "batch_exclusions",
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("vendor_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["payout_batches.id"], name=op.f("fk_batch_exclusions_batch_id")
        ),
        sa.ForeignKeyConstraint(["by"], ["users.id"], name=op.f("fk_batch_exclusions_by")),
        sa.ForeignKeyConstraint(["vendor_id"], ["vendors.id"], name=op.f("fk_batch_exclusions_vendor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch_exclusions")),
        sa.UniqueConstraint("batch_id", "vendor_id", name=op.f("uq_batch_exclusions_batch_id_vendor_id")),
    )


def batch_left_out() -> None:
    op.create_table(
        "batch_left_out",
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("vendor_id", sa.Uuid(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            f"reason IN ({REASONS})",
            name=op.f("ck_batch_left_out_reason_known"),
        ),
        sa.ForeignKeyConstraint(["batch_id"], ["payout_batches.id"], name=op.f("fk_batch_left_out_batch_id")),
        sa.ForeignKeyConstraint(["vendor_id"], ["vendors.id"], name=op.f("fk_batch_left_out_vendor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch_left_out")),
        sa.UniqueConstraint(
            "batch_id", "vendor_id", "currency", name=op.f("uq_batch_left_out_batch_id_vendor_id_currency")
        ),
    )
    op.create_index("ix_batch_left_out_vendor_id", "batch_left_out", ["vendor_id"])


def payout_lines() -> None:
    op.create_table(
        "payout_lines",
        sa.Column("payout_id", sa.Uuid(), nullable=False),
        sa.Column("ledger_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["ledger_id"], ["ledger.id"], name=op.f("fk_payout_lines_ledger_id")),
        sa.ForeignKeyConstraint(["payout_id"], ["payouts.id"], name=op.f("fk_payout_lines_payout_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payout_lines")),
        sa.UniqueConstraint("ledger_id", name=op.f("uq_payout_lines_ledger_id")),
    )
    op.create_index("ix_payout_lines_payout_id", "payout_lines", ["payout_id"])


def payout_entries() -> None:
    op.create_table(
        "payout_entries",
        sa.Column("payout_id", sa.Uuid(), nullable=False),
        sa.Column("ledger_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["ledger_id"], ["ledger.id"], name=op.f("fk_payout_entries_ledger_id")),
        sa.ForeignKeyConstraint(["payout_id"], ["payouts.id"], name=op.f("fk_payout_entries_payout_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payout_entries")),
        sa.UniqueConstraint("ledger_id", name=op.f("uq_payout_entries_ledger_id")),
    )
    op.create_index("ix_payout_entries_payout_id", "payout_entries", ["payout_id"])


def payout_attempts() -> None:
    op.create_table(
        "payout_attempts",
        sa.Column("payout_id", sa.Uuid(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["payout_id"], ["payouts.id"], name=op.f("fk_payout_attempts_payout_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payout_attempts")),
    )
    op.create_index("ix_payout_attempts_payout_id", "payout_attempts", ["payout_id"])


def take_backs() -> None:
    op.create_table(
        "take_backs",
        sa.Column("payout_id", sa.Uuid(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("provider_ref", sa.Text(), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("ledger_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("first_sent_at", UtcDateTime(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("reads", sa.Integer(), nullable=False),
        sa.Column("next_read_at", UtcDateTime(), nullable=True),
        sa.Column("worker", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('sending', 'done', 'failed', 'unknown')", name=op.f("ck_take_backs_state_known")
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_take_backs_amount_positive")),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name=op.f("fk_take_backs_created_by")),
        sa.ForeignKeyConstraint(["ledger_id"], ["ledger.id"], name=op.f("fk_take_backs_ledger_id")),
        sa.ForeignKeyConstraint(["payout_id"], ["payouts.id"], name=op.f("fk_take_backs_payout_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_take_backs")),
        sa.UniqueConstraint("ledger_id", name=op.f("uq_take_backs_ledger_id")),
        sa.UniqueConstraint("provider_ref", name=op.f("uq_take_backs_provider_ref")),
    )
    op.create_index("ix_take_backs_payout_id", "take_backs", ["payout_id"])
    op.create_index("ix_take_backs_state_next_read_at", "take_backs", ["state", "next_read_at"])
